//! What the store of calls asks of its database: statements with values, transactions, and the few things that SQLite and
//! PostgreSQL say differently. The rules of the store are SQL that both read alike, in the files beside this one.

use std::error::Error as StdError;
use std::fmt;

use crate::error::Error;
use crate::model::WorkspaceName;

/// The result of asking a database.
pub(super) type DatabaseResult<T> = Result<T, DatabaseError>;

/// A value that goes into a statement, or comes out of a row. One that is not there still has its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum SqlValue {
    /// A whole number.
    Integer(Option<i64>),
    Text(Option<String>),
}

/// The values of a row, in the order of its columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SqlRow(pub Vec<SqlValue>);

/// What a transaction may write to: two of them that touch the same come one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WriteScope<'a> {
    /// Calls, counts and readings of these workspaces.
    Workspaces(&'a [WorkspaceName]),
    Store,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// All of it lasts.
    Commit,
    /// Nothing of it does.
    RollBack,
}

/// How finely a moment is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TimeGrain {
    /// `2025-11-19`
    Day,
    /// `2025-11-19T08:00:00Z`
    Hour,
}

/// How a database adds up rows that do not lie in the order of what they are told apart by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Grouping {
    /// It keeps the sums at hand, so that few rows leave it.
    #[cfg_attr(not(feature = "postgres"), expect(dead_code, reason = "a file's rows are sorted"))]
    Hashed,
    /// It sorts them first, which takes longer than adding them up here.
    Sorted,
}

/// A database that calls are kept in. Values of a statement are written `?1`, `?2` and so on.
pub(super) trait CallDatabase: fmt::Debug + Send {
    /// The database, as an error and `usage doctor` name it: never with a password.
    fn name(&self) -> String;

    /// Its size, in bytes.
    fn size(&self) -> DatabaseResult<u64>;

    /// What is wrong with it, in its own words, where it can tell.
    fn damage(&self) -> DatabaseResult<Option<String>>;

    /// The number of its form; 0 where it has none yet.
    fn form(&self) -> DatabaseResult<i64>;

    /// Runs one step to a later form, as [`super::form`] writes it.
    fn change_form(&self, step: &str, form: i64) -> DatabaseResult<()>;

    /// Begins a transaction; those that may touch the same wait for each other.
    fn begin(&self, scope: WriteScope<'_>) -> DatabaseResult<()>;

    fn end(&self, ending: Ending) -> DatabaseResult<()>;

    /// Runs a statement once for each set of values, in any order; gives how many rows it touched.
    fn execute(&self, sql: &str, sets: Vec<Vec<SqlValue>>) -> DatabaseResult<usize>;

    /// Asks a question once for each set of values; gives the rows of each.
    fn query_each(&self, sql: &str, sets: Vec<Vec<SqlValue>>) -> DatabaseResult<Vec<Vec<SqlRow>>>;

    /// Asks a question, and hands over its rows as they come.
    fn query(
        &self,
        sql: &str,
        values: Vec<SqlValue>,
        visit: &mut dyn FnMut(&SqlRow) -> DatabaseResult<()>,
    ) -> DatabaseResult<()>;

    /// Takes what was erased out of the database's own files too, as far as it lets itself be told to.
    fn scrub(&self) -> DatabaseResult<()>;

    /// How it adds up rows in another order.
    fn grouping(&self) -> Grouping;

    /// SQL for the text of the moment in `at_ms`.
    fn text_of_moment(&self, grain: TimeGrain) -> &'static str;
}

impl dyn CallDatabase + '_ {
    pub(super) fn rows(&self, sql: &str, values: Vec<SqlValue>) -> DatabaseResult<Vec<SqlRow>> {
        let mut rows = Vec::new();
        self.query(sql, values, &mut |row| {
            rows.push(row.clone());
            Ok(())
        })?;
        Ok(rows)
    }

    /// The first row of a question.
    pub(super) fn first(&self, sql: &str, values: Vec<SqlValue>) -> DatabaseResult<Option<SqlRow>> {
        Ok(self.rows(sql, values)?.into_iter().next())
    }

    /// The only row of a question that always has one.
    pub(super) fn one(&self, sql: &str, values: Vec<SqlValue>) -> DatabaseResult<SqlRow> {
        self.first(sql, values)?.ok_or_else(|| DatabaseError::other("a question that has an answer got none"))
    }

    pub(super) fn run(&self, sql: &str, values: Vec<SqlValue>) -> DatabaseResult<usize> {
        self.execute(sql, vec![values])
    }
}

