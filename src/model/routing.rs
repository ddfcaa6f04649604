//! Weighted routing: which agents share a number's calls, and in what proportion.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::agent::AgentId;
use super::object::object_type;
use super::presence::present;

/// The share of calls an agent gets: greater than 0, at most 1.
///
/// Source: the provider's `AgentWeight.weight` ("the total weights must add up to 1").
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Weight(f64);

impl Weight {
    /// The weight of an agent that takes every call.
    pub const WHOLE: Self = Self(1.0);

    /// Creates a weight; none outside of (0, 1].
    pub fn new(share: f64) -> Option<Self> {
        (share > 0.0 && share <= 1.0).then_some(Self(share))
    }

    /// The share as a number in (0, 1].
    pub fn share(self) -> f64 {
        self.0
    }
}

impl fmt::Display for Weight {
    /// Writes the number as JavaScript does: `1`, `0.25`, `0.000001`, `1e-7`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 < 1e-6 { write!(formatter, "{:e}", self.0) } else { write!(formatter, "{}", self.0) }
    }
}

impl Serialize for Weight {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0 >= 1.0 {
            serializer.serialize_u64(1)
        } else if self.0 >= 1e-4 {
            serializer.serialize_f64(self.0)
        } else {
            // serde_json writes `1e-5` where JavaScript writes `0.00001`.
            let written =
                serde_json::value::RawValue::from_string(self.to_string()).map_err(serde::ser::Error::custom)?;
            written.serialize(serializer)
        }
    }
}

impl<'de> Deserialize<'de> for Weight {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let share = f64::deserialize(deserializer)?;
        Self::new(share).ok_or_else(|| D::Error::custom("expected a weight greater than 0 and at most 1"))
    }
}

/// An agent with the version that is bound, if one is: `agents/sales@3`.
pub fn versioned(name: &str, version: Option<&AgentVersion>) -> String {
    version.map_or_else(|| name.to_owned(), |version| format!("{name}@{version}"))
}

/// A weighted list as flags take it: `agents/sales@3=0.8,agents/support=0.2`. The only agent takes every call, so that no
/// weight is needed.
pub fn written<'a>(agents: &'a [AgentWeight], name: &dyn Fn(&'a AgentId) -> Cow<'a, str>) -> String {
    let one = |agent: &'a AgentWeight| {
        let weight = if agents.len() > 1 { format!("={}", agent.weight) } else { String::new() };
        versioned(&name(&agent.agent_id), agent.agent_version.as_ref()) + &weight
    };
    agents.iter().map(one).collect::<Vec<_>>().join(",")
}

/// Which version of an agent answers: a number, or a tag such as `latest` or `latest_published`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AgentVersion {
    /// A version's number, from 0.
    Number(u64),
    /// A tag's name, not empty.
    Tag(Box<str>),
}

impl AgentVersion {
    /// What a version has to be, in words.
    pub const EXPECTED: &'static str = "a version number, or a tag: up to 20 lower-case letters, digits, `-` and `_`, \
         a letter first, and not `v` and digits";

    /// Reads what a person types after `@`: digits are a number, anything else a tag as Retell takes it.
    pub fn parse(text: &str) -> Option<Self> {
        let version = match text.parse() {
            Ok(number) => exact(number).map(Self::Number),
            Err(_) => Some(Self::Tag(text.into())),
        };
        version.filter(Self::is_sendable)
    }

    /// Whether Retell takes it: its API refuses a tag that is not of the documented pattern.
    ///
    /// Source: `agent_version` in the description of `AgentWeight`: `[a-z][a-z0-9_-]{0,19}`, not `v` and digits.
    pub fn is_sendable(&self) -> bool {
        let Self::Tag(tag) = self else { return true };
        let is_tag_byte = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-');
        let is_numbered = |rest: &str| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit());
        (1..=20).contains(&tag.len())
            && tag.starts_with(|first: char| first.is_ascii_lowercase())
            && tag.bytes().all(is_tag_byte)
            && !tag.strip_prefix('v').is_some_and(is_numbered)
    }
}

impl fmt::Display for AgentVersion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(formatter),
            Self::Tag(tag) => tag.fmt(formatter),
        }
    }
}

impl Serialize for AgentVersion {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Number(number) => serializer.serialize_u64(*number),
            Self::Tag(tag) => serializer.serialize_str(tag),
        }
    }
}

impl<'de> Deserialize<'de> for AgentVersion {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NumberOrTag;

        impl Visitor<'_> for NumberOrTag {
            type Value = AgentVersion;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a version number, or a tag that is not empty")
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
                exact(number)
                    .map(AgentVersion::Number)
                    .ok_or_else(|| E::invalid_value(serde::de::Unexpected::Unsigned(number), &self))
            }

            fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
                whole(number)
                    .map(AgentVersion::Number)
                    .ok_or_else(|| E::invalid_value(serde::de::Unexpected::Float(number), &self))
            }

            fn visit_str<E: Error>(self, tag: &str) -> Result<Self::Value, E> {
                if tag.is_empty() { Err(E::custom("an empty version tag")) } else { Ok(AgentVersion::Tag(tag.into())) }
            }
        }

        deserializer.deserialize_any(NumberOrTag)
    }
}

/// The largest whole number that every JSON reader, JavaScript's too, keeps exactly: 2^53 - 1.
const LARGEST_EXACT: u64 = 9_007_199_254_740_991;

/// The number, unless a JSON reader might round it.
pub(crate) fn exact(number: u64) -> Option<u64> {
    (number <= LARGEST_EXACT).then_some(number)
}

