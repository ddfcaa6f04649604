//! Calls on a PostgreSQL server that several machines share: the only place for tokio-postgres.
//!
//! Everything lies in a schema of its own, `phone_dir`. Writers of one workspace wait for each other, by locks that end with
//! their transactions; what concerns the whole store waits for all of them.

mod address;
mod certificates;
mod connection;
mod failure;
mod value;

use std::cell::{Cell, RefCell, RefMut};
use std::collections::BTreeSet;
use std::fmt;

use sha2::{Digest, Sha256};

pub use address::ServerAddress;

use super::database::{CallDatabase, DatabaseResult, Ending, Grouping, SqlRow, SqlValue, TimeGrain, WriteScope};
use crate::error::Result;
use crate::model::WorkspaceName;
use connection::ServerConnection;

/// The first part of the locks' names: `pdir`.
const LOCKS: i32 = 0x7064_6972;

/// The table that has the number of the form.
const FORM: &str = "pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace \
    WHERE nspname = 'phone_dir' AND relname = 'form'";

/// Said at the beginning of each connection. A server that confirms before the disk has it is told to wait; a process that
/// hangs within a transaction lets go of its locks.
macro_rules! settings {
    ($read_only:literal) => {
        concat!(
            "SET search_path = phone_dir; SET client_min_messages = warning; SET lock_timeout = '10s'; ",
            "SET idle_in_transaction_session_timeout = '60s'; SET default_transaction_read_only = ",
            $read_only,
            "; SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
        )
    };
}

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ServerAccess {
    Write,
    /// It asks, and the server lets it do nothing else.
    Ask,
}

impl ServerAccess {
    fn settings(self) -> &'static str {
        match self {
            Self::Write => settings!("off"),
            Self::Ask => settings!("on"),
        }
    }
}

pub struct PostgresDatabase {
    address: ServerAddress,
    tls: rustls::ClientConfig,
    access: ServerAccess,
    connection: RefCell<ServerConnection>,
    is_in_transaction: Cell<bool>,
}

impl PostgresDatabase {
    pub(super) fn open(address: &ServerAddress, access: ServerAccess) -> Result<Self> {
        let tls = address.trust().client()?;
        let connection = ServerConnection::open(address, tls.clone(), access.settings())
            .map_err(|error| error.into_error("open", address.name()))?;
        Ok(Self {
            address: address.clone(),
            tls,
            access,
            connection: RefCell::new(connection),
            is_in_transaction: Cell::new(false),
        })
    }

    /// Whether calls were ever kept there.
    pub(super) fn has_store(&self) -> Result<bool> {
        self.form().map(|form| form > 0).map_err(|error| error.into_error("open", self.address.name()))
    }

    /// The connection; a new one where the last has ended, as when the server was started again.
    fn connection(&self) -> DatabaseResult<RefMut<'_, ServerConnection>> {
        let mut connection = self.connection.borrow_mut();
        if connection.is_closed() && !self.is_in_transaction.get() {
            *connection = ServerConnection::open(&self.address, self.tls.clone(), self.access.settings())?;
        }
        Ok(connection)
    }

    /// Whether something is there: asked of the catalogue's own rows, since the server remembers names that it did not find
    /// until it takes another kind of lock than ours.
    fn is_there(&self, what: &str) -> DatabaseResult<bool> {
        let database: &dyn CallDatabase = self;
        Ok(database.one(&format!("SELECT count(*) FROM {what}"), Vec::new())?.count(0)? > 0)
    }
}

impl fmt::Debug for PostgresDatabase {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("PostgresDatabase").field("address", &self.address).finish_non_exhaustive()
    }
}

impl CallDatabase for PostgresDatabase {
    fn name(&self) -> String {
        self.address.name().to_owned()
    }

    fn size(&self) -> DatabaseResult<u64> {
        let sql = "SELECT CAST(coalesce(sum(pg_total_relation_size(pg_class.oid)), 0) AS BIGINT) FROM pg_class \
                   JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE nspname = 'phone_dir' AND relkind = 'r'";
        let database: &dyn CallDatabase = self;
        database.one(sql, Vec::new())?.count(0)
    }

    /// The server sees to its own files.
    fn damage(&self) -> DatabaseResult<Option<String>> {
        Ok(None)
    }

