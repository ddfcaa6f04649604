//! Retell's agents: the paged list, the older list of every version, and one agent.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use super::account::Agent;
use super::paging::page;
use super::retell_answer::{RetellError, RetellRequest};
use super::server::Shared;

type Answer = Result<Json<Value>, RetellError>;
type AppState = State<Arc<Shared>>;

/// The routes of agents.
pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/v2/list-agents", post(list_agents))
        .route("/list-agents", get(list_versions))
        .route("/get-agent/{agent}", get(get_agent))
}

async fn list_agents(State(shared): AppState, request: RetellRequest) -> Answer {
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

/// The older list: every version of every agent, newest first, after the pair of agent id and version.
async fn list_versions(State(shared): AppState, request: RetellRequest) -> Answer {
    let account = shared.account();
    let only_latest = request.parameter("is_latest") == Some("true");
    let versions = |agent: &Agent| if only_latest { agent.version..=agent.version } else { 0..=agent.version };
    let all = request.workspace(&account)?.agents.iter();
    let rows = all.flat_map(|agent| versions(agent).rev().map(move |version| (agent, version)));
    let limit = request.limit(1000)?;
    let answer: Vec<_> = match request.parameter("pagination_key") {
        None => rows.take(limit).map(|(agent, version)| record(agent, version)).collect(),
        Some(key) => {
            let key_version = request.parameter("pagination_key_version").and_then(|version| version.parse().ok());
            let is_key =
                |(agent, version): &(&Agent, u32)| agent.id == key && key_version.unwrap_or(*version) == *version;
            rows.skip_while(|row| !is_key(row))
                .skip(1)
                .take(limit)
                .map(|(agent, version)| record(agent, version))
                .collect()
        }
    };
    Ok(Json(Value::Array(answer)))
}

async fn get_agent(State(shared): AppState, Path(agent): Path<String>, request: RetellRequest) -> Answer {
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
