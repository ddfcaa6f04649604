//! Compares a directory with itself at another moment.

use std::collections::{BTreeMap, BTreeSet};

use super::delta::{Delta, PIECE, Pair};
use super::differing::Differing;
use super::fields::compare;
use super::{AgentNames, Change, ChangeKind, Changes, FieldChange, FieldValue, NumberField};
use crate::model::equivalence;
use crate::model::master::WorkspaceEntry;
use crate::model::pools::Member;
use crate::model::{
    AgentId, AgentWeight, Assignment, AssignmentType, Directory, NumberEntry, PhoneNumber, RegistryEntry, WorkspaceName,
};
use crate::side_by_side;

/// Lists what changed from one state of the directory to another.
pub fn between(from: &Directory, to: &Directory) -> Changes {
    let differing = Differing::between(from, to);
    // The copies of a piece go once they are told.
    let pieces = side_by_side::each(&differing.ranges(PIECE), |range| {
        let piece = differing.copied(range.clone());
        (listed(&piece), names(&piece))
    });
    let (lists, names): (Vec<_>, Vec<_>) = pieces.into_iter().unzip();
    let list = lists.into_iter().flatten().collect();
    let mut changes = Changes { pools: differing.pools, ..Changes::new(list) };
    for names in names {
        changes.names.extend(names);
    }
    for side in [to, from] {
        changes.name_agents(&side.agents);
        changes.name_strangers(side);
    }
    changes
}

pub fn of_delta(delta: &Delta) -> Changes {
    Changes { names: names(delta), pools: delta.pools.clone(), ..Changes::new(listed(delta)) }
}

fn listed(delta: &Delta) -> Vec<Change> {
    let numbers: BTreeSet<PhoneNumber> = delta.numbers.keys().chain(delta.members.keys()).copied().collect();
    let change = |number: PhoneNumber| number_change(number, delta.numbers.get(&number), delta.members.get(&number));
    let mut list: Vec<Change> = numbers.into_iter().filter_map(change).collect();
    for (workspace, sides) in Sides::by_workspace(delta) {
        list.extend(sides.into_iter().filter_map(|(number, sides)| workspace_change(number, workspace, &sides)));
    }
    list
}

/// What principal agents are called that their own changes do not tell: the folders of those that stand beside others, before
/// or after, and of those whose folder stays and has another agent; and the names of those that no folder has.
fn names(delta: &Delta) -> AgentNames {
    let several = |known: &Assignment| {
        known.inbound_agents.is_some()
            || known.outbound_agents.is_some()
            || known.inbound_agent_id != known.outbound_agent_id
    };
    let mut names = AgentNames::default();
    for (workspace, files) in &delta.workspaces {
        for pair in files.assignments.values() {
            let (from, to) = Pair::sides(Some(pair));
            let stays =
                from.and_then(|known| known.agent_path.as_ref()) == to.and_then(|known| known.agent_path.as_ref());
            let sides = || [from, to].into_iter().flatten();
            let typed = sides().filter_map(|known| known.stranger());
            names.typed.extend(typed.map(|(id, name)| ((workspace.clone(), id.clone()), name.to_owned())));
            if stays || sides().any(several) {
                let known = sides().filter_map(|known| Some((known.agent_id.clone()?, known.agent_path.clone()?)));
                names.folders.extend(known.map(|(id, path)| ((workspace.clone(), id), path)));
            }
        }
    }
    names
}

fn number_change(
    number: PhoneNumber,
    entry: Option<&Pair<NumberEntry>>,
    member: Option<&Pair<Member>>,
) -> Option<Change> {
    let kind = match entry.map(|pair| (&pair.from, &pair.to)) {
        Some((None, _)) => ChangeKind::Provisioned,
        Some((_, None)) => ChangeKind::Released,
        _ => ChangeKind::Updated,
    };
    let (from, to) = Pair::sides(entry);
    let (before, after) = Pair::sides(member);
    let mut fields = compare(from, to);
    fields.extend(compare(before, after));
    // A first sync holds tens of thousands of changes until they are told.
    fields.shrink_to_fit();
    (kind != ChangeKind::Updated || !fields.is_empty()).then_some(Change {
        phone_number: number,
        workspace: None,
        kind,
        fields,
        keeps_a_direction: false,
    })
}

/// What one side says of a number in a workspace, as far as it differs from the other side.
#[derive(Clone, Copy, Default, PartialEq)]
struct Side<'a> {
    registered: Option<&'a RegistryEntry>,
    assignment: Option<&'a Assignment>,
    entry: Option<&'a WorkspaceEntry>,
}

/// Both sides of a number in a workspace.
#[derive(Default)]
struct Sides<'a> {
    from: Side<'a>,
    to: Side<'a>,
}

