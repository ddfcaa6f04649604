//! Laws of the one meaning of "changed", on generated directories: with itself nothing differs, every field that
//! differs is listed, one kind applies, and the two ways to compare agree.

#![allow(clippy::unwrap_used)] // a test ends where something is not as it should be

use std::collections::BTreeSet;

use crate::strategies::directory::directory;
use phone_dir::diff::delta::Delta;
use phone_dir::diff::fields::Compared;
use phone_dir::diff::{ChangeKind, Changes, revisions, text};
use phone_dir::model::number_field::NumberField;
use phone_dir::model::{AssignmentsFile, Directory, MasterFile, NumbersFile, Setting, WorkspaceName, canonical};
use proptest::prelude::*;
use serde::Serialize;
use serde_json::{Map, Value};

/// Two directories, the second often with entries of the first.
fn two_directories() -> impl Strategy<Value = (Directory, Directory)> {
    (directory(), directory(), any::<bool>()).prop_map(|(from, mut to, mixed)| {
        if mixed {
            to.master.numbers.extend(from.master.numbers.clone());
            to.workspaces.extend(from.workspaces.clone().into_iter().take(1));
        }
        (from, to)
    })
}

/// The fields of a number's entry that changes are about, flattened, without those that are null.
fn fields_of(directory: &Directory, number: &phone_dir::model::PhoneNumber) -> Map<String, Value> {
    let mut flat = Map::new();
    if let Some(entry) = directory.number(*number) {
        let mut value = serde_json::to_value(entry).unwrap();
        value.as_object_mut().unwrap().remove("workspaces");
        value.as_object_mut().unwrap().remove("phone_number");
        flatten("", &value, &mut flat);
    }
    if let Some(member) = directory.pools.as_ref().and_then(|file| file.members.get(number)) {
        let member = serde_json::to_value(member).unwrap();
        let names = [
            ("pool", "pool"),
            ("state", "pool_state"),
            ("until", "pool_until"),
            ("reason", "pool_reason"),
            ("for", "pool_for"),
        ];
        for (name, field) in names.iter().filter(|(name, _)| !member[*name].is_null()) {
            flat.insert((*field).to_owned(), member[*name].clone());
        }
    }
    flat
}

fn flatten(path: &str, value: &Value, flat: &mut Map<String, Value>) {
    match value {
        // A record of what Retell has is one value.
        Value::Object(object) if !path.starts_with("live.") => {
            for (name, inner) in object {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                flatten(&path, inner, flat);
            }
        }
        Value::Null => {}
        other => {
            flat.insert(path.to_owned(), other.clone());
        }
    }
}

/// Applies the changes of the numbers themselves to the fields of one of them.
fn applied(
    changes: &Changes,
    number: &phone_dir::model::PhoneNumber,
    mut fields: Map<String, Value>,
) -> Map<String, Value> {
    let of_number = changes.list.iter().filter(|change| change.workspace.is_none() && change.phone_number == *number);
    for field in of_number.flat_map(|change| &change.fields) {
        match serde_json::to_value(&field.to).unwrap() {
            Value::Null => fields.remove(field.field.as_str()),
            value => fields.insert(field.field.to_string(), value),
        };
    }
    fields
}

fn is_registered(directory: &Directory, workspace: &WorkspaceName, number: phone_dir::model::PhoneNumber) -> bool {
    directory.workspaces.get(workspace).is_some_and(|files| files.registered(number).is_some())
}

fn is_assigned(directory: &Directory, workspace: &WorkspaceName, number: phone_dir::model::PhoneNumber) -> bool {
    let assignment = directory.workspaces.get(workspace).and_then(|files| files.assignment(number));
    assignment.is_some_and(|assignment| !assignment.voice_agents().is_empty())
}

