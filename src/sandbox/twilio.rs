//! api.twilio.com, version 2010-04-01: incoming phone numbers and SIP credential lists.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

use super::account::{Account, Capabilities, CredentialList, IncomingNumber, default_friendly_name};
use super::clock::rfc2822;
use super::generate::free_number;
use super::seed::sid;
use super::server::{SandboxState, Shared};
use super::twilio_answer::{Form, TwilioAnswer, TwilioError, TwilioRequest};

pub(super) fn routes() -> Router<Arc<Shared>> {
    let account = "/2010-04-01/Accounts/{account}";
    Router::new()
        .route(&format!("{account}/IncomingPhoneNumbers.json"), get(list_numbers).post(create_number))
        .route(
            &format!("{account}/IncomingPhoneNumbers/{{sid}}"),
            get(get_number).post(update_number).delete(release_number),
        )
        .route(&format!("{account}/SIP/CredentialLists.json"), get(list_credential_lists))
        .route(&format!("{account}/SIP/CredentialLists/{{sid}}"), get(get_credential_list))
        .route(&format!("{account}/SIP/CredentialLists/{{sid}}/Credentials.json"), get(list_credentials))
}

async fn list_numbers(State(shared): SandboxState, request: TwilioRequest) -> TwilioAnswer {
    let account = shared.account_of(&request);
    let rows = account.numbers.numbered().filter(|(_, number)| is_wanted(number, &request));
    Ok(request.page(rows, |number| number_record(number, request.account))?.with_paths("incoming_phone_numbers"))
}

/// Applies the list's filters: `PhoneNumber` may be a part, with `*` for any digit; `FriendlyName` is exact.
fn is_wanted(number: &IncomingNumber, request: &TwilioRequest) -> bool {
    let matches_name = request.parameter("FriendlyName").is_none_or(|name| name == number.friendly_name);
    let matches_number = request.parameter("PhoneNumber").is_none_or(|pattern| {
        let digits = number.phone_number.as_bytes();
        let is_match =
            |part: &[u8]| part.iter().zip(pattern.as_bytes()).all(|(digit, want)| *want == b'*' || want == digit);
        digits.windows(pattern.len()).any(is_match)
    });
    matches_name && matches_number
}

async fn get_number(
    State(shared): SandboxState,
    Path((_, file)): Path<(String, String)>,
    request: TwilioRequest,
) -> TwilioAnswer {
    let account = shared.account_of(&request);
    let number = account.numbers.get(sid_of(&file)).ok_or_else(|| request.not_found())?;
    Ok(Json(number_record(number, request.account)))
}

async fn create_number(
    State(shared): SandboxState,
    request: TwilioRequest,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), TwilioError> {
    let form = Form::parse(&body);
    let now = shared.clock.now();
    let mut account = shared.account_of(&request);
    let phone_number = wanted_number(&form, &account)?;
    let mut number = IncomingNumber {
        sid: sid("PN", &format!("{phone_number} {}", now.timestamp_micros())),
        friendly_name: default_friendly_name(&phone_number),
        kind: if is_toll_free(&phone_number) { "tollfree" } else { "local" },
        phone_number,
        capabilities: Capabilities::VOICE_AND_MESSAGES,
        trunk_sid: None,
        voice_url: String::new(),
        created: now,
        updated: now,
    };
    apply(&form, &mut number, &account)?;
    let record = number_record(&number, request.account);
    account.numbers.push(number);
    Ok((StatusCode::CREATED, Json(record)))
}

/// The number to buy: the one asked for, or the first free one of an area code.
fn wanted_number(form: &Form, account: &Account) -> Result<String, TwilioError> {
    let is_taken = |wanted: &str| account.numbers.iter().any(|number| number.phone_number == wanted);
    match (form.text("PhoneNumber"), form.text("AreaCode")) {
        (Some(wanted), _) if !is_e164(wanted) => {
            Err(TwilioError::new(400, 21421, format!("{wanted} is not a valid number")))
        }
        (Some(wanted), _) if is_taken(wanted) => {
            Err(TwilioError::new(400, 21422, format!("{wanted} is not available.")))
        }
        (Some(wanted), _) => Ok(wanted.to_owned()),
        (None, Some(area)) => free_number(area, is_taken)
            .ok_or_else(|| TwilioError::new(400, 21452, format!("No phone numbers found in area code {area}"))),
        (None, None) => Err(TwilioError::new(400, 21451, "You must provide a PhoneNumber or an AreaCode")),
    }
}

pub(super) fn is_toll_free(phone_number: &str) -> bool {
    ["+1800", "+1833", "+1844", "+1855", "+1866", "+1877", "+1888"].iter().any(|code| phone_number.starts_with(code))
}

/// E.164: a plus and 7 to 15 digits, the first not a zero.
pub(super) fn is_e164(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or_default();
    (7..=15).contains(&digits.len()) && !digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit())
}

async fn update_number(
    State(shared): SandboxState,
    Path((_, file)): Path<(String, String)>,
    request: TwilioRequest,
    body: Bytes,
) -> TwilioAnswer {
    let mut account = shared.account_of(&request);
    let mut number = account.numbers.get(sid_of(&file)).ok_or_else(|| request.not_found())?.clone();
    apply(&Form::parse(&body), &mut number, &account)?;
    number.updated = shared.clock.now();
    let record = number_record(&number, request.account);
    if let Some(stored) = account.numbers.get_mut(sid_of(&file)) {
        *stored = number;
    }
    Ok(Json(record))
}

