//! Killed at any step, every file is whole, and the next command finishes or undoes the change by itself.

use std::fs;

use phone_dir::store::fault::FaultStep;
use phone_dir::store::transaction::{Purpose, Recovery, Transaction, Unfinished};

use crate::store::driver;
use crate::store::fixture::{DIRECTORY, Fixture, STAGING};

const PRODUCTION: &str = "phone-numbers/production/numbers.json";

/// Every point at which a change of three files can be cut off.
fn points() -> Vec<(FaultStep, String)> {
    let mut points = Vec::new();
    for step in FaultStep::ALL {
        let count = if matches!(step, FaultStep::Temporary | FaultStep::Rename) { 3 } else { 1 };
        points.extend((1..=count).map(|number| (step, format!("{}:{number}", step.name()))));
    }
    points
}

fn is_before_commit(step: FaultStep) -> bool {
    matches!(
        step,
        FaultStep::Journal | FaultStep::Temporary | FaultStep::Rename | FaultStep::CommitObject | FaultStep::IndexLock
    )
}

fn whole(fixture: &Fixture) {
    assert!(matches!(fixture.read(DIRECTORY).as_deref(), Some("{\"v\": 1}\n" | "{\"v\": 2}\n")));
    assert!(matches!(fixture.read(STAGING).as_deref(), None | Some("[1]\n")));
    assert!(matches!(fixture.read(PRODUCTION).as_deref(), None | Some("[2]\n")));
}

fn nothing_is_left(fixture: &Fixture) {
    let mut listing = Vec::new();
    for folder in ["phone-numbers", "phone-numbers/staging", "phone-numbers/production", ".git", ".git/phone-dir"] {
        let Ok(entries) = fs::read_dir(fixture.root.join(folder)) else { continue };
        listing.extend(entries.map(|entry| format!("{folder}/{}", entry.unwrap().file_name().display())));
    }
    for name in [".phone-dir.tmp", "journal", "index.lock", "phone-dir/index"] {
        assert!(!listing.iter().any(|path| path.contains(name)), "{name} in {listing:?}");
    }
}

#[test]
fn a_commit_cut_off_at_any_step_is_undone_or_finished() {
    for (step, point) in points() {
        let fixture = Fixture::committed();
        let head = fixture.git(&["rev-parse", "HEAD"]);
        fixture.write("README.md", "staged by the user");
        fixture.git(&["add", "README.md"]);
        driver::killed_at(&fixture, "commit", &point);
        whole(&fixture);
        let output = driver::run(&fixture, "recover", &[]);
        let told = driver::answer(&output, "recovered").unwrap_or_else(|| panic!("{point}: {output:?}"));
        if is_before_commit(step) {
            assert!(told.starts_with("undid"), "{point}: {told}");
            assert_eq!(fixture.git(&["rev-parse", "HEAD"]), head, "{point}");
            assert_eq!(fixture.read(DIRECTORY).unwrap(), "{\"v\": 1}\n", "{point}");
            assert!(!fixture.root.join("phone-numbers/production").exists(), "{point}");
        } else {
            assert!(told.starts_with("finished"), "{point}: {told}");
            assert_eq!(fixture.git(&["rev-parse", "HEAD^"]), head, "{point}");
            assert_eq!(fixture.read(DIRECTORY).unwrap(), "{\"v\": 2}\n", "{point}");
        }
        assert_eq!(fixture.git(&["status", "--porcelain"]), "M  README.md", "{point}");
        nothing_is_left(&fixture);
        assert_eq!(driver::answer(&driver::run(&fixture, "recover", &[]), "recovered"), None, "{point}");
    }
}

