//! `phone-numbers/<workspace>/assignments.json`: which agents each number of a workspace is bound to.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::agent::{AgentId, AgentPath};
use super::object::object_type;
use super::phone_number::PhoneNumber;
use super::presence::{nullable, present, unique_map};
use super::routing::{AgentWeight, principal};
use super::text::word_type;
use super::timestamp::Timestamp;
use super::workspace::WorkspaceName;
use crate::words::word_enum;

word_enum! {
    /// Which directions of calls a number's agents handle.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub enum AssignmentType {
        /// Agents answer calls and make them.
        InboundOutbound = "inbound-outbound",
        InboundOnly = "inbound-only",
        OutboundOnly = "outbound-only",
        Unassigned = "unassigned",
    } listed
}

impl AssignmentType {
    /// The type that follows from which directions have a voice agent.
    pub fn of(inbound: Option<&AgentId>, outbound: Option<&AgentId>) -> Self {
        match (inbound.is_some(), outbound.is_some()) {
            (true, true) => Self::InboundOutbound,
            (true, false) => Self::InboundOnly,
            (false, true) => Self::OutboundOnly,
            (false, false) => Self::Unassigned,
        }
    }

    /// The directions in few letters, for people.
    pub fn directions(self) -> &'static str {
        match self {
            Self::InboundOutbound => "in and out",
            Self::InboundOnly => "in",
            Self::OutboundOnly => "out",
            Self::Unassigned => self.as_str(),
        }
    }
}

word_type!(AssignmentType);

/// The agents bound to one number in one workspace.
///
/// The single-agent fields hold the agent of largest weight in each direction. A list stands beside them only
/// where it says more: several agents, or a version. A number with SMS agents and no voice agent has an entry
/// of type `unassigned`; a number without any agent has none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct Assignment {
    pub phone_number: PhoneNumber,
    /// The folder of `agent_id`; null where no folder has that id.
    #[serde(deserialize_with = "nullable")]
    pub agent_path: Option<AgentPath>,
    /// The name from the folder's `agent.json`, else Retell's.
    #[serde(deserialize_with = "nullable")]
    pub agent_name: Option<String>,
    /// The inbound agent, else the outbound one.
    #[serde(deserialize_with = "nullable")]
    pub agent_id: Option<AgentId>,
    /// Which directions have a voice agent.
    pub assignment_type: AssignmentType,
    /// The agent of largest weight that answers calls.
    #[serde(deserialize_with = "nullable")]
    pub inbound_agent_id: Option<AgentId>,
    /// The agent of largest weight that makes calls.
    #[serde(deserialize_with = "nullable")]
    pub outbound_agent_id: Option<AgentId>,
    /// Every agent that answers calls, where one id does not say it all.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub inbound_agents: Option<Vec<AgentWeight>>,
    /// Every agent that makes calls, where one id does not say it all.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub outbound_agents: Option<Vec<AgentWeight>>,
    /// Every agent that answers text messages.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub inbound_sms_agents: Option<Vec<AgentWeight>>,
    /// Every agent that sends text messages.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub outbound_sms_agents: Option<Vec<AgentWeight>>,
    /// When this tool first saw the binding.
    #[serde(deserialize_with = "nullable")]
    pub assigned_date: Option<Timestamp>,
    /// Retell's last modification of the number.
    #[serde(deserialize_with = "nullable")]
    pub last_modified: Option<Timestamp>,
}

object_type!(Assignment);

impl Assignment {
    /// The agents that answer calls, whether the file writes one id or a list.
    pub fn inbound(&self) -> Vec<AgentWeight> {
        written_out(self.inbound_agents.as_ref(), self.inbound_agent_id.as_ref())
    }

    /// The agents that make calls, whether the file writes one id or a list.
    pub fn outbound(&self) -> Vec<AgentWeight> {
        written_out(self.outbound_agents.as_ref(), self.outbound_agent_id.as_ref())
    }

    /// The principal agent where no folder has it, with the name that it has at Retell.
    pub fn stranger(&self) -> Option<(&AgentId, &str)> {
        let name = self.agent_name.as_deref().filter(|name| !name.trim().is_empty())?;
        Some((self.agent_id.as_ref().filter(|_| self.agent_path.is_none())?, name))
    }

    /// Every voice agent bound in either direction, each once, inbound first.
    pub fn voice_agents(&self) -> Vec<&AgentId> {
        let lists = [(&self.inbound_agents, &self.inbound_agent_id), (&self.outbound_agents, &self.outbound_agent_id)];
        let mut agents = Vec::new();
        for (list, single) in lists {
            let ids = list.iter().flatten().map(|agent| &agent.agent_id).chain(single);
            for id in ids {
                if !agents.contains(&id) {
                    agents.push(id);
                }
            }
        }
        agents
    }

    /// Every agent bound, for calls or for text messages, each once.
    pub fn bound_agents(&self) -> BTreeSet<&AgentId> {
        let texts = [&self.inbound_sms_agents, &self.outbound_sms_agents];
        let texts = texts.into_iter().flatten().flatten().map(|agent| &agent.agent_id);
        self.voice_agents().into_iter().chain(texts).collect()
    }

    /// Whether a voice agent is bound.
    pub fn is_assigned(&self) -> bool {
        self.assignment_type != AssignmentType::Unassigned
    }

    /// Whether agents are bound to the number's text messages.
    pub fn has_sms_agents(&self) -> bool {
        self.inbound_sms_agents.is_some() || self.outbound_sms_agents.is_some()
    }
}

fn written_out(list: Option<&Vec<AgentWeight>>, single: Option<&AgentId>) -> Vec<AgentWeight> {
    match (list, single) {
        (Some(list), _) => list.clone(),
        (None, Some(id)) => vec![AgentWeight::only(id.clone())],
        (None, None) => Vec::new(),
    }
}

