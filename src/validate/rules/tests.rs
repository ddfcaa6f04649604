//! Single rules, where a whole project tells too little: places, headings, and files that cannot be read.

use std::sync::Arc;

use serde_json::Value;

use super::*;
use crate::model::count::Count;
use crate::model::directory::Reading;
use crate::model::made_up::{agent_id, assigned, number, registered, two_workspaces, workspace};
use crate::model::paths::{self, FileKind};
use crate::model::registry::NumbersFile;
use crate::model::{Directory, Timestamp, WorkspaceEntry, WorkspaceFiles, canonical};
use crate::schema::Violation;
use crate::snapshot::Snapshot;
use crate::validate::intake::Intake;
use crate::validate::rule::Check;
use crate::validate::{Context, Occasion, Place, Pointer, Settings, Source, validate};

fn files(directory: &Directory) -> Snapshot {
    let mut snapshot = Snapshot::default();
    for (path, text) in directory.to_files() {
        snapshot.insert(path, text);
    }
    snapshot
}

fn staged() -> Occasion {
    Occasion::new(Source::Index, Timestamp::EPOCH)
}

/// What one rule finds: where, and in which words.
fn found(rule: &Rule, snapshot: &Snapshot, occasion: &Occasion) -> Vec<(Place, String)> {
    let (Check::Rule(check) | Check::Live(check)) = rule.check else {
        panic!("`{}` is checked while files are read", rule.code)
    };
    let (intake, settings) = (Intake::of(snapshot, Reading::of(snapshot)).unwrap(), Settings::default());
    let mut findings = Vec::new();
    check(&Context::new(snapshot, (&intake.reading, &intake.partial), &settings, occasion), &mut findings);
    findings.into_iter().map(|finding| (finding.place, finding.message)).collect()
}

#[test]
fn numbers_of_one_workspace_only_are_missing_in_the_other_one_where_it_misses_them_all() {
    let heading = |places: &[(u32, &str)]| {
        let mut directory = two_workspaces();
        for (line, name) in places {
            let binding = WorkspaceEntry {
                imported: true,
                import_date: None,
                agent_path: None,
                agent_id: None,
                assignment_type: None,
            };
            let entry = directory.master.numbers.get_mut(&number(*line)).unwrap();
            entry.workspaces = [(workspace(name), binding)].into_iter().collect();
        }
        let report = validate(&files(&directory), &Settings::default(), &staged()).unwrap();
        let check = report.checks.iter().find(|check| check.rule.code == missing_in_workspace::RULE.code);
        check.unwrap().summary.clone()
    };
    assert_eq!(heading(&[]), "No number is missing in a workspace");
    assert_eq!(heading(&[(1, "staging")]), "1 number missing in production workspace");
    assert_eq!(heading(&[(1, "production"), (2, "production")]), "2 numbers missing in staging workspace");
    assert_eq!(heading(&[(1, "staging"), (2, "production")]), "2 numbers in one workspace only");
}

#[test]
fn an_unrecorded_decision_stands_in_the_assignment_where_it_is_about_agents_and_there_is_one() {
    let mut before = two_workspaces();
    for line in 1..=3 {
        registered(&mut before, "staging", line).last_modified = Some(Timestamp::EPOCH);
    }
    let mut after = before.clone();
    let bound = assigned(&mut after, "staging", 1);
    bound.inbound_agent_id = Some(agent_id("staging", "b"));
    registered(&mut after, "staging", 2).nickname = Some("Front".to_owned());
    after.workspace_mut(&workspace("staging")).assignments.assignments.remove(2);
    let said = |line, name: &str, has: &str| {
        format!("`{name}` of {} in staging was decided without a record of what Retell has{has}", number(line))
    };
    let place =
        |path: String, list: &str, at: usize| Place::value(path, Pointer::root().at(list).at(at).at("phone_number"));
    let in_assignments = |at| place(paths::assignments(&workspace("staging")), "assignments", at);
    let in_registry = |at| place(paths::numbers(&workspace("staging")), "numbers", at);
    assert_eq!(
        found(&unrecorded_decision::RULE, &files(&after), &staged().after(vec![Arc::new(before)])),
        [
            (in_assignments(0), said(1, "inbound_agents", ", `staging-a`")),
            (in_registry(1), said(2, "nickname", "")),
            (in_registry(2), said(3, "inbound_agents", ", `staging-a`")),
            (in_registry(2), said(3, "outbound_agents", ", `staging-a`")),
        ]
    );
}

