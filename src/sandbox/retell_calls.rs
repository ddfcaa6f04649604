//! Retell's calls: the paged list, and one by its id. Each key sees its own workspace.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use super::call_filters::CallFilters;
use super::call_record;
use super::calls::{Calls, MadeUpCall};
use super::retell_answer::{RetellError, RetellRequest};
use super::server::{SandboxState, Shared};
use super::twilio_answer::REPEATED_PAGE;

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new().route("/v3/list-calls", post(list_calls)).route("/v2/get-call/{call}", get(get_call))
}

/// What a list is asked for.
struct CallQuery {
    filters: CallFilters,
    is_ascending: bool,
    limit: usize,
    skip: usize,
    /// Start and id of the last call of the page before.
    behind: Option<(i64, String)>,
    wants_total: bool,
}

impl CallQuery {
    fn parse(body: &[u8], request: &RetellRequest) -> Result<Self, RetellError> {
        let bad = |text: &str| RetellError::bad_request(text);
        let body: Value = if body.is_empty() {
            json!({})
        } else {
            serde_json::from_slice(body).map_err(|_| bad("the body is not JSON"))?
        };
        let count = |name: &str, default: usize| match &body[name] {
            Value::Null => Ok(default),
            value => value
                .as_u64()
                .and_then(|count| usize::try_from(count).ok())
                .ok_or_else(|| bad("a whole number is needed")),
        };
        let limit = count("limit", 50)?;
        if !(1..=1000).contains(&limit) {
            return Err(bad("limit must be a whole number from 1 to 1000"));
        }
        let key = body["pagination_key"].as_str().filter(|key| *key != REPEATED_PAGE);
        if body["pagination_key"].is_string() && !body["skip"].is_null() {
            return Err(bad("skip and pagination_key cannot be used together"));
        }
        let is_ascending = match body["sort_order"].as_str() {
            None | Some("descending") => false,
            Some("ascending") => true,
            Some(_) => return Err(bad("sort_order is not known")),
        };
        Ok(Self {
            filters: CallFilters::parse(body.get("filter_criteria"))?,
            is_ascending,
            // A fault may ask for shorter pages, by the query.
            limit: limit.min(request.limit(1000)?),
            skip: count("skip", 0)?,
            behind: key.map(|key| behind(key).ok_or_else(|| bad("pagination_key is invalid"))).transpose()?,
            wants_total: body["include_total"] == json!(true),
        })
    }
}

impl CallQuery {
    /// The calls of the time that is left, in the order that was asked for.
    fn rest(&self, calls: &Calls, workspace: &str, (from, until): (i64, i64)) -> Vec<MadeUpCall> {
        let (from, until) = match (&self.behind, self.is_ascending) {
            (Some((start, _)), true) => (from.max(*start), until),
            (Some((start, _)), false) => (from, until.min(*start)),
            (None, _) => (from, until),
        };
        let mut rest = calls.between(workspace, from, until);
        if !self.is_ascending {
            rest.reverse();
        }
        rest
    }

    fn comes_behind(&self, call: &MadeUpCall) -> bool {
        self.behind.as_ref().is_none_or(|(start, id)| {
            let (at, last) = ((call.start_ms, call.id.as_str()), (*start, id.as_str()));
            if self.is_ascending { at > last } else { at < last }
        })
    }
}

fn behind(key: &str) -> Option<(i64, String)> {
    let (start, id) = key.strip_prefix("pk_")?.split_once('.')?;
    Some((start.parse().ok()?, id.to_owned()))
}

async fn list_calls(
    State(shared): SandboxState,
    request: RetellRequest,
    body: Bytes,
) -> Result<Json<Value>, RetellError> {
    let query = CallQuery::parse(&body, &request)?;
    let (from, until) = query.filters.start_bounds();
    let calls = &shared.calls;
    let until = until.min(calls.present_ms(&shared.clock).max(shared.clock.present().timestamp_millis()));
    let all = || calls.between(request.workspace_name(), from, until);
    let matching = |call: &MadeUpCall| {
        let now = call.present_ms(&shared.clock);
        let record = (call.start_ms <= now).then(|| call_record::listed(call, now));
        record.filter(|record| query.filters.admits(record))
    };
    let mut rest = query.rest(calls, request.workspace_name(), (from, until));
    rest.retain(|call| query.comes_behind(call));
    let mut rest = rest.iter().filter_map(|call| Some((call, matching(call)?))).skip(query.skip);
    let (listed, items): (Vec<&MadeUpCall>, Vec<Value>) = rest.by_ref().take(query.limit).unzip();
    let has_more = rest.next().is_some();
    let mut answer = json!({ "items": items, "has_more": has_more });
    if let Some(last) = listed.last().filter(|_| has_more) {
        answer["pagination_key"] = json!(format!("pk_{}.{}", last.start_ms, last.id));
    }
    if query.wants_total {
        answer["total"] = json!(all().iter().filter_map(matching).count());
    }
    Ok(Json(answer))
}

async fn get_call(
    State(shared): SandboxState,
    Path(call): Path<String>,
    request: RetellRequest,
) -> Result<Json<Value>, RetellError> {
    let found = shared.calls.by_id(request.workspace_name(), &call);
    let is_begun = |call: &MadeUpCall| call.start_ms <= call.present_ms(&shared.clock);
    let found = found.filter(is_begun).ok_or_else(RetellError::unknown_asset)?;
    let mut record = call_record::listed(&found, found.present_ms(&shared.clock));
    record["transcript"] = json!("Agent: Hello.\nUser: This is Ada Example.");
    Ok(Json(record))
}
