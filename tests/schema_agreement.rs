//! Holds the JSON Schemas and the model's types to the same verdicts, on generated, damaged and written files.

#![allow(clippy::unwrap_used)] // a failing test should stop where it fails

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use crate::strategies::directory::{directory, snapshot_of};
use crate::strategies::files::document;
use crate::strategies::mutation::{Mutation, mutation};
use phone_dir::model::agent_folders::{AgentFile, AgentWorkspaceFiles};
use phone_dir::model::directory::Reading;
use phone_dir::model::paths::FileKind;
use phone_dir::model::prices::PricesFile;
use phone_dir::model::sync_log::SyncLog;
use phone_dir::model::workspaces_file::WorkspacesFile;
use phone_dir::model::{AssignmentsFile, MasterFile, NumbersFile, PoolsFile, Timestamp, TrunksFile, canonical, derive};
use phone_dir::schema::{self, SCHEMAS, Schema, Values};
use phone_dir::snapshot::Snapshot;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::TestCaseResult;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// Reads a text with the types, and says how they write it; `workspaces.json` is never written.
fn rewritten(schema: &str, text: &str) -> serde_json::Result<Option<String>> {
    match schema {
        "directory" => written::<MasterFile>(text).map(Some),
        "numbers" => written::<NumbersFile>(text).map(Some),
        "assignments" => written::<AssignmentsFile>(text).map(Some),
        "pools" => written::<PoolsFile>(text).map(Some),
        "prices" => written::<PricesFile>(text).map(Some),
        "trunks" => written::<TrunksFile>(text).map(Some),
        "sync" => written::<SyncLog>(text).map(Some),
        "agent" => written::<AgentFile>(text).map(|_| None),
        "agent-workspace" => serde_json::from_str::<AgentWorkspaceFiles>(text).map(|_| None),
        "workspaces" => serde_json::from_str::<WorkspacesFile>(text).map(|_| None),
        _ => unreachable!("`{schema}` is not the name of a schema"),
    }
}

fn written<T: Serialize + DeserializeOwned>(text: &str) -> serde_json::Result<String> {
    serde_json::from_str::<T>(text).map(|file| canonical::to_text(&file))
}

/// Fails unless types and schema give one verdict on a text, and what they accept is stable once rewritten.
fn agree(schema: &Schema, text: &str) -> TestCaseResult {
    let value: Value = serde_json::from_str(text).expect("the tests make JSON");
    let violations = schema.violations(&value, Values::Shown);
    prop_assert_eq!(schema.accepts(&value), violations.is_empty());
    match rewritten(schema.name, text) {
        Err(error) => prop_assert!(!violations.is_empty(), "only the types refuse `{}`: {error}\n{text}", schema.name),
        Ok(canonical) => {
            prop_assert_eq!(&violations, &[], "only the schema refuses `{}`\n{}", schema.name, text);
            if let Some(canonical) = canonical {
                let again = rewritten(schema.name, &canonical).expect("what the types write, they read");
                prop_assert_eq!(again.as_ref(), Some(&canonical));
            }
        }
    }
    Ok(())
}

fn any_document() -> impl Strategy<Value = (&'static Schema, String)> {
    select(SCHEMAS.iter().collect::<Vec<_>>()).prop_flat_map(|schema| (Just(schema), document(schema.name)))
}

