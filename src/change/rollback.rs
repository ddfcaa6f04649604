//! The inverse of an earlier change, against the state of today: what changed since then and elsewhere stays.

use super::edit::{Action, Edit};
use super::promote::PlannedEdits;
use super::rails::Impossible;
use super::{Setting, Settings};
use crate::diff::revisions;
use crate::model::{Directory, ImportMethod, PhoneNumber, WorkspaceName};

/// One number in one workspace, at a moment and today.
struct Case<'a> {
    workspace: &'a WorkspaceName,
    number: PhoneNumber,
    today: Option<Settings>,
}

/// Takes back what changed between two states, setting by setting.
///
/// A setting that changed once more since then is left as it is, and named.
pub fn of_change(before: &Directory, after: &Directory, today: &Directory) -> PlannedEdits {
    let mut plan = PlannedEdits::default();
    for change in &revisions::between(before, after).list {
        let Some(workspace) = &change.workspace else { continue };
        let number = change.phone_number;
        let case = Case { workspace, number, today: Settings::of_directory(today, workspace, number) };
        let state = |directory| Settings::of_directory(directory, workspace, number);
        match (state(before), state(after)) {
            (Some(old), Some(new)) => case.take_back(&old, &new, &mut plan),
            (None, Some(_)) if case.today.is_some() => {
                plan.edits.push(Edit::new(Action::Delete, workspace.clone(), number));
            }
            (Some(old), None) if case.today.is_none() => case.import(before, &old, &mut plan),
            (Some(_), None) => case.cannot("it was imported again since then", &mut plan),
            (None, _) => {}
        }
    }
    plan
}

/// Gives numbers the settings of an earlier state, in every workspace or in one.
pub fn to_state(
    then: &Directory,
    today: &Directory,
    numbers: &[PhoneNumber],
    only: Option<&WorkspaceName>,
) -> PlannedEdits {
    let mut plan = PlannedEdits::default();
    let names = today.workspace_names().into_iter().filter(|name| only.is_none_or(|only| only == name));
    for workspace in names {
        for number in numbers {
            let case = Case {
                workspace: &workspace,
                number: *number,
                today: Settings::of_directory(today, &workspace, *number),
            };
            match (Settings::of_directory(then, &workspace, *number), &case.today) {
                (Some(old), Some(today)) => case.take_back(&old, &today.clone(), &mut plan),
                (Some(old), None) => case.import(then, &old, &mut plan),
                (None, Some(_)) => case.cannot("the workspace did not have it then: use `phone delete`", &mut plan),
                (None, None) => {}
            }
        }
    }
    plan
}

impl Case<'_> {
    fn take_back(&self, old: &Settings, new: &Settings, plan: &mut PlannedEdits) {
        let Some(today) = &self.today else {
            return self.cannot("the workspace does not have it any more", plan);
        };
        let mut edit = Edit::new(Action::Update, self.workspace.clone(), self.number);
        for setting in Setting::ALL.iter().copied().filter(|setting| !old.agrees(new, *setting)) {
            if today.agrees(old, setting) {
                continue;
            }
            if !today.agrees(new, setting) {
                let now = today.describe(setting);
                self.cannot(&format!("`{}` changed once more since then, it is {now} now", setting.as_str()), plan);
            } else if matches!(setting, Setting::TerminationUri | Setting::AuthUsername) && old.is_unset(setting) {
                self.cannot(&format!("Retell cannot clear `{}`", setting.as_str()), plan);
            } else {
                edit.ask(setting, old);
            }
        }
        if !edit.is_empty() {
            plan.edits.push(edit);
        }
    }

    /// Imports the number again, as far as what is needed for it is known.
    fn import(&self, then: &Directory, old: &Settings, plan: &mut PlannedEdits) {
        let files = then.workspaces.get(self.workspace);
        let method = files.and_then(|files| files.registered(self.number)).map(|entry| entry.import_method);
        if method != Some(ImportMethod::SipTrunk) || old.termination_uri.is_none() {
            return self.cannot("it was bought through Retell, and cannot be imported again", plan);
        }
        if old.auth_username.is_some() {
            return self.cannot("its SIP password is not known here: use `phone import`", plan);
        }
        let mut edit = Edit::new(Action::Import, self.workspace.clone(), self.number);
        for setting in Setting::ALL.iter().filter(|setting| !old.is_unset(**setting)) {
            edit.ask(*setting, old);
        }
        plan.edits.push(edit);
    }

    fn cannot(&self, message: &str, plan: &mut PlannedEdits) {
        plan.impossible.push(Impossible {
            phone_number: self.number,
            workspace: self.workspace.clone(),
            message: message.to_owned(),
        });
    }
}

#[cfg(test)]
mod tests;
