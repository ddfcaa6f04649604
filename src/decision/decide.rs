//! Decides in git: new values of what Retell can be told, in every file that has to agree, with the record beside them.

use crate::change::Edit;
use crate::merge::copies;
use crate::model::{Assignment, Directory, LiveRecord, PhoneNumber, RegistryEntry, Setting, Settings, WorkspaceName};
use crate::model::{WorkspaceFiles, derive};
use crate::reconcile::workspace::{self, restated};

/// Takes over what the edits ask for. `head` is what was decided before, which the records go by; it is `before` unless
/// the files were edited already.
///
/// No time moves: times belong to syncs, and a decision and a sync about different numbers merge as text. An edit of a
/// number that the workspace does not have decides nothing.
pub fn decide(before: &Directory, head: &Directory, edits: &[Edit]) -> Directory {
    let mut after = before.clone();
    for edit in edits {
        let place = (&edit.workspace, edit.phone_number);
        let Some(mut settings) = Settings::of_directory(&after, place.0, place.1) else { continue };
        let decisions = edit.asked.iter().filter(|setting| setting.is_decision());
        decisions.for_each(|setting| settings.take(&edit.target, *setting));
        write(&mut after, place, &settings);
        record(head, &mut after, edit);
    }
    let names: std::collections::BTreeSet<_> = edits.iter().map(|edit| &edit.workspace).collect();
    for name in names {
        let Some(files) = after.workspaces.get_mut(name) else { continue };
        derive::recompute_workspace(name, files, &before.agents);
        if let Some(old) = before.workspaces.get(name) {
            workspace::keep_elsewhere(files, old, &before.agents);
        }
    }
    derive::recompute_master(&mut after);
    after
}

/// Writes settings over those of a number, in all of its files.
fn write(directory: &mut Directory, (name, number): (&WorkspaceName, PhoneNumber), settings: &Settings) {
    let Some((entry, assignment)) = restated(name, number, settings, directory) else { return };
    if let Some(files) = directory.workspaces.get_mut(name) {
        put(files, &entry, assignment);
    }
    copies::agree_on(directory, number);
}

fn put(files: &mut WorkspaceFiles, entry: &RegistryEntry, assignment: Option<Assignment>) {
    let number = entry.phone_number;
    files.numbers.numbers.iter_mut().filter(|known| known.phone_number == number).for_each(|it| it.clone_from(entry));
    files.assignments.assignments.retain(|known| known.phone_number != number);
    files.assignments.assignments.extend(assignment);
    files.sort();
}

/// Writes down what Retell has where git decides otherwise.
fn record(head: &Directory, after: &mut Directory, edit: &Edit) {
    let (name, number) = (&edit.workspace, edit.phone_number);
    let old = Settings::of_directory(head, name, number);
    let (Some(old), Some(new)) = (old, Settings::of_directory(after, name, number)) else { return };
    let known = head.workspaces.get(name).and_then(|files| files.registered(number)?.live.as_deref().cloned());
    let known = known.unwrap_or_default();
    let (before, live) = (known.before_decisions(&old), known.live(&old));
    let Some(entry) = after.workspaces.get_mut(name).and_then(|files| files.registered_mut(number)) else { return };
    let mut record = entry.live.as_deref().cloned().unwrap_or_default();
    for setting in edit.asked.iter().copied().filter(|setting| setting.is_decision()) {
        if new.agrees(&live, setting) {
            record.clear(setting);
        } else {
            record.set(setting, &before, &live);
        }
    }
    entry.live = Some(record).filter(|record: &LiveRecord| !record.is_empty()).map(Box::new);
}

/// What was decided in `after` without a record of what Retell has: the settings, by what `before` tells of it.
///
/// A field without a record says that Retell has git's value. Where Retell's stamp did not go on, nothing happened at
/// Retell, so that it still has what it had: a field that says otherwise was decided by hand.
pub fn unrecorded(
    before: (&RegistryEntry, Option<&Assignment>),
    after: (&RegistryEntry, Option<&Assignment>),
) -> Vec<(Setting, Settings)> {
    // Of most numbers nothing was decided, and there are thousands of them.
    if before == after {
        return Vec::new();
    }
    let (old, new) = (Settings::of_entries(before.0, before.1), Settings::of_entries(after.0, after.1));
    let (then, now) = (before.0.last_modified, after.0.last_modified);
    if then.is_none() || now > then {
        return Vec::new();
    }
    let live = before.0.live.as_deref().map_or_else(|| old.clone(), |record| record.live(&old));
    let is_recorded = |setting| after.0.live.as_ref().is_some_and(|record| record.has(setting));
    let is_unrecorded = |setting: &Setting| !is_recorded(*setting) && !new.agrees(&live, *setting);
    Setting::decisions().filter(is_unrecorded).map(|setting| (setting, live.clone())).collect()
}
