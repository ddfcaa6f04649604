//! Commits beside a user's own work.

use insta::assert_snapshot;

use crate::fixture::{DIRECTORY, Project};

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
