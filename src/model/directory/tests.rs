//! What is read of a project, what fails and how that is said, and what stands in for what other tools broke.

#![allow(clippy::semicolon_if_nothing_returned, clippy::type_complexity)] // tables of changes

use serde_json::json;

use super::super::made_up::{self, agent_id, number, two_workspaces, workspace};
use super::*;
use crate::document::encoding::WideEncoding;
use crate::model::AgentPath;
use crate::snapshot::Content;

fn snapshot(files: &[(&str, &[u8])]) -> Snapshot {
    let mut snapshot = Snapshot::default();
    for (path, bytes) in files {
        snapshot.insert(*path, *bytes);
    }
    snapshot
}

fn whole() -> Snapshot {
    let mut files = Snapshot::default();
    for (path, text) in two_workspaces().to_files() {
        files.insert(path, text);
    }
    for folder in ["a", "b"] {
        files.insert(format!("agents/{folder}/agent.json"), format!("{{\"agent_name\": \"Agent {folder}\"}}"));
        for name in ["staging", "production"] {
            files.insert(
                format!("agents/{folder}/{name}.json"),
                format!("{{\"agent_id\": \"{}\"}}", agent_id(name, folder)),
            );
        }
    }
    files
}

const STAGING: &str = "phone-numbers/staging/assignments.json";

#[test]
fn every_file_is_read_and_written_back() {
    let files = whole();
    let reading = Reading::of(&files);
    assert_eq!(reading.failures, []);
    let mut expected = two_workspaces();
    expected.agents = reading.directory.agents.clone();
    assert_eq!(reading.directory, expected);
    assert_eq!(reading.directory.agents.name_of(&"agents/a".parse().unwrap()), Some("Agent a"));
    assert!(
        reading.holds(paths::MASTER) && reading.holds("agents/a/agent.json") && !reading.holds("agents/c/agent.json")
    );
    assert_eq!(Directory::load(&files).unwrap(), expected);
    assert_eq!(AgentFolders::in_files(&files), expected.agents);
    assert_eq!(Directory::load(&Snapshot::default()).unwrap_err().message(), "no phone number directory here");
}

#[test]
fn files_are_those_that_differ_from_another_directory() {
    let directory = two_workspaces();
    let master = vec![paths::MASTER.to_owned()];
    let paths_of = |from: &Directory, to: &Directory| to.files_changed_since(from).into_keys().collect::<Vec<_>>();
    assert_eq!(paths_of(&directory, &directory), Vec::<String>::new());
    let mut noted = directory.clone();
    noted.master.numbers.get_mut(&number(1)).unwrap().notes = "x".to_owned();
    assert_eq!(paths_of(&directory, &noted), master);
    let every: [(&str, fn(&mut Directory)); 6] = [
        ("phone-numbers/staging/numbers.json", |it| {
            made_up::registered(it, "staging", 1).nickname = Some("x".to_owned())
        }),
        (STAGING, |it| made_up::assigned(it, "staging", 1).agent_name = Some("x".to_owned())),
        (paths::POOLS, |it| it.pools = Some(PoolsFile::default())),
        (paths::PRICES, |it| {
            let prices = json!({"as_of": "2026-01-01", "currency": "USD", "twilio": {}, "trunking": {}});
            it.prices = Some(serde_json::from_value(prices).unwrap());
        }),
        (paths::TRUNKS, |it| it.trunks = Some(TrunksFile::default())),
        (paths::SYNC, |it| it.sync_log = Some(SyncLog::empty())),
    ];
    for (path, change) in every {
        let mut changed = directory.clone();
        change(&mut changed);
        assert_eq!(paths_of(&directory, &changed), [path]);
        assert_eq!(
            changed.to_files().len(),
            directory.to_files().len() + usize::from(paths_of(&changed, &directory).is_empty())
        );
        assert_eq!(paths_of(&changed, &changed), Vec::<String>::new());
    }
}

