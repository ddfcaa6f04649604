//! What a sync costs: its requests, and its time against the longest chain of pages that depend on each other.
//!
//! `cargo bench --bench sync` prints a row per size, and ends with 1 when reading 10,000 numbers and 25 trunks takes more than 1.5
//! times its chain, or any row more requests than it may. The sandbox answers each request after 100 ms, so the chain is
//! what no client can beat; it answers on the same processors, which costs the larger rows some of theirs.
//!
//! `in all` is the whole program, with loading, reconciling, checking and writing, and its goals at 10,000 numbers are 2
//! times the chain for the first time and 1.5 where nothing changed. The last column is the most memory that it had, as a
//! multiple of the bytes of the files: the goal is 6.

#![allow(clippy::unwrap_used, clippy::cast_precision_loss)] // a benchmark stops where it fails; counts are small

mod peak;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use phone_dir::sandbox::{self, RequestRecord, RunningSandbox, Sandbox, SandboxOptions};
use tempfile::TempDir;

const LATENCY: Duration = Duration::from_millis(100);
/// The most that reading the largest size may take, as a multiple of its chain. Where few numbers have many trunks, the
/// providers' limits on requests at a time count for more than any chain.
const LIMIT: f64 = 1.5;
/// Numbers and trunks of each row.
const SIZES: [(usize, usize); 3] = [(100, 4), (2_000, 10), (10_000, 25)];
/// Credential lists of the sandbox's trunks.
const CREDENTIAL_LISTS: usize = 3;
const PAGE: usize = 1000;
/// How many more numbers staging has than the Twilio account; both workspaces are listed under one path.
const ONLY_IN_RETELL: usize = 1;

fn main() -> ExitCode {
    println!("numbers  trunks  sync       twilio  may be  retell  chain    reading  ratio  in all   ratio  memory");
    let slow = SIZES.iter().flat_map(|&(numbers, trunks)| measure(numbers, trunks)).filter(|good| !good).count();
    // Unoptimised, the program computes for longer than it waits; the rows are still worth a look.
    if slow > 0 && !cfg!(debug_assertions) { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// Measures the first sync of an account and one that finds nothing new; says of each whether it kept the limits.
fn measure(numbers: usize, trunks: usize) -> [bool; 2] {
    let options = SandboxOptions { numbers, trunks, latency: LATENCY, ..SandboxOptions::default() };
    let sandbox = Sandbox::start(options).unwrap();
    let project = project();
    ["first", "unchanged"].map(|name| {
        sandbox.clear_requests();
        let run = Run::of(&project, &sandbox, &["sync", "--all", "--quiet"]);
        report(name, (numbers, trunks), &run, &sandbox.requests())
    })
}

/// A project with agents, initialised, in a folder of its own.
fn project() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for agent in sandbox::agent_folders() {
        let path = folder.path().join(&agent.path);
        fs::create_dir_all(&path).unwrap();
        fs::write(path.join("agent.json"), format!("{{\"agent_name\": \"{}\"}}\n", agent.name)).unwrap();
        for (workspace, id) in &agent.ids {
            fs::write(path.join(format!("{workspace}.json")), format!("{{\"agent_id\": \"{id}\"}}\n")).unwrap();
        }
    }
    let init = program(&folder).arg("init").output().unwrap();
    assert!(init.status.success());
    folder
}

fn program(folder: &TempDir) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_phone-dir"));
    command.current_dir(folder).env_clear().env("PATH", std::env::var("PATH").unwrap()).env("HOME", folder.path());
    command
}

/// What one run of the program took.
struct Run {
    time: Duration,
    /// The most memory, in bytes, pages of its own file included; on Linux only.
    memory: Option<u64>,
    /// The bytes of the directory's files after it.
    files: u64,
}

impl Run {
    fn of(folder: &TempDir, sandbox: &RunningSandbox, words: &[&str]) -> Self {
        let started = Instant::now();
        let mut command = program(folder);
        command.args(words).envs(sandbox::environment(sandbox)).stdout(Stdio::null());
        let mut child = command.spawn().unwrap();
        let mut memory = None;
        let ended = loop {
            memory = peak::of_process(&child.id().to_string()).or(memory);
            if let Some(ended) = child.try_wait().unwrap() {
                break ended;
            }
            std::thread::sleep(Duration::from_millis(2));
        };
        assert!(ended.success(), "{words:?}");
        Self { time: started.elapsed(), memory, files: size(&folder.path().join("phone-numbers")) }
    }
}

/// The bytes of all files below a folder.
fn size(folder: &Path) -> u64 {
    let of = |entry: fs::DirEntry| {
        if entry.path().is_dir() { size(&entry.path()) } else { entry.metadata().unwrap().len() }
    };
    fs::read_dir(folder).unwrap().map(|entry| of(entry.unwrap())).sum()
}

fn report(name: &str, (numbers, trunks): (usize, usize), run: &Run, requests: &[RequestRecord]) -> bool {
    let is_retell = |request: &&RequestRecord| list_of(request).contains("list-");
    let retell = requests.iter().filter(is_retell).count();
    let twilio = requests.len() - retell;
    let may_be = numbers.div_ceil(PAGE) + 1 + 2 * trunks + CREDENTIAL_LISTS;
    let chain = LATENCY * u32::try_from(longest_chain(numbers, requests)).unwrap();
    let reading = reading_time(requests);
    let ratio = reading.as_secs_f64() / chain.as_secs_f64();
    let memory = run.memory.map(|memory| format!("{:>6.1}", memory as f64 / run.files as f64)).unwrap_or_default();
    println!(
        "{numbers:>7}  {trunks:>6}  {name:<9}  {twilio:>6}  {may_be:>6}  {retell:>6}  {:>5.2} s  {:>5.2} s  {ratio:>5.2}  {:>5.2} s  {:>5.2}  {memory}",
        chain.as_secs_f64(),
        reading.as_secs_f64(),
        run.time.as_secs_f64(),
        run.time.as_secs_f64() / chain.as_secs_f64(),
    );
    (ratio <= LIMIT || numbers < SIZES[2].0) && twilio <= may_be
}

/// From the first request's arrival to the last one's answer.
fn reading_time(requests: &[RequestRecord]) -> Duration {
    let arrivals = requests.iter().map(|request| request.at_ms);
    let (first, last) = (arrivals.clone().min().unwrap(), arrivals.max().unwrap());
    Duration::from_millis(last - first) + LATENCY
}

/// The requests that had to wait for each other: the pages of one list, and what was found in another one before.
///
/// Agents' names are asked for while the numbers' pages still come, so they lengthen no chain.
fn longest_chain(numbers: usize, requests: &[RequestRecord]) -> usize {
    let mut pages: BTreeMap<&str, usize> = BTreeMap::new();
    for request in requests {
        *pages.entry(list_of(request)).or_default() += 1;
    }
    let longest = |part: &str| pages.iter().filter(|(list, _)| list.contains(part)).map(|(_, count)| *count).max();
    let of = |part: &str| longest(part).unwrap_or_default();
    let trunks =
        pages.get("/v1/Trunks").copied().unwrap_or_default() + of("/CredentialLists") + of("/Credentials.json");
    of("IncomingPhoneNumbers").max(trunks).max((numbers + ONLY_IN_RETELL).div_ceil(PAGE))
}

fn list_of(request: &RequestRecord) -> &str {
    request.path.split('?').next().unwrap_or_default()
}
