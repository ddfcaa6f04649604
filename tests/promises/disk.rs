//! A disk that is full, files that may not be read or written, folders that vanish: a clear error, and nothing changed.
//! What `tests/cli/disk.rs` shows for `sync`, this shows for every command that writes.

use std::fs;
use std::process::{Command, Stdio};
use std::time::Duration;

use assert_cmd::cargo::cargo_bin;
use phone_dir::sandbox::SandboxOptions;

use crate::crash_courses::{COURSES, template};
use crate::fixture::{DIRECTORY, Place, Project, Run, differences};

/// Somebody who owns nothing but what was given to them.
const NOBODY: u32 = 65534;

/// Runs phone-dir so that permissions bind it; none where that cannot be done.
fn as_nobody(place: &Place, words: &[&str]) -> Option<Run> {
    let owner = format!("{NOBODY}:{NOBODY}");
    let given =
        place.command("chown", &["-R", &owner, place.root.parent().unwrap().to_str().unwrap()]).status().unwrap();
    let user = [format!("--reuid={NOBODY}"), format!("--regid={NOBODY}"), "--clear-groups".to_owned()];
    let mut command = if given.success() {
        let program = cargo_bin("phone-dir");
        let words: Vec<_> =
            user.iter().map(String::as_str).chain([program.to_str().unwrap()]).chain(words.iter().copied()).collect();
        place.command("setpriv", &words)
    } else {
        place.command(cargo_bin("phone-dir"), words)
    };
    let output = command.output().unwrap();
    let refused = String::from_utf8_lossy(&output.stderr).contains("setpriv:");
    if refused {
        eprintln!("skipped: nobody can be somebody else here");
    }
    (!refused).then(|| place.finish(words, &output))
}

#[test]
fn a_file_that_may_not_be_read_is_named_by_every_question() {
    let project = Project::synced();
    for words in
        [["list"].as_slice(), &["validate"], &["report"], &["status"], &["edit", "+14155550101", "--add-tag", "x"]]
    {
        for path in [DIRECTORY, "phone-numbers/staging/numbers.json"] {
            let place = project.place.copy();
            place.command("chmod", &["000", path]).status().unwrap();
            let Some(run) = as_nobody(&place, words) else { return };
            assert_eq!(run.code, 2, "{path}: {run}");
            assert!(run.stderr.contains(path) && run.stderr.contains("ermission denied"), "{run}");
            assert!(run.stderr.contains("hint: "), "{run}");
        }
    }
}

/// These files are another tool's: one of them that is closed is a finding, and hides nothing else.
#[test]
fn an_agents_file_that_may_not_be_read_is_one_finding_and_every_question_goes_on() {
    let project = Project::synced();
    let path = "agents/survey/agent.json";
    for words in [["list"].as_slice(), &["report"], &["status"], &["validate"]] {
        let place = project.place.copy();
        place.command("chmod", &["000", path]).status().unwrap();
        let Some(run) = as_nobody(&place, words) else { return };
        assert!(run.code < 2, "{run}");
        if words == ["validate"] {
            let told = format!("`{path}` is closed to this user");
            assert_eq!((run.code, run.stdout.matches(&told).count()), (1, 1), "{run}");
        }
    }
}

#[test]
fn a_folder_that_may_not_be_written_stops_every_change_before_it_begins() {
    let template = template();
    for course in COURSES.iter().filter(|course| {
        ["edit", "fmt", "validate --fix", "validate --fix --staged", "sync", "sync --push", "bulk-assign"]
            .contains(&course.name)
    }) {
        for folder in ["phone-numbers", ".git"] {
            let project = course.begin(&template);
            let before = project.files("");
            project.command("chmod", &["-R", "a-w", folder]).status().unwrap();
            let Some(run) = as_nobody(&project.place, course.words) else { return };
            project.command("chmod", &["-R", "u+w", folder]).status().unwrap();
            assert_eq!(run.code, 2, "{} in {folder}: {run}", course.name);
            assert!(run.stderr.contains("ermission denied"), "{}: {run}", course.name);
            assert_eq!(differences(&before, &project.files("")), "", "{}", course.name);
        }
    }
}

