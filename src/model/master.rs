//! `phone-numbers/directory.json`: every number, with what Twilio says of it and who answers it where.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::agent::{AgentId, AgentPath};
use super::assignments::AssignmentType;
use super::by_workspace::ByWorkspace;
use super::count::Count;
use super::object::object_type;
use super::order;
use super::phone_number::PhoneNumber;
use super::presence::{nullable, present, unique_map};
use super::sid::{PhoneNumberSid, TrunkSid};
use super::text::word_type;
use super::timestamp::Timestamp;
use super::version::FormatVersion;
use super::workspace::WorkspaceName;
use crate::words::word_enum;

/// Defines words that are written before all others where a list is sorted: those behind `first`, in that order.
macro_rules! ordered_words {
    ($(#[$doc:meta])* $name:ident { $($words:tt)+ } first $($first:literal),+) => {
        word_enum! {
            $(#[$doc])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
            pub enum $name { $($words)+ } listed
        }

        impl Ord for $name {
            fn cmp(&self, other: &Self) -> std::cmp::Ordering {
                order::known_first(&[$($first),+], self.as_str(), other.as_str())
            }
        }

        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
                Some(self.cmp(other))
            }
        }

        word_type!($name);
    };
}

ordered_words! {
    /// The kind of line; the first three are Twilio's, the others come from libphonenumber.
    NumberType {
        /// A geographic number (Twilio `local`, libphonenumber's fixed line).
        Local = "local",
        Mobile = "mobile",
        /// A number that is free for its callers.
        TollFree = "toll-free",
        /// A nationwide number without an area.
        National = "national",
        /// A number of the voice-over-IP range.
        Voip = "voip",
        Other = "other",
    } first "local", "toll-free"
}

ordered_words! {
    Provider {
        /// In the Twilio account, bought by Retell at Twilio, or behind a Twilio trunk.
        Twilio = "twilio",
        /// Bought by Retell at Telnyx.
        Telnyx = "telnyx",
        Custom = "custom",
    } first "twilio"
}

ordered_words! {
    /// How a SIP trunk knows its caller.
    SipAuthType {
        /// By user name and password.
        Credential = "credential",
        /// By the caller's address.
        Ip = "ip",
        /// Not at all, or unknown.
        None = "none",
    } first "credential"
}

/// What a number can carry, as Twilio says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct Capabilities {
    pub voice: bool,
    pub sms: bool,
    pub mms: bool,
    pub fax: bool,
}

object_type!(Capabilities);

ordered_words! {
    /// What a number is not in any more.
    LeftBehind {
        Account = "account",
        /// Its trunk; it is in the account still.
        Trunk = "trunk",
    } first "account"
}

/// That a number, which a workspace still has, is gone from where its calls came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct LeftTwilio {
    pub from: LeftBehind,
    /// The trunk that carried it; null where none did.
    #[serde(deserialize_with = "nullable")]
    pub trunk_sid: Option<TrunkSid>,
    /// When a sync first saw it.
    #[serde(deserialize_with = "nullable")]
    pub date: Option<Timestamp>,
}

object_type!(LeftTwilio);

/// Twilio's resource behind a number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct TwilioData {
    pub phone_number_sid: PhoneNumberSid,
    /// The trunk that carries the number.
    #[serde(deserialize_with = "nullable")]
    pub trunk_sid: Option<TrunkSid>,
    /// The name that people gave the number in Twilio.
    #[serde(deserialize_with = "nullable")]
    pub friendly_name: Option<String>,
    /// When the number was bought.
    #[serde(deserialize_with = "nullable")]
    pub date_created: Option<Timestamp>,
}

object_type!(TwilioData);

/// A number's binding in one workspace, in short; `assignments.json` has it whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct WorkspaceEntry {
    /// Whether the workspace has the number; `false` with nulls means the same as no entry.
    pub imported: bool,
    /// When this tool first saw the import.
    #[serde(deserialize_with = "nullable")]
    pub import_date: Option<Timestamp>,
    /// The folder of `agent_id`.
    #[serde(deserialize_with = "nullable")]
    pub agent_path: Option<AgentPath>,
    /// The inbound agent of largest weight, else the outbound one.
    #[serde(deserialize_with = "nullable")]
    pub agent_id: Option<AgentId>,
    /// Which directions have a voice agent.
    #[serde(deserialize_with = "nullable")]
    pub assignment_type: Option<AssignmentType>,
}

object_type!(WorkspaceEntry);

