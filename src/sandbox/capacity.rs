//! What there is room for: Retell's calls at a time, and the numbers that Twilio would sell.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::routing::get;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::account::default_friendly_name;
use super::credentials::ACCOUNT_SID;
use super::generate::free_numbers;
use super::retell_answer::{RetellError, RetellRequest};
use super::server::{SandboxState, Shared};
use super::twilio_answer::{TwilioError, TwilioRequest};

/// A call lasts two hours at most.
const LONGEST_CALL_MS: i64 = 7_200_000;
/// A sample has no more numbers, however many are for sale.
const SAMPLE: usize = 30;

/// How many calls a workspace has, and may have, at a time.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct MadeUpConcurrency {
    /// Calls under way; those that were made up where it is absent.
    pub current: Option<u64>,
    /// The most that there may be.
    pub limit: u64,
    /// How many of those are kept for inbound calls.
    pub reserved_inbound: u64,
    /// Whether there may be more, at a surcharge.
    pub burst: bool,
}

impl Default for MadeUpConcurrency {
    fn default() -> Self {
        Self { current: None, limit: 20, reserved_inbound: 0, burst: false }
    }
}

impl MadeUpConcurrency {
    /// The most that there may be at a surcharge; 0 where that is off.
    fn burst_limit(self) -> u64 {
        if self.burst { self.limit.saturating_mul(3).min(self.limit.saturating_add(300)) } else { 0 }
    }
}

impl Shared {
    /// How many calls of a workspace are under way at a moment.
    fn calls_under_way(&self, workspace: &str, set: MadeUpConcurrency, now_ms: i64) -> u64 {
        set.current.unwrap_or_else(|| {
            let calls = self.calls.between(workspace, now_ms - LONGEST_CALL_MS, now_ms);
            calls.into_iter().filter(|call| call.end_ms() > now_ms).count() as u64
        })
    }

    /// Whether a workspace has no room for one call more.
    pub(super) fn is_at_its_limit(&self, workspace: &str, now_ms: i64) -> bool {
        let set = self.account().workspaces.get(workspace).map(|records| records.concurrency).unwrap_or_default();
        self.calls_under_way(workspace, set, now_ms) >= set.limit.max(set.burst_limit())
    }
}

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/get-concurrency", get(concurrency))
        .route("/2010-04-01/Accounts/{account}/AvailablePhoneNumbers/{country}/{kind}", get(available_numbers))
}

async fn concurrency(State(shared): SandboxState, request: RetellRequest) -> Result<Json<Value>, RetellError> {
    let set = request.workspace(&shared.account())?.concurrency;
    let now = shared.clock.present().timestamp_millis();
    Ok(Json(json!({
        "current_concurrency": shared.calls_under_way(request.workspace_name(), set, now),
        "concurrency_limit": set.limit,
        "base_concurrency": set.limit.min(20),
        "purchased_concurrency": set.limit.saturating_sub(20),
        "concurrency_purchase_limit": 100,
        "remaining_purchase_limit": 100_u64.saturating_sub(set.limit.saturating_sub(20)),
        "concurrency_burst_enabled": set.burst,
        "concurrency_burst_limit": set.burst_limit(),
        "reserved_inbound_concurrency": set.reserved_inbound,
    })))
}

/// A sample of fictional numbers of the United States that the account does not have.
async fn available_numbers(
    State(shared): SandboxState,
    Path((_, country, kind)): Path<(String, String, String)>,
    request: TwilioRequest,
) -> Result<Json<Value>, TwilioError> {
    if country != "US" {
        return Err(TwilioError::not_found(&request.path));
    }
    let (is_toll_free, area) = match kind.as_str() {
        "Local.json" => (false, "415"),
        "TollFree.json" => (true, "888"),
        _ => return Err(TwilioError::not_found(&request.path)),
    };
    let area = request.parameter("AreaCode").unwrap_or(area);
    let most = request.parameter("PageSize").and_then(|size| size.parse().ok()).unwrap_or(SAMPLE).min(SAMPLE);
    let account = shared.account();
    let is_taken = |wanted: &str| account.numbers.iter().any(|number| number.phone_number == wanted);
    let is_of_kind = |number: &String| super::twilio::is_toll_free(number) == is_toll_free;
    let numbers = free_numbers(area, is_taken).filter(is_of_kind).take(most);
    let records: Vec<_> = numbers.map(|number| available_number(&number, is_toll_free)).collect();
    let uri = format!("/2010-04-01/Accounts/{ACCOUNT_SID}/AvailablePhoneNumbers/{country}/{kind}");
    Ok(Json(json!({ "available_phone_numbers": records, "uri": uri })))
}

fn available_number(number: &str, is_toll_free: bool) -> Value {
    let place = |text: &str| if is_toll_free { Value::Null } else { json!(text) };
    json!({
        "phone_number": number,
        "friendly_name": default_friendly_name(number),
        "locality": place("Springfield"),
        "rate_center": place("SPRINGFLD"),
        "region": place("CA"),
        "postal_code": place("94000"),
        "lata": place("722"),
        "latitude": place("37.700000"),
        "longitude": place("-122.400000"),
        "iso_country": "US",
        "address_requirements": "none",
        "beta": false,
        "capabilities": { "voice": true, "sms": true, "mms": !is_toll_free },
    })
}
