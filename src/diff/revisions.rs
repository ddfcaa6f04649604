//! Compares a directory with itself at another moment.

use std::collections::BTreeSet;

use super::fields::compare;
use super::{Change, ChangeKind, Changes, FieldChange};
use crate::model::master::WorkspaceEntry;
use crate::model::{AgentId, Assignment, Directory, NumberEntry, PhoneNumber, RegistryEntry, WorkspaceName};

/// Fields that routing consists of, beside the agents themselves.
const ROUTING: [&str; 11] = [
    "assignment_type",
    "inbound_agents",
    "outbound_agents",
    "inbound_sms_agents",
    "outbound_sms_agents",
    "inbound_agent_id",
    "outbound_agent_id",
    "inbound_webhook_url",
    "fallback_number",
    "allowed_inbound_country_list",
    "allowed_outbound_country_list",
];

/// Lists what changed from one state of the directory to another.
pub fn between(from: &Directory, to: &Directory) -> Changes {
    let mut list = number_changes(from, to);
    let workspaces: BTreeSet<&WorkspaceName> = [from, to].iter().flat_map(|side| side_workspaces(side)).collect();
    for workspace in workspaces {
        list.extend(workspace_changes(workspace, from, to));
    }
    Changes::new(list)
}

fn side_workspaces(directory: &Directory) -> BTreeSet<&WorkspaceName> {
    let named = directory.master.numbers.values().flat_map(|entry| entry.workspaces.keys());
    directory.workspaces.keys().chain(named).collect()
}

fn number_changes(from: &Directory, to: &Directory) -> Vec<Change> {
    let numbers: BTreeSet<_> = from.master.numbers.keys().chain(to.master.numbers.keys()).collect();
    numbers.into_iter().filter_map(|number| number_change(*number, from.number(*number), to.number(*number))).collect()
}

fn number_change(number: PhoneNumber, from: Option<&NumberEntry>, to: Option<&NumberEntry>) -> Option<Change> {
    if from == to {
        return None;
    }
    let kind = match (from, to) {
        (None, _) => ChangeKind::Provisioned,
        (_, None) => ChangeKind::Released,
        _ => ChangeKind::Updated,
    };
    let mut fields = compare(from, to);
    fields.retain(|change| change.field != "phone_number" && !is_of_workspaces(&change.field));
    (kind != ChangeKind::Updated || !fields.is_empty()).then_some(Change {
        phone_number: number,
        workspace: None,
        kind,
        fields,
    })
}

/// The bindings have changes of their own, one per workspace.
fn is_of_workspaces(field: &str) -> bool {
    field == "workspaces" || field.starts_with("workspaces.")
}

/// What one side says of a number in a workspace.
#[derive(Clone, Copy, PartialEq)]
struct Side<'a> {
    registered: Option<&'a RegistryEntry>,
    assignment: Option<&'a Assignment>,
    entry: Option<&'a WorkspaceEntry>,
}

impl<'a> Side<'a> {
    fn of(directory: &'a Directory, workspace: &WorkspaceName, number: PhoneNumber) -> Self {
        let files = directory.workspaces.get(workspace);
        Self {
            registered: files.and_then(|files| files.registered(number)),
            assignment: files.and_then(|files| files.assignment(number)),
            // `imported: false` means the same as no entry at all.
            entry: directory
                .number(number)
                .and_then(|entry| entry.workspaces.get(workspace))
                .filter(|entry| entry.imported),
        }
    }

    fn agents(&self) -> Agents<'a> {
        match self.assignment {
            Some(assignment) => Agents {
                inbound: direction(assignment.inbound_agents.as_deref(), assignment.inbound_agent_id.as_ref()),
                outbound: direction(assignment.outbound_agents.as_deref(), assignment.outbound_agent_id.as_ref()),
            },
            None => Agents::default(),
        }
    }
}

#[derive(Default, PartialEq)]
struct Agents<'a> {
    inbound: BTreeSet<&'a AgentId>,
    outbound: BTreeSet<&'a AgentId>,
}

impl Agents<'_> {
    fn is_empty(&self) -> bool {
        self.inbound.is_empty() && self.outbound.is_empty()
    }

    /// Whether calls reach the same agents: the same ones in all, and in each direction that both sides serve.
    fn same_as(&self, other: &Self) -> bool {
        let same = |left: &BTreeSet<&AgentId>, right: &BTreeSet<&AgentId>| {
            left.is_empty() || right.is_empty() || left == right
        };
        let all = |agents: &Self| {
            agents.inbound.union(&agents.outbound).map(|id| id.as_str().to_owned()).collect::<BTreeSet<_>>()
        };
        all(self) == all(other) && same(&self.inbound, &other.inbound) && same(&self.outbound, &other.outbound)
    }
}

