//! A reading of calls that is killed at any of its pages goes on, and has in the end what an undisturbed one has.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};

use assert_cmd::cargo::cargo_bin;
use phone_dir::sandbox::{CallTraffic, SandboxOptions};
use phone_dir::store::fault::POINT;

use crate::dice;
use crate::fixture::Project;

const STORE: &str = ".git/phone-dir/usage.sqlite3";
const WORDS: [&str; 6] = ["usage", "pull", "-w", "production", "--since", "11d"];

/// A project whose calls come in some fifty pages.
fn project() -> Project {
    let calls = Some(CallTraffic { per_day: 40, days: 10 });
    let project = Project::synced_with(SandboxOptions { calls, ..SandboxOptions::default() });
    project.fault("pages:5,path=list-calls");
    project
}

/// What a store has, but for when Retell was asked.
fn stored(project: &Project) -> String {
    let query = "SELECT workspace, call_id, number, direction, agent_id, agent_version, agent_tag, start_ms, end_ms, \
                 duration_ms, status, reason, cost_udollar FROM call ORDER BY workspace, call_id; \
                 SELECT * FROM day; SELECT workspace, from_ms, until_ms, swept_ms FROM coverage; SELECT count(*) FROM pull";
    let output = Command::new("sqlite3").arg(project.path(STORE)).arg(query).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn begin_anew(project: &Project) {
    for end in ["", "-wal", "-shm"] {
        // The side files are there only while a process that was killed had them open.
        let _gone = fs::remove_file(project.path(&format!("{STORE}{end}")));
    }
}

/// The points of an undisturbed reading, and what it stores.
fn undisturbed(project: &Project) -> (usize, String) {
    begin_anew(project);
    let output = project.command(cargo_bin("phone-dir"), &WORDS).env("PHONE_DIR_FAULT", "trace").output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{told}");
    (told.lines().filter(|line| line.starts_with(POINT)).count(), stored(project))
}

/// Kills a reading at a point of its own, counted from 1, and reads again.
fn survives(project: &Project, number: usize, expected: &str) {
    begin_anew(project);
    let mut command = project.command(cargo_bin("phone-dir"), &WORDS);
    command.env("PHONE_DIR_FAULT", format!("stop:{number}")).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
    let point = lines.find(|line| line.starts_with(POINT));
    child.kill().unwrap();
    assert_eq!(child.wait().unwrap().signal(), Some(9), "point {number} is not reached: {point:?}");
    project.succeed(&WORDS);
    assert_eq!(stored(project), expected, "{point:?}");
    let (code, health) = project.json(&["usage", "doctor"]);
    assert_eq!((code, &health["status"]), (0, &serde_json::json!("ok")), "{point:?}: {health}");
}

#[test]
fn a_reading_that_is_killed_at_some_of_its_pages_becomes_an_undisturbed_one() {
    let (project, mut dice) = (project(), dice());
    let (points, expected) = undisturbed(&project);
    // A page has three: what it writes begins, is written, and lasts.
    assert!(points > 100, "{points} points");
    for number in [1, 1 + dice.below(points), 1 + dice.below(points), points] {
        survives(&project, number, &expected);
    }
}

#[test]
#[ignore = "the long version: tests/promises/run pulls"]
fn a_reading_that_is_killed_at_each_of_its_pages_becomes_an_undisturbed_one() {
    let project = project();
    let (points, expected) = undisturbed(&project);
    (1..=points).for_each(|number| survives(&project, number, &expected));
    eprintln!("{points} kills, each at another point of the pages of one reading");
}
