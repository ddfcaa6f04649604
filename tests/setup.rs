//! Tests of `setup` and `doctor` with real git: what they change, and that taking it out restores every byte.

#![allow(clippy::unwrap_used)] // a test that cannot go on has failed

use std::fs;
use std::path::Path;

use crate::merge::project::{Edit, Project, STAGING, START, text_of};

const ONE: &str = "+14155550101";

/// A repository with the directory, before any setup.
fn fresh(attributes: Option<&str>) -> Project {
    let project = Project::empty();
    project.git(&["init", "-q", "-b", "main"]);
    project.put(&Edit::start(&[ONE]));
    if let Some(text) = attributes {
        project.write(".gitattributes", text);
    }
    project
}

fn picture(project: &Project) -> [Option<Vec<u8>>; 4] {
    [".git/config", ".gitattributes", ".git/hooks/pre-commit", ".git/hooks/pre-merge-commit"]
        .map(|path| fs::read(project.root.join(path)).ok())
}

#[test]
fn taking_setup_out_restores_every_byte() {
    for attributes in [None, Some(""), Some("*.png binary"), Some("*.png binary\r\n\n# mine\n")] {
        let project = fresh(attributes);
        project.git(&["config", "diff.phone-dir.cachetextconv", "true"]);
        let before = picture(&project);
        assert!(project.phone_dir(&["setup"]).status.success());
        let after = picture(&project);
        assert_ne!(before, after);
        assert!(project.phone_dir(&["setup"]).status.success());
        assert_eq!(picture(&project), after, "running it again changes nothing");
        assert!(project.phone_dir(&["setup", "--remove"]).status.success());
        assert_eq!(picture(&project), before);
    }
}

#[test]
fn taking_setup_out_restores_a_configuration_that_ends_without_a_line_feed() {
    let project = fresh(None);
    let text = project.read(".git/config") + "[user]\n\tname = Ada";
    project.write(".git/config", &text);
    for _ in 0..2 {
        assert!(project.phone_dir(&["setup"]).status.success());
        assert_eq!(project.git(&["config", "user.name"]), "Ada");
    }
    assert!(project.phone_dir(&["setup", "--remove"]).status.success());
    assert_eq!(project.read(".git/config"), text);
}

#[test]
fn a_doctor_says_that_a_shallow_clone_knows_no_history_and_how_to_bring_it() {
    let project = Project::new(&Edit::start(&[ONE]));
    project.write("more.txt", "more");
    project.commit("more");
    let clone = project.root.with_file_name("clone");
    let from = format!("file://{}", project.root.display());
    project.git(&["clone", "-q", "--depth", "1", &from, clone.to_str().unwrap()]);
    let findings = |folder: &str| {
        let output = project.phone_dir(&["-C", folder, "doctor", "--json"]);
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let found = report["findings"].as_array().unwrap().clone();
        found.into_iter().filter(|finding| finding["check"] == "history").collect::<Vec<_>>()
    };
    let found = findings(clone.to_str().unwrap());
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["fix"], "git fetch --unshallow");
    assert!(findings(project.root.to_str().unwrap()).is_empty());
    let history = project.phone_dir(&["-C", clone.to_str().unwrap(), "history"]);
    assert_eq!(history.status.code(), Some(3), "{}", text_of(&history));
    project.git(&["-C", clone.to_str().unwrap(), "fetch", "-q", "--unshallow"]);
    assert!(findings(clone.to_str().unwrap()).is_empty());
}

#[test]
fn a_dry_run_changes_nothing() {
    let project = fresh(None);
    let before = picture(&project);
    let output = project.phone_dir(&["setup", "--dry-run"]);
    assert!(text_of(&output).contains("merge.phone-dir.driver"));
    assert_eq!(picture(&project), before);
}

#[test]
fn a_driver_of_somebody_else_is_not_replaced() {
    let project = fresh(None);
    project.git(&["config", "merge.phone-dir.driver", "my-own %A"]);
    let before = picture(&project);
    assert_eq!(project.phone_dir(&["setup"]).status.code(), Some(2));
    assert_eq!(picture(&project), before);
    let told = text_of(&project.phone_dir(&["doctor"]));
    assert!(told.contains("git config --unset merge.phone-dir.driver && phone-dir setup"), "{told}");
}

#[test]
fn a_doctor_asks_git_which_drivers_the_files_have_and_not_one_file_of_attributes() {
    let project = Project::new(&Edit::start(&[ONE]));
    let attributes = || {
        let output = project.phone_dir(&["doctor", "--json"]);
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let found = report["findings"].as_array().unwrap().clone();
        found.into_iter().filter(|finding| finding["check"] == "attributes").collect::<Vec<_>>()
    };
    let own = project.read(".gitattributes");
    project.write(".gitattributes", &format!("{own}*.png binary\n"));
    assert!(attributes().is_empty(), "a line behind the block does no harm");
    project.write(".git/info/attributes", "*.json -diff\n");
    assert_eq!(attributes().len(), 1);
    project.write(".gitattributes", &own);
    let found = attributes();
    assert!(found[0]["message"].as_str().unwrap().contains("another file of attributes wins"), "{found:?}");
}

