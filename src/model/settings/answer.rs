//! Whether an answer of Retell's has what was asked: what was left to it may be anything.

use super::{Setting, Settings};
use crate::model::AgentWeight;
use crate::model::equivalence::canonical_agents;

impl Settings {
    /// Whether `answer` has what this asks for; what was left to the provider may be anything.
    pub fn is_met_by(&self, answer: &Self, setting: Setting) -> bool {
        self.agrees(answer, setting) || meets(self.agents(setting), answer.agents(setting))
    }
}

/// Whether each agent has what was asked for it. Where no version was asked for, the provider may name the one it chose.
fn meets(asked: &[AgentWeight], given: &[AgentWeight]) -> bool {
    let (asked, given) = (by_agent(asked), by_agent(given));
    let meets = |(asked, given): (&AgentWeight, &AgentWeight)| {
        asked.agent_id == given.agent_id
            && asked.weight == given.weight
            && (asked.agent_version.is_none() || asked.agent_version == given.agent_version)
    };
    !asked.is_empty() && asked.len() == given.len() && asked.iter().zip(&given).all(meets)
}

/// A list in shortest form, in an order that does not depend on weights.
fn by_agent(list: &[AgentWeight]) -> Vec<AgentWeight> {
    let mut list = canonical_agents(list);
    list.sort_by(|left, right| (&left.agent_id, &left.agent_version).cmp(&(&right.agent_id, &right.agent_version)));
    list
}
