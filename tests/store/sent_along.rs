//! State that came along with a folder from somebody else, or that somebody tampered with: nothing of it is followed.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use phone_dir::store::transaction::{Recovery, Transaction, Unfinished};

use crate::store::driver;
use crate::store::fixture::{DIRECTORY, Fixture, state_home};

/// A journal as the first version wrote it, which deletes a file and writes another.
const JOURNAL: &str = r#"{"format": 1, "id": "x", "root": "", "folders": [], "commit": null, "files": [
  {"path": "phone-numbers/directory.json", "temporary": "../../home/key", "before": null, "after": null},
  {"path": "phone-numbers/x", "temporary": "../../home/profile", "before": "1", "after": null}]}"#;

fn precious(fixture: &Fixture) -> PathBuf {
    let key = fixture.home().join("key");
    fs::write(&key, "precious").unwrap();
    fs::write(fixture.home().join("profile"), "mine").unwrap();
    key
}

fn untouched(fixture: &Fixture) {
    let read = |name: &str| fs::read_to_string(fixture.home().join(name)).unwrap();
    assert_eq!((read("key"), read("profile")), ("precious".to_owned(), "mine".to_owned()));
}

fn place(folder: &Path, journal: &str) {
    fs::create_dir_all(folder).unwrap();
    fs::write(folder.join("journal.json"), journal).unwrap();
    fs::write(folder.join("before-1"), "echo changed").unwrap();
}

#[test]
fn a_journal_among_the_files_of_a_project_is_ignored() {
    let fixture = Fixture::plain();
    precious(&fixture);
    fixture.write(DIRECTORY, "{}\n");
    place(&fixture.root.join("phone-numbers/.phone-dir.journal"), JOURNAL);
    symlink(fixture.home().join("made"), fixture.root.join("phone-numbers/.phone-dir.lock")).unwrap();
    assert_eq!(Transaction::unfinished(&fixture.project()), None);
    let output = driver::run(&fixture, "write", &[]);
    assert_eq!(driver::answer(&output, "recovered"), None, "{output:?}");
    assert_eq!(driver::answer(&output, "written").as_deref(), Some("2"), "{output:?}");
    untouched(&fixture);
    assert!(!fixture.home().join("made").exists(), "nobody else's file is made");
}

#[test]
fn a_journal_of_an_earlier_version_is_told_and_not_followed() {
    let fixture = Fixture::committed();
    precious(&fixture);
    place(&fixture.top().join(".git/phone-dir/journal"), JOURNAL);
    assert_eq!(Transaction::unfinished(&fixture.project()), Some(Unfinished::Elsewhere));
    assert!(Unfinished::Elsewhere.to_string().contains("is ignored"));
    untouched(&fixture);
    let transaction = Transaction::begin(&fixture.project()).unwrap();
    assert_eq!(transaction.recovered(), Some(&Recovery::NotFollowed));
    untouched(&fixture);
}

#[test]
fn a_journal_that_was_copied_with_its_repository_is_not_followed() {
    let fixture = Fixture::committed();
    driver::killed_at(&fixture, "commit", "after-rename:3");
    let mut copy = Fixture::plain();
    copy.root = fixture.home().join("copy");
    let copied = Command::new("cp").arg("-a").args([fixture.top(), &copy.root]).status().unwrap();
    assert!(copied.success());
    let transaction = Transaction::begin(&copy.project()).unwrap();
    assert_eq!(transaction.recovered(), Some(&Recovery::NotFollowed));
    assert_eq!(copy.read(DIRECTORY).as_deref(), Some("{\"v\": 2}\n"), "nothing is taken back");
    drop(transaction);
    let own = Transaction::begin(&fixture.project()).unwrap();
    assert_eq!(own.recovered(), Some(&Recovery::Undone { left: Vec::new() }));
}

