//! The first-parent line of HEAD at several moments.

use chrono::{DateTime, Utc};

use super::GitCommits;
use crate::error::Result;
use crate::store::git::CommitId;

/// Where the first-parent line of HEAD stood at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinePosition {
    At(CommitId),
    NotBegun,
    /// This clone does not have the line so far back.
    NotHere,
}

impl GitCommits<'_> {
    /// Where the first-parent line of HEAD stood at each of the moments, which are given with the latest first.
    pub fn line_at(self, moments: &[DateTime<Utc>]) -> Result<Vec<LinePosition>> {
        let mut at = match self.head()?.commit() {
            Some(tip) => LinePosition::At(tip),
            None => LinePosition::NotBegun,
        };
        let mut positions = Vec::with_capacity(moments.len());
        for moment in moments {
            while let LinePosition::At(commit) = at {
                let ancestor = self.ancestor(&commit)?;
                if ancestor.committed.is_some_and(|committed| committed <= *moment) {
                    break;
                }
                at = match ancestor.parents.first() {
                    None => LinePosition::NotBegun,
                    Some(parent) if self.has(parent)? => LinePosition::At(*parent),
                    Some(_) => LinePosition::NotHere,
                };
            }
            positions.push(at);
        }
        Ok(positions)
    }
}