#[test]
fn a_write_outside_git_cut_off_at_any_step_is_undone() {
    for (step, point) in points() {
        if !matches!(step, FaultStep::Journal | FaultStep::Temporary | FaultStep::Rename) {
            continue;
        }
        let fixture = Fixture::plain();
        fixture.write(DIRECTORY, "{\"v\": 1}\n");
        fixture.write(STAGING, "[1]\n");
        driver::killed_at(&fixture, "write", &point);
        whole(&fixture);
        let seen = phone_dir::store::worktree::read(&fixture.root).unwrap();
        assert!(seen.files.keys().all(|path| !path.contains(".phone-dir")), "{point}: {:?}", seen.files.keys());
        let output = driver::run(&fixture, "recover", &[]);
        assert!(driver::answer(&output, "recovered").unwrap().starts_with("undid"), "{point}");
        let files = phone_dir::store::worktree::read(&fixture.root).unwrap().files;
        assert_eq!(files.into_keys().collect::<Vec<_>>(), [DIRECTORY, STAGING], "{point}");
        assert_eq!(fixture.read(DIRECTORY).unwrap(), "{\"v\": 1}\n", "{point}");
        nothing_is_left(&fixture);
        assert_eq!(fs::read_dir(&fixture.root).unwrap().count(), 1, "no state among the user's files");
    }
}

#[test]
fn a_command_after_a_kill_does_its_own_work_too() {
    let fixture = Fixture::committed();
    driver::killed_at(&fixture, "commit", "after-rename:2");
    let output = driver::run(&fixture, "commit", &[]);
    assert!(
        driver::answer(&output, "recovered").is_some() && driver::answer(&output, "committed").is_some(),
        "{output:?}"
    );
    assert_eq!(fixture.read(DIRECTORY).unwrap(), "{\"v\": 2}\n");
    assert_eq!(fixture.git(&["status", "--porcelain"]), "");
}

#[test]
fn a_recovery_that_is_killed_itself_is_taken_up_again() {
    let fixture = Fixture::committed();
    driver::killed_at(&fixture, "commit", "after-rename:3");
    // Half of the undoing, as a kill would leave it.
    fixture.write(DIRECTORY, "{\"v\": 1}\n");
    assert!(driver::answer(&driver::run(&fixture, "recover", &[]), "recovered").unwrap().starts_with("undid"));
    assert_eq!(fixture.git(&["status", "--porcelain"]), "");
}

#[test]
fn what_somebody_edited_since_the_kill_is_left_alone_and_named() {
    let fixture = Fixture::committed();
    driver::killed_at(&fixture, "commit", "after-rename:3");
    fixture.write(DIRECTORY, "edited by hand");
    let told = driver::answer(&driver::run(&fixture, "recover", &[]), "recovered").unwrap();
    assert!(told.contains(DIRECTORY), "{told}");
    assert_eq!(fixture.read(DIRECTORY).unwrap(), "edited by hand");
    assert_eq!(fixture.git(&["status", "--porcelain"]), " M phone-numbers/directory.json");
}

#[test]
fn what_was_staged_after_the_kill_stays_staged() {
    let fixture = Fixture::committed();
    driver::killed_at(&fixture, "commit", "after-head");
    fs::remove_file(fixture.top().join(".git/index.lock")).unwrap();
    fixture.write(DIRECTORY, "staged by hand");
    fixture.git(&["add", DIRECTORY]);
    assert!(driver::answer(&driver::run(&fixture, "recover", &[]), "recovered").unwrap().starts_with("finished"));
    assert_eq!(fixture.git(&["show", &format!(":{DIRECTORY}")]), "staged by hand");
    assert_eq!(fixture.git(&["status", "--porcelain"]), "M  phone-numbers/directory.json");
}

#[test]
fn a_journal_that_cannot_be_understood_stops_the_next_change() {
    let fixture = Fixture::committed();
    let folder = fixture.top().join(".git/phone-dir/journal");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("journal.json"), "{\"format\": 99}").unwrap();
    let error = driver::answer(&driver::run(&fixture, "commit", &[]), "error").unwrap();
    assert!(error.contains("journal"), "{error}");
}

