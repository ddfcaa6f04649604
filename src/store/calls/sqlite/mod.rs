//! Calls in an SQLite database: the only place for rusqlite. What is erased is overwritten on the disk too.

mod file;

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags, Row, ToSql, params_from_iter};

pub use file::StoreFile;

use super::database::{
    CallDatabase, DatabaseError, DatabaseResult, DatabaseTrouble, Ending, Grouping, SqlRow, SqlValue, TimeGrain,
    WriteScope,
};
use crate::error::Result;

/// How long a process waits for another that is writing.
const PATIENCE: Duration = Duration::from_secs(2);
/// How many statements are kept ready.
const READY: usize = 64;

#[derive(Debug)]
pub struct SqliteDatabase {
    connection: Connection,
    path: PathBuf,
}

impl SqliteDatabase {
    /// Opens the file to write to it; makes it where there is none.
    pub(super) fn open(file: &StoreFile) -> Result<Self> {
        let path = file.prepare()?;
        let flags =
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_NOFOLLOW;
        let database = Self::connect(&path, flags)?;
        database.set_up().map_err(|error| failed(error).into_error("open", &database.name()))?;
        Ok(database)
    }

    /// Opens the file to ask it; none where there is none yet.
    pub(super) fn open_to_ask(file: &StoreFile) -> Result<Option<Self>> {
        let Some(path) = file.existing()? else { return Ok(None) };
        let shared = OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_NOFOLLOW;
        // Where the folder may be written to, SQLite's own side files go again with the last reader.
        let database = Self::connect(&path, shared | OpenFlags::SQLITE_OPEN_READ_WRITE)
            .or_else(|_| Self::connect(&path, shared | OpenFlags::SQLITE_OPEN_READ_ONLY))?;
        let only_asked = database.connection.pragma_update(None, "query_only", true);
        only_asked.map_err(|error| failed(error).into_error("open", &database.name()))?;
        Ok(Some(database))
    }

    fn connect(path: &Path, flags: OpenFlags) -> Result<Self> {
        let connect = || {
            let connection = Connection::open_with_flags(path, flags)?;
            connection.busy_timeout(PATIENCE)?;
            connection.set_prepared_statement_cache_capacity(READY);
            Ok(connection)
        };
        let connection = connect().map_err(|error| failed(error).into_error("open", &path.display().to_string()))?;
        Ok(Self { connection, path: path.to_owned() })
    }

    fn set_up(&self) -> rusqlite::Result<()> {
        self.connection.pragma_update(None, "journal_mode", "WAL")?;
        self.connection.pragma_update(None, "synchronous", "FULL")?;
        self.connection.pragma_update(None, "secure_delete", true)?;
        self.connection.pragma_update(None, "foreign_keys", true)
    }
}

impl CallDatabase for SqliteDatabase {
    fn name(&self) -> String {
        self.path.display().to_string()
    }

    fn size(&self) -> DatabaseResult<u64> {
        Ok(std::fs::metadata(&self.path).map_or(0, |found| found.len()))
    }

