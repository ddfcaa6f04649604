//! Finds the agent that a person means.

use super::live::pending;
use crate::model::{AgentId, AgentPath, Directory};

/// How many near misses an error lists.
const NEAREST: usize = 3;

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
    /// Several agents of the same name.
    Several(Vec<AgentPath>),
    /// None; these are the nearest.
    None(Vec<String>),
}

/// Finds an agent by path, folder name, id or name, in this order.
pub fn find(directory: &Directory, written: &str) -> Match {
    let known = known_paths(directory);
    let by_path = AgentPath::parse(written.trim_end_matches('/')).or_else(|_| AgentPath::of_folder(written));
    if let Some(path) = by_path.ok().filter(|path| known.contains(path)) {
        return Match::One(Agent::Folder(path));
    }
    if let Some(found) = by_id(directory, written) {
        return Match::One(found);
    }
    match by_name(directory, written).as_slice() {
        [] => Match::None(nearest(&known, written)),
        [only] => Match::One(Agent::Folder(only.clone())),
        several => Match::Several(several.to_vec()),
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
    let is_live =
        || pending(directory).iter().any(|held| held.live.agents(held.setting).iter().any(|it| it.agent_id == id));
    let is_bound = assignments().any(|known| known.voice_agents().contains(&&id)) || is_live();
    is_bound.then_some(Agent::Unmanaged(id))
}

/// The folders whose agent has that name; without regard to case where none has exactly it.
fn by_name(directory: &Directory, written: &str) -> Vec<AgentPath> {
    let named = |is: &dyn Fn(&str) -> bool| {
        let folders = directory.agents.iter().filter(|(_, folder)| folder.name.as_deref().is_some_and(is));
        folders.map(|(path, _)| path.clone()).collect::<Vec<_>>()
    };
    let exact = named(&|name| name == written);
    if exact.is_empty() { named(&|name| name.to_lowercase() == written.to_lowercase()) } else { exact }
}

/// Every path that has a folder or numbers, sorted.
pub fn known_paths(directory: &Directory) -> Vec<AgentPath> {
    let assigned = directory.workspaces.values().flat_map(|files| &files.assignments.assignments);
    let named = assigned.filter_map(|assignment| assignment.agent_path.as_ref());
    let paths: std::collections::BTreeSet<_> = directory.agents.iter().map(|(path, _)| path).chain(named).collect();
    paths.into_iter().cloned().collect()
}

fn nearest(known: &[AgentPath], written: &str) -> Vec<String> {
    let wanted = written.trim_start_matches("agents/");
    // A user who typed a beginning meant what begins with it, however long it is.
    let rank =
        |path: &AgentPath| (!path.folder().starts_with(wanted), strsim::damerau_levenshtein(path.folder(), wanted));
    let mut ranked: Vec<_> = known.iter().map(|path| (rank(path), path)).collect();
    ranked.sort();
    ranked.into_iter().take(NEAREST).map(|(_, path)| path.to_string()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_with_the_typed_letters_is_nearer_than_what_is_as_short() {
        let known =
            ["agents/sales-agent", "agents/sales-trial", "agents/survey"].map(|path| AgentPath::parse(path).unwrap());
        assert_eq!(nearest(&known, "sal")[..2], ["agents/sales-agent", "agents/sales-trial"]);
        assert_eq!(nearest(&known, "survy")[0], "agents/survey");
    }
}
