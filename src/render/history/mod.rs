//! A history as text, JSON, CSV and Markdown.

pub mod blame;
pub mod csv;
pub mod json;
pub mod markdown;
pub mod text;

use crate::diff::Changes;

/// One commit, as it is printed.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The full id.
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
    /// What it changed.
    pub changes: Changes,
}

impl Entry {
    /// The first 10 digits of the id.
    pub fn short(&self) -> &str {
        self.commit.get(..10).unwrap_or(&self.commit)
    }

    /// The committer, where that is somebody else than the author.
    pub fn other_committer(&self) -> Option<&str> {
        self.committer.as_deref().filter(|committer| Some(*committer) != self.author.as_deref())
    }
}

/// A history, newest first.
#[derive(Clone, Debug)]
pub struct Timeline {
    /// The commits that changed something, or could not be read.
    pub entries: Vec<Entry>,
    /// Why it ends early.
    pub stopped: Option<String>,
}
