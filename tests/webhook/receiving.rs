//! What was answered with 204 is on the disk, once, whatever order, repetition or end it came by.

use std::sync::Mutex;

use serde_json::json;

use super::receiver::{NOW_MS, Receiver, events_of, signed, try_deliver, until};
use crate::usage::{another_writer, sql};

const ROW: &str = "SELECT workspace, number, direction, agent_id, start_ms, end_ms, duration_ms, status, reason, cost_udollar, outcome FROM call";

#[test]
fn every_order_and_repetition_of_a_calls_events_gives_one_row() {
    let receiver = Receiver::start();
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
    for (at, order) in orders.iter().enumerate() {
        let events = events_of(&format!("call_{at}"));
        for part in order.iter().chain(&[order[0], order[1]]) {
            assert_eq!(receiver.send(&events[*part]).status, 204);
        }
    }
    let rows = sql(&receiver.project, ROW);
    let expected = format!(
        "production|+14155550101|inbound|agent_production_x|{}|{}|60000|ended|user_hangup|142800|connected",
        NOW_MS - 120_000,
        NOW_MS - 60_000
    );
    assert_eq!(rows.lines().collect::<Vec<_>>(), vec![expected.as_str(); 6]);
    assert_eq!(sql(&receiver.project, "SELECT sum(calls), sum(cost_udollar) FROM day"), "6|856800");
    let (_, status) = receiver.project.json(&["webhook", "status", "-w", "production"]);
    assert_eq!(status["workspaces"][0]["events"], 18, "{status}");
    let (_, usage) = receiver.project.json(&["usage", "-w", "production"]);
    assert_eq!(usage["status"], "incomplete", "push alone makes no time complete: {usage}");
}

#[test]
fn a_receiver_that_is_asked_to_end_ends_cleanly_and_one_that_is_killed_loses_nothing_it_acknowledged() {
    let mut receiver = Receiver::start();
    for (round, signal) in ["-TERM", "-KILL", "-KILL", "-INT"].iter().enumerate() {
        let acknowledged = Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            let senders: Vec<_> = (0..4)
                .map(|sender| {
                    let (address, acknowledged) = (receiver.address.clone(), &acknowledged);
                    scope.spawn(move || {
                        for at in 0.. {
                            let id = format!("call_{round}_{sender}_{at}");
                            let body = events_of(&id)[1].to_string();
                            match try_deliver(&address, body.as_bytes(), Some(&signed(body.as_bytes(), NOW_MS))) {
                                Ok(answer) if answer.status == 204 => acknowledged.lock().unwrap().push(id),
                                Ok(answer) => assert_eq!(answer.status, 503),
                                Err(_) => return,
                            }
                        }
                    })
                })
                .collect();
            while acknowledged.lock().unwrap().len() < 40 + 7 * round {
                std::thread::yield_now();
            }
            receiver.signal(signal);
            for sender in senders {
                sender.join().unwrap();
            }
        });
        let (project, code) = receiver.end();
        receiver = Receiver::of(project, &[]);
        assert_eq!(code, if *signal == "-KILL" { None } else { Some(0) }, "{signal}");
        let stored = sql(&receiver.project, &format!("SELECT call_id FROM call WHERE call_id LIKE 'call_{round}_%'"));
        let stored: Vec<&str> = stored.lines().collect();
        for id in acknowledged.into_inner().unwrap() {
            assert!(stored.contains(&id.as_str()), "{id} was acknowledged, and is not stored");
        }
    }
}

#[test]
fn a_store_that_somebody_else_writes_to_makes_the_sender_come_again() {
    let receiver = Receiver::start();
    let event = &events_of("call_1")[0];
    let other = another_writer(&receiver.project);
    let answer = receiver.send(event);
    assert_eq!(answer.status, 503, "{answer:?}");
    assert!(answer.head.contains("retry-after: 2"), "{answer:?}");
    let error = || super::page::told(&receiver)["last_error"].clone();
    // The sender may be told a moment before the writer gives up.
    until("the error on the page", || {
        let error = error();
        if error["lasts"] == true && error["why"] == "database is locked" { Ok(()) } else { Err(error.to_string()) }
    });
    drop(other);
    assert_eq!(receiver.send(event).status, 204);
    // A page that is asked while the store is written to says that it was not read, and is asked again.
    until("the end of the error on the page", || {
        let error = error();
        if error["lasts"] == false { Ok(()) } else { Err(error.to_string()) }
    });
    assert_eq!(sql(&receiver.project, "SELECT count(*) FROM call"), "1");
}

#[test]
fn what_tells_of_no_call_is_answered_and_not_kept() {
    let receiver = Receiver::start();
    for event in ["transcript_updated", "transfer_started", "chat_ended", "call_something_new"] {
        let body = json!({"event": event, "call": {"call_id": "call_1", "transcript": "Ada Example"}});
        assert_eq!(receiver.send(&body).status, 204, "{event}");
    }
    let asked = receiver.send(&json!({"event": "call_inbound", "call_inbound": {"to_number": "+14155550101"}}));
    assert_eq!((asked.status, asked.body.as_str()), (200, "{\"call_inbound\": {}}"));
    assert_eq!(
        sql(&receiver.project, "SELECT count(*) FROM call") + &sql(&receiver.project, "SELECT count(*) FROM event"),
        "00"
    );
}

#[test]
fn a_receiver_that_no_reading_follows_erases_what_is_older_than_it_is_kept() {
    let project = crate::cli::fixture::Project::synced();
    project.write("phone-dir.toml", "[usage]\nkeep_calls = \"30d\"\n");
    let receiver = Receiver::of(project, &["-w", "production"]);
    for (id, days) in [("call_old", 40), ("call_young", 20)] {
        let mut event = events_of(id)[1].clone();
        let start = NOW_MS - days * 86_400_000;
        event["call"]["start_timestamp"] = json!(start);
        event["call"]["end_timestamp"] = json!(start + 60_000);
        assert_eq!(receiver.send(&event).status, 204);
    }
    let stored = |receiver: &Receiver| sql(&receiver.project, "SELECT call_id FROM call ORDER BY call_id");
    receiver.signal("-TERM");
    let receiver = Receiver::of(receiver.end().0, &["-w", "production"]);
    until("the end of what is old", || {
        let stored = stored(&receiver);
        if stored == "call_young" { Ok(()) } else { Err(stored) }
    });
}