impl<'a> Sides<'a> {
    fn by_workspace(delta: &'a Delta) -> BTreeMap<&'a WorkspaceName, BTreeMap<PhoneNumber, Self>> {
        let mut all: BTreeMap<_, BTreeMap<PhoneNumber, Self>> = BTreeMap::new();
        for (name, files) in &delta.workspaces {
            let sides = all.entry(name).or_default();
            for (number, pair) in &files.registry {
                let sides = sides.entry(*number).or_default();
                (sides.from.registered, sides.to.registered) = Pair::sides(Some(pair));
            }
            for (number, pair) in &files.assignments {
                let sides = sides.entry(*number).or_default();
                (sides.from.assignment, sides.to.assignment) = Pair::sides(Some(pair));
            }
        }
        for (number, pair) in &delta.numbers {
            for (name, from, to) in entries(pair) {
                let sides = all.entry(name).or_default().entry(*number).or_default();
                (sides.from.entry, sides.to.entry) = (from, to);
            }
        }
        all
    }
}

/// The bindings of a number that differ in `directory.json`, by workspace.
fn entries(
    pair: &Pair<NumberEntry>,
) -> impl Iterator<Item = (&WorkspaceName, Option<&WorkspaceEntry>, Option<&WorkspaceEntry>)> {
    let both = || [&pair.from, &pair.to].into_iter().flatten();
    let names: BTreeSet<&WorkspaceName> = both().flat_map(|entry| entry.workspaces.keys()).collect();
    names.into_iter().filter_map(|name| {
        let (from, to) = (imported(pair.from.as_ref(), name), imported(pair.to.as_ref(), name));
        (from != to).then_some((name, from, to))
    })
}

/// The binding in a workspace; `imported: false` means the same as no entry at all.
fn imported<'a>(entry: Option<&'a NumberEntry>, workspace: &WorkspaceName) -> Option<&'a WorkspaceEntry> {
    entry?.workspaces.get(workspace).filter(|entry| entry.imported)
}

impl<'a> Side<'a> {
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

/// Every agent that a list or the single field names is bound: a hand that edits only one of them means to bind another agent.
fn direction<'a>(list: Option<&'a [AgentWeight]>, single: Option<&'a AgentId>) -> BTreeSet<&'a AgentId> {
    list.into_iter().flatten().map(|agent| &agent.agent_id).chain(single).collect()
}

fn workspace_change(number: PhoneNumber, workspace: &WorkspaceName, sides: &Sides<'_>) -> Option<Change> {
    let fields = side_fields(sides.from, sides.to);
    let kind = kind(sides.from, sides.to, &fields)?;
    let keeps_a_direction = keeps_a_direction(sides.from, sides.to);
    Some(Change { phone_number: number, workspace: Some(workspace.clone()), kind, fields, keeps_a_direction })
}

/// Whether a direction of calls has agents on both sides, and has the same ones.
fn keeps_a_direction(from: Side<'_>, to: Side<'_>) -> bool {
    let stays = |agents: fn(&Assignment) -> Vec<AgentWeight>| match (from.assignment, to.assignment) {
        (Some(from), Some(to)) => !agents(from).is_empty() && equivalence::same_agents(&agents(from), &agents(to)),
        _ => false,
    };
    stays(Assignment::inbound) || stays(Assignment::outbound)
}

/// Every field that differs in one of the three places that describe a binding, each named once.
fn side_fields(from: Side<'_>, to: Side<'_>) -> Vec<FieldChange> {
    let mut fields = compare(from.assignment, to.assignment);
    let restated = restated_fields(from, to);
    for more in [compare(from.registered, to.registered), compare(from.entry, to.entry)] {
        let new: Vec<_> =
            more.into_iter().filter(|change| fields.iter().all(|known| known.field != change.field)).collect();
        fields.extend(new);
    }
    for change in fields.iter_mut().filter(|change| change.field == NumberField::AssignmentType) {
        // A registered number without an assignment is one that no voice agent answers.
        for (value, side) in [(&mut change.from, from), (&mut change.to, to)] {
            if value.is_absent() && side.registered.is_some() {
                *value = FieldValue::from(AssignmentType::Unassigned.as_str());
            }
        }
    }
    fields.retain(|change| !restated.contains(&change.field.as_str()));
    fields.shrink_to_fit();
    fields
}

/// The fields in which the sides only say the same in another order, in `directory.json` too.
fn restated_fields(from: Side<'_>, to: Side<'_>) -> Vec<&'static str> {
    let (Some(before), Some(after)) = (from.assignment, to.assignment) else { return Vec::new() };
    let follows = |side: Side<'_>, known: &Assignment| side.entry.is_none_or(|entry| entry.agent_id == known.agent_id);
    if follows(from, before) && follows(to, after) { equivalence::restated_fields(before, after) } else { Vec::new() }
}

fn kind(from: Side<'_>, to: Side<'_>, fields: &[FieldChange]) -> Option<ChangeKind> {
    match (from.registered.is_some(), to.registered.is_some()) {
        (false, true) => return Some(ChangeKind::Imported),
        (true, false) => return Some(ChangeKind::Removed),
        _ => {}
    }
    let by_assignment =
        agents_kind(from.agents().is_empty(), to.agents().is_empty(), from.agents().same_as(&to.agents()));
    let routing = || fields.iter().any(|change| change.field.is_routing()).then_some(ChangeKind::Rerouted);
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

#[cfg(test)]
mod tests;
