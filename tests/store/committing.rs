//! Commits hold our files and nothing else, and leave the user's work exactly as it was.

use std::fs;
use std::process::Command;

use phone_dir::error::ErrorKind;
use phone_dir::store::git::{CommitRequest, GitRepository, Uncommitted};
use phone_dir::store::path::ProjectPath;
use phone_dir::store::transaction::{FileChange, Transaction};

use crate::store::driver;
use crate::store::fixture::{DIRECTORY, Fixture, STAGING, remove, request, write};

/// Work of every kind that is none of ours: staged, unstaged, both, announced, deleted, flagged.
fn busy(fixture: &Fixture) {
    for name in ["staged", "unstaged", "both", "deleted", "flagged", "skipped", "mode.sh"] {
        fixture.write(&format!("work/{name}"), "one\n");
    }
    fixture.commit_all("work");
    fixture.write("work/staged", "two\n");
    fixture.write("work/both", "two\n");
    fixture.write("work/new", "new\n");
    fixture.git(&["add", "work"]);
    fixture.write("work/both", "three\n");
    fixture.write("work/unstaged", "two\n");
    fixture.write("work/untracked", "x\n");
    fixture.write("work/announced", "x\n");
    fixture.git(&["add", "-N", "work/announced"]);
    fixture.git(&["rm", "-q", "--cached", "work/deleted"]);
    fixture.git(&["update-index", "--assume-unchanged", "work/flagged"]);
    fixture.git(&["update-index", "--skip-worktree", "work/skipped"]);
    fixture.git(&["update-index", "--chmod=+x", "work/mode.sh"]);
}

fn files_of_head(fixture: &Fixture) -> Vec<String> {
    let listing = fixture.git(&["show", "--format=", "--name-status", "--no-renames", "HEAD"]);
    listing.lines().map(str::to_owned).collect()
}

#[test]
fn only_our_files_are_committed_and_all_other_work_stays_as_it_was() {
    let fixture = Fixture::committed();
    busy(&fixture);
    let before = fixture.picture(&["work", "README.md", "agents"]);
    let parent = fixture.git(&["rev-parse", "HEAD"]);
    let changes =
        [write(DIRECTORY, "{\"v\": 2}\n"), remove(STAGING), write("phone-numbers/production/numbers.json", "[2]\n")];
    let committed = fixture.change(&changes).unwrap().unwrap();
    assert_eq!(fixture.git(&["rev-parse", "HEAD"]), committed.id.to_string());
    assert_eq!(fixture.git(&["rev-parse", "HEAD^"]), parent);
    assert_eq!(
        files_of_head(&fixture),
        [
            "M\tphone-numbers/directory.json",
            "A\tphone-numbers/production/numbers.json",
            "D\tphone-numbers/staging/numbers.json"
        ]
    );
    assert_eq!(before, fixture.picture(&["work", "README.md", "agents"]));
    assert_eq!(fixture.git(&["status", "--porcelain", "--", "phone-numbers"]), "");
    // Without a refresh, too: scripts ask in this way.
    assert_eq!(fixture.git(&["diff-index", "--name-only", "HEAD", "--", "phone-numbers"]), "");
    assert_eq!(
        fixture.git(&["ls-tree", "--name-only", "HEAD", "phone-numbers/"]),
        "phone-numbers/directory.json\nphone-numbers/production"
    );
    fixture.git(&["fsck", "--strict"]);
}

#[test]
fn the_message_and_the_reflogs_say_what_was_done() {
    let fixture = Fixture::committed();
    fixture.change(&[write(DIRECTORY, "2")]).unwrap();
    assert_eq!(
        fixture.git(&["log", "-1", "--format=%B"]),
        "phone-dir: sync staging (1 reassigned)\n\n+14155550123 reassigned\n\nPhone-Dir-Source: sync"
    );
    for name in ["HEAD", "main"] {
        assert_eq!(
            fixture.git(&["log", "-g", "-1", "--format=%gs", name]),
            "commit: phone-dir: sync staging (1 reassigned)"
        );
    }
}

#[test]
fn a_change_that_changes_nothing_makes_no_commit_and_touches_no_file() {
    let fixture = Fixture::committed();
    let head = fixture.git(&["rev-parse", "HEAD"]);
    let place = fixture.root.join(DIRECTORY);
    let modified = fs::metadata(&place).unwrap().modified().unwrap();
    assert_eq!(fixture.change(&[write(DIRECTORY, "{\"v\": 1}\n"), remove("phone-numbers/none.json")]).unwrap(), None);
    assert_eq!(fixture.git(&["rev-parse", "HEAD"]), head);
    assert_eq!(fs::metadata(&place).unwrap().modified().unwrap(), modified);
}

