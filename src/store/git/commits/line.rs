//! First-parent lines: what a branch had at a moment, and what a merge brought is one commit of.

use chrono::{DateTime, Utc};

use super::{Ancestor, GitCommits};
use crate::error::Result;
use crate::store::git::CommitId;

/// Where a first-parent line stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinePosition {
    At(CommitId),
    NotBegun,
    /// This clone does not have the line so far back.
    NotHere,
}

impl LinePosition {
    pub(super) fn commit(self) -> Option<CommitId> {
        match self {
            Self::At(commit) => Some(commit),
            Self::NotBegun | Self::NotHere => None,
        }
    }
}

impl GitCommits<'_> {
    /// Where the first-parent line of HEAD stood at each of the moments, which are given with the latest first.
    pub fn line_at(self, moments: &[DateTime<Utc>]) -> Result<Vec<LinePosition>> {
        let mut at = self.head()?.commit().map_or(LinePosition::NotBegun, LinePosition::At);
        moments.iter().map(|moment| self.back_to(*moment, &mut at).map(|()| at)).collect()
    }

    /// The last commit on the first-parent line of `tip` that was made at or before `moment`; none where no commit that is
    /// known here is as old.
    pub(super) fn first_parent_at(self, tip: &CommitId, moment: DateTime<Utc>) -> Result<Option<CommitId>> {
        let mut at = LinePosition::At(*tip);
        self.back_to(moment, &mut at)?;
        Ok(at.commit())
    }

    fn back_to(self, moment: DateTime<Utc>, at: &mut LinePosition) -> Result<()> {
        while let LinePosition::At(commit) = *at {
            let ancestor = self.ancestor(&commit)?;
            if ancestor.committed.is_some_and(|committed| committed <= moment) {
                break;
            }
            *at = self.first_parent(&ancestor)?;
        }
        Ok(())
    }

    /// Where the line goes on behind a commit: beyond the edge of a shallow clone the parent is named, and not there.
    pub(super) fn first_parent(self, commit: &Ancestor) -> Result<LinePosition> {
        Ok(match commit.parents.first() {
            None => LinePosition::NotBegun,
            Some(parent) if !self.is_shallow() || self.has(parent)? => LinePosition::At(*parent),
            Some(_) => LinePosition::NotHere,
        })
    }
}
