//! One desk for every command: the project, its files, its repository, names and providers, each of them found, read and
//! opened once.
//!
//! [`Desk`] is the reading side; [`WritingDesk`] is the writing side: the lock is taken, and the directory is loaded as it
//! stands under it. How a change is written down is in [`publishing`].

pub mod agents;
pub mod baselines;
pub mod calls;
pub mod commits;
pub mod comparison;
pub mod decided_in;
pub mod findings;
pub mod history;
pub mod ignore_rules;
pub mod judged;
pub mod known_calls;
mod live;
pub mod names;
pub mod plan_output;
pub mod providers;
pub mod publishing;
pub mod push;
mod reading;
pub mod root_files;
pub mod states;
mod sync_commit;
pub mod trusted;
pub mod unapplied;
mod writing;

use std::cell::OnceCell;
use std::path::Path;
use std::rc::Rc;

pub use reading::{AsOf, load};
pub use writing::WritingDesk;

use super::Session;
use crate::change::secret_guard::Guard;
use crate::error::{Error, Result};
use crate::snapshot::Snapshot;
use crate::store::artefact::{self, Draft};
use crate::store::git::{CommitId, GitRepository};
use crate::store::project::Project;
use crate::store::transaction::{Purpose, Transaction};
use crate::store::worktree;
use crate::validate::Settings;
use crate::validate::rules::secret;

/// A project as a command works with it.
pub struct Desk<'a> {
    /// Where the command runs, and what it says.
    pub session: &'a Session,
    /// The project around the place where the command was started.
    pub project: Project,
    git: OnceCell<Option<Rc<GitRepository>>>,
    files: OnceCell<Snapshot>,
}

impl<'a> Desk<'a> {
    /// Finds the project for a command that asks. A change that an earlier process did not finish is told, and left to a
    /// command that changes something.
    pub fn to_ask(session: &'a Session) -> Result<Self> {
        let desk = Self::to_change(session)?;
        if let Some(unfinished) = Transaction::unfinished(&desk.project) {
            session.note(&unfinished.to_string());
        }
        Ok(desk)
    }

    /// Finds the project for a command that changes something: [`Self::begin`] finishes or undoes what was interrupted.
    pub fn to_change(session: &'a Session) -> Result<Self> {
        Ok(Self::of(Project::find(&session.start)?, session))
    }

    /// The desk of a project that is known.
    pub fn of(project: Project, session: &'a Session) -> Self {
        Self { session, project, git: OnceCell::new(), files: OnceCell::new() }
    }

    pub fn root(&self) -> &Path {
        self.project.root()
    }

    /// Takes the lock, or looks on where nothing is to be changed.
    pub fn begin(&self, purpose: Purpose) -> Result<Transaction> {
        self.session.begin(purpose, &self.project)
    }

    /// The repository that the project lies in; none outside of git.
    pub fn git(&self) -> Result<Option<Rc<GitRepository>>> {
        if let Some(known) = self.git.get() {
            return Ok(known.clone());
        }
        let found = GitRepository::discover(self.root())?.map(Rc::new);
        Ok(self.git.get_or_init(|| found).clone())
    }

    /// The repository, for what needs history.
    pub fn repository(&self) -> Result<Rc<GitRepository>> {
        self.git()?.ok_or_else(|| not_in_git(self.root()))
    }

    /// The commit that is checked out; none before the first, and outside of git.
    pub fn head(&self) -> Result<Option<CommitId>> {
        Ok(self.git()?.map(|git| git.commits().head()).transpose()?.and_then(|head| head.commit()))
    }

    /// The files of the working tree, as they were when they were read first.
    pub fn files(&self) -> Result<&Snapshot> {
        if let Some(known) = self.files.get() {
            return Ok(known);
        }
        let read = worktree::read(self.root())?;
        Ok(self.files.get_or_init(|| read))
    }

    /// What decides whether a value may be written down.
    pub fn guard(&self, settings: &Settings) -> Guard {
        Guard { waived: settings.waived(&secret::RULE, self.session.now), keys: self.session.keys() }
    }

    /// Writes a text into a file that was asked for, named from where the command was started: without the keys of the run,
    /// as whatever is printed, and never over the project's own data.
    pub fn write_masked(&self, file: &Path, text: &str) -> Result<()> {
        self.write_artefact(file, self.session.keys().masked(text).as_bytes())
    }

    /// Writes bytes, in which a mask would break what they say, into a file that was asked for.
    pub fn write_artefact(&self, file: &Path, bytes: &[u8]) -> Result<()> {
        artefact::write(self.root(), &self.session.start, file, bytes)
    }

    /// Begins a file that was asked for and is written piece by piece.
    pub fn begin_artefact(&self, file: &Path) -> Result<Draft> {
        Draft::begin(self.root(), &self.session.start, file)
    }

    /// The project's settings, as they lie on disk.
    pub fn settings(&self) -> Result<Settings> {
        match self.files.get() {
            Some(files) => Ok(Settings::in_snapshot(files)),
            None => Ok(Settings::in_snapshot(&worktree::settings(self.root())?)),
        }
    }
}

/// A repository of its own for a second thread: libgit2's is used by one thread at a time.
fn repository_of_thread(root: &Path) -> Result<GitRepository> {
    GitRepository::discover(root)?.ok_or_else(|| not_in_git(root))
}

fn not_in_git(root: &Path) -> Error {
    Error::cannot_tell(format!("`{}` is not in a git repository", root.display()))
        .hint("run `git init`, and commit `phone-numbers/`")
}
