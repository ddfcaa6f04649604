//! Writing files, and one change at a time.

use std::fs;
use std::process::Stdio;
use std::time::Duration;

use phone_dir::store::git::Uncommitted;
use phone_dir::store::path::ProjectPath;
use phone_dir::store::project::Project;
use phone_dir::store::transaction::{FileChange, Transaction};

use crate::store::driver;
use crate::store::fixture::{DIRECTORY, Fixture, STAGING, remove, request, write};

#[test]
fn files_are_written_removed_and_made_with_their_folders() {
    let fixture = Fixture::plain();
    fixture.write(STAGING, "[1]");
    let changes = [
        write(".gitignore", "x\n"),
        write(DIRECTORY, "{}"),
        remove(STAGING),
        write("phone-numbers/.gitignore", "twilio/\n"),
    ];
    let written = Transaction::begin(&fixture.project()).unwrap().write(&changes).unwrap();
    let paths: Vec<&str> = written.iter().map(ProjectPath::as_str).collect();
    assert_eq!(paths, [".gitignore", "phone-numbers/.gitignore", DIRECTORY, STAGING]);
    assert_eq!((fixture.read(".gitignore").as_deref(), fixture.read(STAGING)), (Some("x\n"), None));
    assert_eq!(fs::read_dir(&fixture.root).unwrap().count(), 2, "no lock, journal or temporary file stays");
}

#[test]
fn a_new_project_can_be_made_where_there_is_no_folder_yet() {
    let fixture = Fixture::plain();
    let project = Project::for_init(&fixture.root).unwrap();
    drop(Transaction::begin(&project).unwrap());
    assert!(!fixture.root.join("phone-numbers").exists(), "a change that writes nothing leaves no folder");
    Transaction::begin(&project).unwrap().write(&[write(DIRECTORY, "{}")]).unwrap();
    assert_eq!(fixture.read(DIRECTORY).as_deref(), Some("{}"));
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_links_or_over_what_is_no_file() {
    let fixture = Fixture::plain();
    fixture.write(DIRECTORY, "{}");
    let outside = fixture.home().join("outside");
    fs::create_dir_all(&outside).unwrap();
    fs::write(outside.join("numbers.json"), "theirs").unwrap();
    std::os::unix::fs::symlink(&outside, fixture.root.join("phone-numbers/staging")).unwrap();
    std::os::unix::fs::symlink(outside.join("numbers.json"), fixture.root.join("phone-numbers/link.json")).unwrap();
    fs::create_dir_all(fixture.root.join("phone-numbers/folder.json")).unwrap();
    for path in [STAGING, "phone-numbers/link.json", "phone-numbers/folder.json", "phone-numbers/directory.json/x.json"]
    {
        let mut transaction = Transaction::begin(&fixture.project()).unwrap();
        let error = transaction.write(&[write(DIRECTORY, "changed"), write(path, "ours")]).unwrap_err();
        assert!(error.message().contains("is not a"), "{path}: {error}");
        assert_eq!(fixture.read(DIRECTORY).as_deref(), Some("{}"), "{path}");
    }
    assert_eq!(fs::read_to_string(outside.join("numbers.json")).unwrap(), "theirs");
    assert_eq!(fs::read_dir(&outside).unwrap().count(), 1);
    assert!(FileChange::write("../outside/x", "").is_err());
    assert!(FileChange::write(".git/config", "").is_err());
}

#[test]
fn a_second_change_gives_up_and_names_the_first() {
    for fixture in [Fixture::plain(), Fixture::unborn()] {
        fixture.write(DIRECTORY, "{}");
        let _first = Transaction::begin(&fixture.project()).unwrap();
        let error = Transaction::begin_within(&fixture.project(), Duration::from_millis(30)).unwrap_err();
        assert_eq!(error.kind().exit_code(), 2);
        assert!(error.message().contains(&format!("process {}", std::process::id())), "{error}");
        let output = driver::run(&fixture, "recover", &[]);
        assert!(driver::answer(&output, "error").unwrap().contains("another phone-dir"), "{output:?}");
    }
}

#[test]
fn working_trees_of_one_repository_share_the_lock() {
    let fixture = Fixture::committed();
    let mut linked = Fixture::plain();
    linked.root.push("linked");
    fixture.git(&["worktree", "add", "-q", linked.root.to_str().unwrap()]);
    let _first = Transaction::begin(&fixture.project()).unwrap();
    assert!(Transaction::begin_within(&linked.project(), Duration::ZERO).is_err());
}

#[test]
fn the_lock_of_a_killed_process_is_free() {
    let fixture = Fixture::committed();
    driver::killed_at(&fixture, "commit", "after-journal");
    assert!(Transaction::begin_within(&fixture.project(), Duration::ZERO).is_ok());
}

#[test]
fn many_threads_change_a_project_one_after_the_other() {
    for fixture in [Fixture::plain(), Fixture::unborn()] {
        fixture.write(DIRECTORY, "0");
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let mut transaction =
                        Transaction::begin_within(&fixture.project(), Duration::from_secs(60)).unwrap();
                    let count: u32 = fixture.read(DIRECTORY).unwrap().parse().unwrap();
                    transaction.write(&[write(DIRECTORY, &(count + 1).to_string())]).unwrap();
                });
            }
        });
        assert_eq!(fixture.read(DIRECTORY).as_deref(), Some("8"));
    }
}