/// The whole number that a JSON number such as `1.0` stands for: JSON Schema takes it for an integer.
pub(crate) fn whole(number: f64) -> Option<u64> {
    // 2^53: below it every whole float is exact.
    let exact = number.fract() == 0.0 && (0.0..9_007_199_254_740_992.0).contains(&number);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // checked above
    exact.then_some(number as u64)
}

/// One agent of a weighted list, in Retell's own shape and names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct AgentWeight {
    pub agent_id: AgentId,
    /// Its share of the calls.
    pub weight: Weight,
    /// The version that answers; the latest where it is absent.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub agent_version: Option<AgentVersion>,
}

object_type!(AgentWeight);

impl AgentWeight {
    /// One agent that takes every call, in its latest version.
    pub fn only(agent_id: AgentId) -> Self {
        Self { agent_id, weight: Weight::WHOLE, agent_version: None }
    }

    /// Whether this says no more than the agent's id does.
    pub fn is_plain(&self) -> bool {
        self.agent_version.is_none() && self.weight == Weight::WHOLE
    }
}

/// What the weights of a list add up to.
pub fn sum(agents: &[AgentWeight]) -> f64 {
    agents.iter().map(|agent| agent.weight.share()).sum()
}

/// Whether a sum of weights is 1, but for what adding decimal fractions in binary loses, many times over.
pub fn adds_up(sum: f64) -> bool {
    (sum - 1.0).abs() <= 1e-6
}

/// The agent of largest weight, the first of equals: the one that the single-agent fields name.
pub fn principal(agents: &[AgentWeight]) -> Option<&AgentWeight> {
    agents.iter().reduce(|best, next| if next.weight > best.weight { next } else { best })
}

/// Whether an agent may stand for a list in the single-agent fields: it has the largest weight. Of equals, each may.
pub fn may_stand_for(single: Option<&AgentId>, agents: &[AgentWeight]) -> bool {
    match (single, principal(agents)) {
        (None, None) => true,
        (Some(id), Some(largest)) => {
            let weight = largest.weight.shortest();
            agents.iter().any(|agent| agent.agent_id == *id && agent.weight.shortest() == weight)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_agents_with_equal_weight_each_may_stand_for_the_list() {
        let agents = [share("a", 0.4), share("b", 0.4), share("c", 0.2)];
        let id = |text: &str| AgentId::parse(text).unwrap();
        assert!(["a", "b"].iter().all(|it| may_stand_for(Some(&id(it)), &agents)));
        assert!(["c", "d"].iter().all(|it| !may_stand_for(Some(&id(it)), &agents)));
        assert!(may_stand_for(None, &[]) && !may_stand_for(None, &agents) && !may_stand_for(Some(&id("a")), &[]));
    }

    fn share(agent: &str, weight: f64) -> AgentWeight {
        AgentWeight {
            agent_id: AgentId::parse(agent).unwrap(),
            weight: Weight::new(weight).unwrap(),
            agent_version: None,
        }
    }

    #[test]
    fn weights_are_written_as_javascript_writes_numbers() {
        for (value, text) in
            [(1.0, "1"), (0.5, "0.5"), (0.1 + 0.2, "0.30000000000000004"), (0.00001, "0.00001"), (1e-7, "1e-7")]
        {
            assert_eq!(serde_json::to_string(&Weight::new(value).unwrap()).unwrap(), text);
        }
    }

    #[test]
    fn the_principal_agent_has_the_largest_weight_and_is_the_first_of_equals() {
        let agents = [share("a", 0.2), share("b", 0.4), share("c", 0.4)];
        assert_eq!(principal(&agents).unwrap().agent_id.as_str(), "b");
        assert_eq!(principal(&[]), None);
    }

    #[test]
    fn a_list_is_written_as_flags_take_it() {
        let pinned = AgentWeight { agent_version: Some(AgentVersion::Number(3)), ..share("a", 0.8) };
        let name = |id: &AgentId| Cow::from(if id.as_str() == "a" { "agents/sales" } else { "b" });
        let both = [pinned, share("b", 0.2)];
        assert_eq!(written(&both, &name), "agents/sales@3=0.8,b=0.2");
        assert_eq!(written(&both[..1], &name), "agents/sales@3");
        assert_eq!(written(&[], &name), "");
    }

    #[test]
    fn a_tag_is_of_the_documented_pattern() {
        for good in ["latest", "latest_published", "prod", "v", "v2-b", "a-23456789012345678_", "007", "12"] {
            assert!(AgentVersion::parse(good).is_some(), "{good}");
        }
        for bad in ["", "V2", "v2", "2b", "_a", "a b", "tagé", "a-234567890123456789_", "-1", "99999999999999999999"] {
            assert_eq!(AgentVersion::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_weight_lies_above_zero_and_at_most_at_one() {
        for bad in [0.0, -0.1, 1.1, f64::NAN] {
            assert_eq!(Weight::new(bad), None);
        }
    }

    #[test]
    fn whole_numbers_are_those_that_every_reader_keeps() {
        assert_eq!(
            [0.0, 1.0, 7.0, 9_007_199_254_740_991.0].map(whole),
            [Some(0), Some(1), Some(7), Some(LARGEST_EXACT)]
        );
        assert_eq!([0.5, -1.0, 9_007_199_254_740_992.0, f64::NAN, f64::INFINITY].map(whole), [None; 5]);
        assert_eq!([LARGEST_EXACT, LARGEST_EXACT + 1].map(exact), [Some(LARGEST_EXACT), None]);
    }
}
