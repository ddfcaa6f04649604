//! The one way to change files: a lock, recovery of what was interrupted, then all files or none, and one commit.
//!
//! [`change`] takes the steps of one change and takes them back, [`journal`] keeps what that needs on disk, and [`recovery`] ends what
//! another process began.

mod change;
mod interrupted;
mod journal;
mod purpose;
mod recovery;
mod seen;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use bytes::Bytes;

use self::change::JournaledChange;
pub(in crate::store) use self::change::fresh_id;
pub use self::interrupted::{Recovery, Unfinished};
pub(in crate::store) use self::journal::HooksRecord;
use self::journal::{Begun, Journal};
pub use self::purpose::Purpose;
use self::seen::SeenContents;
use crate::error::{Error, Result};
use crate::model::paths::is_never_committed;
use crate::snapshot::Snapshot;
use crate::store::git::{
    BranchMove, CommitId, CommitRequest, Committed, ConfigChange, GitRepository, release_fetch_lock,
};
use crate::store::hooks_folder::HooksFolder;
use crate::store::lock::{PATIENCE, ProjectLock};
use crate::store::losses::LossStore;
use crate::store::outstanding::OutstandingStore;
use crate::store::path::ProjectPath;
use crate::store::project::Project;
use crate::store::project_file;
pub use crate::store::project_file::FileChange;
use crate::store::state::State;
use crate::store::worktree;

/// The right to change a project's files, held by one process at a time until it is dropped.
#[derive(Debug)]
pub struct Transaction {
    root: PathBuf,
    prefix: String,
    journal: Journal,
    /// The contents that [`Transaction::read`] found.
    seen: Option<SeenContents>,
    recovered: Option<Recovery>,
    outstanding: OutstandingStore,
    losses: LossStore,
    lock: ProjectLock,
}

fn is_of_directory(journal: &Journal) -> Result<bool> {
    Ok(matches!(journal.read()?, Begun::Here(entry) if entry.is_of_directory()))
}

fn unfinished_directory() -> Error {
    Error::failed("a change of the directory was interrupted and is unfinished, and this command changes no directory")
        .hint("run `phone-dir fmt`, which finishes or undoes it, then this again")
}

impl Transaction {
    /// Takes the project's lock, and finishes or undoes a change that was interrupted.
    ///
    /// Waits two seconds for another process, then gives up and names it. Read the files after this, not before
    /// ([`Transaction::read`]).
    pub fn begin(project: &Project) -> Result<Self> {
        Self::begin_for(Purpose::Change, project)
    }

    /// As [`Transaction::begin`], or for a preview, which writes nothing.
    pub fn begin_for(purpose: Purpose, project: &Project) -> Result<Self> {
        Self::lock_and_look(purpose, project, PATIENCE)
    }

    /// As [`Transaction::begin`], with another patience.
    pub fn begin_within(project: &Project, patience: Duration) -> Result<Self> {
        Self::lock_and_look(Purpose::Change, project, patience)
    }

    fn lock_and_look(purpose: Purpose, project: &Project, patience: Duration) -> Result<Self> {
        let root = project.root();
        let state = State::of(root)?;
        let lock = ProjectLock::acquire(&state, patience)?;
        let journal = Journal::at(&state.journal(), state.owner()?);
        let recovered = match purpose {
            Purpose::Surroundings if is_of_directory(&journal)? => return Err(unfinished_directory()),
            Purpose::Change | Purpose::Surroundings => recovery::recover(&state.base, &journal)?,
            Purpose::Preview => None,
        };
        let prefix = state.prefix(root)?;
        let outstanding = OutstandingStore::of(&state, &prefix)?;
        let losses = LossStore::of(&state, &prefix)?;
        if purpose == Purpose::Change {
            losses.sweep()?;
            if let Some(git) = state.shared.parent().filter(|_| !state.is_of_user()) {
                release_fetch_lock(git)?;
            }
        }
        Ok(Self { root: root.to_owned(), prefix, journal, seen: None, recovered, outstanding, losses, lock })
    }

    /// What was asked of a provider, and what of it is not settled.
    pub fn outstanding(&self) -> &OutstandingStore {
        &self.outstanding
    }

    pub fn losses(&self) -> &LossStore {
        &self.losses
    }

    /// Reads the working tree, and remembers what was there: a file that is edited between this and the writing
    /// is then refused rather than overwritten.
    pub fn read(&mut self) -> Result<Snapshot> {
        let snapshot = worktree::read(&self.root)?;
        self.seen = Some(SeenContents::of(&snapshot));
        Ok(snapshot)
    }

    /// What was recovered at the beginning, to be told to the user.
    pub fn recovered(&self) -> Option<&Recovery> {
        self.recovered.as_ref()
    }

    /// Writes all files or none, without a commit. Gives the paths whose content changed, sorted.
    ///
    /// A file that has its content already is not touched. Modes are kept; folders are made; links on the way are
    /// refused. When a file cannot be written, those before it get their earlier content back.
    pub fn write(&mut self, changes: &[FileChange]) -> Result<Vec<ProjectPath>> {
        let Some(change) = self.start(changes)? else { return Ok(Vec::new()) };
        let done = change.apply();
        self.settle(done)?;
        self.journal.clear()?;
        let paths = change.paths();
        self.seen.iter_mut().for_each(|seen| seen.remember(changes));
        Ok(paths)
    }

