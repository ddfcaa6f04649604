//! A command that asks reads each file once and opens the repository once, however many of its parts look at them.

use std::collections::BTreeMap;

use assert_cmd::cargo::cargo_bin;
use phone_dir::store::fault::OPENED;

use crate::cli::fixture::Project;

const NUMBER: &str = "+14155550101";

/// How often each file and the repository were opened.
fn opened(project: &Project, words: &[&str]) -> BTreeMap<String, usize> {
    let mut command = project.command(cargo_bin("phone-dir"), words);
    let output = command.env("PHONE_DIR_FAULT", "reads").output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(matches!(output.status.code(), Some(0 | 1)), "{words:?}: {said}");
    let mut counts = BTreeMap::new();
    let places = said.lines().filter_map(|line| line.strip_prefix(OPENED));
    // What git keeps is read through the repository, which looks things up as it needs them; what may hold keys is looked
    // through before anything is said, so that no error prints one.
    for place in places.map(|place| place.replace(project.root.to_str().unwrap(), "")).filter(|place| !is_apart(place))
    {
        *counts.entry(place).or_default() += 1;
    }
    counts
}

fn is_apart(place: &str) -> bool {
    place.contains("/.git/") || ["file /.env", "file /workspaces.json"].contains(&place)
}

/// A project whose working tree has an edit of its own, and whose history has two branches.
fn project() -> Project {
    let project = Project::synced();
    project.git(&["branch", "topic"]);
    project.succeed(&["edit", NUMBER, "--notes", "first"]);
    project.succeed(&["edit", NUMBER, "--notes", "second", "--no-commit"]);
    project
}

#[test]
fn a_question_reads_each_file_once_and_opens_the_repository_once() {
    let project = project();
    for words in [
        &["list"] as &[&str],
        &["list", "--at", "HEAD"],
        &["show", NUMBER],
        &["report", "--json"],
        &["status"],
        &["drift"],
        &["plan"],
        &["workspaces"],
        &["validate"],
        &["phone", "get", NUMBER, "--workspace", "staging"],
        &["history", "(415) 555-0101", "--workspace", "staging", "--agent", "agents/sales-agent"],
        &["blame", NUMBER],
        &["diff", "staging", "production"],
        &["diff", "--workspace", "staging", "--number", "(415) 555-0101", "--agent", "agents/sales-agent"],
        &["diff", "main", "--format", "markdown"],
        &["diff", "@live"],
        &["doctor"],
        &["sync", "--dry-run", "--allow-dirty"],
    ] {
        let counts = opened(&project, words);
        let twice: Vec<_> = counts.iter().filter(|(_, count)| **count > 1).collect();
        assert!(!counts.is_empty() && twice.is_empty(), "{words:?}: {twice:?}");
    }
}

#[test]
fn two_commits_are_read_by_two_threads_with_a_repository_each() {
    let project = project();
    let counts = opened(&project, &["diff", "main", "topic"]);
    let twice: Vec<_> = counts.iter().filter(|(_, count)| **count > 1).collect();
    assert_eq!(twice, [(&"repository ".to_owned(), &2)], "{counts:?}");
    assert_eq!(counts["file /phone-numbers/directory.json"], 1, "whether the words are workspaces is read once");
}
