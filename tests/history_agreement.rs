//! Holds the history to a naive replay: every commit loaded whole, and compared with every parent.

#![allow(clippy::unwrap_used)] // a test ends where something is not as it should be

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::process::{Command, Output};
use std::rc::Rc;

use crate::generator::past::{Commit, eventful};
use crate::generator::repository::{Import, sealed};
use phone_dir::diff::{Changes, revisions};
use phone_dir::history::own;
use phone_dir::model::Directory;
use phone_dir::model::directory::{FailureReason, Reading};
use phone_dir::render::changes::json;
use phone_dir::snapshot::Snapshot;
use serde_json::Value;

/// The files of a commit that can be read, each as it was when it last could.
type Readable = BTreeMap<String, Rc<Vec<u8>>>;

/// What is known of each file's bytes at its path. Commits have most of theirs in common, and a file is the same wherever
/// it stands: it is read once.
#[derive(Default)]
struct Contents {
    readable: HashMap<(String, Rc<Vec<u8>>), bool>,
    values: HashMap<Rc<Vec<u8>>, Value>,
}

impl Contents {
    fn is_readable(&mut self, path: &str, bytes: &Rc<Vec<u8>>) -> bool {
        let read = || {
            let mut snapshot = Snapshot::default();
            snapshot.insert(path, bytes.to_vec());
            let failures = Reading::of(&snapshot).failures;
            failures.iter().all(|failure| failure.path != path || matches!(failure.reason, FailureReason::Missing))
        };
        *self.readable.entry((path.to_owned(), Rc::clone(bytes))).or_insert_with(read)
    }

    fn value(&mut self, bytes: &Rc<Vec<u8>>) -> &Value {
        self.values.entry(Rc::clone(bytes)).or_insert_with(|| serde_json::from_slice(bytes).unwrap())
    }
}

/// A file that cannot be read counts as it last could: in the parent that has the same file, else in the first.
fn effective(commit: &Commit, past: &[Commit], states: &[(Readable, Directory)], contents: &mut Contents) -> Readable {
    let has_same = |path: &String, parent: &usize| past[*parent].files.get(path) == commit.files.get(path);
    let last_known = |path: &String| {
        let same = commit.parents.iter().find(|parent| has_same(path, parent));
        states[*same.or(commit.parents.first())?].0.get(path).cloned()
    };
    let of_file = |(path, bytes): (&String, &Rc<Vec<u8>>)| {
        let readable = if contents.is_readable(path, bytes) { Some(Rc::clone(bytes)) } else { last_known(path) };
        Some((path.clone(), readable?))
    };
    commit.files.iter().filter_map(of_file).collect()
}

fn directory(files: &Readable) -> Directory {
    let mut snapshot = Snapshot::default();
    for (path, bytes) in files {
        snapshot.insert(path.clone(), bytes.to_vec());
    }
    Reading::of(&snapshot).directory
}

/// The directory at each commit, every file as it could last be read.
fn states(past: &[Commit], contents: &mut Contents) -> Vec<(Readable, Directory)> {
    let mut states: Vec<(Readable, Directory)> = Vec::new();
    for commit in past {
        let files = effective(commit, past, &states, contents);
        let same = commit.parents.iter().find(|parent| states[**parent].0 == files);
        let now = same.map_or_else(|| directory(&files), |parent| states[*parent].1.clone());
        states.push((files, now));
    }
    states
}

/// What each commit changed, computed from whole directories; commits that changed nothing are left out.
fn replay(past: &[Commit]) -> BTreeMap<String, Value> {
    let mut contents = Contents::default();
    let states = states(past, &mut contents);
    let mut rows = BTreeMap::new();
    for (at, commit) in past.iter().enumerate() {
        let now = &states[at].1;
        let empty = Directory::empty();
        let parents: Vec<&Directory> = match commit.parents.as_slice() {
            [] => vec![&empty],
            parents => parents.iter().map(|parent| &states[*parent].1).collect(),
        };
        let changes: Changes = own::of_merge(parents.iter().map(|parent| revisions::between(parent, now)).collect());
        let is_new =
            |path: &String| commit.parents.iter().all(|parent| past[*parent].files.get(path) != commit.files.get(path));
        let has_gap = commit.files.iter().any(|(path, bytes)| is_new(path) && !contents.is_readable(path, bytes));
        if !changes.is_empty() || has_gap {
            let list = serde_json::to_value(json::list(&changes)).unwrap();
            rows.insert(format!("Commit {at}"), serde_json::json!({"changes": list, "gap": has_gap}));
        }
    }
    rows
}

