//! Whom a sync binds numbers to: agents without a folder, or one agent for all.

use std::collections::BTreeSet;

use super::losses::{LostNumbers, TakenTogether};
use super::{FEWEST, Hit, Rail, exceeds};
use crate::model::{AgentId, Assignment, Directory, PhoneNumber, WorkspaceName};

/// Whether too many bound numbers lose their agents' folders, or are bound to agents that no folder has.
pub(super) fn unknown_agents(
    name: &WorkspaceName,
    (before, after): (&Directory, &Directory),
    share: f64,
    recent: &LostNumbers,
) -> Option<Hit> {
    let rail = Rail::UnknownAgents(name.clone());
    let is_still_unknown = |number| assignment(after, name, number).is_some_and(|line| has_stranger(after, name, line));
    let together = TakenTogether::of(&rail, &strangers(name, before, after), recent, is_still_unknown)?;
    let of = bound(after, name).len();
    let is_hit = exceeds(together.numbers.len(), of, share) || has_lost_every_folder(name, before, after);
    is_hit.then(|| together.hit(rail, of))
}

/// Whether no bound line has a folder any more, although the agents of some are those that had one: it is the folders
/// that are gone, also where a commit took them.
fn has_lost_every_folder(name: &WorkspaceName, before: &Directory, after: &Directory) -> bool {
    let had_folder = |new: &&Assignment| {
        let old = assignment(before, name, new.phone_number);
        old.is_some_and(|old| old.agent_path.is_some() && old.agent_id == new.agent_id)
    };
    let lines = bound(after, name);
    lines.iter().any(had_folder) && lines.iter().all(|line| line.agent_path.is_none())
}

/// The bound numbers that lose their agents' folders, or are bound to agents that no folder has.
pub(super) fn strangers(name: &WorkspaceName, before: &Directory, after: &Directory) -> BTreeSet<PhoneNumber> {
    // Without any agent's folder there is nothing that a swapped key could contradict.
    let has_folders = after.agents.iter().any(|(_, folder)| folder.ids.values().any(Option::is_some));
    let is_hit = |new: &&Assignment| {
        let old = assignment(before, name, new.phone_number);
        let has_lost_folder = new.agent_path.is_none() && old.is_some_and(|old| old.agent_path.is_some());
        let known = old.map(Assignment::bound_agents).unwrap_or_default();
        let is_unknown = |id: &&AgentId| after.agents.path_of(name, id).is_none() && !known.contains(*id);
        has_lost_folder || (has_folders && new.bound_agents().iter().any(is_unknown))
    };
    bound(after, name).into_iter().filter(is_hit).map(|known| known.phone_number).collect()
}

/// Whether a line is bound to an agent that no folder has.
fn has_stranger(directory: &Directory, name: &WorkspaceName, line: &Assignment) -> bool {
    line.bound_agents().iter().any(|id| directory.agents.path_of(name, id).is_none())
}

/// Whether every bound line gets the same agent, or the same agents, where there were several.
///
/// The agent is the one that most calls reach: a hundredth for another one makes no second agent of it.
pub(super) fn one_agent(name: &WorkspaceName, before: &Directory, after: &Directory) -> Option<Hit> {
    let (old, new) = (voice(before, name), voice(after, name));
    let several = !are_equal(old.iter().flat_map(|line| line.voice_agents()));
    if new.len() < FEWEST || !several {
        return None;
    }
    // Lines that kept their agent while the others left were given nothing.
    let are_moved_to_one = |agents: AgentsOf| {
        let is_moved = |line: &&Assignment| {
            assignment(before, name, line.phone_number).is_some_and(|old| agents(old) != agents(line))
        };
        are_equal(new.iter().map(|line| agents(line))) && new.iter().any(is_moved)
    };
    (are_moved_to_one(principal) || are_moved_to_one(everyone)).then(|| Hit {
        rail: Rail::OneAgent(name.clone()),
        numbers: new.iter().map(|line| line.phone_number).collect(),
        earlier: 0,
        of: new.len(),
    })
}

/// The assignments that bind an agent, by voice or text.
fn bound<'a>(directory: &'a Directory, name: &WorkspaceName) -> Vec<&'a Assignment> {
    let files = directory.workspaces.get(name);
    files
        .into_iter()
        .flat_map(|files| &files.assignments.assignments)
        .filter(|it| !it.bound_agents().is_empty())
        .collect()
}

fn voice<'a>(directory: &'a Directory, name: &WorkspaceName) -> Vec<&'a Assignment> {
    bound(directory, name).into_iter().filter(|line| !line.voice_agents().is_empty()).collect()
}

/// Which agents of a line are compared.
type AgentsOf = for<'a> fn(&'a Assignment) -> BTreeSet<&'a AgentId>;

fn everyone(line: &Assignment) -> BTreeSet<&AgentId> {
    line.voice_agents().into_iter().collect()
}

fn principal(line: &Assignment) -> BTreeSet<&AgentId> {
    line.agent_id.iter().collect()
}

fn are_equal<T: PartialEq>(mut items: impl Iterator<Item = T>) -> bool {
    items.next().is_none_or(|first| items.all(|other| other == first))
}

fn assignment<'a>(directory: &'a Directory, name: &WorkspaceName, number: PhoneNumber) -> Option<&'a Assignment> {
    directory.workspaces.get(name)?.assignment(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::AgentWeight;
    use crate::model::made_up::{agent_id, assigned, assignment, number, two_workspaces, workspace};

    #[test]
    fn a_line_of_text_messages_alone_is_none_of_those_that_get_one_agent() {
        let mut after = two_workspaces();
        let mut texts = assignment(4, "staging-a");
        (texts.agent_id, texts.inbound_agent_id, texts.outbound_agent_id) = (None, None, None);
        texts.inbound_sms_agents = Some(vec![AgentWeight::only(agent_id("staging", "a"))]);
        after.workspace_mut(&workspace("staging")).assignments.assignments.push(texts);
        let mut before = after.clone();
        *assigned(&mut before, "staging", 2) = assignment(2, "staging-b");
        let rail = Rail::OneAgent(workspace("staging"));
        let hit = Hit { rail, numbers: [1, 2, 3].map(number).into(), earlier: 0, of: 3 };
        assert_eq!(one_agent(&workspace("staging"), &before, &after), Some(hit));
    }
}
