//! trunking.twilio.com, version 1: elastic SIP trunks and what hangs on them.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use serde_json::Value;

use super::account::{OriginationUrl, SandboxTrunk};
use super::seed::{origination, sid, trunk};
use super::server::{SandboxState, Shared};
use super::trunking_record::{
    credential_list_record, ip_access_control_list_record, number_record, origination_record, trunk_record,
};
use super::twilio_answer::{Form, TwilioAnswer, TwilioError, TwilioRequest};

type Created = Result<(StatusCode, Json<Value>), TwilioError>;

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/v1/Trunks", get(list_trunks).post(create_trunk))
        .route("/v1/Trunks/{trunk}", get(get_trunk).post(update_trunk))
        .route("/v1/Trunks/{trunk}/OriginationUrls", get(list_originations).post(create_origination))
        .route("/v1/Trunks/{trunk}/OriginationUrls/{url}", post(update_origination).delete(delete_origination))
        .route("/v1/Trunks/{trunk}/CredentialLists", get(list_credential_lists))
        .route("/v1/Trunks/{trunk}/IpAccessControlLists", get(list_ip_access_control_lists))
        .route("/v1/Trunks/{trunk}/PhoneNumbers", get(list_numbers).post(attach_number))
        .route("/v1/Trunks/{trunk}/PhoneNumbers/{number}", delete(detach_number))
}

async fn list_trunks(State(shared): SandboxState, request: TwilioRequest) -> TwilioAnswer {
    let account = shared.account_of(&request);
    let page = request.page(account.trunks.numbered(), |trunk| trunk_record(trunk, &request))?;
    Ok(page.with_meta("trunks", &request.origin))
}

async fn get_trunk(State(shared): SandboxState, Path(sid): Path<String>, request: TwilioRequest) -> TwilioAnswer {
    let account = shared.account_of(&request);
    let trunk = account.trunks.get(&sid).ok_or_else(|| request.not_found())?;
    Ok(Json(trunk_record(trunk, &request)))
}

async fn create_trunk(State(shared): SandboxState, request: TwilioRequest, body: Bytes) -> Created {
    let now = shared.clock.now();
    let form = Form::parse(&body);
    let name = form.text("FriendlyName").unwrap_or_default();
    let mut trunk =
        SandboxTrunk { created: now, updated: now, ..trunk(&format!("{name} {}", now.timestamp_micros()), name) };
    apply_to_trunk(&form, &mut trunk)?;
    let record = trunk_record(&trunk, &request);
    shared.account_of(&request).trunks.push(trunk);
    Ok((StatusCode::CREATED, Json(record)))
}

async fn update_trunk(
    State(shared): SandboxState,
    Path(sid): Path<String>,
    request: TwilioRequest,
    body: Bytes,
) -> TwilioAnswer {
    let mut account = shared.account_of(&request);
    let trunk = account.trunks.get_mut(&sid).ok_or_else(|| request.not_found())?;
    apply_to_trunk(&Form::parse(&body), trunk)?;
    trunk.updated = shared.clock.now();
    Ok(Json(trunk_record(trunk, &request)))
}

fn apply_to_trunk(form: &Form, trunk: &mut SandboxTrunk) -> Result<(), TwilioError> {
    if let Some(domain) = form.text("DomainName").filter(|domain| !domain.is_empty()) {
        if !domain.ends_with(".pstn.twilio.com") {
            return Err(TwilioError::new(400, 21245, "DomainName must end with pstn.twilio.com"));
        }
        trunk.domain_name = Some(domain.to_owned());
    }
    if let Some(name) = form.text("FriendlyName") {
        name.clone_into(&mut trunk.friendly_name);
    }
    Ok(())
}

async fn list_originations(
    State(shared): SandboxState,
    Path(sid): Path<String>,
    request: TwilioRequest,
) -> TwilioAnswer {
    let account = shared.account_of(&request);
    let trunk = account.trunks.get(&sid).ok_or_else(|| request.not_found())?;
    let page = request.page(trunk.origination_urls.numbered(), |url| origination_record(url, &sid, &request))?;
    Ok(page.with_meta("origination_urls", &request.origin))
}

async fn create_origination(
    State(shared): SandboxState,
    Path(trunk_sid): Path<String>,
    request: TwilioRequest,
    body: Bytes,
) -> Created {
    let now = shared.clock.now();
    let form = Form::parse(&body);
    let (name, sip_url) = (form.required("FriendlyName")?, form.required("SipUrl")?);
    form.required("Enabled")?;
    let mut url = OriginationUrl {
        sid: sid("OU", &format!("{trunk_sid} {sip_url} {}", now.timestamp_micros())),
        created: now,
        updated: now,
        ..origination(name, sip_url, 10, 10)
    };
    apply_to_origination(&form, &mut url)?;
    let record = origination_record(&url, &trunk_sid, &request);
    let mut account = shared.account_of(&request);
    let trunk = account.trunks.get_mut(&trunk_sid).ok_or_else(|| request.not_found())?;
    trunk.origination_urls.push(url);
    Ok((StatusCode::CREATED, Json(record)))
}

