//! What is taken back, what is given back as it was, and what cannot be.

#![allow(clippy::unnecessary_wraps, clippy::cloned_ref_to_slice_refs)] // tables of what may be absent

use super::*;
use crate::model::made_up::{agent_id, assigned, number, registered, two_workspaces, workspace};
use crate::model::registry::RegistryEntry;

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn changed(change: impl FnOnce(&mut Directory)) -> Directory {
    let mut directory = two_workspaces();
    change(&mut directory);
    directory
}

fn leave(directory: &mut Directory, name: &str, line: u32) {
    let files = directory.workspace_mut(&workspace(name));
    files.numbers.numbers.retain(|entry| entry.phone_number != number(line));
    files.assignments.assignments.retain(|entry| entry.phone_number != number(line));
}

/// The edits in words: what, where, which number, the settings that are asked for.
fn edits(plan: &PlannedEdits) -> Vec<(Action, String, PhoneNumber, Vec<Setting>)> {
    assert!(plan.cleared.is_empty());
    let told = |edit: &Edit| {
        (edit.action, edit.workspace.to_string(), edit.phone_number, edit.asked.iter().copied().collect())
    };
    plan.edits.iter().map(told).collect()
}

fn impossible(plan: &PlannedEdits) -> Vec<(String, PhoneNumber, String)> {
    plan.impossible.iter().map(|it| (it.workspace.to_string(), it.phone_number, it.message.clone())).collect()
}

fn staging(line: u32, message: &str) -> (String, PhoneNumber, String) {
    ("staging".to_owned(), number(line), message.to_owned())
}

#[test]
fn each_setting_that_changed_is_given_back_unless_it_is_as_before_already() {
    let before = two_workspaces();
    let after = changed(|it| {
        registered(it, "staging", 1).nickname = text("New");
        registered(it, "staging", 1).transport = text("TLS");
        assigned(it, "production", 2).inbound_agent_id = Some(agent_id("production", "b"));
    });
    let plan = of_change(&before, &after, &after);
    let update =
        |name: &str, line, settings: &[Setting]| (Action::Update, name.to_owned(), number(line), settings.to_vec());
    assert_eq!(
        edits(&plan),
        [
            update("staging", 1, &[Setting::Transport, Setting::Nickname]),
            update("production", 2, &[Setting::InboundAgents]),
        ]
    );
    assert_eq!((plan.edits[0].target.nickname.clone(), plan.edits[0].target.transport.clone()), (None, None));
    assert_eq!(plan.edits[1].target.inbound_agents[0].agent_id, agent_id("production", "a"));
    assert_eq!(impossible(&plan), []);
    // Half of it was taken back by hand; something else changed since.
    let mut today = after.clone();
    registered(&mut today, "staging", 1).nickname = None;
    registered(&mut today, "staging", 1).codecs = Some(vec!["PCMU".to_owned()]);
    leave(&mut today, "production", 2);
    let plan = of_change(&before, &after, &today);
    assert_eq!(edits(&plan), [update("staging", 1, &[Setting::Transport])]);
    let gone = ("production".to_owned(), number(2), "the workspace does not have it any more".to_owned());
    assert_eq!(impossible(&plan), [gone]);
    assert_eq!(edits(&of_change(&before, &after, &before)), []);
}

#[test]
fn what_changed_once_more_and_what_retell_cannot_clear_is_named() {
    let before = two_workspaces();
    let after = changed(|it| {
        registered(it, "staging", 1).nickname = text("New");
        registered(it, "staging", 2).termination_uri = text("sip.example.com");
        registered(it, "staging", 2).auth_username = Some(text("user"));
    });
    let mut today = after.clone();
    registered(&mut today, "staging", 1).nickname = text("Newer");
    let plan = of_change(&before, &after, &today);
    assert_eq!(edits(&plan), []);
    assert_eq!(
        impossible(&plan),
        [
            staging(1, "`nickname` changed once more since then, it is `Newer` now"),
            staging(2, "Retell cannot clear `termination_uri`"),
            staging(2, "Retell cannot clear `auth_username`"),
        ]
    );
    // Another address can be given back.
    let plan = of_change(
        &after,
        &changed(|it| registered(it, "staging", 2).termination_uri = text("b.example.com")),
        &changed(|it| {
            registered(it, "staging", 2).termination_uri = text("b.example.com");
        }),
    );
    let settings = edits(&plan).into_iter().map(|edit| (edit.2, edit.3)).collect::<Vec<_>>();
    assert_eq!(
        settings,
        [(number(1), vec![Setting::Nickname]), (number(2), vec![Setting::TerminationUri, Setting::AuthUsername])]
    );
}

