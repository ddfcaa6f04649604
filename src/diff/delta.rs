//! What differs between two states, entry by entry: the input of [`revisions`](super::revisions).
//!
//! A delta may come from two directories in memory or from two texts of which only the parts that differ were
//! parsed ([`text`](super::text)); what it means does not depend on where it came from. An entry that is equal on both
//! sides has no part in any change, so it is not here.

use std::collections::{BTreeMap, BTreeSet};

use super::differing::{self, Differing};
use super::pools::PoolDefinitionChange;
use crate::model::pools::Member;
use crate::model::{Assignment, Directory, NumberEntry, PhoneNumber, PoolsFile, RegistryEntry, WorkspaceName};

/// How many numbers are told at a time, where there may be tens of thousands.
pub const PIECE: usize = 512;

/// An entry on both sides; none where a side does not have it.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair<T> {
    pub from: Option<T>,
    pub to: Option<T>,
}

impl<T> Pair<T> {
    /// The same pair seen from the other side.
    #[must_use]
    pub fn reversed(self) -> Self {
        Self { from: self.to, to: self.from }
    }

    pub fn sides(pair: Option<&Self>) -> (Option<&T>, Option<&T>) {
        pair.map_or((None, None), |pair| (pair.from.as_ref(), pair.to.as_ref()))
    }
}

/// The entries of one file that differ, by number.
pub type Pairs<T> = BTreeMap<PhoneNumber, Pair<T>>;

/// The entries of a workspace's files that differ.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WorkspaceDelta {
    /// Entries of `numbers.json`.
    pub registry: Pairs<RegistryEntry>,
    /// Entries of `assignments.json`.
    pub assignments: Pairs<Assignment>,
}

/// The entries of all files that differ.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Delta {
    /// Entries of `directory.json`.
    pub numbers: Pairs<NumberEntry>,
    /// Entries of each workspace's files.
    pub workspaces: BTreeMap<WorkspaceName, WorkspaceDelta>,
    /// Members in `pools.json`.
    pub members: Pairs<Member>,
    /// The pools themselves, which are told apart from the numbers.
    pub pools: Vec<PoolDefinitionChange>,
}

impl Delta {
    /// Collects what differs between two directories.
    pub fn between(from: &Directory, to: &Directory) -> Self {
        let differing = Differing::between(from, to);
        Self { pools: differing.pools.clone(), ..differing.copied(..) }
    }

    /// Keeps the entries of one number.
    pub fn retain(&mut self, number: PhoneNumber) {
        self.numbers.retain(|known, _| *known == number);
        self.members.retain(|known, _| *known == number);
        self.pools.clear();
        for files in self.workspaces.values_mut() {
            files.registry.retain(|known, _| *known == number);
            files.assignments.retain(|known, _| *known == number);
        }
    }

    /// The same by and by: deltas of at most `size` numbers each, in order. The pools themselves are in the first.
    pub fn pieces(mut self, size: usize) -> impl Iterator<Item = Self> {
        let numbers: Vec<PhoneNumber> = self.touched().into_iter().collect();
        let ends: Vec<Option<PhoneNumber>> =
            (0..numbers.len()).step_by(size.max(1)).map(|at| numbers.get(at + size.max(1)).copied()).collect();
        ends.into_iter().map(move |end| match end {
            Some(end) => self.split_before(&end),
            None => std::mem::take(&mut self),
        })
    }

    fn touched(&self) -> BTreeSet<PhoneNumber> {
        let files = self.workspaces.values();
        let listed = files.flat_map(|files| files.registry.keys().chain(files.assignments.keys()));
        self.numbers.keys().chain(self.members.keys()).chain(listed).copied().collect()
    }

    fn split_before(&mut self, end: &PhoneNumber) -> Self {
        let rest = |files: &mut WorkspaceDelta| WorkspaceDelta {
            registry: files.registry.split_off(end),
            assignments: files.assignments.split_off(end),
        };
        let workspaces = self.workspaces.iter_mut().map(|(name, files)| (name.clone(), rest(files))).collect();
        let (numbers, members) = (self.numbers.split_off(end), self.members.split_off(end));
        let rest = Self { numbers, workspaces, members, pools: Vec::new() };
        std::mem::replace(self, rest)
    }
}

/// Pairs the members of pools that differ.
pub fn members(from: Option<&PoolsFile>, to: Option<&PoolsFile>) -> Pairs<Member> {
    let none = BTreeMap::new();
    let [from, to] = [from, to].map(|file| file.map_or(&none, |file| &file.members));
    pairs(from.iter(), to.iter())
}

/// Pairs the entries of two maps that differ.
pub fn pairs<'a, T: Clone + PartialEq + 'a>(
    from: impl Iterator<Item = (&'a PhoneNumber, &'a T)>,
    to: impl Iterator<Item = (&'a PhoneNumber, &'a T)>,
) -> Pairs<T> {
    differing::copies(&differing::pairs(from, to), ..)
}

#[cfg(test)]
mod tests;
