//! Commits beside a user's own work.

use std::io::{Read, Write};
use std::net::TcpStream;

use insta::assert_snapshot;
use phone_dir::sandbox::RETELL_STAGING_KEY;

use crate::cli::fixture::{DIRECTORY, Project, differences};

const MOVED: &str = "+14155550101";

fn moved() -> Project {
    let project = Project::synced();
    project.sandbox.reassign("production", MOVED, "sales-agent").unwrap();
    project
}

#[test]
fn only_our_paths_are_committed_while_the_user_has_other_work_staged_and_unstaged() {
    let project = moved();
    project.write("README.md", "one\n");
    project.write("notes.txt", "not added\n");
    project.git(&["add", "README.md"]);
    project.write("README.md", "one\ntwo\n");
    project.write("agents/customer-service/agent.json", "{\"agent_name\": \"Renamed\"}\n");
    let before = project.git(&["status", "--porcelain"]);
    project.succeed(&["sync"]);
    let committed = project.git(&["show", "--name-only", "--format=", "HEAD"]);
    assert!(committed.lines().all(|path| path.starts_with("phone-numbers/")), "{committed}");
    assert_eq!(project.git(&["status", "--porcelain"]), before);
    assert_eq!(project.git(&["show", ":README.md"]), "one\n", "the staged text is the staged text");
}

#[test]
fn uncommitted_edits_of_directory_files_are_refused_by_name_before_anybody_is_asked() {
    let project = moved();
    project.edit(DIRECTORY, "\"notes\": \"\"", "\"notes\": \"Mine\"");
    assert_snapshot!(project.run(&["sync"]));
    assert!(project.sandbox.requests().is_empty());
    assert!(project.read(DIRECTORY).contains("Mine"));
}

#[test]
fn allow_dirty_keeps_them_commits_them_along_and_names_them() {
    let project = moved();
    project.edit(DIRECTORY, "\"notes\": \"\"", "\"notes\": \"Mine\"");
    project.succeed(&["sync", "--allow-dirty"]);
    assert_snapshot!(project.git(&["log", "-1", "--format=%B"]));
    assert!(project.git(&["show", &format!("HEAD:{DIRECTORY}")]).contains("Mine"));
    assert_eq!(project.git(&["status", "--porcelain"]), "");
}

#[test]
fn allow_dirty_commits_them_also_when_the_providers_have_nothing_new() {
    let project = Project::synced();
    project.edit(DIRECTORY, "\"notes\": \"\"", "\"notes\": \"Mine\"");
    project.succeed(&["sync", "--allow-dirty"]);
    assert!(project.git(&["show", &format!("HEAD:{DIRECTORY}")]).contains("Mine"));
    assert!(project.git(&["log", "-1", "--format=%s"]).contains("1 updated"));
}

#[test]
fn an_edit_that_the_sync_takes_back_is_no_change() {
    let project = Project::synced();
    // A fact: what Retell can be told is a decision, and no sync takes it back.
    project.edit("phone-numbers/staging/numbers.json", "\"carrier_user\"", "\"another_user\"");
    project.succeed(&["sync", "--allow-dirty"]);
    assert_eq!(project.commits(), 1);
    assert_eq!(project.git(&["status", "--porcelain"]), "");
}

#[test]
fn a_backup_inside_of_the_directory_is_refused_by_validate_and_ignored_by_git() {
    let project = Project::synced();
    let copy = "phone-numbers/phone-numbers.backup.1/twilio/trunks.json";
    project.write(copy, &project.read("phone-numbers/twilio/trunks.json"));
    project.git(&["add", "--all"]);
    assert_eq!(project.git(&["status", "--porcelain"]), "");
    project.git(&["add", "--force", copy]);
    let (code, report) = project.json(&["validate", "--staged"]);
    assert_eq!(code, 1);
    assert!(report["diagnostics"].as_array().unwrap().iter().any(|found| found["rule"] == "forbidden-file"));
}

