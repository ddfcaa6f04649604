//! The records of trunking.twilio.com: which fields a trunk and its parts are answered with.

use serde_json::{Value, json};

use super::account::{CredentialList, IncomingNumber, OriginationUrl, SandboxTrunk};
use super::clock::iso8601;
use super::twilio_answer::TwilioRequest;

pub(super) fn trunk_record(trunk: &SandboxTrunk, request: &TwilioRequest) -> Value {
    let url = trunk_url(&trunk.sid, &request.origin);
    let kinds = auth_types(trunk);
    json!({
        "sid": trunk.sid,
        "account_sid": request.account,
        "friendly_name": trunk.friendly_name,
        "domain_name": trunk.domain_name,
        "disaster_recovery_url": null,
        "disaster_recovery_method": null,
        "secure": false,
        "cnam_lookup_enabled": false,
        "symmetric_rtp_enabled": false,
        "recording": { "mode": "do-not-record", "trim": "do-not-trim" },
        "transfer_mode": "disable-all",
        "transfer_caller_id": "from-transferee",
        "auth_type": kinds.join(","),
        "auth_type_set": kinds,
        "date_created": iso8601(trunk.created),
        "date_updated": iso8601(trunk.updated),
        "url": url,
        "links": {
            "origination_urls": format!("{url}/OriginationUrls"),
            "credential_lists": format!("{url}/CredentialLists"),
            "ip_access_control_lists": format!("{url}/IpAccessControlLists"),
            "phone_numbers": format!("{url}/PhoneNumbers"),
        },
    })
}

/// Twilio's names of the ways in which a trunk knows its callers.
fn auth_types(trunk: &SandboxTrunk) -> Vec<&'static str> {
    let ip = (!trunk.ip_access_control_lists.is_empty()).then_some("IP_ACL");
    let credentials = (!trunk.credential_lists.is_empty()).then_some("CREDENTIAL_LIST");
    ip.into_iter().chain(credentials).collect()
}

fn trunk_url(sid: &str, origin: &str) -> String {
    format!("{origin}/v1/Trunks/{sid}")
}

pub(super) fn origination_record(url: &OriginationUrl, trunk_sid: &str, request: &TwilioRequest) -> Value {
    json!({
        "sid": url.sid,
        "account_sid": request.account,
        "trunk_sid": trunk_sid,
        "friendly_name": url.friendly_name,
        "sip_url": url.sip_url,
        "priority": url.priority,
        "weight": url.weight,
        "enabled": url.enabled,
        "date_created": iso8601(url.created),
        "date_updated": iso8601(url.updated),
        "url": format!("{}/OriginationUrls/{}", trunk_url(trunk_sid, &request.origin), url.sid),
    })
}

pub(super) fn credential_list_record(list: &CredentialList, trunk_sid: &str, request: &TwilioRequest) -> Value {
    json!({
        "sid": list.sid,
        "account_sid": request.account,
        "trunk_sid": trunk_sid,
        "friendly_name": list.friendly_name,
        "date_created": iso8601(list.created),
        "date_updated": iso8601(list.created),
        "url": format!("{}/CredentialLists/{}", trunk_url(trunk_sid, &request.origin), list.sid),
    })
}

pub(super) fn ip_access_control_list_record(
    trunk: &SandboxTrunk,
    sid: &str,
    name: &str,
    request: &TwilioRequest,
) -> Value {
    json!({
        "sid": sid,
        "account_sid": request.account,
        "trunk_sid": trunk.sid,
        "friendly_name": name,
        "date_created": iso8601(trunk.created),
        "date_updated": iso8601(trunk.created),
        "url": format!("{}/IpAccessControlLists/{sid}", trunk_url(&trunk.sid, &request.origin)),
    })
}

pub(super) fn number_record(number: &IncomingNumber, trunk_sid: &str, request: &TwilioRequest) -> Value {
    json!({
        "sid": number.sid,
        "account_sid": request.account,
        "trunk_sid": trunk_sid,
        "phone_number": number.phone_number,
        "friendly_name": number.friendly_name,
        "capabilities": number.capabilities,
        "address_requirements": "none",
        "api_version": "2010-04-01",
        "beta": false,
        "voice_url": number.voice_url,
        "voice_method": "POST",
        "voice_fallback_url": null,
        "voice_fallback_method": null,
        "voice_application_sid": null,
        "voice_caller_id_lookup": false,
        "sms_url": "",
        "sms_method": "POST",
        "sms_fallback_url": "",
        "sms_fallback_method": "POST",
        "sms_application_sid": "",
        "status_callback": "",
        "status_callback_method": "POST",
        "date_created": iso8601(number.created),
        "date_updated": iso8601(number.updated),
        "url": format!("{}/PhoneNumbers/{}", trunk_url(trunk_sid, &request.origin), number.sid),
        "links": {
            "phone_number": format!("{}/2010-04-01/Accounts/{}/IncomingPhoneNumbers/{}.json", request.origin, request.account, number.sid),
        },
    })
}
