//! The three sync commands and their flags.

use insta::assert_snapshot;
use phone_dir::sandbox::SandboxOptions;

use crate::cli::fixture::{DIRECTORY, LATER, Project, differences};

const MOVED: &str = "+14155550101";
const SYNC_LOG: &str = "phone-numbers/twilio/sync.json";

fn moved() -> Project {
    let project = Project::synced();
    project.sandbox.reassign("production", MOVED, "sales-agent").unwrap();
    project
}

#[test]
fn the_first_sync_prints_what_it_found_and_leaves_the_commit_to_the_user() {
    let project = Project::new(SandboxOptions::default());
    project.succeed(&["init", "--quiet"]);
    assert_snapshot!(project.run(&["sync", "--all"]));
    assert_snapshot!("first_directory", project.read(DIRECTORY));
    assert!(!project.path(".git/refs/heads/main").exists(), "nothing is committed");
}

#[test]
fn a_second_sync_changes_no_committed_byte_and_makes_no_commit() {
    let project = Project::synced();
    let before = project.files("");
    for words in [&["sync"][..], &["sync-twilio", "--all"], &["sync-retell"], &["sync", "--workspace", "staging"]] {
        let (code, report) = project.json(words);
        assert_eq!((code, report["status"].as_str()), (0, Some("unchanged")), "{words:?}");
        assert_eq!(differences(&before, &project.files("")), format!("changed {SYNC_LOG}\n"), "{words:?}");
    }
    assert_eq!(project.commits(), 1);
    assert_eq!(project.git(&["status", "--porcelain"]), "");
}

#[test]
fn a_change_becomes_one_commit_that_reads_as_a_change_log() {
    let project = moved();
    let run = project.run(&["sync", "--all"]);
    assert_eq!(run.code, 0, "{run}");
    assert_snapshot!(project.git(&["log", "-1", "--format=%an <%ae>%n%cn <%ce>%n%B", "--name-status"]));
    assert_eq!(project.commits(), 2);
    assert_eq!(project.git(&["status", "--porcelain"]), "");
}

#[test]
fn a_dry_run_prints_the_same_changes_and_writes_nothing() {
    let project = moved();
    let before = project.files("");
    let (code, dry) = project.json(&["sync", "--dry-run"]);
    assert_eq!((code, dry["commit"].is_null()), (0, true));
    assert_eq!(differences(&before, &project.files("")), "");
    assert_eq!(project.commits(), 1);
    let (_, real) = project.json(&["sync"]);
    assert_eq!(dry["changes"], real["changes"]);
    assert_eq!(Project::changes(&real), [format!("{MOVED} reassigned production")]);
    assert_eq!(real["commit"].as_str(), Some(project.git(&["rev-parse", "HEAD"]).trim()));
}

#[test]
fn the_json_of_a_sync_has_the_keys_that_are_promised() {
    let project = moved();
    let (_, report) = project.json(&["sync", "--dry-run"]);
    let text = serde_json::to_string_pretty(&report).unwrap();
    assert_snapshot!(text);
}

#[test]
fn without_commit_the_files_are_written_only() {
    let project = moved();
    project.succeed(&["sync", "--no-commit"]);
    assert_eq!(project.commits(), 1);
    let status = project.git(&["status", "--porcelain"]);
    assert_eq!(
        status,
        " M phone-numbers/directory.json\n M phone-numbers/production/assignments.json\n M phone-numbers/production/numbers.json\n"
    );
}

#[test]
fn the_switch_in_gits_configuration_turns_commits_off_and_the_flag_on_again() {
    let project = moved();
    project.git(&["config", "phone-dir.commit", "false"]);
    project.succeed(&["sync"]);
    assert_eq!(project.commits(), 1);
    project.git(&["checkout", "--quiet", "."]);
    project.succeed(&["sync", "--commit"]);
    assert_eq!(project.commits(), 2);
}

#[test]
fn commit_before_anything_is_tracked_starts_at_once() {
    let project = Project::new(SandboxOptions::default());
    project.succeed(&["init", "--quiet"]);
    project.succeed(&["sync", "--commit"]);
    assert_eq!(project.commits(), 1);
    let tracked = project.git(&["ls-files"]);
    assert!(tracked.contains(DIRECTORY) && !tracked.contains("twilio/"), "{tracked}");
}

#[test]
fn one_workspace_is_asked_for_and_the_other_left_alone() {
    let project = moved();
    project.sandbox.reassign("staging", MOVED, "sales-agent").unwrap();
    let production = project.files("phone-numbers/production");
    let (_, report) = project.json(&["sync", "-w", "staging"]);
    assert_eq!(Project::changes(&report), [format!("{MOVED} reassigned staging")]);
    assert_eq!(project.files("phone-numbers/production"), production);
    let asked = project.sandbox.requests().iter().filter(|request| request.path.contains("list-phone-numbers")).count();
    assert_eq!(asked, 1, "production is not asked");
}

