//! Every way to commit without a merge: the hook judges what would be committed, and nothing else.

use std::fs;
use std::io::Write;
use std::process::Stdio;

use crate::hook::fixture::{DIRECTORY, Repository, STAGING, said, script};

#[test]
fn an_error_refuses_the_commit_and_is_shown_with_its_place() {
    let repository = Repository::hooked();
    repository.edit_badly(2);
    repository.git(&["add", "-A"]);
    let words = repository.refused(&["-m", "bad"]);
    for expected in [DIRECTORY, "total_numbers", "--no-verify"] {
        assert!(words.contains(expected), "{expected} in {words}");
    }
}

#[test]
fn a_warning_is_shown_and_does_not_refuse() {
    let repository = Repository::hooked();
    let text = repository.read(DIRECTORY).replace("\"numbers\": {}", "\"numbers\": { }");
    repository.write(DIRECTORY, text);
    repository.git(&["add", "-A"]);
    let output = repository.try_git(&["commit", "-m", "blanks"]);
    assert!(output.status.success() && said(&output).contains("not-canonical"), "{}", said(&output));
}

#[test]
fn a_commit_without_findings_is_silent() {
    let repository = Repository::hooked();
    repository.edit_well(2);
    let output = repository.try_git(&["commit", "-q", "-a", "-m", "good"]);
    assert_eq!((output.status.success(), said(&output)), (true, String::new()));
}

#[test]
fn a_plain_commit_is_judged_by_the_index_and_not_by_the_working_tree() {
    let repository = Repository::hooked();
    repository.edit_badly(2);
    repository.git(&["add", "-A"]);
    repository.edit_well(3);
    repository.refused(&["-m", "index bad, working tree good"]);
    repository.git(&["add", "-A"]);
    repository.edit_badly(4);
    repository.accepted(&["-m", "index good, working tree bad"]);
    assert!(repository.read(DIRECTORY).contains("\"total_numbers\": 7"));
}

#[test]
fn commit_all_is_judged_by_what_it_takes_along() {
    let repository = Repository::hooked();
    repository.edit_badly(2);
    repository.refused(&["-a", "-m", "bad"]);
    repository.edit_well(3);
    repository.accepted(&["-a", "-m", "good"]);
}

#[test]
fn a_commit_of_paths_is_judged_by_these_paths_alone() {
    let repository = Repository::hooked();
    repository.edit_badly(2);
    repository.git(&["add", DIRECTORY]);
    repository.write("README.md", "two\n");
    repository.accepted(&["-m", "other file", "--", "README.md"]);
    repository.refused(&["-m", "bad path", "--", DIRECTORY]);
    repository.edit_well(3);
    repository.write(STAGING, "broken");
    repository.git(&["add", STAGING]);
    repository.accepted(&["-m", "good path beside a bad staged one", "--", DIRECTORY]);
    repository.refused(&["-m", "the bad staged one"]);
}

