//! Answers about a directory: which number, which agent, what is unassigned.

pub mod agent;
pub mod bound_agents;
pub mod column;
pub mod filter;
pub mod live;
pub mod noted_date;
pub mod number;
pub mod trunk;

use std::collections::{HashMap, HashSet};

use crate::model::{
    AgentId, AgentNames, AgentPath, Assignment, AssignmentType, Directory, NumberEntry, NumberType, PhoneNumber,
    Provider, RegistryEntry, WorkspaceName, derive,
};
use crate::words::word_enum;
use agent::Agent;
use bound_agents::{BoundAgent, CallDirection};

/// One number in one workspace, or a number in none: the row of every listing.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    pub phone_number: PhoneNumber,
    /// Its entry in `directory.json`.
    pub entry: Option<&'a NumberEntry>,
    /// The workspace; none for a number that no workspace has imported.
    pub workspace: Option<&'a WorkspaceName>,
    /// Its entry in the workspace's registry.
    pub registered: Option<&'a RegistryEntry>,
    /// Its agents in the workspace.
    pub assignment: Option<&'a Assignment>,
    /// The directory, which knows what agents are called.
    pub directory: &'a Directory,
}

word_enum! {
    /// What reaches people on a number without a voice agent.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum HandledBy {
        /// A webhook decides on every call.
        Webhook = "webhook",
        /// A webhook decides on every text message.
        SmsWebhook = "sms-webhook",
        /// Agents answer text messages only.
        SmsAgents = "sms-agents",
    }
}

impl HandledBy {
    pub fn words(self) -> &'static str {
        match self {
            Self::Webhook => "a webhook decides",
            Self::SmsWebhook => "a webhook decides on texts",
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

    pub fn agent_id(&self) -> Option<&'a AgentId> {
        self.assignment.and_then(|known| known.agent_id.as_ref())
    }

    pub fn agent_name(&self) -> Option<&'a str> {
        self.assignment.and_then(|known| known.agent_name.as_deref())
    }

    /// The name of one of its agents that no folder has, as Retell tells it.
    pub fn name_at_retell(&self, id: &AgentId) -> Option<&'a str> {
        let own = self.agent_name().filter(|_| self.agent_id() == Some(id));
        let files = || self.directory.workspaces.get(self.workspace?);
        let strangers =
            || files()?.assignments.assignments.iter().filter_map(Assignment::stranger).find(|it| it.0 == id);
        own.or_else(|| Some(strangers()?.1))
    }

    /// Who it is that answers or calls, in a sentence.
    pub fn agent_words(&self, id: &AgentId) -> String {
        let folder = self.workspace.and_then(|workspace| self.directory.agents.path_of(workspace, id));
        folder.map_or_else(|| AgentNames::of(self.directory).words(self.workspace, id), ToString::to_string)
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
        let has = |url: fn(&RegistryEntry) -> Option<&str>| self.registered.is_some_and(|entry| url(entry).is_some());
        if has(RegistryEntry::inbound_webhook_url) {
            return Some(HandledBy::Webhook);
        }
        if has(RegistryEntry::inbound_sms_webhook_url) {
            return Some(HandledBy::SmsWebhook);
        }
        self.assignment.filter(|known| known.has_sms_agents()).map(|_| HandledBy::SmsAgents)
    }

    /// Which kind of line it is.
    pub fn number_type(&self) -> Option<NumberType> {
        let of_entry = self.entry.map(|entry| entry.phone_number_type);
        of_entry.or_else(|| self.registered.map(|entry| entry.phone_number_type))
    }

    pub fn provider(&self) -> Option<Provider> {
        self.entry.map(|entry| entry.provider).or_else(|| self.registered.map(|entry| entry.provider))
    }

    pub fn pretty(&self) -> Option<&'a str> {
        let of_entry = self.entry.map(|entry| entry.phone_number_pretty.as_str());
        of_entry.or_else(|| self.registered.map(|entry| entry.phone_number_pretty.as_str()))
    }

    pub fn tags(&self) -> &'a [String] {
        self.entry.map(|entry| entry.tags.as_slice()).unwrap_or_default()
    }

    /// The host that outbound calls go to: the workspace's own, else the number's.
    pub fn termination_uri(&self) -> Option<&'a str> {
        let own = self.registered.and_then(|entry| entry.termination_uri.as_deref());
        own.or_else(|| self.entry?.sip_config.as_ref()?.termination_uri.as_deref())
    }

    /// How many voice agents are bound.
    pub fn agent_count(&self) -> usize {
        self.assignment.map_or(0, |known| known.voice_agents().len())
    }

    /// Every voice agent, in each direction.
    pub fn bound_agents(&self) -> Vec<BoundAgent> {
        let bound = self.assignment.zip(self.workspace);
        bound.map_or_else(Vec::new, |(assignment, workspace)| {
            bound_agents::of(assignment, workspace, &self.directory.agents)
        })
    }

    pub fn principal(&self, direction: CallDirection) -> Option<BoundAgent> {
        bound_agents::principal(&self.bound_agents(), direction).cloned()
    }

    /// Whether this agent is one of the bound voice agents, in git or live.
    pub fn has_agent(&self, directory: &Directory, agent: &Agent) -> bool {
        self.has_decided_agent(directory, agent) || self.has_live_agent(agent)
    }

    fn has_decided_agent(&self, directory: &Directory, agent: &Agent) -> bool {
        let (Some(workspace), Some(assignment)) = (self.workspace, self.assignment) else { return false };
        match agent {
            Agent::Folder(path) => derive::agent_paths(workspace, assignment, &directory.agents).contains(&path),
            Agent::Unmanaged(id) => assignment.voice_agents().contains(&id),
        }
    }
}

