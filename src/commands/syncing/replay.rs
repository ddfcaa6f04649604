//! Puts a commit that a sync made on top of another commit, by the keyed merge. Pure.

use std::collections::BTreeMap;

use crate::error::{Error, Result};
use crate::merge::resolution::{self, Selection};
use crate::merge::stored::{self, Versions};
use crate::merge::text::Labels;
use crate::merge::{Conflict, Side, copies};
use crate::model::directory::Reading;
use crate::model::paths::FileKind;
use crate::model::{AgentFolders, Directory, derive};
use crate::snapshot::Snapshot;

/// The three states that a commit is put together from.
pub struct States<'a> {
    /// The files before the commit.
    pub before: &'a Snapshot,
    /// The files after the commit.
    pub after: &'a Snapshot,
    /// The files that it is put on top of.
    pub onto: &'a Snapshot,
}

/// What a commit becomes on top of another.
#[derive(Debug, Default)]
pub struct Replayed {
    /// The files that it changes there; none where everything is there already.
    pub files: BTreeMap<String, String>,
    /// What the other commits decided differently, and where their values were kept.
    pub conflicts: Vec<Conflict>,
}

/// Puts the changes of the commit to `paths` on top of `onto`.
///
/// Where both changed the same field, the value that is there stays: a sync finds out again what the providers say.
///
/// # Errors
/// A conflict in what people wrote, or in a file that is not merged by number.
pub fn replay(states: &States<'_>, paths: &[String]) -> Result<Replayed> {
    let folders = Reading::of(states.onto).directory.agents;
    let mut replayed = Replayed::default();
    let mut merged = states.onto.clone();
    for path in paths {
        let (text, conflicts) = merge(states, path, &folders)?;
        if let Some(people) = conflicts.iter().find(|conflict| is_peoples(conflict)) {
            return Err(contradiction(path, people));
        }
        replayed.conflicts.extend(conflicts);
        merged.insert(path.clone(), text);
    }
    let onto = Directory::load(states.onto)?;
    let mut directory = Directory::load(&merged)?;
    copies::agree(&mut directory);
    derive::recompute(&mut directory);
    keep_times(&mut directory, &onto);
    replayed.files = directory.files_changed_since(&onto);
    let others = paths.iter().filter(|path| !is_keyed(path));
    for path in others.filter(|path| merged.bytes(path) != states.onto.bytes(path)) {
        let bytes = merged.bytes(path).unwrap_or_default();
        replayed.files.insert(path.clone(), String::from_utf8_lossy(bytes).into_owned());
    }
    Ok(replayed)
}

/// Notes are people's alone; whatever else is in conflict was read from a provider.
fn is_peoples(conflict: &Conflict) -> bool {
    matches!(conflict.field.as_str(), "notes" | "tags" | "version" | "$schema")
}

fn contradiction(path: &str, conflict: &Conflict) -> Error {
    let number = conflict.phone_number.map(|number| format!(" of {number}")).unwrap_or_default();
    Error::failed(format!("`{}`{number} in `{path}` was changed here and on the remote branch", conflict.field))
        .hint("run `git pull --rebase`, decide with `phone-dir resolve`, then run this again")
}

fn is_keyed(path: &str) -> bool {
    FileKind::of(path).is_some_and(|kind| stored::is_keyed(&kind))
}

fn merge(states: &States<'_>, path: &str, folders: &AgentFolders) -> Result<(Vec<u8>, Vec<Conflict>)> {
    let [before, after, onto] = [states.before, states.after, states.onto].map(|files| files.bytes(path));
    let unclear = || {
        Error::failed(format!("`{path}` was changed here and on the remote branch, and cannot be merged"))
            .hint("run `git pull --rebase`, then run this again")
    };
    let after = after.ok_or_else(unclear)?;
    if onto == before || onto == Some(after) {
        return Ok((after.to_vec(), Vec::new()));
    }
    let kind = FileKind::of(path).filter(stored::is_keyed).ok_or_else(unclear)?;
    let onto = onto.ok_or_else(unclear)?;
    let versions = Versions { base: before.unwrap_or_default(), ours: onto, theirs: after };
    let merged = stored::merge(&kind, versions, folders, &Labels::default())?;
    let text = resolution::resolve(&kind, &merged.text, Selection::All, Side::Ours, folders)?.text;
    Ok((text.into_bytes(), merged.conflicts))
}

/// Times that stand beside content that is there already stay as they are there: another sync saw it first.
fn keep_times(directory: &mut Directory, known: &Directory) {
    let Directory { master, workspaces, .. } = &mut *directory;
    for (number, entry) in &mut master.numbers {
        let Some(known) = known.number(*number) else { continue };
        for (name, binding) in entry.workspaces.iter_mut() {
            let date = known.workspaces.get(name).and_then(|known| known.import_date);
            binding.import_date = date.or(binding.import_date);
        }
    }
    keep(master, &known.master, |file, known| file.last_updated = known.last_updated);
    for (name, files) in workspaces {
        let Some(known) = known.workspaces.get(name) else { continue };
        for entry in &mut files.numbers.numbers {
            let Some(known) = known.registered(entry.phone_number) else { continue };
            keep(entry, known, |entry, known| entry.import_date = known.import_date);
        }
        for entry in &mut files.assignments.assignments {
            let Some(known) = known.assignment(entry.phone_number) else { continue };
            keep(entry, known, |entry, known| entry.assigned_date = known.assigned_date);
        }
        keep(&mut files.numbers, &known.numbers, |file, known| file.last_sync = known.last_sync);
        keep(&mut files.assignments, &known.assignments, |file, known| file.last_updated = known.last_updated);
    }
}

/// Puts the known value in place where only its times differ.
fn keep<T: Clone + PartialEq>(value: &mut T, known: &T, take_times: impl Fn(&mut T, &T)) {
    let mut same = value.clone();
    take_times(&mut same, known);
    if same == *known {
        *value = same;
    }
}
