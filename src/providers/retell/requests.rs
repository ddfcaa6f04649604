//! The bodies of changes: what is not given is not sent, and what is cleared is sent as null.
//!
//! Source: the request bodies of `import-phone-number` and `update-phone-number` in Retell's published
//! description.

use serde::{Serialize, Serializer};

use crate::model::workspaces_file::ApiKey;
use crate::model::{AgentWeight, PhoneNumber};

#[derive(Clone, Debug, Default, PartialEq)]
pub enum FieldRequest<T> {
    /// It stays; the field is not sent.
    #[default]
    Keep,
    /// It is taken away: null, which unbinds agents.
    Clear,
    Set(T),
}

impl<T> FieldRequest<T> {
    /// Whether the field stays.
    pub fn is_keep(&self) -> bool {
        matches!(self, Self::Keep)
    }
}

impl<T: Serialize> Serialize for FieldRequest<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Keep | Self::Clear => serializer.serialize_none(),
            Self::Set(value) => value.serialize(serializer),
        }
    }
}

/// A number to bring into the workspace over a SIP trunk.
#[derive(Clone, Debug, Serialize)]
pub struct ImportRequest {
    pub phone_number: PhoneNumber,
    /// The SIP trunk's termination URI, such as `mytrunk.pstn.twilio.com`.
    pub termination_uri: String,
    /// The user name at the SIP trunk.
    #[serde(rename = "sip_trunk_auth_username", skip_serializing_if = "Option::is_none")]
    pub auth_username: Option<String>,
    /// The password at the SIP trunk.
    #[serde(rename = "sip_trunk_auth_password", skip_serializing_if = "Option::is_none")]
    pub auth_password: Option<ApiKey>,
    /// The agents that answer calls.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inbound_agents: Option<Vec<AgentWeight>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outbound_agents: Option<Vec<AgentWeight>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nickname: Option<String>,
    /// The webhook that decides on each inbound call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inbound_webhook_url: Option<String>,
    /// The countries that may call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed_inbound_country_list: Option<Vec<String>>,
    /// The countries that may be called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed_outbound_country_list: Option<Vec<String>>,
    /// `TLS`, `TCP` or `UDP`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transport: Option<String>,
    /// The codecs, preferred ones first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub codecs: Option<Vec<String>>,
}

impl ImportRequest {
    /// An import that says no more than it must.
    pub fn new(phone_number: PhoneNumber, termination_uri: impl Into<String>) -> Self {
        Self {
            phone_number,
            termination_uri: termination_uri.into(),
            auth_username: None,
            auth_password: None,
            inbound_agents: None,
            outbound_agents: None,
            nickname: None,
            inbound_webhook_url: None,
            allowed_inbound_country_list: None,
            allowed_outbound_country_list: None,
            transport: None,
            codecs: None,
        }
    }
}

/// What changes about a number of the workspace. The default changes nothing.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct UpdateRequest {
    /// The agents that answer calls.
    #[serde(skip_serializing_if = "FieldRequest::is_keep")]
    pub inbound_agents: FieldRequest<Vec<AgentWeight>>,
    #[serde(skip_serializing_if = "FieldRequest::is_keep")]
    pub outbound_agents: FieldRequest<Vec<AgentWeight>>,
    /// The agents that answer text messages.
    #[serde(skip_serializing_if = "FieldRequest::is_keep")]
    pub inbound_sms_agents: FieldRequest<Vec<AgentWeight>>,
    /// The agents that send text messages.
    #[serde(skip_serializing_if = "FieldRequest::is_keep")]
    pub outbound_sms_agents: FieldRequest<Vec<AgentWeight>>,
    #[serde(skip_serializing_if = "FieldRequest::is_keep")]
    pub nickname: FieldRequest<String>,
    /// The webhook that decides on each inbound call.
    #[serde(skip_serializing_if = "FieldRequest::is_keep")]
    pub inbound_webhook_url: FieldRequest<String>,
    /// The webhook that decides on each inbound text message.
    #[serde(skip_serializing_if = "FieldRequest::is_keep")]
    pub inbound_sms_webhook_url: FieldRequest<String>,
    /// Where inbound calls go when all of the workspace's concurrency is in use (or during an outage).
    #[serde(skip_serializing_if = "FieldRequest::is_keep")]
    pub fallback_number: FieldRequest<PhoneNumber>,
    /// The countries that may call.
    #[serde(skip_serializing_if = "FieldRequest::is_keep")]
    pub allowed_inbound_country_list: FieldRequest<Vec<String>>,
    /// The countries that may be called.
    #[serde(skip_serializing_if = "FieldRequest::is_keep")]
    pub allowed_outbound_country_list: FieldRequest<Vec<String>>,
    /// The SIP trunk's termination URI, which cannot be cleared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub termination_uri: Option<String>,
    /// The user name at the SIP trunk, which cannot be cleared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auth_username: Option<String>,
    /// The password at the SIP trunk, which cannot be cleared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auth_password: Option<ApiKey>,
    /// `TLS`, `TCP` or `UDP`.
    #[serde(skip_serializing_if = "FieldRequest::is_keep")]
    pub transport: FieldRequest<String>,
    /// The codecs, preferred ones first; an empty list leaves the choice to the gateway.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub codecs: Option<Vec<String>>,
}

impl UpdateRequest {
    /// Whether there is nothing to change.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::AgentId;

    #[test]
    fn what_is_kept_is_not_sent_and_what_is_cleared_is_null() {
        let agent = AgentWeight::only(AgentId::parse("agent_a").unwrap());
        let update = UpdateRequest {
            inbound_agents: FieldRequest::Set(vec![agent]),
            outbound_agents: FieldRequest::Clear,
            ..UpdateRequest::default()
        };
        let body = serde_json::to_string(&update).unwrap();
        assert_eq!(body, r#"{"inbound_agents":[{"agent_id":"agent_a","weight":1}],"outbound_agents":null}"#);
        assert!(UpdateRequest::default().is_empty() && !update.is_empty());
    }

    #[test]
    fn an_import_sends_the_password_and_never_prints_it() {
        let mut import = ImportRequest::new(PhoneNumber::parse("+14155550123").unwrap(), "made-up.pstn.twilio.com");
        import.auth_password = Some(ApiKey::new("hunter2"));
        assert!(serde_json::to_string(&import).unwrap().contains(r#""sip_trunk_auth_password":"hunter2""#));
        assert!(!format!("{import:?}").contains("hunter2"));
    }
}