#[test]
fn a_commit_made_before_another_branch_was_checked_out_is_not_undone() {
    let fixture = Fixture::committed();
    fixture.git(&["branch", "other"]);
    driver::killed_at(&fixture, "commit", "after-head");
    let made = fixture.git(&["rev-parse", "main"]);
    fs::remove_file(fixture.top().join(".git/index.lock")).unwrap();
    fixture.git(&["checkout", "-q", "-f", "other"]);
    assert!(driver::answer(&driver::run(&fixture, "recover", &[]), "recovered").unwrap().starts_with("finished"));
    assert_eq!(fixture.git(&["rev-parse", "main"]), made);
    assert_eq!(fixture.read(DIRECTORY).as_deref(), Some("{\"v\": 1}\n"));
    assert_eq!(fixture.git(&["diff", "--cached", "--name-only"]), "");
}

#[test]
fn a_question_sees_that_a_change_is_unfinished_and_leaves_it_alone() {
    let fixture = Fixture::committed();
    assert_eq!(Transaction::unfinished(&fixture.project()), None);
    assert!(!fixture.top().join(".git/phone-dir").exists(), "asking leaves no trace");
    driver::killed_at(&fixture, "commit", "after-rename:1");
    let edited = fixture.git(&["status", "--porcelain"]);
    assert_eq!(Transaction::unfinished(&fixture.project()), Some(Unfinished::Here));
    assert_eq!(fixture.git(&["status", "--porcelain"]), edited, "nothing is recovered");
    let preview = Transaction::begin_for(Purpose::Preview, &fixture.project()).unwrap();
    assert_eq!(preview.recovered(), None);
    drop(preview);
    assert_eq!(fixture.git(&["status", "--porcelain"]), edited, "a preview is a question too");
    let transaction = Transaction::begin(&fixture.project()).unwrap();
    assert_eq!(transaction.recovered(), Some(&Recovery::Undone { left: Vec::new() }));
    drop(transaction);
    assert_eq!(Transaction::unfinished(&fixture.project()), None);
    assert_eq!(fixture.git(&["status", "--porcelain"]), "");
}

#[test]
fn a_change_that_is_being_made_right_now_is_no_unfinished_one() {
    let fixture = Fixture::committed();
    let _at_work = Transaction::begin(&fixture.project()).unwrap();
    fs::create_dir_all(fixture.top().join(".git/phone-dir/journal")).unwrap();
    assert_eq!(Transaction::unfinished(&fixture.project()), None);
}

#[test]
fn a_change_in_one_project_of_a_repository_is_recovered_from_another() {
    let mut fixture = Fixture::in_subfolder();
    driver::killed_at(&fixture, "commit", "after-rename:3");
    fixture.root = fixture.top().join("apps/chat");
    fixture.write(DIRECTORY, "{}");
    assert!(driver::answer(&driver::run(&fixture, "recover", &[]), "recovered").unwrap().starts_with("undid"));
    assert_eq!(fixture.git(&["status", "--porcelain", "--untracked-files=no"]), "");
}

#[test]
fn what_changes_no_directory_leaves_an_unfinished_change_of_it_alone() {
    let fixture = Fixture::committed();
    driver::killed_at(&fixture, "commit", "after-rename:1");
    let edited = fixture.git(&["status", "--porcelain"]);
    let error = Transaction::begin_for(Purpose::Surroundings, &fixture.project()).unwrap_err();
    assert!(error.message().contains("unfinished") && error.hint_text().unwrap().contains("phone-dir fmt"), "{error}");
    assert_eq!(fixture.git(&["status", "--porcelain"]), edited);
    assert_eq!(Transaction::unfinished(&fixture.project()), Some(Unfinished::Here));
    drop(Transaction::begin(&fixture.project()).unwrap());
    assert!(Transaction::begin_for(Purpose::Surroundings, &fixture.project()).is_ok());
}
