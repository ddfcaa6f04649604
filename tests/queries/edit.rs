//! `edit`: the human fields, committed like any change.

use std::process::Command;

use crate::queries::project::{Project, examples};

fn git(project: &Project, words: &[&str]) -> String {
    let output = Command::new("git")
        .args(words)
        .current_dir(project.root())
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env("HOME", project.root())
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_AUTHOR_NAME", "Ada")
        .env("GIT_AUTHOR_EMAIL", "ada@example.com")
        .env("GIT_COMMITTER_NAME", "Ada")
        .env("GIT_COMMITTER_EMAIL", "ada@example.com")
        .output()
        .unwrap();
    assert!(output.status.success(), "git {words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn committed() -> Project {
    let project = examples().write();
    git(&project, &["init", "--quiet"]);
    git(&project, &["add", "phone-numbers", "agents"]);
    git(&project, &["commit", "--quiet", "--message", "Start"]);
    project
}

#[test]
fn an_edit_is_one_commit_with_a_message_in_words_and_never_with_the_text_itself() {
    let project = committed();
    let text = project.answer(&[
        "edit",
        "(415) 555-5678",
        "+18885551234",
        "--add-tag",
        "vip",
        "--remove-tag",
        "sales",
        "--notes",
        "[skip ci]",
    ]);
    assert!(text.contains("Changed: 2 updated\n") && text.contains("Committed "), "{text}");
    let message = git(&project, &["log", "-1", "--format=%B"]);
    assert!(message.starts_with("phone-dir: edit (2 updated)\n\n+14155555678 updated notes, tags\n"), "{message}");
    assert!(message.contains("Phone-Dir-Source: edit\n") && !message.contains("skip ci"), "{message}");
    let shown = project.json(&["show", "+18885551234", "--json"]);
    assert_eq!((&shown["tags"], &shown["notes"]), (&serde_json::json!(["vip"]), &serde_json::json!("[skip ci]")));
    assert_eq!(git(&project, &["status", "--porcelain"]), "");
    assert_eq!(git(&project, &["show", "--format=", "--name-only", "HEAD"]), "phone-numbers/directory.json\n");
}

#[test]
fn what_is_there_already_is_no_change_and_no_commit() {
    let project = committed();
    let before = git(&project, &["rev-parse", "HEAD"]);
    let words = ["edit", "+14155551234", "--add-tag", "sales", "--notes", "Primary customer service line"];
    assert_eq!(project.answer(&words), "Nothing changed.\n");
    assert_eq!(git(&project, &["rev-parse", "HEAD"]), before);
    assert_eq!(git(&project, &["status", "--porcelain"]), "");
}

#[test]
fn a_dry_run_prints_the_changes_and_changes_nothing() {
    let project = committed();
    let before = git(&project, &["rev-parse", "HEAD"]);
    let planned = project.json(&["edit", "+14155551234", "--remove-tag", "sales", "--dry-run", "--json"]);
    assert_eq!(planned["changes"][0]["fields"][0]["field"], "tags");
    assert_eq!((&planned["commit"], &planned["format_version"]), (&serde_json::Value::Null, &serde_json::json!(1)));
    assert_eq!(git(&project, &["rev-parse", "HEAD"]), before);
    assert_eq!(git(&project, &["status", "--porcelain"]), "");
}

#[test]
fn an_edit_that_makes_no_sense_is_refused_before_anything_is_written() {
    let project = committed();
    for (words, message) in [
        (&["edit", "+14155551234"][..], "nothing to edit"),
        (&["edit", "+14155551234", "--add-tag", "a", "--remove-tag", "a"], "to be added and removed"),
        (&["edit", "+14155551234", "--add-tag", " a"], "invalid value ' a'"),
        (&["edit", "+14155551234", "+19995550100", "--add-tag", "a"], "is not in the directory"),
        (&["edit", "--add-tag", "a"], "required arguments"),
    ] {
        let run = project.run(words);
        assert_eq!(run.code, 2, "{words:?}");
        assert!(run.error.contains(message), "{words:?}: {}", run.error);
    }
    assert_eq!(git(&project, &["status", "--porcelain"]), "");
}

#[test]
fn uncommitted_edits_of_a_person_are_refused_with_their_names() {
    let project = committed();
    let path = "phone-numbers/directory.json";
    let text = std::fs::read_to_string(project.root().join(path)).unwrap();
    project.write(path, &text.replace("Primary customer", "First customer"));
    let run = project.run(&["edit", "+14155551234", "--add-tag", "vip"]);
    assert_eq!(run.code, 2);
    assert!(run.error.contains(path) && run.error.contains("--allow-dirty"), "{}", run.error);
}

#[test]
fn what_looks_like_a_secret_is_refused_and_neither_written_nor_shown() {
    let project = committed();
    let key = "key_0123456789abcdef0123456789";
    for words in [
        &["edit", "+14155551234", "--notes", key][..],
        &["edit", "+14155551234", "--add-tag", key, "--dry-run", "--json"],
    ] {
        let run = project.run(words);
        assert_eq!(run.code, 2, "{words:?}: {}", run.error);
        assert!(format!("{}{}", run.out, run.error).contains("a Retell API key"), "{}", run.error);
        assert!(!run.out.contains(key) && !run.error.contains(key), "{}{}", run.out, run.error);
    }
    assert_eq!(git(&project, &["status", "--porcelain"]), "");
}

#[test]
fn what_the_validator_finds_anew_is_printed_with_the_edit() {
    let project = committed();
    let path = "phone-numbers/directory.json";
    let text = std::fs::read_to_string(project.root().join(path)).unwrap();
    // What was wrong before the edit is not its business, and what the edit mends is no finding.
    project.write(path, &text.replace("\"(415) 555-1234\"", "\"415 555 1234\""));
    git(&project, &["commit", "--quiet", "--all", "--message", "A finding"]);
    let run = project.run(&["edit", "+14155551234", "--add-tag", "vip", "--json"]);
    let shown: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!((run.code, &shown["findings"]), (0, &serde_json::json!([])), "{}{}", run.out, run.error);
}
