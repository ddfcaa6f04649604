//! Answers about a directory: which number, which agent, what is unassigned.

pub mod agent;
pub mod number;

use crate::model::{
    AgentId, AgentPath, Assignment, AssignmentType, Directory, NumberEntry, PhoneNumber, RegistryEntry, WorkspaceName,
};

/// One number in one workspace, or a number in none: the row of every listing.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    /// The number.
    pub phone_number: PhoneNumber,
    /// Its entry in `directory.json`.
    pub entry: Option<&'a NumberEntry>,
    /// The workspace; none for a number that no workspace has imported.
    pub workspace: Option<&'a WorkspaceName>,
    /// Its entry in the workspace's registry.
    pub registered: Option<&'a RegistryEntry>,
    /// Its agents in the workspace.
    pub assignment: Option<&'a Assignment>,
}

/// What reaches people on a number without a voice agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HandledBy {
    /// A webhook decides on every call.
    Webhook,
    /// Agents answer text messages only.
    SmsAgents,
}

impl HandledBy {
    /// The word in machine-readable output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Webhook => "webhook",
            Self::SmsAgents => "sms-agents",
        }
    }

    /// The words for people.
    pub fn words(self) -> &'static str {
        match self {
            Self::Webhook => "a webhook decides",
            Self::SmsAgents => "SMS agents only",
        }
    }
}

impl<'a> Row<'a> {
    /// Whether a voice agent is bound.
    pub fn is_assigned(&self) -> bool {
        self.assignment.is_some_and(Assignment::is_assigned)
    }

    /// Which directions have a voice agent.
    pub fn assignment_type(&self) -> AssignmentType {
        self.assignment.map_or(AssignmentType::Unassigned, |known| known.assignment_type)
    }

    /// The folder of the principal agent.
    pub fn agent_path(&self) -> Option<&'a AgentPath> {
        self.assignment.and_then(|known| known.agent_path.as_ref())
    }

    /// The principal agent.
    pub fn agent_id(&self) -> Option<&'a AgentId> {
        self.assignment.and_then(|known| known.agent_id.as_ref())
    }

    /// The principal agent's name.
    pub fn agent_name(&self) -> Option<&'a str> {
        self.assignment.and_then(|known| known.agent_name.as_deref())
    }

    /// The name that people gave the number in Retell.
    pub fn nickname(&self) -> Option<&'a str> {
        self.registered.and_then(|entry| entry.nickname.as_deref())
    }

    /// What reaches people on a number without a voice agent.
    pub fn handled_by(&self) -> Option<HandledBy> {
        if self.is_assigned() {
            return None;
        }
        let webhook = self.registered.and_then(RegistryEntry::inbound_webhook_url).map(|_| HandledBy::Webhook);
        webhook.or_else(|| self.assignment.filter(|known| known.has_sms_agents()).map(|_| HandledBy::SmsAgents))
    }

    /// Whether one of the bound voice agents has this folder.
    pub fn has_agent(&self, directory: &Directory, path: &AgentPath) -> bool {
        let (Some(workspace), Some(assignment)) = (self.workspace, self.assignment) else { return false };
        crate::model::derive::agent_paths(workspace, assignment, &directory.agents).contains(&path)
    }
}

/// Every number in every workspace that has it, and every number that none has; by number, then workspace.
pub fn rows(directory: &Directory) -> Vec<Row<'_>> {
    let mut rows = Vec::new();
    for (name, files) in &directory.workspaces {
        rows.extend(files.numbers.numbers.iter().map(|entry| Row {
            phone_number: entry.phone_number,
            entry: directory.number(entry.phone_number),
            workspace: Some(name),
            registered: Some(entry),
            assignment: files.assignment(entry.phone_number),
        }));
    }
    let imported: std::collections::HashSet<_> = rows.iter().map(|row| row.phone_number).collect();
    let others = directory.master.numbers.iter().filter(|(number, _)| !imported.contains(number));
    rows.extend(others.map(|(number, entry)| Row {
        phone_number: *number,
        entry: Some(entry),
        workspace: None,
        registered: None,
        assignment: None,
    }));
    rows.sort_by_key(|row| (row.phone_number, row.workspace));
    rows
}
