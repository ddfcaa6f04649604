//! In a hook the index in force is the one that git names, not `.git/index`.

use std::fs;
use std::process::Command;

use crate::store::driver;
use crate::store::fixture::{DIRECTORY, Fixture, STAGING, seal};

/// Installs a pre-commit hook that writes down what the store reads as staged.
fn install(fixture: &Fixture, hook: &str) -> std::path::PathBuf {
    let seen = fixture.home().join("seen");
    let program = std::env::current_exe().unwrap();
    let script = format!(
        "#!/bin/sh\nSTORE_DRIVER=index '{}' --exact store::driver::driver --ignored --nocapture >'{}' 2>&1\n",
        program.display(),
        seen.display()
    );
    let hooks = fixture.top().join(".git/hooks");
    fs::create_dir_all(&hooks).unwrap();
    fs::write(hooks.join(hook), script).unwrap();
    assert!(Command::new("chmod").arg("+x").arg(hooks.join(hook)).status().unwrap().success());
    seen
}

fn staged(seen: &std::path::Path, path: &str) -> String {
    let text = fs::read_to_string(seen).unwrap();
    let start = format!("{path}: ");
    let line = text.lines().find_map(|line| line.split_once(&start));
    line.unwrap_or_else(|| panic!("{path} in {text}")).1.to_owned()
}

fn commit(fixture: &Fixture, arguments: &[&str]) {
    let output = fixture.try_git(&[&["commit", "-q"], arguments].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[cfg(unix)]
#[test]
fn each_way_to_commit_shows_the_index_that_it_will_commit() {
    let fixture = Fixture::committed();
    let seen = install(&fixture, "pre-commit");
    let edit = |directory: &str, staging: &str| {
        fixture.write(DIRECTORY, directory);
        fixture.write(STAGING, staging);
    };
    edit("two", "two");
    fixture.git(&["add", DIRECTORY]);
    commit(&fixture, &["-m", "plain"]);
    assert_eq!((staged(&seen, DIRECTORY), staged(&seen, STAGING)), ("two".into(), "[1]".into()));
    edit("three", "three");
    commit(&fixture, &["-a", "-m", "all"]);
    assert_eq!((staged(&seen, DIRECTORY), staged(&seen, STAGING)), ("three".into(), "three".into()));
    edit("four", "four");
    fixture.git(&["add", STAGING]);
    commit(&fixture, &["-m", "one path", "--", DIRECTORY]);
    assert_eq!((staged(&seen, DIRECTORY), staged(&seen, STAGING)), ("four".into(), "three".into()));
    edit("four", "five");
    commit(&fixture, &["-a", "--amend", "-m", "amended"]);
    assert_eq!(staged(&seen, STAGING), "five");
    fs::remove_file(fixture.root.join(STAGING)).unwrap();
    commit(&fixture, &["-a", "-m", "deleted"]);
    assert!(!fs::read_to_string(&seen).unwrap().contains(STAGING));
}

#[cfg(unix)]
#[test]
fn a_commit_of_hunks_and_a_merge_show_their_own_index() {
    let fixture = Fixture::committed();
    let seen = install(&fixture, "pre-commit");
    fixture.write(DIRECTORY, "hunk");
    let mut patch = Command::new("git");
    seal(&mut patch, fixture.home());
    patch.args(["commit", "-q", "-p", "-m", "hunks"]).current_dir(&fixture.root).stdin(std::process::Stdio::piped());
    let mut child = patch.stdout(std::process::Stdio::null()).spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), b"y\n").unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(staged(&seen, DIRECTORY), "hunk");
    fixture.git(&["checkout", "-q", "-b", "topic"]);
    fixture.write(STAGING, "topic");
    fixture.git(&["commit", "-q", "--no-verify", "-am", "topic"]);
    fixture.git(&["checkout", "-q", "main"]);
    fixture.write("README.md", "main");
    fixture.git(&["commit", "-q", "--no-verify", "-am", "main"]);
    let merged = install(&fixture, "pre-merge-commit");
    fixture.git(&["merge", "-q", "--no-edit", "topic"]);
    assert_eq!((staged(&merged, DIRECTORY), staged(&merged, STAGING)), ("hunk".into(), "topic".into()));
}

