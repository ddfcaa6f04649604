//! Changes that another process began and did not end: as a question sees them, and what became of them.

use std::fmt;

use super::Transaction;
use super::journal::{Begun, Journal};
use crate::store::lock;
use crate::store::path::ProjectPath;
use crate::store::project::Project;
use crate::store::state::State;

/// What became of a change that an earlier process did not end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recovery {
    /// Its files are as they were before. Those named were edited since, and were left alone.
    Undone {
        /// The files that were edited after the interruption.
        left: Vec<ProjectPath>,
    },
    /// It had been committed; only git's index was behind.
    Finished { commit: String },
    /// It was about git's index or settings alone, which are whole either way; git's lock is released.
    Released,
    /// It was begun in another copy of the repository, or by an earlier version: nothing of it was followed.
    NotFollowed,
}

impl fmt::Display for Recovery {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Finished { commit } => write!(formatter, "finished an interrupted change, commit {commit:.10}"),
            Self::Released => formatter.write_str("cleared up after an interrupted change; run its command again"),
            Self::NotFollowed => formatter.write_str(
                "left alone what another copy of this project, or an older phone-dir, had begun: see `git status`",
            ),
            Self::Undone { left } if left.is_empty() => {
                formatter.write_str("undid an interrupted change; run its command again")
            }
            Self::Undone { left } => {
                let names: Vec<String> = left.iter().map(|path| format!("`{path}`")).collect();
                write!(formatter, "undid an interrupted change, except in {}, edited since then", names.join(", "))
            }
        }
    }
}

/// A change that was interrupted, as a question sees it, which leaves it alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfinished {
    Here,
    /// It was begun in another copy of the project, or by an earlier version.
    Elsewhere,
    Unreadable,
}

impl fmt::Display for Unfinished {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Here => {
                "a change of this directory was interrupted and is unfinished; the answer is from the files as they are, each \
                 of them whole. The next command that changes the directory finishes or undoes it; so does `phone-dir fmt`"
            }
            Self::Elsewhere => {
                "the record of an unfinished change lies here, begun in another copy of this project or by an older \
                 phone-dir. It is ignored: nothing is finished or undone by it"
            }
            Self::Unreadable => {
                "the record of an unfinished change lies here, and cannot be understood; a command that changes the \
                 directory says why"
            }
        })
    }
}

impl Transaction {
    /// Whether a change was interrupted, for a command that only asks: it touches nothing. A change that another process
    /// is making right now is that one's.
    pub fn unfinished(project: &Project) -> Option<Unfinished> {
        // Whatever is wrong with the places is told to those who want to change something.
        let state = State::of(project.root()).ok()?;
        let is_there = std::fs::symlink_metadata(state.journal()).is_ok();
        if !is_there || lock::is_held(&state.lock()) {
            return None;
        }
        match Journal::at(&state.journal(), state.owner().ok()?).read() {
            Ok(Begun::Nothing) => None,
            Ok(Begun::Here(_)) => Some(Unfinished::Here),
            Ok(Begun::Elsewhere) => Some(Unfinished::Elsewhere),
            Err(_) => Some(Unfinished::Unreadable),
        }
    }
}