#[test]
fn entries_are_found_by_number_and_workspaces_by_everything_that_names_one() {
    let mut directory = two_workspaces();
    let files = directory.workspace_mut(&workspace("staging"));
    files.numbers.numbers.reverse();
    files.assignments.assignments.reverse();
    directory.sort();
    let files = directory.workspace_mut(&workspace("staging"));
    for line in 1..=3 {
        assert_eq!(files.registered(number(line)).map(|it| it.phone_number), Some(number(line)));
        assert_eq!(files.registered_mut(number(line)).map(|it| it.phone_number), Some(number(line)));
        assert_eq!(files.assignment(number(line)).map(|it| it.phone_number), Some(number(line)));
    }
    assert!(
        files.registered(number(4)).is_none()
            && files.assignment(number(4)).is_none()
            && files.registered_mut(number(4)).is_none()
    );
    directory.master.metadata.by_workspace.insert(workspace("counted"), super::super::count::Count(0));
    directory.settings =
        Some(serde_json::from_value(json!({"configured": {"name": "configured", "api_key_env": "KEY"}})).unwrap());
    let names: BTreeSet<_> = ["configured", "counted", "production", "staging"].map(workspace).into();
    assert_eq!(directory.workspace_names(), names);
    assert_eq!((directory.number(number(1)).is_some(), directory.number(number(4))), (true, None));
}

fn flaw(bytes: &[u8]) -> Flaw {
    let failures = Reading::of(&snapshot(&[(paths::MASTER, bytes)])).failures;
    let [ReadFailure { reason: FailureReason::Unreadable(flaw, _), .. }] = &failures[..] else {
        panic!("{failures:?}")
    };
    *flaw
}

#[test]
fn what_is_wrong_with_a_text_is_said_with_its_place_and_what_to_do() {
    let text = two_workspaces().to_files()[paths::MASTER].clone();
    let conflict = text.replacen("\n  \"numbers\"", "\n<<<<<<< ours\n  \"numbers\"", 1);
    let theirs = text.replacen("\n  \"numbers\"", "\n>>>>>>> theirs\n  \"numbers\"", 1);
    for (bytes, expected) in [
        (b"".as_slice(), Flaw::Empty),
        (b" \n", Flaw::Empty),
        (b"{", Flaw::End),
        (b"{x", Flaw::Syntax),
        (b"{}", Flaw::Shape),
        (conflict.as_bytes(), Flaw::Conflict),
        (theirs.as_bytes(), Flaw::Conflict),
        ("\u{feff}{}".as_bytes(), Flaw::Mark),
        (&[0xff, 0xfe, b'{', 0], Flaw::Wide(WideEncoding::Utf16)),
        (&[0xfe, 0xff, 0, b'{'], Flaw::Wide(WideEncoding::Utf16)),
        (&[0xff, 0xfe, 0, 0, b'{', 0, 0, 0], Flaw::Wide(WideEncoding::Utf32)),
        (&[0, 0, 0xfe, 0xff, 0, 0, 0, b'{'], Flaw::Wide(WideEncoding::Utf32)),
    ] {
        assert_eq!(flaw(bytes), expected, "{:?}", String::from_utf8_lossy(bytes));
    }
    let validate = "run `phone-dir validate` to see every problem with its place";
    let encode = "save it as UTF-8 without a byte order mark; `phone-dir validate --fix` removes a mark";
    for (flaw, words, hint) in [
        (Flaw::Syntax, "it is not JSON", validate),
        (Flaw::End, "the JSON ends too early", validate),
        (Flaw::Shape, "a value is not of the shape that the schema asks for", validate),
        (Flaw::Empty, "it is empty", validate),
        (Flaw::Mark, "it starts with a byte order mark, which is not JSON", encode),
        (Flaw::Wide(WideEncoding::Utf16), "it is UTF-16, not UTF-8", encode),
        (Flaw::Wide(WideEncoding::Utf32), "it is UTF-32, not UTF-8", encode),
        (
            Flaw::Conflict,
            "a merge stopped here, and no side is chosen yet",
            "choose with `phone-dir resolve`, or edit the file; `git status` lists what is in conflict",
        ),
    ] {
        let reason = FailureReason::Unreadable(flaw, crate::document::Position { line: 2, column: 5 });
        let error = ReadFailure { path: "a.json".to_owned(), reason }.into_error();
        assert_eq!(error.message(), format!("`a.json` cannot be read: line 2, column 5: {words}"));
        assert!(error.to_string().contains(words) && format!("{error:?}").contains(&hint[..20]), "{error:?}");
    }
}

