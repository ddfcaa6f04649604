//! `phone-numbers/twilio/trunks.json`: the SIP trunks as Twilio has them. It is never committed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::count::Count;
use super::object::object_type;
use super::phone_number::PhoneNumber;
use super::presence::{nullable, present, unique_map};
use super::sid::{CredentialListSid, OriginationUrlSid, PhoneNumberSid, TrunkSid};
use super::timestamp::Timestamp;

/// The note that stands beside every credential list.
pub const CREDENTIALS_NOTE: &str = "Passwords not stored - retrieve from secure storage";

/// Where a trunk sends inbound calls.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct OriginationUrl {
    pub sid: OriginationUrlSid,
    /// The SIP URI, with its user part.
    pub sip_url: String,
    /// The name that people gave it.
    #[serde(deserialize_with = "nullable")]
    pub friendly_name: Option<String>,
    /// 0 to 65535; the lowest is tried first.
    pub priority: Count,
    /// 0 to 65535; the share among equals of priority.
    pub weight: Count,
    /// Written, as `false`, only where the URL is switched off.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
}

object_type!(OriginationUrl);

impl OriginationUrl {
    /// Whether calls are sent here.
    pub fn is_enabled(&self) -> bool {
        self.enabled != Some(false)
    }
}

/// A number that a trunk carries.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct TrunkNumber {
    pub phone_number_sid: PhoneNumberSid,
    pub phone_number: PhoneNumber,
}

object_type!(TrunkNumber);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct Trunk {
    /// The trunk's SID, as the entry's key.
    pub trunk_sid: TrunkSid,
    /// The name that people gave it.
    #[serde(deserialize_with = "nullable")]
    pub friendly_name: Option<String>,
    /// The termination domain, under `pstn.twilio.com`.
    #[serde(deserialize_with = "nullable")]
    pub domain_name: Option<String>,
    /// Twilio's value in lower case: `credential_list`, `ip_acl`, both joined by a comma, or empty.
    pub auth_type: String,
    /// The first credential list.
    #[serde(deserialize_with = "nullable")]
    pub credential_list_sid: Option<CredentialListSid>,
    /// The further credential lists.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub credential_list_sids: Option<Vec<CredentialListSid>>,
    /// Where inbound calls go, in the order in which they are tried.
    pub origination_urls: Vec<OriginationUrl>,
    /// The numbers on this trunk, sorted.
    pub phone_numbers: Vec<TrunkNumber>,
    #[serde(deserialize_with = "nullable")]
    pub date_created: Option<Timestamp>,
    /// When the trunk was last changed.
    #[serde(deserialize_with = "nullable")]
    pub date_updated: Option<Timestamp>,
}

object_type!(Trunk);

impl Trunk {
    /// The enabled origination URL of lowest priority, then highest weight, without its user part.
    pub fn origination_uri(&self) -> Option<String> {
        let enabled = self.origination_urls.iter().filter(|url| url.is_enabled());
        enabled
            .min_by_key(|url| (url.priority, std::cmp::Reverse(url.weight), url.sid))
            .map(|url| without_user(&url.sip_url))
    }

    /// Whether callers identify themselves with a user name and password.
    pub fn has_credentials(&self) -> bool {
        self.credential_list_sid.is_some()
    }
}

/// Takes the user part out of a SIP URI: `sip:+1415@host;transport=tls` becomes `sip:host;transport=tls`.
pub fn without_user(uri: &str) -> String {
    // RFC 3261 allows `;` and `?` inside the user part but `@` only as its end.
    match (uri.split_once(':'), uri.rfind('@')) {
        (Some((scheme, _)), Some(at)) => format!("{scheme}:{}", &uri[at + 1..]),
        _ => uri.to_owned(),
    }
}

/// A list of credentials: who may use it, and never with which password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct CredentialList {
    /// Twilio's SID, as the entry's key.
    pub credential_list_sid: CredentialListSid,
    /// The name that people gave it.
    #[serde(deserialize_with = "nullable")]
    pub friendly_name: Option<String>,
    pub usernames: Vec<String>,
    /// Where to look for the passwords.
    pub note: String,
}

object_type!(CredentialList);

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct TrunksFile {
    /// An editor's reference to the schema.
    #[serde(rename = "$schema", default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// When a sync last changed the content; null before the first.
    #[serde(deserialize_with = "nullable")]
    pub last_sync: Option<Timestamp>,
    #[serde(deserialize_with = "unique_map")]
    pub trunks: BTreeMap<TrunkSid, Trunk>,
    /// The credential lists of those trunks, by SID.
    #[serde(deserialize_with = "unique_map")]
    pub credentials: BTreeMap<CredentialListSid, CredentialList>,
}

object_type!(TrunksFile);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_user_part_of_a_sip_uri_is_left_out() {
        assert_eq!(without_user("sip:+14155550123@sip.retellai.com"), "sip:sip.retellai.com");
        assert_eq!(without_user("sip:sip.retellai.com"), "sip:sip.retellai.com");
        assert_eq!(without_user("sips:a:b@host:5061;transport=tls"), "sips:host:5061;transport=tls");
    }
}
