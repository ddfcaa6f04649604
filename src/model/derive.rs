//! The one place that computes what follows from the rest: counts, indexes, lists, pretty forms, order.

use std::collections::BTreeMap;

use super::agent::AgentPath;
use super::agent_folders::AgentFolders;
use super::assignments::{Assignment, AssignmentsFile};
use super::count::Count;
use super::directory::{Directory, WorkspaceFiles};
use super::master::{MasterFile, Metadata, NumberEntry};
use super::numbering;
use super::phone_number::PhoneNumber;
use super::registry::{NumbersFile, Summary};
use super::workspace::WorkspaceName;

/// Recomputes every derived value of a directory.
pub fn recompute(directory: &mut Directory) {
    let Directory { workspaces, agents, .. } = &mut *directory;
    for (name, files) in workspaces {
        recompute_workspace(name, files, agents);
    }
    recompute_master(directory);
}

/// Recomputes what `directory.json` derives from its numbers.
pub fn recompute_master(directory: &mut Directory) {
    let Directory { master, workspaces, .. } = directory;
    for entry in master.numbers.values_mut() {
        recompute_number(entry);
    }
    master.metadata = metadata(master, workspaces.keys());
}

/// Recomputes what the two files of a workspace derive from their numbers, from each other and from the folders.
pub fn recompute_workspace(name: &WorkspaceName, files: &mut WorkspaceFiles, agents: &AgentFolders) {
    files.sort();
    let WorkspaceFiles { numbers, assignments } = files;
    for entry in &mut numbers.numbers {
        numbering::describe(entry.phone_number).pretty.clone_into(&mut entry.phone_number_pretty);
        entry.assigned = is_assigned(assignments, entry.phone_number);
    }
    numbers.summary = summary(numbers);
    for assignment in &mut assignments.assignments {
        modified_with_its_number(assignment, numbers);
    }
    assignments.by_agent = by_agent(name, &assignments.assignments, agents);
    assignments.unassigned = unassigned(numbers);
}

/// An assignment repeats when Retell modified its number.
fn modified_with_its_number(assignment: &mut Assignment, numbers: &NumbersFile) {
    let found = numbers.numbers.binary_search_by_key(&assignment.phone_number, |entry| entry.phone_number);
    if let Ok(at) = found {
        assignment.last_modified = numbers.numbers[at].last_modified;
    }
}

fn is_assigned(assignments: &AssignmentsFile, number: PhoneNumber) -> bool {
    let found = assignments.assignments.binary_search_by_key(&number, |assignment| assignment.phone_number);
    found.is_ok_and(|at| assignments.assignments[at].is_assigned())
}

fn recompute_number(entry: &mut NumberEntry) {
    let facts = numbering::describe(entry.phone_number);
    entry.phone_number_pretty.clone_from(&facts.pretty);
    entry.area_code.clone_from(&facts.area_code);
    entry.country_code.clone_from(&facts.country_code);
}

/// The counts of a workspace's registry.
pub fn summary(file: &NumbersFile) -> Summary {
    let assigned = file.numbers.iter().filter(|entry| entry.assigned).count();
    Summary {
        total: Count::of(file.numbers.len()),
        assigned: Count::of(assigned),
        unassigned: Count::of(file.numbers.len() - assigned),
        import_methods: count_by(file.numbers.iter().map(|entry| entry.import_method)),
    }
}

/// The registered numbers without a voice agent, sorted.
pub fn unassigned(file: &NumbersFile) -> Vec<PhoneNumber> {
    let mut numbers: Vec<_> =
        file.numbers.iter().filter(|entry| !entry.assigned).map(|entry| entry.phone_number).collect();
    numbers.sort();
    numbers
}

/// The numbers of every bound voice agent that has a folder.
pub fn by_agent(
    workspace: &WorkspaceName,
    assignments: &[Assignment],
    agents: &AgentFolders,
) -> BTreeMap<AgentPath, Vec<PhoneNumber>> {
    let mut index: BTreeMap<AgentPath, Vec<PhoneNumber>> = BTreeMap::new();
    for assignment in assignments {
        for path in agent_paths(workspace, assignment, agents) {
            index.entry(path.clone()).or_default().push(assignment.phone_number);
        }
    }
    for numbers in index.values_mut() {
        numbers.sort();
        numbers.dedup();
    }
    index
}

/// The folders of the voice agents bound to a number, each once.
///
/// The folder that the assignment itself names counts even where it is gone, so that an orphan is seen.
pub fn agent_paths<'a>(
    workspace: &WorkspaceName,
    assignment: &'a Assignment,
    agents: &'a AgentFolders,
) -> Vec<&'a AgentPath> {
    let mut paths: Vec<&AgentPath> = assignment.agent_path.iter().collect();
    for id in assignment.voice_agents() {
        let named = assignment.agent_id.as_ref() == Some(id);
        let path = agents.path_of(workspace, id).filter(|path| !named && !paths.contains(path));
        paths.extend(path);
    }
    paths
}

/// The counts over all numbers; `workspaces` are counted even where no number is in them.
pub fn metadata<'a>(file: &'a MasterFile, workspaces: impl Iterator<Item = &'a WorkspaceName>) -> Metadata {
    let entries = || file.numbers.values();
    let known = workspaces.chain(file.metadata.by_workspace.keys()).cloned().map(|name| (name, Count(0)));
    let mut by_workspace: BTreeMap<WorkspaceName, Count> = known.collect();
    for (name, entry) in entries().flat_map(|entry| entry.workspaces.iter()) {
        if entry.imported {
            by_workspace.entry(name.clone()).or_default().0 += 1;
        }
    }
    let assigned = entries().filter(|entry| entry.is_assigned()).count();
    Metadata {
        total_numbers: Count::of(file.numbers.len()),
        by_workspace,
        by_type: count_by(entries().map(|entry| entry.phone_number_type)),
        by_provider: count_by(entries().map(|entry| entry.provider)),
        assigned: Count::of(assigned),
        unassigned: Count::of(file.numbers.len() - assigned),
    }
}

fn count_by<K: Ord>(keys: impl Iterator<Item = K>) -> BTreeMap<K, Count> {
    let mut counts = BTreeMap::new();
    for key in keys {
        counts.entry(key).or_insert(Count(0)).0 += 1;
    }
    counts
}