impl SqlRow {
    /// The whole number in a column, if one is there.
    pub(super) fn integer(&self, at: usize) -> DatabaseResult<Option<i64>> {
        match self.0.get(at) {
            Some(SqlValue::Integer(value)) => Ok(*value),
            Some(SqlValue::Text(None)) => Ok(None),
            _ => Err(other_kind(at)),
        }
    }

    /// The whole number in a column that always has one.
    pub(super) fn whole(&self, at: usize) -> DatabaseResult<i64> {
        self.integer(at)?.ok_or_else(|| other_kind(at))
    }

    pub(super) fn count(&self, at: usize) -> DatabaseResult<u64> {
        u64::try_from(self.whole(at)?).map_err(|_| other_kind(at))
    }

    /// The text in a column, if one is there.
    pub(super) fn text(&self, at: usize) -> DatabaseResult<Option<&str>> {
        match self.0.get(at) {
            Some(SqlValue::Text(value)) => Ok(value.as_deref()),
            Some(SqlValue::Integer(None)) => Ok(None),
            _ => Err(other_kind(at)),
        }
    }
}

fn other_kind(at: usize) -> DatabaseError {
    DatabaseError::other(format!("column {at} has another kind of value than this program writes"))
}

impl From<i64> for SqlValue {
    fn from(value: i64) -> Self {
        Self::Integer(Some(value))
    }
}

impl From<Option<i64>> for SqlValue {
    fn from(value: Option<i64>) -> Self {
        Self::Integer(value)
    }
}

impl From<&str> for SqlValue {
    fn from(value: &str) -> Self {
        Self::Text(Some(value.to_owned()))
    }
}

impl From<String> for SqlValue {
    fn from(value: String) -> Self {
        Self::Text(Some(value))
    }
}

impl From<Option<&str>> for SqlValue {
    fn from(value: Option<&str>) -> Self {
        Self::Text(value.map(str::to_owned))
    }
}

/// The values of a statement: `values![workspace, 5]`.
macro_rules! values {
    ($($value:expr),* $(,)?) => {
        vec![$($crate::store::calls::database::SqlValue::from($value)),*]
    };
}
pub(super) use values;

/// Why a database did not do what it was asked, in kinds that say what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DatabaseTrouble {
    Busy,
    Full,
    /// What is there is no such database, or not whole.
    Damaged,
    /// The file may not be opened or written to.
    NoFileAccess,
    /// The server is not reached, or its connection broke.
    #[cfg_attr(not(feature = "postgres"), expect(dead_code, reason = "a file is always within reach"))]
    Unreachable,
    /// The server does not let this user in.
    #[cfg_attr(not(feature = "postgres"), expect(dead_code, reason = "a file asks for no name"))]
    NotLetIn,
    /// The server's certificate is not trusted.
    #[cfg_attr(not(feature = "postgres"), expect(dead_code, reason = "a file shows no certificate"))]
    NotTrusted,
    /// The user may not do this there.
    #[cfg_attr(not(feature = "postgres"), expect(dead_code, reason = "a file asks for no role"))]
    NotAllowed,
    Other,
}

/// A failure of the database, without any value of a row: it names the rule that was broken, never what broke it.
#[derive(Debug)]
pub(super) struct DatabaseError {
    pub(super) trouble: DatabaseTrouble,
    cause: Box<dyn StdError + Send + Sync>,
}

impl DatabaseError {
    pub(super) fn new(trouble: DatabaseTrouble, cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { trouble, cause: cause.into() }
    }

    pub(super) fn other(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::new(DatabaseTrouble::Other, cause)
    }

    /// The failure in words: `action` is a verb such as `read`, `name` the database's.
    pub(super) fn into_error(self, action: &str, name: &str) -> Error {
        let hint = match self.trouble {
            DatabaseTrouble::Busy => "another phone-dir writes to it: try again in a moment",
            DatabaseTrouble::Full => "free some space, then run the command again",
            DatabaseTrouble::Damaged => "move it away and run `phone-dir usage pull`: Retell still has what it keeps",
            DatabaseTrouble::NoFileAccess => "see that you may read and write the file and its folder",
            DatabaseTrouble::Unreachable => {
                "see that the server runs and that `PHONE_DIR_STORE` names its host and port"
            }
            DatabaseTrouble::NotLetIn => "see that `PHONE_DIR_STORE` has the user, the password and the database",
            DatabaseTrouble::NotTrusted => "`sslrootcert=FILE` in `PHONE_DIR_STORE` names who may have signed it",
            DatabaseTrouble::NotAllowed => "give the user what docs/calls.md lists for what it is to do",
            DatabaseTrouble::Other => "`phone-dir usage doctor` looks at the store",
        };
        Error::failed(format!("cannot {action} the store of calls, `{name}`")).caused_by(self.cause).hint(hint)
    }
}