#[test]
fn run_records_are_written_and_never_committed() {
    let fixture = Fixture::committed();
    let sync = "phone-numbers/twilio/sync.json";
    assert_eq!(fixture.change(&[write(sync, "{}")]).unwrap(), None);
    let committed = fixture.change(&[write(sync, "{1}"), write(DIRECTORY, "2")]).unwrap().unwrap();
    assert_eq!(committed.files.iter().map(ProjectPath::as_str).collect::<Vec<_>>(), [DIRECTORY]);
    assert_eq!(fixture.read(sync).unwrap(), "{1}");
    assert_eq!(fixture.git(&["ls-files", sync]), "");
}

#[test]
fn the_first_commit_of_a_repository_can_be_ours() {
    let fixture = Fixture::unborn();
    fixture.write(DIRECTORY, "1");
    fixture.write("mine.txt", "staged");
    fixture.git(&["add", "mine.txt"]);
    fixture.change(&[write(DIRECTORY, "2")]).unwrap().unwrap();
    assert_eq!(fixture.git(&["log", "--format=%D %P"]), "HEAD -> main");
    assert_eq!(fixture.git(&["ls-tree", "-r", "--name-only", "HEAD"]), DIRECTORY);
    assert_eq!(fixture.git(&["diff", "--cached", "--name-status"]), "A\tmine.txt");
}

#[test]
fn a_detached_head_moves_and_no_branch_does() {
    let fixture = Fixture::committed();
    fixture.git(&["checkout", "-q", "--detach"]);
    let main = fixture.git(&["rev-parse", "main"]);
    let committed = fixture.change(&[write(DIRECTORY, "2")]).unwrap().unwrap();
    assert_eq!(fixture.git(&["rev-parse", "HEAD"]), committed.id.to_string());
    assert_eq!(fixture.git(&["rev-parse", "main"]), main);
    assert_eq!(fixture.git(&["rev-parse", "--symbolic-full-name", "HEAD"]), "HEAD");
}

#[test]
fn a_linked_worktree_commits_on_its_own_branch() {
    let fixture = Fixture::committed();
    let mut linked = Fixture::plain();
    linked.root.push("linked");
    fixture.git(&["worktree", "add", "-q", "-b", "side", linked.root.to_str().unwrap()]);
    let committed = linked.change(&[write(DIRECTORY, "2")]).unwrap().unwrap();
    assert_eq!(fixture.git(&["rev-parse", "side"]), committed.id.to_string());
    assert_ne!(fixture.git(&["rev-parse", "main"]), committed.id.to_string());
    assert_eq!(fixture.git(&["status", "--porcelain"]), "");
    assert_eq!(fixture.git(&["-C", linked.root.to_str().unwrap(), "status", "--porcelain"]), "");
}

#[test]
fn a_project_in_a_subfolder_commits_its_paths() {
    let fixture = Fixture::in_subfolder();
    fixture.change(&[write(DIRECTORY, "2"), write("phone-numbers/new/numbers.json", "[]")]).unwrap().unwrap();
    assert_eq!(
        files_of_head(&fixture),
        ["M\tapps/voice/phone-numbers/directory.json", "A\tapps/voice/phone-numbers/new/numbers.json"]
    );
    assert_eq!(fixture.git(&["status", "--porcelain"]), "");
}

#[test]
fn uncommitted_edits_are_refused_by_name_or_committed_along() {
    let fixture = Fixture::committed();
    fixture.write(STAGING, "[edited]\n");
    fixture.write(DIRECTORY, "{staged}\n");
    fixture.git(&["add", DIRECTORY]);
    let repository = fixture.repository();
    let error = repository.preflight(Uncommitted::Refuse).unwrap_err();
    assert_eq!((error.kind(), error.allow_flag()), (ErrorKind::Refused, Some("--allow-dirty")));
    assert!(error.message().contains(DIRECTORY) && error.message().contains(STAGING), "{error}");
    let ready = repository.preflight(Uncommitted::CommitAlong).unwrap();
    let mut transaction = Transaction::begin(&fixture.project()).unwrap();
    let committed =
        transaction.write_and_commit(&[write(DIRECTORY, "3")], &repository, &request(&ready)).unwrap().unwrap();
    assert_eq!(committed.files.iter().map(ProjectPath::as_str).collect::<Vec<_>>(), [DIRECTORY, STAGING]);
    assert_eq!(fixture.git(&["show", &format!("HEAD:{STAGING}")]), "[edited]");
    assert_eq!(fixture.git(&["status", "--porcelain"]), "");
}