/// A number that can be imported again, but for what is changed of it.
fn carried(change: impl FnOnce(&mut RegistryEntry)) -> Directory {
    changed(|it| {
        let entry = registered(it, "staging", 1);
        (entry.termination_uri, entry.nickname) = (text("sip.example.com"), text("Desk"));
        change(entry);
    })
}

#[test]
fn an_import_is_deleted_and_a_deletion_imported_where_all_is_known() {
    let (there, gone) = (carried(|_| {}), changed(|it| leave(it, "staging", 1)));
    let delete = (Action::Delete, "staging".to_owned(), number(1), vec![]);
    assert_eq!(edits(&of_change(&gone, &there, &there)), [delete]);
    assert_eq!(edits(&of_change(&gone, &there, &gone)), []);
    let settings = vec![Setting::InboundAgents, Setting::OutboundAgents, Setting::TerminationUri, Setting::Nickname];
    let import = (Action::Import, "staging".to_owned(), number(1), settings);
    let plan = of_change(&there, &gone, &gone);
    assert_eq!(edits(&plan), [import.clone()]);
    assert_eq!(plan.edits[0].target.termination_uri, text("sip.example.com"));
    assert_eq!(impossible(&of_change(&there, &gone, &there)), [staging(1, "it was imported again since then")]);
    assert_eq!(edits(&to_state(&there, &gone, &[number(1)], None)), [import]);
    let bought = "it was bought through Retell, and cannot be imported again";
    for (then, why) in [
        (carried(|it| it.import_method = ImportMethod::DirectPurchase), bought),
        (carried(|it| it.termination_uri = None), bought),
        (carried(|it| it.auth_username = Some(text("user"))), "its SIP password is not known here: use `phone import`"),
    ] {
        let plan = of_change(&then, &gone, &gone);
        assert_eq!((edits(&plan), impossible(&plan)), (vec![], vec![staging(1, why)]));
    }
}

#[test]
fn numbers_get_the_settings_of_an_earlier_state_in_every_workspace_or_in_one() {
    let then = changed(|it| {
        for name in ["staging", "production"] {
            registered(it, name, 1).nickname = text("Then");
            registered(it, name, 2).nickname = text("Then");
        }
        leave(it, "staging", 3);
    });
    let today = two_workspaces();
    let update = |name: &str, line| (Action::Update, name.to_owned(), number(line), vec![Setting::Nickname]);
    let all = [number(1), number(3)];
    let plan = to_state(&then, &today, &all, None);
    assert_eq!(edits(&plan), [update("staging", 1), update("production", 1)]);
    assert_eq!(impossible(&plan), [staging(3, "the workspace did not have it then: use `phone delete`")]);
    let plan = to_state(&then, &today, &all, Some(&workspace("production")));
    assert_eq!((edits(&plan), impossible(&plan)), (vec![update("production", 1)], vec![]));
    assert_eq!(edits(&to_state(&today, &today, &all, None)), []);
    assert_eq!(edits(&to_state(&then, &today, &[], None)), []);
    let plan = to_state(&then, &today, &[number(9)], None);
    assert_eq!((edits(&plan), impossible(&plan)), (vec![], vec![]));
}

#[test]
fn the_workspaces_are_those_of_today_and_one_that_is_gone_asks_for_nothing() {
    let (old, new) = (workspace("old"), workspace("new"));
    let in_one = |name: &WorkspaceName| {
        let mut directory = two_workspaces();
        let files = directory.workspaces[&workspace("staging")].clone();
        directory.workspaces.insert(name.clone(), files);
        directory
    };
    let plan = to_state(&in_one(&old), &in_one(&new), &[number(1)], None);
    let message = "the workspace did not have it then: use `phone delete`";
    assert_eq!((edits(&plan), impossible(&plan)), (vec![], vec![("new".to_owned(), number(1), message.to_owned())]));
}
