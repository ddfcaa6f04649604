//! The assignment of a number, from the agents that Retell binds to it and what the files know of them.

use super::live::{RetellNumber, RetellWorkspace};
use crate::model::assignments::single_and_list;
use crate::model::equivalence;
use crate::model::routing::may_stand_for;
use crate::model::{AgentId, AgentPath, AgentWeight, Assignment, AssignmentType, Directory, Timestamp, WorkspaceName};

/// One number's binding, with what is needed to name its agents.
pub(super) struct BoundNumber<'a> {
    pub(super) workspace: &'a WorkspaceName,
    pub(super) number: &'a RetellNumber,
    pub(super) read: &'a RetellWorkspace,
    pub(super) directory: &'a Directory,
}

impl BoundNumber<'_> {
    /// The assignment; none for a number without any agent.
    pub(super) fn assignment(&self, old: Option<&Assignment>, now: Timestamp) -> Option<Assignment> {
        let of_inbound = old.map(|old| WrittenAgents {
            single: old.inbound_agent_id.as_ref(),
            list: old.inbound_agents.as_ref(),
            meant: old.inbound(),
        });
        let of_outbound = old.map(|old| WrittenAgents {
            single: old.outbound_agent_id.as_ref(),
            list: old.outbound_agents.as_ref(),
            meant: old.outbound(),
        });
        let (inbound, inbound_agents) = voice_agents(&self.number.settings.inbound_agents, of_inbound);
        let (outbound, outbound_agents) = voice_agents(&self.number.settings.outbound_agents, of_outbound);
        let number = self.number;
        let inbound_sms_agents =
            text_agents(&number.settings.inbound_sms_agents, old.map(|old| &old.inbound_sms_agents));
        let outbound_sms_agents =
            text_agents(&number.settings.outbound_sms_agents, old.map(|old| &old.outbound_sms_agents));
        let agent_id = inbound.clone().or_else(|| outbound.clone());
        if agent_id.is_none() && inbound_sms_agents.is_none() && outbound_sms_agents.is_none() {
            return None;
        }
        // A first-seen date belongs to the agent: another agent is another assignment.
        let same = old.filter(|old| old.agent_id == agent_id);
        Some(Assignment {
            phone_number: self.number.phone_number,
            agent_path: agent_id.as_ref().and_then(|id| self.path(id, same)).cloned(),
            agent_name: agent_id.as_ref().and_then(|id| self.name(id, same)),
            assignment_type: AssignmentType::of(inbound.as_ref(), outbound.as_ref()),
            agent_id,
            inbound_agent_id: inbound,
            outbound_agent_id: outbound,
            inbound_agents,
            outbound_agents,
            inbound_sms_agents,
            outbound_sms_agents,
            assigned_date: same.map_or(Some(now), |old| old.assigned_date),
            last_modified: self.number.last_modified.or_else(|| old.and_then(|old| old.last_modified)),
        })
    }

    /// The folder that has the id; an agent that did not change keeps a folder that is merely not here.
    fn path<'a>(&'a self, id: &AgentId, same: Option<&'a Assignment>) -> Option<&'a AgentPath> {
        let agents = &self.directory.agents;
        agents.path_of(self.workspace, id).or_else(|| self.elsewhere(same))
    }

    fn elsewhere<'a>(&self, same: Option<&'a Assignment>) -> Option<&'a AgentPath> {
        same?.agent_path.as_ref().filter(|path| self.directory.agents.is_elsewhere(path))
    }

    /// The name from the agent's folder, else Retell's, else the one known so far.
    fn name(&self, id: &AgentId, same: Option<&Assignment>) -> Option<String> {
        let agents = &self.directory.agents;
        let path = agents.path_of(self.workspace, id);
        let from_folder = path.and_then(|path| agents.name_of(path)).map(str::to_owned);
        let kept = same.filter(|_| path.is_none() && self.elsewhere(same).is_some());
        from_folder
            .or_else(|| kept.and_then(|old| old.agent_name.clone()))
            .or_else(|| self.read.agent_names.get(id).cloned())
            .or_else(|| same.and_then(|old| old.agent_name.clone()))
    }
}

/// A weighted list, canonical unless the file says the same already; none where no agent is bound.
pub(super) fn text_agents(list: &[AgentWeight], old: Option<&Option<Vec<AgentWeight>>>) -> Option<Vec<AgentWeight>> {
    let new = (!list.is_empty()).then(|| equivalence::canonical_agents(list));
    let of = |list: &Option<Vec<AgentWeight>>| list.clone().unwrap_or_default();
    equivalence::kept(old, new, |old, new| equivalence::same_agents(&of(old), &of(new)))
}

/// The agents of a direction of calls as a file writes them, and what that means.
pub(super) struct WrittenAgents<'a> {
    pub(super) single: Option<&'a AgentId>,
    pub(super) list: Option<&'a Vec<AgentWeight>>,
    pub(super) meant: Vec<AgentWeight>,
}

/// The agent that stands for a direction of calls, and the list beside it where that says more: as they stand in the file
/// where they mean the same.
pub(super) fn voice_agents(
    list: &[AgentWeight],
    old: Option<WrittenAgents<'_>>,
) -> (Option<AgentId>, Option<Vec<AgentWeight>>) {
    if let Some(old) = old
        && equivalence::same_agents(&old.meant, list)
        && may_stand_for(old.single, &old.meant)
    {
        return (old.single.cloned(), old.list.cloned());
    }
    single_and_list(equivalence::canonical_agents(list))
}
