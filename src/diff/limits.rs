//! Which changes a question is about: one workspace, one agent, one number.

use std::collections::BTreeSet;

use super::{Change, Changes, FieldValue};
use crate::model::{AgentFolders, AgentId, AgentPath, PhoneNumber, WorkspaceName};

/// An agent, by its folder and by every id that it is known by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentLimit {
    path: AgentPath,
    ids: BTreeSet<AgentId>,
}

impl AgentLimit {
    /// The agent of a folder; the folder may be gone.
    pub fn new(path: AgentPath, folders: &AgentFolders) -> Self {
        let ids = folders.get(&path).into_iter().flat_map(|folder| folder.ids.values().flatten().cloned()).collect();
        Self { path, ids }
    }

    /// Whether a change names the agent, before or after.
    fn admits(&self, change: &Change) -> bool {
        change.fields.iter().any(|field| self.is_named_by(&field.from) || self.is_named_by(&field.to))
    }

    fn is_named_by(&self, value: &FieldValue) -> bool {
        value.agent_paths().any(|path| *path == self.path) || value.agent_ids().any(|id| self.ids.contains(id))
    }
}

/// What a change has to be about; nothing set admits everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Only changes in this workspace.
    pub workspace: Option<WorkspaceName>,
    /// Only changes that name this agent, before or after.
    pub agent: Option<AgentLimit>,
    /// Only changes of this number.
    pub number: Option<PhoneNumber>,
}

impl Limits {
    /// Keeps the changes that the question is about.
    pub fn apply(&self, changes: &mut Changes) {
        changes.agent_ids.retain(|change| {
            let is_agents = |limit: &AgentLimit| limit.path == change.path;
            self.number.is_none()
                && self.workspace.as_ref().is_none_or(|name| *name == change.workspace)
                && self.agent.as_ref().is_none_or(is_agents)
        });
        // A pool is of no number, and of several workspaces.
        if *self != Self::default() {
            changes.pools.clear();
        }
        changes.retain(|change| {
            self.number.is_none_or(|number| change.phone_number == number)
                && self.workspace.as_ref().is_none_or(|name| change.workspace.as_ref() == Some(name))
                && self.agent.as_ref().is_none_or(|agent| agent.admits(change))
        });
    }
}

#[cfg(test)]
mod tests;