#[test]
fn diffs_and_logs_read_as_changes_in_words() {
    let base = Edit::start(&[ONE]);
    let project = Project::new(&base);
    let mut edit = base.at("2026-02-01T00:00:00Z");
    edit.assign(STAGING, ONE, "support");
    project.put(&edit);
    let diff = project.git(&["diff", "-U0", "phone-numbers/directory.json"]);
    assert!(
        diff.contains("\n- +14155550101 in staging: inbound-outbound to agents/sales (agent_staging_sales)\n"),
        "{diff}"
    );
    assert!(
        diff.contains("\n+ +14155550101 in staging: inbound-outbound to agents/support (agent_staging_support)"),
        "{diff}"
    );
    project.commit("reassigned");
    let log = project.git(&["log", "-p", "-1", "-U0", "--", "phone-numbers/staging/assignments.json"]);
    assert!(log.contains("\n- +14155550101 in staging: agent name: sales\n"), "{log}");
    assert!(!log.contains("by_agent"), "what follows from the rest is left out: {log}");
}

/// One side gives a number to another agent, the other one too.
fn in_conflict() -> Project {
    let base = Edit::start(&[ONE]);
    let project = Project::new(&base);
    let side = |agent: &str| {
        let mut edit = base.at("2026-02-01T00:00:00Z");
        edit.assign(STAGING, ONE, agent);
        edit
    };
    project.diverge(&side("night"), &side("support"));
    project
}

#[test]
fn a_git_that_does_not_find_phone_dir_compares_and_merges_by_lines_and_says_so() {
    let project = in_conflict();
    let nowhere = Path::new("/nowhere");
    let log = project.try_git_without_phone_dir(&["log", "-p", "-1"], nowhere);
    assert!(log.status.success(), "{}", text_of(&log));
    assert!(text_of(&log).contains("+      \"agent_path\": \"agents/night\""), "{}", text_of(&log));
    for words in [&["show", "HEAD"][..], &["blame", "-s", "phone-numbers/directory.json"]] {
        assert!(project.try_git_without_phone_dir(words, nowhere).status.success(), "{words:?}");
    }
    let merge = project.try_git_without_phone_dir(&["merge", "topic"], nowhere);
    assert_eq!(merge.status.code(), Some(1), "{}", text_of(&merge));
    assert!(text_of(&merge).contains("merged by lines"), "{}", text_of(&merge));
    let directory = project.read("phone-numbers/directory.json");
    for part in ["<<<<<<< HEAD", "agents/night", "agents/support", ">>>>>>> topic"] {
        assert!(directory.contains(part), "{part}\n{directory}");
    }
}

#[test]
fn a_merge_by_lines_that_has_no_conflict_is_not_taken_for_clean() {
    let base = Edit::start(&[ONE, "+14155550102", "+14155550103", "+14155550104", "+14155550105"]);
    let project = Project::new(&base);
    let [mut ours, mut theirs] = [base.at(START), base.at(START)];
    ours.notes(ONE, "ours");
    theirs.notes("+14155550105", "theirs");
    project.diverge(&ours, &theirs);
    let merge = project.try_git_without_phone_dir(&["merge", "topic"], Path::new("/nowhere"));
    assert_eq!(merge.status.code(), Some(1), "{}", text_of(&merge));
    let directory = project.read("phone-numbers/directory.json");
    assert!(directory.contains("\"ours\"") && directory.contains("\"theirs\"") && !directory.contains("<<<<"));
}

#[test]
fn the_drivers_look_where_the_hook_looks() {
    let project = in_conflict();
    let cargo_home = project.root.with_file_name("cargo");
    fs::create_dir_all(cargo_home.join("bin")).unwrap();
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_phone-dir"), cargo_home.join("bin/phone-dir")).unwrap();
    let log = project.try_git_without_phone_dir(&["log", "-p", "-1", "-U0"], &cargo_home);
    assert!(text_of(&log).contains("+14155550101 in staging: agent name: night"), "{}", text_of(&log));
    let merge = project.try_git_without_phone_dir(&["merge", "topic"], &cargo_home);
    assert!(!text_of(&merge).contains("by lines"), "{}", text_of(&merge));
}

