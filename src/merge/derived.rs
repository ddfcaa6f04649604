//! What a merged file holds that follows from the rest: counts, indexes and pretty forms.
//!
//! A file is merged on its own, as git does it; where something follows from another file, the two sides' own
//! answers are put together instead, number by number.

use std::collections::{BTreeMap, BTreeSet};

use super::Three;
use crate::model::count::Count;
use crate::model::master::MasterFile;
use crate::model::{AgentFolders, AgentId, AgentPath, Assignment, AssignmentsFile, NumbersFile, PhoneNumber};
use crate::model::{derive, numbering};

/// The counts of `directory.json`; a workspace that a side added or dropped stays so.
pub(super) fn master(file: &mut MasterFile, three: &Three<'_, MasterFile>) {
    describe_numbers(file);
    let names = |file: &MasterFile| file.metadata.by_workspace.keys().cloned().collect();
    let names = merged_set(three.base.map(names), &names(three.ours), &names(three.theirs));
    file.metadata.by_workspace = names.into_iter().map(|name| (name, Count(0))).collect();
    file.metadata = derive::metadata(file, std::iter::empty());
}

/// The forms of `directory.json` that follow from a number alone.
pub(super) fn describe_numbers(file: &mut MasterFile) {
    for entry in file.numbers.values_mut() {
        let facts = numbering::describe(entry.phone_number);
        entry.phone_number_pretty.clone_from(&facts.pretty);
        entry.area_code.clone_from(&facts.area_code);
        entry.country_code.clone_from(&facts.country_code);
    }
}

/// The forms of a registry that follow from a number alone.
pub(super) fn describe_registry(file: &mut NumbersFile) {
    for entry in &mut file.numbers {
        entry.phone_number_pretty.clone_from(&numbering::describe(entry.phone_number).pretty);
    }
}

/// Drops entries that bind no agent: of a number that one side took the voice agents from, and the other those of text
/// messages, nothing is left.
pub(super) fn drop_unbound(file: &mut AssignmentsFile) {
    file.assignments.retain(|assignment| !assignment.bound_agents().is_empty());
}

/// The index by agent, and the numbers without one.
pub(super) fn assignments(file: &mut AssignmentsFile, three: &Three<'_, AssignmentsFile>, folders: &AgentFolders) {
    drop_unbound(file);
    let index = Index::of(three, folders);
    let mut by_agent: BTreeMap<AgentPath, Vec<PhoneNumber>> = BTreeMap::new();
    for assignment in &file.assignments {
        for path in index.paths(file, assignment) {
            by_agent.entry(path).or_default().push(assignment.phone_number);
        }
    }
    file.by_agent = by_agent;
    let listed = |file: &AssignmentsFile| file.unassigned.iter().copied().collect();
    let mut unassigned = merged_set(three.base.map(listed), &listed(three.ours), &listed(three.theirs));
    for assigned in file.assignments.iter().filter(|assignment| assignment.is_assigned()) {
        unassigned.remove(&assigned.phone_number);
    }
    file.unassigned = unassigned.into_iter().collect();
}

/// Both sides' additions and removals.
fn merged_set<T: Ord + Clone>(base: Option<BTreeSet<T>>, ours: &BTreeSet<T>, theirs: &BTreeSet<T>) -> BTreeSet<T> {
    let base = base.unwrap_or_default();
    ours.union(theirs)
        .filter(|item| !base.contains(item) || ours.contains(item) && theirs.contains(item))
        .cloned()
        .collect()
}

/// What is known of the agents' folders: from the folders themselves, and from what the two sides say of them.
struct Index<'a> {
    sides: Vec<Listed<'a>>,
    base: Option<Listed<'a>>,
    folders: &'a AgentFolders,
    by_id: BTreeMap<&'a AgentId, &'a AgentPath>,
}

/// One version's entries, and under which folders it lists each.
struct Listed<'a> {
    entries: BTreeMap<PhoneNumber, &'a Assignment>,
    paths: BTreeMap<PhoneNumber, BTreeSet<AgentPath>>,
}

impl<'a> Listed<'a> {
    fn of(file: &'a AssignmentsFile) -> Self {
        let entries = file.assignments.iter().map(|assignment| (assignment.phone_number, assignment)).collect();
        let mut paths: BTreeMap<PhoneNumber, BTreeSet<AgentPath>> = BTreeMap::new();
        for (path, numbers) in &file.by_agent {
            for number in numbers {
                paths.entry(*number).or_default().insert(path.clone());
            }
        }
        Self { entries, paths }
    }

    /// The folders under which a binding is listed here, if this version has that very binding.
    fn paths_of(&self, assignment: &Assignment) -> Option<BTreeSet<AgentPath>> {
        let entry = self.entries.get(&assignment.phone_number)?;
        is_same_binding(entry, assignment)
            .then(|| self.paths.get(&assignment.phone_number).cloned().unwrap_or_default())
    }
}

impl<'a> Index<'a> {
    fn of(three: &Three<'a, AssignmentsFile>, folders: &'a AgentFolders) -> Self {
        let mut by_id = BTreeMap::new();
        for file in three.base.into_iter().chain([three.ours, three.theirs]) {
            for assignment in &file.assignments {
                if let (Some(id), Some(path)) = (&assignment.agent_id, &assignment.agent_path) {
                    // The lesser path, so that it does not matter which side is ours.
                    let known = by_id.entry(id).or_insert(path);
                    *known = (*known).min(path);
                }
            }
        }
        let sides = [three.ours, three.theirs].map(Listed::of).into();
        Self { sides, base: three.base.map(Listed::of), folders, by_id }
    }

    /// The folders of a binding's agents: as the sides that have the binding list them, else as far as known.
    fn paths(&self, file: &AssignmentsFile, assignment: &Assignment) -> BTreeSet<AgentPath> {
        let mut paths = self.listed(file, assignment);
        paths.extend(assignment.agent_path.clone());
        paths
    }

    fn listed(&self, file: &AssignmentsFile, assignment: &Assignment) -> BTreeSet<AgentPath> {
        let mut listed = self.sides.iter().filter_map(|side| side.paths_of(assignment));
        match (listed.next(), listed.next()) {
            (Some(one), Some(other)) => {
                let base = self.base.as_ref().and_then(|base| base.paths.get(&assignment.phone_number).cloned());
                merged_set(base, &one, &other)
            }
            (Some(only), None) | (None, Some(only)) => only,
            (None, None) => self.looked_up(file, assignment),
        }
    }

    fn looked_up(&self, file: &AssignmentsFile, assignment: &Assignment) -> BTreeSet<AgentPath> {
        let others = assignment.voice_agents().into_iter().filter(|id| assignment.agent_id.as_ref() != Some(*id));
        let found = others.filter_map(|id| {
            self.folders.path_of(&file.workspace, id).or_else(|| self.by_id.get(id).copied()).cloned()
        });
        found.collect()
    }
}

fn is_same_binding(one: &Assignment, other: &Assignment) -> bool {
    one.agent_path == other.agent_path
        && one.agent_id == other.agent_id
        && one.inbound() == other.inbound()
        && one.outbound() == other.outbound()
}

#[cfg(test)]
mod tests;