/// A number in a workspace, or in the directory as a whole.
#[derive(Clone, Copy)]
struct Place<'a> {
    number: &'a str,
    workspace: Option<&'a str>,
}

/// What one file of a commit says of a number's field; null where it does not say it.
fn said(contents: &mut Contents, files: &Readable, place: Place<'_>, file: &str, field: &str) -> Value {
    let Place { number, workspace } = place;
    let path = if file == "directory" { None } else { workspace };
    let path =
        path.map_or("phone-numbers/directory.json".to_owned(), |name| format!("phone-numbers/{name}/{file}.json"));
    let Some(bytes) = files.get(&path) else { return Value::Null };
    let text = contents.value(bytes);
    let mut at = match file {
        "directory" => &text["numbers"][number],
        list => {
            let mut entries = text[list].as_array().into_iter().flatten();
            entries.find(|entry| entry["phone_number"] == number).unwrap_or(&Value::Null)
        }
    };
    if let (Some(workspace), "directory") = (workspace, file) {
        at = &at["workspaces"][workspace];
    }
    field.split('.').for_each(|part| at = &at[part]);
    at.clone()
}

/// The commit that a field's value at the tip came from: back to the first parent that has the same, as long as one does.
fn origin(past: &[Commit], values: &[Value]) -> usize {
    let mut at = past.len() - 1;
    while let Some(parent) = past[at].parents.iter().find(|parent| values[**parent] == values[at]) {
        at = *parent;
    }
    at
}

fn blames(seed: u64, numbers: usize, commits: usize) {
    let past = eventful(seed, numbers, commits);
    let folder = tempfile::tempdir().unwrap();
    let mut import = Import::new(folder.path());
    past.iter().enumerate().for_each(|(at, commit)| import.add(at, commit));
    import.finish(folder.path());
    let mut contents = Contents::default();
    let states = states(&past, &mut contents);
    // What the last commit has in a file that cannot be read, nobody can say.
    let mut tip = past[past.len() - 1].files.clone();
    tip.retain(|path, bytes| contents.is_readable(path, bytes));
    let known: Vec<_> = directory(&tip).master.numbers.keys().copied().collect();
    for number in known {
        let mut command = Command::new(env!("CARGO_BIN_EXE_phone-dir"));
        let output = sealed(&mut command, folder.path()).args(["blame", number.as_str(), "--json"]).output().unwrap();
        let told: Value = serde_json::from_slice(&output.stdout).unwrap();
        for field in told["fields"].as_array().unwrap() {
            let (workspace, name) = (field["workspace"].as_str(), field["field"].as_str().unwrap());
            let place = Place { number: number.as_str(), workspace };
            // The first file that says it; a field of null has no commit to be found.
            let files = ["assignments", "numbers", "directory"];
            let mut files = files[usize::from(workspace.is_none()) * 2..].iter();
            let file = files.find(|file| !said(&mut contents, &tip, place, file, name).is_null());
            let Some(file) = file else { continue };
            let values: Vec<_> =
                states.iter().map(|(files, _)| said(&mut contents, files, place, file, name)).collect();
            let expected = format!("Commit {}", origin(&past, &values));
            assert_eq!(field["summary"], expected, "seed {seed}, {number}, {workspace:?}, {name}");
        }
    }
}

#[test]
fn blame_follows_each_field_to_the_commit_that_no_parent_had_it_before() {
    for (seed, commits) in [(1, 60), (2, 120), (3, 120)] {
        blames(seed, 6, commits);
    }
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
    for seed in 0..4 {
        agrees(seed, 12, 100);
    }
}

#[test]
fn history_of_a_larger_directory_is_what_a_replay_tells() {
    agrees(99, 60, 90);
}

#[test]
fn history_of_large_files_is_what_a_replay_tells() {
    let large = |commit: &Commit| commit.files.values().any(|file| file.len() > 1 << 16);
    assert!(eventful(5, 200, 30).iter().filter(|commit| large(commit)).count() > 15);
    agrees(5, 200, 30);
}
