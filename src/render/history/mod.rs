//! A history as text, JSON, CSV and Markdown, written commit by commit and piece by piece, however long it is.

pub mod blame;
pub mod csv;
pub mod json;
pub mod markdown;
pub mod text;

use crate::diff::{Changes, PoolDefinitionChange};

/// One commit, as it is printed above its changes.
#[derive(Clone, Debug)]
pub struct Heading {
    pub commit: String,
    /// The ids of its parents.
    pub parents: Vec<String>,
    /// The committer's time, RFC 3339 in UTC; none where the commit has no readable one.
    pub date: Option<String>,
    /// `Name <mail>` of the author.
    pub author: Option<String>,
    /// `Name <mail>` of the committer.
    pub committer: Option<String>,
    /// The first line of the message.
    pub summary: String,
    /// Why something in the commit could not be read.
    pub gap: Option<String>,
    /// Why what it changed may have happened before.
    pub uncertain: Option<String>,
    /// What a merge's sides had changed, and the merge does not have.
    pub dropped: Changes,
    /// The pools that it made, changed or deleted.
    pub pools: Vec<PoolDefinitionChange>,
}

impl Heading {
    /// The first 10 digits of the id.
    pub fn short(&self) -> &str {
        self.commit.get(..10).unwrap_or(&self.commit)
    }

    /// The committer, where that is another person than the author.
    pub fn other_committer(&self) -> Option<&str> {
        self.committer.as_deref().filter(|committer| Some(*committer) != self.author.as_deref())
    }
}

/// Which one of several pieces something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Nothing of its kind was written before.
    First,
    Later,
}

/// A format in which a history is written. Its methods are called in this order: `start`, then for each commit `open`,
/// `changes` for each piece and `close`, then `end`.
pub trait HistoryFormat {
    /// What stands before the first commit; not asked for where there is none and [`Self::end`] says it all.
    fn start(&self) -> String {
        String::new()
    }

    /// What stands above a commit's changes.
    fn open(&self, commit: &Heading, turn: Turn) -> String;

    /// Some of a commit's changes, in order of number.
    fn changes(&self, commit: &Heading, changes: &Changes, turn: Turn) -> String;

    /// What stands below a commit's changes; the turn is the one that another piece would have had.
    fn close(&self, _commit: &Heading, _turn: Turn) -> String {
        String::new()
    }

    /// What stands at the end; the turn is the one that another commit would have had.
    fn end(&self, stopped: Option<&str>, turn: Turn) -> String;
}

/// What is written where nothing was found.
const NOTHING: &str = "No commit changed anything that was asked for.\n";
