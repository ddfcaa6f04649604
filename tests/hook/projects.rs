//! Several projects in one repository: each one that a change touches is judged, also one inside of another.

use std::fs;

use crate::hook::fixture::{DIRECTORY, Repository, said};

/// A project at the top and one in `eu/`, with the hook; the fixture's root is `eu/`.
fn nested() -> Repository {
    let repository = Repository::committed().with_project("eu");
    repository.phone_dir(&["hook", "install", "-q"]);
    repository
}

/// The answers of `validate` for the project at the top.
fn at_the_top(repository: &Repository, arguments: &[&str]) -> (Option<i32>, String) {
    let top = repository.top.to_str().unwrap();
    let output = repository.try_phone_dir(&[&["-C", top, "validate"], arguments].concat());
    (output.status.code(), said(&output))
}

#[test]
fn a_project_inside_of_another_one_is_judged() {
    let repository = nested();
    repository.edit_badly(2);
    repository.git(&["add", "-A"]);
    let words = repository.refused(&["-m", "bad"]);
    assert!(words.contains("In `eu/`") && words.contains("total_numbers"), "{words}");
    let (code, words) = at_the_top(&repository, &["--staged"]);
    assert_eq!(code, Some(1), "{words}");
    assert!(words.contains(&format!("eu/{DIRECTORY}")), "{words}");
    repository.git(&["commit", "-q", "--no-verify", "-m", "bad"]);
    for look in [["--rev", "HEAD"], ["--range", "HEAD~1..HEAD"]] {
        let (code, words) = at_the_top(&repository, &look);
        assert_eq!(code, Some(1), "{look:?} {words}");
        assert!(words.contains(&format!("eu/{DIRECTORY}")), "{words}");
    }
}

#[test]
fn a_project_that_is_removed_is_an_error_although_there_is_one_around_it() {
    let repository = nested();
    fs::remove_dir_all(repository.root.join("phone-numbers")).unwrap();
    repository.git(&["add", "-A"]);
    assert!(repository.refused(&["-m", "gone"]).contains("eu/phone-numbers/"));
    let (code, words) = at_the_top(&repository, &["--staged"]);
    assert_eq!(code, Some(3), "{words}");
    repository.git(&["commit", "-q", "--no-verify", "-m", "gone"]);
    let (code, words) = at_the_top(&repository, &["--range", "HEAD~1..HEAD"]);
    assert_eq!(code, Some(3), "{words}");
    let (code, words) = at_the_top(&repository, &["--rev", "HEAD", "--settings-from", "HEAD~1"]);
    assert_eq!(code, Some(3), "{words}");
}

#[test]
fn a_file_below_a_folder_of_our_name_switches_nothing_off() {
    let repository = Repository::empty().with_project("eu");
    repository.phone_dir(&["hook", "install", "-q"]);
    fs::create_dir(repository.top.join("phone-numbers")).unwrap();
    fs::write(repository.top.join("phone-numbers/notes.txt"), "ours\n").unwrap();
    repository.edit_badly(2);
    repository.git(&["add", "-A"]);
    assert!(repository.refused(&["-m", "bad"]).contains("In `eu/`"));
}

#[test]
fn an_ignored_project_is_not_judged_from_the_next_commit_on() {
    let repository = nested();
    repository.edit_badly(2);
    fs::write(repository.top.join("phone-dir.toml"), "[projects]\nignore = [\"eu/**\"]\n").unwrap();
    repository.git(&["add", "-A"]);
    repository.refused(&["-m", "both at once"]);
    repository.git(&["reset", "-q", "--", "eu"]);
    repository.accepted(&["-m", "ignore it"]);
    repository.git(&["add", "-A"]);
    assert_eq!(at_the_top(&repository, &["--staged"]).0, Some(0));
    repository.accepted(&["-m", "then break it"]);
    assert_eq!(at_the_top(&repository, &["--range", "HEAD~1..HEAD"]).0, Some(0));
    assert_eq!(at_the_top(&repository, &["--range", "HEAD~2..HEAD"]).0, Some(1), "not ignored where the range starts");
}
