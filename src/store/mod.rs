//! Where the project's files live: the working tree, git's index and commits, and the one way to change them.
//!
//! The only place for git2, for the `git` program and for writing files. It hands out plain data (a
//! [`Snapshot`](crate::snapshot::Snapshot), ids, dates) and knows nothing of what the files mean.
//!
//! - [`project`]: which folder is the project's root.
//! - [`worktree`]: the files as they lie on disk.
//! - [`git`]: the index, commits, and what a commit needs.
//! - [`transaction`]: lock, recovery, writing, committing. Nothing else changes a file.

pub mod artefact;
mod change;
pub mod fault;
pub mod git;
mod journal;
mod lock;
pub mod path;
pub mod project;
mod recovery;
mod replace;
pub mod revision;
mod scope;
mod state;
pub mod transaction;
pub mod worktree;
