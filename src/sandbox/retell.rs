//! Retell's phone numbers: list, get, import, buy, update, delete; each key sees its own workspace.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{delete, get, patch, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use super::account::{RetellNumber, SandboxWorkspace, SipTrunkConfig};
use super::generate::free_number;
use super::paging::page;
use super::retell_answer::{RetellAnswer, RetellError, RetellRequest};
use super::retell_body::{BodyField, Nullable, NumberBody};
use super::server::{SandboxState, Shared};
use super::twilio::{is_e164, is_toll_free};

type Created = Result<(StatusCode, Json<Value>), RetellError>;

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/v2/list-phone-numbers", get(list_numbers))
        .route("/get-phone-number/{number}", get(get_number))
        .route("/import-phone-number", post(import_number))
        .route("/create-phone-number", post(create_number))
        .route("/update-phone-number/{number}", patch(update_number))
        .route("/delete-phone-number/{number}", delete(delete_number))
}

async fn list_numbers(State(shared): SandboxState, request: RetellRequest) -> RetellAnswer {
    let account = shared.account();
    let query = request.page_query(50)?;
    let page = page(request.workspace(&account)?.numbers.numbered(), query.order, query.cursor, query.limit);
    let mut answer = json!({ "items": page.rows, "has_more": page.next.is_some() });
    if let Some(row) = page.next {
        answer["pagination_key"] = json!(RetellRequest::pagination_key(row));
    }
    Ok(Json(answer))
}

async fn get_number(State(shared): SandboxState, Path(number): Path<String>, request: RetellRequest) -> RetellAnswer {
    let account = shared.account();
    let number = request.workspace(&account)?.numbers.get(&number).ok_or_else(RetellError::unknown_asset)?;
    Ok(Json(json!(number)))
}

async fn import_number(State(shared): SandboxState, request: RetellRequest, body: Bytes) -> Created {
    let body = NumberBody::parse(&body)?;
    let phone_number = body.required_text("phone_number")?;
    let termination_uri = body.required_text("termination_uri")?;
    if body.boolean("ignore_e164_validation")? == Some(false) && !is_e164(&phone_number) {
        return Err(RetellError::bad_request(format!("phone_number {phone_number} is not in E.164 format")));
    }
    body.text("sip_trunk_auth_password", Nullable::No)?;
    let mut number = RetellNumber::new(&phone_number, "custom", shared.clock.now());
    number.sip_outbound_trunk_config = Some(SipTrunkConfig {
        termination_uri: Some(termination_uri),
        auth_username: body.text("sip_trunk_auth_username", Nullable::No)?.into_option(),
        transport: Some(body.transport()?.into_option().unwrap_or_else(|| "TCP".to_owned())),
        codecs: body.codecs()?.into_option().unwrap_or_default(),
    });
    add(&shared, &request, &body, number)
}

async fn create_number(State(shared): SandboxState, request: RetellRequest, body: Bytes) -> Created {
    let body = NumberBody::parse(&body)?;
    let provider = match body.text("number_provider", Nullable::No)?.into_option().as_deref() {
        None | Some("twilio") => "retell-twilio",
        Some("telnyx") => "retell-telnyx",
        Some(other) => return Err(RetellError::bad_request(format!("number_provider {other} is not known"))),
    };
    body.transport()?;
    let phone_number = number_to_buy(&shared, &request, &body)?;
    add(&shared, &request, &body, RetellNumber::new(&phone_number, provider, shared.clock.now()))
}

/// The number asked for, or the first free one of the area code (toll-free: 888, else 415).
fn number_to_buy(shared: &Shared, request: &RetellRequest, body: &NumberBody) -> Result<String, RetellError> {
    if let Some(number) = body.text("phone_number", Nullable::No)?.into_option() {
        let is_valid = is_e164(&number);
        return is_valid
            .then_some(number)
            .ok_or_else(|| RetellError::bad_request("phone_number is not in E.164 format"));
    }
    let default = if body.boolean("toll_free")? == Some(true) { 888 } else { 415 };
    let area = body.whole_number("area_code")?.unwrap_or(default).to_string();
    let account = shared.account();
    let workspace = request.workspace(&account)?;
    let is_taken = |wanted: &str| {
        workspace.numbers.get(wanted).is_some() || account.numbers.iter().any(|number| number.phone_number == wanted)
    };
    let free = free_number(&area, is_taken).filter(|number| is_toll_free(number) == (default == 888));
    free.ok_or_else(|| RetellError::bad_request(format!("no phone numbers of area code {area} are available")))
}

