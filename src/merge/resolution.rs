//! Decides conflicts in a merged file, number by number, leaving everything else in it as it stands.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Keyed, Merged, Side, Three, keyed, stored, text};
use crate::error::{Error, Result};
use crate::model::paths::FileKind;
use crate::model::{AgentFolders, AssignmentsFile, MasterFile, NumbersFile, PhoneNumber};

/// What is decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Selection {
    /// Everything that one number has in conflict.
    Number(PhoneNumber),
    /// Everything in the file.
    All,
}

/// A file after a decision.
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
        _ => Err(Error::failed("files of this kind are not merged by number")),
    }
}

fn typed<T: Keyed>(text: &str, selection: Selection, side: Side, folders: &AgentFolders) -> Result<Resolved> {
    let labels = text::labels_of(text);
    let (ours, theirs) =
        text::read(text, labels.marker_size).ok_or_else(|| Error::failed("its conflict markers do not pair up"))?;
    let views = [parse::<T>(&ours, "ours")?, parse::<T>(&theirs, "theirs")?];
    let [mut ours, mut theirs] = [keyed::to_keyed(&views[0])?, keyed::to_keyed(&views[1])?];
    let before = (ours.clone(), theirs.clone());
    match side {
        Side::Ours => choose::<T>(selection, &ours, &mut theirs),
        Side::Theirs => choose::<T>(selection, &theirs, &mut ours),
    }
    let changed = before.0 != ours || before.1 != theirs;
    let (remaining, file_in_conflict) = differences::<T>(&ours, &theirs);
    let mut merged: Merged<T> = Merged {
        ours: keyed::from_keyed(Some(ours))?,
        theirs: keyed::from_keyed(Some(theirs))?,
        conflicts: Vec::new(),
    };
    // Both views carry the derived parts of ours, so those say nothing of their bindings.
    merged.ours.derive(&Three { base: None, ours: &views[0], theirs: &views[0] }, folders);
    merged.theirs.adopt_derived(&merged.ours);
    Ok(Resolved { text: stored::write(&merged, &labels)?, changed, remaining, file_in_conflict })
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
