//! Which changes a question is about: one workspace, one agent, one number.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Change, Changes, FieldChange};
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
        change.fields.iter().any(|field| self.is_named(field, &field.from) || self.is_named(field, &field.to))
    }

    fn is_named(&self, field: &FieldChange, value: &Value) -> bool {
        match value {
            Value::String(text) if field.field == "agent_path" => text == self.path.as_str(),
            Value::String(text) if field.field.ends_with("agent_id") => self.has_id(text),
            Value::Array(list) if field.field.ends_with("_agents") => list.iter().any(|agent| {
                let text = |key| agent.get(key).and_then(Value::as_str);
                text("agent_path") == Some(self.path.as_str()) || text("agent_id").is_some_and(|id| self.has_id(id))
            }),
            _ => false,
        }
    }

    fn has_id(&self, text: &str) -> bool {
        self.ids.iter().any(|id| id.as_str() == text)
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
        changes.retain(|change| {
            self.number.is_none_or(|number| change.phone_number == number)
                && self.workspace.as_ref().is_none_or(|name| change.workspace.as_ref() == Some(name))
                && self.agent.as_ref().is_none_or(|agent| agent.admits(change))
        });
    }
}