/// Completes a new number from the fields that import and purchase share, and stores it.
fn add(shared: &Shared, request: &RetellRequest, body: &NumberBody, mut number: RetellNumber) -> Created {
    let mut account = shared.account();
    let workspace = request.workspace_mut(&mut account)?;
    if workspace.numbers.get(&number.phone_number).is_some() {
        return Err(RetellError::bad_request(format!("phone number {} already exists", number.phone_number)));
    }
    apply_bindings(body, workspace, &mut number).map_err(RetellError::into_bad_request)?;
    body.text("nickname", Nullable::No)?.store(&mut number.nickname);
    apply_fallback(body, workspace, &mut number)?;
    let record = json!(number);
    workspace.numbers.push(number);
    Ok((StatusCode::CREATED, Json(record)))
}

async fn update_number(
    State(shared): SandboxState,
    Path(phone_number): Path<String>,
    request: RetellRequest,
    body: Bytes,
) -> RetellAnswer {
    let body = NumberBody::parse(&body)?;
    let mut account = shared.account();
    let workspace = request.workspace_mut(&mut account)?;
    let mut number = workspace.numbers.get(&phone_number).ok_or_else(RetellError::unknown_asset)?.clone();
    apply_update(&body, workspace, &mut number)?;
    number.touch(shared.clock.now().timestamp_millis());
    let record = json!(number);
    if let Some(stored) = workspace.numbers.get_mut(&phone_number) {
        *stored = number;
    }
    Ok(Json(record))
}

/// Applies everything that only an update may change, besides what every body may set.
fn apply_update(body: &NumberBody, workspace: &SandboxWorkspace, number: &mut RetellNumber) -> Result<(), RetellError> {
    apply_bindings(body, workspace, number)?;
    body.agents("inbound_sms_agents", workspace)?.store(&mut number.inbound_sms_agents);
    body.agents("outbound_sms_agents", workspace)?.store(&mut number.outbound_sms_agents);
    body.text("inbound_sms_webhook_url", Nullable::Yes)?.store(&mut number.inbound_sms_webhook_url);
    body.text("nickname", Nullable::Yes)?.store(&mut number.nickname);
    apply_fallback(body, workspace, number)?;
    apply_sip_config(body, number)
}

/// Applies the agents, the webhook and the countries.
fn apply_bindings(
    body: &NumberBody,
    workspace: &SandboxWorkspace,
    number: &mut RetellNumber,
) -> Result<(), RetellError> {
    body.agents("inbound_agents", workspace)?.store(&mut number.inbound_agents);
    body.agents("outbound_agents", workspace)?.store(&mut number.outbound_agents);
    body.text("inbound_webhook_url", Nullable::Yes)?.store(&mut number.inbound_webhook_url);
    body.countries("allowed_inbound_country_list")?.store(&mut number.allowed_inbound_country_list);
    body.countries("allowed_outbound_country_list")?.store(&mut number.allowed_outbound_country_list);
    Ok(())
}

/// A fallback is another number, and one that has no fallback of its own.
fn apply_fallback(
    body: &NumberBody,
    workspace: &SandboxWorkspace,
    number: &mut RetellNumber,
) -> Result<(), RetellError> {
    let field = body.text("fallback_number", Nullable::Yes)?;
    if let BodyField::Value(fallback) = &field {
        if *fallback == number.phone_number {
            return Err(RetellError::bad_request("fallback_number cannot be the number itself"));
        }
        if workspace.numbers.get(fallback).is_some_and(|other| other.fallback_number.is_some()) {
            return Err(RetellError::bad_request("fallback_number already has a fallback of its own"));
        }
    }
    field.store(&mut number.fallback_number);
    Ok(())
}

/// Applies the trunk's address and user; the password is checked for its type and forgotten.
fn apply_sip_config(body: &NumberBody, number: &mut RetellNumber) -> Result<(), RetellError> {
    let termination_uri = body.text("termination_uri", Nullable::No)?;
    let auth_username = body.text("auth_username", Nullable::No)?;
    let transport = body.transport()?;
    let codecs = body.codecs()?;
    body.text("auth_password", Nullable::No)?;
    if termination_uri.is_absent() && auth_username.is_absent() && transport.is_absent() && codecs.is_absent() {
        return Ok(());
    }
    let empty = SipTrunkConfig { termination_uri: None, auth_username: None, transport: None, codecs: Vec::new() };
    let config = number.sip_outbound_trunk_config.get_or_insert(empty);
    termination_uri.store(&mut config.termination_uri);
    auth_username.store(&mut config.auth_username);
    transport.store(&mut config.transport);
    if let BodyField::Value(codecs) = codecs {
        config.codecs = codecs;
    }
    Ok(())
}

async fn delete_number(
    State(shared): SandboxState,
    Path(number): Path<String>,
    request: RetellRequest,
) -> Result<StatusCode, RetellError> {
    let mut account = shared.account();
    request.workspace_mut(&mut account)?.numbers.remove(&number).ok_or_else(RetellError::unknown_asset)?;
    Ok(StatusCode::NO_CONTENT)
}