/// Applies the fields that automation changes; an empty `TrunkSid` takes the number off its trunk.
fn apply(form: &Form, number: &mut IncomingNumber, account: &Account) -> Result<(), TwilioError> {
    if let Some(name) = form.text("FriendlyName") {
        if name.chars().count() > 64 {
            return Err(TwilioError::new(400, 20002, "FriendlyName is longer than 64 characters"));
        }
        name.clone_into(&mut number.friendly_name);
    }
    if let Some(url) = form.text("VoiceUrl") {
        url.clone_into(&mut number.voice_url);
    }
    match form.text("TrunkSid") {
        None => {}
        Some("") => number.trunk_sid = None,
        Some(sid) if account.trunks.get(sid).is_some() => number.trunk_sid = Some(sid.to_owned()),
        Some(sid) => return Err(TwilioError::new(400, 21649, format!("Trunk {sid} does not exist"))),
    }
    Ok(())
}

async fn release_number(
    State(shared): SandboxState,
    Path((_, file)): Path<(String, String)>,
    request: TwilioRequest,
) -> Result<StatusCode, TwilioError> {
    shared.account_of(&request).numbers.remove(sid_of(&file)).ok_or_else(|| request.not_found())?;
    Ok(StatusCode::NO_CONTENT)
}

async fn list_credential_lists(State(shared): SandboxState, request: TwilioRequest) -> TwilioAnswer {
    let account = shared.account_of(&request);
    let page =
        request.page(account.credential_lists.numbered(), |list| credential_list_record(list, request.account))?;
    Ok(page.with_paths("credential_lists"))
}

async fn get_credential_list(
    State(shared): SandboxState,
    Path((_, file)): Path<(String, String)>,
    request: TwilioRequest,
) -> TwilioAnswer {
    let account = shared.account_of(&request);
    let list = account.credential_lists.get(sid_of(&file)).ok_or_else(|| request.not_found())?;
    Ok(Json(credential_list_record(list, request.account)))
}

async fn list_credentials(
    State(shared): SandboxState,
    Path((_, list)): Path<(String, String)>,
    request: TwilioRequest,
) -> TwilioAnswer {
    let account = shared.account_of(&request);
    let list = account.credential_lists.get(&list).ok_or_else(|| request.not_found())?;
    let rows = list.credentials.iter().enumerate().map(|(index, row)| (index as u64, row));
    Ok(request.page(rows, |row| credential_record(list, row, request.account))?.with_paths("credentials"))
}

/// The SID in a file name such as `PN….json`.
fn sid_of(file: &str) -> &str {
    file.strip_suffix(".json").unwrap_or(file)
}

fn account_uri(account: &str, rest: &str) -> String {
    format!("/2010-04-01/Accounts/{account}/{rest}")
}

fn number_record(number: &IncomingNumber, account: &str) -> Value {
    json!({
        "sid": number.sid,
        "account_sid": account,
        "phone_number": number.phone_number,
        "friendly_name": number.friendly_name,
        "type": number.kind,
        "status": "in-use",
        "origin": "twilio",
        "beta": false,
        "capabilities": number.capabilities,
        "trunk_sid": number.trunk_sid,
        "voice_receive_mode": "voice",
        "voice_url": number.voice_url,
        "voice_method": "POST",
        "voice_fallback_url": null,
        "voice_fallback_method": "POST",
        "voice_application_sid": "",
        "voice_caller_id_lookup": false,
        "sms_url": "",
        "sms_method": "POST",
        "sms_fallback_url": "",
        "sms_fallback_method": "POST",
        "sms_application_sid": "",
        "status_callback": "",
        "status_callback_method": "POST",
        "address_requirements": "none",
        "address_sid": null,
        "identity_sid": null,
        "bundle_sid": null,
        "emergency_status": "Active",
        "emergency_address_sid": null,
        "emergency_address_status": "unregistered",
        "api_version": "2010-04-01",
        "date_created": rfc2822(number.created),
        "date_updated": rfc2822(number.updated),
        "uri": account_uri(account, &format!("IncomingPhoneNumbers/{}.json", number.sid)),
    })
}

fn credential_list_record(list: &CredentialList, account: &str) -> Value {
    let uri = account_uri(account, &format!("SIP/CredentialLists/{}", list.sid));
    json!({
        "sid": list.sid,
        "account_sid": account,
        "friendly_name": list.friendly_name,
        "date_created": rfc2822(list.created),
        "date_updated": rfc2822(list.created),
        "uri": format!("{uri}.json"),
        "subresource_uris": { "credentials": format!("{uri}/Credentials.json") },
    })
}

fn credential_record(list: &CredentialList, (sid, user): &(String, String), account: &str) -> Value {
    json!({
        "sid": sid,
        "account_sid": account,
        "credential_list_sid": list.sid,
        "username": user,
        "date_created": rfc2822(list.created),
        "date_updated": rfc2822(list.created),
        "uri": account_uri(account, &format!("SIP/CredentialLists/{}/Credentials/{sid}.json", list.sid)),
    })
}
