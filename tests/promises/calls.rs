//! What a receiver of events acknowledged is stored, however often it is killed; and five times more than it can take is
//! turned away, in memory that stays flat.

use std::collections::BTreeSet;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::dice;
use crate::fixture::Project;
use crate::receiver::{NOW_MS, Receiver, events_of, signed, try_deliver};

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