#[test]
fn edits_are_committed_along_even_when_nothing_is_written() {
    let fixture = Fixture::committed();
    fs::remove_file(fixture.root.join(STAGING)).unwrap();
    let repository = fixture.repository();
    let ready = repository.preflight(Uncommitted::CommitAlong).unwrap();
    let mut transaction = Transaction::begin(&fixture.project()).unwrap();
    transaction.write_and_commit(&[], &repository, &request(&ready)).unwrap().unwrap();
    assert_eq!(files_of_head(&fixture), ["D\tphone-numbers/staging/numbers.json"]);
    assert_eq!(fixture.git(&["status", "--porcelain"]), "");
}

#[cfg(unix)]
#[test]
fn file_modes_are_kept_on_disk_and_in_git() {
    use std::os::unix::fs::PermissionsExt;
    let fixture = Fixture::committed();
    let place = fixture.root.join(DIRECTORY);
    fs::set_permissions(&place, fs::Permissions::from_mode(0o755)).unwrap();
    fixture.commit_all("executable");
    fixture.change(&[write(DIRECTORY, "2"), write("phone-numbers/new.json", "[]")]).unwrap().unwrap();
    assert_eq!(fs::metadata(&place).unwrap().permissions().mode() & 0o777, 0o755);
    assert!(fixture.git(&["ls-tree", "HEAD", DIRECTORY]).starts_with("100755"));
    assert!(fixture.git(&["ls-tree", "HEAD", "phone-numbers/new.json"]).starts_with("100644"));
    assert_eq!(fixture.git(&["status", "--porcelain"]), "");
}

#[test]
fn contents_are_stored_as_git_would_store_them() {
    for (attributes, written, stored) in [
        ("new.json text eol=crlf", "{\r\n}\r\n", "{\n}\n"),
        ("new.json ident", "{\"$Id: stale $\": 1}\n", "{\"$Id$\": 1}\n"),
        ("new.json working-tree-encoding=UTF-16LE-BOM", "\u{0}", ""),
        ("new.json filter=upper", "{abc}\n", "{ABC}\n"),
        ("new.json -text", "{\r\n}\r\n", "{\r\n}\r\n"),
    ] {
        let fixture = Fixture::committed();
        fixture.git(&["config", "filter.upper.clean", "tr a-z A-Z"]);
        fixture.write(".gitattributes", format!("{attributes}\n"));
        fixture.commit_all("attributes");
        let (bytes, stored) = if attributes.contains("UTF-16") {
            (b"\xff\xfe{\0}\0\n\0".to_vec(), "{}\n")
        } else {
            (written.as_bytes().to_vec(), stored)
        };
        fixture.change(&[FileChange::write("phone-numbers/new.json", bytes).unwrap()]).unwrap().unwrap();
        let output = fixture.try_git(&["cat-file", "blob", "HEAD:phone-numbers/new.json"]);
        assert_eq!(String::from_utf8_lossy(&output.stdout), stored, "{attributes}");
        assert_eq!(fixture.git(&["status", "--porcelain"]), "", "{attributes}");
    }
}

#[test]
fn author_and_committer_follow_the_environment() {
    let fixture = Fixture::committed();
    let environment = [
        ("GIT_AUTHOR_NAME", "Ann Author"),
        ("GIT_AUTHOR_EMAIL", "ann@example.com"),
        ("GIT_AUTHOR_DATE", "1700000000 +0100"),
        ("GIT_COMMITTER_NAME", "Carl Committer"),
        ("GIT_COMMITTER_DATE", "1700000001 +0000"),
    ];
    let output = driver::run(&fixture, "commit", &environment);
    assert!(driver::answer(&output, "committed").is_some(), "{output:?}");
    assert_eq!(
        fixture.git(&["log", "-1", "--format=%an %ae %at|%cn %ce %ct"]),
        "Ann Author ann@example.com 1700000000|Carl Committer author@example.com 1700000001"
    );
}

#[test]
fn settings_given_with_git_c_reach_the_commit() {
    let fixture = Fixture::committed();
    let environment = [
        ("GIT_CONFIG_COUNT", "1"),
        ("GIT_CONFIG_KEY_0", "user.name"),
        ("GIT_CONFIG_VALUE_0", "From Above"),
        ("GIT_PREFIX", "x/"),
    ];
    let output = driver::run(&fixture, "commit", &environment);
    assert!(driver::answer(&output, "committed").is_some(), "{output:?}");
    assert_eq!(fixture.git(&["log", "-1", "--format=%an"]), "From Above");
}

