//! Every kind of fault, as a client sees it.

use std::time::Duration;

use serde_json::{Value, json};

use crate::sandbox::http::{Answer, Caller, Http, numbers_path};

const RETELL_LIST: &str = "/v2/list-phone-numbers?limit=5";

fn list_with(spec: &str) -> Answer {
    Http::with_faults(&[spec]).get(RETELL_LIST, Caller::Staging)
}

fn failing_get(spec: &str) -> (reqwest::Error, Http) {
    let http = Http::with_faults(&[spec]);
    let error = http.try_get(RETELL_LIST, Caller::Staging, Duration::from_millis(500)).err().expect("no whole answer");
    (error, http)
}

#[test]
fn a_status_comes_in_the_form_of_the_provider_with_its_retry_after() {
    let http = Http::with_faults(&["status:429,retry-after=7"]);
    let twilio = http.get(&numbers_path(), Caller::Twilio);
    assert_eq!(
        (twilio.status, &twilio.json["code"], &twilio.headers["retry-after"]),
        (429, &json!(20429), &"7".parse().unwrap())
    );
    let retell = http.get(RETELL_LIST, Caller::Staging);
    assert_eq!((retell.status, retell.json), (429, json!({ "status": "error", "message": "Too Many Requests" })));
}

#[test]
fn only_the_named_requests_fail() {
    let http = Http::with_faults(&["status:503,provider=retell,workspace=staging,path=limit=5,nth=2"]);
    let statuses: Vec<_> = (0..3).map(|_| http.get(RETELL_LIST, Caller::Staging).status).collect();
    assert_eq!(statuses, [200, 503, 200]);
    assert_eq!(http.get(RETELL_LIST, Caller::Production).status, 200);
    assert_eq!(http.get("/v1/Trunks", Caller::Twilio).status, 200);
}

#[test]
fn a_reset_breaks_the_connection_and_the_next_request_works() {
    let (error, http) = failing_get("reset,nth=1");
    assert!(!error.is_timeout(), "{error:?}");
    assert!(format!("{error:?}").contains("ConnectionReset") || error.is_request(), "{error:?}");
    assert_eq!(http.get(RETELL_LIST, Caller::Staging).status, 200);
}

#[test]
fn a_hang_outlasts_the_client_and_does_not_stop_the_sandbox_from_ending() {
    let (error, http) = failing_get("hang");
    assert!(error.is_timeout(), "{error:?}");
    http.sandbox.shutdown();
}

#[test]
fn a_slow_answer_is_whole_for_the_patient_and_a_timeout_for_others() {
    let (error, http) = failing_get("slow:200");
    assert!(error.is_timeout(), "{error:?}");
    http.sandbox.clear_faults();
    http.sandbox.add_fault("slow:1".parse().unwrap());
    assert_eq!(http.get(RETELL_LIST, Caller::Staging).json["items"].as_array().map(Vec::len), Some(5));
}

#[test]
fn a_truncated_body_is_an_error_and_half_json_is_a_whole_body_that_does_not_parse() {
    let (error, _http) = failing_get("truncate");
    assert!(!error.is_timeout() && (error.is_body() || error.is_decode()), "{error:?}");
    let half = list_with("half-json");
    assert_eq!((half.status, half.json), (200, Value::Null));
    assert!(half.text.starts_with("{\"items\":["));
}

#[test]
fn html_comes_with_status_200() {
    let answer = list_with("html");
    assert_eq!((answer.status, answer.headers["content-type"].to_str().unwrap()), (200, "text/html; charset=utf-8"));
    assert!(answer.text.starts_with("<!DOCTYPE html>"));
}

#[test]
fn a_repeated_page_never_ends_on_any_host() {
    let http = Http::with_faults(&["repeat-page"]);
    let first = http.get(RETELL_LIST, Caller::Staging).json;
    let key = first["pagination_key"].as_str().unwrap();
    let second = http.get(&format!("{RETELL_LIST}&pagination_key={key}"), Caller::Staging).json;
    assert_eq!(second, first);
    let numbers = http.get(&format!("{}?PageSize=1", numbers_path()), Caller::Twilio).json;
    let next = http.get(numbers["next_page_uri"].as_str().unwrap(), Caller::Twilio).json;
    assert_eq!(next["next_page_uri"], numbers["next_page_uri"]);
    let trunks = http.get("/v1/Trunks", Caller::Twilio).json;
    let next = http.get(trunks["meta"]["next_page_url"].as_str().unwrap(), Caller::Twilio).json;
    assert_eq!(next["meta"]["next_page_url"], trunks["meta"]["next_page_url"]);
}

#[test]
fn a_foreign_page_or_redirect_names_another_host_and_the_log_shows_who_went_there() {
    let http = Http::with_faults(&["foreign-page,provider=twilio", "redirect,provider=retell"]);
    let base = http.sandbox.base_url();
    let page = http.get(&numbers_path(), Caller::Twilio).json;
    let link = page["next_page_uri"].as_str().unwrap();
    assert!(link.starts_with("http://localhost:") && !link.starts_with(&base), "{link}");
    let redirect = http.get(RETELL_LIST, Caller::Staging);
    assert_eq!(redirect.status, 307);
    let target = redirect.headers["location"].to_str().unwrap().replace("localhost", "127.0.0.1");
    assert_eq!(http.get(&target, Caller::Staging).status, 404);
    let last = http.sandbox.requests().pop().unwrap();
    assert!(last.path.starts_with("/_sandbox/followed/v2/list-phone-numbers") && last.authorized, "{last:?}");
}

#[test]
fn a_first_record_can_have_a_wrong_type_or_an_unknown_one() {
    assert_eq!(list_with("wrong-type").json["items"][0]["phone_number"], 42);
    assert_eq!(list_with("unknown-enum").json["items"][0]["phone_number_type"], "carrier-pigeon");
    let http = Http::with_faults(&["unknown-enum", "wrong-type"]);
    let number = &http.get(&numbers_path(), Caller::Twilio).json["incoming_phone_numbers"][0];
    assert_eq!((&number["type"], &number["phone_number"]), (&json!("carrier-pigeon"), &json!(42)));
    let single = http.get("/get-phone-number/+14155550101", Caller::Staging).json;
    assert_eq!(single["phone_number"], 42);
}

#[test]
fn a_duplicate_is_the_first_record_twice() {
    let items = list_with("duplicate").json["items"].as_array().unwrap().clone();
    assert_eq!((items.len(), &items[5]), (6, &items[0]));
}

#[test]
fn a_number_that_vanishes_between_pages_is_on_no_page() {
    let http = Http::with_faults(&["vanish,nth=1,provider=retell", "vanish,nth=1,provider=twilio"]);
    let numbers = http.retell_numbers(Caller::Staging, 5);
    assert_eq!(numbers.len(), 13);
    assert_eq!(http.retell_numbers(Caller::Staging, 1000), numbers);
    assert_eq!(http.retell_numbers(Caller::Production, 1000).len(), 9);
    let path = format!("{}?PageSize=5", numbers_path());
    assert_eq!(http.twilio_list(&path, "incoming_phone_numbers").len(), 12);
}

#[test]
fn an_oversized_body_is_valid_json_of_the_size_that_was_asked_for() {
    let answer = list_with("oversized:3");
    assert!(answer.text.len() > 3 << 20);
    assert_eq!(answer.json, json!({ "items": [], "has_more": false }));
}