#[test]
fn a_conflict_is_found_in_a_list_whatever_its_order() {
    let mut directory = two_workspaces();
    let record = serde_json::json!({ "nickname": { "was": "Before", "is": "Since" } });
    registered(&mut directory, "staging", 1).live = Some(Box::new(serde_json::from_value(record).unwrap()));
    let path = paths::numbers(&workspace("staging"));
    let mut registry = directory.workspaces[&workspace("staging")].numbers.clone();
    let messages = |registry: &NumbersFile| {
        let mut files = files(&directory);
        files.insert(path.clone(), canonical::to_text(registry));
        found(&pending_conflict::RULE, &files, &staged()).into_iter().map(|(_, message)| message).collect::<Vec<_>>()
    };
    let expected = format!("`nickname` of {} in staging was decided, and changed at Retell since", number(1));
    assert_eq!(messages(&registry), [expected.as_str()]);
    registry.numbers.reverse();
    assert_eq!(messages(&registry), [expected]);
}

#[test]
fn a_webhook_is_not_alone_where_the_assignments_cannot_be_read_whole_or_in_part() {
    let mut directory = two_workspaces();
    registered(&mut directory, "staging", 1).inbound_webhook_url = Some(Some("https://example.com/a".to_owned()));
    let path = paths::assignments(&workspace("staging"));
    let found = |text: &str| {
        let mut files = files(&directory);
        files.insert(path.clone(), text);
        found(&webhook_without_agent::RULE, &files, &staged())
    };
    let mut assignments = directory.workspaces[&workspace("staging")].assignments.clone();
    let text = canonical::to_text(&assignments);
    assignments.assignments.remove(0);
    let place = Place::value(
        paths::numbers(&workspace("staging")),
        Pointer::root().at("numbers").at(0).at("inbound_webhook_url"),
    );
    let alone = (place, format!("{} in staging has a webhook, and no agent bound", number(1)));
    assert_eq!(found(&canonical::to_text(&assignments)), [alone]);
    for text in [text.as_str(), "{", &text.replacen("inbound-outbound", "both", 1)] {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn a_violation_in_a_sid_is_told_as_such() {
    let rule = |pointer: &str, message: &str| {
        let (pointer, message) = (pointer.to_owned(), message.to_owned());
        let violation = Violation { pointer, keyword: "pattern".to_owned(), message };
        let kind = FileKind::of(paths::TRUNKS).unwrap();
        schema::finding(paths::TRUNKS, &kind, &Value::Null, &violation).rule.code
    };
    for (pointer, message, code) in [
        ("/trunks/x/origination_urls/0/sid", "expected text", "twilio-sid"),
        ("/trunks/x/trunk_sid", "expected text", "twilio-sid"),
        ("/trunks/x/credential_list_sids/0", "expected text", "twilio-sid"),
        ("/trunks/x", "expected a SID", "twilio-sid"),
        ("/trunks/x/side", "expected text", "schema"),
        ("/sid/x", "expected text", "schema"),
    ] {
        assert_eq!(rule(pointer, message), code, "{pointer}: {message}");
    }
}

#[test]
fn workspaces_are_one_name_where_they_differ_in_capitals_and_told_once() {
    let found = |counted: &[&str], with_folder: &[&str]| {
        let mut directory = Directory::empty();
        for name in counted {
            directory.master.metadata.by_workspace.insert(workspace(name), Count::default());
        }
        for name in with_folder {
            directory.workspaces.insert(workspace(name), WorkspaceFiles::empty(&workspace(name)));
        }
        found(&ambiguous_name::RULE, &files(&directory), &staged())
    };
    let said = |name: &str, other: &str| format!("`{name}` and `{other}` are one name on macOS and Windows");
    let key = Place::key(paths::MASTER, Pointer::root().at("metadata").at("by_workspace").at("eu"));
    assert_eq!(found(&["eu", "us"], &[]), []);
    assert_eq!(found(&["EU", "eu"], &["EU"]), [(key.clone(), said("eu", "EU"))]);
    assert_eq!(found(&["EU", "eu"], &[]), [(key, said("eu", "EU"))]);
    let folder = Place::file(paths::assignments(&workspace("eu")));
    assert_eq!(found(&["EU", "eu"], &["EU", "eu"]), [(folder, said("phone-numbers/eu", "phone-numbers/EU"))]);
}
