//! What callers hear where git decided otherwise: the other half of every answer that names who answers.

use std::collections::BTreeSet;

use super::Row;
use super::agent::Agent;
use crate::model::routing::{principal, versioned};
use crate::model::{AgentId, AgentPath, Directory, LiveRecord, PhoneNumber, Setting, Settings, WorkspaceName};

impl<'a> Row<'a> {
    /// What Retell has in the fields that git decided otherwise.
    pub fn record(&self) -> Option<&'a LiveRecord> {
        self.registered?.live.as_deref()
    }

    /// Whether git decided something of the number that Retell does not have.
    pub fn is_pending(&self) -> bool {
        self.record().is_some()
    }

    /// The settings that callers meet where git decided otherwise; of nearly every row, none are made.
    fn live_settings(&self) -> Option<Settings> {
        Some(self.record()?.live(&Settings::of_entries(self.registered?, self.assignment)))
    }

    /// The principal agent that callers meet.
    pub fn live_agent_id(&self) -> Option<AgentId> {
        if !self.is_pending() {
            return self.agent_id().cloned();
        }
        let live = self.live_settings()?;
        let agent = principal(&live.inbound_agents).or_else(|| principal(&live.outbound_agents));
        agent.map(|agent| agent.agent_id.clone())
    }

    pub fn live_agent_path(&self) -> Option<&'a AgentPath> {
        let id = self.live_agent_id()?;
        if self.agent_id() == Some(&id) {
            return self.agent_path();
        }
        self.directory.agents.path_of(self.workspace?, &id)
    }

    /// Who answers, as callers hear it, where that is not what git says: `agents/a`, `none`; `outbound agents/a@3` where
    /// the first agent is the same.
    pub fn live_words(&self) -> Option<String> {
        let live = self.live_settings()?;
        if self.live_agent_id().as_ref() == self.agent_id() {
            return self.other_live_words(&live);
        }
        let agent = principal(&live.inbound_agents).or_else(|| principal(&live.outbound_agents));
        let words = agent.map(|it| versioned(&self.agent_words(&it.agent_id), it.agent_version.as_ref()));
        Some(words.unwrap_or_else(|| "none".to_owned()))
    }

    /// What differs in who answers although the principal agent is the same.
    fn other_live_words(&self, live: &Settings) -> Option<String> {
        let git = Settings::of_entries(self.registered?, self.assignment);
        let called = |id: &AgentId| self.agent_words(id).into();
        let mut told: Vec<String> = [(Setting::InboundAgents, "inbound"), (Setting::OutboundAgents, "outbound")]
            .into_iter()
            .filter(|(setting, _)| !git.agrees(live, *setting))
            .map(|(setting, direction)| match live.text(setting, &called) {
                none if none.is_empty() => format!("{direction} none"),
                agents => format!("{direction} {agents}"),
            })
            .collect();
        if git.inbound_webhook_url.is_some() != live.inbound_webhook_url.is_some() {
            told.push(if live.inbound_webhook_url.is_some() { "a webhook" } else { "no webhook" }.to_owned());
        }
        (!told.is_empty()).then(|| told.join(", "))
    }

    /// Every voice agent of it, in git or live: by its folder, else its name or its id.
    pub fn agent_names(&self) -> BTreeSet<String> {
        let live = self.live_settings();
        let live = live.iter().flat_map(|live| live.inbound_agents.iter().chain(&live.outbound_agents));
        let heard = live.map(|share| &share.agent_id);
        let bound = self.bound_agents();
        let all = bound.iter().map(|agent| &agent.agent_id).chain(heard);
        all.map(|id| {
            let folder = self.workspace.and_then(|workspace| self.directory.agents.path_of(workspace, id));
            let name = || self.name_at_retell(id).unwrap_or(id.as_str());
            folder.map_or_else(name, AgentPath::as_str).to_owned()
        })
        .collect()
    }

    /// Whether no voice agent is bound, in git or live.
    pub fn is_unassigned_anywhere(&self) -> bool {
        !self.is_assigned() || (self.is_pending() && self.live_agent_id().is_none())
    }

    /// Whether Retell has this agent where git decided otherwise.
    pub(super) fn has_live_id(&self, id: &AgentId) -> bool {
        let Some((record, live)) = self.record().zip(self.live_settings()) else { return false };
        record.fields().any(|setting| live.agents(setting).iter().any(|agent| agent.agent_id == *id))
    }

    /// Whether this agent is one of those that callers meet.
    pub(super) fn has_live_agent(&self, agent: &Agent) -> bool {
        let (Some(workspace), Some(live)) = (self.workspace, self.live_settings()) else {
            return false;
        };
        let bound = live.inbound_agents.iter().chain(&live.outbound_agents).map(|share| &share.agent_id);
        bound.into_iter().any(|id| match agent {
            Agent::Folder(path) => self.directory.agents.path_of(workspace, id) == Some(path),
            Agent::Unmanaged(known) => known == id,
        })
    }
}

/// Whom callers of a workspace hear on the numbers for which git decided otherwise.
pub fn answers<'a>(
    directory: &'a Directory,
    workspace: &'a WorkspaceName,
) -> impl Iterator<Item = (PhoneNumber, String)> + use<'a> {
    let rows = super::rows(directory).into_iter().filter(move |row| row.workspace == Some(workspace));
    rows.filter_map(|row| Some((row.phone_number, row.live_words()?)))
}