/// Splits a weighted list into the single-agent field and, where that says less, the list beside it.
pub fn single_and_list(agents: Vec<AgentWeight>) -> (Option<AgentId>, Option<Vec<AgentWeight>>) {
    let single = principal(&agents).map(|agent| agent.agent_id.clone());
    let says_more = agents.len() > 1 || agents.iter().any(|agent| !agent.is_plain());
    (single, says_more.then_some(agents))
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct AssignmentsFile {
    /// An editor's reference to the schema.
    #[serde(rename = "$schema", default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The workspace, as the folder names it.
    pub workspace: WorkspaceName,
    /// When the content last changed; null before the first change.
    #[serde(deserialize_with = "nullable")]
    pub last_updated: Option<Timestamp>,
    pub assignments: Vec<Assignment>,
    /// Derived: the numbers of every bound voice agent that has a folder.
    #[serde(deserialize_with = "unique_map")]
    pub by_agent: BTreeMap<AgentPath, Vec<PhoneNumber>>,
    /// Derived: the registered numbers without a voice agent.
    pub unassigned: Vec<PhoneNumber>,
}

object_type!(AssignmentsFile);

impl AssignmentsFile {
    /// The file of a workspace that has no numbers yet.
    pub fn empty(workspace: WorkspaceName) -> Self {
        Self {
            schema: None,
            workspace,
            last_updated: None,
            assignments: Vec::new(),
            by_agent: BTreeMap::new(),
            unassigned: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::made_up::assignment;
    use super::super::routing::{AgentVersion, Weight};
    use super::*;

    fn id(text: &str) -> AgentId {
        text.parse().unwrap()
    }

    fn share(agent: &str, weight: f64) -> AgentWeight {
        AgentWeight { agent_id: id(agent), weight: Weight::new(weight).unwrap(), agent_version: None }
    }

    #[test]
    fn the_type_follows_from_which_directions_have_an_agent() {
        let (agent, other) = (id("a"), id("b"));
        for (inbound, outbound, word) in [
            (Some(&agent), Some(&other), "inbound-outbound"),
            (Some(&agent), None, "inbound-only"),
            (None, Some(&other), "outbound-only"),
            (None, None, "unassigned"),
        ] {
            assert_eq!(AssignmentType::of(inbound, outbound).as_str(), word);
        }
        assert_eq!(
            AssignmentType::ALL.map(AssignmentType::as_str),
            ["inbound-outbound", "inbound-only", "outbound-only", "unassigned"]
        );
    }

    #[test]
    fn agents_are_those_of_the_list_else_the_single_one() {
        let mut bound = assignment(101, "a");
        bound.outbound_agent_id = Some(id("b"));
        assert_eq!(
            (bound.inbound(), bound.outbound()),
            (vec![AgentWeight::only(id("a"))], vec![AgentWeight::only(id("b"))])
        );
        assert_eq!(bound.voice_agents(), [&id("a"), &id("b")]);
        bound.inbound_agents = Some(vec![share("c", 0.5), share("b", 0.5)]);
        assert_eq!(bound.inbound(), [share("c", 0.5), share("b", 0.5)]);
        // The list first, then the single one; each once, inbound first.
        assert_eq!(bound.voice_agents(), [&id("c"), &id("b"), &id("a")]);
        bound.outbound_agents = Some(vec![share("d", 1.0)]);
        assert_eq!(bound.outbound(), [share("d", 1.0)]);
        assert_eq!(bound.voice_agents(), [&id("c"), &id("b"), &id("a"), &id("d")]);
        (bound.inbound_agent_id, bound.outbound_agent_id, bound.inbound_agents, bound.outbound_agents) =
            (None, None, None, None);
        assert_eq!((bound.inbound(), bound.outbound(), bound.voice_agents()), (vec![], vec![], vec![]));
    }

    #[test]
    fn agents_of_text_messages_are_bound_and_are_no_voice_agents() {
        let mut bound = assignment(101, "a");
        assert!(!bound.has_sms_agents() && bound.is_assigned());
        bound.inbound_sms_agents = Some(vec![share("x", 1.0)]);
        assert!(bound.has_sms_agents());
        assert_eq!(bound.bound_agents().into_iter().collect::<Vec<_>>(), [&id("a"), &id("x")]);
        (bound.inbound_sms_agents, bound.outbound_sms_agents) = (None, Some(vec![share("y", 1.0), share("a", 1.0)]));
        assert!(bound.has_sms_agents());
        assert_eq!(bound.bound_agents().into_iter().collect::<Vec<_>>(), [&id("a"), &id("y")]);
        assert_eq!(bound.voice_agents(), [&id("a")]);
        bound.assignment_type = AssignmentType::Unassigned;
        assert!(!bound.is_assigned());
    }

    #[test]
    fn a_list_stands_beside_the_single_agent_only_where_it_says_more() {
        assert_eq!(single_and_list(Vec::new()), (None, None));
        assert_eq!(single_and_list(vec![share("a", 1.0)]), (Some(id("a")), None));
        let part = vec![share("a", 0.5)];
        assert_eq!(single_and_list(part.clone()), (Some(id("a")), Some(part)));
        let two = vec![share("a", 0.4), share("b", 0.6)];
        assert_eq!(single_and_list(two.clone()), (Some(id("b")), Some(two)));
        let versioned = vec![AgentWeight { agent_version: Some(AgentVersion::Number(3)), ..share("a", 1.0) }];
        assert_eq!(single_and_list(versioned.clone()), (Some(id("a")), Some(versioned)));
    }
}
