//! Compares two workspaces by intent: would a call to the same number be answered in the same way?
//!
//! Agents are compared by their folders, because the same agent has another id in each workspace. Ids, dates,
//! counters and nicknames are never a difference. An agent without a folder is never the same as another.

use super::fields::difference;
use super::{Change, ChangeKind, Changes, FieldChange, FieldValue, FolderShare, NumberField};
use crate::model::equivalence::canonical_agents;
use crate::model::field_value::AsFieldValue;
use crate::model::{
    AgentId, AgentPath, AgentWeight, Assignment, AssignmentType, Directory, ImportMethod, PhoneNumber, RegistryEntry,
    Setting, Settings, Weight, WorkspaceName,
};

/// Lists how `to` differs from `from` in what it means to do with each number.
pub fn between(directory: &Directory, from: &WorkspaceName, to: &WorkspaceName) -> Changes {
    let numbers = |workspace| {
        let files = directory.workspaces.get(workspace);
        files.into_iter().flat_map(|files| files.numbers.numbers.iter().map(|entry| entry.phone_number))
    };
    let mut all: Vec<PhoneNumber> = numbers(from).chain(numbers(to)).collect();
    all.sort();
    all.dedup();
    let intent = |workspace, number| Intent::of(directory, workspace, number);
    Changes::new(
        all.into_iter()
            .filter_map(|number| change(number, intent(from, number).as_ref(), intent(to, number).as_ref()))
            .collect(),
    )
}

fn change(number: PhoneNumber, from: Option<&Intent>, to: Option<&Intent>) -> Option<Change> {
    let kind = match (from, to) {
        (Some(_), None) => ChangeKind::OnlyInFrom,
        (None, Some(_)) => ChangeKind::OnlyInTo,
        _ => ChangeKind::Different,
    };
    let fields = differences(from, to);
    (kind != ChangeKind::Different || !fields.is_empty()).then_some(Change {
        phone_number: number,
        workspace: None,
        kind,
        fields,
        keeps_a_direction: false,
    })
}

/// What a workspace means to do with a number.
struct Intent {
    agent_path: Option<AgentPath>,
    assignment_type: AssignmentType,
    /// The lists of [`Setting::AGENTS`], by folders; none where no agent is bound.
    agents: [Option<Vec<FolderShare>>; 4],
    import_method: ImportMethod,
    settings: Settings,
    /// Whether an agent without a folder is bound: such an agent is never the same as another.
    unknown_agent: bool,
}

/// What is compared, in the order in which it is told; absent where the workspace does not have the number.
fn values(intent: Option<&Intent>) -> Vec<(NumberField, FieldValue)> {
    let value = |read: &dyn Fn(&Intent) -> FieldValue| intent.map(read).unwrap_or_default();
    let list = |(at, setting): (usize, Setting)| (setting.field(), value(&|it| it.agents[at].as_field_value()));
    // A nickname is each workspace's own.
    let others = Setting::ALL.iter().copied().filter(|it| !it.is_agents() && *it != Setting::Nickname);
    let set = |it: &Intent, setting| (!it.settings.is_unset(setting)).then(|| it.settings.field_value(setting));
    let other = |setting: Setting| (setting.field(), value(&|it| set(it, setting).unwrap_or_default()));
    let mut values = vec![
        (NumberField::AgentPath, value(&|it| it.agent_path.as_field_value())),
        (NumberField::AssignmentType, value(&|it| it.assignment_type.as_field_value())),
    ];
    values.extend(Setting::AGENTS.into_iter().enumerate().map(list));
    values.push((NumberField::ImportMethod, value(&|it| it.import_method.as_field_value())));
    values.extend(others.map(other));
    values
}

impl Intent {
    fn of(directory: &Directory, workspace: &WorkspaceName, number: PhoneNumber) -> Option<Self> {
        let files = directory.workspaces.get(workspace)?;
        let entry = files.registered(number)?;
        let folder = |assignment: &Assignment, id: &AgentId| {
            // What the assignment says of its own agent counts; the folders know the others.
            let own = assignment.agent_path.as_ref().filter(|_| assignment.agent_id.as_ref() == Some(id));
            own.or_else(|| directory.agents.path_of(workspace, id)).cloned()
        };
        Some(Self::new(entry, files.assignment(number), &folder))
    }

