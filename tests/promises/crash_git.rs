//! Killed together with the git at work, at the moment at which that holds its lock, a command leaves nothing that a
//! person would have to remove.
//!
//! A git in front of git stands in for the moment, which is too short to be hit: it takes the lock as git does, and then
//! ends everything with SIGKILL. Each call of git that changes something is tried.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::Stdio;

use assert_cmd::cargo::cargo_bin;

use crate::crash::{Undisturbed, chosen, survives};
use crate::crash_courses::{COURSES, Course, template};
use crate::dice;
use crate::fixture::Project;

/// `CALLS` lists what was called; the call with the number `DIES` does not come back.
const GIT: &str = r#"#!/bin/sh
for word; do
    case $word in
        --literal-pathspecs | -c | *=*) ;;
        *) subcommand=$word && break ;;
    esac
done
# Where it is not named, git finds it by itself.
folder=${GIT_DIR:-$(PATH=${PATH#*:} git rev-parse --absolute-git-dir)}
last= file= before=
for word; do
    [ "$last" = --file ] && file=$word
    before=$last last=$word
done
locks=
case "$subcommand $*" in
    *" --get "*) subcommand=asks ;;
    update-index\ * | add\ * | read-tree\ *) locks=$GIT_INDEX_FILE.lock ;;
    config\ *) locks=${file:-$folder/config}.lock ;;
    update-ref\ * | checkout-index\ * | commit-tree\ * | hash-object\ * | fetch\ * | push\ * | maintenance\ *) ;;
    *) subcommand=asks ;;
esac
if [ "$subcommand" != asks ]; then
    echo "$subcommand" >>"$CALLS"
    if [ "$(wc -l <"$CALLS")" -eq "${DIES:-0}" ]; then
        for lock in $locks; do echo half >"$lock"; done
        case "$subcommand $*" in
            # A reference that HEAD does not stand for is locked alone.
            update-ref\ *" -d "*) : >"$folder/$last.lock" && subcommand=deletion ;;
        esac
        if [ "$subcommand" = update-ref ]; then
            : >"$folder/HEAD.lock"
            case $HOW in
                whole) echo "$before" >"$folder/refs/heads/main.lock" ;;
                empty) : >"$folder/refs/heads/main.lock" ;;
            esac
        fi
        kill -KILL 0
    fi
