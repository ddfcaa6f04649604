//! The form of the database, and how an older one is brought to it. `user_version` is its number.

use rusqlite::{Connection, TransactionBehavior};

use super::CallStore;
use crate::error::Error;

/// The steps to the present form; the form after step N has the number N. A step is never changed, only added to.
const STEPS: [&str; 3] = [FIRST, KEPT, MONTHS];

const FIRST: &str = "
CREATE TABLE call (
    workspace TEXT NOT NULL,
    call_id TEXT NOT NULL,
    number TEXT,
    direction TEXT,
    agent_id TEXT,
    agent_version INTEGER,
    agent_tag TEXT,
    start_ms INTEGER,
    end_ms INTEGER,
    duration_ms INTEGER,
    status TEXT,
    reason TEXT,
    cost_udollar INTEGER,
    outcome TEXT NOT NULL,
    at_ms INTEGER,
    ranks TEXT NOT NULL,
    pushed INTEGER NOT NULL DEFAULT 0,
    pulled INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (workspace, call_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX call_of_number ON call (workspace, number, at_ms);
CREATE INDEX call_in_time ON call (workspace, at_ms);
CREATE TABLE day (
    workspace TEXT NOT NULL,
    number TEXT NOT NULL,
    agent_id TEXT NOT NULL,
    day TEXT NOT NULL,
    erased INTEGER NOT NULL,
    calls INTEGER NOT NULL,
    inbound INTEGER NOT NULL,
    outbound INTEGER NOT NULL,
    connected INTEGER NOT NULL,
    lost INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    duration_ms INTEGER NOT NULL,
    inbound_minutes INTEGER NOT NULL,
    outbound_minutes INTEGER NOT NULL,
    cost_udollar INTEGER NOT NULL,
    cost_unknown INTEGER NOT NULL,
    first_ms INTEGER,
    last_ms INTEGER,
    PRIMARY KEY (workspace, number, agent_id, day, erased)
) STRICT, WITHOUT ROWID;
CREATE TABLE coverage (
    workspace TEXT PRIMARY KEY,
    from_ms INTEGER,
    until_ms INTEGER,
    reread_ms INTEGER,
    erased_before_ms INTEGER
) STRICT, WITHOUT ROWID;
CREATE TABLE pull (
    workspace TEXT PRIMARY KEY,
    from_ms INTEGER NOT NULL,
    until_ms INTEGER NOT NULL,
    next_key TEXT,
    page_limit INTEGER NOT NULL,
    stored_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE event (
    workspace TEXT NOT NULL,
    call_id TEXT NOT NULL,
    event TEXT NOT NULL,
    received_ms INTEGER NOT NULL,
    PRIMARY KEY (workspace, call_id, event)
) STRICT, WITHOUT ROWID;
CREATE INDEX event_in_time ON event (received_ms);
CREATE TABLE forgotten (
    call_hash TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
";

/// Texts that are kept beside the calls, because they are not for git: the price list, where it is a secret.
const KEPT: &str = "CREATE TABLE kept (name TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT, WITHOUT ROWID;";

/// The daily counts of each month together.
const MONTHS: &str = "
CREATE TABLE month (
    workspace TEXT NOT NULL,
    number TEXT NOT NULL,
    agent_id TEXT NOT NULL,
    month TEXT NOT NULL,
    calls INTEGER NOT NULL,
    inbound INTEGER NOT NULL,
    outbound INTEGER NOT NULL,
    connected INTEGER NOT NULL,
    lost INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    duration_ms INTEGER NOT NULL,
    inbound_minutes INTEGER NOT NULL,
    outbound_minutes INTEGER NOT NULL,
    cost_udollar INTEGER NOT NULL,
    cost_unknown INTEGER NOT NULL,
    first_ms INTEGER,
    last_ms INTEGER,
    PRIMARY KEY (workspace, number, agent_id, month)
) STRICT, WITHOUT ROWID;
INSERT INTO month SELECT workspace, number, agent_id, substr(day, 1, 7), sum(calls), sum(inbound), sum(outbound),
    sum(connected), sum(lost), sum(failed), sum(duration_ms), sum(inbound_minutes), sum(outbound_minutes),
    sum(cost_udollar), sum(cost_unknown), min(first_ms), max(last_ms)
    FROM day WHERE day <> '' GROUP BY workspace, number, agent_id, substr(day, 1, 7);
";

/// Why a database cannot be used.
pub enum SchemaProblem {
    /// SQLite says no.
    Sqlite(rusqlite::Error),
    /// A newer phone-dir made it.
    Newer(i64),
    /// An older one did, or none at all; a command that writes brings it to the present form.
    Older(i64),
}

impl From<rusqlite::Error> for SchemaProblem {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl SchemaProblem {
    /// The problem in words.
    pub fn into_error(self, store: &CallStore) -> Error {
        let path = store.path.display();
        match self {
            Self::Sqlite(error) => store.failed("open", error),
            Self::Newer(version) => Error::failed(format!(
                "the store of calls, `{path}`, has form {version}, and this phone-dir knows up to {}",
                STEPS.len()
            ))
            .hint("upgrade phone-dir"),
            Self::Older(version) => Error::cannot_tell(format!(
                "the store of calls, `{path}`, has form {version}, which is older than this phone-dir's"
            ))
            .hint("run `phone-dir usage pull`, which brings it up to date"),
        }
    }
}

/// The number of a database's form.
pub fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Sees that a question can be asked of a database as it is.
pub fn require(connection: &Connection) -> Result<(), SchemaProblem> {
    match version(connection)? {
        version if version == present() => Ok(()),
        version if version > present() => Err(SchemaProblem::Newer(version)),
        version => Err(SchemaProblem::Older(version)),
    }
}

/// Brings a database to the present form: as one step, so that a process that dies leaves the old one.
pub fn migrate(connection: &mut Connection) -> Result<(), SchemaProblem> {
    if version(connection)? == present() {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let from = version(&transaction)?;
    if from > present() {
        return Err(SchemaProblem::Newer(from));
    }
    for step in STEPS.iter().skip(usize::try_from(from).unwrap_or(0)) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "user_version", present())?;
    Ok(transaction.commit()?)
}

fn present() -> i64 {
    i64::try_from(STEPS.len()).unwrap_or(i64::MAX)
}
