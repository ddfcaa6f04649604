//! Brings the files of a number in step, once a decision put it back into one of them or took it out.
//!
//! git merges file by file. Where one side took a number out and the other edited it, only the files that the other
//! side edited are in conflict: the rest lose the number without a word. A user who then takes the edit means the number to
//! stay, in all of its files; one who takes the removal means it to be gone from all of them.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

use super::Keyed;
use super::resolution::Opened;
use crate::error::Result;
use crate::model::paths::{self, FileKind};
use crate::model::{AgentFolders, AssignmentsFile, Directory, MasterFile, NumbersFile, PhoneNumber, WorkspaceName};

/// Where a decision put numbers back or took them out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decided {
    /// By number: the workspaces in whose files it was decided.
    by_number: BTreeMap<PhoneNumber, BTreeSet<WorkspaceName>>,
    /// The numbers for which it was decided in `directory.json`.
    in_master: BTreeSet<PhoneNumber>,
}

impl Decided {
    pub fn add(&mut self, kind: &FileKind, numbers: &BTreeSet<PhoneNumber>) {
        // A number is in no other file because it is in a pool.
        if *kind == FileKind::Pools {
            return;
        }
        for number in numbers {
            let workspaces = self.by_number.entry(*number).or_default();
            match kind {
                FileKind::Numbers(name) | FileKind::Assignments(name) => {
                    workspaces.insert(name.clone());
                }
                _ => {
                    self.in_master.insert(*number);
                }
            }
        }
    }

    /// Whether nothing was put back or taken out.
    pub fn is_empty(&self) -> bool {
        self.by_number.is_empty()
    }
}

/// The files of a project after a decision, by path, some perhaps with markers.
pub type Texts = BTreeMap<String, String>;

/// Gives the files that have to change so that all of a number's files agree with the chosen side on whether it is there.
///
/// `chosen` is the directory as the chosen side's commit has it. A number that the other side released as a whole
/// comes back to every workspace that it was in.
///
/// # Errors
/// A file whose markers do not pair up, or that cannot be read with one side at every marker.
pub fn changed(texts: &Texts, decided: &Decided, chosen: &Directory, folders: &AgentFolders) -> Result<Texts> {
    let mut scopes = Vec::new();
    for (number, workspaces) in &decided.by_number {
        let is_whole = decided.in_master.contains(number) || comes_back(texts, *number, chosen)?;
        let all = || chosen.workspaces.keys().cloned().chain(workspaces_of(texts)).collect();
        scopes.push(Scope { number: *number, is_whole, workspaces: if is_whole { all() } else { workspaces.clone() } });
    }
    let mut found = Texts::new();
    for (path, text) in texts {
        let new = match FileKind::of(path) {
            Some(FileKind::Master) => master(text, &scopes, chosen, folders)?,
            Some(FileKind::Numbers(name)) => {
                let entry = |number| chosen.workspaces.get(&name)?.registered(number).map(value);
                listed::<NumbersFile>(text, &name, &scopes, &entry, folders)?
            }
            Some(FileKind::Assignments(name)) => {
                let entry = |number| chosen.workspaces.get(&name)?.assignment(number).map(value);
                listed::<AssignmentsFile>(text, &name, &scopes, &entry, folders)?
            }
            _ => continue,
        };
        found.extend(new.map(|text| (path.clone(), text)));
    }
    Ok(found)
}

/// A number, and the files in which the chosen side says whether it is there.
struct Scope {
    number: PhoneNumber,
    /// Whether that holds for its entry in `directory.json` too.
    is_whole: bool,
    workspaces: BTreeSet<WorkspaceName>,
}

/// Whether the other side released the number: the chosen side has it, and the merged `directory.json` has not.
fn comes_back(texts: &Texts, number: PhoneNumber, chosen: &Directory) -> Result<bool> {
    let Some(text) = texts.get(paths::MASTER).filter(|_| chosen.number(number).is_some()) else { return Ok(false) };
    let opened = Opened::<MasterFile>::read(text)?;
    Ok([&opened.ours, &opened.theirs].iter().any(|view| view[MasterFile::NUMBERS].get(number.as_str()).is_none()))
}

fn workspaces_of(texts: &Texts) -> impl Iterator<Item = WorkspaceName> {
    texts.keys().filter_map(|path| match FileKind::of(path) {
        Some(FileKind::Numbers(name) | FileKind::Assignments(name)) => Some(name),
        _ => None,
    })
}

/// Changes both views of a file; none where they stay as they are.
fn edited<T: Keyed>(text: &str, folders: &AgentFolders, edit: &dyn Fn(&mut Value)) -> Result<Option<String>> {
    let mut opened = Opened::<T>::read(text)?;
    let before = (opened.ours.clone(), opened.theirs.clone());
    edit(&mut opened.ours);
    edit(&mut opened.theirs);
    if (&opened.ours, &opened.theirs) == (&before.0, &before.1) {
        return Ok(None);
    }
    opened.write(folders).map(Some)
}

fn listed<T: Keyed>(
    text: &str,
    workspace: &WorkspaceName,
    scopes: &[Scope],
    entry: &dyn Fn(PhoneNumber) -> Option<Value>,
    folders: &AgentFolders,
) -> Result<Option<String>> {
    let scopes: Vec<_> = scopes.iter().filter(|scope| scope.workspaces.contains(workspace)).collect();
    edited::<T>(text, folders, &|view| {
        for scope in &scopes {
            be_there_or_not(&mut view[T::NUMBERS], scope.number.as_str(), entry(scope.number));
        }
    })
}

fn master(text: &str, scopes: &[Scope], chosen: &Directory, folders: &AgentFolders) -> Result<Option<String>> {
    edited::<MasterFile>(text, folders, &|view| {
        for scope in scopes {
            let known = chosen.number(scope.number);
            if scope.is_whole {
                be_there_or_not(&mut view[MasterFile::NUMBERS], scope.number.as_str(), known.map(value));
            }
            let Some(entry) = view[MasterFile::NUMBERS].get_mut(scope.number.as_str()) else { continue };
            for name in &scope.workspaces {
                let binding = known.and_then(|entry| entry.workspaces.get(name)).map(value);
                put(&mut entry["workspaces"], name.as_str(), binding);
            }
        }
    })
}

/// Takes an entry out, or puts it in where it is missing; one that is there keeps what was merged into it.
fn be_there_or_not(entries: &mut Value, key: &str, entry: Option<Value>) {
    if entry.is_none() || entries.get(key).is_none() {
        put(entries, key, entry);
    }
}

fn put(object: &mut Value, key: &str, value: Option<Value>) {
    let Value::Object(members) = object else { return };
    match value {
        Some(value) => members.insert(key.to_owned(), value),
        None => members.shift_remove(key),
    };
}

fn value<T: Serialize>(entry: &T) -> Value {
    // An entry of the model has text keys and nothing in it can fail to serialize.
    serde_json::to_value(entry).expect("the model's types always serialize")
}
