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
    exceeds(together.numbers.len(), of, share).then(|| together.hit(rail, of))
}

/// The bound numbers that lose their agents' folders, or are bound to agents that no folder has.
pub(super) fn strangers(name: &WorkspaceName, before: &Directory, after: &Directory) -> BTreeSet<PhoneNumber> {
    // Without any agent's folder there is nothing that a swapped key could contradict.
    let has_folders = after.agents.iter().any(|(_, folder)| folder.ids.values().any(Option::is_some));
    let is_hit = |new: &&Assignment| {
        let old = assignment(before, name, new.phone_number);
        let has_lost_folder = new.agent_path.is_none() && old.is_some_and(|old| old.agent_path.is_some());
        let known = old.map(agents).unwrap_or_default();
        let is_unknown = |id: &&AgentId| after.agents.path_of(name, id).is_none() && !known.contains(*id);
        has_lost_folder || (has_folders && agents(new).iter().any(is_unknown))
    };
    bound(after, name).into_iter().filter(is_hit).map(|known| known.phone_number).collect()
}

/// Whether a line is bound to an agent that no folder has.
fn has_stranger(directory: &Directory, name: &WorkspaceName, line: &Assignment) -> bool {
    agents(line).iter().any(|id| directory.agents.path_of(name, id).is_none())
}

/// Whether every bound line gets the same agent, where there were several.
pub(super) fn one_agent(name: &WorkspaceName, before: &Directory, after: &Directory) -> Option<Hit> {
    let (old, new) = (voice(before, name), voice(after, name));
    let distinct = |lines: &[&Assignment]| lines.iter().flat_map(|line| owned(line)).collect::<BTreeSet<_>>().len();
    if new.len() < FEWEST || distinct(&new) != 1 || distinct(&old) < 2 {
        return None;
    }
    // Lines that kept their agent while the others left were given nothing.
    let is_moved =
        |line: &&Assignment| assignment(before, name, line.phone_number).is_some_and(|old| owned(old) != owned(line));
    new.iter().any(is_moved).then(|| Hit {
        rail: Rail::OneAgent(name.clone()),
        numbers: new.iter().map(|line| line.phone_number).collect(),
        earlier: 0,
        of: new.len(),
    })
}

/// The assignments that bind an agent, by voice or text.
fn bound<'a>(directory: &'a Directory, name: &WorkspaceName) -> Vec<&'a Assignment> {
    let files = directory.workspaces.get(name);
    files.into_iter().flat_map(|files| &files.assignments.assignments).filter(|it| !agents(it).is_empty()).collect()
}

fn voice<'a>(directory: &'a Directory, name: &WorkspaceName) -> Vec<&'a Assignment> {
    bound(directory, name).into_iter().filter(|line| !line.voice_agents().is_empty()).collect()
}

fn owned(line: &Assignment) -> BTreeSet<AgentId> {
    line.voice_agents().into_iter().cloned().collect()
}

fn agents(line: &Assignment) -> BTreeSet<&AgentId> {
    let texts = [&line.inbound_sms_agents, &line.outbound_sms_agents];
    let texts = texts.into_iter().flatten().flatten().map(|agent| &agent.agent_id);
    line.voice_agents().into_iter().chain(texts).collect()
}

fn assignment<'a>(directory: &'a Directory, name: &WorkspaceName, number: PhoneNumber) -> Option<&'a Assignment> {
    directory.workspaces.get(name)?.assignment(number)
}