/// Every number in every workspace that has it, and every number that none has; by number, then workspace.
pub fn rows(directory: &Directory) -> Vec<Row<'_>> {
    let mut rows = Vec::new();
    for (name, files) in &directory.workspaces {
        let assignments: HashMap<_, _> =
            files.assignments.assignments.iter().map(|assignment| (assignment.phone_number, assignment)).collect();
        rows.extend(files.numbers.numbers.iter().map(|entry| Row {
            phone_number: entry.phone_number,
            entry: directory.number(entry.phone_number),
            workspace: Some(name),
            registered: Some(entry),
            assignment: assignments.get(&entry.phone_number).copied(),
            directory,
        }));
    }
    let imported: HashSet<_> = rows.iter().map(|row| row.phone_number).collect();
    let others = directory.master.numbers.iter().filter(|(number, _)| !imported.contains(number));
    rows.extend(others.map(|(number, entry)| Row {
        phone_number: *number,
        entry: Some(entry),
        workspace: None,
        registered: None,
        assignment: None,
        directory,
    }));
    rows.sort_by_key(|row| (row.phone_number, row.workspace));
    rows
}

/// One number in one workspace; none where the workspace does not have it.
pub fn row<'a>(directory: &'a Directory, number: PhoneNumber, workspace: &WorkspaceName) -> Option<Row<'a>> {
    let (workspace, files) = directory.workspaces.get_key_value(workspace)?;
    Some(Row {
        phone_number: number,
        entry: directory.number(number),
        workspace: Some(workspace),
        registered: Some(files.registered(number)?),
        assignment: files.assignment(number),
        directory,
    })
}

/// The numbers that no voice agent answers, in git or live, in the specification's order: toll-free ones first, because they cost
/// most while no call is answered, then by number.
pub fn unassigned(directory: &Directory) -> Vec<Row<'_>> {
    let mut rows = rows(directory);
    rows.retain(Row::is_unassigned_anywhere);
    rows.sort_by_key(|row| row.number_type() != Some(NumberType::TollFree));
    rows
}