#[test]
fn a_phone_dir_that_cannot_do_it_is_as_good_as_none() {
    let project = in_conflict();
    let cargo_home = project.root.with_file_name("cargo");
    fs::create_dir_all(cargo_home.join("bin")).unwrap();
    let place = cargo_home.join("bin/phone-dir");
    fs::write(&place, "#!/bin/sh\necho 'error: unrecognized subcommand' >&2\nexit 2\n").unwrap();
    fs::set_permissions(&place, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let merge = project.try_git_without_phone_dir(&["merge", "topic"], &cargo_home);
    assert!(project.read("phone-numbers/directory.json").contains("<<<<<<< HEAD"), "{}", text_of(&merge));
    assert!(project.try_git_without_phone_dir(&["show", "HEAD"], &cargo_home).status.success());
}

#[test]
fn a_checkout_on_windows_stays_in_canonical_form() {
    let project = Project::new(&Edit::start(&[ONE]));
    let clone = project.root.with_file_name("clone");
    let from = project.root.to_str().unwrap();
    project.git(&["-c", "core.autocrlf=true", "clone", "-q", from, clone.to_str().unwrap()]);
    let read = |path: &str| fs::read_to_string(clone.join(path)).unwrap();
    assert!(read(".gitignore").contains('\r') && !read("phone-numbers/directory.json").contains('\r'));
}

#[test]
fn prettier_is_told_to_leave_the_directory_alone_where_a_project_uses_it() {
    let project = fresh(None);
    assert!(project.phone_dir(&["setup"]).status.success());
    assert!(!project.root.join(".prettierignore").exists());
    for (sign, text) in [(".prettierrc", "{}\n"), ("package.json", "{\"devDependencies\": {\"prettier\": \"3\"}}\n")] {
        let project = fresh(None);
        project.write(sign, text);
        assert!(project.phone_dir(&["setup"]).status.success());
        assert!(project.read(".prettierignore").contains("\n/phone-numbers/\n"), "{sign}");
        assert!(project.phone_dir(&["setup", "--remove"]).status.success());
        assert!(!project.root.join(".prettierignore").exists(), "{sign}");
    }
}

#[test]
fn the_diff_of_a_conflict_shows_the_facts_in_conflict() {
    let base = Edit::start(&[ONE]);
    let project = Project::new(&base);
    project.git(&["checkout", "-q", "-b", "topic"]);
    for (branch, agent) in [("topic", "support"), ("main", "night")] {
        project.git(&["checkout", "-q", branch]);
        let mut edit = base.at("2026-02-01T00:00:00Z");
        edit.assign(STAGING, ONE, agent);
        project.put(&edit);
        project.commit(agent);
    }
    assert!(!project.try_git(&["merge", "-q", "topic"]).status.success());
    let diff = project.git(&["diff", "-U0", "phone-numbers/directory.json"]);
    let changed: Vec<&str> = diff.lines().skip_while(|line| !line.starts_with("@@@")).skip(1).collect();
    assert_eq!(
        changed,
        [
            "++<<<<<<< HEAD",
            " + +14155550101 in staging: inbound-outbound to agents/night (agent_staging_night)",
            "++=======",
            "+  +14155550101 in staging: inbound-outbound to agents/support (agent_staging_support)",
            "++>>>>>>> topic",
        ]
    );
}

#[test]
fn a_doctor_names_each_missing_piece_and_the_command_that_mends_it() {
    let project = fresh(None);
    let output = project.phone_dir(&["doctor", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let fixes = |check: &str| {
        let findings = report["findings"].as_array().unwrap().iter();
        findings.filter(|finding| finding["check"] == check).map(|finding| finding["fix"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(fixes("attributes"), ["phone-dir setup"]);
    assert_eq!(fixes("hook"), ["phone-dir hook install"]);
    assert_eq!(fixes("drivers").len(), 3);
    assert_eq!(fixes("ignore-rules").len(), 5);
    assert!(!fixes("twilio-credentials").is_empty());
    assert!(!fixes("workspaces-file").is_empty());
}

#[test]
fn a_clone_with_everything_in_place_is_well() {
    let project = Project::new(&Edit::start(&[ONE]));
    project.write(
        ".env",
        "TWILIO_ACCOUNT_SID=AC0123456789abcdef0123456789abcdef\nTWILIO_AUTH_TOKEN=made-up\n\
         RETELL_STAGING_API_KEY=made-up-one\nRETELL_PRODUCTION_API_KEY=made-up-two\n",
    );
    let output = project.phone_dir(&["doctor"]);
    assert_eq!(output.status.code(), Some(0), "{}", text_of(&output));
    project.git(&["add", "-f", ".env"]);
    let output = project.phone_dir(&["doctor"]);
    assert!(text_of(&output).contains("git rm --cached .env"), "{}", text_of(&output));
    project.git(&["rm", "-q", "--cached", ".env"]);
    project.write("workspaces.json", "{\"staging\": {\"api_key_env\": \"RETELL_STAGING_API_KEY\"}}\n");
    project.git(&["add", "-f", "workspaces.json"]);
    let told = text_of(&project.phone_dir(&["doctor"]));
    assert!(told.contains("git rm --cached workspaces.json, and commit") && !told.contains("replace"), "{told}");
    project.git(&["rm", "-q", "--cached", "workspaces.json"]);
    fs::remove_file(project.root.join("workspaces.json")).unwrap();
    project.write(".env", &project.read(".env").replace("made-up-two", "made-up-one"));
    let output = project.phone_dir(&["doctor"]);
    assert!(text_of(&output).contains("use the same key"), "{}", text_of(&output));
    assert!(!text_of(&output).contains("made-up"), "no secret is printed");
}
