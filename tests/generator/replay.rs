//! What a generated history has to tell, worked out naively: every commit loaded whole, and compared with every parent.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use phone_dir::diff::{Changes, revisions};
use phone_dir::history::merge_commit;
use phone_dir::model::directory::{FailureReason, Reading};
use phone_dir::model::{Directory, PhoneNumber};
use phone_dir::snapshot::Snapshot;
use serde_json::Value;

use super::past::Commit;

/// The files of a commit that can be read, each as it was when it last could.
pub type Readable = BTreeMap<String, Rc<Vec<u8>>>;

/// What is known of each file's bytes at its path. Commits have most of theirs in common, and a file is the same wherever
/// it stands: it is read once.
#[derive(Default)]
pub struct Contents {
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
pub fn replay(past: &[Commit]) -> BTreeMap<String, Value> {
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
        let changes: Changes =
            merge_commit::own_changes(parents.iter().map(|parent| revisions::between(parent, now)).collect());
        let is_new =
            |path: &String| commit.parents.iter().all(|parent| past[*parent].files.get(path) != commit.files.get(path));
        let has_gap = commit.files.iter().any(|(path, bytes)| is_new(path) && !contents.is_readable(path, bytes));
        if !changes.is_empty() || has_gap {
            let list = serde_json::to_value(&changes.list).unwrap();
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

/// The commits that set the fields of every number of the last commit, for the fields that are asked for.
pub struct Origins<'a> {
    past: &'a [Commit],
    contents: Contents,
    states: Vec<(Readable, Directory)>,
    /// What the last commit has, without what cannot be read there, of which nothing can be said.
    tip: Readable,
}

impl<'a> Origins<'a> {
    pub fn of(past: &'a [Commit]) -> Self {
        let mut contents = Contents::default();
        let states = states(past, &mut contents);
        let mut tip = past[past.len() - 1].files.clone();
        tip.retain(|path, bytes| contents.is_readable(path, bytes));
        Self { past, contents, states, tip }
    }

    /// The directory at the last commit.
    pub fn directory(&self) -> Directory {
        directory(&self.tip)
    }

    pub fn numbers(&self) -> Vec<PhoneNumber> {
        self.directory().master.numbers.keys().copied().collect()
    }

    /// The commit that set a field; none for a field of null, which has no commit to be found.
    pub fn set_by(&mut self, number: PhoneNumber, workspace: Option<&str>, name: &str) -> Option<usize> {
        let place = Place { number: number.as_str(), workspace };
        // The first file that says it.
        let files = ["assignments", "numbers", "directory"];
        let mut files = files[usize::from(workspace.is_none()) * 2..].iter();
        let file = files.find(|file| !said(&mut self.contents, &self.tip, place, file, name).is_null())?;
        let values: Vec<_> =
            self.states.iter().map(|(files, _)| said(&mut self.contents, files, place, file, name)).collect();
        Some(origin(self.past, &values))
    }
}