    fn new(
        entry: &RegistryEntry,
        assignment: Option<&Assignment>,
        folder: &dyn Fn(&Assignment, &AgentId) -> Option<AgentPath>,
    ) -> Self {
        let share = |assignment: &Assignment, agent: AgentWeight| FolderShare {
            agent_path: folder(assignment, &agent.agent_id),
            weight: agent.weight,
            agent_version: agent.agent_version,
        };
        let settings = Settings::of_entries(entry, assignment);
        let agents = Setting::AGENTS.map(|setting| {
            let list = assignment.map(|known| (known, canonical_agents(settings.agents(setting))));
            let shares = list.into_iter().flat_map(|(known, list)| list.into_iter().map(|agent| share(known, agent)));
            let shares: Vec<FolderShare> = shares.collect();
            (!shares.is_empty()).then(|| in_order(shares))
        });
        let [inbound, outbound, ..] = &agents;
        let mut voice = inbound.iter().chain(outbound).flatten();
        Self {
            unknown_agent: voice.any(|share| share.agent_path.is_none()),
            agent_path: principal_path(assignment, inbound.as_deref().or(outbound.as_deref())),
            assignment_type: assignment.map_or(AssignmentType::Unassigned, |known| known.assignment_type),
            import_method: entry.import_method,
            agents,
            settings,
        }
    }

    /// Whether the lists say no more than `agent_path` and `assignment_type` do.
    fn is_plain(&self) -> bool {
        let single = |list: &Option<Vec<FolderShare>>| match list.as_deref() {
            None => true,
            Some([only]) => {
                only.agent_path == self.agent_path && only.weight == Weight::WHOLE && only.agent_version.is_none()
            }
            Some(_) => false,
        };
        self.agents[..2].iter().all(single)
    }
}

/// Each workspace has other ids, so that the same shares come in another order.
fn in_order(mut shares: Vec<FolderShare>) -> Vec<FolderShare> {
    shares.sort_by(|one, other| {
        let by_weight = other.weight.share().total_cmp(&one.weight.share());
        by_weight.then_with(|| (&one.agent_path, &one.agent_version).cmp(&(&other.agent_path, &other.agent_version)))
    });
    shares
}

/// The agent that stands for all; among agents of equal weight it is one that both workspaces choose alike.
fn principal_path(assignment: Option<&Assignment>, shares: Option<&[FolderShare]>) -> Option<AgentPath> {
    match shares {
        Some([first, second, ..]) if first.weight == second.weight => first.agent_path.clone(),
        _ => assignment.and_then(|known| known.agent_path.clone()),
    }
}

fn differences(from: Option<&Intent>, to: Option<&Intent>) -> Vec<FieldChange> {
    let pairs = values(from).into_iter().zip(values(to));
    let mut fields: Vec<FieldChange> =
        pairs.filter_map(|((field, from), (_, to))| difference(field, from, to)).collect();
    let plain = from.is_none_or(Intent::is_plain) && to.is_none_or(Intent::is_plain);
    if plain {
        // One agent without a version on either side: its path says it all.
        fields.retain(|change| !matches!(change.field, NumberField::InboundAgents | NumberField::OutboundAgents));
    }
    let both_assigned =
        [from, to].iter().all(|side| side.is_some_and(|intent| intent.assignment_type != AssignmentType::Unassigned));
    fields.extend(unknown_texters(from, to, &fields));
    let unknown = [from, to].iter().any(|side| side.is_some_and(|intent| intent.unknown_agent));
    let names_callers = |change: &FieldChange| change.field.names_agents() && !TEXTERS.contains(&change.field);
    if both_assigned && unknown && !fields.iter().any(names_callers) {
        let path = |side: Option<&Intent>| side.map(|intent| intent.agent_path.as_field_value()).unwrap_or_default();
        fields.insert(0, FieldChange { field: NumberField::AgentPath, from: path(from), to: path(to) });
    }
    fields
}

/// The lists of agents of text messages.
const TEXTERS: [NumberField; 2] = [NumberField::InboundSmsAgents, NumberField::OutboundSmsAgents];

/// The lists of SMS agents that seem to be the same, and of which that cannot be told: an agent in them has no folder.
fn unknown_texters(from: Option<&Intent>, to: Option<&Intent>, known: &[FieldChange]) -> Vec<FieldChange> {
    let (Some(from), Some(to)) = (from, to) else { return Vec::new() };
    let lists = from.agents[2..].iter().zip(&to.agents[2..]);
    let is_unknown = |list: &Option<Vec<FolderShare>>| list.iter().flatten().any(|share| share.agent_path.is_none());
    let is_told = |field: NumberField| known.iter().any(|change| change.field == field);
    let lists = TEXTERS.into_iter().zip(lists);
    let open = lists.filter(|(field, (from, to))| (is_unknown(from) || is_unknown(to)) && !is_told(*field));
    let change = |field, from: &Option<Vec<FolderShare>>, to: &Option<Vec<FolderShare>>| FieldChange {
        field,
        from: from.as_field_value(),
        to: to.as_field_value(),
    };
    open.map(|(field, (from, to))| change(field, from, to)).collect()
}

#[cfg(test)]
mod tests;
