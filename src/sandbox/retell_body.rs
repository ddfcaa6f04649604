//! The bodies of Retell's phone number endpoints: types, required fields, weights.
//!
//! The published description forbids no additional properties, so unknown fields are tolerated.

use serde_json::{Map, Value};

use super::account::{AgentWeight, SandboxWorkspace};
use super::retell_answer::RetellError;

/// A field of a body: not there, `null`, or a value.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum BodyField<T> {
    Absent,
    Null,
    Value(T),
}

impl<T> BodyField<T> {
    pub(super) fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    pub(super) fn into_option(self) -> Option<T> {
        if let Self::Value(value) = self { Some(value) } else { None }
    }

    /// Changes `target` unless the field is absent; `null` clears it.
    pub(super) fn store(self, target: &mut Option<T>) {
        match self {
            Self::Absent => {}
            Self::Null => *target = None,
            Self::Value(value) => *target = Some(value),
        }
    }

    fn try_map<U>(self, map: impl FnOnce(T) -> Result<U, RetellError>) -> Result<BodyField<U>, RetellError> {
        Ok(match self {
            Self::Absent => BodyField::Absent,
            Self::Null => BodyField::Null,
            Self::Value(value) => BodyField::Value(map(value)?),
        })
    }
}

/// Whether the description allows `null` for a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Nullable {
    Yes,
    No,
}

/// What Retell took before lists with weights, and answers with 400 since 2026-03-31 (deprecation-notice/overview).
const RETIRED: [&str; 8] = [
    "inbound_agent_id",
    "inbound_agent_version",
    "outbound_agent_id",
    "outbound_agent_version",
    "inbound_sms_agent_id",
    "inbound_sms_agent_version",
    "outbound_sms_agent_id",
    "outbound_sms_agent_version",
];

/// A JSON object that was sent to a phone number endpoint.
#[derive(Debug)]
pub(super) struct NumberBody(Map<String, Value>);

impl NumberBody {
    pub(super) fn parse(body: &[u8]) -> Result<Self, RetellError> {
        serde_json::from_slice(body)
            .map_err(|error| RetellError::bad_request(format!("the body is not a JSON object: {error}")))
            .and_then(|fields: Map<String, Value>| match RETIRED.iter().find(|name| fields.contains_key(**name)) {
                Some(_) => Err(RetellError::bad_request("Deprecated API usage is no longer supported")),
                None => Ok(Self(fields)),
            })
    }

    fn field(&self, name: &str, nullable: Nullable) -> Result<BodyField<&Value>, RetellError> {
        match self.0.get(name) {
            None => Ok(BodyField::Absent),
            Some(Value::Null) if nullable == Nullable::Yes => Ok(BodyField::Null),
            Some(Value::Null) => Err(RetellError::bad_request(format!("{name} must not be null"))),
            Some(value) => Ok(BodyField::Value(value)),
        }
    }

    pub(super) fn text(&self, name: &str, nullable: Nullable) -> Result<BodyField<String>, RetellError> {
        self.field(name, nullable)?.try_map(|value| text_of(value, name))
    }

    /// A text that must be there and not be empty.
    pub(super) fn required_text(&self, name: &str) -> Result<String, RetellError> {
        self.text(name, Nullable::No)?
            .into_option()
            .filter(|text| !text.is_empty())
            .ok_or_else(|| RetellError::bad_request(format!("{name} is required")))
    }

    pub(super) fn boolean(&self, name: &str) -> Result<Option<bool>, RetellError> {
        let wrong = || RetellError::bad_request(format!("{name} must be a boolean"));
        Ok(self.field(name, Nullable::No)?.try_map(|value| value.as_bool().ok_or_else(wrong))?.into_option())
    }

    pub(super) fn whole_number(&self, name: &str) -> Result<Option<u64>, RetellError> {
        let wrong = || RetellError::bad_request(format!("{name} must be a whole number"));
        Ok(self.field(name, Nullable::No)?.try_map(|value| value.as_u64().ok_or_else(wrong))?.into_option())
    }

    /// The transport: `TLS`, `TCP` or `UDP`.
    pub(super) fn transport(&self) -> Result<BodyField<String>, RetellError> {
        self.text("transport", Nullable::Yes)?.try_map(|transport| match transport.as_str() {
            "TLS" | "TCP" | "UDP" => Ok(transport),
            other => Err(RetellError::bad_request(format!("transport {other} is none of TLS, TCP, UDP"))),
        })
    }

