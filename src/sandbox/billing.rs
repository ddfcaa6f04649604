//! Twilio's price lists and usage records: what numbers and minutes cost, and what was billed for the made-up calls.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::routing::get;
use axum::{Json, Router};
use chrono::{Datelike, NaiveDate};
use serde_json::{Value, json};

use super::calls::MadeUpCall;
use super::server::{SandboxState, Shared};
use super::twilio_answer::{TwilioAnswer, TwilioError, TwilioRequest};

/// Each country's prices: a month of a local and of a toll-free number, in cents, and a minute of a call to each, in
/// millionths of a dollar.
const COUNTRIES: [(&str, &str, [u64; 2], [u64; 2]); 2] =
    [("US", "United States", [115, 215], [8_500, 22_000]), ("GB", "United Kingdom", [115, 0], [10_000, 0])];
/// A minute of a call from a number, in millionths of a dollar.
const OUTBOUND_MINUTE: u64 = 13_000;

/// The routes of prices and usage.
pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/v1/PhoneNumbers/Countries/{country}", get(number_prices))
        .route("/v2/Trunking/Countries/{country}", get(trunking_prices))
        .route("/2010-04-01/Accounts/{account}/Usage/Records.json", get(usage_records))
}

type Prices = (&'static str, &'static str, [u64; 2], [u64; 2]);

fn country(code: &str, request: &TwilioRequest) -> Result<&'static Prices, TwilioError> {
    COUNTRIES.iter().find(|(known, ..)| *known == code).ok_or_else(|| TwilioError::not_found(&request.path))
}

/// A list of prices; a kind that costs nothing is not sold.
fn price_list(local: &str, toll_free: Option<&str>) -> Value {
    json!([
        { "number_type": "local", "base_price": local, "current_price": local },
        { "number_type": "toll free", "base_price": toll_free, "current_price": toll_free },
    ])
}

async fn number_prices(Path(code): Path<String>, request: TwilioRequest) -> TwilioAnswer {
    let (iso, name, [local, toll_free], _) = country(&code, &request)?;
    let text = |cents: u64| format!("{}.{:02}", cents / 100, cents % 100);
    let toll_free = Some(text(*toll_free)).filter(|_| *toll_free > 0);
    Ok(Json(json!({
        "country": name, "iso_country": iso, "price_unit": "USD", "url": format!("{}{}", request.origin, request.path),
        "phone_number_prices": price_list(&text(*local), toll_free.as_deref()),
    })))
}

async fn trunking_prices(Path(code): Path<String>, request: TwilioRequest) -> TwilioAnswer {
    let (iso, name, _, [local, toll_free]) = country(&code, &request)?;
    let toll_free = Some(dollars(*toll_free)).filter(|_| *toll_free > 0);
    Ok(Json(json!({
        "country": name, "iso_country": iso, "price_unit": "USD", "url": format!("{}{}", request.origin, request.path),
        "originating_call_prices": price_list(&dollars(*local), toll_free.as_deref()),
        "terminating_prefix_prices": [{
            "base_price": dollars(OUTBOUND_MINUTE), "current_price": dollars(OUTBOUND_MINUTE),
            "destination_prefixes": ["1"], "origination_prefixes": ["ALL"], "friendly_name": "Outbound Trunking Minute",
        }],
    })))
}

fn dollars(micro: u64) -> String {
    format!("{}.{:06}", micro / 1_000_000, micro % 1_000_000)
}

/// What was billed between two days: one record a category, parents beside their children.
async fn usage_records(State(shared): SandboxState, request: TwilioRequest) -> TwilioAnswer {
    let day = |name: &str| request.parameter(name).and_then(|text| text.parse::<NaiveDate>().ok());
    let today = shared.clock.present().date_naive();
    let (first, last) = (day("StartDate").unwrap_or(NaiveDate::MIN), day("EndDate").unwrap_or(today));
    let account = shared.account_of(&request);
    let kind_of = |number: &str| {
        account.numbers.iter().find(|it| it.phone_number == number && it.trunk_sid.is_some()).map(|it| it.kind)
    };
    let (mut local, mut toll_free, mut outbound, mut minutes) = (0, 0, 0, [0_u64; 2]);
    for call in shared.calls_between(first, last) {
        let Some(kind) = kind_of(&call.number) else { continue };
        let count = u64::try_from(call.duration_ms).unwrap_or(0).div_ceil(60_000);
        minutes[usize::from(!call.is_inbound)] += count;
        match (call.is_inbound, kind) {
            (true, "tollfree") => toll_free += count * COUNTRIES[0].3[1],
            (true, _) => local += count * COUNTRIES[0].3[0],
            (false, _) => outbound += count * OUTBOUND_MINUTE,
        }
    }
    let rent: u64 =
        account.numbers.iter().map(|number| rent(number.kind, number.created.date_naive(), first, last)).sum();
    let record = |category: &str, price: u64, usage: u64, unit: &str| {
        json!({
            "account_sid": request.account, "category": category, "description": category,
            "count": usage.to_string(), "count_unit": unit, "usage": usage.to_string(), "usage_unit": unit,
            "price": dollars(price), "price_unit": "usd", "start_date": first.to_string(), "end_date": last.to_string(),
        })
    };
    let records = json!([
        record("phonenumbers", rent, account.numbers.len() as u64, "numbers"),
        record("trunking-origination", local + toll_free, minutes[0], "minutes"),
        record("trunking-origination-local", local, minutes[0], "minutes"),
        record("trunking-origination-tollfree", toll_free, minutes[0], "minutes"),
        record("trunking-termination", outbound, minutes[1], "minutes"),
        record("totalprice", rent + local + toll_free + outbound, 0, "usd"),
    ]);
    Ok(Json(json!({ "usage_records": records, "next_page_uri": null, "page": 0, "page_size": 50 })))
}

/// What a number was charged: a month on the day of its purchase, and on that day of each month.
fn rent(kind: &str, bought: NaiveDate, first: NaiveDate, last: NaiveDate) -> u64 {
    let cents = COUNTRIES[0].2[usize::from(kind == "tollfree")];
    let days = bought.iter_days().take_while(|day| *day <= last).filter(|day| *day >= first);
    let charged = days.filter(|day| day.day() == bought.day()).count() as u64;
    charged * cents * 10_000
}

impl Shared {
    fn calls_between(&self, first: NaiveDate, last: NaiveDate) -> Vec<MadeUpCall> {
        let start = |day: NaiveDate| day.and_hms_opt(0, 0, 0).map_or(0, |moment| moment.and_utc().timestamp_millis());
        let now = self.clock.present().timestamp_millis();
        let (from, until) = (start(first), (start(last) + 86_399_999).min(now));
        let of = |workspace| self.calls.between(workspace, from, until);
        ["staging", "production"].into_iter().flat_map(of).filter(|call| call.end_ms() <= now).collect()
    }
}
