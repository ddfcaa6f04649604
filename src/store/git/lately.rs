//! The commits that came into a branch since a moment.

use chrono::{DateTime, Utc};

use super::program::Git;
use super::{CommitId, GitRepository};
use crate::error::Result;

/// What came into a branch.
#[derive(Debug)]
pub struct LatelyCommitted {
    /// The commits, children before their parents.
    pub commits: Vec<CommitId>,
    /// Whether a shallow clone hides some.
    pub is_cut: bool,
}

impl GitRepository {
    /// Lists what `tip` has and the newest commit of its first-parent line that was made at or before `moment` has not;
    /// everything where no commit is as old.
    pub fn committed_since(&self, tip: &CommitId, moment: DateTime<Utc>) -> Result<LatelyCommitted> {
        let base = self.first_parent_at(tip, moment)?;
        let mut words = vec!["--topo-order".to_owned(), tip.to_string()];
        words.extend(base.map(|base| format!("^{base}")));
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let listed = Git::new(self, "rev-list").args(words).run("list commits")?;
        let commits = String::from_utf8_lossy(&listed).lines().map(CommitId::parse).collect::<Result<_>>()?;
        Ok(LatelyCommitted { commits, is_cut: base.is_none() && self.is_shallow() })
    }
}
