//! What differs between two directories in memory, with the entries left where they are: of a first sync, copies of all of
//! them would be as large as the directory.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::{RangeBounds, RangeInclusive};

use super::delta::{Delta, Pair, Pairs, WorkspaceDelta};
use super::pools::{self, PoolDefinitionChange};
use crate::model::pools::Member;
use crate::model::{Assignment, Directory, NumberEntry, PhoneNumber, RegistryEntry, WorkspaceFiles, WorkspaceName};

/// The entries of all files that differ, as a [`Delta`] has them.
pub struct Differing<'a> {
    numbers: Pairs<&'a NumberEntry>,
    workspaces: BTreeMap<&'a WorkspaceName, (Pairs<&'a RegistryEntry>, Pairs<&'a Assignment>)>,
    members: Pairs<&'a Member>,
    pub pools: Vec<PoolDefinitionChange>,
}

impl<'a> Differing<'a> {
    pub fn between(from: &'a Directory, to: &'a Directory) -> Self {
        let names: BTreeSet<_> = from.workspaces.keys().chain(to.workspaces.keys()).collect();
        let of = |name: &'a WorkspaceName| {
            let (from, to) = (from.workspaces.get(name), to.workspaces.get(name));
            (name, (registries(from, to), assignments(from, to)))
        };
        let members = |directory: &'a Directory| directory.pools.iter().flat_map(|file| &file.members);
        Self {
            numbers: pairs(from.master.numbers.iter(), to.master.numbers.iter()),
            workspaces: names.into_iter().map(of).collect(),
            members: pairs(members(from), members(to)),
            pools: pools::between_directories(from, to),
        }
    }

    /// The numbers in ranges of at most `size`, in order.
    pub fn ranges(&self, size: usize) -> Vec<RangeInclusive<PhoneNumber>> {
        let listed = self.workspaces.values().flat_map(|(registry, lines)| registry.keys().chain(lines.keys()));
        let numbers: BTreeSet<PhoneNumber> =
            self.numbers.keys().chain(self.members.keys()).chain(listed).copied().collect();
        let numbers: Vec<PhoneNumber> = numbers.into_iter().collect();
        numbers.chunks(size).map(|piece| piece[0]..=piece[piece.len() - 1]).collect()
    }

    /// Copies of the entries of some numbers, without the pools themselves.
    pub fn copied(&self, range: impl RangeBounds<PhoneNumber> + Clone) -> Delta {
        let of = |(name, (registry, lines)): (&&WorkspaceName, &(Pairs<&RegistryEntry>, Pairs<&Assignment>))| {
            let (registry, assignments) = (copies(registry, range.clone()), copies(lines, range.clone()));
            ((*name).clone(), WorkspaceDelta { registry, assignments })
        };
        Delta {
            numbers: copies(&self.numbers, range.clone()),
            workspaces: self.workspaces.iter().map(of).collect(),
            members: copies(&self.members, range.clone()),
            pools: Vec::new(),
        }
    }
}

fn registries<'a>(from: Option<&'a WorkspaceFiles>, to: Option<&'a WorkspaceFiles>) -> Pairs<&'a RegistryEntry> {
    let [from, to] = [from, to].map(|files| files.map_or(&[][..], |files| &files.numbers.numbers));
    listed_pairs(from, to, |entry| entry.phone_number)
}

fn assignments<'a>(from: Option<&'a WorkspaceFiles>, to: Option<&'a WorkspaceFiles>) -> Pairs<&'a Assignment> {
    let [from, to] = [from, to].map(|files| files.map_or(&[][..], |files| &files.assignments.assignments));
    listed_pairs(from, to, |entry| entry.phone_number)
}

/// Pairs the entries of two lists, in whatever order they stand; of a number that stands twice, the first counts.
pub(super) fn listed_pairs<'a, T: PartialEq>(
    from: &'a [T],
    to: &'a [T],
    number: fn(&T) -> PhoneNumber,
) -> Pairs<&'a T> {
    let index = |list: &'a [T]| -> BTreeMap<PhoneNumber, &'a T> {
        list.iter().rev().map(|entry| (number(entry), entry)).collect()
    };
    let (from, to) = (index(from), index(to));
    pairs(from.iter().map(|(number, entry)| (number, *entry)), to.iter().map(|(number, entry)| (number, *entry)))
}

/// Pairs the entries of two maps that differ.
pub(super) fn pairs<'n, 'a, T: PartialEq>(
    from: impl Iterator<Item = (&'n PhoneNumber, &'a T)>,
    to: impl Iterator<Item = (&'n PhoneNumber, &'a T)>,
) -> Pairs<&'a T> {
    let (mut from, mut to) = (from.peekable(), to.peekable());
    let mut found = Pairs::new();
    loop {
        let number = match (from.peek(), to.peek()) {
            (Some((one, _)), Some((other, _))) => **one.min(other),
            (Some((only, _)), None) | (None, Some((only, _))) => **only,
            (None, None) => return found,
        };
        let before = from.next_if(|(key, _)| **key == number).map(|(_, entry)| entry);
        let after = to.next_if(|(key, _)| **key == number).map(|(_, entry)| entry);
        if before != after {
            found.insert(number, Pair { from: before, to: after });
        }
    }
}

/// Copies the pairs of some numbers.
pub(super) fn copies<T: Clone>(pairs: &Pairs<&T>, range: impl RangeBounds<PhoneNumber>) -> Pairs<T> {
    let copy = |pair: &Pair<&T>| Pair { from: pair.from.cloned(), to: pair.to.cloned() };
    pairs.range(range).map(|(number, pair)| (*number, copy(pair))).collect()
}
