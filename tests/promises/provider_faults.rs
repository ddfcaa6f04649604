//! Each fault at each request of a sync: never a wrong removal, never credentials to another host, memory bounded, and
//! an exit code that tells a whole answer from a part.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::thread;

use assert_cmd::cargo::cargo_bin;
use phone_dir::sandbox::SandboxOptions;
use serde_json::Value;

use crate::dice;
use crate::fixture::{DIRECTORY, Project, Run};

const LINE: &str = "+14155550101";

/// What a fault makes of the read that it hits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Effect {
    /// The read is incomplete, at once.
    Fatal,
    /// The read is incomplete, after several attempts that take seconds.
    Stubborn,
    /// The read is whole, or says what was odd.
    Harmless,
}

use Effect::{Fatal, Harmless, Stubborn};

const FAULTS: [(&str, Effect); 26] = [
    ("status:401", Fatal),
    ("status:403", Fatal),
    ("status:404", Fatal),
    ("status:400", Fatal),
    ("html", Fatal),
    ("half-json", Fatal),
    ("redirect", Fatal),
    ("oversized:4096", Fatal),
    ("wrong-type", Harmless),
    ("unknown-enum", Harmless),
    ("duplicate", Harmless),
    ("vanish", Harmless),
    ("foreign-page", Harmless),
    ("repeat-page", Harmless),
    ("slow:5", Harmless),
    ("status:429,retry-after=0,nth=1", Harmless),
    ("status:503,nth=1", Harmless),
    ("reset,nth=1", Harmless),
    ("truncate,nth=1", Harmless),
    ("status:429", Stubborn),
    ("status:500", Stubborn),
    ("status:502", Stubborn),
    ("reset", Stubborn),
    ("truncate", Stubborn),
    ("hang:60", Stubborn),
    ("slow:5000", Stubborn),
];

/// Virtual memory, in KiB, within which a sync has to stay whatever arrives: `oversized` sends four times as much.
const MEMORY: u64 = 1 << 20;

/// So few records a page that lists have several.
const PAGES: &str = "pages:6";

/// The requests of a sync: each list's first page, and the later ones, by a part of the path that no other has.
fn requests(template: &Project) -> Vec<String> {
    template.sandbox.clear_requests();
    template.fault(PAGES);
    template.succeed(&["sync", "--all"]);
    template.sandbox.clear_faults();
    let paths: BTreeSet<_> = template.sandbox.requests().iter().map(|request| key(&request.path)).collect();
    paths.into_iter().collect()
}

/// What follows the `?` differs from run to run, but for the name of the place where a page begins.
fn key(path: &str) -> String {
    let later = ["PageToken=", "pagination_key="].iter().find_map(|name| Some(path.find(name)? + name.len()));
    let end = later.or_else(|| path.find('?')).unwrap_or(path.len());
    path[..end].to_owned()
}

/// The numbers of the directory and of each workspace.
fn numbers(project: &Project) -> Vec<String> {
    let mut found = Vec::new();
    let master: Value = serde_json::from_str(&project.read(DIRECTORY)).unwrap();
    found.extend(master["numbers"].as_object().unwrap().keys().cloned());
    for workspace in ["staging", "production"] {
        let path = format!("phone-numbers/{workspace}/assignments.json");
        let file: Value = serde_json::from_str(&project.read(&path)).unwrap();
        let assigned = file["assignments"].as_array().unwrap().iter();
        found.extend(assigned.map(|entry| format!("{workspace} {}", entry["phone_number"])));
    }
    found
}

/// Syncs while one request goes wrong, and judges what became of it.
fn judge(template: &Project, fault: &str, effect: Effect, path: &str) {
    let project = template.copy(SandboxOptions::default());
    project.sandbox.reassign("production", LINE, "sales-agent").unwrap();
    project.fault(PAGES);
    project.fault(&format!("{fault},path={path}"));
    let before = numbers(&project);
    let run = bounded(&project);
    let cell = format!("{fault} at {path}: {run}");
    assert!([0, 2, 3].contains(&run.code), "{cell}");
    let report: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {cell}"));
    let expected: &[&str] = match run.code {
        0 => &["success", "unchanged"],
        2 => &["failed"],
        _ => &["incomplete"],
    };
    assert!(expected.contains(&report["status"].as_str().unwrap()), "{cell}");
    // Whom a key belongs to is asked beside the numbers, and no read depends on it.
    let is_needed = !path.starts_with("/get-api-key-info");
    assert!(effect == Harmless || !is_needed || run.code != 0, "{cell}");
    let bad = ["removed", "unassigned", "released"];
    if !fault.starts_with("vanish") {
        assert_eq!(numbers(&project), before, "{cell}");
        let kinds = report["changes"].as_array().unwrap().iter().map(|change| change["kind"].as_str().unwrap());
        assert!(!kinds.clone().any(|kind| bad.contains(&kind)), "{cell}");
    }
    let strangers = project.sandbox.requests().into_iter().filter(|request| request.path.contains("/_sandbox/"));
    assert_eq!(strangers.count(), 0, "{cell}: nobody else is asked");
    assert_eq!(project.git(&["status", "--porcelain"]), "", "{cell}");
    // Afterwards everything is well again.
    project.sandbox.clear_faults();
    let again = project.run(&["sync", "--all"]);
    assert_eq!(again.code, 0, "{cell}: {again}");
    let errors = errors(&project);
    assert_eq!(errors, dead_lines(&project), "{cell}");
    assert!(errors.is_empty() || fault.starts_with("vanish"), "{cell}");
}

