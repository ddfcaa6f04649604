//! Cutting the broken entries out of a file, so that its other entries can be read.

use serde_json::Value;

use super::{Cut, Removed};
use crate::document::unescape;
use crate::model::paths::FileKind;
use crate::model::pools::PoolsFile;
use crate::model::sync_log::SyncLog;
use crate::model::{AssignmentsFile, MasterFile, NumbersFile, PhoneNumber, TrunksFile};
use crate::schema::Violation;

/// What is left of a file without its broken entries.
pub struct Salvage {
    /// The file's text without them.
    pub text: String,
    /// Whose entries were cut out.
    pub cut: Cut,
    /// Which elements of which lists were cut out.
    pub removed: Removed,
}

impl Salvage {
    /// Cuts out everything that violates the schema; nothing where the file is not even an object.
    pub fn of(kind: &FileKind, value: &Value, violations: &[Violation]) -> Option<Self> {
        let mut salvage = Self { text: String::new(), cut: Cut::default(), removed: Removed::new() };
        let mut rest = value.clone();
        rest.as_object()?;
        let blank = blank(kind);
        for violation in violations {
            salvage.cut_out(&mut rest, &blank, kind, violation);
        }
        salvage.remove_elements(&mut rest);
        salvage.text = rest.to_string();
        Some(salvage)
    }

    fn cut_out(&mut self, rest: &mut Value, blank: &Value, kind: &FileKind, violation: &Violation) {
        let tokens: Vec<String> =
            violation.pointer.split('/').skip(1).map(|token| unescape(token).into_owned()).collect();
        match tokens.as_slice() {
            // A property of the file is missing: the ones that are there stay.
            [] => {
                self.cut.unknown = true;
                fill(rest, blank);
            }
            [list, entry, ..] if holds_entries(kind, list) => self.cut_entry(rest, list, entry),
            [property, ..] => {
                self.cut.unknown |= holds_entries(kind, property);
                replace(rest, blank, property);
            }
        }
    }

    fn cut_entry(&mut self, rest: &mut Value, list: &str, entry: &str) {
        match rest.get_mut(list) {
            Some(Value::Object(map)) => {
                if let Some(gone) = map.remove(entry) {
                    self.note(PhoneNumber::parse(entry).ok().or_else(|| number_of(&gone)));
                }
            }
            Some(Value::Array(elements)) => {
                let Ok(index) = entry.parse::<usize>() else { return };
                self.note(elements.get(index).and_then(number_of));
                self.removed.entry(format!("/{list}")).or_default().push(index);
            }
            _ => {}
        }
    }

    fn note(&mut self, number: Option<PhoneNumber>) {
        match number {
            Some(number) => {
                self.cut.numbers.insert(number);
            }
            None => self.cut.unknown = true,
        }
    }

    fn remove_elements(&mut self, rest: &mut Value) {
        for (pointer, indices) in &mut self.removed {
            indices.sort_unstable();
            indices.dedup();
            let Some(Value::Array(elements)) = rest.pointer_mut(pointer) else { continue };
            let mut index = 0..;
            elements.retain(|_| index.next().is_none_or(|index| indices.binary_search(&index).is_err()));
        }
    }
}

fn number_of(entry: &Value) -> Option<PhoneNumber> {
    PhoneNumber::parse(entry.get("phone_number")?.as_str()?).ok()
}

fn fill(rest: &mut Value, blank: &Value) {
    if let (Value::Object(rest), Value::Object(blank)) = (rest, blank) {
        for (key, value) in blank {
            rest.entry(key.clone()).or_insert_with(|| value.clone());
        }
    }
}

fn replace(rest: &mut Value, blank: &Value, property: &str) {
    let Some(rest) = rest.as_object_mut() else { return };
    match blank.get(property) {
        Some(value) => rest.insert(property.to_owned(), value.clone()),
        None => rest.remove(property),
    };
}

/// Which properties of a file hold entries that stand for themselves.
fn holds_entries(kind: &FileKind, property: &str) -> bool {
    match kind {
        FileKind::Master | FileKind::Numbers(_) => property == "numbers",
        FileKind::Assignments(_) => property == "assignments",
        FileKind::Pools => matches!(property, "members" | "pools"),
        FileKind::Trunks => matches!(property, "trunks" | "credentials"),
        FileKind::Sync => property == "sync_history",
        FileKind::Agent(_) | FileKind::AgentWorkspace(..) | FileKind::Prices | FileKind::Workspaces => false,
    }
}

/// The empty file of a kind, whose properties stand in for broken ones.
fn blank(kind: &FileKind) -> Value {
    let value = match kind {
        FileKind::Master => serde_json::to_value(MasterFile::empty()),
        FileKind::Numbers(name) => serde_json::to_value(NumbersFile::empty(name.clone())),
        FileKind::Assignments(name) => serde_json::to_value(AssignmentsFile::empty(name.clone())),
        FileKind::Pools => serde_json::to_value(PoolsFile::default()),
        FileKind::Trunks => serde_json::to_value(TrunksFile::default()),
        FileKind::Sync => serde_json::to_value(SyncLog::empty()),
        FileKind::Agent(_) | FileKind::AgentWorkspace(..) | FileKind::Prices | FileKind::Workspaces => {
            Ok(Value::Object(serde_json::Map::new()))
        }
    };
    value.expect("the model's types always serialize")
}