fi
PATH=${PATH#*:} exec git "$@"
"#;

/// What a killed `update-ref` has of the branch's lock: nothing yet, an empty file, or the new id.
const HOW: [&str; 3] = ["absent", "empty", "whole"];

/// Runs the command with a git that dies in its `dies`th call, or never; gives the calls.
fn run(course: &Course, project: &Project, dies: usize, how: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let (git, calls) = (folder.path().join("git"), folder.path().join("calls"));
    fs::write(&git, GIT).unwrap();
    fs::set_permissions(&git, Permissions::from_mode(0o755)).unwrap();
    fs::write(&calls, "").unwrap();
    let path = format!("{}:{}", folder.path().display(), project.variables["PATH"]);
    let mut command = project.command(cargo_bin("phone-dir"), course.words);
    command.env("PATH", path).env("CALLS", &calls).env("DIES", dies.to_string()).env("HOW", how);
    let ended = command.stdout(Stdio::null()).stderr(Stdio::null()).process_group(0).status().unwrap();
    let calls = fs::read_to_string(calls).unwrap().lines().map(str::to_owned).collect();
    assert_eq!(ended.signal().is_some(), dies > 0, "{}: {ended}, {calls:?}", course.name);
    calls
}

fn dies_in(course: &Course, whole: &Undisturbed, template: &Project, number: usize, how: &str) {
    survives(course, template, whole, |project| {
        let calls = run(course, project, number, how);
        format!("killed with git {}, the {number}th call, lock {how}", calls.last().unwrap())
    });
}

/// The calls of git that change something, and the ways in which each can be cut off.
fn moments(course: &Course, template: &Project) -> Vec<(usize, &'static str)> {
    let calls = run(course, &course.begin(template), 0, "");
    let ways = |call: &str| if call == "update-ref" { HOW.as_slice() } else { &HOW[..1] };
    calls.iter().enumerate().flat_map(|(index, call)| ways(call).iter().map(move |how| (index + 1, *how))).collect()
}

fn every_git_of(name: &str) -> usize {
    let template = template();
    let course = COURSES.iter().find(|course| course.name == name).unwrap();
    let whole = Undisturbed::run(course, &template);
    let moments = moments(course, &template);
    for (number, how) in &moments {
        dies_in(course, &whole, &template, *number, how);
    }
    moments.len()
}

#[test]
fn a_staged_repair_that_is_killed_with_its_git_leaves_no_lock() {
    assert!(every_git_of("validate --fix --staged") >= 2);
}

#[test]
fn a_sample_of_gits_killed_with_their_command() {
    let (template, mut dice) = (template(), dice());
    for name in ["sync", "sync --push", "setup"] {
        let course = COURSES.iter().find(|course| course.name == name).unwrap();
        let whole = Undisturbed::run(course, &template);
        let (number, how) = *dice.choose(&moments(course, &template));
        dies_in(course, &whole, &template, number, how);
    }
}

#[test]
#[ignore = "takes minutes: every git of every command"]
fn every_git_of_every_command_killed_with_it() {
    let mut kills = 0;
    for course in chosen() {
        let count = every_git_of(course.name);
        eprintln!("{}: {count} calls of git", course.name);
        kills += count;
    }
    eprintln!("{kills} kills");
}

#[test]
fn a_push_that_is_killed_while_git_writes_files_is_taken_back() {
    let template = template();
    let course = COURSES.iter().find(|course| course.name == "sync --push").unwrap();
    let whole = Undisturbed::run(course, &template);
    survives(course, &template, &whole, |project| {
        // Git passes this file through the filter while it writes it, and has removed another by then.
        let attributes = project.path(".git/info/attributes");
        project.write(".git/info/attributes", "docs/theirs.txt filter=deadly\n");
        project.git(&["config", "filter.deadly.smudge", "head -c 1000 >docs/theirs.txt; kill -KILL 0"]);
        let mut command = project.command(cargo_bin("phone-dir"), course.words);
        let ended = command.stdout(Stdio::null()).stderr(Stdio::null()).process_group(0).status().unwrap();
        assert_eq!(ended.signal(), Some(9), "{ended}");
        project.git(&["config", "--remove-section", "filter.deadly"]);
        fs::remove_file(attributes).unwrap();
        assert_eq!(project.read("docs/theirs.txt").len(), 1000, "cut off in the middle of a file");
        assert!(!project.path("old.txt").exists(), "and after another");
        "killed while git writes files".to_owned()
    });
}

/// A lock that a living git holds is not ours to remove, however much it looks like a leftover.
#[test]
fn a_lock_of_somebody_else_stays_where_it_is() {
    let (template, course) = (template(), &COURSES[0]);
    let calls = run(course, &course.begin(&template), 0, "");
    let number = calls.iter().position(|call| call == "update-ref").unwrap() + 1;
    let foreign = "0123456789012345678901234567890123456789\n";
    for (lock, content) in [("index.lock", ""), ("refs/heads/main.lock", foreign)] {
        let project = course.begin(&template);
        run(course, &project, number, "absent");
        project.write(&format!(".git/{lock}"), content);
        let run = project.run(&["fmt", "--quiet"]);
        assert_eq!(run.code, 0, "{run}");
        assert_eq!(project.read(&format!(".git/{lock}")), content, "{lock}");
        // Git takes HEAD's lock before the branch's.
        assert_eq!(project.path(".git/HEAD.lock").exists(), lock != "index.lock", "{lock}");
    }
}