async fn update_origination(
    State(shared): SandboxState,
    Path((trunk_sid, sid)): Path<(String, String)>,
    request: TwilioRequest,
    body: Bytes,
) -> TwilioAnswer {
    let mut account = shared.account_of(&request);
    let trunk = account.trunks.get_mut(&trunk_sid).ok_or_else(|| request.not_found())?;
    let url = trunk.origination_urls.get_mut(&sid).ok_or_else(|| request.not_found())?;
    apply_to_origination(&Form::parse(&body), url)?;
    url.updated = shared.clock.now();
    Ok(Json(origination_record(url, &trunk_sid, &request)))
}

fn apply_to_origination(form: &Form, url: &mut OriginationUrl) -> Result<(), TwilioError> {
    let (weight, priority) = (form.parsed("Weight")?, form.parsed("Priority")?);
    let enabled = form.parsed("Enabled")?;
    url.weight = weight.unwrap_or(url.weight);
    url.priority = priority.unwrap_or(url.priority);
    url.enabled = enabled.unwrap_or(url.enabled);
    if let Some(name) = form.text("FriendlyName") {
        name.clone_into(&mut url.friendly_name);
    }
    if let Some(address) = form.text("SipUrl") {
        address.clone_into(&mut url.sip_url);
    }
    Ok(())
}

async fn delete_origination(
    State(shared): SandboxState,
    Path((trunk_sid, sid)): Path<(String, String)>,
    request: TwilioRequest,
) -> Result<StatusCode, TwilioError> {
    let mut account = shared.account_of(&request);
    let trunk = account.trunks.get_mut(&trunk_sid).ok_or_else(|| request.not_found())?;
    trunk.origination_urls.remove(&sid).ok_or_else(|| request.not_found())?;
    Ok(StatusCode::NO_CONTENT)
}

async fn list_credential_lists(
    State(shared): SandboxState,
    Path(sid): Path<String>,
    request: TwilioRequest,
) -> TwilioAnswer {
    let account = shared.account_of(&request);
    let trunk = account.trunks.get(&sid).ok_or_else(|| request.not_found())?;
    let lists = trunk.credential_lists.iter().filter_map(|list| account.credential_lists.get(list));
    let rows: Vec<_> = (0..).zip(lists).collect();
    let page = request.page(rows.into_iter(), |list| credential_list_record(list, &sid, &request))?;
    Ok(page.with_meta("credential_lists", &request.origin))
}

async fn list_ip_access_control_lists(
    State(shared): SandboxState,
    Path(sid): Path<String>,
    request: TwilioRequest,
) -> TwilioAnswer {
    let account = shared.account_of(&request);
    let trunk = account.trunks.get(&sid).ok_or_else(|| request.not_found())?;
    let rows: Vec<_> = (0..).zip(&trunk.ip_access_control_lists).collect();
    let page =
        request.page(rows.into_iter(), |(list, name)| ip_access_control_list_record(trunk, list, name, &request))?;
    Ok(page.with_meta("ip_access_control_lists", &request.origin))
}

async fn list_numbers(State(shared): SandboxState, Path(sid): Path<String>, request: TwilioRequest) -> TwilioAnswer {
    let account = shared.account_of(&request);
    account.trunks.get(&sid).ok_or_else(|| request.not_found())?;
    let rows = account.numbers.numbered().filter(|(_, number)| number.trunk_sid.as_ref() == Some(&sid));
    let page = request.page(rows, |number| number_record(number, &sid, &request))?;
    Ok(page.with_meta("phone_numbers", &request.origin))
}

async fn attach_number(
    State(shared): SandboxState,
    Path(trunk_sid): Path<String>,
    request: TwilioRequest,
    body: Bytes,
) -> Created {
    let form = Form::parse(&body);
    let mut account = shared.account_of(&request);
    account.trunks.get(&trunk_sid).ok_or_else(|| request.not_found())?;
    let number = account.numbers.get_mut(form.required("PhoneNumberSid")?).ok_or_else(|| request.not_found())?;
    number.trunk_sid = Some(trunk_sid.clone());
    number.updated = shared.clock.now();
    Ok((StatusCode::CREATED, Json(number_record(number, &trunk_sid, &request))))
}

async fn detach_number(
    State(shared): SandboxState,
    Path((trunk_sid, number_sid)): Path<(String, String)>,
    request: TwilioRequest,
) -> Result<StatusCode, TwilioError> {
    let mut account = shared.account_of(&request);
    let number = account
        .numbers
        .get_mut(&number_sid)
        .filter(|number| number.trunk_sid.as_ref() == Some(&trunk_sid))
        .ok_or_else(|| request.not_found())?;
    number.trunk_sid = None;
    number.updated = shared.clock.now();
    Ok(StatusCode::NO_CONTENT)
}
