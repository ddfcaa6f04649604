//! What follows from the rest, computed a second time and as plainly as can be: loops over everything, none of the
//! program's own functions for it.

use std::collections::{BTreeMap, BTreeSet};

use phone_dir::model::{AgentId, AgentPath, Assignment, Directory, PhoneNumber, WorkspaceFiles, WorkspaceName};

/// Everything derived that a directory has wrong, in words; `registries` says whose.
pub fn mistakes(directory: &Directory) -> Vec<String> {
    let mut found = metadata(directory);
    for (name, files) in &directory.workspaces {
        let mut wrong = registry(files);
        wrong.extend(index(directory, name, files));
        found.extend(wrong.into_iter().map(|what| format!("{name}: {what}")));
    }
    found
}

#[allow(clippy::needless_pass_by_value)] // both are made for this alone
fn differ<T: PartialEq + std::fmt::Debug>(what: &str, written: T, right: T) -> Option<String> {
    (written != right).then(|| format!("{what} is {written:?}, and should be {right:?}"))
}

fn metadata(directory: &Directory) -> Vec<String> {
    let metadata = &directory.master.metadata;
    let mut names: BTreeSet<String> = metadata.by_workspace.keys().map(ToString::to_string).collect();
    names.extend(directory.workspaces.keys().map(ToString::to_string));
    let mut by_workspace: BTreeMap<String, u64> = names.into_iter().map(|name| (name, 0)).collect();
    let (mut by_type, mut by_provider) = (BTreeMap::new(), BTreeMap::new());
    let (mut total, mut assigned) = (0, 0);
    for entry in directory.master.numbers.values() {
        total += 1;
        *by_type.entry(entry.phone_number_type.to_string()).or_insert(0) += 1;
        *by_provider.entry(entry.provider.to_string()).or_insert(0) += 1;
        let mut is_answered = false;
        for (name, binding) in entry.workspaces.iter() {
            if binding.imported {
                *by_workspace.entry(name.to_string()).or_insert(0) += 1;
                is_answered |= binding.agent_id.is_some();
            }
        }
        assigned += u64::from(is_answered);
    }
    [
        differ("total_numbers", metadata.total_numbers.0, total),
        differ("assigned", metadata.assigned.0, assigned),
        differ("unassigned", metadata.unassigned.0, total - assigned),
        differ(
            "by_workspace",
            metadata.by_workspace.iter().map(|(key, count)| (key.to_string(), count.0)).collect(),
            by_workspace,
        ),
        differ("by_type", metadata.by_type.iter().map(|(key, count)| (key.to_string(), count.0)).collect(), by_type),
        differ(
            "by_provider",
            metadata.by_provider.iter().map(|(key, count)| (key.to_string(), count.0)).collect(),
            by_provider,
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn is_answered(files: &WorkspaceFiles, number: PhoneNumber) -> bool {
    files.assignments.assignments.iter().any(|assignment| {
        assignment.phone_number == number
            && (assignment.inbound_agent_id.is_some() || assignment.outbound_agent_id.is_some())
    })
}

fn registry(files: &WorkspaceFiles) -> Vec<String> {
    let summary = &files.numbers.summary;
    let (mut total, mut assigned, mut methods) = (0, 0, BTreeMap::new());
    let mut wrong = Vec::new();
    for entry in &files.numbers.numbers {
        let right = is_answered(files, entry.phone_number);
        total += 1;
        assigned += u64::from(right);
        *methods.entry(entry.import_method.to_string()).or_insert(0_u64) += 1;
        wrong.extend(differ(&format!("assigned of {}", entry.phone_number), entry.assigned, right));
    }
    let written: BTreeMap<_, _> =
        summary.import_methods.iter().map(|(key, count)| (key.to_string(), count.0)).collect();
    wrong.extend(differ("summary.total", summary.total.0, total));
    wrong.extend(differ("summary.assigned", summary.assigned.0, assigned));
    wrong.extend(differ("summary.unassigned", summary.unassigned.0, total - assigned));
    wrong.extend(differ("summary.import_methods", written, methods));
    wrong
}

fn index(directory: &Directory, name: &WorkspaceName, files: &WorkspaceFiles) -> Vec<String> {
    let numbers: Vec<_> = files.numbers.numbers.iter().map(|entry| entry.phone_number).collect();
    let bound: Vec<_> = files.assignments.assignments.iter().map(|entry| entry.phone_number).collect();
    let mut by_agent: BTreeMap<AgentPath, BTreeSet<PhoneNumber>> = BTreeMap::new();
    for assignment in &files.assignments.assignments {
        for path in folders(directory, name, assignment) {
            by_agent.entry(path).or_default().insert(assignment.phone_number);
        }
    }
    let by_agent = by_agent.into_iter().map(|(path, numbers)| (path, numbers.into_iter().collect())).collect();
    let free: BTreeSet<_> = numbers.iter().copied().filter(|number| !is_answered(files, *number)).collect();
    let rising = |list: &[PhoneNumber]| list.windows(2).all(|pair| pair[0].as_str() < pair[1].as_str());
    [
        differ("by_agent", &files.assignments.by_agent, &by_agent),
        differ("unassigned", files.assignments.unassigned.clone(), free.into_iter().collect()),
        differ("the order of the registry", rising(&numbers), true),
        differ("the order of the assignments", rising(&bound), true),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The folder that the assignment names for its agent, and those that have its other voice agents' ids.
fn folders(directory: &Directory, name: &WorkspaceName, assignment: &Assignment) -> Vec<AgentPath> {
    let mut ids: Vec<&AgentId> = assignment.inbound_agent_id.iter().chain(&assignment.outbound_agent_id).collect();
    for list in [&assignment.inbound_agents, &assignment.outbound_agents].into_iter().flatten() {
        ids.extend(list.iter().map(|agent| &agent.agent_id));
    }
    let mut paths: Vec<AgentPath> = assignment.agent_path.iter().cloned().collect();
    for id in ids.into_iter().filter(|id| assignment.agent_id.as_ref() != Some(*id)) {
        let holds =
            |folder: &phone_dir::model::agent_folders::AgentFolder| folder.ids.get(name) == Some(&Some(id.clone()));
        paths.extend(directory.agents.iter().find(|(_, folder)| holds(folder)).map(|(path, _)| path.clone()));
    }
    paths
}
