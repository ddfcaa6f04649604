//! The commits of a history with the files that each of them has, as git handed them over.

use std::collections::{BTreeSet, HashSet};
use std::fmt::Debug;
use std::hash::Hash;

use crate::model::paths::FileKind;

/// The id of a file's content: equal ids mean equal bytes.
pub trait FileId: Copy + Eq + Hash + Debug {}
impl<T: Copy + Eq + Hash + Debug> FileId for T {}

/// What a commit stores at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored<K> {
    File(K),
    /// Something that is not read, and why.
    Irregular(&'static str),
}

/// The directory's files in a commit, each by the place of its kind in [`Graph::kinds`], sorted by it.
pub type Listing<K> = Box<[(usize, Stored<K>)]>;

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
    pub commits: Vec<Commit>,
    /// The kinds of files that occur: `directory.json`, `pools.json` and the two files of each workspace.
    pub kinds: Vec<FileKind>,
    /// The listings, each once: most commits of a repository share theirs with a parent.
    pub listings: Vec<Listing<K>>,
}

impl<K: FileId> Graph<K> {
    /// Whether a commit has other files than each of its parents, may have dropped a side's changes, or cannot be read:
    /// only then can it have a row.
    pub fn may_have_row(&self, commit: usize) -> bool {
        let at = &self.commits[commit];
        let is_unlike_all = || !at.parents.iter().any(|parent| self.has_same_files(commit, *parent));
        at.listing.is_err() || !at.is_cut_off && (is_unlike_all() || !self.sides_at_risk(commit).is_empty())
    }

    pub(super) fn listing(&self, commit: usize) -> Option<&Listing<K>> {
        let listing = self.commits[commit].listing.as_ref().ok()?;
        self.listings.get(*listing)
    }

    /// What a commit stores as a file of a kind.
    pub(super) fn stored(&self, commit: usize, kind: usize) -> Option<Stored<K>> {
        let listing = self.listing(commit)?;
        listing.binary_search_by_key(&kind, |(at, _)| *at).ok().map(|at| listing[at].1)
    }

    pub(super) fn kinds_of(&self, commits: [Option<usize>; 2]) -> BTreeSet<usize> {
        let listings = commits.into_iter().flatten().filter_map(|commit| self.listing(commit));
        listings.flat_map(|listing| listing.iter().map(|(kind, _)| *kind)).collect()
    }

    pub(super) fn has_same_files(&self, commit: usize, parent: usize) -> bool {
        let place = |at: usize| self.commits[at].listing.as_ref().ok();
        place(commit) == place(parent)
            || place(commit).is_some() && place(parent).is_some() && self.listing(commit) == self.listing(parent)
    }

    /// The contents that telling of these commits will ask for, each once, in the order in which it first will;
    /// `is_known` says of which two it is known already what comparing them shows.
    pub fn reading_order(&self, commits: impl IntoIterator<Item = usize>, is_known: impl Fn([K; 2]) -> bool) -> Vec<K> {
        let (mut seen, mut order) = (HashSet::new(), Vec::new());
        for commit in commits {
            let parents = &self.commits[commit].parents;
            let parents = parents.iter().copied().map(Some).chain(parents.is_empty().then_some(None));
            for parent in parents {
                for kind in self.kinds_of([Some(commit), parent]) {
                    let (from, to) = (parent.and_then(|parent| self.stored(parent, kind)), self.stored(commit, kind));
                    let (from, to) = (file(from), file(to));
                    let is_known = from.zip(to).is_some_and(|(from, to)| is_known([from, to]));
                    let both = [to, from].into_iter().flatten().filter(|_| from != to && !is_known);
                    order.extend(both.filter(|id| seen.insert(*id)));
                }
            }
        }
        order
    }
}

pub(super) fn file<K>(stored: Option<Stored<K>>) -> Option<K> {
    match stored {
        Some(Stored::File(id)) => Some(id),
        _ => None,
    }
}
