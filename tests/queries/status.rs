//! `status`, `completions` and `man`.

use std::fs;

use assert_cmd::Command;
use phone_dir::model::Timestamp;
use phone_dir::model::count::Count;
use phone_dir::model::sync_log::{SyncLog, SyncRun, SyncStatus, SyncType};

use crate::queries::project::{Project, Run, examples};

fn synced_two_hours_ago() -> SyncLog {
    let mut log = SyncLog::empty();
    log.record(SyncRun {
        timestamp: Timestamp::parse("2025-11-19T10:00:00Z").unwrap(),
        kind: SyncType::Full,
        numbers_synced: Count(5),
        trunks_synced: Count(1),
        duration_ms: Count(1),
        status: SyncStatus::Success,
    });
    log
}

#[test]
fn status_says_where_things_stand_and_what_to_do_next() {
    let mut builder = examples();
    builder.directory.sync_log = Some(synced_two_hours_ago());
    let project = builder.write();
    let text = project.answer(&["status"]);
    for line in [
        "Numbers               5, 2 assigned, 3 unassigned\n",
        "Staging               5 numbers, 3 unassigned\n",
        "staging → production  4 only in staging\n",
        "Last sync             2 hours ago (2025-11-19T10:00:00Z, success), the next one is due\n",
        "Git                   not a git repository\n",
        "\nNext:\n",
        "  phone-dir sync --all               the next sync is due\n",
        "  phone-dir diff staging production  4 numbers differ\n",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    assert!(text.lines().count() < 24, "one screen");
    let status = project.json(&["status", "--json"]);
    assert_eq!((&status["format_version"], &status["last_sync"]["age_minutes"]), (&1.into(), &120.into()));
    assert_eq!(status["git"], serde_json::Value::Null);
}

/// What a shell that asks is told.
fn proposals(project: &Project, words: &[&str]) -> Vec<String> {
    let mut command = Command::cargo_bin("phone-dir").unwrap();
    command.env_clear().env("PHONE_DIR_COMPLETE", "fish").current_dir(project.root());
    let output = command.args(["--", "phone-dir"]).args(words).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| line.split('\t').next().unwrap().to_owned()).collect()
}

#[test]
fn a_shell_completes_numbers_agents_workspaces_and_tags_from_the_directory() {
    let mut builder = examples();
    builder.number("+14155550100", "Spare", &["$(touch pwned)", "spare"], "");
    let project = builder.write();
    assert_eq!(proposals(&project, &["show", "+1888"]), ["+18885551234"]);
    assert_eq!(proposals(&project, &["show", "415999"]), ["+14159991234", "+14159992345"]);
    assert_eq!(proposals(&project, &["agent-numbers", "agents/s"]), ["agents/sales-agent"]);
    assert_eq!(proposals(&project, &["list", "--workspace", ""]), ["production", "staging"]);
    assert_eq!(proposals(&project, &["search", "--tag", "s"]), ["sales", "spare"]);
    assert_eq!(proposals(&project, &["search", "--tag", "$"]), [""; 0], "a shell would run it");
    assert_eq!(proposals(&project, &["search", "--trunk", ""]), ["mytrunk.pstn.twilio.com", "none"]);
    assert_eq!(proposals(&project, &["list", "--at", ""]), [""; 0], "there is no git here");
    let elsewhere = tempfile::tempdir().unwrap();
    let mut command = Command::cargo_bin("phone-dir").unwrap();
    command.env_clear().env("PHONE_DIR_COMPLETE", "fish").current_dir(elsewhere.path());
    command.args(["--", "phone-dir", "show", ""]).assert().success();
}

