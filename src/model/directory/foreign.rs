//! Files of other tools that cannot be read: they cost what they say, and no command.
//!
//! What the directory already knows of an agent stands in for its file, so that a half-edited file neither unbinds a
//! number nor takes its agent's name.

use super::{Directory, ReadFailure, Reading};
use crate::model::agent::{AgentId, AgentPath};
use crate::model::paths::FileKind;
use crate::model::workspace::WorkspaceName;
use crate::snapshot::Snapshot;

impl Reading {
    /// Takes the failures of other tools' files out, and notes them in the directory.
    pub fn set_foreign_aside(&mut self) {
        let (foreign, own): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.failures).into_iter().partition(ReadFailure::is_foreign);
        self.failures = own;
        for failure in &foreign {
            self.directory.stand_in(&failure.path);
        }
        self.directory.unread = foreign;
    }
}

impl Directory {
    /// The agents' files that could not be read, for a note.
    pub fn unread_agents(&self) -> impl Iterator<Item = &ReadFailure> {
        self.unread.iter().filter(|failure| failure.path.starts_with("agents/"))
    }

    /// Goes by the agents' folders in other files; what is known here stands in for those that cannot be read.
    pub fn go_by_agents(&mut self, files: &Snapshot) {
        let is_agents = |failure: &ReadFailure| failure.path.starts_with("agents/");
        let mut reading = Reading::of(files);
        reading.failures.retain(is_agents);
        self.agents = reading.directory.agents;
        for failure in &reading.failures {
            self.stand_in(&failure.path);
        }
        self.unread.retain(|failure| !is_agents(failure));
        self.unread.extend(reading.failures);
    }

    fn stand_in(&mut self, path: &str) {
        match FileKind::of(path) {
            Some(FileKind::Agent(agent)) => {
                let name = self.known_name(&agent);
                self.agents.folder(agent).name = name;
            }
            Some(FileKind::AgentWorkspace(agent, workspace)) => {
                let ids = self.known_ids(&agent, &workspace);
                self.agents.folder(agent.clone());
                for id in ids {
                    self.agents.add_id(&agent, &workspace, Some(id));
                }
            }
            _ => {}
        }
    }

    fn known_name(&self, agent: &AgentPath) -> Option<String> {
        let assignments = self.workspaces.values().flat_map(|files| &files.assignments.assignments);
        let mut of_agent = assignments.filter(|assignment| assignment.agent_path.as_ref() == Some(agent));
        of_agent.find_map(|assignment| assignment.agent_name.clone())
    }

    /// The ids that the workspace's files know as the agent's: of those that it stands for, and of those that the index
    /// names where no other folder can be meant.
    fn known_ids(&self, agent: &AgentPath, workspace: &WorkspaceName) -> Vec<AgentId> {
        let Some(files) = self.workspaces.get(workspace) else { return Vec::new() };
        let file = &files.assignments;
        let indexed = file.by_agent.get(agent);
        let mut ids = Vec::new();
        for assignment in &file.assignments {
            let unknown = |id: &AgentId| self.agents.path_of(workspace, id).is_none();
            if assignment.agent_path.as_ref() == Some(agent) {
                ids.extend(assignment.agent_id.clone());
            } else if indexed.is_some_and(|numbers| numbers.contains(&assignment.phone_number)) {
                let mut open = assignment.voice_agents().into_iter().filter(|id| unknown(id));
                if let (Some(only), None) = (open.next(), open.next()) {
                    ids.push(only.clone());
                }
            }
        }
        ids.retain(|id| self.agents.path_of(workspace, id).is_none());
        ids
    }
}

#[cfg(test)]
mod tests {
    use crate::model::AgentFolders;
    use crate::model::made_up::{agent_id, assigned, number, share, two_workspaces, workspace};

    #[test]
    fn an_index_names_the_agent_of_a_file_that_cannot_be_read_where_no_other_folder_is_meant() {
        let mut directory = two_workspaces();
        let (b, staging) = ("agents/lost".parse().unwrap(), workspace("staging"));
        let bound = assigned(&mut directory, "staging", 1);
        bound.outbound_agent_id = "second".parse().ok();
        let bound = assigned(&mut directory, "staging", 2);
        bound.inbound_agents =
            Some(vec![share(&"x".parse().unwrap(), 0.5, None), share(&"y".parse().unwrap(), 0.5, None)]);
        directory
            .workspace_mut(&staging)
            .assignments
            .by_agent
            .insert("agents/lost".parse().unwrap(), vec![number(1), number(2), number(3)]);
        assert_eq!(directory.known_ids(&b, &staging), ["second".parse().unwrap()]);
        assert_eq!(directory.known_ids(&b, &workspace("elsewhere")), []);
        assert_eq!(directory.known_ids(&"agents/a".parse().unwrap(), &staging), []);
        directory.agents = AgentFolders::default();
        assert_eq!(
            directory.known_ids(&"agents/a".parse().unwrap(), &staging),
            [(); 3].map(|()| agent_id("staging", "a"))
        );
    }
}
