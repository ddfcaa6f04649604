//! Commits: where HEAD is, what they say, how they follow from each other, and how one is made.

mod header;
mod line;
mod naming;
mod ranges;
mod reference_locks;
mod walk;
mod writing;

use git2::ErrorCode;

use self::header::Ancestor;
pub use self::header::{Header, Parents};
pub use self::line::LinePosition;
pub(super) use self::reference_locks::release_own_lock;
pub use self::walk::{Walk, WalkedCommit, WalkedFiles};
pub use self::writing::{CommitRequest, Committed};
use super::{CommitId, GitRepository, UNSHALLOW, unexpected};
use crate::error::{Error, Result};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Head {
    /// On a branch that has no commit yet.
    Unborn {
        /// The full ref name, such as `refs/heads/main`.
        reference: String,
    },
    Branch {
        /// The full ref name, such as `refs/heads/main`.
        reference: String,
        id: CommitId,
    },
    /// On a commit, without a branch.
    Detached { id: CommitId },
}

impl Head {
    /// The commit, unless there is none yet.
    pub fn commit(&self) -> Option<CommitId> {
        match self {
            Self::Unborn { .. } => None,
            Self::Branch { id, .. } | Self::Detached { id } => Some(*id),
        }
    }

    /// The full name of the ref that a commit moves.
    pub fn reference(&self) -> &str {
        match self {
            Self::Unborn { reference } | Self::Branch { reference, .. } => reference,
            Self::Detached { .. } => "HEAD",
        }
    }
}

/// The commits of a repository, and its branches.
#[derive(Clone, Copy)]
pub struct GitCommits<'r> {
    pub(super) git: &'r GitRepository,
}

impl GitCommits<'_> {
    pub fn head(self) -> Result<Head> {
        let failed = |error| unexpected("read HEAD", error);
        let head = self.git.repository.find_reference("HEAD").map_err(failed)?;
        let Some(reference) = head.symbolic_target_bytes() else {
            let id = head.target().ok_or_else(|| Error::failed("HEAD points nowhere"))?;
            return Ok(Head::Detached { id: CommitId(id) });
        };
        let reference = String::from_utf8(reference.to_vec())
            .map_err(|error| Error::failed("the branch's name is not UTF-8").caused_by(error))?;
        match self.git.repository.refname_to_id(&reference) {
            Ok(id) => Ok(Head::Branch { reference, id: CommitId(id) }),
            Err(error) if error.code() == ErrorCode::NotFound => Ok(Head::Unborn { reference }),
            Err(error) => Err(failed(error)),
        }
    }

    /// Whether the history ends early (`git clone --depth`): its last commits look as if they had no parents.
    pub fn is_shallow(self) -> bool {
        self.git.repository.is_shallow()
    }

    /// The best common ancestor of two commits; without one, or in a shallow clone that hides it, exit code 3.
    pub fn merge_base(self, one: &CommitId, other: &CommitId) -> Result<CommitId> {
        match self.git.repository.merge_base(one.0, other.0) {
            Ok(id) => Ok(CommitId(id)),
            Err(error) if error.code() == ErrorCode::NotFound && self.is_shallow() => {
                Err(Error::cannot_tell("this clone is shallow, and has no merge base of the two revisions")
                    .hint(UNSHALLOW))
            }
            Err(error) if error.code() == ErrorCode::NotFound => {
                Err(Error::cannot_tell(format!("{} and {} have no common ancestor", one.short(), other.short())))
            }
            Err(error) => Err(unexpected("find the merge base", error)),
        }
    }

    /// Whether the commit is in this clone: beyond the edge of a shallow one it is not.
    pub fn has(self, commit: &CommitId) -> Result<bool> {
        let odb = self.git.repository.odb().map_err(|error| unexpected("open git's object store", error))?;
        Ok(odb.exists(commit.0))
    }

    /// Whether `commit` is `tip` or one of its ancestors.
    pub(super) fn contains(self, tip: &CommitId, commit: &CommitId) -> Result<bool> {
        let descends = || self.git.repository.graph_descendant_of(tip.0, commit.0);
        Ok(tip == commit || descends().map_err(|error| unexpected("walk the history", error))?)
    }
}