fn direction<'a>(list: Option<&'a [crate::model::AgentWeight]>, single: Option<&'a AgentId>) -> BTreeSet<&'a AgentId> {
    match list {
        Some(list) => list.iter().map(|agent| &agent.agent_id).collect(),
        None => single.into_iter().collect(),
    }
}

fn workspace_changes(workspace: &WorkspaceName, from: &Directory, to: &Directory) -> Vec<Change> {
    let numbers: BTreeSet<PhoneNumber> = [from, to].iter().flat_map(|side| numbers_of(side, workspace)).collect();
    let sides =
        numbers.into_iter().map(|number| (number, Side::of(from, workspace, number), Side::of(to, workspace, number)));
    let changed = sides.filter(|(_, from, to)| from != to);
    changed.filter_map(|(number, from, to)| workspace_change(number, workspace, from, to)).collect()
}

fn numbers_of<'a>(directory: &'a Directory, workspace: &'a WorkspaceName) -> impl Iterator<Item = PhoneNumber> + 'a {
    let files = directory.workspaces.get(workspace);
    let registered = files.into_iter().flat_map(|files| files.numbers.numbers.iter().map(|entry| entry.phone_number));
    let assigned =
        files.into_iter().flat_map(|files| files.assignments.assignments.iter().map(|entry| entry.phone_number));
    let listed = directory.master.numbers.iter().filter(|(_, entry)| entry.workspaces.contains_key(workspace));
    registered.chain(assigned).chain(listed.map(|(number, _)| *number))
}

fn workspace_change(number: PhoneNumber, workspace: &WorkspaceName, from: Side<'_>, to: Side<'_>) -> Option<Change> {
    let fields = side_fields(from, to);
    let kind = kind(from, to, &fields)?;
    Some(Change { phone_number: number, workspace: Some(workspace.clone()), kind, fields })
}

/// Every field that differs in one of the three places that describe a binding, each named once.
fn side_fields(from: Side<'_>, to: Side<'_>) -> Vec<FieldChange> {
    let mut fields = compare(from.assignment, to.assignment);
    for more in [compare(from.registered, to.registered), compare(from.entry, to.entry)] {
        let new: Vec<_> =
            more.into_iter().filter(|change| fields.iter().all(|known| known.field != change.field)).collect();
        fields.extend(new);
    }
    fields.retain(|change| {
        !matches!(change.field.as_str(), "phone_number" | "phone_number_pretty" | "assigned" | "imported")
    });
    fields
}

fn kind(from: Side<'_>, to: Side<'_>, fields: &[FieldChange]) -> Option<ChangeKind> {
    match (from.registered.is_some(), to.registered.is_some()) {
        (false, true) => return Some(ChangeKind::Imported),
        (true, false) => return Some(ChangeKind::Removed),
        _ => {}
    }
    let by_assignment =
        agents_kind(from.agents().is_empty(), to.agents().is_empty(), from.agents().same_as(&to.agents()));
    let is_routing = |change: &FieldChange| ROUTING.contains(&change.field.as_str());
    let routing = || fields.iter().any(is_routing).then_some(ChangeKind::Rerouted);
    let rest = || (!fields.is_empty()).then_some(ChangeKind::Updated);
    by_assignment.or_else(|| kind_by_entry(from, to)).or_else(routing).or_else(rest)
}

fn agents_kind(none_before: bool, none_after: bool, same: bool) -> Option<ChangeKind> {
    match (none_before, none_after) {
        (true, false) => Some(ChangeKind::Assigned),
        (false, true) => Some(ChangeKind::Unassigned),
        _ => (!same).then_some(ChangeKind::Reassigned),
    }
}

/// An edit of `directory.json` alone names another agent there.
fn kind_by_entry(from: Side<'_>, to: Side<'_>) -> Option<ChangeKind> {
    let agent = |side: Side<'_>| side.entry.and_then(|entry| entry.agent_id.clone());
    let (before, after) = (agent(from), agent(to));
    agents_kind(before.is_none(), after.is_none(), before == after).filter(|_| from.assignment == to.assignment)
}
