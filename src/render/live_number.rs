//! One number as a provider has it now, for people and for programs.

use serde::Serialize;
use serde_json::Value;

use super::escape::{self, terminal};
use super::failure::FORMAT_VERSION;
use crate::model::{Assignment, RegistryEntry, WorkspaceName};

#[derive(Serialize)]
struct LiveNumber<'a> {
    format_version: u32,
    workspace: &'a WorkspaceName,
    #[serde(flatten)]
    entry: &'a RegistryEntry,
    assignment: Option<&'a Assignment>,
}

/// The number as JSON: its registry entry, and its assignment inside.
pub fn json(workspace: &WorkspaceName, entry: &RegistryEntry, assignment: Option<&Assignment>) -> String {
    escape::json_of(&LiveNumber { format_version: FORMAT_VERSION, workspace, entry, assignment })
}

/// The number as text: a line per field that has a value.
pub fn text(workspace: &WorkspaceName, entry: &RegistryEntry, assignment: Option<&Assignment>) -> String {
    let mut text = format!("{} in {workspace}\n", entry.phone_number);
    text.push_str(&lines(entry, &["phone_number", "phone_number_pretty", "assigned", "import_date"]));
    match assignment {
        Some(assignment) => text.push_str(&lines(assignment, &["phone_number", "last_modified", "assigned_date"])),
        None => text.push_str("  assignment_type: unassigned\n"),
    }
    text
}

fn lines<T: Serialize>(value: &T, left_out: &[&str]) -> String {
    let Ok(Value::Object(fields)) = serde_json::to_value(value) else { return String::new() };
    let shown = fields.iter().filter(|(name, value)| !value.is_null() && !left_out.contains(&name.as_str()));
    shown
        .map(|(name, value)| match value {
            Value::String(text) => format!("  {name}: {}\n", terminal(text)),
            other => format!("  {name}: {}\n", terminal(&other.to_string())),
        })
        .collect()
}