#[test]
fn a_backup_that_was_copied_into_the_directory_is_told_with_the_way_back() {
    let project = Project::synced();
    assert_eq!(project.shell("cp -r phone-numbers phone-numbers.backup.20251119_120000").code, 0);
    project.sandbox.reassign("production", MOVED, "sales-agent").unwrap();
    project.succeed(&["sync"]);
    let restored = project.shell("cp -r phone-numbers.backup.20251119_120000 phone-numbers");
    assert_eq!(restored.code, 0, "{restored}");
    let sync = project.run(&["sync"]);
    let way_back = "mv phone-numbers/phone-numbers.backup.20251119_120000 phone-numbers.restored && \
                    rm -r phone-numbers && mv phone-numbers.restored phone-numbers";
    assert!(sync.stderr.contains("nothing was restored") && sync.stderr.contains(way_back), "{sync}");
    let (_, status) = project.json(&["status"]);
    assert_eq!(status["next"][0]["command"], way_back, "{status:#}");
    assert_eq!(project.shell(way_back).code, 0);
    assert!(project.git(&["diff", "--stat"]).contains("phone-numbers/directory.json"), "the older one is back");
    project.succeed(&["validate"]);
}

#[test]
fn a_secret_that_somebody_typed_at_a_provider_is_not_committed_and_not_shown() {
    let project = moved();
    let key = concat!("key_", "0123456789abcdef0123456789ab");
    name_in_retell(&project, MOVED, key);
    let before = project.files("phone-numbers/staging");
    let (code, report) = project.json(&["sync"]);
    assert_eq!((code, report["status"].as_str()), (2, Some("refused")), "{report:#}");
    assert!(!report.to_string().contains(key), "{report:#}");
    assert_eq!(differences(&before, &project.files("phone-numbers/staging")), "");
    assert_eq!(project.commits(), 1);
    let (code, report) = project.json(&["sync", "--dry-run"]);
    assert!(code == 2 && !report.to_string().contains(key), "{report:#}");

    let waiver = format!(
        "[[waivers]]\nrule = \"secret\"\nphone_number = \"{MOVED}\"\nreason = \"made up\"\nexpires = \"2099-12-31\"\n"
    );
    project.write("phone-dir.toml", &waiver);
    let (code, report) = project.json(&["sync"]);
    let found = report["findings"].as_array().unwrap();
    assert!(code == 0 && found.iter().all(|found| found["rule"] != "secret"), "{report:#}");
    assert_eq!(project.commits(), 2);
}

/// Gives a number of staging a nickname, as somebody in the dashboard would.
fn name_in_retell(project: &Project, number: &str, nickname: &str) {
    let host = project.sandbox.base_url().replace("http://", "");
    let body = format!("{{\"nickname\": \"{nickname}\"}}");
    let request = format!(
        "PATCH /update-phone-number/{number} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {RETELL_STAGING_KEY}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(host).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[test]
fn a_merge_in_progress_is_refused_before_anybody_is_asked() {
    let project = moved();
    project.git(&["checkout", "--quiet", "-b", "other"]);
    project.write("a.txt", "other\n");
    project.git(&["add", "a.txt"]);
    project.git(&["commit", "--quiet", "-m", "other"]);
    project.git(&["checkout", "--quiet", "main"]);
    project.write("a.txt", "main\n");
    project.git(&["add", "a.txt"]);
    project.git(&["commit", "--quiet", "-m", "main"]);
    let merge = project.command("git", &["merge", "--quiet", "other"]).output().unwrap();
    assert!(!merge.status.success(), "the merge has to conflict");
    assert_snapshot!(project.run(&["sync"]));
    assert!(project.sandbox.requests().is_empty());
}

#[test]
fn a_linked_worktree_commits_on_its_own_branch() {
    let project = moved();
    let linked = project.home.join("linked");
    project.git(&["worktree", "add", "--quiet", "-b", "side", linked.to_str().unwrap()]);
    project.succeed(&["-C", linked.to_str().unwrap(), "sync"]);
    assert_eq!(project.git(&["rev-list", "--count", "side"]), "2\n");
    assert_eq!(project.git(&["rev-list", "--count", "main"]), "1\n");
    assert_eq!(project.git(&["status", "--porcelain"]), "");
}

#[test]
fn no_identity_is_asked_for_before_anybody_is_asked() {
    let mut project = moved();
    project.place.variables.retain(|name, _| !name.starts_with("GIT_AUTHOR") && !name.starts_with("GIT_COMMITTER"));
    assert_snapshot!(project.run(&["sync"]));
    assert!(project.sandbox.requests().is_empty());
}

#[test]
fn a_name_that_a_provider_was_given_cannot_write_into_the_message() {
    let project = moved();
    project.succeed(&["sync"]);
    let message = project.git(&["log", "-1", "--format=%B"]);
    assert!(!message.contains("Customer Service Line"), "{message}");
}