/// The fields that an entry has in its file and no comparison looks at.
fn not_compared<T: Compared + Serialize>(entry: &T) -> BTreeSet<String> {
    let mut flat = Map::new();
    flatten("", &serde_json::to_value(entry).unwrap(), &mut flat);
    let compared: Vec<_> =
        T::FIELDS.iter().map(|(field, _)| *field).chain(Setting::decisions().map(NumberField::Live)).collect();
    flat.into_iter().map(|(name, _)| name).filter(|name| !compared.iter().any(|field| field.as_str() == name)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_directory_does_not_differ_from_itself(directory in directory()) {
        prop_assert_eq!(revisions::between(&directory, &directory), Changes::default());
        prop_assert_eq!(Delta::between(&directory, &directory).numbers.len(), 0);
    }

    #[test]
    fn what_is_not_compared_follows_from_the_number_or_is_said_by_another_field(directory in directory()) {
        for entry in directory.master.numbers.values() {
            let left_out = not_compared(entry);
            prop_assert!(left_out.iter().all(|name| name == "phone_number" || name.starts_with("workspaces.")), "{:?}", left_out);
            for entry in entry.workspaces.values() {
                prop_assert_eq!(not_compared(entry), BTreeSet::from(["imported".to_owned()]));
            }
        }
        for files in directory.workspaces.values() {
            for entry in &files.numbers.numbers {
                let left_out: Vec<_> = not_compared(entry).into_iter().collect();
                prop_assert_eq!(left_out, ["assigned", "phone_number", "phone_number_pretty"]);
            }
            for entry in &files.assignments.assignments {
                prop_assert_eq!(not_compared(entry), BTreeSet::from(["phone_number".to_owned()]));
            }
        }
    }

    #[test]
    fn applying_the_changes_of_the_numbers_to_the_first_gives_the_second((from, to) in two_directories()) {
        let changes = revisions::between(&from, &to);
        let members = [&from, &to].into_iter().flat_map(|side| &side.pools).flat_map(|file| file.members.keys());
        let numbers: BTreeSet<_> = from.master.numbers.keys().chain(to.master.numbers.keys()).chain(members).collect();
        for number in numbers {
            let result = applied(&changes, number, fields_of(&from, number));
            let (result, wanted): (BTreeSet<_>, BTreeSet<_>) = (
                result.into_iter().map(|(name, value)| (name, value.to_string())).collect(),
                fields_of(&to, number).into_iter().map(|(name, value)| (name, value.to_string())).collect(),
            );
            prop_assert_eq!(result, wanted);
        }
    }

    #[test]
    fn each_number_and_workspace_has_one_kind_and_it_is_the_first_that_applies((from, to) in two_directories()) {
        let changes = revisions::between(&from, &to);
        let keys: Vec<_> = changes.list.iter().map(|change| (change.phone_number, change.workspace.clone())).collect();
        prop_assert!(keys.is_sorted_by(|one, next| one < next), "one change for each number and workspace, in order");
        for change in &changes.list {
            let Some(workspace) = &change.workspace else { continue };
            let number = change.phone_number;
            let registered = [&from, &to].map(|side| is_registered(side, workspace, number));
            let assigned = [&from, &to].map(|side| is_assigned(side, workspace, number));
            match (registered, assigned) {
                ([false, true], _) => prop_assert_eq!(change.kind, ChangeKind::Imported),
                ([true, false], _) => prop_assert_eq!(change.kind, ChangeKind::Removed),
                (_, [false, true]) => prop_assert_eq!(change.kind, ChangeKind::Assigned),
                (_, [true, false]) => prop_assert_eq!(change.kind, ChangeKind::Unassigned),
                _ => prop_assert!(!change.fields.is_empty()),
            }
        }
    }

    #[test]
    fn comparing_texts_without_parsing_what_they_share_gives_the_same_pairs((from, to) in two_directories()) {
        let whole = Delta::between(&from, &to);
        let texts = |directory: &Directory| canonical::to_text(&directory.master).into_bytes();
        if let Some(pairs) = text::pairs::<MasterFile>(&texts(&from), &texts(&to)) {
            prop_assert_eq!(&pairs, &whole.numbers);
        }
        for (name, files) in &from.workspaces {
            let Some(others) = to.workspaces.get(name) else { continue };
            let [one, other] = [files, others].map(|files| canonical::to_text(&files.numbers).into_bytes());
            if let Some(pairs) = text::pairs::<NumbersFile>(&one, &other) {
                prop_assert_eq!(&pairs, &whole.workspaces[name].registry);
            }
            let [one, other] = [files, others].map(|files| canonical::to_text(&files.assignments).into_bytes());
            if let Some(pairs) = text::pairs::<AssignmentsFile>(&one, &other) {
                prop_assert_eq!(&pairs, &whole.workspaces[name].assignments);
            }
        }
    }
}

#[test]
fn the_shortcut_gives_up_where_the_other_text_is_not_canonical() {
    let runner = &mut proptest::test_runner::TestRunner::deterministic();
    let has_two = |directory: &Directory| directory.master.numbers.len() > 1;
    let tree = directory().prop_filter("two numbers", has_two).new_tree(runner).unwrap();
    let directory = proptest::strategy::ValueTree::current(&tree);
    let text = canonical::to_text(&directory.master);
    let is_taken = |other: &str| text::pairs::<MasterFile>(text.as_bytes(), other.as_bytes()).is_some();
    assert!(is_taken(&text));
    assert!(is_taken(&text.replacen("\"notes\": \"", "\"notes\": \"x", 1)));
    for other in [
        text.replacen("\"notes\": ", "\"notes\":  ", 1),
        text.replacen("\"provider\"", "\"supplier\"", 1),
        text.replacen("\"version\": \"1.", "\"version\": \"2.", 1),
        text.replacen("    },\n", "    }\n", 1),
        text.trim_end().to_owned(),
        format!("{text}x"),
    ] {
        assert!(!is_taken(&other), "{other}");
    }
}
