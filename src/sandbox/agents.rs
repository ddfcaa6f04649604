//! The sandbox's agents: those that a project has folders for, and those that it has not.

use super::account::{Agent, SandboxWorkspace};
use super::seed::{hours_later, mix};

/// An agent as a project knows it: its folder, its name, and its id in each workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentFolder {
    /// The folder's path from the project's root, such as `agents/customer-service`.
    pub path: String,
    /// The name for people, as Retell has it.
    pub name: &'static str,
    /// Retell's channel: `voice` or `chat`.
    pub channel: &'static str,
    /// Each workspace with the id of the agent in it.
    pub ids: Vec<(&'static str, String)>,
}

/// Folder, name and channel of each managed agent.
const MANAGED: [(&str, &str, &str); 8] = [
    (CUSTOMER_SERVICE, "Customer Service Agent", "voice"),
    (SALES_AGENT, "Sales Agent", "voice"),
    (SALES_TRIAL, "Sales Agent (trial script)", "voice"),
    (SUPPORT_TIER1, "Support Tier 1 Agent", "voice"),
    (SUPPORT_TIER2, "Support Tier 2 Agent", "voice"),
    (EMERGENCY_LINE, "Emergency Line Agent", "voice"),
    (SURVEY, "Survey Agent", "voice"),
    (TEXT_CONCIERGE, "Text Concierge", "chat"),
];

pub(super) const CUSTOMER_SERVICE: &str = "customer-service";
pub(super) const SALES_AGENT: &str = "sales-agent";
pub(super) const SALES_TRIAL: &str = "sales-trial";
pub(super) const SUPPORT_TIER1: &str = "support-tier1";
pub(super) const SUPPORT_TIER2: &str = "support-tier2";
pub(super) const EMERGENCY_LINE: &str = "emergency-line";
pub(super) const SURVEY: &str = "survey";
pub(super) const TEXT_CONCIERGE: &str = "text-concierge";
/// An agent that was made in the dashboard, so that no folder has its id.
pub(super) const OLD_IVR: &str = "old-ivr";

const WORKSPACES: [&str; 2] = ["staging", "production"];

/// Lists the agents that a project on this sandbox has folders for, with their ids.
pub fn agent_folders() -> Vec<AgentFolder> {
    MANAGED
        .iter()
        .map(|&(folder, name, channel)| AgentFolder {
            path: format!("agents/{folder}"),
            name,
            channel,
            ids: WORKSPACES.iter().map(|workspace| (*workspace, agent_id(workspace, folder))).collect(),
        })
        .collect()
}

/// The folders whose agents take calls, for spreading generated numbers over them.
pub(super) fn voice_folders() -> Vec<&'static str> {
    MANAGED.iter().filter(|(.., channel)| *channel == "voice").map(|(folder, ..)| *folder).collect()
}

/// The id of a folder's agent in a workspace, such as `agent_staging_1a2b3c4d5e6f`.
pub fn agent_id(workspace: &str, folder: &str) -> String {
    let state = workspace.bytes().chain(folder.bytes()).fold(0, |state, byte| mix(state ^ u64::from(byte)));
    format!("agent_{workspace}_{:012x}", state >> 16)
}

/// A workspace with its agents and no numbers yet.
pub(super) fn workspace_with_agents(workspace: &str) -> SandboxWorkspace {
    let unmanaged = (OLD_IVR, "Old IVR (made in the dashboard)", "voice");
    let agents = MANAGED.iter().chain([&unmanaged]).zip(0_u8..).map(|(&(folder, name, channel), index)| Agent {
        id: agent_id(workspace, folder),
        name: name.to_owned(),
        channel,
        version: u32::from(index % 4),
        modified: hours_later(i64::from(index)),
    });
    SandboxWorkspace { agents: agents.collect(), ..SandboxWorkspace::default() }
}
