//! Changes for a terminal: a line per number, and a line per field that differs.

use serde_json::Value;

use super::words;
use crate::diff::{Change, ChangeKind, Changes, FieldChange};
use crate::render::escape::terminal;

/// Changes between two states: grouped by workspace, each with its fields.
pub fn revisions(from: &str, to: &str, changes: &Changes) -> String {
    if changes.is_empty() {
        return format!("No changes from {} to {}.\n", terminal(from), terminal(to));
    }
    let mut text = format!("{} → {}: {}\n", terminal(from), terminal(to), words::counts(changes));
    for (workspace, group) in by_workspace(changes) {
        let heading = workspace.map_or_else(|| "Directory".to_owned(), |name| name.title());
        text.push_str(&format!("\n{heading}:\n"));
        text.extend(group.into_iter().map(number));
    }
    text
}

/// The changes of a sync, for its summary on the terminal: one line each.
pub fn lines(changes: &Changes) -> String {
    let line = |change: &Change| {
        let place = change.workspace.as_ref().map(|name| format!(" ({name})")).unwrap_or_default();
        format!("  {} {}{place}\n", change.phone_number, terminal(&words::sentence(change)))
    };
    changes.list.iter().map(line).collect()
}

/// Differences between two workspaces, by intent.
pub fn workspaces(from: &str, to: &str, changes: &Changes) -> String {
    if changes.is_empty() {
        return format!("No differences between {from} and {to}.\n");
    }
    let mut text = format!("{from} → {to}: {}\n", words::counts(changes));
    let groups = [
        (ChangeKind::Different, "Different".to_owned()),
        (ChangeKind::OnlyInFrom, format!("Only in {from}")),
        (ChangeKind::OnlyInTo, format!("Only in {to}")),
    ];
    for (kind, heading) in groups {
        let group: Vec<_> = changes.list.iter().filter(|change| change.kind == kind).collect();
        if !group.is_empty() {
            text.push_str(&format!("\n{heading} ({}):\n", group.len()));
            text.extend(group.into_iter().map(number));
        }
    }
    text
}

fn by_workspace(changes: &Changes) -> Vec<(Option<&crate::model::WorkspaceName>, Vec<&Change>)> {
    let mut groups: std::collections::BTreeMap<_, Vec<&Change>> = std::collections::BTreeMap::new();
    for change in &changes.list {
        groups.entry(change.workspace.as_ref()).or_default().push(change);
    }
    groups.into_iter().collect()
}

fn number(change: &Change) -> String {
    match change.kind {
        ChangeKind::OnlyInFrom | ChangeKind::OnlyInTo => format!("  {}  {}\n", change.phone_number, binding(change)),
        ChangeKind::Different => format!("  {}\n{}", change.phone_number, fields(change)),
        ChangeKind::Updated | ChangeKind::Rerouted => {
            format!("  {} {}\n{}", change.phone_number, change.kind, fields(change))
        }
        _ => format!("  {} {}\n", change.phone_number, terminal(&words::sentence(change))),
    }
}

/// What the only workspace that has the number does with it.
fn binding(change: &Change) -> String {
    let side =
        |field: &FieldChange| if change.kind == ChangeKind::OnlyInFrom { field.from.clone() } else { field.to.clone() };
    let known = |name| change.field(name).map(|field| value(&side(field)));
    match (known("agent_path"), known("assignment_type")) {
        (Some(path), Some(kind)) => format!("{path} ({kind})"),
        (None, Some(kind)) => kind,
        (path, None) => path.unwrap_or_default(),
    }
}

fn fields(change: &Change) -> String {
    let line = |field: &FieldChange| {
        format!("    {}: {} → {}\n", terminal(&field.field), value(&field.from), value(&field.to))
    };
    change.fields.iter().map(line).collect()
}

/// A value as a person would say it; `none` for null.
fn value(value: &Value) -> String {
    match value {
        Value::Null => "none".to_owned(),
        Value::String(text) => terminal(text).into_owned(),
        other => terminal(&other.to_string()).into_owned(),
    }
}
