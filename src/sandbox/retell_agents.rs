//! Retell's agents, the paged list and one of them; and the organisation that a key belongs to.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use super::account::Agent;
use super::paging::page;
use super::retell_answer::{RetellAnswer, RetellError, RetellRequest};
use super::server::{SandboxState, Shared};

/// The routes of agents and of the key.
pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/v2/list-agents", post(list_agents))
        .route("/get-agent/{agent}", get(get_agent))
        .route("/get-api-key-info", get(key_info))
}

async fn list_agents(State(shared): SandboxState, request: RetellRequest) -> RetellAnswer {
    let account = shared.account();
    let query = request.page_query(50)?;
    let page = page(request.workspace(&account)?.agents.numbered(), query.order, query.cursor, query.limit);
    let items: Vec<_> = page.rows.into_iter().map(summary).collect();
    let mut answer = json!({ "items": items, "has_more": page.next.is_some() });
    if let Some(row) = page.next {
        answer["pagination_key"] = json!(RetellRequest::pagination_key(row));
    }
    Ok(Json(answer))
}

async fn key_info(request: RetellRequest) -> Json<Value> {
    let name = request.workspace_name();
    Json(json!({ "org_id": format!("org_sandbox_{name}"), "org_name": name, "api_key_name": "sandbox" }))
}

async fn get_agent(State(shared): SandboxState, Path(agent): Path<String>, request: RetellRequest) -> RetellAnswer {
    let account = shared.account();
    let agent = request.workspace(&account)?.agents.get(&agent).ok_or_else(RetellError::unknown_asset)?;
    let version = request.parameter("version").map_or(Ok(agent.version), |version| {
        version.parse().map_err(|_| RetellError::bad_request("version must be a whole number"))
    })?;
    if version > agent.version { Err(RetellError::unknown_asset()) } else { Ok(Json(record(agent, version))) }
}

fn summary(agent: &Agent) -> Value {
    json!({
        "agent_id": agent.id,
        "agent_name": agent.name,
        "channel": agent.channel,
        "is_suspended": false,
        "is_transfer_agent": false,
        "tags": {},
        "user_modified_timestamp": agent.modified.timestamp_millis(),
    })
}

fn record(agent: &Agent, version: u32) -> Value {
    json!({
        "agent_id": agent.id,
        "version": version,
        "base_version": version.checked_sub(1),
        "is_published": version < agent.version,
        "agent_name": agent.name,
        "channel": agent.channel,
        "response_engine": { "type": "retell-llm", "llm_id": format!("llm_{}", agent.id), "version": version },
        "voice_id": "11labs-Adrian",
        "language": "en-US",
        "last_modification_timestamp": agent.modified.timestamp_millis(),
    })
}
