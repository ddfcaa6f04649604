//! What the providers hold: one Twilio account and several Retell workspaces, in memory.
//!
//! These are the providers' records, not the project's model, which this folder does not know.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Number, Value};

use super::capacity::MadeUpConcurrency;
use super::paging::{Keyed, Ordered};

/// Everything that both providers know.
#[derive(Debug, Default)]
pub(super) struct Account {
    pub(super) numbers: Ordered<IncomingNumber>,
    pub(super) trunks: Ordered<SandboxTrunk>,
    pub(super) credential_lists: Ordered<CredentialList>,
    pub(super) workspaces: BTreeMap<&'static str, SandboxWorkspace>,
}

/// A number of the Twilio account.
#[derive(Clone, Debug)]
pub(super) struct IncomingNumber {
    pub(super) sid: String,
    pub(super) phone_number: String,
    pub(super) friendly_name: String,
    /// Twilio's `type`: `local`, `mobile` or `tollfree`.
    pub(super) kind: &'static str,
    pub(super) capabilities: Capabilities,
    pub(super) trunk_sid: Option<String>,
    pub(super) voice_url: String,
    pub(super) created: DateTime<Utc>,
    pub(super) updated: DateTime<Utc>,
}

/// What a number can do, as Twilio says it.
#[derive(Clone, Copy, Debug, Serialize)]
#[allow(clippy::struct_excessive_bools, reason = "the four booleans are Twilio's record")]
pub(super) struct Capabilities {
    pub(super) voice: bool,
    pub(super) sms: bool,
    pub(super) mms: bool,
    pub(super) fax: bool,
}

impl Capabilities {
    pub(super) const VOICE_AND_MESSAGES: Self = Self { voice: true, sms: true, mms: true, fax: false };
    pub(super) const VOICE_AND_SMS: Self = Self { voice: true, sms: true, mms: false, fax: false };
    pub(super) const VOICE_ONLY: Self = Self { voice: true, sms: false, mms: false, fax: false };
}

/// An elastic SIP trunk.
#[derive(Debug)]
pub(super) struct SandboxTrunk {
    pub(super) sid: String,
    pub(super) friendly_name: String,
    pub(super) domain_name: Option<String>,
    pub(super) origination_urls: Ordered<OriginationUrl>,
    /// SIDs of [`Account::credential_lists`].
    pub(super) credential_lists: Vec<String>,
    /// SID and name of each IP access control list.
    pub(super) ip_access_control_lists: Vec<(String, String)>,
    pub(super) created: DateTime<Utc>,
    pub(super) updated: DateTime<Utc>,
}

/// Where a trunk sends inbound calls.
#[derive(Debug)]
pub(super) struct OriginationUrl {
    pub(super) sid: String,
    pub(super) friendly_name: String,
    pub(super) sip_url: String,
    pub(super) priority: u16,
    pub(super) weight: u16,
    pub(super) enabled: bool,
    pub(super) created: DateTime<Utc>,
    pub(super) updated: DateTime<Utc>,
}

/// A list of SIP user names; passwords are not kept anywhere.
#[derive(Debug)]
pub(super) struct CredentialList {
    pub(super) sid: String,
    pub(super) friendly_name: String,
    /// SID and user name of each credential.
    pub(super) credentials: Vec<(String, String)>,
    pub(super) created: DateTime<Utc>,
}

/// One Retell workspace: its numbers and its agents.
#[derive(Debug, Default)]
pub(super) struct SandboxWorkspace {
    pub(super) numbers: Ordered<RetellNumber>,
    pub(super) agents: Ordered<Agent>,
    pub(super) concurrency: MadeUpConcurrency,
}

