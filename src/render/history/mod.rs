//! A history as text, JSON, CSV and Markdown, written commit by commit and piece by piece, however long it is.

pub mod blame;
pub mod csv;
pub mod json;
pub mod markdown;
pub mod text;

use std::cell::RefCell;
use std::io;

use serde::{Serialize, Serializer};

use crate::diff::{Changes, PoolDefinitionChange};

/// One commit, as it is printed above its changes.
#[derive(Clone, Debug, Serialize)]
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uncertain: Option<String>,
    /// What a merge's sides had changed, and the merge does not have.
    #[serde(serialize_with = "list", skip_serializing_if = "Changes::is_empty")]
    pub dropped: Changes,
    /// The pools that it made, changed or deleted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
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

fn list<S: Serializer>(changes: &Changes, serializer: S) -> Result<S::Ok, S::Error> {
    changes.list.serialize(serializer)
}

/// A commit's changes piece by piece, in order of number; none of the pieces is empty.
pub type ChangePieces<'a> = Box<dyn Iterator<Item = Changes> + 'a>;

/// The commits of a history, read while they are written.
pub trait CommitSource<'a>: Iterator<Item = (Heading, ChangePieces<'a>)> {
    /// Why the history ended early; known at its end.
    fn stopped(&self) -> Option<&str>;
}

/// A format in which a history is written.
pub trait HistoryFormat {
    /// Writes what is known of a piece before it asks for the next: what was written is printed when the next is asked for.
    fn write(&self, commits: &mut dyn CommitSource<'_>, out: &Unprinted);

    /// What was written, as it is printed.
    fn shown(&self, written: String) -> String {
        written
    }
}

/// What a format wrote and the command has not printed yet.
#[derive(Default)]
pub struct Unprinted(RefCell<Vec<u8>>);

impl Unprinted {
    fn push(&self, text: &str) {
        self.0.borrow_mut().extend_from_slice(text.as_bytes());
    }

    pub fn take(&self) -> String {
        String::from_utf8(self.0.take()).expect("formats write text")
    }
}

impl io::Write for &Unprinted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_all(bytes).map(|()| bytes.len())
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What is written where nothing was found.
const NOTHING: &str = "No commit changed anything that was asked for.\n";
