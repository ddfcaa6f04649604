//! The form of the database, and how an older one is brought to it: the same steps for SQLite and for PostgreSQL, which
//! reads the words of the former in its own way.

use super::database::{CallDatabase, DatabaseError, Ending, WriteScope};
use crate::error::Error;

/// The steps to the present form; the form after step N has the number N. A step is never changed, only added to.
const STEPS: [&str; 6] = [FIRST, KEPT, MONTHS, SEEN, IN_TIME, SWEPT];

/// The columns of counts, as the steps up to the fifth write them: they stay what they are, too.
macro_rules! counts {
    () => {
        "    calls INTEGER NOT NULL,
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
"
    };
}

const FIRST: &str = concat!(
    "
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
",
    counts!(),
    "    PRIMARY KEY (workspace, number, agent_id, day, erased)
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
"
);

/// Texts that are kept beside the calls, because they are not for git: the price list, where it is a secret.
const KEPT: &str = "CREATE TABLE kept (name TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT, WITHOUT ROWID;";

/// The daily counts of each month together.
const MONTHS: &str = concat!(
    "
CREATE TABLE month (
    workspace TEXT NOT NULL,
    number TEXT NOT NULL,
    agent_id TEXT NOT NULL,
    month TEXT NOT NULL,
",
    counts!(),
    "    PRIMARY KEY (workspace, number, agent_id, month)
) STRICT, WITHOUT ROWID;
INSERT INTO month SELECT workspace, number, agent_id, substr(day, 1, 7), sum(calls), sum(inbound), sum(outbound),
    sum(connected), sum(lost), sum(failed), sum(duration_ms), sum(inbound_minutes), sum(outbound_minutes),
    sum(cost_udollar), sum(cost_unknown), min(first_ms), max(last_ms)
    FROM day WHERE day <> '' GROUP BY workspace, number, agent_id, substr(day, 1, 7);
"
);

/// When a call that has no time was seen, by which it is erased.
const SEEN: &str = "ALTER TABLE call ADD COLUMN seen_ms INTEGER;";

/// The counts in the order of time, so that a question reads no more than the days that it is about; and those of ten days.
const IN_TIME: &str = concat!(
    "
CREATE TABLE day_in_time (
    workspace TEXT NOT NULL,
    number TEXT NOT NULL,
    agent_id TEXT NOT NULL,
    day TEXT NOT NULL,
    erased INTEGER NOT NULL,
",
    counts!(),
    "    PRIMARY KEY (workspace, day, number, agent_id, erased)
) STRICT, WITHOUT ROWID;
INSERT INTO day_in_time SELECT * FROM day ORDER BY workspace, day, number, agent_id, erased;
DROP TABLE day;
ALTER TABLE day_in_time RENAME TO day;
CREATE TABLE ten_days (
    workspace TEXT NOT NULL,
    number TEXT NOT NULL,
    agent_id TEXT NOT NULL,
    ten_days TEXT NOT NULL,
",
    counts!(),
    "    PRIMARY KEY (workspace, ten_days, number, agent_id)
) STRICT, WITHOUT ROWID;
INSERT INTO ten_days SELECT workspace, number, agent_id, substr(day, 1, 9), sum(calls), sum(inbound), sum(outbound),
    sum(connected), sum(lost), sum(failed), sum(duration_ms), sum(inbound_minutes), sum(outbound_minutes),
    sum(cost_udollar), sum(cost_unknown), min(first_ms), max(last_ms)
    FROM day WHERE day <> '' GROUP BY workspace, number, agent_id, substr(day, 1, 9);
CREATE TABLE month_in_time (
    workspace TEXT NOT NULL,
    number TEXT NOT NULL,
    agent_id TEXT NOT NULL,
    month TEXT NOT NULL,
",
    counts!(),
    "    PRIMARY KEY (workspace, month, number, agent_id)
) STRICT, WITHOUT ROWID;
INSERT INTO month_in_time SELECT * FROM month ORDER BY workspace, month, number, agent_id;
DROP TABLE month;
ALTER TABLE month_in_time RENAME TO month;
"
);

/// When calls without a start were last looked for.
const SWEPT: &str = "ALTER TABLE coverage ADD COLUMN swept_ms INTEGER;";

/// Why a database cannot be used.
pub(super) enum FormProblem {
    Database(DatabaseError),
    /// A newer phone-dir made it.
    Newer(i64),
    /// An older one did, or none at all; a command that writes brings it to the present form.
    Older(i64),
}

impl From<DatabaseError> for FormProblem {
    fn from(error: DatabaseError) -> Self {
        Self::Database(error)
    }
}

impl FormProblem {
    /// The problem in words; `name` is the database's.
    pub(super) fn into_error(self, name: &str) -> Error {
        match self {
            Self::Database(error) => error.into_error("open", name),
            Self::Newer(version) => Error::failed(format!(
                "the store of calls, `{name}`, has form {version}, and this phone-dir knows up to {}",
                STEPS.len()
            ))
            .hint("upgrade phone-dir"),
            Self::Older(version) => Error::cannot_tell(format!(
                "the store of calls, `{name}`, has form {version}, which is older than this phone-dir's"
            ))
            .hint("run `phone-dir usage pull`, which brings it up to date"),
        }
    }
}

/// Sees that a question can be asked of a database as it is.
pub(super) fn require(database: &dyn CallDatabase) -> Result<(), FormProblem> {
    match database.form()? {
        form if form == present() => Ok(()),
        form if form > present() => Err(FormProblem::Newer(form)),
        form => Err(FormProblem::Older(form)),
    }
}

/// Brings a database to the present form: as one step, so that a process that dies leaves the old one.
pub(super) fn migrate(database: &dyn CallDatabase) -> Result<(), FormProblem> {
    if database.form()? == present() {
        return Ok(());
    }
    database.begin(WriteScope::Store)?;
    let changed = change(database);
    let ending = if changed.is_ok() { Ending::Commit } else { Ending::RollBack };
    let ended = database.end(ending);
    changed.and(ended.map_err(FormProblem::from))
}

fn change(database: &dyn CallDatabase) -> Result<(), FormProblem> {
    let from = database.form()?;
    if from > present() {
        return Err(FormProblem::Newer(from));
    }
    for (step, form) in STEPS.iter().zip(1..).filter(|(_, form)| *form > from) {
        database.change_form(step, form)?;
    }
    Ok(())
}

fn present() -> i64 {
    i64::try_from(STEPS.len()).unwrap_or(i64::MAX)
}