fn damaged(text: &str, mutations: &[Mutation]) -> String {
    let mut value: Value = serde_json::from_str(text).expect("the types write JSON");
    for mutation in mutations {
        mutation.apply(&mut value);
    }
    value.to_string()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_the_types_write_satisfies_the_schema_and_is_read_and_written_unchanged((schema, text) in any_document()) {
        agree(schema, &text)?;
        let canonical = rewritten(schema.name, &text).expect("what the types write, they read");
        prop_assert_eq!(canonical.unwrap_or_else(|| text.clone()), text);
    }

    #[test]
    fn the_types_and_the_schemas_agree_on_a_whole_consistent_directory(directory in directory()) {
        let snapshot = snapshot_of(&directory);
        let reading = Reading::of(&snapshot);
        prop_assert!(reading.failures.is_empty(), "{:?}", reading.failures);
        prop_assert_eq!(&reading.directory, &directory);
        for path in snapshot.files.keys() {
            let kind = FileKind::of(path).expect("a directory has files of the project only");
            agree(schema::of(&kind), &text_of(&snapshot, path))?;
        }
        let mut again = directory.clone();
        derive::recompute(&mut again);
        prop_assert_eq!(again, directory);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_types_and_the_schemas_give_the_same_verdict_on_damaged_files(
        (schema, text) in any_document(),
        mutations in proptest::collection::vec(mutation(), 1..=2),
    ) {
        agree(schema, &damaged(&text, &mutations))?;
    }
}

fn text_of(snapshot: &Snapshot, path: &str) -> String {
    String::from_utf8(snapshot.bytes(path).expect("a file").to_vec()).expect("the types write UTF-8")
}

fn log_with(moment: &str) -> Value {
    json!({"last_full_sync": null, "last_incremental_sync": null, "sync_history": [], "next_sync": moment,
        "sync_interval_minutes": 60})
}

#[test]
fn the_schemas_know_the_calendar_as_the_type_does() {
    let schema = schema::named("sync").unwrap();
    let years = [0, 1, 4, 100, 400, 1000, 1896, 1900, 1996, 1999, 2000, 2004, 2023, 2024, 2025, 2096, 2100, 2400, 9999];
    let mut accepted = BTreeMap::new();
    for year in years {
        for (month, day) in (0..=13).flat_map(|month| (0..=32).map(move |day| (month, day))) {
            let moment = format!("{year:04}-{month:02}-{day:02}T12:00:00Z");
            let verdict = schema.accepts(&log_with(&moment));
            assert_eq!(verdict, Timestamp::parse(&moment).is_ok(), "{moment}");
            *accepted.entry(year).or_insert(0) += usize::from(verdict);
        }
    }
    let leap_years = accepted.iter().filter(|(_, days)| **days == 366).map(|(year, _)| *year).collect::<Vec<_>>();
    assert_eq!(leap_years, [0, 4, 400, 1896, 1996, 2000, 2004, 2024, 2096, 2400]);
    for (hour, minute) in (0..=99).flat_map(|hour| [0, 9, 10, 59, 60, 99].map(move |minute| (hour, minute))) {
        for moment in [format!("2025-11-19T{hour:02}:{minute:02}:00Z"), format!("2025-11-19T00:{hour:02}:{minute:02}Z")]
        {
            assert_eq!(schema.accepts(&log_with(&moment)), Timestamp::parse(&moment).is_ok(), "{moment}");
        }
    }
}

fn fixtures(folder: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("the fixtures are there") {
            let path = entry.expect("the fixtures can be listed").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push((path.clone(), fs::read_to_string(path).expect("the fixtures are UTF-8")));
            }
        }
    }
    found.sort();
    found
}

/// The schema whose name, the longest that fits, begins a fixture's file name.
fn schema_of_case(path: &Path) -> &'static Schema {
    let name = path.file_name().and_then(OsStr::to_str).expect("fixtures have ASCII names");
    let fitting = SCHEMAS.iter().filter(|schema| name.starts_with(&format!("{}-", schema.name)));
    fitting.max_by_key(|schema| schema.name.len()).expect("a fixture's name begins with its schema's")
}

#[test]
fn the_specifications_examples_are_in_canonical_form_and_satisfy_the_schemas() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/specification");
    let examples = fixtures("specification");
    assert_eq!(examples.len(), 5);
    for (path, text) in examples {
        let kind = FileKind::of(path.strip_prefix(&root).unwrap().to_str().unwrap()).unwrap();
        agree(schema::of(&kind), &text).unwrap();
        assert_eq!(rewritten(kind.schema(), &text).unwrap(), Some(text), "{}", path.display());
    }
}

#[test]
fn good_files_are_accepted_and_bad_ones_refused_by_types_and_schemas() {
    for (folder, good) in [("schema/good", true), ("schema/bad", false)] {
        let cases = fixtures(folder);
        for schema in &SCHEMAS {
            assert!(cases.iter().filter(|(path, _)| schema_of_case(path).name == schema.name).count() >= 2);
        }
        for (path, text) in cases {
            let schema = schema_of_case(&path);
            agree(schema, &text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            assert_eq!(schema.accepts(&serde_json::from_str(&text).unwrap()), good, "{}", path.display());
        }
    }
}