/// The numbers with errors, each with the rule; the exit code says whether there are any.
fn errors(project: &Project) -> BTreeSet<(String, String)> {
    let run = project.run(&["validate", "--json"]);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    let all = report["diagnostics"].as_array().unwrap().iter().filter(|it| it["severity"] == "error");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let errors: BTreeSet<_> = all.map(|it| (text(&it["rule"]), text(&it["phone_number"]))).collect();
    assert_eq!(run.code, i32::from(!errors.is_empty()), "{run}");
    errors
}

/// The numbers that vanished from Twilio's account for good while production answers them: the one thing that is wrong.
fn dead_lines(project: &Project) -> BTreeSet<(String, String)> {
    let master: Value = serde_json::from_str(&project.read(DIRECTORY)).unwrap();
    let numbers = master["numbers"].as_object().unwrap().iter();
    let is_dead = |entry: &Value| !entry["left"].is_null() && !entry["workspaces"]["production"]["agent_id"].is_null();
    let dead = numbers.filter(|(_, entry)| is_dead(entry));
    dead.map(|(number, _)| ("left-twilio-account".to_owned(), number.clone())).collect()
}

/// A sync that gets no more memory than it may have.
fn bounded(project: &Project) -> Run {
    let script = format!("ulimit -v {MEMORY}; exec \"$PHONE_DIR\" sync --all --json");
    let mut command = project.command("sh", &["-c", &script]);
    project.finish(&["sync", "--all", "--json"], &command.env("PHONE_DIR", cargo_bin("phone-dir")).output().unwrap())
}

/// Judges cells side by side: most of the time of a stubborn fault is waiting.
fn judge_all(template: &Project, cells: Vec<(&str, Effect, String)>, at_a_time: usize) {
    let cells = Mutex::new(cells.into_iter());
    thread::scope(|scope| {
        for _ in 0..at_a_time {
            scope.spawn(|| {
                loop {
                    let Some((fault, effect, path)) = cells.lock().unwrap().next() else { break };
                    judge(template, fault, effect, &path);
                }
            });
        }
    });
}

#[test]
fn a_sample_of_faults_at_a_sample_of_requests() {
    let (template, mut dice) = (Project::synced(), dice());
    let requests = requests(&template);
    assert!(requests.len() >= 8, "{requests:?}");
    let quick = FAULTS.into_iter().filter(|(_, effect)| *effect != Stubborn);
    let cells = quick.map(|(fault, effect)| (fault, effect, dice.choose(&requests).clone())).collect();
    judge_all(&template, cells, 2);
}

#[test]
#[ignore = "takes minutes: every fault at every request"]
fn every_fault_at_every_request() {
    let template = Project::synced();
    let requests = requests(&template);
    let cells: Vec<_> = FAULTS
        .into_iter()
        .flat_map(|(fault, effect)| requests.iter().map(move |path| (fault, effect, path.clone())))
        .collect();
    eprintln!("{} faults at {} requests", FAULTS.len(), requests.len());
    judge_all(&template, cells, 8);
}

#[test]
fn a_refused_connection_is_a_failure_and_changes_nothing() {
    let mut project = Project::synced();
    let before = numbers(&project);
    // Nobody listens on the port of a sandbox that is gone.
    let gone = Project::synced().sandbox.base_url();
    project.place.set("RETELL_BASE_URL", &gone);
    let run = bounded(&project);
    assert_eq!(run.code, 3, "Twilio was read: {run}");
    assert!(run.stdout.contains("refused"), "{run}");
    assert_eq!(numbers(&project), before);
}
