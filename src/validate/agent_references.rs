//! Every agent that an assignment binds, with the place that says so.

use super::context::{NumberInWorkspace, Workspace};
use super::finding::{Place, Pointer};
use crate::model::{AgentId, AgentWeight, Assignment, paths};

pub struct AgentReference<'a> {
    pub id: &'a AgentId,
    field: Field,
}

enum Field {
    Single(&'static str),
    Listed(&'static str, usize),
}

/// Every agent of an assignment once, voice before SMS, with the first field that names it.
pub fn references(assignment: &Assignment) -> Vec<AgentReference<'_>> {
    let single = [
        ("agent_id", &assignment.agent_id),
        ("inbound_agent_id", &assignment.inbound_agent_id),
        ("outbound_agent_id", &assignment.outbound_agent_id),
    ];
    let mut agents: Vec<AgentReference<'_>> = Vec::new();
    for (name, id) in single {
        if let Some(id) = id.as_ref().filter(|id| !names(&agents, id)) {
            agents.push(AgentReference { id, field: Field::Single(name) });
        }
    }
    for (name, list) in lists(assignment) {
        for (index, agent) in list.iter().enumerate() {
            if !names(&agents, &agent.agent_id) {
                agents.push(AgentReference { id: &agent.agent_id, field: Field::Listed(name, index) });
            }
        }
    }
    agents
}

/// The weighted lists that an assignment writes, with their names.
pub fn lists(assignment: &Assignment) -> impl Iterator<Item = (&'static str, &Vec<AgentWeight>)> {
    let all = [
        ("inbound_agents", &assignment.inbound_agents),
        ("outbound_agents", &assignment.outbound_agents),
        ("inbound_sms_agents", &assignment.inbound_sms_agents),
        ("outbound_sms_agents", &assignment.outbound_sms_agents),
    ];
    all.into_iter().filter_map(|(name, list)| list.as_ref().map(|list| (name, list)))
}

fn names(agents: &[AgentReference<'_>], id: &AgentId) -> bool {
    agents.iter().any(|bound| bound.id == id)
}

impl AgentReference<'_> {
    /// Whether it is the agent that the single-agent fields and the path speak of.
    pub fn is_principal(&self) -> bool {
        matches!(self.field, Field::Single("agent_id"))
    }

    /// The number's entry in `directory.json` where that names the agent, else the field of the assignment.
    pub fn place(&self, workspace: &Workspace<'_>, row: &NumberInWorkspace<'_>, index: usize) -> Place {
        let in_directory = row.binding.and_then(|binding| binding.agent_id.as_ref()) == Some(self.id);
        match self.field {
            _ if in_directory => workspace.binding_field(row.number, "agent_id"),
            Field::Single(name) => workspace.assignment_field(index, name),
            Field::Listed(list, at) => Place::value(
                paths::assignments(workspace.name),
                Pointer::root().at("assignments").at(index).at(list).at(at).at("agent_id"),
            ),
        }
    }
}
