//! The live page and the metrics: what they show, to whom, and what of nobody.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::Duration;

use phone_dir::sandbox::MadeUpConcurrency;
use serde_json::{Value, json};

use super::receiver::{Receiver, events_of, exchange, until};
use crate::cli::fixture::{Project, files_below};
use crate::usage::has;

/// The next state that the page is told.
pub fn told(receiver: &Receiver) -> Value {
    let mut stream = TcpStream::connect(&receiver.admin).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    write!(stream, "GET /events HTTP/1.1\r\nHost: {}\r\n\r\n", receiver.admin).unwrap();
    let lines = BufReader::new(stream).lines().map_while(Result::ok);
    let data = lines.into_iter().find_map(|line| line.strip_prefix("data: ").map(str::to_owned)).unwrap();
    serde_json::from_str(&data).unwrap()
}

#[test]
fn a_call_appears_on_the_page_and_ends_there() {
    let receiver = Receiver::start();
    let [started, ended, analyzed] = events_of("call_1");
    assert_eq!(told(&receiver)["ongoing"], 0);
    assert_eq!(receiver.send(&started).status, 204);
    let seen = told(&receiver);
    assert_eq!((&seen["ongoing"], &seen["last_hour"]), (&1.into(), &1.into()), "{seen}");
    assert_eq!(seen["lines"][0]["phone_number"], "+14155550101");
    assert_eq!(seen["minutes"].as_array().unwrap().len(), 60);
    assert!(receiver.get("/metrics").body.contains("phone_dir_calls_ongoing{workspace=\"production\"} 1"));
    assert_eq!(receiver.send(&ended).status, 204);
    assert_eq!(receiver.send(&analyzed).status, 204);
    let seen = told(&receiver);
    assert_eq!((&seen["ongoing"], &seen["last_hour"]), (&0.into(), &1.into()), "{seen}");
}

/// A workspace's row on the page, once Retell was asked for it.
fn workspace(receiver: &Receiver, name: &str) -> Value {
    let mut row = Value::Null;
    until("what Retell says", || {
        let seen = told(receiver);
        let found = seen["workspaces"].as_array().unwrap().iter().find(|row| row["workspace"] == name);
        row = found.cloned().unwrap_or_default();
        if row["limit"].is_u64() || row["problem"].is_string() { Ok(()) } else { Err(seen.to_string()) }
    });
    row
}

#[test]
fn calls_stand_beside_the_limit_that_retell_tells_and_one_that_was_not_read_is_unknown() {
    let project = Project::synced();
    let set = MadeUpConcurrency { current: Some(3), limit: 17, ..MadeUpConcurrency::default() };
    project.sandbox.set_concurrency("production", set);
    project.fault("status:401,provider=retell,workspace=staging,path=get-concurrency");
    let receiver = Receiver::of(project, &[]);
    assert_eq!(receiver.send(&events_of("call_1")[0]).status, 204);
    let production = workspace(&receiver, "production");
    let figures = ["ongoing", "at_retell", "limit", "burst_limit"].map(|name| production[name].clone());
    assert_eq!(figures, [json!(1), json!(3), json!(17), Value::Null], "{production}");
    assert_eq!((&production["problem"], &production["read_at"]), (&Value::Null, &json!("2025-11-20T12:00:00Z")));
    let staging = workspace(&receiver, "staging");
    assert_eq!((&staging["limit"], &staging["at_retell"]), (&Value::Null, &Value::Null), "{staging}");
    assert!(!staging["problem"].as_str().unwrap().contains("key_sandbox"), "{staging}");
    let metrics = receiver.get("/metrics").body;
    for (line, is_there) in [
        ("phone_dir_concurrency_limit{workspace=\"production\"} 17", true),
        ("phone_dir_concurrency_calls{workspace=\"production\"} 3", true),
        ("phone_dir_concurrency_limit{workspace=\"staging\"}", false),
        ("phone_dir_calls_ongoing{workspace=\"staging\"} 0", true),
    ] {
        assert_eq!(metrics.contains(line), is_there, "{line}: {metrics}");
    }
}

#[test]
fn a_workspace_that_has_only_a_webhook_key_has_no_limit_on_the_page_and_says_why() {
    let mut project = Project::synced();
    project.place.set("RETELL_PRODUCTION_WEBHOOK_KEY", concat!("key_made_up_", "webhook"));
    project.place.set("RETELL_PRODUCTION_API_KEY", "");
    let receiver = Receiver::of(project, &["-w", "production"]);
    let row = workspace(&receiver, "production");
    assert!(row["problem"].as_str().unwrap().contains("RETELL_PRODUCTION_API_KEY"), "{row}");
}

