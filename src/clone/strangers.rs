//! The agents of a workspace that no folder of the project has, and the command of the npm tool that pulls them: writing
//! such folders is that tool's work, and could overwrite a live agent with its next push.

use std::collections::BTreeMap;

use crate::model::{AgentFolders, AgentId, AgentPath, WorkspaceName};
use crate::plural::counted;

/// What is told of a workspace's agents, a line each.
pub fn told(
    workspace: &WorkspaceName,
    agents: &BTreeMap<AgentId, Option<String>>,
    folders: &AgentFolders,
) -> Vec<String> {
    let strangers: Vec<_> = agents.iter().filter(|(id, _)| folders.path_of(workspace, id).is_none()).collect();
    let all = counted(agents.len(), "agent");
    let mut lines = vec![format!("{workspace}: {all}, {} without a folder", strangers.len())];
    lines.extend(strangers.iter().map(|(id, name)| {
        let (name, folder) = (name.as_deref().unwrap_or("without a name"), proposed(name.as_deref(), folders));
        format!("{id}, {name}: `retell pull {folder} -w {workspace}`")
    }));
    lines
}

/// What is told once behind the lines of all workspaces, where an agent has no folder.
pub fn note(lines: &[String]) -> Option<&'static str> {
    let is_told = lines.iter().any(|line| line.contains("`retell pull "));
    is_told.then_some(
        "`retell pull NAME` is the npm tool's: it pulls the agent whose id stands in agents/NAME/WORKSPACE.json",
    )
}

/// A folder's name made of an agent's; `NAME` where that gives none, or another agent's.
fn proposed(name: Option<&str>, folders: &AgentFolders) -> String {
    let letters = name.unwrap_or_default().to_lowercase();
    let words: Vec<_> =
        letters.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let folder = words.join("-");
    let is_free = AgentPath::of_folder(&folder).is_ok_and(|path| !folders.has(&path));
    if is_free { folder } else { "NAME".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::made_up;

    #[test]
    fn each_agent_without_a_folder_is_told_with_the_command_that_pulls_it() {
        let directory = made_up::two_workspaces();
        let agent = |id: &str, name: Option<&str>| (id.parse::<AgentId>().unwrap(), name.map(str::to_owned));
        let known = (made_up::agent_id("staging", "a"), Some("A".to_owned()));
        let agents =
            [known, agent("agent_x", Some("Old IVR (dashboard)")), agent("agent_y", None), agent("agent_z", Some("B"))];
        let lines = told(&made_up::workspace("staging"), &agents.into(), &directory.agents);
        assert_eq!(lines[0], "staging: 4 agents, 3 without a folder");
        assert_eq!(lines[1], "agent_x, Old IVR (dashboard): `retell pull old-ivr-dashboard -w staging`");
        assert_eq!(lines[2], "agent_y, without a name: `retell pull NAME -w staging`");
        assert_eq!(lines[3], "agent_z, B: `retell pull NAME -w staging`", "`agents/b` is another agent");
        assert_eq!(lines.len(), 4);
        assert!(note(&lines).is_some_and(|note| note.ends_with("agents/NAME/WORKSPACE.json")));
    }

    #[test]
    fn nothing_is_told_to_pull_where_every_agent_has_a_folder() {
        let directory = made_up::two_workspaces();
        let agents = [(made_up::agent_id("staging", "a"), None)].into();
        let lines = told(&made_up::workspace("staging"), &agents, &directory.agents);
        assert_eq!(lines, ["staging: 1 agent, 0 without a folder"]);
        assert_eq!(note(&lines), None);
    }
}
