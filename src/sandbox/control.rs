//! The sandbox's own endpoints, below `/_sandbox`: health, the request log, faults. No provider has them.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::error::Error;

use super::capacity::MadeUpConcurrency;
use super::faults::{Fault, Faults};
use super::made_calls::CallRequest;
use super::server::{SandboxState, Shared};
use super::webhook_spec::WebhookFault;

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/_sandbox/health", get(health))
        .route("/_sandbox/requests", get(requests).delete(forget_requests))
        .route("/_sandbox/calls", post(make_call))
        .route("/_sandbox/webhooks", get(webhooks).post(set_webhook_faults).delete(clear_webhook_faults))
        .route("/_sandbox/faults", get(list_faults).post(add_faults).delete(clear_faults))
        .route("/_sandbox/concurrency/{workspace}", post(set_concurrency))
}

async fn health(State(shared): SandboxState) -> Json<Value> {
    let account = shared.account();
    let workspaces = account.workspaces.iter().map(|(name, workspace)| {
        let counts = json!({ "numbers": workspace.numbers.len(), "agents": workspace.agents.len() });
        ((*name).to_owned(), counts)
    });
    Json(json!({
        "status": "ok",
        "uptime_ms": u64::try_from(shared.log.uptime().as_millis()).unwrap_or(u64::MAX),
        "twilio": { "numbers": account.numbers.len(), "trunks": account.trunks.len() },
        "workspaces": Value::Object(workspaces.collect()),
    }))
}

async fn requests(State(shared): SandboxState) -> Json<Value> {
    Json(json!({ "max_concurrency": shared.log.most_in_flight(), "requests": shared.log.records() }))
}

async fn forget_requests(State(shared): SandboxState) -> StatusCode {
    shared.log.clear();
    StatusCode::NO_CONTENT
}

/// Lets a call begin now: `{"to": "+1…", "seconds": 60}`, or `from` for one that our number makes.
async fn make_call(State(shared): SandboxState, body: Bytes) -> Response {
    let request: Result<CallRequest, _> = serde_json::from_slice(&body);
    let made = request
        .map_err(|error| {
            Error::failed("the body is no call").caused_by(error).hint("send `{\"to\": \"+1…\", \"seconds\": 60}`")
        })
        .and_then(|request| shared.make_call(&request));
    match made {
        Ok((workspace, call)) => Json(json!({
            "call_id": call.id, "workspace": workspace, "phone_number": &*call.number,
            "agent_id": call.agent.agent_id, "start_timestamp": call.start_ms, "duration_ms": call.duration_ms,
        }))
        .into_response(),
        Err(error) => bad_request(&error),
    }
}

async fn webhooks(State(shared): SandboxState) -> Json<Value> {
    let faults: Vec<_> = shared.outbox.faults().iter().map(ToString::to_string).collect();
    Json(json!({ "faults": faults, "deliveries": shared.outbox.deliveries() }))
}

/// Lets the faults of the body happen to events, one a line; none where one makes no sense.
async fn set_webhook_faults(State(shared): SandboxState, body: String) -> Response {
    let lines = body.lines().map(str::trim).filter(|line| !line.is_empty());
    match lines.map(str::parse).collect::<Result<Vec<WebhookFault>, Error>>() {
        Ok(faults) => {
            shared.outbox.set_faults(faults);
            webhooks(State(shared)).await.into_response()
        }
        Err(error) => bad_request(&error),
    }
}

async fn clear_webhook_faults(State(shared): SandboxState) -> StatusCode {
    shared.outbox.set_faults(Vec::new());
    StatusCode::NO_CONTENT
}

async fn list_faults(State(shared): SandboxState) -> Json<Value> {
    Json(fault_list(&shared.faults()))
}

/// Adds the faults of the body, one line each; all of them or, when one makes no sense, none.
async fn add_faults(State(shared): SandboxState, body: String) -> Response {
    let lines = body.lines().map(str::trim).filter(|line| !line.is_empty());
    match lines.map(str::parse).collect::<Result<Vec<Fault>, Error>>() {
        Ok(added) if added.is_empty() => bad_request(&no_fault()),
        Ok(added) => {
            let mut faults = shared.faults();
            for fault in added {
                faults.add(fault);
            }
            Json(fault_list(&faults)).into_response()
        }
        Err(error) => bad_request(&error),
    }
}

fn no_fault() -> Error {
    Error::failed("the body names no fault").hint("send one line per fault, such as `status:503,provider=retell,nth=1`")
}

fn bad_request(error: &Error) -> Response {
    let body = json!({ "error": { "message": error.message(), "hint": error.hint_text() } });
    (StatusCode::BAD_REQUEST, Json(body)).into_response()
}

/// Sets how many calls a workspace has, and may have, at a time; what the body does not name is as at the start.
async fn set_concurrency(State(shared): SandboxState, Path(workspace): Path<String>, body: String) -> Response {
    let set = match serde_json::from_str::<MadeUpConcurrency>(&body) {
        Ok(set) => set,
        Err(error) => return bad_request(&no_concurrency(&error.to_string())),
    };
    match shared.account().workspaces.get_mut(workspace.as_str()) {
        Some(records) => records.concurrency = set,
        None => return bad_request(&no_concurrency(&format!("there is no workspace `{workspace}`"))),
    }
    StatusCode::NO_CONTENT.into_response()
}

fn no_concurrency(why: &str) -> Error {
    Error::failed(format!("the concurrency cannot be set: {why}"))
        .hint("send JSON such as `{\"current\": 19, \"limit\": 20, \"reserved_inbound\": 0, \"burst\": false}`")
}

async fn clear_faults(State(shared): SandboxState) -> StatusCode {
    shared.faults().clear();
    StatusCode::NO_CONTENT
}

fn fault_list(faults: &Faults) -> Value {
    let rows = faults.iter().map(|(fault, matched)| json!({ "fault": fault.to_string(), "matched": matched }));
    json!({ "faults": rows.collect::<Vec<_>>() })
}