#[test]
fn commits_are_signed_when_git_is_told_to_sign() {
    let fixture = Fixture::committed();
    let key = fixture.home().join("key");
    let made =
        Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-C", "test", "-f"]).arg(&key).status();
    if !made.is_ok_and(|status| status.success()) {
        eprintln!("skipped: there is no ssh-keygen");
        return;
    }
    let public = fs::read_to_string(key.with_extension("pub")).unwrap();
    let signers = fixture.home().join("signers");
    fs::write(&signers, format!("author@example.com {public}")).unwrap();
    for (name, value) in [
        ("gpg.format", "ssh"),
        ("user.signingkey", key.to_str().unwrap()),
        ("gpg.ssh.allowedSignersFile", signers.to_str().unwrap()),
        ("commit.gpgsign", "true"),
    ] {
        fixture.git(&["config", name, value]);
    }
    fixture.change(&[write(DIRECTORY, "2")]).unwrap().unwrap();
    assert_eq!(fixture.git(&["log", "-1", "--format=%G?"]), "G");
}

#[test]
fn a_signature_that_fails_leaves_everything_as_it_was() {
    let fixture = Fixture::committed();
    fixture.git(&["config", "commit.gpgsign", "true"]);
    fixture.git(&["config", "gpg.program", "false"]);
    let before = fixture.picture(&["."]);
    let error = fixture.change(&[write(DIRECTORY, "2"), write("phone-numbers/new/x.json", "[]")]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Failed);
    assert!(error.message().contains("cannot make the commit"), "{error}");
    assert_eq!(before, fixture.picture(&["."]));
    assert!(!fixture.root.join("phone-numbers/new").exists());
}

#[test]
fn files_that_git_knows_as_links_are_not_replaced() {
    let fixture = Fixture::committed();
    let id = fixture.git(&["rev-parse", "HEAD:README.md"]);
    fixture.git(&["update-index", "--add", "--cacheinfo", &format!("120000,{id},phone-numbers/staging2")]);
    fixture.git(&["commit", "-qm", "link"]);
    fixture.git(&["update-index", "--skip-worktree", "phone-numbers/staging2"]);
    let error = fixture.change(&[write("phone-numbers/staging2/numbers.json", "[]")]).unwrap_err();
    assert!(error.message().contains("cannot be committed"), "{error}");
    assert!(!fixture.root.join("phone-numbers/staging2").exists());
}

#[test]
fn the_switch_for_commits_is_read_from_git() {
    let fixture = Fixture::committed();
    let read = || {
        GitRepository::discover(&fixture.root)
            .unwrap()
            .unwrap()
            .configuration()
            .config_bool("phone-dir.commit")
            .unwrap()
    };
    assert_eq!(read(), None);
    fixture.git(&["config", "phone-dir.commit", "off"]);
    assert_eq!(read(), Some(false));
}

#[test]
fn a_first_commit_can_take_all_directory_files_along() {
    let fixture = Fixture::committed();
    fixture.write("phone-numbers/production/numbers.json", "[]\n");
    fixture.write("phone-numbers/twilio/sync.json", "{}");
    fixture.write("phone-numbers/ignored.json", "{}");
    fixture.write(".git/info/exclude", "ignored.json\n");
    let repository = fixture.repository();
    let mut ready = repository.preflight(Uncommitted::Refuse).unwrap();
    let untracked = repository.index().untracked().unwrap();
    assert_eq!(
        untracked.iter().map(ProjectPath::as_str).collect::<Vec<_>>(),
        ["phone-numbers/production/numbers.json"]
    );
    ready.uncommitted.extend(untracked);
    let mut transaction = Transaction::begin(&fixture.project()).unwrap();
    transaction.write_and_commit(&[write(DIRECTORY, "2")], &repository, &request(&ready)).unwrap().unwrap();
    assert_eq!(
        files_of_head(&fixture),
        ["M\tphone-numbers/directory.json", "A\tphone-numbers/production/numbers.json"]
    );
}

#[test]
fn the_message_is_utf8_whatever_the_encoding_of_other_commits() {
    let fixture = Fixture::committed();
    fixture.git(&["config", "i18n.commitEncoding", "ISO-8859-1"]);
    let repository = fixture.repository();
    let ready = repository.preflight(Uncommitted::Refuse).unwrap();
    let request = CommitRequest { ready: &ready, message: "phone-dir: agents/sales → agents/größe\n" };
    let mut transaction = Transaction::begin(&fixture.project()).unwrap();
    transaction.write_and_commit(&[write(DIRECTORY, "2")], &repository, &request).unwrap().unwrap();
    assert_eq!(
        fixture.git(&["log", "-1", "--encoding=UTF-8", "--format=%s"]),
        "phone-dir: agents/sales → agents/größe"
    );
    assert!(!fixture.git(&["cat-file", "commit", "HEAD"]).contains("encoding"));
}
