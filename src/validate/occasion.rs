//! What a validation is told beside the files: where they are from, when it is, and what was committed before.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use crate::decision::Registration;
use crate::model::names::{Lookalike, are_one};
use crate::model::{Directory, Setting, Timestamp, paths};
use crate::snapshot::Snapshot;

/// Where the files came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    Worktree,
    Index,
    /// A commit, by its full id.
    Commit(String),
    /// Several commits, by the range that the user gave.
    Range(String),
}

/// What a validation is told beside the files: where they are from, and when it is.
#[derive(Clone, Debug)]
pub struct Occasion {
    /// Where the files came from.
    pub source: Source,
    /// The time that waivers and syncs are measured by.
    pub now: Timestamp,
    /// The files of the working tree that must never be committed and that git tracks all the same.
    pub tracked: Vec<String>,
    /// The names, inside of the project and beside it, that a file system may take for the project's own.
    pub lookalikes: BTreeSet<Lookalike>,
    /// The directory of each commit before, where there is one: of a workspace whose files are as they were there, it may
    /// have nothing.
    pub before: Vec<Arc<Directory>>,
    /// When what Retell does not have was decided; none where it was not looked up.
    pub decided: Option<DecisionDates>,
}

/// When decisions were committed.
pub type DecisionDates = BTreeMap<(Registration, Setting), Timestamp>;

impl Occasion {
    /// A validation of files from `source` at a time.
    pub fn new(source: Source, now: Timestamp) -> Self {
        Self { source, now, tracked: Vec::new(), lookalikes: BTreeSet::new(), before: Vec::new(), decided: None }
    }

    /// Whether there is a project to check, be it under a name that only looks like ours.
    pub fn has_project(&self, snapshot: &Snapshot) -> bool {
        snapshot.has_directory() || self.lookalikes.iter().any(|found| are_one(&found.place, paths::FOLDER))
    }

    /// The same, judged against the commits before.
    #[must_use]
    pub fn after(self, before: Vec<Arc<Directory>>) -> Self {
        Self { before, ..self }
    }

    /// Whether a file is, or will be, in git, as far as its name says.
    pub fn is_committed(&self, path: &str) -> bool {
        self.source != Source::Worktree
            || !paths::is_never_committed(path)
            || self.tracked.iter().any(|tracked| tracked == path)
    }
}

impl fmt::Display for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Worktree => formatter.write_str("worktree"),
            Self::Index => formatter.write_str("index"),
            Self::Commit(id) => formatter.write_str(id),
            Self::Range(range) => formatter.write_str(range),
        }
    }
}
