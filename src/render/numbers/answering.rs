//! Who answers a number, in the words that every listing for people has.

use crate::model::AssignmentType;
use crate::model::routing::versioned;
use crate::query::Row;
use crate::query::bound_agents::{self, BoundAgent, CallDirection};
use crate::render::escape::terminal;

/// How an agent with a folder is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AgentNaming {
    /// By its path: `agents/sales`.
    Path,
    /// By its folder's name alone, where there is little room.
    Folder,
}

impl AgentNaming {
    /// What an agent is called; one without a folder by its name, where it is known, else by its id.
    fn name<'a>(self, row: &'a Row<'_>, agent: &'a BoundAgent) -> &'a str {
        match (&agent.agent_path, self) {
            (Some(path), Self::Path) => path.as_str(),
            (Some(path), Self::Folder) => path.folder(),
            (None, _) => row.name_at_retell(&agent.agent_id).unwrap_or_else(|| agent.name()),
        }
    }
}

/// Who answers a number, and whom callers hear.
pub struct Answering<'r, 'd> {
    row: &'r Row<'d>,
    agents: Vec<BoundAgent>,
    /// Whom callers hear where git decided otherwise: ` (live: agents/a)`.
    live: String,
}

impl<'r, 'd> Answering<'r, 'd> {
    pub fn of(row: &'r Row<'d>) -> Self {
        Self { row, agents: row.bound_agents(), live: live(row) }
    }

    /// The bound agents: both directions where another agent answers than calls, how many others share the calls, and whom
    /// callers hear where git decided otherwise. None where no agent is bound, and none answers callers.
    pub fn agents(&self, naming: AgentNaming) -> Option<String> {
        let unbound = || (!self.live.is_empty()).then(|| format!("-{}", self.live));
        self.bound_words(naming).map(|words| words + &self.live).or_else(unbound)
    }

    /// The same where no column tells the direction: `agents/a (in)`.
    pub fn agents_with_direction(&self, naming: AgentNaming) -> Option<String> {
        let direction = match self.row.assignment_type() {
            AssignmentType::InboundOnly => " (in)",
            AssignmentType::OutboundOnly => " (out)",
            AssignmentType::InboundOutbound | AssignmentType::Unassigned => "",
        };
        Some(format!("{}{direction}{}", self.bound_words(naming)?, self.live))
    }

    fn bound_words(&self, naming: AgentNaming) -> Option<String> {
        let side = |direction| {
            let agent = bound_agents::principal(&self.agents, direction)?;
            Some(terminal(&versioned(naming.name(self.row, agent), agent.agent_version.as_ref())).into_owned())
        };
        let (inbound, outbound) = (side(CallDirection::Inbound), side(CallDirection::Outbound));
        let differ = bound_agents::differ(&self.agents);
        let others = self.row.agent_count().saturating_sub(if differ { 2 } else { 1 });
        let more = if others == 0 { String::new() } else { format!(" (+{others})") };
        match (inbound, outbound) {
            (Some(inbound), Some(outbound)) if differ => Some(format!("{inbound} in, {outbound} out{more}")),
            (inbound, outbound) => inbound.or(outbound).map(|agent| agent + &more),
        }
    }

    /// What a number without a voice agent has instead, and whom callers hear all the same.
    pub fn words_without_agents(&self) -> String {
        format!("{}{}", self.row.handled_by().map_or("unassigned", |by| by.words()), self.live)
    }

    /// Whether the same answer as elsewhere, by folders; an agent without one is the same in no other workspace.
    pub fn is_routed_as(&self, other: &Answering<'_, '_>) -> bool {
        let share = |(one, other): (&BoundAgent, &BoundAgent)| {
            one.direction == other.direction
                && one.name() == other.name()
                && one.agent_version == other.agent_version
                && one.weight == other.weight
        };
        self.agents.len() == other.agents.len()
            && self.agents.iter().zip(&other.agents).all(share)
            && self.row.assignment_type() == other.row.assignment_type()
            && self.row.handled_by() == other.row.handled_by()
    }

    /// Whether callers hear otherwise than git decided.
    pub fn is_otherwise_live(&self) -> bool {
        !self.live.is_empty()
    }

    /// Whether an agent is bound that no folder has.
    pub fn names_a_stranger(&self) -> bool {
        self.agents.iter().any(|agent| agent.agent_path.is_none())
    }
}

/// Whom callers hear where git decided otherwise: ` (live: agents/a)`.
pub fn live(row: &Row<'_>) -> String {
    row.live_words().map(|live| format!(" (live: {})", terminal(&live))).unwrap_or_default()
}