#[test]
fn every_shell_has_a_script_and_every_command_a_manual_page() {
    let project = examples().write();
    for shell in ["bash", "zsh", "fish"] {
        let script = project.answer(&["completions", shell]);
        assert!(script.contains("PHONE_DIR_COMPLETE") && script.contains("phone-dir"), "{shell}");
    }
    assert_eq!(project.run(&["completions", "tcsh"]).code, 2);
    project.answer(&["man", "pages"]);
    for page in ["phone-dir.1", "phone-dir-list.1", "phone-dir-sync-twilio.1"] {
        let text = fs::read_to_string(project.root().join("pages").join(page)).unwrap();
        assert!(text.contains(".TH PHONE-DIR"), "{page}");
        for section in ["EXAMPLES", "EXIT STATUS", "ENVIRONMENT", "FILES", "SEE ALSO"] {
            assert!(text.contains(&format!(".SH \"{section}\"")), "{page}: {section}");
        }
    }
    for page in fs::read_dir(project.root().join("pages")).unwrap() {
        let text = fs::read_to_string(page.unwrap().path()).unwrap();
        let also = text.split(".SH \"SEE ALSO\"\n").nth(1).unwrap().replace("\\-", "-");
        for name in
            also.split("\\fB").skip(1).filter_map(|rest| rest.split("\\fR(1)").next()).filter(|name| *name != "git")
        {
            assert!(project.root().join(format!("pages/{name}.1")).exists(), "{name}");
        }
    }
    let history = fs::read_to_string(project.root().join("pages/phone-dir-history.1")).unwrap();
    assert!(history.contains(".SH SYNOPSIS\nphone\\-dir history [OPTIONS] [NUMBER]\n"), "{history}");
    assert!(project.answer(&["man"]).contains(".SH NAME"));
}

#[test]
fn a_shell_completes_branches_tags_and_the_directorys_latest_commits() {
    let project = examples().write();
    let git = |words: &[&str]| {
        let mut command = std::process::Command::new("git");
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap()).env("HOME", project.root());
        for role in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{role}_NAME"), "Ada").env(format!("GIT_{role}_EMAIL"), "ada@example.com");
        }
        let output = command.current_dir(project.root()).args(words).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    git(&["init", "--quiet", "--initial-branch=main"]);
    git(&["add", "phone-numbers"]);
    git(&["commit", "--quiet", "-m", "phone-dir: \u{1b}[2Jsync"]);
    let first = git(&["rev-parse", "HEAD"]);
    git(&["commit", "--quiet", "--allow-empty", "-m", "elsewhere"]);
    git(&["tag", "v1.2"]);
    git(&["branch", "topic"]);
    assert_eq!(proposals(&project, &["list", "--at", ""]), ["main", "topic", "v1.2"]);
    assert_eq!(proposals(&project, &["rollback", "--to", "t"]), ["topic"]);
    let proposed = proposals(&project, &["rollback", ""]);
    assert_eq!(proposed[..4], [&first[..10], "main", "topic", "v1.2"], "the options come behind them");
    assert_eq!(proposals(&project, &["rollback", &first[..4]]), [&first[..10]]);
    assert_eq!(proposals(&project, &["rollback", "+1888"]), ["+18885551234"]);
    assert_eq!(proposals(&project, &["rollback", "--to", "main", "1888"]), ["+18885551234"]);
}

/// A project in git with the specification's files committed.
fn committed() -> Project {
    let mut builder = examples();
    builder.directory.sync_log = Some(synced_two_hours_ago());
    let project = builder.write();
    for words in [
        &["init", "--quiet", "--initial-branch=main"][..],
        &["config", "user.name", "Ada"],
        &["config", "user.email", "ada@example.com"],
        &["add", "."],
        &["commit", "--quiet", "--message", "Start"],
    ] {
        git(&project, words);
    }
    project
}

fn git(project: &Project, words: &[&str]) -> bool {
    let mut command = std::process::Command::new("git");
    command.arg("-C").arg(project.root()).args(words).env("GIT_CONFIG_GLOBAL", "/dev/null");
    command.output().unwrap().status.success()
}

#[test]
fn the_next_step_before_the_first_sync_is_the_first_sync() {
    let mut builder = examples();
    builder.directory.sync_log = None;
    builder.directory.master.numbers.clear();
    for files in builder.directory.workspaces.values_mut() {
        files.numbers.numbers.clear();
        files.assignments.assignments.clear();
    }
    let text = builder.write().answer(&["status"]);
    assert!(text.contains("Last sync             never\n"), "{text}");
    let next = text.split("Next:\n").nth(1).unwrap();
    assert!(next.starts_with("  phone-dir sync --all  nothing was read"), "{text}");
}

