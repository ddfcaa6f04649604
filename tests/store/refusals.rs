//! What is refused, in words that help.

use std::fs;

use phone_dir::error::{Error, ErrorKind};
use phone_dir::store::git::{GitRepository, Uncommitted};

use crate::store::driver;
use crate::store::fixture::{DIRECTORY, Fixture, STAGING, request, write};

fn preflight(fixture: &Fixture) -> Error {
    fixture.repository().preflight(Uncommitted::CommitAlong).unwrap_err()
}

/// Two branches that cannot be merged without help, with `main` checked out.
fn conflict() -> Fixture {
    let fixture = Fixture::committed();
    fixture.git(&["checkout", "-q", "-b", "topic"]);
    fixture.write("README.md", "topic");
    fixture.git(&["commit", "-qam", "topic"]);
    fixture.git(&["checkout", "-q", "main"]);
    fixture.write("README.md", "main");
    fixture.git(&["commit", "-qam", "main"]);
    fixture
}

#[test]
fn an_operation_in_progress_is_named_with_the_commands_that_end_it() {
    for (operation, words) in [
        (vec!["merge", "topic"], "merge"),
        (vec!["rebase", "topic"], "rebase"),
        (vec!["cherry-pick", "topic"], "cherry-pick"),
        (vec!["revert", "topic"], "revert"),
        (vec!["bisect", "start"], "bisect"),
    ] {
        let fixture = conflict();
        if words == "bisect" {
            fixture.git(&operation);
        } else {
            fixture.stops(&operation);
        }
        let error = preflight(&fixture);
        assert_eq!(error.kind().exit_code(), 2);
        assert!(error.message().contains("in progress"), "{error}");
        assert!(
            error.hint_text().unwrap().contains(&format!("`git {words}")),
            "{operation:?}: {:?}",
            error.hint_text()
        );
    }
}

#[test]
fn held_locks_of_git_are_named() {
    for lock in ["index.lock", "HEAD.lock", "refs/heads/main.lock"] {
        let fixture = Fixture::committed();
        fs::write(fixture.top().join(".git").join(lock), "").unwrap();
        let error = preflight(&fixture);
        assert_eq!(error.kind().exit_code(), 2);
        assert!(error.message().contains(lock), "{error}");
    }
}

#[test]
fn a_lock_taken_after_the_checks_leaves_everything_as_it_was() {
    for lock in ["index.lock", "HEAD.lock", "refs/heads/main.lock"] {
        let fixture = Fixture::committed();
        let mut transaction = phone_dir::store::transaction::Transaction::begin(&fixture.project()).unwrap();
        let repository = fixture.repository();
        let ready = repository.preflight(Uncommitted::Refuse).unwrap();
        let before = fixture.picture(&["."]);
        let place = fixture.top().join(".git").join(lock);
        fs::write(&place, "").unwrap();
        transaction.write_and_commit(&[write(DIRECTORY, "2")], &repository, &request(&ready)).unwrap_err();
        assert_eq!(fs::read(&place).unwrap(), b"", "the lock of another is left alone");
        fs::remove_file(&place).unwrap();
        assert_eq!(before, fixture.picture(&["."]), "{lock}");
        fixture.git(&["commit", "-q", "--allow-empty", "-m", "git can go on"]);
    }
}

#[test]
fn a_head_that_moved_in_between_is_an_error_and_nothing_is_lost() {
    for moves in [["commit", "-q", "--allow-empty", "-m", "mine"], ["checkout", "-q", "-b", "other", "main"]] {
        let fixture = Fixture::committed();
        let mut transaction = phone_dir::store::transaction::Transaction::begin(&fixture.project()).unwrap();
        let repository = fixture.repository();
        let ready = repository.preflight(Uncommitted::Refuse).unwrap();
        fixture.git(&moves);
        let head = fixture.git(&["rev-parse", "HEAD"]);
        let error = transaction.write_and_commit(&[write(DIRECTORY, "2")], &repository, &request(&ready)).unwrap_err();
        assert!(error.message().contains("HEAD moved"), "{error}");
        assert_eq!(fixture.git(&["rev-parse", "HEAD"]), head);
        assert_eq!(fixture.git(&["status", "--porcelain"]), "");
    }
}

