//! `phone-numbers/<workspace>/numbers.json`: the numbers that a workspace has imported into Retell.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::count::Count;
use super::live_record::LiveRecord;
use super::master::{NumberType, Provider};
use super::object::object_type;
use super::order;
use super::phone_number::PhoneNumber;
use super::presence::{Optional, nullable, optional, present, unique_map};
use super::text::word_type;
use super::timestamp::Timestamp;
use super::workspace::WorkspaceName;
use crate::words::word_enum;

word_enum! {
    /// How a number came into Retell.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum ImportMethod {
        /// Carried over a SIP trunk (Retell's type `custom`).
        SipTrunk = "sip-trunk",
        /// Bought through Retell (every other type).
        DirectPurchase = "direct-purchase",
    } listed
}

word_type!(ImportMethod);

/// A method as a key of `summary.import_methods`: the specification's order.
impl Ord for ImportMethod {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        order::known_first(&Self::ALL.map(Self::as_str), self.as_str(), other.as_str())
    }
}

impl PartialOrd for ImportMethod {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// What Retell speaks to a SIP trunk unless it is told otherwise; no file has to say so.
pub const DEFAULT_TRANSPORT: &str = "TCP";

/// The transport where it is not the default.
pub fn unusual_transport(transport: &str) -> Option<&str> {
    Some(transport).filter(|transport| !transport.eq_ignore_ascii_case(DEFAULT_TRANSPORT))
}

/// One number of a workspace.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct RegistryEntry {
    pub phone_number: PhoneNumber,
    /// Derived: the national format.
    pub phone_number_pretty: String,
    pub phone_number_type: NumberType,
    pub provider: Provider,
    pub import_method: ImportMethod,
    /// Retell's own type, kept only where this program does not know it.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub retell_type: Option<String>,
    /// When this tool first saw the import.
    #[serde(deserialize_with = "nullable")]
    pub import_date: Option<Timestamp>,
    /// The SIP trunk's termination URI, a host name.
    #[serde(deserialize_with = "nullable")]
    pub termination_uri: Option<String>,
    /// The user name at the SIP trunk.
    #[serde(default, deserialize_with = "optional", skip_serializing_if = "Option::is_none")]
    pub auth_username: Optional<String>,
    /// How Retell talks to the SIP trunk, `TLS` or `UDP`; Retell's default, `TCP`, where it is absent.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub transport: Option<String>,
    /// The codecs that the SIP trunk is to use, preferred ones first; the gateway chooses where it is absent.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub codecs: Option<Vec<String>>,
    /// The name that people gave the number in Retell.
    #[serde(deserialize_with = "nullable")]
    pub nickname: Option<String>,
    /// The webhook that decides on each inbound call.
    #[serde(default, deserialize_with = "optional", skip_serializing_if = "Option::is_none")]
    pub inbound_webhook_url: Optional<String>,
    /// The webhook that decides on each inbound text message.
    #[serde(default, deserialize_with = "optional", skip_serializing_if = "Option::is_none")]
    pub inbound_sms_webhook_url: Optional<String>,
    /// Where inbound calls go when all of the workspace's concurrency is in use (or during an outage).
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub fallback_number: Option<PhoneNumber>,
    /// The countries (ISO 3166-1 alpha-2) that may call; all where it is absent.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub allowed_inbound_country_list: Option<Vec<String>>,
    /// The countries (ISO 3166-1 alpha-2) that may be called; all where it is absent.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub allowed_outbound_country_list: Option<Vec<String>>,
    /// Derived: whether a voice agent is bound.
    pub assigned: bool,
    /// Retell's last modification of the number.
    #[serde(deserialize_with = "nullable")]
    pub last_modified: Option<Timestamp>,
    /// What Retell has in the fields that git decided otherwise; never an empty record.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub live: Option<Box<LiveRecord>>,
}

object_type!(RegistryEntry);

impl RegistryEntry {
    /// The user name at the SIP trunk, whether absent or null when there is none.
    pub fn auth_username(&self) -> Option<&str> {
        self.auth_username.as_ref()?.as_deref()
    }

    /// The transport; none for the default, whether it is written or not.
    pub fn transport(&self) -> Option<&str> {
        unusual_transport(self.transport.as_deref()?)
    }

    /// The codecs; none where the gateway chooses, whether absent or empty.
    pub fn codecs(&self) -> Option<&[String]> {
        self.codecs.as_deref().filter(|codecs| !codecs.is_empty())
    }