#[test]
fn a_sync_that_was_refused_or_read_too_little_is_to_be_run_again() {
    for (status, why) in [(SyncStatus::Refused, "was refused"), (SyncStatus::Incomplete, "could not read everything")] {
        let mut builder = examples();
        let mut log = synced_two_hours_ago();
        log.sync_history[0].status = status;
        builder.directory.sync_log = Some(log);
        let text = builder.write().answer(&["status"]);
        let next = text.split("Next:\n").nth(1).unwrap();
        assert!(next.starts_with("  phone-dir sync --all") && next.lines().next().unwrap().contains(why), "{text}");
        assert_eq!(text.matches("sync --all").count(), 1, "{text}");
    }
}

#[test]
fn during_a_merge_it_comes_first_also_where_the_files_cannot_be_read() {
    let project = committed();
    let numbers = project.root().join("phone-numbers/production/numbers.json");
    let edit = |name: &str| {
        let text = fs::read_to_string(&numbers).unwrap();
        let at = text.find("\"nickname\": ").unwrap();
        let end = at + text[at..].find('\n').unwrap();
        fs::write(&numbers, format!("{}\"nickname\": \"{name}\",{}", &text[..at], &text[end..])).unwrap();
        assert!(git(&project, &["commit", "--quiet", "--all", "--message", name]));
    };
    assert!(git(&project, &["switch", "--quiet", "--create", "topic"]));
    edit("Theirs");
    assert!(git(&project, &["switch", "--quiet", "main"]));
    edit("Ours");
    assert!(!git(&project, &["merge", "topic"]), "a conflict");
    let Run { out: text, code, error } = project.run(&["status"]);
    assert!(code == 2 && text.starts_with("Git  a merge is in progress\n"), "{text}");
    assert!(error.contains("hint: choose with `phone-dir resolve`"), "{error}");
    assert!(text.contains("Next:\n  phone-dir resolve NUMBER --ours|--theirs"), "{text}");
    assert!(git(&project, &["checkout", "--quiet", "--ours", "phone-numbers/production/numbers.json"]));
    let text = project.answer(&["status"]);
    assert!(text.contains("Git                   a merge is in progress"), "{text}");
    assert!(text.contains("Next:\n  git add phone-numbers/ "), "git refuses to end the merge before that: {text}");
    assert!(text.contains("\n  git merge --continue ") && !text.contains("git commit"), "{text}");
    assert!(git(&project, &["add", "phone-numbers/"]));
    assert!(project.answer(&["status"]).contains("Next:\n  git merge --continue "));
}

#[test]
fn a_copy_of_a_workspace_is_taken_away_and_never_added() {
    let project = committed();
    let folder = project.root().join("phone-numbers");
    fs::create_dir(folder.join("staging-old")).unwrap();
    for name in ["numbers.json", "assignments.json"] {
        fs::copy(folder.join("staging").join(name), folder.join("staging-old").join(name)).unwrap();
    }
    let text = project.answer(&["status"]);
    assert!(text.contains(" phone-numbers/staging-old/assignments.json, "), "it is told all the same: {text}");
    assert!(text.contains("Next:\n  mv phone-numbers/staging-old . ") && !text.contains("git add"), "{text}");
    let errors = text.split("Findings").nth(1).unwrap().split_whitespace().next().unwrap();
    assert!(errors.parse::<usize>().unwrap() > 0, "{text}");
    assert!(text.contains(&format!("{errors} errors to repair")), "the counts are those of `validate`: {text}");
    let validate = project.run(&["validate"]);
    assert!(validate.out.contains(&format!("Errors: {errors}\n")), "{}{}", validate.out, validate.error);
}

#[test]
fn a_clone_is_set_up_by_one_command() {
    let text = committed().answer(&["status"]);
    let next = text.split("Next:\n").nth(1).unwrap();
    assert!(
        next.contains("  phone-dir setup  ") && next.contains("no hook checks commits here, and git cannot"),
        "{text}"
    );
    assert!(!next.contains("hook install"), "{text}");
}
