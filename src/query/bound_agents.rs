//! The voice agents of a number in a workspace, in each direction, with their folders: what every format shows of them.

use std::fmt;

use serde::Serialize;

use crate::model::routing::versioned;
use crate::model::{AgentFolders, AgentId, AgentPath, AgentVersion, AgentWeight, Assignment, Weight, WorkspaceName};
use crate::words::word_enum;

word_enum! {
    /// Which calls an agent takes.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
    #[serde(rename_all = "lowercase")]
    pub enum CallDirection {
        Inbound = "inbound",
        Outbound = "outbound",
    }
}

/// One voice agent in one direction.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BoundAgent {
    pub direction: CallDirection,
    /// Its folder; none where no folder has its id.
    pub agent_path: Option<AgentPath>,
    pub agent_id: AgentId,
    /// Its share of the calls.
    pub weight: Weight,
    /// The version that is bound; none for the one that Retell takes by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent_version: Option<AgentVersion>,
}

impl BoundAgent {
    /// What people call it: its folder's path, else its id.
    pub fn name(&self) -> &str {
        self.agent_path.as_ref().map_or_else(|| self.agent_id.as_str(), |path| path.as_str())
    }
}

impl fmt::Display for BoundAgent {
    /// `inbound agents/sales=0.8`, with `@VERSION` behind the agent where one is bound.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let agent = versioned(self.name(), self.agent_version.as_ref());
        write!(formatter, "{} {agent}={}", self.direction.as_str(), self.weight)
    }
}

/// The voice agents of a number, inbound first, each direction's principal agent before the others.
pub fn of(assignment: &Assignment, workspace: &WorkspaceName, folders: &AgentFolders) -> Vec<BoundAgent> {
    let bound = |direction, agents: Vec<AgentWeight>| {
        agents.into_iter().map(move |agent| BoundAgent {
            direction,
            agent_path: folders.path_of(workspace, &agent.agent_id).cloned(),
            agent_id: agent.agent_id,
            weight: agent.weight,
            agent_version: agent.agent_version,
        })
    };
    let inbound = bound(CallDirection::Inbound, assignment.inbound());
    inbound.chain(bound(CallDirection::Outbound, assignment.outbound())).collect()
}

/// The principal agent of a direction: the first of the largest weight.
pub fn principal(agents: &[BoundAgent], direction: CallDirection) -> Option<&BoundAgent> {
    let of_direction = agents.iter().filter(|agent| agent.direction == direction);
    of_direction.reduce(|best, agent| if agent.weight > best.weight { agent } else { best })
}

/// Whether another agent answers than calls; where only one direction has agents, nothing differs.
pub fn differ(agents: &[BoundAgent]) -> bool {
    let id = |direction| principal(agents, direction).map(|agent| &agent.agent_id);
    match (id(CallDirection::Inbound), id(CallDirection::Outbound)) {
        (Some(inbound), Some(outbound)) => inbound != outbound,
        _ => false,
    }
}
