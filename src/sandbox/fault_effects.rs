//! What a fault does to an answer: replaced, rewritten, cut, slowed down.

use std::convert::Infallible;
use std::io;
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, LOCATION, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};

use super::call_record;
use super::faults::{Fault, FaultKind, Provider};
use super::twilio_answer::{REPEATED_PAGE, TwilioError};

/// The largest answer that a fault rewrites, in bytes.
const MAX_ANSWER: usize = 1 << 28;

/// The path of the sandbox that redirects and foreign pages lead to, so that the log shows who followed.
pub(super) const FOLLOWED: &str = "/_sandbox/followed";

/// What an effect needs to know about the request.
pub(super) struct Asked {
    /// The path with its query.
    pub(super) path: String,
    pub(super) port: u16,
    /// The present, in milliseconds since 1970.
    pub(super) now_ms: i64,
}

/// The answer of a fault that leaves nothing to the provider, if `fault` is one.
pub(super) fn replacement(fault: &Fault, asked: &Asked) -> Option<Response> {
    match fault.kind() {
        FaultKind::Status(code) => Some(status_answer(*code, fault.retry_after(), &asked.path)),
        FaultKind::Html => Some(html_answer()),
        FaultKind::Redirect(target) => Some(redirect_answer(target.as_deref(), asked)),
        FaultKind::Oversized(mebibytes) => Some(oversized_answer(*mebibytes)),
        _ => None,
    }
}

fn status_answer(code: u16, retry_after: Option<&str>, path: &str) -> Response {
    let status = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let reason = if code == 429 { "Too Many Requests" } else { status.canonical_reason().unwrap_or("Failed") };
    let mut response = if Provider::of_path(path) == Provider::Retell {
        (status, axum::Json(json!({ "status": "error", "message": reason }))).into_response()
    } else {
        TwilioError::new(code, if code == 401 { 20003 } else { 20_000 + u32::from(code) }, reason).into_response()
    };
    if let Some(seconds) = retry_after.and_then(|seconds| HeaderValue::from_str(seconds).ok()) {
        response.headers_mut().insert(RETRY_AFTER, seconds);
    }
    response
}