#[test]
fn what_people_wrote_survives_every_sync() {
    let project = moved();
    project.edit(DIRECTORY, "\"notes\": \"\"", "\"notes\": \"Ask before moving\"");
    project.edit(DIRECTORY, "\"tags\": []", "\"tags\": [\n        \"vip\"\n      ]");
    project.git(&["commit", "--quiet", "--all", "--message", "Notes"]);
    project.succeed(&["sync"]);
    let directory = project.read(DIRECTORY);
    assert!(directory.contains("Ask before moving") && directory.contains("\"vip\""));
}

#[test]
fn dates_of_the_first_sight_stay_and_a_new_binding_gets_a_new_one() {
    let project = moved();
    project.succeed(&["sync"]);
    let file: serde_json::Value =
        serde_json::from_str(&project.read("phone-numbers/production/assignments.json")).unwrap();
    for assignment in file["assignments"].as_array().unwrap() {
        let is_moved = assignment["phone_number"] == MOVED;
        let date = assignment["assigned_date"].as_str().unwrap();
        assert_eq!(date == LATER, is_moved, "{assignment}");
    }
    let registry: serde_json::Value =
        serde_json::from_str(&project.read("phone-numbers/production/numbers.json")).unwrap();
    assert!(registry["numbers"].as_array().unwrap().iter().all(|entry| entry["import_date"] != LATER));
}

#[test]
fn a_number_that_left_is_removed_and_one_that_came_is_imported() {
    let project = Project::synced();
    project.fault("vanish,provider=retell,path=list-phone-numbers,workspace=staging,nth=1");
    project.succeed(&["sync"]);
    let (code, report) = project.json(&["sync"]);
    assert_eq!(code, 0, "{report}");
}

#[test]
fn every_run_is_noted_in_the_log_and_only_there() {
    let project = Project::synced();
    project.succeed(&["sync"]);
    project.succeed(&["sync", "-w", "staging"]);
    let log: serde_json::Value = serde_json::from_str(&project.read(SYNC_LOG)).unwrap();
    let types: Vec<_> =
        log["sync_history"].as_array().unwrap().iter().map(|run| run["type"].as_str().unwrap()).collect();
    assert_eq!(types, ["incremental", "full", "full"]);
    assert_eq!(log["last_full_sync"], LATER);
}

#[test]
fn an_agent_without_a_folder_is_told_by_its_name_and_a_commit_message_quotes_none() {
    const NAME: &str = "Old IVR (made in the dashboard)";
    let project = Project::new(SandboxOptions::default());
    project.succeed(&["init", "--quiet"]);
    let run = project.run(&["sync", "--all", "--commit"]);
    assert!(run.stdout.contains(&format!("assigned to \"{NAME}\" (no folder) (staging)")), "{run}");
    assert!(run.stdout.contains(&format!("is bound to `{NAME}`, which no folder has")), "{run}");
    let message = project.git(&["log", "-1", "--format=%B"]);
    assert!(message.contains("assigned to agent_staging_") && !message.contains("IVR"), "{message}");
    assert!(project.succeed(&["history"]).contains(&format!("\"{NAME}\" (no folder)")));
    for question in [&["agent-numbers", NAME][..], &["list", "--agent", "OLD ivr (made in the dashboard)"]] {
        assert!(project.succeed(question).contains("+12125550106"), "{question:?}");
    }
}

#[test]
fn an_agent_without_a_folder_has_one_name_in_every_answer() {
    const NAME: &str = "\"Old IVR (made in the dashboard)\" (no folder)";
    const NUMBER: &str = "+12125550106";
    let project = Project::synced();
    let has_name = |words: &[&str]| {
        let said = project.succeed(words);
        assert!(said.contains(NAME), "{words:?}\n{said}");
    };
    has_name(&["diff", "staging", "production"]);
    for format in ["markdown", "html"] {
        let report = project.run(&["report", "--format", format]);
        assert!(report.stdout.contains("Old IVR (made in the dashboard)"), "{format}: {report}");
    }
    assert!(project.succeed(&["diff", "staging", "production", "--format", "markdown"]).contains("Old IVR"));
    project.succeed(&["edit", "+14155550103", "-w", "production", "--inbound-agent", "agents/survey"]);
    let list = project.succeed(&["list", "-w", "production"]);
    assert!(list.contains("agents/survey (live: agents/support-tier1@prod)"), "with the version, as before: {list}");
    // From now on no file has its name: Retell tells it.
    project.succeed(&["edit", NUMBER, "-w", "staging", "--inbound-agent", "agents/survey"]);
    has_name(&["plan"]);
    let drift = project.run(&["drift"]);
    assert!(drift.code == 1 && drift.stdout.contains(NAME), "{drift}");
    has_name(&["apply", "--yes"]);
    project.succeed(&["rollback", "HEAD~1", "--yes"]);
    has_name(&["diff", "staging", "production"]);
}

#[test]
fn without_agents_folders_the_first_sync_names_every_agent_as_retell_does() {
    let project = Project::new(SandboxOptions::default());
    std::fs::remove_dir_all(project.path("agents")).unwrap();
    project.succeed(&["init", "--quiet"]);
    let told = project.run(&["sync", "--all"]).stdout;
    // One that shares a number with another is principal nowhere, and no file has its name.
    assert!(
        told.contains("\"Sales Agent (trial script)\" (no folder) 20 %") && !told.contains("agent_staging_"),
        "{told}"
    );
}
