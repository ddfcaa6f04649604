//! What calls cost: reading 100,000 of them, receiving 500 events a second, and a question of a year of 10,000 numbers.
//!
//! `cargo bench --bench calls` prints a row each and ends with 1 when a ratio passes 1: for reading, the time against 1.2 times
//! the pages, each of which the sandbox answers after 100 ms; for receiving, the time within which 99 of 100 events are
//! answered against 50 ms, each counted from the moment at which it was due; for the question, its time against 300 ms. The
//! last one fills its store with Debian's `sqlite3`, and is left out where that is not installed.

#![allow(clippy::unwrap_used, clippy::cast_precision_loss)] // a benchmark stops where it fails; counts are small

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, ExitCode, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use chrono::Utc;
use phone_dir::activity::counts::TallyPart;
use phone_dir::activity::signature::signature;
use phone_dir::activity::time::{Millis, start_of};
use phone_dir::model::WorkspaceName;
use phone_dir::model::workspaces_file::ApiKey;
use phone_dir::sandbox::{self, CallTraffic, RETELL_PRODUCTION_KEY, RunningSandbox, Sandbox, SandboxOptions};
use phone_dir::store::calls::{CallStore, StorePlace, TallyColumns};
use serde_json::{Value, json};
use tempfile::TempDir;

const LATENCY: Duration = Duration::from_millis(100);
/// The most that reading may take, as a multiple of what its pages take one after the other.
const READING: f64 = 1.2;
const TRAFFIC: CallTraffic = CallTraffic { per_day: 7_300, days: 60 };
/// How many events a second, for how many seconds, over how many connections.
const RATE: u32 = 500;
const SECONDS: u32 = 20;
const SENDERS: u32 = 25;
const ANSWERED: Duration = Duration::from_millis(50);
/// The numbers and days of the question, and how long it may take.
const NUMBERS: u32 = 10_000;
const QUESTION: Duration = Duration::from_millis(300);

fn main() -> ExitCode {
    println!("{:<42}  {:>9}  {:>9}  {:>6}", "what", "took", "may take", "ratio");
    let ratios = [Some(reading()), Some(receiving()), questioning()];
    // Unoptimised, the program computes for longer than it waits; the rows are still worth a look.
    let slow = ratios.iter().flatten().any(|ratio| *ratio > 1.0);
    if slow && !cfg!(debug_assertions) { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn row(what: &str, took: Duration, may_take: Duration) -> f64 {
    let ratio = took.as_secs_f64() / may_take.as_secs_f64();
    println!("{what:<42}  {:>7.3} s  {:>7.3} s  {ratio:>6.2}", took.as_secs_f64(), may_take.as_secs_f64());
    ratio
}

/// A project to try things in.
fn project() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let made = program(&folder).args(["demo", "project"]).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    folder
}

fn program(folder: &TempDir) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_phone-dir"));
    command.current_dir(folder).env_clear().env("PATH", std::env::var("PATH").unwrap()).env("HOME", folder.path());
    command
}

/// Reads about 100,000 calls of one workspace, page by page.
fn reading() -> f64 {
    let options = SandboxOptions { latency: LATENCY, calls: Some(TRAFFIC), ..SandboxOptions::default() };
    let (project, sandbox) = (project(), Sandbox::start(options).unwrap());
    let mut pull = program(&project);
    pull.args(["-C", "project", "usage", "pull", "--json", "-w", "production", "--since", "61d"]);
    let started = Instant::now();
    let output = pull.envs(sandbox::environment(&sandbox)).output().unwrap();
    let took = started.elapsed();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let pages = sandbox.requests().iter().filter(|request| request.path.contains("list-calls")).count();
    let calls = count_calls(&project, &sandbox);
    let may_take = LATENCY.mul_f64(READING * pages as f64);
    row(&format!("reading {calls} calls, {pages} pages"), took, may_take)
}

fn count_calls(project: &TempDir, sandbox: &RunningSandbox) -> u64 {
    let mut doctor = program(project);
    let doctor = doctor.args(["-C", "project", "usage", "doctor", "--json"]).envs(sandbox::environment(sandbox));
    let health: Value = serde_json::from_slice(&doctor.output().unwrap().stdout).unwrap();
    health["calls"].as_u64().unwrap()
}

/// A receiver that ends with this value.
struct Receiver(Child);

impl Drop for Receiver {
    fn drop(&mut self) {
        // It has ended already, or ends now.
        let _ended = self.0.kill();
        let _reaped = self.0.wait();
    }
}

