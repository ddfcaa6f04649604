//! The sandbox's own events: signed, in every wrong way that Retell's may come, and taken as one call all the same.

use chrono::DateTime;
use phone_dir::sandbox::{CallRequest, Clock, RunningSandbox, Sandbox, SandboxOptions, WebhookFault, WebhookOptions};

use super::receiver::{NOW_MS, PATH, Receiver, events_of, until};
use crate::usage::sql;

/// A sandbox that sends its events to a receiver.
fn sender(receiver: &Receiver, faults: &[WebhookFault]) -> RunningSandbox {
    let webhook = WebhookOptions {
        target: format!("http://{}{PATH}", receiver.address).parse().unwrap(),
        faults: faults.to_vec(),
        call_every: None,
    };
    // The receiver's clock stands: calls begin before its present.
    let clock = Clock::Stepping(DateTime::from_timestamp_millis(NOW_MS - 60_000).unwrap());
    Sandbox::start(SandboxOptions { webhook: Some(webhook), clock, ..SandboxOptions::default() }).unwrap()
}

fn call(seconds: u32) -> CallRequest {
    CallRequest { to: Some("+14155550101".to_owned()), seconds: Some(seconds), ..CallRequest::default() }
}

fn measured(receiver: &Receiver, line: &str) -> Result<(), String> {
    let text = receiver.get("/metrics").body;
    if text.contains(line) { Ok(()) } else { Err(text) }
}

fn delivered(sandbox: &RunningSandbox, count: usize) -> Result<(), String> {
    let deliveries = sandbox.deliveries();
    if deliveries.len() == count { Ok(()) } else { Err(format!("{deliveries:?}")) }
}

#[test]
fn a_call_that_begins_now_is_under_way_and_then_over_and_one_row_however_its_events_come() {
    let receiver = Receiver::start();
    let sandbox = sender(&receiver, &[]);
    let id = sandbox.make_call(&call(1)).unwrap();
    until("the call", || measured(&receiver, "phone_dir_calls_ongoing{workspace=\"production\"} 1"));
    until("its last event", || delivered(&sandbox, 3));
    let told: Vec<_> = sandbox.deliveries().iter().map(|it| (it.event, it.tries, it.status)).collect();
    assert_eq!(told, [("call_started", 1, Some(204)), ("call_ended", 1, Some(204)), ("call_analyzed", 1, Some(204))]);
    sandbox.set_webhook_faults(vec![WebhookFault::Reordered, WebhookFault::Doubled]);
    let other = sandbox.make_call(&call(1)).unwrap();
    until("six events more", || delivered(&sandbox, 9));
    assert_eq!(sandbox.deliveries()[3].event, "call_analyzed");
    let row = |id: &str| {
        let columns =
            "workspace, number, direction, agent_id, duration_ms, status, reason, cost_udollar, outcome, pushed";
        sql(&receiver.project, &format!("SELECT {columns} FROM call WHERE call_id = '{id}'"))
    };
    assert_eq!(row(&id), row(&other));
    assert!(row(&id).starts_with("production|+14155550101|inbound|"), "{}", row(&id));
    assert_eq!(sql(&receiver.project, "SELECT sum(calls), sum(connected) FROM day"), "2|2");
}

#[test]
fn a_cost_that_comes_with_the_last_event_is_unknown_until_then() {
    let receiver = Receiver::start();
    receiver.project.succeed(&["usage", "pull", "--quiet"]);
    let retell_calls = || {
        let (_, answer) = receiver.project.json(&["cost", "--month", "2025-11", "--offline"]);
        let is = |row: &&serde_json::Value| row["workspace"] == "production" && row["phone_number"] == "+14155550101";
        answer["rows"].as_array().unwrap().iter().find(is).unwrap()["retell_calls"].clone()
    };
    let [started, ended, analyzed] = events_of("call_1");
    for (event, cost) in [(started, "unknown"), (ended, "unknown"), (analyzed, "0.1428")] {
        assert_eq!(receiver.send(&event).status, 204);
        assert_eq!(retell_calls(), cost, "{event}");
    }
    // The sandbox plays it too: the same call in the end.
    let sandbox = sender(&receiver, &[WebhookFault::LateCost]);
    let late = sandbox.make_call(&call(1)).unwrap();
    until("its events", || delivered(&sandbox, 3));
    sandbox.set_webhook_faults(Vec::new());
    let early = sandbox.make_call(&call(1)).unwrap();
    until("three more", || delivered(&sandbox, 6));
    let cost = |id: &str| sql(&receiver.project, &format!("SELECT cost_udollar FROM call WHERE call_id = '{id}'"));
    assert!(!cost(&late).is_empty());
    assert_eq!(cost(&late), cost(&early));
}

#[test]
fn an_event_that_was_changed_on_its_way_is_refused_and_one_that_was_lost_is_found_by_the_next_reading() {
    let receiver = Receiver::start();
    let sandbox = sender(&receiver, &[WebhookFault::Tampered]);
    sandbox.make_call(&call(60)).unwrap();
    until("the refusal", || measured(&receiver, "phone_dir_webhook_refused_total{reason=\"signature_wrong\"}"));
    assert_eq!(sql(&receiver.project, "SELECT count(*) FROM call"), "0");
    let unknown = CallRequest { to: Some("+14155559999".to_owned()), ..CallRequest::default() };
    assert!(sandbox.make_call(&unknown).unwrap_err().to_string().contains("no workspace has"));
    assert!(sandbox.make_call(&CallRequest::default()).is_err());
}