#[test]
fn a_call_that_found_no_room_is_lost_on_the_page_also_where_it_has_no_time() {
    let receiver = Receiver::start();
    for (id, has_end) in [("call_1", true), ("call_2", false)] {
        let mut event = events_of(id)[1].clone();
        let call = event["call"].as_object_mut().unwrap();
        call.remove("start_timestamp");
        if !has_end {
            call.remove("end_timestamp");
        }
        call.insert("call_status".to_owned(), json!("not_connected"));
        call.insert("disconnection_reason".to_owned(), json!("concurrency_limit_reached"));
        assert_eq!(receiver.send(&event).status, 204);
    }
    let seen = told(&receiver);
    assert_eq!((&seen["lost_last_hour"], &seen["ongoing"]), (&json!(2), &json!(0)), "{seen}");
    assert_eq!(seen["lines"][0]["lost_last_hour"], 2, "{seen}");
    assert_eq!(seen["minutes"].as_array().unwrap().iter().filter_map(Value::as_u64).sum::<u64>(), 2);
    assert!(receiver.get("/metrics").body.contains("phone_dir_calls_lost_last_hour{workspace=\"production\"} 2"));
}

#[test]
fn the_page_names_an_agent_by_its_folder() {
    let receiver = Receiver::start();
    let mut event = events_of("call_1")[0].clone();
    event["call"]["agent_id"] = json!(phone_dir::sandbox::agent_id("production", "sales-agent"));
    assert_eq!(receiver.send(&event).status, 204);
    let seen = told(&receiver);
    assert_eq!(seen["lines"][0]["agent_path"], "agents/sales-agent", "{seen}");
}

#[test]
fn prometheus_finds_nothing_wrong_with_the_metrics() {
    if !has("promtool") {
        return;
    }
    let receiver = Receiver::start();
    for event in events_of("call_1") {
        assert_eq!(receiver.send(&event).status, 204);
    }
    assert_eq!(receiver.deliver(b"{}", None).status, 401);
    workspace(&receiver, "production");
    let metrics = receiver.get("/metrics").body;
    let mut judge = Command::new("promtool")
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    judge.stdin.take().unwrap().write_all(metrics.as_bytes()).unwrap();
    let said = judge.wait_with_output().unwrap();
    let text = String::from_utf8_lossy(&said.stderr).into_owned() + &String::from_utf8_lossy(&said.stdout);
    assert!(said.status.success() && text.is_empty(), "{text}\n{metrics}");
}

#[test]
fn the_page_is_one_file_and_nothing_of_a_person_is_seen_anywhere() {
    let receiver = Receiver::start();
    for event in events_of("call_1") {
        assert_eq!(receiver.send(&event).status, 204);
    }
    let page = receiver.get("/");
    assert_eq!(page.status, 200);
    assert!(page.head.contains("content-security-policy: default-src 'none'; connect-src 'self'"), "{}", page.head);
    assert!(
        !page.body.contains("http://")
            || page.body.matches("http://").count() == page.body.matches("http://www.w3.org/").count()
    );
    assert!(!page.body.contains("https://"));
    let metrics = receiver.get("/metrics").body;
    assert!(metrics.contains("phone_dir_webhook_commit_seconds_count 3"), "{metrics}");
    let mut seen = vec![page.body.into_bytes(), metrics.into_bytes(), told(&receiver).to_string().into_bytes()];
    seen.extend(files_below(&receiver.project.root, &receiver.project.path(".git/phone-dir")).into_values());
    for canary in ["+12025550123", "Ada", "asked about", "transcript", "key_sandbox"] {
        let holds = |bytes: &Vec<u8>| bytes.windows(canary.len()).any(|window| window == canary.as_bytes());
        assert!(!seen.iter().any(holds), "{canary}");
    }
}

#[test]
fn only_this_machine_or_a_token_opens_the_page() {
    let mut project = Project::synced();
    project.place.set("PAGE_TOKEN", "a-made-up-token-of-the-tests");
    let run = project.run(&["webhook", "serve", "--listen", "127.0.0.1:0", "--admin", "0.0.0.0:0"]);
    assert!(run.code == 2 && run.stderr.contains("can be reached from other machines"), "{run}");
    let receiver = Receiver::of(project, &["--admin-token-env", "PAGE_TOKEN"]);
    assert_eq!(receiver.get("/").status, 401);
    assert_eq!(receiver.get("/?token=a-made-up-token-of-the-testz").status, 401);
    assert_eq!(receiver.get("/?token=a-made-up-token-of-the-tests").status, 200);
    let open = Receiver::start();
    let foreign = "GET /events HTTP/1.1\r\nHost: evil.example.com\r\nConnection: close\r\n\r\n";
    assert_eq!(exchange(&open.admin, foreign, b"").unwrap().status, 401, "a name of another site leads here");
}