#[cfg(unix)]
#[test]
fn a_hook_in_a_linked_worktree_and_one_of_a_project_in_a_subfolder_read_the_right_index() {
    let fixture = Fixture::in_subfolder();
    fixture.git(&["config", "core.hooksPath", fixture.top().join(".git/hooks").to_str().unwrap()]);
    let seen = install(&fixture, "pre-commit");
    // git starts hooks at the top; the project is below it.
    let script = fs::read_to_string(fixture.top().join(".git/hooks/pre-commit")).unwrap();
    fs::write(
        fixture.top().join(".git/hooks/pre-commit"),
        script.replace("STORE_DRIVER", "cd apps/voice; STORE_DRIVER"),
    )
    .unwrap();
    let linked = fixture.home().join("linked");
    fixture.git(&["worktree", "add", "-q", linked.to_str().unwrap()]);
    for (place, content) in [(fixture.top().to_owned(), "main"), (linked, "linked")] {
        fs::write(place.join("apps/voice").join(DIRECTORY), content).unwrap();
        fixture.git(&["-C", place.to_str().unwrap(), "commit", "-q", "-a", "-m", content]);
        assert_eq!(staged(&seen, DIRECTORY), content);
    }
}

/// What git tells the hooks of a repository, in full.
fn hook_environment(of: &Fixture) -> Vec<(&'static str, String)> {
    let places = [("GIT_DIR", ""), ("GIT_INDEX_FILE", "none"), ("GIT_OBJECT_DIRECTORY", "objects")];
    let mut environment: Vec<_> =
        places.map(|(name, place)| (name, of.top().join(".git").join(place).display().to_string())).into();
    environment.push(("GIT_WORK_TREE", of.top().display().to_string()));
    environment
}

#[test]
fn a_hook_of_one_repository_can_ask_about_a_project_in_another_and_change_it() {
    let (fixture, other) = (Fixture::committed(), Fixture::unborn());
    let output = driver::command(&fixture, "index").envs(hook_environment(&other)).output().unwrap();
    assert_eq!(driver::answer(&output, DIRECTORY).as_deref(), Some("{\"v\": 1}"), "{output:?}");
    let output = driver::command(&fixture, "commit").envs(hook_environment(&other)).output().unwrap();
    assert_eq!(driver::answer(&output, "committed"), Some(fixture.git(&["rev-parse", "HEAD"])), "{output:?}");
    assert_eq!(fixture.git(&["status", "--porcelain"]), "");
    fixture.git(&["fsck", "--strict"]);
    assert_eq!(other.git(&["count-objects"]), "0 objects, 0 kilobytes");
}

#[cfg(unix)]
#[test]
fn a_hook_after_a_commit_can_make_another_one() {
    let fixture = Fixture::committed();
    let seen = install(&fixture, "post-commit");
    let hook = fixture.top().join(".git/hooks/post-commit");
    fs::write(&hook, fs::read_to_string(&hook).unwrap().replace("STORE_DRIVER=index", "STORE_DRIVER=commit")).unwrap();
    fixture.write("README.md", "two");
    commit(&fixture, &["-m", "theirs", "--", "README.md"]);
    assert!(fs::read_to_string(&seen).unwrap().contains("committed: "), "{}", fs::read_to_string(&seen).unwrap());
    assert_eq!(fixture.git(&["log", "-2", "--format=%s"]), "phone-dir: sync staging (1 reassigned)\ntheirs");
    assert_eq!(fixture.git(&["status", "--porcelain"]), "");
}

#[cfg(unix)]
#[test]
fn a_hook_of_a_commit_that_holds_the_index_is_refused() {
    let fixture = Fixture::committed();
    let seen = install(&fixture, "pre-commit");
    let hook = fixture.top().join(".git/hooks/pre-commit");
    fs::write(&hook, fs::read_to_string(&hook).unwrap().replace("STORE_DRIVER=index", "STORE_DRIVER=commit")).unwrap();
    fixture.write("README.md", "two");
    commit(&fixture, &["-a", "-m", "theirs"]);
    let seen = fs::read_to_string(&seen).unwrap();
    assert!(seen.contains("error: git is busy"), "{seen}");
    assert_eq!(fixture.git(&["log", "-1", "--format=%s"]), "theirs");
}
