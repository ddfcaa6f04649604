//! A change in words, for every output that people read.

use super::{agents, pending, pools};
use crate::diff::{AgentNames, Change, ChangeKind, ChangeSide, Changes, FieldChange, NumberField};
use crate::model::agent_folders::AgentIdChange;
use crate::model::{AgentId, PhoneNumber, WorkspaceName};
use crate::plural::counted;

/// What happened to one number, and in which workspaces it happened alike.
#[derive(Clone, Debug, PartialEq)]
pub struct NumberLine<'a> {
    pub phone_number: PhoneNumber,
    /// The first of the changes that this line tells.
    pub change: &'a Change,
    /// What happened, without the number.
    pub sentence: String,
    /// Where; empty for the directory as a whole.
    pub workspaces: Vec<&'a WorkspaceName>,
}

impl NumberLine<'_> {
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
pub fn lines(changes: &Changes) -> Vec<NumberLine<'_>> {
    joined(changes, &changes.names, &|_, _| true)
}

/// The same for what may quote nothing that people typed at a provider.
pub fn lines_without_typed(changes: &Changes) -> Vec<NumberLine<'_>> {
    joined(changes, &changes.names.without_typed(), &|_, _| true)
}

/// The same for an output that tells values: workspaces are joined where these are the same too.
pub fn lines_by_values(changes: &Changes) -> Vec<NumberLine<'_>> {
    joined(changes, &changes.names, &|one, other| untold(one, &changes.names).eq(untold(other, &changes.names)))
}

/// Whether two changes that are told by the same sentence share a line.
type Alike<'a> = &'a dyn Fn(&Change, &Change) -> bool;

fn joined<'a>(changes: &'a Changes, names: &AgentNames, are_alike: Alike<'_>) -> Vec<NumberLine<'a>> {
    let of_number = changes.list.chunk_by(|one, other| one.phone_number == other.phone_number);
    of_number.flat_map(|of_number| lines_of_number(of_number, names, are_alike)).collect()
}

fn lines_of_number<'a>(changes: &'a [Change], names: &AgentNames, are_alike: Alike<'_>) -> Vec<NumberLine<'a>> {
    let has = |kind| changes.iter().any(|change| change.kind == kind);
    let (released, imported) = (has(ChangeKind::Released), has(ChangeKind::Imported));
    let mut lines: Vec<NumberLine<'a>> = Vec::new();
    for change in changes {
        let sentence = match change.kind {
            ChangeKind::Provisioned if imported => continue,
            ChangeKind::Removed if released => ChangeKind::Released.words().to_owned(),
            _ => sentence(change, names),
        };
        let alike = |line: &&mut NumberLine<'_>| {
            line.sentence == sentence
                && are_alike(line.change, change)
                && (change.kind == ChangeKind::Removed || !line.workspaces.is_empty())
        };
        match (lines.iter_mut().find(alike), &change.workspace) {
            (Some(line), Some(name)) => line.workspaces.push(name),
            (_, name) => lines.push(NumberLine {
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
/// It quotes nothing that a provider's customer typed but the names that are given to it: agents' folders and ids,
/// assignment types and the names of fields only.
pub fn sentence(change: &Change, names: &AgentNames) -> String {
    let pending = pending::suffix(change, names);
    let heading = happened(change, names);
    let told = match change.kind {
        ChangeKind::Rerouted | ChangeKind::Updated | ChangeKind::Different => {
            let untold = field_names(untold(change, names));
            let is_told = heading != change.kind.as_str();
            match untold.as_str() {
                "" if is_told || !pending.is_empty() => heading,
                "" => format!("{heading} {}", field_names(change.fields.iter())),
                names => format!("{heading}{} {names}", if is_told { "," } else { "" }),
            }
        }
        _ => heading,
    };
    told + &pending
}

/// What happened, as far as it can be said without the names of fields, and where Retell has it otherwise.
pub fn heading(change: &Change, names: &AgentNames) -> String {
    happened(change, names) + &pending::suffix(change, names)
}

fn happened(change: &Change, names: &AgentNames) -> String {
    let kind = change.kind.words();
    let agent = |side| agents::bound(change, names, side).unwrap_or_else(|| "an unchanged agent".to_owned());
    match change.kind {
        ChangeKind::Assigned => format!("{kind} to {}", agent(ChangeSide::To)),
        ChangeKind::Unassigned => format!("{kind}, was {}", agent(ChangeSide::From)),
        ChangeKind::Reassigned => reassigned(change, names),
        ChangeKind::Rerouted => rerouted(change, names),
        ChangeKind::Imported => match agents::bound(change, names, ChangeSide::To) {
            Some(agent) => format!("imported, assigned to {agent}"),
            None => "imported, unassigned".to_owned(),
        },
        ChangeKind::Updated => pools::sentence(change).unwrap_or_else(|| kind.to_owned()),
        _ => kind.to_owned(),
    }
}

fn reassigned(change: &Change, names: &AgentNames) -> String {
    if let Some(told) = agents::joined_or_left(change, names).or_else(|| agents::replaced(change, names)) {
        return format!("reassigned {told}");
    }
    match [ChangeSide::From, ChangeSide::To].map(|side| agents::principal(change, names, side)) {
        [Some(from), Some(to)] if from != to => format!("reassigned {from} → {to}"),
        _ => format!("reassigned {}", field_names(change.fields.iter())),
    }
}

fn rerouted(change: &Change, names: &AgentNames) -> String {
    let direction = change.field(NumberField::AssignmentType).and_then(|field| {
        let (from, to) = (field.from.as_text()?, field.to.as_text()?);
        Some(format!("{from} → {to}"))
    });
    let told: Vec<_> = agents::replaced(change, names).into_iter().chain(direction).collect();
    if told.is_empty() { "rerouted".to_owned() } else { format!("rerouted {}", told.join(", ")) }
}

/// The fields of a change that its heading leaves out, and that a reader may want to know.
pub fn untold<'a>(change: &'a Change, names: &AgentNames) -> impl Iterator<Item = &'a FieldChange> {
    let tells_agents = match change.kind {
        ChangeKind::Assigned | ChangeKind::Unassigned | ChangeKind::Reassigned | ChangeKind::Imported => true,
        ChangeKind::Rerouted => agents::replaced(change, names).is_some(),
        _ => false,
    };
    let tells_direction = match change.kind {
        ChangeKind::Rerouted => rerouted(change, names) != "rerouted",
        ChangeKind::Reassigned => agents::joined_or_left(change, names).is_some(),
        _ => false,
    };
    let tells_pool = pools::sentence(change).is_some();
    let shown = !matches!(
        change.kind,
        ChangeKind::Imported | ChangeKind::Removed | ChangeKind::Provisioned | ChangeKind::Released
    );
    change.fields.iter().filter(move |change| {
        let is_direction = matches!(
            change.field,
            NumberField::AssignmentType | NumberField::InboundAgentId | NumberField::OutboundAgentId
        );
        let told = tells_agents && change.field.is_of_voice_agents()
            || tells_direction && is_direction
            || tells_pool && pools::tells(change.field);
        shown && !told && !change.field.is_date() && !change.field.is_record()
    })
}

fn field_names<'a>(fields: impl Iterator<Item = &'a FieldChange>) -> String {
    fields.map(|field| field.field.as_str()).collect::<Vec<_>>().join(", ")
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
        other => other.words().to_owned(),
    };
    let kinds = changes.summary().into_iter().map(|(kind, count)| format!("{count} {}", name(kind)));
    let ids = (!changes.agent_ids.is_empty()).then(|| count_of_ids(changes));
    kinds.chain(ids).chain(pools::count(changes)).collect::<Vec<_>>().join(", ")
}

