//! The commits between two others, or since a moment, as git lists them.

use chrono::{DateTime, Utc};

use super::GitCommits;
use crate::error::Result;
use crate::store::git::CommitId;
use crate::store::git::program::Git;

/// What came into a branch.
#[derive(Debug)]
pub struct LatelyCommitted {
    /// The commits, children before their parents.
    pub commits: Vec<CommitId>,
    /// Whether a shallow clone hides some.
    pub is_cut: bool,
}

impl GitCommits<'_> {
    /// Lists what `tip` has and the newest commit of its first-parent line that was made at or before `moment` has not;
    /// everything where no commit is as old.
    pub fn committed_since(self, tip: &CommitId, moment: DateTime<Utc>) -> Result<LatelyCommitted> {
        let base = self.first_parent_at(tip, moment)?;
        let commits = self.listed([tip.to_string()].into_iter().chain(base.map(|base| format!("^{base}"))))?;
        Ok(LatelyCommitted { commits, is_cut: base.is_none() && self.is_shallow() })
    }

    /// The commits that `tip` has and `base` has not, oldest first.
    pub fn commits_since(self, base: &CommitId, tip: &CommitId) -> Result<Vec<CommitId>> {
        self.listed(["--reverse".to_owned(), format!("{base}..{tip}")])
    }

    fn listed(self, words: impl IntoIterator<Item = String>) -> Result<Vec<CommitId>> {
        let listed = Git::new(self.git, "rev-list").args(["--topo-order"]).args(words).run("list commits")?;
        String::from_utf8_lossy(&listed).lines().map(CommitId::parse).collect()
    }
}