#[test]
fn several_failures_of_one_kind_have_the_hint_of_that_kind() {
    let hint = |reasons: &[FailureReason]| {
        let failure =
            |(at, reason): (usize, &FailureReason)| ReadFailure { path: format!("{at}.json"), reason: reason.clone() };
        let error = ReadFailure::all_as_error(reasons.iter().enumerate().map(failure).collect()).unwrap();
        error.hint_text().unwrap().to_owned()
    };
    let conflict = FailureReason::Unreadable(Flaw::Conflict, crate::document::Position { line: 2, column: 1 });
    assert!(hint(&[conflict.clone(), conflict.clone()]).starts_with("choose with `phone-dir resolve`"));
    assert!(hint(&[conflict, FailureReason::Missing]).contains("brings a missing file back"));
}

#[test]
fn several_failures_are_one_error_that_lists_the_first_of_them() {
    let missing = |at: usize| ReadFailure { path: format!("{at:02}.json"), reason: FailureReason::Missing };
    let said = |count: usize| {
        ReadFailure::all_as_error((0..count).map(missing).collect()).map(|error| error.message().to_owned())
    };
    assert_eq!(said(0), None);
    assert_eq!(said(1).as_deref(), Some("`00.json` is missing"));
    assert_eq!(said(2).as_deref(), Some("2 files cannot be read\n`00.json` is missing\n`01.json` is missing"));
    let lines = |count: usize| (0..count).map(|at| format!("\n`{at:02}.json` is missing")).collect::<String>();
    assert_eq!(said(20), Some(format!("20 files cannot be read{}", lines(20))));
    assert_eq!(said(22), Some(format!("22 files cannot be read{}\n… and 2 more", lines(20))));
    let message = |reason| ReadFailure { path: "a".to_owned(), reason }.into_error().message().to_owned();
    assert_eq!(message(FailureReason::Irregular("a submodule")), "`a` is a submodule");
    assert_eq!(
        message(FailureReason::Newer("2.0.0".to_owned())),
        "`a` has version 2.0.0, which this phone-dir does not know"
    );
}

#[test]
fn a_file_that_is_missing_irregular_or_newer_fails_alone() {
    let failing = |change: &dyn Fn(&mut Snapshot)| {
        let mut files = whole();
        change(&mut files);
        let failures = Reading::of(&files).failures.into_iter();
        failures.map(|failure| format!("{}: {:?}", failure.path, failure.reason)).collect::<Vec<_>>()
    };
    assert_eq!(failing(&|files| drop(files.files.remove(STAGING))), [format!("{STAGING}: Missing")]);
    assert_eq!(failing(&|files| drop(files.files.remove(paths::MASTER))), ["phone-numbers/directory.json: Missing"]);
    let link = Content::Irregular("a symbolic link");
    let replace = |files: &mut Snapshot| drop(files.files.insert(STAGING.to_owned(), link.clone()));
    assert_eq!(failing(&replace), [format!("{STAGING}: Irregular(\"a symbolic link\")")]);
    let newer = |files: &mut Snapshot, shape: &str| {
        let text = String::from_utf8(files.bytes(paths::MASTER).unwrap().to_vec()).unwrap();
        files.insert(paths::MASTER, text.replace("\"version\": \"1.0.0\"", &format!("\"version\": \"2.1.0\"{shape}")));
    };
    let expected = ["phone-numbers/directory.json: Newer(\"2.1.0\")"];
    assert_eq!(failing(&|files| newer(files, "")), expected);
    assert_eq!(failing(&|files| newer(files, ", \"more\": 1")), expected);
    let mut files = whole();
    newer(&mut files, "");
    let message = "`phone-numbers/directory.json` has version 2.1.0, which this phone-dir does not know";
    assert_eq!(Directory::read(&files).unwrap_err().message(), message);
    let mut reading = Reading::of(&whole());
    assert!(reading.refuse_newer().is_ok());
}