/// A number as Retell answers with it (`PhoneNumberResponse`).
#[derive(Clone, Debug, Serialize)]
pub(super) struct RetellNumber {
    pub(super) phone_number: String,
    pub(super) phone_number_type: &'static str,
    pub(super) phone_number_pretty: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) area_code: Option<u32>,
    pub(super) inbound_agents: Option<Vec<AgentWeight>>,
    pub(super) outbound_agents: Option<Vec<AgentWeight>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) inbound_sms_agents: Option<Vec<AgentWeight>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) outbound_sms_agents: Option<Vec<AgentWeight>>,
    pub(super) nickname: Option<String>,
    pub(super) inbound_webhook_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) inbound_sms_webhook_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) allowed_inbound_country_list: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) allowed_outbound_country_list: Option<Vec<String>>,
    pub(super) sip_outbound_trunk_config: Option<SipTrunkConfig>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) fallback_number: Option<String>,
    pub(super) last_modification_timestamp: i64,
}

impl RetellNumber {
    /// A number with nothing bound and nothing set.
    pub(super) fn new(phone_number: &str, phone_number_type: &'static str, modified: DateTime<Utc>) -> Self {
        Self {
            phone_number: phone_number.to_owned(),
            phone_number_type,
            phone_number_pretty: pretty(phone_number),
            area_code: area_code(phone_number),
            inbound_agents: None,
            outbound_agents: None,
            inbound_sms_agents: None,
            outbound_sms_agents: None,
            nickname: None,
            inbound_webhook_url: None,
            inbound_sms_webhook_url: None,
            allowed_inbound_country_list: None,
            allowed_outbound_country_list: None,
            sip_outbound_trunk_config: None,
            fallback_number: None,
            last_modification_timestamp: modified.timestamp_millis(),
        }
    }

    /// Notes a change at this time, in milliseconds, and at least a second after the one before: people's changes are
    /// further apart, and the times in a directory's files are whole seconds.
    pub(super) fn touch(&mut self, now: i64) {
        self.last_modification_timestamp = now.max(self.last_modification_timestamp + 1000);
    }
}

/// How Retell reaches a number's SIP trunk; the password is never returned, so it is not kept.
#[derive(Clone, Debug, Serialize)]
pub(super) struct SipTrunkConfig {
    pub(super) termination_uri: Option<String>,
    pub(super) auth_username: Option<String>,
    pub(super) transport: Option<String>,
    pub(super) codecs: Vec<String>,
}

/// One agent of a weighted list.
#[derive(Clone, Debug, Serialize)]
pub(super) struct AgentWeight {
    pub(super) agent_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) agent_version: Option<Value>,
    pub(super) weight: Number,
}

/// A Retell agent with versions `0..=version`.
#[derive(Debug)]
pub(super) struct Agent {
    pub(super) id: String,
    pub(super) name: String,
    /// `voice` or `chat`.
    pub(super) channel: &'static str,
    pub(super) version: u32,
    pub(super) modified: DateTime<Utc>,
}

macro_rules! keyed {
    ($($record:ident by $field:ident),*) => {
        $(impl Keyed for $record {
            fn key(&self) -> &str {
                &self.$field
            }
        })*
    };
}

keyed!(
    IncomingNumber by sid, SandboxTrunk by sid, OriginationUrl by sid, CredentialList by sid,
    RetellNumber by phone_number, Agent by id
);

/// The national part of a North American number.
fn national(phone_number: &str) -> Option<&str> {
    phone_number.strip_prefix("+1").filter(|rest| rest.len() == 10 && rest.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Retell's `phone_number_pretty`: `+1 (415) 777-4444`; other countries' numbers stay as they are.
fn pretty(phone_number: &str) -> String {
    national(phone_number)
        .map_or_else(|| phone_number.to_owned(), |rest| format!("+1 ({}) {}-{}", &rest[..3], &rest[3..6], &rest[6..]))
}

/// Retell's `area_code`, which exists for North American numbers only.
fn area_code(phone_number: &str) -> Option<u32> {
    national(phone_number)?.get(..3)?.parse().ok()
}

/// Twilio's default friendly name: `(415) 555-0101`.
pub(super) fn default_friendly_name(phone_number: &str) -> String {
    pretty(phone_number).trim_start_matches("+1 ").to_owned()
}