#[test]
fn a_commit_of_hunks_is_judged_by_the_chosen_hunks() {
    let repository = Repository::hooked();
    let commit = |answers: &str| {
        let mut git = repository.command("git", &repository.top);
        git.args(["commit", "-q", "-p", "-m", "hunks"]).stdin(Stdio::piped()).stdout(Stdio::null());
        let mut child = git.stderr(Stdio::null()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(answers.as_bytes()).unwrap();
        child.wait().unwrap().success()
    };
    repository.edit_badly(2);
    // The time and the count are two hunks once the first is split.
    assert!(!commit("s\nn\ny\n"), "the wrong count was committed");
    repository.git(&["reset", "-q"]);
    assert!(commit("s\ny\nn\n"), "the right time was refused");
    assert!(repository.git(&["show", &format!("HEAD:{DIRECTORY}")]).contains("2026-01-02"));
    assert!(repository.read(DIRECTORY).contains("\"total_numbers\": 7"));
}

#[test]
fn an_amended_commit_is_judged_as_it_will_be() {
    let repository = Repository::hooked();
    repository.edit_well(2);
    repository.accepted(&["-a", "-m", "good"]);
    repository.edit_badly(3);
    repository.refused(&["-a", "--amend", "-m", "made bad"]);
    repository.edit_well(4);
    repository.accepted(&["-a", "--amend", "-m", "made better"]);
    assert_eq!(repository.git(&["rev-list", "--count", "HEAD"]), "2");
}

#[test]
fn the_first_commit_of_a_repository_is_judged() {
    let repository = Repository::empty();
    fs::create_dir(repository.top.join("phone-numbers")).unwrap();
    repository.phone_dir(&["init", "-q"]);
    repository.phone_dir(&["hook", "install", "-q"]);
    repository.edit_badly(2);
    repository.git(&["add", "-A"]);
    assert!(!repository.try_git(&["commit", "-q", "-m", "first"]).status.success());
    repository.edit_well(2);
    repository.git(&["add", "-A"]);
    repository.git(&["commit", "-q", "-m", "first"]);
}

#[test]
fn deleting_or_renaming_a_directory_file_is_judged() {
    let repository = Repository::hooked();
    repository.git(&["rm", "-q", STAGING]);
    assert!(repository.refused(&["-m", "deleted"]).contains(STAGING));
    repository.git(&["reset", "-q", "--hard"]);
    repository.git(&["mv", STAGING, "phone-numbers/staging/registry.json"]);
    assert!(repository.refused(&["-m", "renamed"]).contains(STAGING));
    repository.git(&["reset", "-q", "--hard"]);
    repository.git(&["mv", STAGING, "elsewhere.json"]);
    assert!(repository.refused(&["-m", "moved out"]).contains(STAGING));
}

#[test]
fn removing_the_whole_directory_is_refused_with_the_way_to_do_it() {
    let repository = Repository::hooked();
    repository.git(&["rm", "-rq", "phone-numbers"]);
    let words = repository.refused(&["-m", "gone"]);
    assert!(words.contains("remove the whole") && words.contains("--no-verify"), "{words}");
    repository.accepted(&["--no-verify", "-m", "gone"]);
    repository.write("README.md", "two\n");
    repository.accepted(&["-a", "-m", "a repository without a directory"]);
}

#[test]
fn a_file_that_is_never_committed_is_refused_although_it_is_ignored() {
    let repository = Repository::hooked();
    repository.write("workspaces.json", "{}\n");
    repository.git(&["add", "-f", "workspaces.json"]);
    assert!(repository.refused(&["-m", "keys"]).contains("workspaces.json"));
}

#[test]
fn git_can_be_told_to_take_pathspecs_literally_and_the_hook_still_sees_the_directory() {
    let repository = Repository::hooked();
    repository.edit_badly(2);
    for option in ["--literal-pathspecs", "--noglob-pathspecs", "--icase-pathspecs"] {
        let output = repository.try_git(&[option, "commit", "-q", "-m", "bad", "--", DIRECTORY]);
        assert!(!output.status.success(), "{option}");
    }
}

#[test]
fn with_nothing_of_ours_staged_phone_dir_is_not_even_started() {
    let repository = Repository::hooked();
    let program = repository.outside().join("bin/phone-dir");
    fs::remove_file(&program).unwrap();
    script(&program, "#!/bin/sh\nexit 99\n", 0o755);
    repository.edit_badly(2);
    repository.write("README.md", "two\n");
    repository.git(&["add", "README.md"]);
    repository.accepted(&["-m", "not ours"]);
    repository.git(&["mv", "README.md", "READ.md"]);
    repository.accepted(&["-m", "not ours either"]);
    repository.git(&["add", DIRECTORY]);
    repository.refused(&["-m", "ours"]);
}

#[test]
fn without_phone_dir_the_hook_says_what_to_do() {
    let repository = Repository::hooked();
    fs::remove_file(repository.outside().join("bin/phone-dir")).unwrap();
    repository.edit_well(2);
    repository.git(&["add", "-A"]);
    let words = repository.refused(&["-m", "good"]);
    assert!(words.contains("install phone-dir") && words.contains("--no-verify"), "{words}");
    repository.git(&["reset", "-q"]);
    repository.write("README.md", "two\n");
    repository.accepted(&["-m", "not ours", "--", "README.md"]);
    let cargo = repository.outside().join("home/.cargo/bin");
    fs::create_dir_all(&cargo).unwrap();
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_phone-dir"), cargo.join("phone-dir")).unwrap();
    repository.accepted(&["-a", "-m", "found beside cargo"]);
}

#[test]
fn the_working_tree_is_not_touched_whatever_is_in_it() {
    let repository = Repository::hooked();
    repository.edit_well(2);
    repository.git(&["add", "-A"]);
    repository.write(STAGING, "half written {");
    repository.write("phone-numbers/scratch.txt", "mine");
    let times = || {
        let time = |path: &str| fs::metadata(repository.root.join(path)).unwrap().modified().unwrap();
        [DIRECTORY, STAGING, "phone-numbers/scratch.txt", "phone-numbers"].map(time)
    };
    let before = times();
    repository.accepted(&["-m", "good"]);
    assert_eq!(before, times());
    assert_eq!(repository.read(STAGING), "half written {");
}

#[test]
fn outside_of_a_commit_the_whole_index_is_judged() {
    let repository = Repository::committed();
    assert_eq!(repository.try_phone_dir(&["hook", "run"]).status.code(), Some(0));
    repository.edit_badly(2);
    repository.git(&["commit", "-q", "-a", "-m", "bad, without a hook"]);
    assert_eq!(repository.try_phone_dir(&["hook", "run"]).status.code(), Some(1));
    let without = Repository::empty();
    assert_eq!(without.try_phone_dir(&["hook", "run"]).status.code(), Some(3));
}

#[test]
fn warnings_from_before_are_counted_in_one_line_and_new_ones_and_errors_are_shown() {
    let repository = Repository::hooked();
    let blanks = |path: &str| repository.write(path, repository.read(path).replacen("{\n", "{\n\n", 1));
    blanks(DIRECTORY);
    let first = repository.try_git(&["commit", "-q", "-a", "-m", "blanks"]);
    assert!(said(&first).contains("not-canonical"), "{}", said(&first));

    repository.edit_well(2);
    blanks(DIRECTORY);
    let second = repository.try_git(&["commit", "-q", "-a", "-m", "nothing new"]);
    assert_eq!(said(&second), "1 warning from before this commit: `phone-dir validate` lists them\n");

    blanks(STAGING);
    let third = said(&repository.try_git(&["commit", "-q", "-a", "-m", "one more"]));
    assert!(third.contains(STAGING) && !third.contains(&format!("{DIRECTORY}:")), "{third}");
    assert!(third.contains("1 file is not") && third.contains("1 warning from before"), "{third}");

    repository.edit_badly(3);
    repository.git(&["commit", "-q", "-a", "--no-verify", "-m", "bad"]);
    blanks(STAGING);
    repository.git(&["add", "-A"]);
    assert!(repository.refused(&["-m", "still bad"]).contains("total_numbers"), "an error is nobody's habit");
}
