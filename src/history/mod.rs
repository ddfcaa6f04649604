//! What each commit changed, computed from the files that the commits hold, however they were made.
//!
//! The input is plain data: a [`Graph`] of commits with the ids of their files, and [`Contents`] to read a file by its
//! id. Two files with one id are one file, so most of a history needs no reading at all. A commit is compared
//! with every parent, and what a merge only brings together is not its own. A file that cannot be read is a gap:
//! the commit says why, and until a commit has the file whole again, its last readable state stands for it.

pub mod blame;
mod compare;
mod dropped;
mod graph;
pub mod merge_commit;

use std::collections::BTreeSet;

use self::compare::Comparer;
use self::graph::file;
pub use self::graph::{Commit, FileId, Graph, Listing, Stored};
use crate::diff::delta::{Delta, PIECE};
use crate::diff::{Changes, PoolDefinitionChange, revisions};
use crate::error::Result;
use crate::model::PhoneNumber;
use crate::snapshot::Content;

/// Reads contents by their ids.
pub trait Contents<K> {
    /// The content with an id; an error ends the history there.
    fn read(&mut self, id: K) -> Result<Content>;

    /// What [`keep`](Self::keep) was given for two contents, in this run or an earlier one; none where it is not known.
    fn recall(&mut self, _of: [K; 2]) -> Option<Vec<u8>> {
        None
    }

    /// Takes what comparing two contents showed, which is the same for ever, to spare the next run their reading.
    fn keep(&mut self, _of: [K; 2], _seen: &[u8]) {}
}

/// What one commit changed.
#[derive(Clone, Debug)]
pub struct HistoryRow {
    /// Why something in it could not be read.
    pub gap: Option<String>,
    /// What it changed itself; without a gap, this may still turn out to be nothing.
    pub changes: CommitChanges,
    /// Commits before it whose files cannot be read: what it changed may have happened there.
    pub unread: Vec<usize>,
    /// What its sides had changed, and it does not have.
    pub dropped: Changes,
}

/// What a commit changed, not yet in full: a commit of ten thousand numbers is told some numbers at a time.
#[derive(Clone, Debug)]
pub enum CommitChanges {
    Whole(Changes),
    /// The entries that differ, whose meaning is still to be worked out.
    Entries(Delta),
}

impl CommitChanges {
    /// Takes out the pools that were made, changed or deleted: they are told before the numbers.
    pub fn take_pools(&mut self) -> Vec<PoolDefinitionChange> {
        match self {
            Self::Whole(changes) => std::mem::take(&mut changes.pools),
            Self::Entries(delta) => std::mem::take(&mut delta.pools),
        }
    }

    /// The changes by and by, in order of number; none of the pieces is empty.
    pub fn pieces(self) -> impl Iterator<Item = Changes> {
        let (whole, delta) = match self {
            Self::Whole(changes) => (Some(changes), Delta::default()),
            Self::Entries(delta) => (None, delta),
        };
        let told = delta.pieces(PIECE).map(|piece| revisions::of_delta(&piece));
        whole.into_iter().chain(told).filter(|changes| !changes.is_empty())
    }
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

    #[must_use]
    pub fn about(mut self, number: Option<PhoneNumber>) -> Self {
        self.comparer.only = number;
        self
    }

    /// How a commit differs from one of its parents.
    fn differences(&mut self, parent: usize, commit: usize) -> Result<Delta> {
        if self.graph.has_same_files(commit, parent) {
            return Ok(Delta::default());
        }
        self.delta(Some(parent), commit)
    }

    /// What a commit changed itself; none where it changed nothing and could be read.
    pub fn row(&mut self, commit: usize) -> Result<Option<HistoryRow>> {
        let at = &self.graph.commits[commit];
        if let Err(problem) = &at.listing {
            return Ok(Some(HistoryRow {
                gap: Some(problem.clone()),
                changes: CommitChanges::Whole(Changes::default()),
                unread: Vec::new(),
                dropped: Changes::default(),
            }));
        }
        if !self.graph.may_have_row(commit) {
            return Ok(None);
        }
        let changes = self.own_changes(commit, &at.parents)?;
        let dropped = match &changes {
            CommitChanges::Whole(own) => self.dropped(commit, own)?,
            CommitChanges::Entries(_) => Changes::default(),
        };
        let gap = self.gap(commit)?;
        Ok(Some(HistoryRow { gap, changes, unread: self.unread(commit)?, dropped }))
    }

