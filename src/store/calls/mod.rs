//! The store of calls: an SQLite database in the state folder, or a PostgreSQL server that several machines share; never
//! among the project's files and never in git.
//!
//! A call's row has the facts of [`crate::activity::call`], which have no place for what another person said, typed or is
//! called by. A question opens a store that is there and changes nothing in it.
//!
//! - [`database`]: what the rules ask of a database; [`sqlite`] and [`postgres`] are the only places for their libraries.
//! - [`form`]: the tables, step by step.
//! - [`rows`], [`counting`], [`rollups`], [`pulls`], [`erasing`], [`live`], [`peaks`]: the rules, once for both.
//!
//! For a look into it by hand: `call` has a row a call, `day` the counts of each number and agent by day (with
//! `erased` 1 for calls that have no row any more), `ten_days` and `month` their sums, `coverage` for which time each workspace is complete.

mod counting;
mod database;
mod day_group;
mod erasing;
mod form;
mod live;
mod peaks;
mod place;
#[cfg(feature = "postgres")]
mod postgres;
mod pulls;
mod rollups;
mod rows;
mod sqlite;

pub use counting::TallyColumns;
pub use place::StorePlace;
pub use pulls::{LastEvent, PageStored, ReceivedEvent};
pub use rows::StoredCall;

use super::fault;
use crate::error::{Error, Result};
use database::{CallDatabase, DatabaseError, DatabaseResult, Ending, WriteScope};

#[derive(Debug)]
pub struct CallStore {
    database: Box<dyn CallDatabase>,
}

impl CallStore {
    /// Opens the store to write to it; makes it where there is none.
    pub fn open(place: &StorePlace) -> Result<Self> {
        let store = Self { database: place.open()? };
        form::migrate(&*store.database).map_err(|problem| problem.into_error(&store.name()))?;
        Ok(store)
    }

    /// Opens the store to ask it; none where there is none yet.
    pub fn open_to_ask(place: &StorePlace) -> Result<Option<Self>> {
        let Some(database) = place.open_to_ask()? else { return Ok(None) };
        let store = Self { database };
        form::require(&*store.database).map_err(|problem| problem.into_error(&store.name()))?;
        Ok(Some(store))
    }

    /// The database: its file, or the server's address without the password.
    pub fn name(&self) -> String {
        self.database.name()
    }

    /// The size of the database, in bytes.
    pub fn size(&self) -> Result<u64> {
        self.read(|database| database.size())
    }

    /// The version of the database's form.
    pub fn version(&self) -> Result<i64> {
        self.read(|database| database.form())
    }

    /// Whether the database is whole, in its own words where it is not.
    pub fn check(&self) -> Result<Option<String>> {
        self.read(|database| database.damage())
    }

    fn failed(&self, action: &str, error: DatabaseError) -> Error {
        error.into_error(action, &self.name())
    }

    fn read<T>(&self, question: impl FnOnce(&dyn CallDatabase) -> DatabaseResult<T>) -> Result<T> {
        question(&*self.database).map_err(|error| self.failed("read", error))
    }

    /// Does several things as one: all of them last, or none.
    fn whole<T>(
        &mut self,
        scope: WriteScope<'_>,
        action: impl FnOnce(&dyn CallDatabase) -> DatabaseResult<T>,
    ) -> Result<T> {
        let database = &*self.database;
        database.begin(scope).map_err(|error| self.failed("write to", error))?;
        fault::reached("begin", self.name());
        let done = match form::require(database) {
            // Another process may have brought it to a later form while this one had it open.
            Err(problem) => Err(problem.into_error(&self.name())),
            Ok(()) => action(database).map_err(|error| self.failed("write to", error)),
        };
        let ending = if done.is_ok() { Ending::Commit } else { Ending::RollBack };
        fault::reached("write", self.name());
        let ended = database.end(ending).map_err(|error| self.failed("write to", error));
        fault::reached("commit", self.name());
        done.and_then(|value| ended.map(|()| value))
    }
}