/// How many folders stand for another agent.
pub fn count_of_ids(changes: &Changes) -> String {
    format!("{} changed", counted(changes.agent_ids.len(), "agent id"))
}

/// What a folder stood for, and what it stands for now.
pub fn agent_id(change: &AgentIdChange) -> String {
    let to = change.to.as_ref().map_or("no agent", AgentId::as_str);
    format!("{} → {to}", change.from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::FieldValue;
    use crate::model::AgentPath;

    const NUMBER: &str = "+14155550101";

    fn change(workspace: Option<&str>, kind: ChangeKind, agent: Option<&str>) -> Change {
        let path = |path: &str| FieldValue::AgentPath(path.parse::<AgentPath>().unwrap());
        let field =
            |agent: &str| FieldChange { field: NumberField::AgentPath, from: FieldValue::Absent, to: path(agent) };
        Change {
            phone_number: PhoneNumber::parse(NUMBER).unwrap(),
            workspace: workspace.map(|name| WorkspaceName::parse(name).unwrap()),
            kind,
            fields: agent.map(field).into_iter().collect(),
            keeps_a_direction: false,
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
        assert_eq!(told(list, None), ["left the directory (staging, production)"]);
    }

    #[test]
    fn the_one_workspace_that_is_meant_is_not_repeated() {
        let list = vec![change(Some("staging"), ChangeKind::Removed, None)];
        assert_eq!(told(list, Some("staging")), ["removed"]);
        assert_eq!(told(vec![change(None, ChangeKind::Provisioned, None)], None), ["new in the directory"]);
    }

    #[test]
    fn a_new_agent_of_one_direction_is_told_in_place_of_the_fields_that_follow_from_it() {
        let (field, from, to) = (NumberField::AssignmentType, "inbound-only".into(), "inbound-outbound".into());
        let routing = FieldChange { field, from, to };
        let (field, to) = (NumberField::OutboundAgentId, FieldValue::AgentId("id_survey".parse().unwrap()));
        let mut joined = change(Some("staging"), ChangeKind::Reassigned, None);
        joined.fields = vec![routing, FieldChange { field, from: FieldValue::Absent, to }];
        let mut changes = Changes::new(vec![joined]);
        let staging = WorkspaceName::parse("staging").unwrap();
        changes.names.folders.insert((staging, "id_survey".parse().unwrap()), "agents/survey".parse().unwrap());
        assert_eq!(lines(&changes)[0].sentence, "reassigned outbound none → agents/survey");
    }
}
