//! What may not be kept is kept nowhere: not in the store, not in what is printed, not in an error.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use assert_cmd::cargo::cargo_bin;

use super::{STORE, sql, with_calls};

/// What the sandbox's calls have and nobody may keep: the person's number and name, the recording, headers, variables,
/// the carrier's id of the call, the analysis.
const CANARIES: [&str; 17] = [
    "+1202555",
    "+1303555",
    "+1404555",
    "+1503555",
    "+1617555",
    "+1808555",
    "+1907555",
    "Ada Example",
    "Customer ",
    "customer_name",
    "recordings.example.com",
    "X-Caller",
    "twilio_call_sid",
    "CA0000000",
    "asked about",
    "Neutral",
    "key_sandbox",
];

/// Which of them a text has.
pub fn canaries_in(text: &[u8]) -> Vec<&'static str> {
    let holds = |canary: &&&str| text.windows(canary.len()).any(|window| window == canary.as_bytes());
    CANARIES.iter().filter(holds).copied().collect()
}

#[test]
fn nothing_of_a_person_is_in_the_store_or_in_what_is_printed() {
    let project = with_calls(120, 8);
    let mut printed = String::new();
    let mut run = |words: &[&str]| {
        let run = project.run(words);
        printed.push_str(&format!("{run}"));
        run
    };
    project.fault("html,path=list-calls,nth=2");
    assert_eq!(run(&["usage", "pull", "-v"]).code, 3);
    project.sandbox.clear_faults();
    project.fault("wrong-type,path=list-calls");
    assert_eq!(run(&["usage", "pull", "-v", "--json", "--reread", "8d"]).code, 3);
    project.sandbox.clear_faults();
    assert_eq!(run(&["usage", "pull", "-v"]).code, 0);
    for by in ["number", "agent", "workspace", "day", "hour", "reason", "direction"] {
        assert_eq!(run(&["usage", "--by", by, "--json"]).code, 0);
    }
    for format in ["human", "csv", "markdown", "jsonl"] {
        assert_eq!(run(&["usage", "--format", format]).code, 0);
    }
    for words in [&["usage", "export"][..], &["usage", "export", "--format", "jsonl"], &["usage", "doctor"]] {
        assert_eq!(run(words).code, 0);
    }
    let call = sql(&project, "SELECT call_id FROM call LIMIT 1");
    assert_eq!(run(&["usage", "call", &call]).code, 3, "the directory began after the calls");
    assert!(printed.contains(&call) && printed.len() > 20_000);
    assert_eq!(canaries_in(printed.as_bytes()), [""; 0]);
    for (path, bytes) in crate::cli::fixture::files_below(&project.root, &project.path(".git")) {
        assert_eq!(canaries_in(&bytes), [""; 0], "{path}");
    }
    assert_eq!(sql(&project, "SELECT count(*) FROM call WHERE number NOT LIKE '+%'"), "0");
}

#[test]
fn only_the_user_may_read_the_store_and_git_never_sees_it() {
    let project = with_calls(30, 3);
    project.succeed(&["usage", "pull"]);
    let mode = |path: &str| fs::metadata(project.path(path)).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(STORE), 0o600);
    assert_eq!(project.git(&["status", "--porcelain"]), "");
    fs::set_permissions(project.path(STORE), fs::Permissions::from_mode(0o644)).unwrap();
    project.succeed(&["usage", "pull"]);
    assert_eq!(mode(STORE), 0o600, "one that others may read is closed to them");
}

#[test]
fn only_the_environment_says_where_else_the_store_is() {
    let mut project = with_calls(30, 3);
    project.write(".env", "PHONE_DIR_STORE=/nowhere/at/all\n");
    project.succeed(&["usage", "pull"]);
    assert!(project.path(STORE).exists());
    let elsewhere = project.home.join("calls.sqlite3");
    project.place.set("PHONE_DIR_STORE", elsewhere.to_str().unwrap());
    assert_eq!(project.run(&["usage"]).code, 3);
    project.succeed(&["usage", "pull"]);
    assert_eq!(fs::metadata(&elsewhere).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(project.run(&["usage"]).code, 0);
    project.place.set("PHONE_DIR_STORE", "mysql://user:hunter2@db.example.com/calls");
    let run = project.run(&["usage"]);
    assert_eq!(run.code, 2, "{run}");
    assert!(!run.stderr.contains("hunter2"), "{run}");
    project.place.set("PHONE_DIR_STORE", "relative.sqlite3");
    assert_eq!(project.run(&["usage", "pull"]).code, 2);
}

#[test]
fn a_link_or_a_newer_store_in_its_place_is_refused() {
    let project = with_calls(30, 3);
    project.succeed(&["usage", "pull"]);
    let moved = project.home.join("moved.sqlite3");
    fs::rename(project.path(STORE), &moved).unwrap();
    std::os::unix::fs::symlink(&moved, project.path(STORE)).unwrap();
    for words in [&["usage", "pull"][..], &["usage"]] {
        assert_eq!(project.run(words).code, 2);
    }
    fs::remove_file(project.path(STORE)).unwrap();
    let set = std::process::Command::new("sqlite3").arg(&moved).arg("PRAGMA user_version = 99").status().unwrap();
    assert!(set.success());
    fs::rename(&moved, project.path(STORE)).unwrap();
    for words in [&["usage", "pull"][..], &["usage"]] {
        let run = project.run(words);
        assert!(run.code == 2 && run.stderr.contains("upgrade phone-dir"), "{run}");
    }
    fs::write(project.path(STORE), "this is no database, and long enough to be looked at as one".repeat(99)).unwrap();
    let run = project.run(&["usage"]);
    assert!(run.code == 2 && run.stderr.contains("not a database"), "{run}");
}

#[test]
fn a_key_of_the_run_is_in_no_file_that_was_asked_for_and_in_no_proposal() {
    let mut project = with_calls(10, 2);
    project.succeed(&["usage", "pull"]);
    fs::remove_file(project.path("agents/sales-agent/staging.json")).unwrap();
    // A word that every answer names serves as one of the keys from here on.
    project.place.set("RETELL_STAGING_API_KEY", "sales-agent");
    let asked: [&[&str]; 9] = [
        &["report", "--format", "html", "--output", "asked.out"],
        &["report", "--format", "csv", "--output", "asked.out"],
        &["report", "--format", "json", "--output", "asked.out"],
        &["validate", "--output", "human=asked.out"],
        &["validate", "--output", "json=asked.out"],
        &["validate", "--output", "sarif=asked.out"],
        &["validate", "--output", "markdown=asked.out"],
        &["usage", "export", "--format", "csv", "--output", "asked.out"],
        &["usage", "export", "--format", "jsonl", "--output", "asked.out"],
    ];
    for words in asked {
        let run = project.run(words);
        assert!(run.code < 2, "{words:?}: {run}");
        let written = fs::read_to_string(project.path("asked.out")).unwrap();
        assert!(written.contains("[a key]") && !written.contains("sales-agent"), "{words:?}:\n{written}");
        fs::remove_file(project.path("asked.out")).unwrap();
    }
    let mut completion = project.command(cargo_bin("phone-dir"), &["--", "phone-dir", "agent-numbers", "agents/s"]);
    let proposed = completion.env("PHONE_DIR_COMPLETE", "fish").output().unwrap();
    let proposed = String::from_utf8(proposed.stdout).unwrap();
    assert!(proposed.contains("agents/survey") && !proposed.contains("sales-agent"), "{proposed}");
}
