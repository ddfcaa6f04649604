//! Finds the agent that a person means.

use std::collections::BTreeSet;

use crate::model::{AgentId, AgentPath, Directory};

/// An agent that can be asked about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Agent {
    /// One with a folder, which may be gone while numbers still name it.
    Folder(AgentPath),
    /// One that no folder has, by its id.
    Unmanaged(AgentId),
}

/// What a written agent stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Match {
    One(Agent),
    /// Several agents of the same name: their paths, or their ids where no folder has them.
    Several(Vec<String>),
    None,
}

/// Finds an agent by path, folder name, id or name, in this order; a folder's name before one that only Retell knows.
pub fn find(directory: &Directory, written: &str) -> Match {
    let known = known_paths(directory);
    let by_path = AgentPath::parse(written.trim_end_matches('/')).or_else(|_| AgentPath::of_folder(written));
    if let Some(path) = by_path.ok().filter(|path| known.contains(path)) {
        return Match::One(Agent::Folder(path));
    }
    if let Some(found) = by_id(directory, written) {
        return Match::One(found);
    }
    match directory.agents.called(written).as_slice() {
        [] => stranger(directory, written),
        [only] => Match::One(Agent::Folder((*only).clone())),
        several => Match::Several(several.iter().map(ToString::to_string).collect()),
    }
}

/// The agent that no folder has and that is called so at Retell.
fn stranger(directory: &Directory, written: &str) -> Match {
    let names = directory.stranger_names();
    let called = names.iter().filter(|(_, name)| name.to_lowercase() == written.to_lowercase());
    let ids: BTreeSet<&AgentId> = called.map(|((_, id), _)| *id).collect();
    match ids.iter().copied().collect::<Vec<_>>().as_slice() {
        [] => Match::None,
        [only] => Match::One(Agent::Unmanaged((*only).clone())),
        several => Match::Several(several.iter().map(ToString::to_string).collect()),
    }
}

fn by_id(directory: &Directory, written: &str) -> Option<Agent> {
    let id = AgentId::parse(written).ok()?;
    if let Some((_, path)) = directory.agents.anywhere(&id).next() {
        return Some(Agent::Folder(path.clone()));
    }
    let assignments = || directory.workspaces.values().flat_map(|files| &files.assignments.assignments);
    if let Some(owner) = assignments().find(|known| known.agent_id.as_ref() == Some(&id) && known.agent_path.is_some())
    {
        return owner.agent_path.clone().map(Agent::Folder);
    }
    let is_bound = assignments().any(|known| known.voice_agents().contains(&&id))
        || super::rows(directory).iter().any(|row| row.has_live_id(&id));
    is_bound.then_some(Agent::Unmanaged(id))
}

/// Every path that has a folder or numbers, sorted.
pub fn known_paths(directory: &Directory) -> Vec<AgentPath> {
    let assigned = directory.workspaces.values().flat_map(|files| &files.assignments.assignments);
    let named = assigned.filter_map(|assignment| assignment.agent_path.as_ref());
    let paths: BTreeSet<_> = directory.agents.iter().map(|(path, _)| path).chain(named).collect();
    paths.into_iter().cloned().collect()
}