#[test]
fn a_file_that_failed_is_read_again_from_repaired_bytes() {
    let mut files = whole();
    let text = String::from_utf8(files.bytes(paths::MASTER).unwrap().to_vec()).unwrap();
    files.insert(paths::MASTER, "{");
    files.insert(STAGING, "{");
    let mut reading = Reading::of(&files);
    assert_eq!(reading.failures.len(), 2);
    assert!(!reading.retry(paths::MASTER, b"[") && !reading.retry("other.json", b"{}"));
    assert!(!reading.holds(paths::MASTER) && reading.failures.len() == 2);
    assert!(reading.retry(paths::MASTER, text.as_bytes()));
    assert!(reading.holds(paths::MASTER));
    assert_eq!(reading.failures.iter().map(|failure| failure.path.as_str()).collect::<Vec<_>>(), [STAGING]);
    // What it names and is not there is missing now.
    let counted = text.replacen("\"by_workspace\": {}", "\"by_workspace\": {\"eu\": 0}", 1);
    assert_ne!(counted, text);
    assert!(reading.retry(paths::MASTER, counted.as_bytes()));
    reading.note_missing_again();
    let paths: Vec<_> = reading.failures.iter().map(|failure| failure.path.as_str()).collect();
    assert_eq!(paths, ["phone-numbers/eu/assignments.json", "phone-numbers/eu/numbers.json", STAGING]);
}

#[test]
fn what_is_known_stands_in_for_an_agents_file_that_cannot_be_read() {
    let mut files = whole();
    let mut known = two_workspaces();
    made_up::assigned(&mut known, "staging", 1).agent_name = Some("Known".to_owned());
    files.insert(STAGING, known.to_files()[STAGING].clone());
    for path in ["agents/a/agent.json", "agents/a/staging.json", "workspaces.json"] {
        files.insert(path, "{");
    }
    let a: AgentPath = "agents/a".parse().unwrap();
    let directory = Directory::load(&files).unwrap();
    assert_eq!(directory.agents.name_of(&a), Some("Known"));
    assert_eq!(directory.agents.id_in(&a, &workspace("staging")), Some(&agent_id("staging", "a")));
    let unread =
        |directory: &Directory| directory.unread.iter().map(|failure| failure.path.clone()).collect::<Vec<_>>();
    assert_eq!(unread(&directory), ["agents/a/agent.json", "agents/a/staging.json", "workspaces.json"]);
    assert_eq!(directory.unread_agents().count(), 2);
    // Going by other files' agents leaves what is noted of other tools' files.
    let mut moved = directory.clone();
    moved.go_by_agents(&whole());
    assert_eq!((moved.agents.name_of(&a), unread(&moved)), (Some("Agent a"), vec!["workspaces.json".to_owned()]));
    moved.go_by_agents(&files);
    assert_eq!(moved.agents.name_of(&a), Some("Known"));
    assert_eq!(unread(&moved), ["workspaces.json", "agents/a/agent.json", "agents/a/staging.json"]);
    let mut foreign = Reading::of(&files);
    foreign.set_foreign_aside();
    assert_eq!((foreign.failures.len(), foreign.directory.unread.len()), (0, 3));
}

#[test]
fn a_key_that_stands_twice_is_told_where_it_stands_again() {
    let text = "{\n  \"staging\": {},\n  \"staging\": {}\n}\n";
    let error = serde_json::from_str::<WorkspacesFile>(text).unwrap_err();
    let at = crate::document::Position { line: 3, column: 3 };
    assert_eq!(FailureReason::unreadable(text.as_bytes(), &error), FailureReason::Unreadable(Flaw::Shape, at));
}
