//! A change in words, for every output that people read.

use serde_json::Value;

use crate::diff::{Change, ChangeKind, FieldChange};

/// What happened, without the number: `reassigned agents/sales → agents/support`.
///
/// It quotes nothing that a provider's customer typed: agents' folders and ids, assignment types and the
/// names of fields only.
pub fn sentence(change: &Change) -> String {
    let kind = change.kind.as_str();
    match change.kind {
        ChangeKind::Assigned => format!("{kind} to {}", agent(change, |field| &field.to)),
        ChangeKind::Unassigned => format!("{kind}, was {}", agent(change, |field| &field.from)),
        ChangeKind::Reassigned => reassigned(change),
        ChangeKind::Imported => imported(change),
        ChangeKind::Removed
        | ChangeKind::Provisioned
        | ChangeKind::Released
        | ChangeKind::OnlyInFrom
        | ChangeKind::OnlyInTo => kind.to_owned(),
        ChangeKind::Rerouted | ChangeKind::Updated | ChangeKind::Different => format!("{kind} {}", field_names(change)),
    }
}

fn reassigned(change: &Change) -> String {
    let (from, to) = (agent(change, |field| &field.from), agent(change, |field| &field.to));
    // The same principal agent on both sides: another part of a weighted list changed.
    if from == to { format!("reassigned {}", field_names(change)) } else { format!("reassigned {from} → {to}") }
}

fn imported(change: &Change) -> String {
    match bound(change, |field| &field.to) {
        Some(agent) => format!("imported, assigned to {agent}"),
        None => "imported, unassigned".to_owned(),
    }
}

fn agent(change: &Change, side: fn(&FieldChange) -> &Value) -> String {
    bound(change, side).unwrap_or_else(|| "an unchanged agent".to_owned())
}

/// The agent's folder on one side, else its id as one that no folder has.
fn bound(change: &Change, side: fn(&FieldChange) -> &Value) -> Option<String> {
    let text = |name| change.field(name).and_then(|field| side(field).as_str());
    match (text("agent_path"), text("agent_id")) {
        (Some(path), _) => Some(path.to_owned()),
        (None, Some(id)) => Some(format!("{} (no folder)", opaque(id))),
        (None, None) => None,
    }
}

/// An id as it may stand in a commit message: anything but plain characters is replaced.
fn opaque(id: &str) -> String {
    let plain =
        |letter: char| if letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '.') { letter } else { '?' };
    id.chars().take(64).map(plain).collect()
}

fn field_names(change: &Change) -> String {
    let names: Vec<_> = change.fields.iter().map(|field| field.field.as_str()).collect();
    names.join(", ")
}

/// The counts of each kind: `2 reassigned, 1 imported`.
pub fn counts(changes: &crate::diff::Changes) -> String {
    let parts: Vec<_> =
        changes.summary().into_iter().map(|(kind, count)| format!("{count} {}", plural(kind))).collect();
    parts.join(", ")
}

fn plural(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::OnlyInFrom => "only in the first",
        ChangeKind::OnlyInTo => "only in the second",
        other => other.as_str(),
    }
}
