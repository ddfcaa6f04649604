//! What one file of a project repeats of another, brought in line after a merge.
//!
//! git merges file by file, so that a decision about one file leaves what another repeats of it as it was. The binding
//! is that of `assignments.json`, which says most; the day of an import and the termination URI are the registry's;
//! type and provider are those of `directory.json`. Only for what a merge made: in files that a person edited, either
//! side may be the wrong one.

use crate::model::assignments::{Assignment, AssignmentType};
use crate::model::directory::WorkspaceFiles;
use crate::model::{Directory, NumberEntry, PhoneNumber, WorkspaceEntry, WorkspaceName};

/// Makes every number's files repeat the same.
pub fn agree(directory: &mut Directory) {
    directory.sort();
    let numbers: Vec<_> = directory.master.numbers.keys().copied().collect();
    for number in numbers {
        agree_on(directory, number);
    }
    let Directory { master, workspaces, .. } = directory;
    for registered in workspaces.values_mut().flat_map(|files| &mut files.numbers.numbers) {
        if let Some(entry) = master.numbers.get(&registered.phone_number) {
            registered.phone_number_type = entry.phone_number_type;
            registered.provider = entry.provider;
        }
    }
}

/// Makes what `directory.json` repeats of a number say what the workspaces' files do.
pub fn agree_on(directory: &mut Directory, number: PhoneNumber) {
    let Directory { master, workspaces, .. } = directory;
    let Some(entry) = master.numbers.get_mut(&number) else { return };
    for (name, binding) in entry.workspaces.iter_mut().filter(|(_, binding)| binding.imported) {
        let Some(files) = workspaces.get(name) else { continue };
        bind(binding, files.assignment(number));
        if let Some(registered) = files.registered(number) {
            binding.import_date = registered.import_date;
        }
    }
    termination(entry, workspaces.iter());
}

fn bind(binding: &mut WorkspaceEntry, assignment: Option<&Assignment>) {
    binding.agent_path = assignment.and_then(|known| known.agent_path.clone());
    binding.agent_id = assignment.and_then(|known| known.agent_id.clone());
    binding.assignment_type = Some(assignment.map_or(AssignmentType::Unassigned, |known| known.assignment_type));
}

/// The one termination URI of `directory.json` is that of a workspace, as far as any workspace has one.
fn termination<'a>(entry: &mut NumberEntry, workspaces: impl Iterator<Item = (&'a WorkspaceName, &'a WorkspaceFiles)>) {
    let Some(uri) = entry.sip_config.as_mut().and_then(|config| config.termination_uri.as_mut()) else { return };
    let there = workspaces.filter(|(name, _)| entry.workspaces.contains_key(name));
    let known = there.filter_map(|(_, files)| files.registered(entry.phone_number)?.termination_uri.as_ref());
    let known: Vec<&String> = known.collect();
    if let Some(first) = known.first().filter(|_| !known.contains(&&*uri)) {
        uri.clone_from(first);
    }
}
