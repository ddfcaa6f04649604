//! What each commit changed, computed from the files that the commits hold, whoever made them.
//!
//! The input is plain data: a [`Graph`] of commits with the ids of their files, and [`Contents`] to read a file by its
//! id. Two files with one id are one file, so most of a history needs no reading at all. A commit is compared
//! with every parent, and what a merge only brings together is not its own. A file that cannot be read is a gap:
//! the commit says why, and until a commit has the file whole again, its last readable state stands for it.

pub mod blame;
mod compare;
pub mod own;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::hash::Hash;

use compare::Comparer;

use crate::diff::delta::Delta;
use crate::diff::{Changes, revisions};
use crate::error::Result;
use crate::model::paths::FileKind;
use crate::snapshot::Content;

/// The id of a file's content: equal ids mean equal bytes.
pub trait FileId: Copy + Eq + Hash + Debug {}
impl<T: Copy + Eq + Hash + Debug> FileId for T {}

/// Reads contents by their ids.
pub trait Contents<K> {
    /// The content with an id; an error ends the history there.
    fn read(&mut self, id: K) -> Result<Content>;
}

/// What a commit stores at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored<K> {
    /// A regular file.
    File(K),
    /// Something that is not read, and why.
    Irregular(&'static str),
}

/// The directory's files in a commit: `directory.json` and the two files of each workspace.
pub type Listing<K> = BTreeMap<FileKind, Stored<K>>;

/// One commit, by the places of its parents and of its files in the [`Graph`].
#[derive(Clone, Debug)]
pub struct Commit {
    /// The parents that are here, in order.
    pub parents: Vec<usize>,
    /// Whether parents are missing, as at the edge of a shallow clone: then nothing can be said of the commit.
    pub is_cut_off: bool,
    /// The files; or why the commit cannot be read.
    pub listing: Result<usize, String>,
}

/// The commits of a history, children before their parents.
#[derive(Clone, Debug)]
pub struct Graph<K> {
    /// The commits.
    pub commits: Vec<Commit>,
    /// The listings, each once: most commits of a repository share theirs with a parent.
    pub listings: Vec<Listing<K>>,
}

/// What one commit changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The commit's place in the graph.
    pub commit: usize,
    /// Why something in it could not be read.
    pub gap: Option<String>,
    /// What it changed itself.
    pub changes: Changes,
}

/// Computes the rows of a history, one commit at a time, in any order.
pub struct History<'a, K, C> {
    graph: &'a Graph<K>,
    comparer: Comparer<K, C>,
}

impl<'a, K: FileId, C: Contents<K>> History<'a, K, C> {
    /// Prepares to read a graph.
    pub fn new(graph: &'a Graph<K>, contents: C) -> Self {
        Self { graph, comparer: Comparer::new(contents) }
    }

    /// Whether a commit has other files than each of its parents, or cannot be read: only then can it have a row.
    pub fn may_have_row(&self, commit: usize) -> bool {
        let at = &self.graph.commits[commit];
        at.listing.is_err() || !(at.is_cut_off || at.parents.iter().any(|parent| self.has_same_files(commit, *parent)))
    }

    /// What a commit changed itself; none where it changed nothing and could be read.
    pub fn row(&mut self, commit: usize) -> Result<Option<Row>> {
        let at = &self.graph.commits[commit];
        if let Err(problem) = &at.listing {
            return Ok(Some(Row { commit, gap: Some(problem.clone()), changes: Changes::default() }));
        }
        if !self.may_have_row(commit) {
            return Ok(None);
        }
        let changes = self.own_changes(commit, &at.parents)?;
        let gap = self.gap(commit)?;
        Ok((gap.is_some() || !changes.is_empty()).then_some(Row { commit, gap, changes }))
    }

    fn has_same_files(&self, commit: usize, parent: usize) -> bool {
        let listing = |at: usize| self.graph.commits[at].listing.as_ref().ok();
        listing(commit) == listing(parent)
    }

    fn own_changes(&mut self, commit: usize, parents: &[usize]) -> Result<Changes> {
        if parents.is_empty() {
            return self.changes_since(None, commit);
        }
        let mut all = Vec::new();
        for parent in parents {
            let changes = self.changes_since(Some(*parent), commit)?;
            if changes.is_empty() {
                return Ok(changes);
            }
            all.push(changes);
        }
        Ok(own::of_merge(all))
    }

    /// How a commit differs from a parent, or from nothing.
    fn changes_since(&mut self, parent: Option<usize>, commit: usize) -> Result<Changes> {
        let mut delta = Delta::default();
        for kind in self.kinds([Some(commit), parent]) {
            let (from, to) = (parent.and_then(|parent| self.own(parent, &kind)), self.own(commit, &kind));
            if from == to {
                continue;
            }
            // First as they are: in most commits both are readable, and one comparison shows it.
            self.comparer.meet(&kind, file(from), file(to))?;
            let from = parent.map(|parent| self.effective(parent, &kind)).transpose()?.flatten();
            let to = self.effective(commit, &kind)?;
            if from != to {
                self.comparer.add(&kind, from, to, &mut delta)?;
            }
        }
        Ok(revisions::of_delta(&delta))
    }

    fn kinds(&self, commits: [Option<usize>; 2]) -> BTreeSet<FileKind> {
        let listings = commits.into_iter().flatten().filter_map(|commit| self.listing(commit));
        listings.flat_map(|listing| listing.keys().cloned()).collect()
    }

    fn listing(&self, commit: usize) -> Option<&'a Listing<K>> {
        let listing = self.graph.commits[commit].listing.as_ref().ok()?;
        self.graph.listings.get(*listing)
    }

    fn own(&self, commit: usize, kind: &FileKind) -> Option<Stored<K>> {
        self.listing(commit)?.get(kind).copied()
    }

    /// The file as a commit has it, or as it was when it could last be read: in the parent that has the same file, else
    /// in the first.
    fn effective(&mut self, mut commit: usize, kind: &FileKind) -> Result<Option<K>> {
        loop {
            let is_readable_commit = self.graph.commits[commit].listing.is_ok();
            match self.own(commit, kind) {
                None if is_readable_commit => return Ok(None),
                Some(Stored::File(id)) if self.comparer.problem(kind, id)?.is_none() => return Ok(Some(id)),
                _ => {}
            }
            let parents = &self.graph.commits[commit].parents;
            let same = parents.iter().find(|parent| self.own(**parent, kind) == self.own(commit, kind));
            match same.or(parents.first()) {
                Some(parent) => commit = *parent,
                None => return Ok(None),
            }
        }
    }

    /// Why a file that this commit brought cannot be read.
    fn gap(&mut self, commit: usize) -> Result<Option<String>> {
        let graph = self.graph;
        let Some(listing) = self.listing(commit) else { return Ok(None) };
        for (kind, stored) in listing {
            let inherited = |parent: &usize| self.own(*parent, kind) == Some(*stored);
            if graph.commits[commit].parents.iter().any(inherited) {
                continue;
            }
            let problem = match stored {
                Stored::File(id) => self.comparer.problem(kind, *id)?,
                Stored::Irregular(what) => Some(compare::irregular(kind, what)),
            };
            if problem.is_some() {
                return Ok(problem);
            }
        }
        Ok(None)
    }
}

fn file<K>(stored: Option<Stored<K>>) -> Option<K> {
    match stored {
        Some(Stored::File(id)) => Some(id),
        _ => None,
    }
}