    fn own_changes(&mut self, commit: usize, parents: &[usize]) -> Result<CommitChanges> {
        let parents = match parents {
            [] => return self.delta(None, commit).map(CommitChanges::Entries),
            [only] => return self.delta(Some(*only), commit).map(CommitChanges::Entries),
            several => several,
        };
        let mut all = Vec::new();
        for parent in parents {
            let changes = self.changes_since(Some(*parent), commit)?;
            if changes.is_empty() {
                return Ok(CommitChanges::Whole(changes));
            }
            all.push(changes);
        }
        Ok(CommitChanges::Whole(merge_commit::own_changes(all)))
    }

    /// What the sides of a merge had changed, and the merge does not have; `own` is what it changed itself.
    pub(crate) fn dropped(&mut self, merge: usize, own: &Changes) -> Result<Changes> {
        let mut all = Changes::default();
        for (side, base) in self.graph.sides_at_risk(merge) {
            let lost = self.changes_since(Some(side), merge)?;
            if lost.is_empty() {
                continue;
            }
            let made = self.changes_since(Some(base), side)?;
            let dropped = dropped::of_side(made, &lost, own);
            all.names.extend(dropped.names);
            all.list.extend(dropped.list);
        }
        Ok(Changes { names: all.names, ..Changes::new(all.list) })
    }

    /// The commits right before a commit, in its own line, that have a file which cannot be read and which it has again:
    /// it cannot be told whether a change of that file is theirs.
    pub(crate) fn unread(&mut self, commit: usize) -> Result<Vec<usize>> {
        let graph = self.graph;
        let mut unread = BTreeSet::new();
        for at in graph.kinds_of([Some(commit), None]) {
            let mut before = graph.commits[commit].parents.first().copied();
            // Most files are as they were, and need no look.
            while let Some(parent) = before
                && graph.stored(parent, at) != graph.stored(commit, at)
                && self.is_readable(commit, at)?
                && !self.is_readable(parent, at)?
            {
                unread.insert(parent);
                before = graph.commits[parent].parents.first().copied();
            }
        }
        Ok(unread.into_iter().collect())
    }

    /// Whether a commit has a file in a form that can be read, or says that there is none.
    fn is_readable(&mut self, commit: usize, kind: usize) -> Result<bool> {
        let graph = self.graph;
        Ok(match graph.stored(commit, kind) {
            None => graph.commits[commit].listing.is_ok(),
            Some(Stored::File(id)) => self.comparer.problem(&graph.kinds[kind], id)?.is_none(),
            Some(Stored::Irregular(_)) => false,
        })
    }

    /// How a commit differs from a parent, or from nothing.
    fn changes_since(&mut self, parent: Option<usize>, commit: usize) -> Result<Changes> {
        Ok(revisions::of_delta(&self.delta(parent, commit)?))
    }

    fn delta(&mut self, parent: Option<usize>, commit: usize) -> Result<Delta> {
        let graph = self.graph;
        let mut delta = Delta::default();
        for at in graph.kinds_of([Some(commit), parent]) {
            let (from, to) = (parent.and_then(|parent| graph.stored(parent, at)), graph.stored(commit, at));
            if from == to {
                continue;
            }
            // First as they are: in most commits both are readable, and one comparison shows it.
            let kind = &graph.kinds[at];
            self.comparer.meet(kind, file(from), file(to))?;
            let from = parent.map(|parent| self.effective(parent, at)).transpose()?.flatten();
            let to = self.effective(commit, at)?;
            if from != to {
                self.comparer.add(kind, from, to, &mut delta)?;
            }
            if let Some(number) = self.comparer.only {
                delta.retain(number);
            }
        }
        Ok(delta)
    }

    /// The file as a commit has it, or as it was when it could last be read: in the parent that has the same file, else
    /// in the first.
    fn effective(&mut self, mut commit: usize, kind: usize) -> Result<Option<K>> {
        let graph = self.graph;
        loop {
            let is_readable_commit = graph.commits[commit].listing.is_ok();
            match graph.stored(commit, kind) {
                None if is_readable_commit => return Ok(None),
                Some(Stored::File(id)) if self.comparer.problem(&graph.kinds[kind], id)?.is_none() => {
                    return Ok(Some(id));
                }
                _ => {}
            }
            let parents = &graph.commits[commit].parents;
            let same = parents.iter().find(|parent| graph.stored(**parent, kind) == graph.stored(commit, kind));
            match same.or(parents.first()) {
                Some(parent) => commit = *parent,
                None => return Ok(None),
            }
        }
    }

    /// Why a file that this commit brought cannot be read.
    fn gap(&mut self, commit: usize) -> Result<Option<String>> {
        let graph = self.graph;
        let Some(listing) = graph.listing(commit) else { return Ok(None) };
        for (at, stored) in listing {
            let kind = &graph.kinds[*at];
            let inherited = |parent: &usize| graph.stored(*parent, *at) == Some(*stored);
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

#[cfg(test)]
mod tests;