impl WorkspaceEntry {
    /// Whether the workspace has the number and a voice agent answers or calls with it.
    pub fn is_assigned(&self) -> bool {
        self.imported && self.assignment_type.is_some_and(|kind| kind != AssignmentType::Unassigned)
    }
}

/// How calls reach a number over SIP.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct SipConfig {
    /// Where outbound calls go: a host name.
    #[serde(deserialize_with = "nullable")]
    pub termination_uri: Option<String>,
    /// Where the trunk sends inbound calls: a SIP URI without its user part.
    #[serde(deserialize_with = "nullable")]
    pub origination_uri: Option<String>,
    /// How the trunk knows its caller.
    pub auth_type: SipAuthType,
    /// Whether the trunk has credentials; the credentials themselves are never stored.
    pub has_credentials: bool,
}

object_type!(SipConfig);

/// One number of the directory.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct NumberEntry {
    /// The number, as the entry's key.
    pub phone_number: PhoneNumber,
    /// Derived: the national format.
    pub phone_number_pretty: String,
    pub phone_number_type: NumberType,
    pub provider: Provider,
    /// Derived: the national destination code, null where there is none.
    #[serde(deserialize_with = "nullable")]
    pub area_code: Option<String>,
    /// Derived: ISO 3166-1 alpha-2, null where the number belongs to no country.
    #[serde(deserialize_with = "nullable")]
    pub country_code: Option<String>,
    /// What the number can carry; null for a number outside the Twilio account.
    #[serde(deserialize_with = "nullable")]
    pub capabilities: Option<Capabilities>,
    /// Twilio's data; null for a number outside the Twilio account.
    #[serde(deserialize_with = "nullable")]
    pub twilio: Option<TwilioData>,
    /// Written only where a workspace still has the number, and the account or the trunk has not.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub left: Option<LeftTwilio>,
    pub workspaces: ByWorkspace<WorkspaceEntry>,
    /// The SIP settings; null where no trunk is involved.
    #[serde(deserialize_with = "nullable")]
    pub sip_config: Option<SipConfig>,
    /// People's notes; no sync changes them.
    pub notes: String,
    /// People's tags; no sync changes them.
    pub tags: Vec<String>,
}

object_type!(NumberEntry);

impl NumberEntry {
    /// A number of which nothing more is known, in no workspace.
    pub fn bare(phone_number: PhoneNumber) -> Self {
        Self {
            phone_number,
            phone_number_pretty: String::new(),
            phone_number_type: NumberType::Other,
            provider: Provider::Custom,
            area_code: None,
            country_code: None,
            capabilities: None,
            twilio: None,
            left: None,
            workspaces: ByWorkspace::default(),
            sip_config: None,
            notes: String::new(),
            tags: Vec::new(),
        }
    }

    /// Whether a voice agent is bound in at least one workspace.
    pub fn is_assigned(&self) -> bool {
        self.workspaces.values().any(WorkspaceEntry::is_assigned)
    }
}

/// Derived counts over all numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct Metadata {
    pub total_numbers: Count,
    /// Numbers that each workspace has imported; every workspace in force is a key.
    #[serde(deserialize_with = "unique_map")]
    pub by_workspace: BTreeMap<WorkspaceName, Count>,
    /// Numbers by kind of line; a kind without numbers is left out.
    #[serde(deserialize_with = "unique_map")]
    pub by_type: BTreeMap<NumberType, Count>,
    /// Numbers by carrier; a carrier without numbers is left out.
    #[serde(deserialize_with = "unique_map")]
    pub by_provider: BTreeMap<Provider, Count>,
    /// Numbers with a voice agent in at least one workspace.
    pub assigned: Count,
    pub unassigned: Count,
}

object_type!(Metadata);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct MasterFile {
    /// An editor's reference to the schema.
    #[serde(rename = "$schema", default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    pub version: FormatVersion,
    /// When the content last changed; null before the first change.
    #[serde(deserialize_with = "nullable")]
    pub last_updated: Option<Timestamp>,
    #[serde(deserialize_with = "unique_map")]
    pub numbers: BTreeMap<PhoneNumber, NumberEntry>,
    pub metadata: Metadata,
}

object_type!(MasterFile);

impl MasterFile {
    pub fn empty() -> Self {
        Self {
            schema: None,
            version: FormatVersion::current(),
            last_updated: None,
            numbers: BTreeMap::new(),
            metadata: Metadata::default(),
        }
    }
}

#[cfg(test)]
mod tests;
