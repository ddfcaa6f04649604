//! A change in words, for every output that people read.

use serde_json::Value;

use crate::diff::{Change, ChangeKind, Changes, FieldChange};
use crate::model::{PhoneNumber, WorkspaceName};

/// What happened to one number, and in which workspaces it happened alike.
#[derive(Clone, Debug, PartialEq)]
pub struct Line<'a> {
    /// The number.
    pub phone_number: PhoneNumber,
    /// The first of the changes that this line tells.
    pub change: &'a Change,
    /// What happened, without the number.
    pub sentence: String,
    /// Where; empty for the directory as a whole.
    pub workspaces: Vec<&'a WorkspaceName>,
}

impl Line<'_> {
    /// The workspaces in brackets, with a blank before; nothing where `only` is the one that is meant anyway.
    pub fn place(&self, only: Option<&WorkspaceName>) -> String {
        if self.workspaces.is_empty() || self.workspaces.iter().all(|name| Some(*name) == only) {
            return String::new();
        }
        let names: Vec<_> = self.workspaces.iter().map(|name| name.as_str()).collect();
        format!(" ({})", names.join(", "))
    }
}

/// The changes as one line per number and sentence, with the workspaces joined.
///
/// A number that enters the directory and a workspace at once is imported; one that leaves both is released.
pub fn lines(changes: &Changes) -> Vec<Line<'_>> {
    let of_number = changes.list.chunk_by(|one, other| one.phone_number == other.phone_number);
    of_number.flat_map(lines_of_number).collect()
}

fn lines_of_number(changes: &[Change]) -> Vec<Line<'_>> {
    let has = |kind| changes.iter().any(|change| change.kind == kind);
    let (released, imported) = (has(ChangeKind::Released), has(ChangeKind::Imported));
    let mut lines: Vec<Line<'_>> = Vec::new();
    for change in changes {
        let sentence = match change.kind {
            ChangeKind::Provisioned if imported => continue,
            ChangeKind::Removed if released => ChangeKind::Released.as_str().to_owned(),
            _ => sentence(change),
        };
        let alike = |line: &&mut Line<'_>| {
            line.sentence == sentence && (change.kind == ChangeKind::Removed || !line.workspaces.is_empty())
        };
        match (lines.iter_mut().find(alike), &change.workspace) {
            (Some(line), Some(name)) => line.workspaces.push(name),
            (_, name) => lines.push(Line {
                phone_number: change.phone_number,
                change,
                sentence,
                workspaces: name.iter().collect(),
            }),
        }
    }
    lines
}

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

/// The fields that a sentence about agents tells already, and the dates that follow from it.
const TOLD: [&str; 8] = [
    "agent_path",
    "agent_name",
    "agent_id",
    "inbound_agent_id",
    "outbound_agent_id",
    "assigned_date",
    "last_modified",
    "import_date",
];

/// The fields of a change that its sentence leaves out, and that a reader may want to know.
pub fn untold(change: &Change) -> impl Iterator<Item = &FieldChange> {
    let is_about_agents = matches!(change.kind, ChangeKind::Assigned | ChangeKind::Unassigned | ChangeKind::Reassigned);
    change.fields.iter().filter(move |field| is_about_agents && !TOLD.contains(&field.field.as_str()))
}

fn field_names(change: &Change) -> String {
    let names: Vec<_> = change.fields.iter().map(|field| field.field.as_str()).collect();
    names.join(", ")
}

/// The counts of each kind: `2 reassigned, 1 imported`.
pub fn counts(changes: &Changes) -> String {
    counts_named(changes, "the first", "the second")
}

/// The counts of each kind between two workspaces: `4 different, 5 only in staging`.
pub fn counts_named(changes: &Changes, from: &str, to: &str) -> String {
    let name = |kind: ChangeKind| match kind {
        ChangeKind::OnlyInFrom => format!("only in {from}"),
        ChangeKind::OnlyInTo => format!("only in {to}"),
        other => other.to_string(),
    };
    let parts: Vec<_> = changes.summary().into_iter().map(|(kind, count)| format!("{count} {}", name(kind))).collect();
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NUMBER: &str = "+14155550101";

    fn change(workspace: Option<&str>, kind: ChangeKind, agent: Option<&str>) -> Change {
        let field = |path: &str| FieldChange { field: "agent_path".into(), from: Value::Null, to: path.into() };
        Change {
            phone_number: PhoneNumber::parse(NUMBER).unwrap(),
            workspace: workspace.map(|name| WorkspaceName::parse(name).unwrap()),
            kind,
            fields: agent.map(field).into_iter().collect(),
        }
    }

    fn told(list: Vec<Change>, only: Option<&str>) -> Vec<String> {
        let only = only.map(|name| WorkspaceName::parse(name).unwrap());
        let changes = Changes::new(list);
        lines(&changes).iter().map(|line| format!("{}{}", line.sentence, line.place(only.as_ref()))).collect()
    }

    #[test]
    fn workspaces_where_the_same_happened_share_a_line_and_an_import_says_that_the_number_is_new() {
        let agent = Some("agents/sales");
        let list = vec![
            change(None, ChangeKind::Provisioned, None),
            change(Some("production"), ChangeKind::Imported, agent),
            change(Some("staging"), ChangeKind::Imported, agent),
        ];
        assert_eq!(told(list, None), ["imported, assigned to agents/sales (staging, production)"]);
    }

    #[test]
    fn different_sentences_stay_apart() {
        let list = vec![
            change(Some("staging"), ChangeKind::Assigned, Some("agents/sales")),
            change(Some("production"), ChangeKind::Assigned, Some("agents/support")),
        ];
        assert_eq!(told(list, None), ["assigned to agents/sales (staging)", "assigned to agents/support (production)"]);
    }

    #[test]
    fn a_released_number_says_where_it_was() {
        let list = vec![
            change(None, ChangeKind::Released, None),
            change(Some("staging"), ChangeKind::Removed, None),
            change(Some("production"), ChangeKind::Removed, None),
        ];
        assert_eq!(told(list, None), ["released (staging, production)"]);
    }

    #[test]
    fn the_one_workspace_that_is_meant_is_not_repeated() {
        let list = vec![change(Some("staging"), ChangeKind::Removed, None)];
        assert_eq!(told(list, Some("staging")), ["removed"]);
        assert_eq!(told(vec![change(None, ChangeKind::Provisioned, None)], None), ["provisioned"]);
    }
}
