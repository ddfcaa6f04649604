//! The writing side of the desk: a project that is locked for a change, with its directory as it stands.

use super::{Desk, agents};
use crate::commands::Session;
use crate::error::Result;
use crate::model::Directory;
use crate::snapshot::Snapshot;
use crate::store::transaction::{Purpose, Transaction};
use crate::validate::Settings;

/// A project whose directory is about to change: locked, read and loaded.
pub struct WritingDesk<'a> {
    pub desk: Desk<'a>,
    /// The right to change it.
    pub transaction: Transaction,
    pub snapshot: Snapshot,
    pub before: Directory,
}

impl<'a> WritingDesk<'a> {
    /// Finds the project, takes its lock and loads its directory.
    pub fn open(session: &'a Session, purpose: Purpose) -> Result<Self> {
        let desk = Desk::to_change(session)?;
        let transaction = desk.begin(purpose)?;
        Self::of(desk, transaction)
    }

    /// Loads the directory under a lock that is taken. Where it cannot be read because a merge stopped in it, that is the
    /// error.
    pub fn of(desk: Desk<'a>, mut transaction: Transaction) -> Result<Self> {
        let mut snapshot = transaction.read()?;
        let removed = agents::fill_in(&desk, &mut snapshot)?;
        let mut before = Directory::load(&snapshot).map_err(|error| match desk.git() {
            Ok(Some(repository)) => repository.refuse_operation_in_progress().err().unwrap_or(error),
            // What git has to say comes when it is asked for more than this.
            Ok(None) | Err(_) => error,
        })?;
        agents::note_kept_elsewhere(&desk, &mut before, &removed)?;
        desk.session.note_unread(&before);
        desk.session.note_settings(&snapshot);
        Ok(Self { desk, transaction, snapshot, before })
    }

    pub fn settings(&self) -> Settings {
        Settings::in_snapshot(&self.snapshot)
    }
}