    fn damage(&self) -> DatabaseResult<Option<String>> {
        let said = self.connection.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0));
        Ok(Some(said.map_err(failed)?).filter(|said| said != "ok"))
    }

    fn form(&self) -> DatabaseResult<i64> {
        self.connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(failed)
    }

    fn change_form(&self, step: &str, form: i64) -> DatabaseResult<()> {
        self.connection.execute_batch(step).map_err(failed)?;
        self.connection.pragma_update(None, "user_version", form).map_err(failed)
    }

    fn begin(&self, _: WriteScope<'_>) -> DatabaseResult<()> {
        // One process writes at a time, whatever it writes to.
        self.connection.execute_batch("BEGIN IMMEDIATE").map_err(failed)
    }

    fn end(&self, ending: Ending) -> DatabaseResult<()> {
        let said = match ending {
            Ending::Commit => self.connection.execute_batch("COMMIT"),
            // An error may have ended the transaction already.
            Ending::RollBack if self.connection.is_autocommit() => Ok(()),
            Ending::RollBack => self.connection.execute_batch("ROLLBACK"),
        };
        said.map_err(|error| {
            // What could not be committed is not left open for the next to go on with.
            if !self.connection.is_autocommit() {
                let _given_up = self.connection.execute_batch("ROLLBACK");
            }
            failed(error)
        })
    }

    fn execute(&self, sql: &str, sets: Vec<Vec<SqlValue>>) -> DatabaseResult<usize> {
        let mut statement = self.connection.prepare_cached(sql).map_err(failed)?;
        let run = |set: Vec<SqlValue>| statement.execute(params_from_iter(set)).map_err(failed);
        sets.into_iter().map(run).sum()
    }

    fn query_each(&self, sql: &str, sets: Vec<Vec<SqlValue>>) -> DatabaseResult<Vec<Vec<SqlRow>>> {
        let ask = |set| {
            let mut rows = Vec::new();
            self.query(sql, set, &mut |row| {
                rows.push(row.clone());
                Ok(())
            })?;
            Ok(rows)
        };
        sets.into_iter().map(ask).collect()
    }

    fn query(
        &self,
        sql: &str,
        values: Vec<SqlValue>,
        visit: &mut dyn FnMut(&SqlRow) -> DatabaseResult<()>,
    ) -> DatabaseResult<()> {
        let mut statement = self.connection.prepare_cached(sql).map_err(failed)?;
        let columns = statement.column_count();
        let mut rows = statement.query(params_from_iter(values)).map_err(failed)?;
        // One row's place for all of them: a question may read hundreds of thousands.
        let mut place = SqlRow(vec![SqlValue::Text(None); columns]);
        while let Some(row) = rows.next().map_err(failed)? {
            read(row, &mut place)?;
            visit(&place)?;
        }
        Ok(())
    }

    /// Takes what was erased out of the write-ahead log; its pages in the database are overwritten already.
    fn scrub(&self) -> DatabaseResult<()> {
        self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).map_err(failed)
    }

    fn grouping(&self) -> Grouping {
        Grouping::Sorted
    }

    fn text_of_moment(&self, grain: TimeGrain) -> &'static str {
        match grain {
            TimeGrain::Day => "strftime('%Y-%m-%d', at_ms / 1000, 'unixepoch')",
            TimeGrain::Hour => "strftime('%Y-%m-%dT%H:00:00Z', at_ms / 1000, 'unixepoch')",
        }
    }
}

impl ToSql for SqlValue {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match self {
            Self::Integer(value) => value.to_sql(),
            Self::Text(value) => value.to_sql(),
        }
    }
}

fn read(row: &Row<'_>, place: &mut SqlRow) -> DatabaseResult<()> {
    for (at, value) in place.0.iter_mut().enumerate() {
        match row.get_ref(at).map_err(failed)? {
            ValueRef::Null => *value = SqlValue::Text(None),
            ValueRef::Integer(number) => *value = SqlValue::Integer(Some(number)),
            ValueRef::Text(text) => put(value, &String::from_utf8_lossy(text)),
            _ => {
                return Err(DatabaseError::other(format!(
                    "column {at} has another kind of value than this program writes"
                )));
            }
        }
    }
    Ok(())
}

/// Puts a text where the last row's may stand.
fn put(value: &mut SqlValue, text: &str) {
    match value {
        SqlValue::Text(Some(last)) => {
            last.clear();
            last.push_str(text);
        }
        other => *other = SqlValue::from(text),
    }
}

fn failed(error: rusqlite::Error) -> DatabaseError {
    let trouble = match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => DatabaseTrouble::Busy,
        Some(ErrorCode::DiskFull) => DatabaseTrouble::Full,
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => DatabaseTrouble::Damaged,
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => {
            DatabaseTrouble::NoFileAccess
        }
        _ => DatabaseTrouble::Other,
    };
    DatabaseError::new(trouble, error)
}
