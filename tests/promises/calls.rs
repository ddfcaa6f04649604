//! What a receiver of events acknowledged is stored, however often it is killed; and five times more than it can take is
//! turned away, in memory that stays flat.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use assert_cmd::cargo::cargo_bin;
use phone_dir::sandbox::{CallTraffic, RETELL_PRODUCTION_KEY, SandboxOptions};
use serde_json::{Value, json};

use crate::dice;
use crate::fixture::Project;
use crate::receiver::{NOW_MS, Receiver, events_of, exchange, signed, try_deliver};

const STORE: &str = ".git/phone-dir/usage.sqlite3";
/// How many send at a time.
const SENDERS: u64 = 6;

/// Sends events to a receiver until it is gone; gives the calls of those that were answered with 204.
fn send_until_gone(address: &str, round: usize, sender: u64, acknowledged: &Mutex<Vec<String>>) {
    for at in 0_u64.. {
        let id = format!("call_{round}_{sender}_{at}");
        // Each of a call's three events comes first in turn.
        let body = events_of(&id)[usize::try_from(at % 3).unwrap()].to_string();
        match try_deliver(address, body.as_bytes(), Some(&signed(body.as_bytes(), NOW_MS))) {
            Ok(answer) if answer.status == 204 => acknowledged.lock().unwrap().push(id),
            Ok(answer) => assert_eq!(answer.status, 503, "{answer:?}"),
            Err(_) => return,
        }
    }
}

/// Kills a receiver so many times while senders count what it acknowledged; Debian's SQLite looks for each in the store.
fn survives(kills: usize) {
    let mut dice = dice();
    let mut receiver = Receiver::of(Project::synced(), &[]);
    let mut all = BTreeSet::new();
    for round in 0..kills {
        let acknowledged = Mutex::new(Vec::new());
        let enough = dice.below(60);
        thread::scope(|scope| {
            for sender in 0..SENDERS {
                let (address, acknowledged) = (receiver.address.clone(), &acknowledged);
                scope.spawn(move || send_until_gone(&address, round, sender, acknowledged));
            }
            while acknowledged.lock().unwrap().len() < enough {
                thread::yield_now();
            }
            receiver.signal("-KILL");
        });
        all.extend(acknowledged.into_inner().unwrap());
        receiver = Receiver::of(receiver.end().0, &[]);
    }
    let output = Command::new("sqlite3")
        .arg(receiver.project.path(STORE))
        .arg("SELECT call_id FROM call UNION SELECT call_id FROM event; PRAGMA integrity_check")
        .output()
        .unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    let stored: BTreeSet<&str> = told.lines().collect();
    assert!(stored.contains("ok"), "the database is whole: {}", String::from_utf8_lossy(&output.stderr));
    let lost: Vec<_> = all.iter().filter(|id| !stored.contains(id.as_str())).collect();
    assert!(lost.is_empty(), "{} of {} acknowledged events are not stored: {lost:?}", lost.len(), all.len());
    eprintln!("{kills} kills, {} events acknowledged, {} calls stored", all.len(), stored.len() - 1);
    let (code, health) = receiver.project.json(&["usage", "doctor"]);
    assert_eq!((code, &health["status"]), (0, &serde_json::json!("ok")), "{health}");
}

#[test]
fn what_was_acknowledged_is_stored_after_a_few_kills() {
    survives(6);
}

#[test]
#[ignore = "the long version: tests/promises/run calls"]
fn what_was_acknowledged_is_stored_after_three_hundred_kills() {
    survives(300);
}

/// Stops a receiver at each point of its writing in turn, kills it there, and starts it again.
#[test]
fn what_was_acknowledged_is_stored_after_a_kill_at_each_point_of_writing() {
    // A transaction has three points: two erase what is old, the others store an event each.
    const POINTS: usize = 18;
    // The store is there before: making it is a point too, before anything is received.
    let first = Receiver::of(Project::synced(), &[]);
    first.signal("-TERM");
    let (mut project, mut unanswered) = (first.end().0, 0);
    for point in 1..=POINTS {
        project.place.set("PHONE_DIR_FAULT", format!("stop:{point}"));
        let receiver = Receiver::of(project, &[]);
        let mut acknowledged = Vec::new();
        for at in 0..6 {
            let id = format!("call_{point}_{at}");
            match receiver.send(&events_of(&id)[at % 3]).status {
                204 => acknowledged.push(id),
                other => {
                    assert_eq!(other, 503, "{id}");
                    unanswered += 1;
                    break;
                }
            }
        }
        receiver.signal("-KILL");
        project = receiver.end().0;
        project.place.set("PHONE_DIR_FAULT", "");
        for id in acknowledged {
            assert_eq!(project.json(&["usage", "call", &id]).1["call_id"], id.as_str(), "point {point}: {id} is lost");
        }
        let (code, health) = project.json(&["usage", "doctor"]);
        assert_eq!((code, &health["status"]), (0, &serde_json::json!("ok")), "point {point}: {health}");
    }
    assert!(unanswered >= POINTS / 2, "an event was under way at {unanswered} of {POINTS} points");
}

