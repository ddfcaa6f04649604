//! The store of calls: an SQLite database in the state folder, never among the project's files and never in git.
//!
//! The only place for rusqlite. A call's row has the facts of [`crate::activity::call`], which have no place for what
//! another person said, typed or is called by; what is erased is overwritten on the disk too. A question opens a store
//! that is there and changes nothing in it.
//!
//! For a look into it by hand: `call` has a row a call, `day` the counts of each number and agent by day (with
//! `erased` 1 for calls that have no row any more), `month` the same by month, `coverage` for which time each workspace is complete.

mod counting;
mod erasing;
mod live;
mod months;
mod peaks;
mod place;
mod pulls;
mod rows;
mod schema;

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

pub use counting::TallyColumns;
pub use place::StorePlace;
pub use pulls::{LastEvent, PageStored, ReceivedEvent};
pub use rows::StoredCall;

use crate::error::{Error, Result};

/// How long a process waits for another that is writing.
const PATIENCE: Duration = Duration::from_secs(2);

/// An open store of calls.
#[derive(Debug)]
pub struct CallStore {
    connection: Connection,
    path: PathBuf,
}

impl CallStore {
    /// Opens the store to write to it; makes it where there is none.
    pub fn open(place: &StorePlace) -> Result<Self> {
        let path = place.prepare()?;
        let flags =
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_NOFOLLOW;
        let mut store = Self::connect(&path, flags)?;
        store.set_up().map_err(|error| store.failed("open", error))?;
        schema::migrate(&mut store.connection).map_err(|problem| problem.into_error(&store))?;
        Ok(store)
    }

    /// Opens the store to ask it; none where there is none yet.
    pub fn open_to_ask(place: &StorePlace) -> Result<Option<Self>> {
        let Some(path) = place.existing()? else { return Ok(None) };
        let shared = OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_NOFOLLOW;
        // Where the folder may be written to, SQLite's own side files go again with the last reader.
        let store = Self::connect(&path, shared | OpenFlags::SQLITE_OPEN_READ_WRITE)
            .or_else(|_| Self::connect(&path, shared | OpenFlags::SQLITE_OPEN_READ_ONLY))?;
        store.connection.pragma_update(None, "query_only", true).map_err(|error| store.failed("open", error))?;
        schema::require(&store.connection).map_err(|problem| problem.into_error(&store))?;
        Ok(Some(store))
    }

    /// The database's file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The size of the database, in bytes.
    pub fn size(&self) -> u64 {
        std::fs::metadata(&self.path).map_or(0, |found| found.len())
    }

    /// The version of the database's form.
    pub fn version(&self) -> Result<i64> {
        schema::version(&self.connection).map_err(|error| self.failed("read", error))
    }

    fn connect(path: &Path, flags: OpenFlags) -> Result<Self> {
        let connection = Connection::open_with_flags(path, flags).map_err(|error| failed(path, "open", error))?;
        let store = Self { connection, path: path.to_owned() };
        store.connection.busy_timeout(PATIENCE).map_err(|error| store.failed("open", error))?;
        Ok(store)
    }

    fn set_up(&self) -> rusqlite::Result<()> {
        self.connection.pragma_update(None, "journal_mode", "WAL")?;
        self.connection.pragma_update(None, "synchronous", "FULL")?;
        self.connection.pragma_update(None, "secure_delete", true)?;
        self.connection.pragma_update(None, "foreign_keys", true)
    }

    fn failed(&self, action: &str, error: rusqlite::Error) -> Error {
        failed(&self.path, action, error)
    }

    /// Does several things as one: all of them last, or none.
    fn whole<T>(&mut self, action: impl FnOnce(&rusqlite::Transaction<'_>) -> rusqlite::Result<T>) -> Result<T> {
        let run = || {
            let transaction = self.connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
            let value = action(&transaction)?;
            transaction.commit()?;
            Ok(value)
        };
        let result = run();
        result.map_err(|error: rusqlite::Error| failed(&self.path, "write to", error))
    }
}

/// An error of SQLite, without any value of a row: it names the rule that was broken, never what broke it.
fn failed(path: &Path, action: &str, error: rusqlite::Error) -> Error {
    let hint = match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => {
            "another phone-dir writes to it: try again in a moment"
        }
        Some(rusqlite::ErrorCode::DiskFull) => "free some space, then run the command again",
        Some(rusqlite::ErrorCode::DatabaseCorrupt | rusqlite::ErrorCode::NotADatabase) => {
            "move it away and run `phone-dir usage pull`: Retell still has what it keeps"
        }
        Some(
            rusqlite::ErrorCode::ReadOnly | rusqlite::ErrorCode::PermissionDenied | rusqlite::ErrorCode::CannotOpen,
        ) => "see that you may read and write the file and its folder",
        _ => "`phone-dir usage doctor` looks at the store",
    };
    Error::failed(format!("cannot {action} the store of calls, `{}`", path.display())).caused_by(error).hint(hint)
}
