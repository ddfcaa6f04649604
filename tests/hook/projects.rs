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

#[test]
fn a_name_in_other_letters_above_a_project_is_refused() {
    for path in [
        "EU/agents/sales/production.json",
        "EU/phone-numbers/notes.txt",
        "e\u{200d}u/agents/a/staging.json",
        "eu/PHONE-~1/x",
    ] {
        let repository = Repository::empty().with_project("eu");
        repository.phone_dir(&["hook", "install", "-q"]);
        let place = repository.top.join(path);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, "{\"agent_id\": \"agent_other\"}\n").unwrap();
        repository.git(&["add", "-A"]);
        let words = repository.refused(&["-m", "one name"]);
        assert!(words.contains("are one name on macOS and Windows"), "{path}: {words}");
        repository.git(&["commit", "-q", "--no-verify", "-m", "one name"]);
        for look in [
            ["validate", "--staged"].as_slice(),
            &["validate", "--rev", "HEAD"],
            &["validate", "--range", "HEAD~1..HEAD"],
            &["validate"],
        ] {
            let output = repository.try_phone_dir(look);
            assert_eq!(output.status.code(), Some(1), "{path} {look:?}: {}", said(&output));
        }
    }
}

#[test]
fn a_whole_project_beside_one_in_other_letters_is_refused() {
    let repository = nested();
    let copy = repository.top.join("EU");
    fs::create_dir_all(copy.join("phone-numbers")).unwrap();
    fs::write(copy.join(DIRECTORY), repository.read(DIRECTORY)).unwrap();
    repository.git(&["add", "-A"]);
    let words = repository.refused(&["-m", "beside"]);
    assert!(words.contains("`EU/phone-numbers` and `eu/phone-numbers`"), "{words}");
    repository.git(&["commit", "-q", "--no-verify", "-m", "beside"]);
    for look in [["--rev", "HEAD"], ["--range", "HEAD~1..HEAD"]] {
        let (code, words) = at_the_top(&repository, &look);
        assert_eq!(code, Some(1), "{look:?} {words}");
        assert!(words.contains("`EU/phone-numbers` and `eu/phone-numbers`"), "{words}");
    }
}

#[test]
fn a_new_project_whose_folder_is_in_other_letters_is_judged() {
    let repository = Repository::committed();
    repository.phone_dir(&["hook", "install", "-q"]);
    for file in ["directory.json", "staging/numbers.json"] {
        let place = repository.top.join("eu/Phone-Numbers").join(file);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, repository.read(&format!("phone-numbers/{file}"))).unwrap();
    }
    repository.git(&["add", "-A"]);
    let words = repository.refused(&["-m", "new"]);
    assert!(words.contains("`eu/Phone-Numbers` and `eu/phone-numbers`"), "{words}");
    repository.git(&["commit", "-q", "--no-verify", "-m", "new"]);
    for look in [["--rev", "HEAD"], ["--range", "HEAD~1..HEAD"]] {
        assert_eq!(at_the_top(&repository, &look).0, Some(1), "{look:?}");
    }
}

#[test]
fn a_folder_that_only_looks_alike_is_none_of_ours() {
    let repository = Repository::empty().with_project("eu");
    repository.phone_dir(&["hook", "install", "-q"]);
    for path in ["EU/docs/notes.md", "EU2/agents/sales/agent.json", "Agents/notes.md"] {
        let place = repository.top.join(path);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, "{}\n").unwrap();
    }
    repository.git(&["add", "-A"]);
    repository.accepted(&["-m", "others"]);
    repository.phone_dir(&["validate", "--rev", "HEAD"]);
}

#[test]
fn a_file_that_can_hold_keys_is_refused_in_every_folder() {
    let repository = nested();
    let commit = repository.head();
    for path in [
        "agents/a/.env",
        "web/.env.production",
        "eu/.env",
        "eu/agents/a/.env.local",
        "eu.env",
        ".workspaces.json.swp",
        "a/b/workspaces.json",
        "x/.ENV~",
    ] {
        let place = repository.top.join(path);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, "RETELL_STAGING_API_KEY=made-up\n").unwrap();
        repository.git(&["add", "-f", path]);
        let words = repository.refused(&["-m", "keys"]);
        assert!(words.contains("must not be committed"), "{path}: {words}");
        repository.git(&["commit", "-q", "--no-verify", "-m", "keys"]);
        for look in [["--rev", "HEAD"], ["--range", "HEAD~1..HEAD"]] {
            let (code, words) = at_the_top(&repository, &look);
            assert_eq!(code, Some(1), "{path} {look:?} {words}");
            assert!(words.contains("1 file must not be committed"), "told once: {words}");
        }
        repository.git(&["reset", "-q", "--hard", &commit]);
    }
    for path in [".env.example", "web/example.env", "src/env.rs"] {
        let place = repository.top.join(path);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, "RETELL_STAGING_API_KEY=\n").unwrap();
    }
    repository.git(&["add", "-A"]);
    repository.accepted(&["-m", "templates"]);
}

#[test]
fn test_data_that_is_no_project_may_have_an_environment_file() {
    let repository = Repository::committed();
    repository.phone_dir(&["hook", "install", "-q"]);
    repository.write("phone-dir.toml", "[projects]\nignore = [\"tests/**\"]\n");
    repository.git(&["add", "-A"]);
    repository.accepted(&["-m", "ignore"]);
    repository.write("tests/data/a/.env", "X=1\n");
    repository.git(&["add", "-f", "tests"]);
    repository.accepted(&["-m", "test data"]);
}

#[test]
fn a_folder_whose_own_project_is_gone_is_not_answered_for_by_the_one_around_it() {
    let repository = nested();
    fs::remove_dir_all(repository.root.join("phone-numbers")).unwrap();
    for words in [["validate"].as_slice(), &["validate", "--rev", "HEAD"], &["list"]] {
        let output = repository.try_phone_dir(words);
        assert_eq!(output.status.code(), Some(3), "{words:?} {}", said(&output));
        assert!(
            said(&output).contains("`eu/phone-numbers/` is in the commit that is checked out"),
            "{}",
            said(&output)
        );
    }
    repository.git(&["rm", "-r", "-q", "--cached", "eu/phone-numbers"]);
    repository.git(&["commit", "-q", "--no-verify", "-m", "gone"]);
    let output = repository.try_phone_dir(&["validate"]);
    let top = repository.top.display().to_string();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(
        String::from_utf8_lossy(&output.stderr).contains(&format!("checking the project in `{top}`")),
        "{}",
        said(&output)
    );
    let quiet = repository.try_phone_dir(&["validate", "-q"]);
    assert!(quiet.stderr.is_empty(), "{}", said(&quiet));
}

#[test]
fn a_project_that_is_staged_and_not_on_disk_is_not_passed_over() {
    let repository = nested();
    let place = repository.top.join("asia");
    fs::create_dir_all(place.join("phone-numbers")).unwrap();
    fs::write(place.join(DIRECTORY), repository.read(DIRECTORY)).unwrap();
    repository.git(&["add", "-A"]);
    fs::remove_dir_all(place.join("phone-numbers")).unwrap();
    let output = repository.try_phone_dir(&["-C", place.to_str().unwrap(), "validate"]);
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    assert!(said(&output).contains("`asia/phone-numbers/` is staged"), "{}", said(&output));
}