#[test]
fn an_author_without_a_name_is_asked_for_one() {
    let fixture = Fixture::committed();
    fixture.git(&["config", "--unset", "user.name"]);
    fixture.git(&["config", "--unset", "user.email"]);
    let output = driver::run(&fixture, "commit", &[]);
    let error = driver::answer(&output, "error").unwrap();
    assert!(error.contains("git does not know who you are") && error.contains("git config user.name"), "{error}");
    assert_eq!(fixture.git(&["status", "--porcelain"]), "");
    let identity = [
        ("GIT_AUTHOR_NAME", "A"),
        ("GIT_AUTHOR_EMAIL", "a@example.com"),
        ("GIT_COMMITTER_NAME", "C"),
        ("GIT_COMMITTER_EMAIL", "c@example.com"),
    ];
    let output = driver::run(&fixture, "commit", &identity);
    assert!(driver::answer(&output, "committed").is_some(), "{output:?}");
}

#[test]
fn a_conflict_left_by_a_stash_is_never_committed_along() {
    let fixture = Fixture::committed();
    fixture.write(STAGING, "stashed");
    fixture.git(&["stash", "-q"]);
    fixture.write(STAGING, "other");
    fixture.git(&["commit", "-qam", "other"]);
    fixture.stops(&["stash", "pop"]);
    let error = preflight(&fixture);
    assert!(error.message().contains("is in conflict") && error.message().contains(STAGING), "{error}");
}

fn discovery(fixture: &Fixture) -> Error {
    match GitRepository::discover(&fixture.root) {
        Err(error) => error,
        Ok(_) => panic!("it opened"),
    }
}

#[test]
fn repositories_that_cannot_be_read_name_the_command_that_helps() {
    for (option, words, hint) in [
        ("--object-format=sha256", "`sha256`", "--object-format=sha1"),
        ("--ref-format=reftable", "`reftable`", "`git refs migrate --ref-format=files`"),
    ] {
        let fixture = Fixture::plain().with_git(&[option]);
        let error = discovery(&fixture);
        assert_eq!(error.kind(), ErrorKind::CannotTell);
        assert!(error.message().contains(words), "{error}");
        assert!(error.hint_text().unwrap().contains(hint), "{error}");
    }
}

#[test]
fn an_extension_that_does_not_exist_yet_is_named() {
    let fixture = Fixture::committed();
    fixture.git(&["config", "core.repositoryFormatVersion", "1"]);
    fixture.git(&["config", "extensions.brandnew", "true"]);
    let error = discovery(&fixture);
    assert_eq!(error.kind(), ErrorKind::CannotTell);
    assert!(error.message().contains("`extensions.brandnew`"), "{error}");
}

#[test]
fn split_and_sparse_indexes_name_the_command_that_helps() {
    let fixture = Fixture::committed();
    fixture.git(&["update-index", "--split-index"]);
    let error = fixture.repository().index().read_index().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::CannotTell);
    assert!(error.hint_text().unwrap().contains("`git update-index --no-split-index`"), "{error}");
    fixture.git(&["update-index", "--no-split-index"]);
    assert!(fixture.repository().index().read_index().is_ok());

    let fixture = Fixture::committed();
    fixture.write("docs/a/b", "");
    fixture.commit_all("docs");
    fixture.git(&["sparse-checkout", "set", "--cone", "--sparse-index", "phone-numbers"]);
    let error = fixture.repository().index().read_index().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::CannotTell);
    assert!(error.hint_text().unwrap().contains("--no-sparse-index"), "{error}");
    fixture.git(&["sparse-checkout", "reapply", "--no-sparse-index"]);
    assert!(fixture.repository().index().read_index().is_ok());
}

#[cfg(unix)]
#[test]
fn a_repository_of_somebody_else_is_not_trusted() {
    let fixture = Fixture::committed();
    let place = fixture.top().join(".git");
    if std::os::unix::fs::chown(&place, Some(4242), Some(4242)).is_err() {
        eprintln!("skipped: only the superuser can give a folder away");
        return;
    }
    std::os::unix::fs::chown(fixture.top(), Some(4242), Some(4242)).unwrap();
    let error = discovery(&fixture);
    assert_eq!(error.kind(), ErrorKind::CannotTell);
    assert!(error.hint_text().unwrap().contains("safe.directory"), "{error}");
}

#[test]
fn a_bare_repository_says_that_it_has_no_files() {
    let fixture = Fixture::plain();
    fixture.git(&["init", "-q", "--bare"]);
    fixture.write(DIRECTORY, "{}");
    let error = discovery(&fixture);
    assert_eq!(error.kind(), ErrorKind::CannotTell);
    assert!(error.message().contains("bare"), "{error}");
}

#[test]
fn a_folder_without_git_is_no_error() {
    let fixture = Fixture::plain();
    assert!(GitRepository::discover(&fixture.root).unwrap().is_none());
}