#[test]
fn a_journal_of_this_repository_is_followed_only_as_far_as_it_names_what_is_ours() {
    for (ours, foreign) in [
        ("\"temporary\": \".phone-dir.tmp-", "\"temporary\": \"../../home/key\", \"was\": \"x"),
        ("\"path\": \"phone-numbers/directory.json\"", "\"path\": \"../home/key\""),
        ("\"root\": \"\"", "\"root\": \"..\""),
        ("\"locks\": []", "\"locks\": [\"../home/key\"]"),
        ("\"hooks\": null", "\"hooks\": {\"folder\": \"/\", \"names\": [\"../key\"]}"),
    ] {
        let fixture = Fixture::committed();
        precious(&fixture);
        driver::killed_at(&fixture, "commit", "after-rename:3");
        let journal = fixture.top().join(".git/phone-dir/journal/journal.json");
        let text = fs::read_to_string(&journal).unwrap();
        assert!(text.contains(ours), "{ours} in {text}");
        fs::write(&journal, text.replacen(ours, foreign, 1)).unwrap();
        let error = Transaction::begin(&fixture.project()).unwrap_err();
        assert!(error.message().contains("journal"), "{foreign}: {error}");
        untouched(&fixture);
    }
}

#[test]
fn contents_that_are_not_the_earlier_ones_are_not_put_back() {
    let fixture = Fixture::committed();
    driver::killed_at(&fixture, "commit", "after-rename:3");
    fs::write(fixture.top().join(".git/phone-dir/journal/before-0"), "forged").unwrap();
    assert!(Transaction::begin(&fixture.project()).is_err());
    assert_ne!(fixture.read(DIRECTORY).as_deref(), Some("forged"));
}

#[test]
fn state_behind_a_link_is_refused_and_nothing_is_made_there() {
    for link in ["phone-dir", "phone-dir/lock", "phone-dir/journal", "phone-dir/requests"] {
        let fixture = Fixture::committed();
        let target = fixture.home().join("elsewhere");
        fs::create_dir_all(&target).unwrap();
        fs::write(target.join("index"), "theirs").unwrap();
        let place = fixture.top().join(".git").join(link);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        symlink(if link.ends_with("lock") { target.join("made") } else { target.clone() }, &place).unwrap();
        let begun = Transaction::begin(&fixture.project());
        let error = begun.and_then(|transaction| transaction.outstanding().list()).unwrap_err();
        assert!(error.message().contains(link), "{link}: {error}");
        let names: Vec<_> = fs::read_dir(&target).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names, ["index"], "{link}");
    }
}

#[test]
fn a_lock_with_a_second_name_or_that_is_a_pipe_is_refused_and_not_written_to() {
    let fixture = Fixture::committed();
    let lock = fixture.top().join(".git/phone-dir/lock");
    fs::create_dir_all(lock.parent().unwrap()).unwrap();
    let victim = precious(&fixture);
    fs::hard_link(&victim, &lock).unwrap();
    assert!(Transaction::begin(&fixture.project()).is_err());
    untouched(&fixture);
    fs::remove_file(&lock).unwrap();
    assert!(Command::new("mkfifo").arg(&lock).status().unwrap().success());
    assert!(Transaction::begin(&fixture.project()).is_err());
}

#[test]
fn a_working_tree_that_names_a_folder_which_does_not_know_it_is_refused() {
    let fixture = Fixture::committed();
    let other = Fixture::committed();
    let foreign = other.top().join(".git");
    fs::write(fixture.top().join(".git/commondir"), foreign.to_str().unwrap()).unwrap();
    let error = Transaction::begin(&fixture.project()).unwrap_err();
    assert!(error.message().contains("commondir"), "{error}");
    assert!(!foreign.join("phone-dir").exists());
}

#[test]
fn outside_of_git_the_state_lies_in_the_users_own_folder_and_is_private() {
    let fixture = Fixture::plain();
    fixture.write(DIRECTORY, "{}\n");
    let folders = || {
        let all = fs::read_dir(state_home().join("phone-dir")).unwrap();
        let of_this = |folder: &PathBuf| {
            fs::read_to_string(folder.join("lock")).is_ok_and(|id| id.trim() == std::process::id().to_string())
        };
        all.map(|entry| entry.unwrap().path()).filter(of_this).collect::<Vec<_>>()
    };
    let transaction = Transaction::begin(&fixture.project()).unwrap();
    let found = folders();
    assert!(!found.is_empty());
    for folder in found {
        // Another test of this process may be done with its own by now.
        let Ok(found) = fs::metadata(&folder) else { continue };
        assert_eq!(found.permissions().mode() & 0o777, 0o700, "{folder:?}");
        assert_eq!(folder.file_name().unwrap().len(), 64);
    }
    assert_eq!(fs::read_dir(fixture.root.join("phone-numbers")).unwrap().count(), 1);
    drop(transaction);
}
