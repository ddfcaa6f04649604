//! What happens on a terminal: the question, the answer, and Ctrl-C. A real pseudo-terminal, so unix only.

#![cfg(unix)]

use std::time::Duration;

use phone_dir::sandbox::SandboxOptions;

use crate::phone::fixture::{LINE, PROGRAM, Project, agent};
use crate::terminal::Terminal;

const LIST: &str = "phone_number,workspace,agent\n\
    +14155550101,production,agents/survey\n\
    +14155550104,production,agents/survey\n";

fn start(project: &Project, words: &[&str]) -> Terminal {
    Terminal::start(PROGRAM, words, project.path(), &project.environment())
}

fn asked(project: &Project) -> Terminal {
    project.write("list.csv", LIST);
    let mut terminal = start(project, &["bulk-assign", "list.csv"]);
    terminal.wait_for("Make these changes in Retell, to 2 numbers of production? [y/N] ");
    assert!(terminal.shown.contains("Would change: 2 reassigned"), "{}", terminal.shown);
    assert_eq!(project.changes_sent(), 0, "nothing is sent before the answer");
    terminal
}

#[test]
fn a_yes_makes_the_changes_that_were_shown() {
    let project = Project::synced();
    let commits = project.commits();
    let mut terminal = asked(&project);
    terminal.press("y\r");
    let (code, shown) = terminal.end();
    assert!(code == 0 && shown.contains("Changed: 2 reassigned"), "{shown}");
    assert_eq!((project.changes_sent(), project.commits()), (2, commits + 1));
    assert_eq!(project.assignment("production", LINE)["agent_id"], agent("production", "survey"));
}

#[test]
fn anything_but_a_yes_changes_nothing() {
    for keys in ["n\r", "\r", "yess\r", "\u{4}"] {
        let project = Project::synced();
        let commits = project.commits();
        let mut terminal = asked(&project);
        terminal.press(keys);
        let (code, shown) = terminal.end();
        assert!(code == 2 && shown.contains("nothing was changed, as you said"), "{keys:?}: {code}\n{shown}");
        assert!(!shown.contains("Changed:") && !shown.contains("error:"), "{shown}");
        assert_eq!((project.changes_sent(), project.commits()), (0, commits));
    }
}

#[test]
fn ctrl_c_at_the_question_ends_it_and_leaves_nothing_behind() {
    let project = Project::synced();
    let mut terminal = asked(&project);
    terminal.press("\u{3}");
    let (code, shown) = terminal.end();
    assert_ne!(code, 0, "{shown}");
    assert_eq!(project.changes_sent(), 0);
    project.done(&["bulk-assign", "list.csv", "--yes"]);
    assert_eq!(project.changes_sent(), 2, "the lock went with the process");
}

#[test]
fn deleting_a_number_asks_too() {
    let project = Project::synced();
    let mut terminal = start(&project, &["phone", "delete", LINE, "-w", "staging"]);
    terminal.wait_for("[y/N] ");
    assert!(terminal.shown.contains(&format!("{LINE} removed")), "{}", terminal.shown);
    terminal.press("yes\r");
    assert_eq!(terminal.end().0, 0);
    assert!(project.registered("staging", LINE).is_null());
}

#[test]
fn ctrl_c_amid_a_bulk_run_stops_cleanly_and_a_repeated_run_does_only_what_is_left() {
    let options = SandboxOptions { numbers: 60, latency: Duration::from_millis(60), ..SandboxOptions::default() };
    let project = Project::with(options);
    let commits = project.commits();
    let (list, rows) = project.everything();
    project.write("list.csv", &list);
    let words = ["bulk-assign", "list.csv", "-w", "production"];
    let mut terminal = start(&project, &words);
    terminal.wait_for("[y/N] ");
    terminal.press("y\r");
    while project.changes_sent() < 10 {
        std::thread::sleep(Duration::from_millis(2));
    }
    terminal.press("\u{3}");
    let (code, shown) = terminal.end();
    let sent = project.changes_sent();
    assert_eq!(code, 3, "{shown}");
    assert!(sent < rows && shown.contains(&format!("interrupted: {} of {rows}", rows - sent)), "{shown}");
    assert_eq!(project.commits(), commits + 1, "what was done is one commit");
    assert_eq!(project.git(&["status", "--porcelain", "phone-numbers"]), "");
    project.done(&[words.as_slice(), &["--yes"]].concat());
    assert_eq!((project.changes_sent(), project.commits()), (rows, commits + 2), "each number is sent once");
    std::fs::remove_file(project.path().join("list.csv")).unwrap();
    project.assert_in_step();
}

#[test]
fn the_question_shows_weights_and_versions_and_not_only_that_they_change() {
    let project = Project::synced();
    project.write(
        "list.csv",
        &format!("phone_number,workspace,inbound_agent\n{LINE},production,agents/customer-service@3\n"),
    );
    let mut terminal = start(&project, &["bulk-assign", "list.csv"]);
    terminal.wait_for("[y/N] ");
    let told = "rerouted inbound agents/customer-service → agents/customer-service@3";
    assert!(terminal.shown.contains(told), "{}", terminal.shown);
    terminal.press("n\r");
    assert_eq!(terminal.end().0, 2);
}
