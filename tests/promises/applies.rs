//! What git decided is sent once: by two applies at the same time, and by one that is killed amid its requests and the next.

use std::collections::BTreeMap;
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use assert_cmd::cargo::cargo_bin;
use phone_dir::sandbox::SandboxOptions;

use crate::fixture::Project;

const LINES: [&str; 4] = ["+14155550101", "+14155550103", "+14155550104", "+12125550105"];

/// Decides a name for every line.
fn decide(project: &Project, round: usize) {
    for line in LINES {
        project.succeed(&["edit", line, "-w", "production", "--nickname", &format!("Round {round} of {line}")]);
    }
    project.sandbox.clear_requests();
}

fn apply(project: &Project) -> Child {
    let mut command = project.command(cargo_bin("phone-dir"), &["apply", "--yes", "--json"]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// How often each line was changed, by the sandbox's own log.
fn sent(project: &Project) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for request in project.sandbox.requests().into_iter().filter(|request| request.method == "PATCH") {
        *counts.entry(request.path.rsplit('/').next().unwrap().replace("%2B", "+")).or_default() += 1;
    }
    counts
}

fn each_once() -> BTreeMap<String, usize> {
    LINES.map(|line| (line.to_owned(), 1)).into()
}

/// Retell has what git says, and nothing is open.
fn settled(project: &Project, what: &str) {
    let drift = project.run(&["drift"]);
    assert!(drift.code == 0 && drift.stdout.contains("In step"), "{what}: {drift}");
    assert!(!project.read("phone-numbers/production/numbers.json").contains("\"live\""), "{what}");
    assert_eq!(project.git(&["status", "--porcelain", "phone-numbers"]), "", "{what}");
    assert_eq!(project.run(&["validate"]).code, 0, "{what}");
}

fn apply_twice_at_once(rounds: usize) {
    let project = Project::synced();
    for round in 0..rounds {
        decide(&project, round);
        let commits = project.commits();
        let running = [apply(&project), apply(&project)];
        for child in running {
            let run = project.finish(&["apply"], &child.wait_with_output().unwrap());
            let gave_way = run.code == 2 && run.stderr.contains("another phone-dir");
            assert!(run.code == 0 || gave_way, "round {round}: {run}");
        }
        assert_eq!(sent(&project), each_once(), "round {round}");
        assert_eq!(project.commits(), commits + 1, "round {round}: one apply is one commit");
        settled(&project, &format!("round {round}"));
    }
}

#[test]
fn two_applies_at_once_send_each_item_once() {
    apply_twice_at_once(3);
}

#[test]
#[ignore = "takes minutes: fifty races between two applies"]
fn fifty_races_between_two_applies() {
    apply_twice_at_once(50);
}

/// Kills an apply while the answer to its `at`th change is on the way, after Retell has made that change.
fn killed_amid(template: &Project, at: usize) {
    let project = template.copy(SandboxOptions::default());
    decide(&project, at);
    project.fault(&format!("slow:60000,method=PATCH,nth={at}"));
    let mut child = apply(&project);
    let limit = Instant::now() + Duration::from_secs(60);
    while sent(&project).values().sum::<usize>() < at {
        assert!(Instant::now() < limit && child.try_wait().unwrap().is_none(), "change {at} is not sent");
        thread::sleep(Duration::from_millis(2));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    project.sandbox.clear_faults();
    let next = project.run(&["apply", "--yes"]);
    assert_eq!(next.code, 0, "change {at}: {next}");
    assert_eq!(sent(&project), each_once(), "change {at}: {next}");
    settled(&project, &format!("change {at}"));
}

#[test]
fn an_apply_that_is_killed_amid_a_request_sends_nothing_twice() {
    let template = Project::synced();
    for at in 1..=LINES.len() {
        killed_amid(&template, at);
    }
}