    /// The codecs, preferred ones first; their names are not limited.
    pub(super) fn codecs(&self) -> Result<BodyField<Vec<String>>, RetellError> {
        let name = "codecs";
        self.field(name, Nullable::No)?
            .try_map(|value| list_of(value, name)?.iter().map(|codec| text_of(codec, name)).collect())
    }

    /// A list of ISO 3166-1 alpha-2 codes.
    pub(super) fn countries(&self, name: &str) -> Result<BodyField<Vec<String>>, RetellError> {
        self.field(name, Nullable::Yes)?.try_map(|value| {
            list_of(value, name)?
                .iter()
                .map(|country| text_of(country, name))
                .map(|country| country.and_then(|country| country_code(country, name)))
                .collect()
        })
    }

    /// A weighted list of the workspace's agents; an empty list is allowed and binds no agent.
    pub(super) fn agents(
        &self,
        name: &str,
        workspace: &SandboxWorkspace,
    ) -> Result<BodyField<Vec<AgentWeight>>, RetellError> {
        self.field(name, Nullable::Yes)?.try_map(|value| {
            let agents = list_of(value, name)?.iter().map(agent_weight).collect::<Result<Vec<_>, _>>()?;
            check_weights(&agents, name)?;
            let is_unknown = |agent: &AgentWeight| workspace.agents.get(&agent.agent_id).is_none();
            if agents.iter().any(is_unknown) { Err(RetellError::unknown_asset()) } else { Ok(agents) }
        })
    }
}

fn text_of(value: &Value, name: &str) -> Result<String, RetellError> {
    value.as_str().map(str::to_owned).ok_or_else(|| RetellError::bad_request(format!("{name} must be a string")))
}

fn list_of<'a>(value: &'a Value, name: &str) -> Result<&'a Vec<Value>, RetellError> {
    value.as_array().ok_or_else(|| RetellError::bad_request(format!("{name} must be an array")))
}

fn country_code(country: String, name: &str) -> Result<String, RetellError> {
    let is_code = country.len() == 2 && country.bytes().all(|byte| byte.is_ascii_uppercase());
    is_code
        .then_some(country)
        .ok_or_else(|| RetellError::bad_request(format!("{name} must hold two-letter country codes")))
}

fn agent_weight(value: &Value) -> Result<AgentWeight, RetellError> {
    let agent_id = text_of(&value["agent_id"], "agent_id")?;
    if agent_id.is_empty() {
        return Err(RetellError::bad_request("agent_id must not be empty"));
    }
    let agent_version = value.get("agent_version").cloned();
    if !agent_version.as_ref().is_none_or(is_version) {
        return Err(RetellError::bad_request("agent_version must be a whole number or a tag"));
    }
    let Value::Number(weight) = value["weight"].clone() else {
        return Err(RetellError::bad_request("weight must be a number"));
    };
    Ok(AgentWeight { agent_id, agent_version, weight })
}

/// A version is a number from 0, or a tag of at most 20 lower-case letters, digits, `_` and `-`: a letter first, and not
/// `v` and digits.
fn is_version(version: &Value) -> bool {
    let is_number = |tag: &str| tag.strip_prefix('v').is_some_and(|rest| rest.parse::<u64>().is_ok());
    let is_tag_byte = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_' || byte == b'-';
    match version {
        Value::Number(number) => number.is_u64(),
        Value::String(tag) => {
            (1..=20).contains(&tag.len())
                && tag.as_bytes()[0].is_ascii_lowercase()
                && tag.bytes().all(is_tag_byte)
                && !is_number(tag)
        }
        _ => false,
    }
}

fn check_weights(agents: &[AgentWeight], name: &str) -> Result<(), RetellError> {
    let weights = || agents.iter().filter_map(|agent| agent.weight.as_f64());
    if weights().any(|weight| weight <= 0.0 || weight > 1.0) {
        return Err(RetellError::bad_request(format!("{name}: each weight must be above 0 and at most 1")));
    }
    if !agents.is_empty() && (weights().sum::<f64>() - 1.0).abs() > 1e-6 {
        return Err(RetellError::bad_request(format!("{name}: total weights must add up to 1")));
    }
    Ok(())
}