    /// Writes all files and commits them, or leaves everything as it was.
    ///
    /// Files that no commit may hold are written and not committed. The uncommitted edits that
    /// [`Ready`](crate::store::git::Ready) allows are committed along. Gives `None` when there is nothing to commit. Whatever
    /// fails (signing, a lock, a HEAD that moved), the files get their earlier content back and no branch moves.
    pub fn write_and_commit(
        &mut self,
        changes: &[FileChange],
        repository: &GitRepository,
        request: &CommitRequest<'_>,
    ) -> Result<Option<Committed>> {
        let committable = self.committable(changes, request)?;
        let Some(mut change) = self.start(changes)? else {
            // Edits that are there are committed along, although no file has to be written.
            return self.in_journal(|change| change.commit(repository, request, &committable));
        };
        let done = change.apply().and_then(|()| change.commit(repository, request, &committable));
        let committed = self.settle(done)?;
        self.journal.clear()?;
        self.seen.iter_mut().for_each(|seen| seen.remember(changes));
        repository.objects().maintain();
        Ok(committed)
    }

    /// Gives staged files other contents, in git's index alone; one that is not in the index is left out.
    ///
    /// All of them or none. Unstaged edits stay what they are.
    pub fn restage(&mut self, repository: &GitRepository, files: &[(ProjectPath, &[u8])]) -> Result<()> {
        let entries = repository.index().restaged(files)?;
        if entries.is_empty() {
            return Ok(());
        }
        self.in_journal(|change| change.replace(repository, |token| repository.index().prepare_index(&entries, token)))
    }

    /// Changes the repository's own configuration: all of `changes`, in their order, or none.
    pub fn configure(&mut self, repository: &GitRepository, changes: &[ConfigChange]) -> Result<()> {
        if changes.is_empty() {
            return Ok(());
        }
        self.in_journal(|change| {
            change.replace(repository, |token| repository.configuration().prepare_config(changes, token))
        })
    }

    /// Moves the current branch from one commit to another that is there already, with the index and the working tree.
    ///
    /// Staged and unstaged work elsewhere does not hinder it; in files that differ between the two it does.
    pub fn move_branch(&mut self, repository: &GitRepository, from: &CommitId, to: &CommitId) -> Result<()> {
        self.in_journal(|change| change.move_branch(repository, BranchMove { from: *from, to: *to }))
    }

    /// Puts hooks in place or takes them out; `names` are those that are not ours before the one, or after the other.
    ///
    /// All of them or none, whatever fails on the way.
    pub fn change_hooks<T>(
        &mut self,
        folder: &HooksFolder,
        names: Vec<String>,
        steps: impl FnOnce() -> Result<T>,
    ) -> Result<T> {
        self.in_journal(|change| change.announce(folder.record(names)).and_then(|()| steps()))
    }

    /// Takes a step that writes no file of the directory, in the journal from its beginning to its end.
    fn in_journal<T>(&self, step: impl FnOnce(&mut JournaledChange<'_>) -> Result<T>) -> Result<T> {
        let mut change = JournaledChange::empty(&self.root, &self.prefix, &self.journal, &self.lock);
        self.journal.open()?;
        let done = self.settle(step(&mut change))?;
        self.journal.clear()?;
        Ok(done)
    }

    /// The contents that the commit is to have: of the changes, and of the edits that it takes along.
    pub fn committable(&self, changes: &[FileChange], request: &CommitRequest<'_>) -> Result<Vec<FileChange>> {
        let mut files: Vec<FileChange> =
            changes.iter().filter(|change| !is_never_committed(change.path.as_str())).cloned().collect();
        for path in &request.ready.uncommitted {
            if !files.iter().any(|file| file.path == *path) {
                let content = project_file::current(&self.root, path)?.map(Bytes::from);
                files.push(FileChange { path: path.clone(), content });
            }
        }
        files.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(files)
    }

    /// Puts the earlier contents in the journal; `None` when no file would change. Where that fails, nothing is begun, and
    /// nothing is left that looks as if it were.
    fn start(&self, changes: &[FileChange]) -> Result<Option<JournaledChange<'_>>> {
        self.settle(self.describe(changes))
    }

    fn describe(&self, changes: &[FileChange]) -> Result<Option<JournaledChange<'_>>> {
        let mut change = JournaledChange::empty(&self.root, &self.prefix, &self.journal, &self.lock);
        let mut paths = BTreeSet::new();
        self.journal.open()?;
        for file in changes {
            if !paths.insert(&file.path) {
                return Err(Error::failed(format!("`{}` would be written twice", file.path)));
            }
            self.seen.iter().try_for_each(|seen| seen.refuse_edited(&self.root, &file.path))?;
            change.add(file)?;
        }
        if change.is_empty() {
            self.journal.clear()?;
            return Ok(None);
        }
        change.describe()?;
        Ok(Some(change))
    }

    /// Undoes a change that failed; the first error is the one that counts.
    fn settle<T>(&self, done: Result<T>) -> Result<T> {
        let Err(error) = done else { return done };
        let Begun::Here(entry) = self.journal.read()? else {
            self.journal.clear()?;
            return Err(error);
        };
        // A failure after the branch moved is the index's alone: the commit stays, and recovery brings the index along.
        let repository = recovery::repository(&self.root, &entry)?;
        if recovery::has_happened(repository.as_ref(), &entry)? {
            return Err(error);
        }
        recovery::take_back(repository.as_ref(), &self.root, &self.journal, &entry)?;
        self.journal.clear()?;
        Err(error)
    }
}
