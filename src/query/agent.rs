//! Finds the agent that a person means.

use crate::model::{AgentPath, Directory};

/// How many near misses an error lists.
const NEAREST: usize = 3;

/// Finds an agent by path, folder name, id or name; the nearest paths if there is no such agent.
///
/// A folder that is gone but still has numbers can be named by its path.
pub fn find(directory: &Directory, written: &str) -> Result<AgentPath, Vec<String>> {
    let known = known_paths(directory);
    let by_path = AgentPath::parse(written.trim_end_matches('/')).or_else(|_| AgentPath::of_folder(written));
    if let Some(path) = by_path.ok().filter(|path| known.contains(path)) {
        return Ok(path);
    }
    let named =
        |path: &&AgentPath| directory.agents.get(path).is_some_and(|folder| folder.name.as_deref() == Some(written));
    let has_id = |path: &&AgentPath| {
        directory.agents.get(path).is_some_and(|folder| folder.ids.values().flatten().any(|id| id.as_str() == written))
    };
    let found = known.iter().find(has_id).or_else(|| known.iter().find(named));
    found.cloned().ok_or_else(|| nearest(&known, written))
}

/// Every path that has a folder or numbers, sorted.
pub fn known_paths(directory: &Directory) -> Vec<AgentPath> {
    let assigned = directory.workspaces.values().flat_map(|files| &files.assignments.assignments);
    let named = assigned.filter_map(|assignment| assignment.agent_path.clone());
    let mut paths: Vec<_> = directory.agents.iter().map(|(path, _)| path.clone()).chain(named).collect();
    paths.sort();
    paths.dedup();
    paths
}

fn nearest(known: &[AgentPath], written: &str) -> Vec<String> {
    let wanted = written.trim_start_matches("agents/");
    let mut ranked: Vec<_> =
        known.iter().map(|path| (strsim::damerau_levenshtein(path.folder(), wanted), path)).collect();
    ranked.sort();
    ranked.into_iter().take(NEAREST).map(|(_, path)| path.to_string()).collect()
}
