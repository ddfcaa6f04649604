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

#[cfg(test)]
mod tests {
    use super::super::made_up::{agent_id, assigned, assignment, number, registered, share, two_workspaces, workspace};
    use super::*;

    #[test]
    fn an_index_has_each_folder_of_a_binding_once_and_the_own_one_first() {
        let directory = two_workspaces();
        let staging = workspace("staging");
        let id = |name: &str| agent_id("staging", name);
        let bound = |path: Option<&str>, inbound: &[&str]| Assignment {
            agent_path: path.map(|path| path.parse().unwrap()),
            agent_id: Some(id(inbound[0])),
            inbound_agent_id: Some(id(inbound[0])),
            outbound_agent_id: None,
            inbound_agents: Some(inbound.iter().map(|name| share(&id(name), 0.25, None)).collect()),
            ..assignment(1, "a")
        };
        let paths = |known: &Assignment| {
            agent_paths(&staging, known, &directory.agents).into_iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(paths(&bound(Some("agents/a"), &["a", "b", "c"])), ["agents/a", "agents/b", "agents/c"]);
        // The own folder counts as it is written, gone or not; without one, the agent's is not looked up.
        assert_eq!(paths(&bound(Some("agents/gone"), &["a", "b"])), ["agents/gone", "agents/b"]);
        assert_eq!(paths(&bound(None, &["a", "b", "unknown"])), ["agents/b"]);
        assert_eq!(paths(&bound(Some("agents/b"), &["a", "b"])), ["agents/b"]);
        let list = [
            bound(Some("agents/a"), &["a", "b"]),
            Assignment { phone_number: number(0), ..bound(Some("agents/b"), &["b"]) },
        ];
        let index: Vec<_> =
            by_agent(&staging, &list, &directory.agents).into_iter().map(|(path, of)| (path.to_string(), of)).collect();
        assert_eq!(
            index,
            [("agents/a".to_owned(), vec![number(1)]), ("agents/b".to_owned(), vec![number(0), number(1)])]
        );
    }

    #[test]
    fn what_follows_from_the_rest_is_computed_in_every_file() {
        let mut directory = two_workspaces();
        let staging = workspace("staging");
        directory.workspace_mut(&staging).numbers.numbers.reverse();
        directory.workspace_mut(&staging).assignments.assignments.reverse();
        registered(&mut directory, "staging", 3).last_modified = "2026-01-01T00:00:00Z".parse().ok();
        assigned(&mut directory, "staging", 2).assignment_type = super::super::AssignmentType::Unassigned;
        directory.workspace_mut(&staging).assignments.assignments.retain(|it| it.phone_number != number(1));
        registered(&mut directory, "staging", 1).assigned = true;
        recompute(&mut directory);
        let files = &directory.workspaces[&staging];
        let entries: Vec<_> = files.numbers.numbers.iter().map(|it| (it.phone_number, it.assigned)).collect();
        assert_eq!(entries, [(number(1), false), (number(2), false), (number(3), true)]);
        assert_eq!(files.numbers.numbers[0].phone_number_pretty, "(415) 555-0001");
        let summary = &files.numbers.summary;
        assert_eq!((summary.total, summary.assigned, summary.unassigned), (Count(3), Count(1), Count(2)));
        assert_eq!(summary.import_methods.values().collect::<Vec<_>>(), [&Count(3)]);
        assert_eq!(files.assignments.unassigned, [number(1), number(2)]);
        let modified: Vec<_> = files.assignments.assignments.iter().map(|it| it.last_modified.is_some()).collect();
        assert_eq!(modified, [false, true]);
        let index: Vec<_> =
            files.assignments.by_agent.iter().map(|(path, of)| (path.to_string(), of.clone())).collect();
        assert_eq!(index, [("agents/a".to_owned(), vec![number(2), number(3)])]);
        let metadata = &directory.master.metadata;
        let by_workspace: Vec<_> =
            metadata.by_workspace.iter().map(|(name, count)| (name.to_string(), count.0)).collect();
        assert_eq!(by_workspace, [("staging".to_owned(), 0), ("production".to_owned(), 0)]);
        assert_eq!((metadata.total_numbers, metadata.assigned, metadata.unassigned), (Count(3), Count(0), Count(3)));
    }
}