/// The calls of production that a sandbox lists and that are over, as Retell's list gives them.
fn listed(project: &Project) -> Vec<Value> {
    let address = project.sandbox.base_url().trim_start_matches("http://").to_owned();
    let (mut calls, mut key) = (Vec::new(), Value::Null);
    loop {
        let mut body = json!({"limit": 1000, "sort_order": "ascending"});
        if key.is_string() {
            body["pagination_key"] = key;
        }
        let body = body.to_string();
        let head = format!(
            "POST /v3/list-calls HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {}\r\n\
             Authorization: Bearer {RETELL_PRODUCTION_KEY}\r\nContent-Type: application/json\r\n\r\n",
            body.len()
        );
        let answer = exchange(&address, &head, body.as_bytes()).unwrap();
        let page: Value = serde_json::from_str(&answer.body).unwrap();
        calls.extend(page["items"].as_array().unwrap().iter().filter(|call| call["call_status"] != "ongoing").cloned());
        key = page["pagination_key"].clone();
        if page["has_more"] != true {
            return calls;
        }
    }
}

/// The events of a call; one that was not connected has none of its start.
fn events(call: &Value) -> Vec<Value> {
    let mut started = call.clone();
    for name in ["end_timestamp", "duration_ms", "disconnection_reason", "call_cost", "call_analysis"] {
        started.as_object_mut().unwrap().remove(name);
    }
    started["call_status"] = json!("ongoing");
    let mut ended = call.clone();
    ended["call_cost"] = json!({"combined_cost": 0});
    let all = [("call_started", started), ("call_ended", ended), ("call_analyzed", call.clone())];
    let skipped = usize::from(call["duration_ms"] == 0);
    all.into_iter().skip(skipped).map(|(event, call)| json!({ "event": event, "call": call })).collect()
}

