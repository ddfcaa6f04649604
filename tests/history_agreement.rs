//! Holds the programs' history and blame of real repositories to a naive replay. Histories in memory, many more of them, are
//! held to it in `history_in_memory`.

#![allow(clippy::unwrap_used)] // a test ends where something is not as it should be

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};

use crate::generator::past::{Commit, eventful};
use crate::generator::replay::{Origins, replay};
use crate::generator::repository::{Import, sealed};
use serde_json::Value;

fn blames(seed: u64, numbers: usize, commits: usize) {
    let past = eventful(seed, numbers, commits);
    let folder = tempfile::tempdir().unwrap();
    let mut import = Import::new(folder.path());
    past.iter().enumerate().for_each(|(at, commit)| import.add(at, commit));
    import.finish(folder.path());
    let mut origins = Origins::of(&past);
    for number in origins.numbers() {
        let mut command = Command::new(env!("CARGO_BIN_EXE_phone-dir"));
        let output = sealed(&mut command, folder.path()).args(["blame", number.as_str(), "--json"]).output().unwrap();
        let told: Value = serde_json::from_slice(&output.stdout).unwrap();
        for field in told["fields"].as_array().unwrap() {
            let (workspace, name) = (field["workspace"].as_str(), field["field"].as_str().unwrap());
            let Some(origin) = origins.set_by(number, workspace, name) else { continue };
            let expected = format!("Commit {origin}");
            assert_eq!(field["summary"], expected, "seed {seed}, {number}, {workspace:?}, {name}");
        }
    }
}

#[test]
fn blame_follows_each_field_to_the_commit_that_no_parent_had_it_before() {
    blames(1, 4, 60);
}

/// After the objects were written, so that what is kept of them may be believed.
const AFTERWARDS: &str = "2100-01-01T00:00:00Z";

fn history(folder: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_phone-dir"));
    sealed(&mut command, folder).args(["history", "--json"]).env("PHONE_DIR_NOW", AFTERWARDS).output().unwrap()
}

fn told(folder: &Path) -> BTreeMap<String, Value> {
    let output = history(folder);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let value: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(value["complete"], true);
    let commits = value["commits"].as_array().unwrap().iter();
    let row = |commit: &Value| {
        let has_gap = !commit["gap"].is_null();
        (
            commit["summary"].as_str().unwrap().to_owned(),
            serde_json::json!({"changes": commit["changes"], "gap": has_gap}),
        )
    };
    // What a merge dropped is told beside: a replay of what commits changed does not know of it.
    let is_own = |commit: &&Value| commit["dropped"].is_null() || commit["changes"] != serde_json::json!([]);
    commits.filter(is_own).map(row).collect()
}

fn agrees(seed: u64, numbers: usize, commits: usize) {
    let past = eventful(seed, numbers, commits);
    let folder = tempfile::tempdir().unwrap();
    let mut import = Import::new(folder.path());
    for (at, commit) in past.iter().enumerate() {
        import.add(at, commit);
    }
    import.finish(folder.path());
    let (expected, found) = (replay(&past), told(folder.path()));
    assert_eq!(told(folder.path()), found, "seed {seed}: what was kept tells something else");
    assert!(expected.len() > commits / 4, "the generator makes histories in which something happens");
    for (commit, row) in &expected {
        assert_eq!(found.get(commit), Some(row), "seed {seed}, {commit}");
    }
    let extra: Vec<_> = found.keys().filter(|commit| !expected.contains_key(*commit)).collect();
    assert!(extra.is_empty(), "seed {seed}: {extra:?}");
}

#[test]
fn history_is_what_a_replay_of_whole_commits_tells() {
    agrees(0, 12, 100);
}

/// In this one the folder has no `directory.json` when it moves.
#[test]
fn a_folder_whose_main_file_is_missing_is_followed_where_it_moved() {
    let past = eventful(0, 12, 80);
    let moved = past.windows(2).find(|pair| pair[0].place != pair[1].place).unwrap();
    assert!(!moved[0].files.contains_key("phone-numbers/directory.json"));
    agrees(0, 12, 80);
}

#[test]
fn history_of_large_files_is_what_a_replay_tells() {
    let large = |commit: &Commit| commit.files.values().any(|file| file.len() > 1 << 16);
    assert!(eventful(5, 200, 20).iter().filter(|commit| large(commit)).count() > 10);
    agrees(5, 200, 20);
}