#[test]
fn many_processes_commit_one_after_the_other() {
    let fixture = Fixture::committed();
    let start = || driver::command(&fixture, "commit").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let children: Vec<_> = (0..6).map(|_| start()).collect();
    let answers: Vec<String> = children
        .into_iter()
        .map(|child| child.wait_with_output().unwrap())
        .map(|output| driver::answer(&output, "committed").unwrap_or_else(|| panic!("{output:?}")))
        .collect();
    assert_eq!(answers.iter().filter(|answer| *answer != "nothing").count(), 1, "{answers:?}");
    assert_eq!(fixture.git(&["rev-list", "--count", "HEAD"]), "2");
    assert_eq!(fixture.git(&["status", "--porcelain"]), "");
}

#[test]
fn an_edit_made_while_a_command_ran_is_not_written_over() {
    let fixture = Fixture::committed();
    let mut transaction = Transaction::begin(&fixture.project()).unwrap();
    let snapshot = transaction.read().unwrap();
    assert_eq!(snapshot, phone_dir::store::worktree::read(&fixture.root).unwrap());
    let repository = fixture.repository();
    let ready = repository.preflight(Uncommitted::Refuse).unwrap();
    fixture.write(STAGING, "edited meanwhile");
    fixture.write("phone-numbers/new.json", "made meanwhile");
    for change in [write(STAGING, "ours"), remove(STAGING), write("phone-numbers/new.json", "ours")] {
        let changes = [write(DIRECTORY, "ours"), change];
        let error = transaction.write(&changes).unwrap_err();
        assert!(error.message().contains("was edited while this command ran"), "{error}");
        assert!(transaction.write_and_commit(&changes, &repository, &request(&ready)).is_err());
    }
    assert_eq!(fixture.read(DIRECTORY).as_deref(), Some("{\"v\": 1}\n"));
    assert_eq!(fixture.read(STAGING).as_deref(), Some("edited meanwhile"));
    transaction.write(&[write(DIRECTORY, "once"), write(".gitignore", "x")]).unwrap();
    transaction.write(&[write(DIRECTORY, "and again"), write(".gitignore", "y")]).unwrap();
    assert_eq!(fixture.read(DIRECTORY).as_deref(), Some("and again"));
}

#[test]
fn one_change_has_one_content_for_a_file() {
    let fixture = Fixture::committed();
    let mut transaction = Transaction::begin(&fixture.project()).unwrap();
    let error = transaction.write(&[write(DIRECTORY, "2"), write(DIRECTORY, "3")]).unwrap_err();
    assert!(error.message().contains("written twice"), "{error}");
    assert_eq!(fixture.git(&["status", "--porcelain"]), "");
}