/// Sends events at a steady rate, whether or not those before were answered, and takes the time of each from when it was due.
fn receiving() -> f64 {
    let project = project();
    let mut serve = program(&project);
    serve.args(["-C", "project", "webhook", "serve", "--listen", "127.0.0.1:0"]).stderr(Stdio::null());
    serve.env("RETELL_PRODUCTION_API_KEY", RETELL_PRODUCTION_KEY).env("RETELL_STAGING_API_KEY", "key_of_the_benchmark");
    let mut receiver = Receiver(serve.stdout(Stdio::piped()).spawn().unwrap());
    let mut line = String::new();
    BufReader::new(receiver.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.split_once("http://").unwrap().1.split('/').next().unwrap().to_owned();
    let begin = Instant::now() + Duration::from_millis(100);
    let mut times: Vec<Duration> = thread::scope(|scope| {
        let senders: Vec<_> = (0..SENDERS)
            .map(|sender| {
                scope.spawn({
                    let address = &address;
                    move || send(address, sender, begin)
                })
            })
            .collect();
        senders.into_iter().flat_map(|sender| sender.join().unwrap()).collect()
    });
    times.sort_unstable();
    let of_hundred = |part: usize| times[times.len() * part / 100 - 1];
    let what = format!("{RATE} events a second, p99 (p50 {:.1} ms)", of_hundred(50).as_secs_f64() * 1000.0);
    row(&what, of_hundred(99), ANSWERED)
}

/// Sends a share of the events over one connection; gives the time of each.
fn send(address: &str, sender: u32, begin: Instant) -> Vec<Duration> {
    let mut stream = BufReader::new(TcpStream::connect(address).unwrap());
    stream.get_ref().set_nodelay(true).unwrap();
    let due = (0..RATE * SECONDS)
        .filter(|at| at % SENDERS == sender)
        .map(|at| (at, begin + Duration::from_secs(1) * at / RATE));
    due.map(|(at, due)| {
        thread::sleep(due.saturating_duration_since(Instant::now()));
        let body = event(at);
        let signed = signature(&ApiKey::new(RETELL_PRODUCTION_KEY), body.as_bytes(), Millis::of(Utc::now()));
        let head = format!(
            "POST /webhook/retell HTTP/1.1\r\nHost: {address}\r\nContent-Length: {}\r\nX-Retell-Signature: {signed}\r\n\r\n",
            body.len()
        );
        stream.get_mut().write_all((head + &body).as_bytes()).unwrap();
        assert_eq!(answer(&mut stream), 204);
        due.elapsed()
    })
    .collect()
}

/// One of a call's three events, with a transcript that is as long as one of some minutes.
fn event(at: u32) -> String {
    let names = ["call_started", "call_ended", "call_analyzed"];
    let name = names[usize::try_from(at % 3).unwrap()];
    let start = Utc::now().timestamp_millis() - 120_000;
    json!({"event": name, "call": {
        "call_type": "phone_call", "call_id": format!("call_{}", at / 3), "agent_id": "agent_production_x",
        "agent_version": 3, "call_status": if at.is_multiple_of(3) { "ongoing" } else { "ended" }, "direction": "inbound",
        "from_number": "+12025550123", "to_number": "+14155550101", "start_timestamp": start,
        "end_timestamp": start + 60_000, "duration_ms": 60_000, "disconnection_reason": "user_hangup",
        "transcript": "Agent: Hello.\nUser: I asked about an order.\n".repeat(100),
    }})
    .to_string()
}

fn answer(stream: &mut BufReader<TcpStream>) -> u16 {
    let (mut first, mut length) = (String::new(), 0);
    stream.read_line(&mut first).unwrap();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).unwrap();
        if line.trim_end().is_empty() {
            break;
        }
        if let Some((name, value)) =
            line.split_once(": ").filter(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        {
            assert!(!name.is_empty());
            length = value.trim_end().parse().unwrap();
        }
    }
    stream.read_exact(&mut vec![0; length]).unwrap();
    first.split(' ').nth(1).unwrap().parse().unwrap()
}

/// Daily counts of a year, whose calls were erased; adding them up is left to the store.
const YEAR: &str = "
PRAGMA synchronous = OFF;
BEGIN;
INSERT INTO day
    WITH RECURSIVE
        numbers(at) AS (SELECT 0 UNION ALL SELECT at + 1 FROM numbers WHERE at + 1 < NUMBERS),
        days(day) AS (SELECT '2024-11-15' UNION ALL SELECT date(day, '+1 day') FROM days WHERE day < '2025-11-20')
    SELECT 'production', printf('+1415%07d', 2000000 + at), printf('agent_%d', at % 50), day, 1, 4, 3, 1, 3, 0, 1, 240000, 3, 1,
        480000, 0, strftime('%s', day) * 1000, strftime('%s', day) * 1000 + 3600000
    FROM days, numbers;
COMMIT;
PRAGMA wal_checkpoint(TRUNCATE);
";

/// Asks by number and by agent for a year that begins and ends within a month.
fn questioning() -> Option<f64> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("calls.sqlite3");
    let place = StorePlace::named(file.to_str()?).unwrap();
    drop(CallStore::open(&place).unwrap());
    let filled = Command::new("sqlite3").arg(&file).arg(YEAR.replace("NUMBERS", &NUMBERS.to_string())).output();
    let Ok(filled) = filled else {
        println!("a year of {NUMBERS} numbers: left out, since sqlite3 is not installed");
        return None;
    };
    assert!(filled.status.success(), "{}", String::from_utf8_lossy(&filled.stderr));
    let production = [WorkspaceName::parse("production").unwrap()];
    CallStore::open(&place).unwrap().recount(&production[0]).unwrap();
    let (since, until) = (start_of("2024-11-18")?, start_of("2025-11-18")?);
    let mut worst: f64 = 0.0;
    for (what, number) in [("number", true), ("agent", false)] {
        let columns = TallyColumns { number, agent: !number, part: TallyPart::Whole };
        let started = Instant::now();
        let store = CallStore::open_to_ask(&place).unwrap().unwrap();
        let found = store.tallies(&production, since, until, columns).unwrap();
        let took = started.elapsed();
        assert_eq!(found.iter().map(|tally| tally.counts.calls).sum::<u64>(), u64::from(NUMBERS) * 365 * 4);
        worst = worst.max(row(&format!("a year of {NUMBERS} numbers, by {what}"), took, QUESTION));
    }
    let started = Instant::now();
    let store = CallStore::open_to_ask(&place).unwrap().unwrap();
    assert_eq!(store.last_calls(&production).unwrap().len(), usize::try_from(NUMBERS).unwrap());
    worst = worst.max(row(&format!("the last calls of {NUMBERS} numbers"), started.elapsed(), QUESTION));
    Some(worst)
}
