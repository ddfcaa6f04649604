//! What has to be true before a command changes files that it means to commit.

use std::path::Path;

use git2::RepositoryState;

use super::index::InConflict;
use super::locked_file::lock_of;
use super::program::{Git, refused};
use super::{GitRepository, Head};
use crate::error::{Error, Result};
use crate::store::path::ProjectPath;

/// What to do about edits in the directory's files that are not committed yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Uncommitted {
    /// Refuse, and name them.
    Refuse,
    /// Commit them along (`--allow-dirty`).
    CommitAlong,
}

/// Proof that a commit may be made, and on what. A commit needs one, so that none can be made without the checks.
#[derive(Clone, Debug)]
pub struct Ready {
    pub(super) base: Head,
    /// The tracked directory files with uncommitted edits, which the commit takes along; sorted.
    pub uncommitted: Vec<ProjectPath>,
}

impl Ready {
    /// Where HEAD was when the checks were made.
    pub fn base(&self) -> &Head {
        &self.base
    }
}

impl GitRepository {
    /// Checks that a commit can be made now: no operation in progress, no lock held, an identity, no stray edits.
    ///
    /// Call it with the project's lock held ([`Transaction::begin`](crate::store::transaction::Transaction::begin)),
    /// before the first request to a provider, so that nothing is done that could not be recorded.
    pub fn preflight(&self, uncommitted: Uncommitted) -> Result<Ready> {
        self.refuse_operation_in_progress()?;
        let base = self.commits().head()?;
        self.refuse_locks(&base)?;
        self.refuse_missing_identity()?;
        self.index().open_index()?;
        let edits = self.index().listed(Git::new(self, "status"), "--untracked-files=no", InConflict::Refused)?;
        if uncommitted == Uncommitted::Refuse && !edits.is_empty() {
            return Err(dirty(&edits));
        }
        Ok(Ready { base, uncommitted: edits })
    }

    /// Fails while a merge, a rebase or the like is unfinished.
    pub fn refuse_operation_in_progress(&self) -> Result<()> {
        let Some((operation, command)) = self.operation_in_progress() else { return Ok(()) };
        Err(Error::failed(format!("{operation} is in progress in this repository"))
            .hint(format!("finish it with {command}, then run this again; `--no-commit` writes the files only")))
    }

    /// The merge, rebase or the like that is unfinished, and what ends it, both in words.
    pub fn operation_in_progress(&self) -> Option<(&'static str, &'static str)> {
        operation(self.repository.state())
    }

    fn refuse_locks(&self, base: &Head) -> Result<()> {
        let branch = match base {
            Head::Detached { .. } => None,
            _ => Some(self.shared_folder().join(format!("{}.lock", base.reference()))),
        };
        // In a hook the index in force may itself be the lock of git's own index: then a commit is being made.
        let own = ["index.lock", "HEAD.lock"].map(|name| self.git_folder().join(name));
        let mut locks = own.into_iter().chain([lock_of(&self.index_path)]).chain(branch);
        match locks.find(|path| path.symlink_metadata().is_ok()) {
            Some(path) => Err(held(&path)),
            None => Ok(()),
        }
    }

    /// git takes a name from the system when none is configured, which is hardly what an author wants to be called.
    fn refuse_missing_identity(&self) -> Result<()> {
        for variable in ["GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT"] {
            let output = Git::new(self, "var").setting("user.useConfigOnly=true").args([variable]).output()?;
            if !output.status.success() {
                return Err(refused("make a commit, because git does not know who you are", &output)
                    .hint("run `git config user.name \"Your Name\"` and `git config user.email you@example.com`"));
            }
        }
        Ok(())
    }
}

/// The error for a lock of git's that is held.
pub(super) fn held(lock: &Path) -> Error {
    Error::failed(format!("git is busy: `{}` exists", lock.display()))
        .hint("wait until the other git command is done; if none is running, remove that file")
}

fn dirty(edits: &[ProjectPath]) -> Error {
    let names: Vec<String> = edits.iter().map(|path| format!("`{path}`")).collect();
    Error::refused(format!("there are uncommitted edits in {}", names.join(", ")), "--allow-dirty")
        .hint("commit or stash them first; `--allow-dirty` keeps them and commits them along")
}

fn operation(state: RepositoryState) -> Option<(&'static str, &'static str)> {
    match state {
        RepositoryState::Clean => None,
        RepositoryState::Merge => Some(("a merge", "`git merge --continue` or `--abort`")),
        RepositoryState::Revert | RepositoryState::RevertSequence => {
            Some(("a revert", "`git revert --continue` or `--abort`"))
        }
        RepositoryState::CherryPick | RepositoryState::CherryPickSequence => {
            Some(("a cherry-pick", "`git cherry-pick --continue` or `--abort`"))
        }
        RepositoryState::Bisect => Some(("a bisection", "`git bisect reset`")),
        RepositoryState::Rebase | RepositoryState::RebaseInteractive | RepositoryState::RebaseMerge => {
            Some(("a rebase", "`git rebase --continue` or `--abort`"))
        }
        RepositoryState::ApplyMailbox | RepositoryState::ApplyMailboxOrRebase => {
            Some(("applying mailed patches", "`git am --continue` or `--abort`"))
        }
    }
}
