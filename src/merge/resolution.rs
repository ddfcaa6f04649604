//! Decides conflicts in a merged file, number by number, leaving everything else in it as it stands.

use std::collections::BTreeSet;

use serde_json::Value;

use super::text::{self, Labels};
use super::{Keyed, Merged, Side, Three, keyed, stored};
use crate::error::{Error, Result};
use crate::model::paths::FileKind;
use crate::model::{AgentFolders, AssignmentsFile, MasterFile, NumbersFile, PhoneNumber, PoolsFile};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Selection {
    /// Everything that one number has in conflict.
    Number(PhoneNumber),
    All,
}

#[derive(Clone, Debug)]
pub struct Resolved {
    /// The file's new text, with markers where conflicts remain.
    pub text: String,
    /// Whether the decision was about anything in this file.
    pub changed: bool,
    /// The numbers that are still in conflict.
    pub remaining: BTreeSet<PhoneNumber>,
    /// Whether something of the file itself, such as its version, is still in conflict.
    pub file_in_conflict: bool,
    /// The numbers that one side had in this file and the other had not, and that this decision put back or took out.
    pub in_or_out: BTreeSet<PhoneNumber>,
}

impl Resolved {
    /// Whether no conflict remains.
    pub fn is_done(&self) -> bool {
        self.remaining.is_empty() && !self.file_in_conflict
    }
}

/// Decides conflicts in the text of a file with markers.
///
/// # Errors
/// A text whose markers do not pair up, or that is not valid with one side chosen everywhere.
pub fn resolve(
    kind: &FileKind,
    text: &str,
    selection: Selection,
    side: Side,
    folders: &AgentFolders,
) -> Result<Resolved> {
    match kind {
        FileKind::Master => typed::<MasterFile>(text, selection, side, folders),
        FileKind::Numbers(_) => typed::<NumbersFile>(text, selection, side, folders),
        FileKind::Assignments(_) => typed::<AssignmentsFile>(text, selection, side, folders),
        FileKind::Pools => typed::<PoolsFile>(text, selection, side, folders),
        _ => Err(Error::failed("files of this kind are not merged by number")),
    }
}

fn typed<T: Keyed>(text: &str, selection: Selection, side: Side, folders: &AgentFolders) -> Result<Resolved> {
    let mut opened = Opened::<T>::read(text)?;
    let (before, in_or_out) = ((opened.ours.clone(), opened.theirs.clone()), opened.in_or_out(selection));
    match side {
        Side::Ours => choose::<T>(selection, &opened.ours, &mut opened.theirs),
        Side::Theirs => choose::<T>(selection, &opened.theirs, &mut opened.ours),
    }
    let changed = before.0 != opened.ours || before.1 != opened.theirs;
    let (remaining, file_in_conflict) = differences::<T>(&opened.ours, &opened.theirs);
    Ok(Resolved { text: opened.write(folders)?, changed, remaining, file_in_conflict, in_or_out })
}

/// A file with markers, taken apart into what it says with either side at every marker.
pub(super) struct Opened<T> {
    labels: Labels,
    views: [T; 2],
    /// Our view, its numbers as members of an object.
    pub(super) ours: Value,
    pub(super) theirs: Value,
}

impl<T: Keyed> Opened<T> {
    pub(super) fn read(text: &str) -> Result<Self> {
        let labels = text::labels_of(text);
        let (ours, theirs) =
            text::read(text, labels.marker_size).ok_or_else(|| Error::failed("its conflict markers do not pair up"))?;
        let views = [parse::<T>(&ours, "ours")?, parse::<T>(&theirs, "theirs")?];
        let [ours, theirs] = [keyed::to_keyed(&views[0])?, keyed::to_keyed(&views[1])?];
        Ok(Self { labels, views, ours, theirs })
    }

    /// The text of the two views as they are now, with markers where they differ.
    pub(super) fn write(self, folders: &AgentFolders) -> Result<String> {
        let mut merged: Merged<T> = Merged {
            ours: keyed::from_keyed(Some(self.ours))?,
            theirs: keyed::from_keyed(Some(self.theirs))?,
            conflicts: Vec::new(),
        };
        // Both views carry the derived parts of ours, so those say nothing of their bindings.
        merged.ours.derive(&Three { base: None, ours: &self.views[0], theirs: &self.views[0] }, folders);
        merged.theirs.adopt_derived(&merged.ours);
        stored::write(&merged, &self.labels)
    }

    /// The selected numbers that only one view has.
    fn in_or_out(&self, selection: Selection) -> BTreeSet<PhoneNumber> {
        let numbers = |view: &Value| -> BTreeSet<PhoneNumber> {
            let entries = view[T::NUMBERS].as_object().into_iter().flatten();
            entries.filter_map(|(number, _)| PhoneNumber::parse(number).ok()).collect()
        };
        let differing = &numbers(&self.ours) ^ &numbers(&self.theirs);
        match selection {
            Selection::All => differing,
            Selection::Number(number) => differing.into_iter().filter(|one| *one == number).collect(),
        }
    }
}

fn parse<T: Keyed>(text: &str, side: &str) -> Result<T> {
    stored::parse(text.as_bytes(), &format!("the file with `{side}` at every marker"))
}

/// Makes `other` say what `chosen` says of the selection.
fn choose<T: Keyed>(selection: Selection, chosen: &Value, other: &mut Value) {
    let number = match selection {
        Selection::All => {
            other.clone_from(chosen);
            return;
        }
        Selection::Number(number) => number.to_string(),
    };
    if let Value::Object(entries) = &mut other[T::NUMBERS] {
        match chosen[T::NUMBERS].get(&number) {
            Some(entry) => entries.insert(number, entry.clone()),
            None => entries.shift_remove(&number),
        };
    }
}

/// The numbers that differ, and whether anything else does.
fn differences<T: Keyed>(ours: &Value, theirs: &Value) -> (BTreeSet<PhoneNumber>, bool) {
    let numbers = |view: &Value| view[T::NUMBERS].as_object().cloned().unwrap_or_default();
    let (our_numbers, their_numbers) = (numbers(ours), numbers(theirs));
    let differing = our_numbers.keys().chain(their_numbers.keys());
    let differing = differing.filter(|number| our_numbers.get(*number) != their_numbers.get(*number));
    let rest = |view: &Value| {
        let mut view = view.clone();
        view[T::NUMBERS] = Value::Null;
        view
    };
    (differing.filter_map(|number| PhoneNumber::parse(number).ok()).collect(), rest(ours) != rest(theirs))
}