    /// Whether a webhook decides on the number's calls or texts.
    pub fn has_webhook(&self) -> bool {
        self.inbound_webhook_url().is_some() || self.inbound_sms_webhook_url().is_some()
    }

    /// The webhook, whether absent or null when there is none.
    pub fn inbound_webhook_url(&self) -> Option<&str> {
        self.inbound_webhook_url.as_ref()?.as_deref()
    }

    /// The webhook of text messages, whether absent or null when there is none.
    pub fn inbound_sms_webhook_url(&self) -> Option<&str> {
        self.inbound_sms_webhook_url.as_ref()?.as_deref()
    }
}

/// Derived counts of a workspace's numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct Summary {
    pub total: Count,
    /// Numbers with a voice agent.
    pub assigned: Count,
    /// Numbers without a voice agent.
    pub unassigned: Count,
    /// Numbers by import method; a method without numbers is left out.
    #[serde(deserialize_with = "unique_map")]
    pub import_methods: BTreeMap<ImportMethod, Count>,
}

object_type!(Summary);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct NumbersFile {
    /// An editor's reference to the schema.
    #[serde(rename = "$schema", default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The workspace, as the folder names it.
    pub workspace: WorkspaceName,
    /// The organisation that the workspace's key belongs to, as Retell names it; absent where it is not known yet.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub org_id: Option<String>,
    /// When a sync last changed the content; null before the first.
    #[serde(deserialize_with = "nullable")]
    pub last_sync: Option<Timestamp>,
    /// The numbers, sorted.
    pub numbers: Vec<RegistryEntry>,
    pub summary: Summary,
}

object_type!(NumbersFile);

impl NumbersFile {
    /// The file of a workspace that has no numbers yet.
    pub fn empty(workspace: WorkspaceName) -> Self {
        Self {
            schema: None,
            workspace,
            org_id: None,
            last_sync: None,
            numbers: Vec::new(),
            summary: Summary::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::made_up::registry_entry;
    use super::*;

    #[test]
    fn what_is_absent_null_or_as_usual_is_the_same() {
        let entry = |change: fn(&mut RegistryEntry)| {
            let mut entry = registry_entry(101);
            change(&mut entry);
            entry
        };
        let text = || Some(Some("x".to_owned()));
        let none = entry(|_| {});
        let null = entry(|it| {
            (it.auth_username, it.inbound_webhook_url, it.inbound_sms_webhook_url) =
                (Some(None), Some(None), Some(None));
            (it.transport, it.codecs) = (Some("tcp".to_owned()), Some(Vec::new()));
        });
        for entry in [&none, &null] {
            assert_eq!(
                (entry.auth_username(), entry.inbound_webhook_url(), entry.inbound_sms_webhook_url()),
                (None, None, None)
            );
            assert_eq!((entry.transport(), entry.codecs(), entry.has_webhook()), (None, None, false));
        }
        let mut given = entry(|_| {});
        given.auth_username = text();
        assert_eq!((given.auth_username(), given.inbound_webhook_url(), given.has_webhook()), (Some("x"), None, false));
        let mut given = entry(|it| it.transport = Some("TLS".to_owned()));
        given.inbound_webhook_url = text();
        assert_eq!((given.inbound_webhook_url(), given.inbound_sms_webhook_url()), (Some("x"), None));
        assert_eq!((given.transport(), given.has_webhook()), (Some("TLS"), true));
        let mut given = entry(|it| it.codecs = Some(vec!["PCMU".to_owned()]));
        given.inbound_sms_webhook_url = text();
        assert_eq!((given.inbound_webhook_url(), given.inbound_sms_webhook_url()), (None, Some("x")));
        assert_eq!((given.codecs(), given.has_webhook()), (Some(&["PCMU".to_owned()][..]), true));
        assert_eq!(["TCP", "tcp", "TLS", "UDP"].map(unusual_transport), [None, None, Some("TLS"), Some("UDP")]);
    }

    #[test]
    fn methods_are_in_the_order_of_the_specification() {
        assert!(ImportMethod::SipTrunk < ImportMethod::DirectPurchase);
        assert_eq!(ImportMethod::ALL.map(ImportMethod::as_str), ["sip-trunk", "direct-purchase"]);
        let empty = NumbersFile::empty("staging".parse().unwrap());
        assert_eq!(
            (empty.workspace.as_str(), empty.org_id, empty.last_sync, empty.numbers.len()),
            ("staging", None, None, 0)
        );
    }
}