/// Sends each event of a workspace's calls twice, all in a random order, and reads the same calls from the list elsewhere.
fn order_does_not_matter(per_day: u32, days: u32) {
    let options = SandboxOptions { calls: Some(CallTraffic { per_day, days }), ..SandboxOptions::default() };
    let mut project = Project::synced_with(options);
    let calls = listed(&project);
    let mut all: Vec<_> = calls.iter().flat_map(events).flat_map(|event| [event.clone(), event]).collect();
    let mut dice = dice();
    for at in (1..all.len()).rev() {
        all.swap(at, dice.below(at + 1));
    }
    let pulled = project.home.join("pulled.sqlite3");
    project.place.set("PHONE_DIR_STORE", pulled.to_str().unwrap());
    project.succeed(&["usage", "pull", "--quiet"]);
    let pushed = project.home.join("pushed.sqlite3");
    project.place.set("PHONE_DIR_STORE", pushed.to_str().unwrap());
    let receiver = &Receiver::of(project, &["-w", "production"]);
    thread::scope(|scope| {
        for part in all.chunks(all.len().div_ceil(6)) {
            scope.spawn(move || {
                for event in part {
                    while receiver.send(event).status != 204 {}
                }
            });
        }
    });
    let rows = |store: &Path| {
        let sql = "SELECT call_id, number, direction, agent_id, agent_version, agent_tag, start_ms, end_ms, duration_ms, status, \
                   reason, cost_udollar, outcome, at_ms FROM call WHERE workspace = 'production' AND status <> 'ongoing' \
                   ORDER BY call_id";
        let output = Command::new("sqlite3").arg("-readonly").arg(store).arg(sql).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let told = rows(&pushed);
    assert_eq!(told, rows(&pulled));
    assert_eq!(told.lines().count(), calls.len());
    eprintln!("{} events of {} calls, each twice and in any order, gave the rows of the list", all.len(), calls.len());
    assert!(calls.len() > 20);
}

#[test]
fn events_twice_and_in_any_order_give_the_rows_of_the_list() {
    order_does_not_matter(30, 4);
}

#[test]
#[ignore = "the long version: tests/promises/run calls"]
fn ten_thousand_events_twice_and_in_any_order_give_the_rows_of_the_list() {
    order_does_not_matter(400, 19);
}

/// Fills the store of a project with so many made-up calls.
fn fill(project: &Project, calls: u32) {
    let sql = format!(
        "WITH RECURSIVE numbers(at) AS (SELECT 1 UNION ALL SELECT at + 1 FROM numbers WHERE at < {calls}) \
         INSERT OR IGNORE INTO call (workspace, call_id, number, direction, agent_id, agent_version, start_ms, end_ms, duration_ms, \
         status, reason, cost_udollar, outcome, at_ms, ranks) \
         SELECT 'production', 'call_made_up_' || at, '+1415555010' || (at % 10), 'inbound', 'agent_production_x', 3, \
         {NOW_MS} - 86400000 - at * 10, {NOW_MS} - 86400000 - at * 10 + 60000, 60000, 'ended', 'user_hangup', 142800, 'connected', \
         {NOW_MS} - 86400000 - at * 10, '1' FROM numbers"
    );
    let output = Command::new("sqlite3").arg(project.path(STORE)).arg(sql).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// The most memory of a command, in KiB, as the system has it for children that ended.
fn most_memory(project: &Project, words: &[&str]) -> u64 {
    let script = "import resource, subprocess, sys\n\
                  code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode\n\
                  print(code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)";
    let program = cargo_bin("phone-dir");
    let words = [&["-c", script, program.to_str().unwrap()], words].concat();
    let output = project.command("python3", &words).output().unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    let (code, most) = told.trim().split_once(' ').unwrap();
    assert_eq!(code, "0", "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    most.parse().unwrap()
}

#[test]
fn an_export_of_many_calls_takes_no_more_memory_than_one_of_few() {
    let options = SandboxOptions { calls: Some(CallTraffic { per_day: 20, days: 2 }), ..SandboxOptions::default() };
    let project = Project::synced_with(options);
    project.succeed(&["usage", "pull", "--quiet"]);
    for words in [
        &["usage", "export", "--output", "calls.csv"][..],
        &["usage", "export", "--format", "jsonl", "--output", "calls.jsonl"],
        &["usage", "export", "--format", "csv"],
    ] {
        let few = most_memory(&project, words);
        fill(&project, 60_000);
        let many = most_memory(&project, words);
        eprintln!("{words:?}: {few} KiB for few calls, {many} KiB for 60,000");
        // DecisionOutcome at once, they would be some 40 MiB.
        assert!(many < few + (12 << 10), "{words:?}: {few} KiB became {many} KiB");
        let gone = Command::new("sqlite3").arg(project.path(STORE)).arg("DELETE FROM call WHERE ranks = '1'").status();
        assert!(gone.unwrap().success());
    }
}

/// The memory of a process, in KiB.
fn memory(id: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

/// Sends from so many threads for a while; gives how many events were taken and turned away.
fn flood(receiver: &Receiver, senders: u32, time: Duration, round: &str) -> [u32; 2] {
    let counts = [AtomicU32::new(0), AtomicU32::new(0)];
    let slowest = Mutex::new(Duration::ZERO);
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        for sender in 0..senders {
            let (counts, over, slowest) = (&counts, &over, &slowest);
            scope.spawn(move || {
                for at in 0.. {
                    if over.load(Ordering::Relaxed) {
                        return;
                    }
                    let mut event = events_of(&format!("call_{round}_{sender}_{at}"))[1].clone();
                    event["call"]["transcript"] = "User: I asked about an order. ".repeat(300).into();
                    let body = event.to_string();
                    let started = Instant::now();
                    let answer =
                        try_deliver(&receiver.address, body.as_bytes(), Some(&signed(body.as_bytes(), NOW_MS)));
                    let mut slowest = slowest.lock().unwrap();
                    *slowest = started.elapsed().max(*slowest);
                    match answer.map(|answer| answer.status) {
                        Ok(204) => counts[0].fetch_add(1, Ordering::Relaxed),
                        // A connection beyond the limit is not taken, which a sender tries again too.
                        Ok(503) | Err(_) => counts[1].fetch_add(1, Ordering::Relaxed),
                        Ok(other) => panic!("{other}"),
                    };
                }
            });
        }
        thread::sleep(time);
        over.store(true, Ordering::Relaxed);
    });
    let slowest = slowest.into_inner().unwrap();
    assert!(slowest < Duration::from_secs(10), "an answer took {slowest:?}");
    counts.map(AtomicU32::into_inner)
}

/// Warms a receiver up with as many senders as it takes, then sends from five times as many.
fn stays_flat(time: Duration) {
    let receiver = Receiver::of(Project::synced(), &["--queue", "16"]);
    flood(&receiver, 20, time / 2, "warm");
    let before = memory(receiver.id());
    let [taken, turned_away] = flood(&receiver, 100, time, "flood");
    let after = memory(receiver.id());
    eprintln!("{taken} taken, {turned_away} turned away, {before} KiB before, {after} KiB after");
    assert!(taken > 0, "it goes on taking what it can");
    assert!(after < before + before / 2 + (16 << 10), "{before} KiB became {after} KiB");
}

#[test]
fn five_times_the_capacity_leaves_memory_flat_for_a_while() {
    stays_flat(Duration::from_secs(2));
}

#[test]
#[ignore = "the long version: tests/promises/run calls"]
fn five_times_the_capacity_leaves_memory_flat() {
    stays_flat(Duration::from_secs(60));
}