    fn form(&self) -> DatabaseResult<i64> {
        if !self.is_there(FORM)? {
            return Ok(0);
        }
        let database: &dyn CallDatabase = self;
        database.one("SELECT number FROM phone_dir.form", Vec::new())?.whole(0)
    }

    fn change_form(&self, step: &str, form: i64) -> DatabaseResult<()> {
        // Asked first: where an administrator made the schema, the user need not be allowed to make one.
        if !self.is_there("pg_namespace WHERE nspname = 'phone_dir'")? {
            self.connection()?.batch("CREATE SCHEMA phone_dir".to_owned())?;
        }
        if !self.is_there(FORM)? {
            let first = "CREATE TABLE phone_dir.form (number BIGINT NOT NULL); INSERT INTO phone_dir.form VALUES (0)";
            self.connection()?.batch(first.to_owned())?;
        }
        self.connection()?.batch(format!("{}; UPDATE phone_dir.form SET number = {form}", in_its_words(step)))
    }

    fn begin(&self, scope: WriteScope<'_>) -> DatabaseResult<()> {
        let connection = self.connection()?;
        let begun = connection.batch(format!("BEGIN; {}", locks(scope)));
        if begun.is_err() && !connection.is_closed() {
            connection.batch("ROLLBACK".to_owned())?;
        }
        self.is_in_transaction.set(begun.is_ok());
        begun
    }

    fn end(&self, ending: Ending) -> DatabaseResult<()> {
        let connection = self.connection();
        self.is_in_transaction.set(false);
        let connection = connection?;
        match ending {
            Ending::Commit => connection.batch("COMMIT".to_owned()),
            // The server has undone it with the connection.
            Ending::RollBack if connection.is_closed() => Ok(()),
            Ending::RollBack => connection.batch("ROLLBACK".to_owned()),
        }
    }

    fn execute(&self, sql: &str, sets: Vec<Vec<SqlValue>>) -> DatabaseResult<usize> {
        self.connection()?.execute(sql, sets)
    }

    fn query_each(&self, sql: &str, sets: Vec<Vec<SqlValue>>) -> DatabaseResult<Vec<Vec<SqlRow>>> {
        self.connection()?.query_each(sql, sets)
    }

    fn query(
        &self,
        sql: &str,
        values: Vec<SqlValue>,
        visit: &mut dyn FnMut(&SqlRow) -> DatabaseResult<()>,
    ) -> DatabaseResult<()> {
        self.connection()?.query(sql, values, visit)
    }

    /// The server writes over what was erased in its own time, which docs/calls.md says.
    fn scrub(&self) -> DatabaseResult<()> {
        Ok(())
    }

    fn grouping(&self) -> Grouping {
        Grouping::Hashed
    }

    fn text_of_moment(&self, grain: TimeGrain) -> &'static str {
        match grain {
            TimeGrain::Day => "to_char(to_timestamp(at_ms / 1000) AT TIME ZONE 'UTC', 'YYYY-MM-DD')",
            TimeGrain::Hour => {
                "to_char(to_timestamp(at_ms / 1000) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:00:00\"Z\"')"
            }
        }
    }
}

/// A step of the form, whose words are SQLite's. Text is compared byte by byte there, and so it is here.
fn in_its_words(step: &str) -> String {
    step.replace(" STRICT, WITHOUT ROWID", "").replace("INTEGER", "BIGINT").replace("TEXT", "TEXT COLLATE \"C\"")
}

/// Takes the locks of a transaction, always in one order.
fn locks(scope: WriteScope<'_>) -> String {
    let WriteScope::Workspaces(workspaces) = scope else { return format!("SELECT pg_advisory_xact_lock({LOCKS}, 0)") };
    let names: BTreeSet<i32> = workspaces.iter().map(lock_of).collect();
    let each = names.iter().map(|name| format!("; SELECT pg_advisory_xact_lock({LOCKS}, {name})"));
    format!("SELECT pg_advisory_xact_lock_shared({LOCKS}, 0){}", each.collect::<String>())
}

/// The lock of a workspace: never 0, which is the whole store's. Two that share one only wait for each other.
fn lock_of(workspace: &WorkspaceName) -> i32 {
    let hash = Sha256::digest(workspace.as_str().as_bytes());
    i32::from_be_bytes([hash[0] & 0x7f, hash[1], hash[2], hash[3]]).max(1)
}
