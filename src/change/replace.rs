//! Puts one agent in another's place, wherever it is bound.

use super::binding::AgentName;
use super::edit::{Action, Edit};
use super::rails::Allowed;
use super::{Binding, Objection};
use super::{Setting, Settings};
use crate::model::{AgentId, AgentVersion, AgentWeight, Assignment, Directory, Weight, WorkspaceName};

#[derive(Clone, Debug)]
pub struct Replacement<'a> {
    pub from: &'a AgentName,
    pub to: &'a Binding,
}

impl Replacement<'_> {
    /// The edits of these workspaces: every number on which the agent is bound, in whatever direction.
    ///
    /// Shares stay as they are. A version's number belongs to the agent that goes, so it goes too; a tag stays. Where no
    /// number has the agent that goes, the one that comes has to be one all the same, in any of the workspaces.
    pub fn edits(
        &self,
        directory: &Directory,
        workspaces: &[WorkspaceName],
        allowed: &Allowed,
    ) -> Result<Vec<Edit>, Objection> {
        let mut edits = Vec::new();
        for workspace in workspaces {
            edits.extend(self.edits_in(directory, workspace, allowed)?);
        }
        if edits.is_empty() {
            let mut found = workspaces.iter().map(|workspace| self.comes(directory, workspace, allowed));
            if let Some(Err(objection)) = found.next()
                && found.all(|other| other.is_err())
            {
                return Err(objection);
            }
        }
        Ok(edits)
    }

    /// The agent that comes, as a workspace has it.
    fn comes(
        &self,
        directory: &Directory,
        workspace: &WorkspaceName,
        allowed: &Allowed,
    ) -> Result<AgentWeight, Objection> {
        let [comes] = <[AgentWeight; 1]>::try_from(self.to.resolve(&directory.agents, workspace, allowed)?)
            .map_err(|_| Objection::mistake("exactly one agent can take the other's place"))?;
        Ok(comes)
    }

    fn edits_in(
        &self,
        directory: &Directory,
        workspace: &WorkspaceName,
        allowed: &Allowed,
    ) -> Result<Vec<Edit>, Objection> {
        let Some(files) = directory.workspaces.get(workspace) else { return Ok(Vec::new()) };
        let gone = self.ids(directory, workspace);
        let assignments = || files.assignments.assignments.iter();
        let is_bound = |assignment: &&Assignment| bound(assignment).any(|id| gone.contains(id));
        if !assignments().any(|assignment| is_bound(&assignment)) {
            return Ok(Vec::new());
        }
        let comes = self.comes(directory, workspace, allowed)?;
        let edit = |assignment: &Assignment| {
            let known = Settings::of_directory(directory, workspace, assignment.phone_number)?;
            let mut edit = Edit::new(Action::Update, workspace.clone(), assignment.phone_number);
            let target = Settings {
                inbound_agents: replaced(&known.inbound_agents, &gone, &comes),
                outbound_agents: replaced(&known.outbound_agents, &gone, &comes),
                inbound_sms_agents: replaced(&known.inbound_sms_agents, &gone, &comes),
                outbound_sms_agents: replaced(&known.outbound_sms_agents, &gone, &comes),
                ..known.clone()
            };
            for setting in Setting::ALL.iter().filter(|setting| !known.agrees(&target, **setting)) {
                edit.ask(*setting, &target);
            }
            Some(edit)
        };
        Ok(assignments().filter(is_bound).filter_map(edit).filter(|edit| !edit.is_empty()).collect())
    }

    /// The ids that the agent has or had in the workspace; a folder that is gone is found by what is still assigned.
    fn ids(&self, directory: &Directory, workspace: &WorkspaceName) -> Vec<AgentId> {
        match self.from {
            AgentName::Id(id) => vec![id.clone()],
            AgentName::Path(path) => {
                let files = directory.workspaces.get(workspace);
                let assigned = files.into_iter().flat_map(|files| &files.assignments.assignments);
                let named = assigned.filter(|assignment| assignment.agent_path.as_ref() == Some(path));
                let assigned = named.filter_map(|assignment| assignment.agent_id.as_ref());
                directory.agents.id_in(path, workspace).into_iter().chain(assigned).cloned().collect()
            }
        }
    }
}

/// Whether a folder has the agent's id, or a number is bound to it.
pub fn is_known(directory: &Directory, id: &AgentId) -> bool {
    let mut assignments = directory.workspaces.values().flat_map(|files| &files.assignments.assignments);
    let names =
        |assignment: &Assignment| assignment.agent_id.as_ref() == Some(id) || bound(assignment).any(|it| it == id);
    directory.agents.anywhere(id).next().is_some() || assignments.any(names)
}

/// Every agent that is bound to a number, voice or text messages.
fn bound(assignment: &Assignment) -> impl Iterator<Item = &AgentId> {
    let sms = [&assignment.inbound_sms_agents, &assignment.outbound_sms_agents];
    let sms = sms.into_iter().flatten().flatten().map(|agent| &agent.agent_id);
    assignment.voice_agents().into_iter().chain(sms)
}

fn replaced(list: &[AgentWeight], gone: &[AgentId], comes: &AgentWeight) -> Vec<AgentWeight> {
    let mut new: Vec<AgentWeight> = Vec::new();
    for agent in list {
        let agent = if gone.contains(&agent.agent_id) {
            let tag = agent.agent_version.clone().filter(|version| matches!(version, AgentVersion::Tag(_)));
            AgentWeight {
                agent_id: comes.agent_id.clone(),
                weight: agent.weight,
                agent_version: comes.agent_version.clone().or(tag),
            }
        } else {
            agent.clone()
        };
        let same =
            |known: &&mut AgentWeight| known.agent_id == agent.agent_id && known.agent_version == agent.agent_version;
        match new.iter_mut().find(same) {
            Some(known) => known.weight = sum(known.weight, agent.weight),
            None => new.push(agent),
        }
    }
    new
}

/// The sum of two shares, rounded to what decimal fractions mean.
fn sum(left: Weight, right: Weight) -> Weight {
    let total = ((left.share() + right.share()) * 1e9).round() / 1e9;
    Weight::new(total).unwrap_or(Weight::WHOLE)
}

#[cfg(test)]
mod tests;
