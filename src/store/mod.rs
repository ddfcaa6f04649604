//! Where the project's files live: the working tree, git's index and commits, and the one way to change them.
//!
//! The only place for git2, for the `git` program and for writing files. It hands out plain data (a
//! [`Snapshot`](crate::snapshot::Snapshot), ids, dates) and knows nothing of what the files mean.
//!
//! - [`project`]: which folder is the project's root.
//! - [`calls`]: the store of calls, in SQLite or on a PostgreSQL server; the only place for both of their libraries.
//! - [`worktree`]: the files as they lie on disk.
//! - [`git`]: the index, commits, and what a commit needs.
//! - [`comparisons`]: what comparing versions of a file showed, kept for the next question: the only cache.
//! - [`hooks_folder`]: the folder from which git runs hooks; no project file is in it.
//! - [`transaction`]: lock, recovery, writing, committing. Nothing else changes a file of the project.

pub mod artefact;
pub mod calls;
pub mod comparisons;
mod disk;
pub mod fault;
pub mod git;
pub mod hooks_folder;
mod lock;
pub mod losses;
pub mod outstanding;
pub mod path;
pub mod project;
mod project_file;
pub mod regular_file;
pub mod revision;
mod state;
pub mod transaction;
pub mod worktree;