fn html_answer() -> Response {
    let page = "<!DOCTYPE html><html><head><title>Maintenance</title></head><body><h1>We'll be back</h1></body></html>";
    ([(CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response()
}

fn redirect_answer(target: Option<&str>, asked: &Asked) -> Response {
    let own = format!("http://localhost:{}{FOLLOWED}{}", asked.port, asked.path);
    let location = HeaderValue::from_str(target.unwrap_or(&own)).unwrap_or(HeaderValue::from_static(FOLLOWED));
    (StatusCode::TEMPORARY_REDIRECT, [(LOCATION, location)]).into_response()
}

/// White space is valid JSON, so only a limit on the size can stop a reader of this.
fn oversized_answer(mebibytes: u64) -> Response {
    let blank = Bytes::from(vec![b' '; 1 << 16]);
    let blanks = stream::iter((0..mebibytes * 16).map(move |_| Ok::<_, Infallible>(blank.clone())));
    let open = stream::iter([Ok(Bytes::from_static(b"{\"items\":["))]);
    let close = stream::iter([Ok(Bytes::from_static(b"],\"has_more\":false}"))]);
    ([(CONTENT_TYPE, "application/json")], Body::from_stream(open.chain(blanks).chain(close))).into_response()
}

/// An answer taken apart, so that its text can be changed.
struct Taken {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

/// Applies the effect of `fault` to the provider's own answer.
pub(super) async fn spoil(fault: &Fault, asked: &Asked, response: Response) -> Response {
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, MAX_ANSWER).await.unwrap_or_default();
    let taken = Taken { status: parts.status, headers: parts.headers, body };
    match fault.kind() {
        FaultKind::Slow(pause) => taken.with_body(|body| slow_body(&body, *pause)),
        FaultKind::Truncate => truncated(taken),
        FaultKind::HalfJson => taken.with_body(|body| Body::from(body.slice(..body.len() / 2))),
        kind => taken.with_body(|body| Body::from(rewritten(kind, asked, &body).map_or(body, Bytes::from))),
    }
}

impl Taken {
    fn with_body(mut self, body: impl FnOnce(Bytes) -> Body) -> Response {
        self.headers.remove(CONTENT_LENGTH);
        (self.status, self.headers, body(self.body)).into_response()
    }
}

fn slow_body(body: &Bytes, pause: Duration) -> Body {
    let pieces: Vec<_> = body.chunks(64).map(Bytes::copy_from_slice).collect();
    Body::from_stream(stream::iter(pieces).then(move |piece| async move {
        tokio::time::sleep(pause).await;
        Ok::<_, Infallible>(piece)
    }))
}

/// The length promises the whole body; half of it arrives before the connection breaks.
fn truncated(mut taken: Taken) -> Response {
    let length = taken.body.len();
    taken.headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    let half = stream::iter([Ok(taken.body.slice(..length / 2))]);
    let broken = stream::once(async {
        // While the body has nothing to give, the server flushes; at once, the error would overtake the first half.
        tokio::task::yield_now().await;
        Err(io::Error::new(io::ErrorKind::ConnectionAborted, "the fault `truncate` ends the body here"))
    });
    (taken.status, taken.headers, Body::from_stream(half.chain(broken))).into_response()
}

/// The JSON that a fault makes of an answer; none where the body is not JSON.
fn rewritten(kind: &FaultKind, asked: &Asked, body: &[u8]) -> Option<Vec<u8>> {
    let mut answer: Value = serde_json::from_slice(body).ok()?;
    match kind {
        FaultKind::RepeatPage => repeat_page(&mut answer, asked),
        FaultKind::ForeignPage(base) => foreign_page(&mut answer, asked, base.as_deref()),
        FaultKind::WrongType => set_first(&mut answer, &["phone_number", "sid", "agent_id"], json!(42)),
        FaultKind::UnknownEnum => {
            let fields = ["phone_number_type", "type", "auth_type", "channel"];
            set_first(&mut answer, &fields, json!("carrier-pigeon"));
        }
        FaultKind::LateCost(late) => withhold_costs(&mut answer, asked.now_ms, *late),
        FaultKind::Duplicate => {
            if let Some(records) = records_of(&mut answer) {
                records.extend(records.first().cloned());
            }
        }
        _ => {}
    }
    serde_json::to_vec(&answer).ok()
}

/// The names under which the providers' lists stand.
const LISTS: [&str; 8] = [
    "items",
    "incoming_phone_numbers",
    "trunks",
    "origination_urls",
    "phone_numbers",
    "credential_lists",
    "credentials",
    "ip_access_control_lists",
];

/// The records of a list answer, of either provider.
pub(super) fn records_of(answer: &mut Value) -> Option<&mut Vec<Value>> {
    match answer {
        Value::Array(records) => Some(records),
        Value::Object(fields) => {
            let list = fields.iter_mut().find(|(name, _)| LISTS.contains(&name.as_str()));
            list.and_then(|(_, records)| records.as_array_mut())
        }
        _ => None,
    }
}

/// Overwrites the first of `fields` that the first record (or the only one) has.
fn set_first(answer: &mut Value, fields: &[&str], value: Value) {
    let is_list = answer.is_array() || !fields.iter().any(|field| answer.get(*field).is_some());
    let record = if is_list { records_of(answer).and_then(|records| records.first_mut()) } else { Some(answer) };
    let Some(record) = record else { return };
    if let Some(slot) = fields.iter().find_map(|field| record.get(*field).is_some().then_some(*field)) {
        record[slot] = value;
    }
}

/// Says that calls cost nothing which ended less than so long ago.
fn withhold_costs(answer: &mut Value, now_ms: i64, late: Duration) {
    let late_ms = i64::try_from(late.as_millis()).unwrap_or(i64::MAX);
    let is_early =
        |call: &Value| call["end_timestamp"].as_i64().is_some_and(|end| end.saturating_add(late_ms) > now_ms);
    let withhold = |call: &mut Value| {
        if is_early(call) {
            call["call_cost"] = call_record::no_cost();
        }
    };
    match records_of(answer) {
        Some(calls) => calls.iter_mut().for_each(withhold),
        None => withhold(answer),
    }
}

/// Leads from each page back to the first one.
fn repeat_page(answer: &mut Value, asked: &Asked) {
    let path = asked.path.split('?').next().unwrap_or_default();
    let link = format!("{path}?PageSize=50&Page=1&PageToken={REPEATED_PAGE}");
    if answer.get("next_page_uri").is_some() {
        answer["next_page_uri"] = json!(link);
    } else if answer.get("meta").is_some() {
        answer["meta"]["next_page_url"] = json!(format!("http://127.0.0.1:{}{link}", asked.port));
    } else if answer.get("has_more").is_some() {
        answer["has_more"] = json!(true);
        answer["pagination_key"] = json!(REPEATED_PAGE);
    }
}

/// Leads the next page of a Twilio list to another host; Retell's keys name none.
fn foreign_page(answer: &mut Value, asked: &Asked, base: Option<&str>) {
    let own = format!("http://localhost:{}{FOLLOWED}", asked.port);
    let link = json!(format!("{}{}", base.unwrap_or(&own), asked.path));
    if answer.get("next_page_uri").is_some() {
        answer["next_page_uri"] = link;
    } else if answer.get("meta").is_some() {
        answer["meta"]["next_page_url"] = link;
    }
}

/// The identity of the last record of a page that has a successor: what `vanish` counts from.
pub(super) fn last_of_page(body: &[u8]) -> Option<String> {
    let mut answer: Value = serde_json::from_slice(body).ok()?;
    let has_next = answer["has_more"] == json!(true) || answer["next_page_uri"].is_string();
    let last = records_of(&mut answer)?.last()?.clone();
    last["phone_number"].as_str().filter(|_| has_next).map(str::to_owned)
}
