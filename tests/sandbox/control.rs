//! The sandbox's own endpoints, its log and its life.

use std::time::Duration;

use phone_dir::sandbox::{SandboxOptions, environment};
use reqwest::Method;
use serde_json::json;

use crate::sandbox::http::{Caller, Http};

#[test]
fn faults_can_be_added_listed_and_removed_over_http() {
    let http = Http::start();
    let added = http.text(Method::POST, "/_sandbox/faults", "status:503,provider=retell\nhtml,provider=trunking\n");
    assert_eq!((added.status, added.json["faults"].as_array().map(Vec::len)), (200, Some(2)));
    assert_eq!(http.get("/v2/list-phone-numbers", Caller::Staging).status, 503);
    let listed = http.get("/_sandbox/faults", Caller::Nobody).json;
    assert_eq!(listed["faults"][0], json!({ "fault": "status:503,provider=retell", "matched": 1 }));
    assert_eq!(http.delete("/_sandbox/faults", Caller::Nobody).status, 204);
    assert_eq!(http.get("/v2/list-phone-numbers", Caller::Staging).status, 200);
}

#[test]
fn a_bad_fault_is_refused_with_the_kinds_and_adds_nothing() {
    let http = Http::start();
    for body in ["", "reset\nexplode"] {
        let answer = http.text(Method::POST, "/_sandbox/faults", body);
        assert_eq!(answer.status, 400, "{body:?}");
    }
    let hint = http.text(Method::POST, "/_sandbox/faults", "explode").json["error"]["hint"].clone();
    assert!(hint.as_str().unwrap().contains("half-json"), "{hint}");
    assert_eq!(http.get("/_sandbox/faults", Caller::Nobody).json, json!({ "faults": [] }));
}

#[test]
fn the_log_has_every_provider_request_and_not_the_sandboxs_own() {
    let http = Http::start();
    http.get("/v1/Trunks?PageSize=2", Caller::Twilio);
    http.get("/get-agent/nobody", Caller::Nobody);
    let logged: Vec<_> = http
        .sandbox
        .requests()
        .into_iter()
        .map(|request| (request.method, request.path, request.authorized, request.status))
        .collect();
    let expected = [("/v1/Trunks?PageSize=2", true, 200), ("/get-agent/nobody", false, 401)];
    assert_eq!(
        logged,
        expected.map(|(path, authorized, status)| ("GET".into(), path.into(), authorized, Some(status)))
    );
    let answer = http.get("/_sandbox/requests", Caller::Nobody).json;
    assert_eq!((answer["requests"].as_array().map(Vec::len), &answer["max_concurrency"]), (Some(2), &json!(1)));
    http.sandbox.clear_requests();
    assert!(http.sandbox.requests().is_empty());
}

#[test]
fn requests_that_run_side_by_side_are_counted_together() {
    let latency = Duration::from_millis(200);
    let http = Http::with(SandboxOptions { latency, ..SandboxOptions::default() });
    let url = format!("{}/v1/Trunks", http.sandbox.base_url());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let (one, two, three) = tokio::join!(client.get(&url).send(), client.get(&url).send(), client.get(&url).send());
        assert!([one, two, three].into_iter().all(|answer| answer.is_ok_and(|answer| answer.status() == 401)));
    });
    assert_eq!(http.sandbox.max_concurrency(), 3);
}

#[test]
fn health_says_what_is_there() {
    let health = Http::start().get("/_sandbox/health", Caller::Nobody).json;
    assert_eq!((&health["status"], &health["twilio"]), (&json!("ok"), &json!({ "numbers": 13, "trunks": 4 })));
}

#[test]
fn a_port_that_is_taken_is_an_error_that_names_it() {
    let http = Http::start();
    let port = http.sandbox.base_url().rsplit(':').next().unwrap().parse().unwrap();
    let error = phone_dir::sandbox::Sandbox::start(SandboxOptions { port, ..SandboxOptions::default() }).unwrap_err();
    assert!(error.message().contains(&port.to_string()), "{error}");
}

#[test]
fn a_sandbox_that_was_dropped_frees_its_port() {
    let http = Http::start();
    let address = http.sandbox.base_url().trim_start_matches("http://").to_owned();
    http.sandbox.shutdown();
    assert!(std::net::TcpStream::connect(address).is_err());
}

#[test]
fn the_environment_names_every_variable_and_needs_no_quotes() {
    let http = Http::start();
    let variables = environment(&http.sandbox);
    assert_eq!(variables.len(), 8);
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b":/._-".contains(&byte);
    assert!(variables.iter().all(|(_, value)| !value.is_empty() && value.bytes().all(is_plain)));
}

#[test]
fn a_call_beyond_the_limit_of_its_workspace_is_lost() {
    let http = Http::start();
    let begin = || {
        let body = r#"{"to": "+14155550101", "workspace": "production", "seconds": 600}"#;
        let made = http.text(Method::POST, "/_sandbox/calls", body);
        http.get(&format!("/v2/get-call/{}", made.json["call_id"].as_str().unwrap()), Caller::Production).json
    };
    assert_eq!(http.text(Method::POST, "/_sandbox/concurrency/production", r#"{"limit": 1}"#).status, 204);
    assert_eq!(begin()["call_status"], "ongoing");
    let lost = begin();
    assert_eq!(
        (&lost["call_status"], &lost["disconnection_reason"]),
        (&json!("not_connected"), &json!("concurrency_limit_reached")),
        "{lost}"
    );
    assert_eq!(http.get("/get-concurrency", Caller::Production).json["current_concurrency"], 1);
    http.text(Method::POST, "/_sandbox/concurrency/production", r#"{"limit": 1, "burst": true}"#);
    assert_eq!(begin()["call_status"], "ongoing", "a burst lets more through");
}