/// Whether a test may mount a disk in a namespace of its own.
fn may_mount(place: &Place) -> bool {
    let probe = ["--map-root-user", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"];
    let may = place.command("unshare", &probe).output().is_ok_and(|output| output.status.success());
    if !may {
        eprintln!("skipped: this system lets no test mount a disk (`unshare --map-root-user --mount`)");
    }
    may
}

#[test]
fn a_full_disk_stops_every_command_that_writes_and_nothing_has_changed() {
    let template = template();
    if !may_mount(&template.place) {
        return;
    }
    for course in &COURSES {
        let project = course.begin(&template);
        let (small, after) = (project.home.join("small"), project.home.join("after"));
        fs::create_dir_all(&small).unwrap();
        fs::create_dir_all(&after).unwrap();
        let before = project.files("phone-numbers");
        let script = format!(
            "set -e
            mount -t tmpfs -o size=2m tmpfs '{small}'
            cp -a . '{small}'
            cd '{small}'
            git status >/dev/null
            dd if=/dev/zero of=fill bs=512 2>/dev/null || true
            code=0
            \"$PHONE_DIR\" \"$@\" || code=$?
            rm fill
            git fsck --no-dangling --no-progress
            \"$PHONE_DIR\" validate --quiet >/dev/null || test $? = 1
            find . -name '*.lock' -o -name '.phone-dir.*' -o -path '*/phone-dir/*-*' | sed 's/^/left: /'
            cp -a phone-numbers '{after}'
            exit $code",
            small = small.display(),
            after = after.display(),
        );
        let words = [&["--map-root-user", "--mount", "sh", "-c", &script, "sh"], course.words].concat();
        let output = project.command("unshare", &words).env("PHONE_DIR", cargo_bin("phone-dir")).output().unwrap();
        let run = project.finish(course.words, &output);
        assert_eq!(run.code, 2, "{}: {run}", course.name);
        // Of a lock that it cannot write, git does not say why.
        let says_why =
            ["No space left", "Out of diskspace", "couldn't write '"].iter().any(|reason| run.stderr.contains(reason));
        let hint = ["hint: free some space", "hint: remove the cause", "hint: try the same with `git fetch`"]
            .iter()
            .any(|hint| run.stderr.contains(hint));
        assert!(says_why && hint, "{}: {run}", course.name);
        assert!(!run.stdout.contains("left: "), "{}: {run}", course.name);
        let after = crate::fixture::files_below(&after, &after.join("phone-numbers"));
        assert_eq!(differences(&before, &after), "", "{}: {run}", course.name);
    }
}

#[test]
fn a_folder_that_vanished_is_named() {
    let place = Place::empty();
    let script = "mkdir gone && cd gone && rmdir ../gone && exec \"$PHONE_DIR\" list";
    let output = place.command("sh", &["-c", script]).env("PHONE_DIR", cargo_bin("phone-dir")).output().unwrap();
    let run = place.finish(&["list"], &output);
    assert_eq!(run.code, 2, "{run}");
    assert!(run.stderr.contains("current folder"), "{run}");
}

#[test]
fn a_directory_that_vanishes_during_a_sync_is_not_half_written_again() {
    let template = Project::synced();
    let slow = SandboxOptions { latency: Duration::from_millis(200), ..SandboxOptions::default() };
    let project = template.copy(slow);
    project.sandbox.reassign("production", "+14155550101", "sales-agent").unwrap();
    let mut command: Command = project.command(cargo_bin("phone-dir"), &["sync", "--all"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    while project.sandbox.requests().is_empty() {
        std::thread::sleep(Duration::from_millis(5));
    }
    fs::remove_dir_all(project.path("phone-numbers")).unwrap();
    let run = project.finish(&["sync"], &child.wait_with_output().unwrap());
    assert_eq!(run.code, 2, "{run}");
    assert!(run.stderr.contains("phone-numbers/"), "{run}");
    assert!(!project.path("phone-numbers").exists(), "{run}");
    assert_eq!(project.commits(), 1);
}
