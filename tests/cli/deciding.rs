//! Decisions in git: what a sync follows, what waits, what is contradicted, and how each is told.

use serde_json::{Value, json};

use crate::cli::fixture::Project;
use phone_dir::sandbox::{SandboxOptions, agent_id};

const LINE: &str = "+14155550101";
const NUMBERS: &str = "phone-numbers/production/numbers.json";
const NAME: &str = "\"nickname\": \"Customer Service Line\"";

/// The entry of a number of production.
fn registered(project: &Project, number: &str) -> Value {
    let file: Value = serde_json::from_str(&project.read(NUMBERS)).unwrap();
    let entries = file["numbers"].as_array().unwrap();
    entries.iter().find(|entry| entry["phone_number"] == number).cloned().unwrap_or_default()
}

/// A project in whose last commit a person named a line by hand.
fn decided() -> Project {
    let project = Project::synced();
    decide(&project, "Front Desk");
    project
}

fn decide(project: &Project, name: &str) {
    let old = registered(project, LINE)["nickname"].to_string();
    project.edit(NUMBERS, &format!("\"nickname\": {old}"), &format!("\"nickname\": \"{name}\""));
    project.git(&["commit", "--quiet", "--all", "--message", &format!("Name the line {name}")]);
}

/// Names the line in Retell's dashboard.
fn rename_live(project: &Project, name: &str) {
    let body = json!({ "nickname": name }).to_string();
    send(project, "PATCH", &format!("/update-phone-number/{LINE}"), &body);
}

fn send(project: &Project, method: &str, path: &str, body: &str) {
    let address = format!("{}{path}", project.sandbox.base_url());
    let key = format!("Authorization: Bearer {}", project.variables["RETELL_PRODUCTION_API_KEY"]);
    let words = ["--silent", "--fail", "--request", method, "--header", &key];
    let rest = ["--header", "Content-Type: application/json", "--data", body, &address];
    let output = project.command("curl", &[&words[..], &rest[..]].concat()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn sync(project: &Project) -> (i32, Value) {
    project.json(&["sync", "--all"])
}

fn decision(git: &str, live: &str, was: &str) -> Value {
    json!([{ "phone_number": LINE, "workspace": "production", "field": "nickname", "git": git, "live": live, "was": was }])
}

#[test]
fn a_merged_decision_stays_and_waits_for_retell() {
    let project = decided();
    let (code, report) = sync(&project);
    assert_eq!((code, &report["status"]), (0, &"success".into()), "{report:#}");
    assert_eq!(report["pending"], decision("Front Desk", "Customer Service Line", "Customer Service Line"));
    assert_eq!(report["conflicts"], json!([]));
    let pair = json!({ "nickname": { "was": "Customer Service Line", "is": "Customer Service Line" } });
    let entry = registered(&project, LINE);
    assert_eq!((&entry["nickname"], &entry["live"]), (&"Front Desk".into(), &pair));
    let commits = project.commits();
    let (code, again) = sync(&project);
    assert_eq!((code, &again["status"], &again["pending"]), (0, &"unchanged".into(), &report["pending"]));
    assert_eq!(project.commits(), commits);
    let told = project.succeed(&["sync", "--all"]);
    assert!(told.contains("git Front Desk, live Customer Service Line; decided in "), "{told}");
    assert!(told.contains("by Test Author <author@example.com>"), "{told}");
}

#[test]
fn a_dashboard_edit_of_another_field_is_followed_beside_a_decision() {
    let project = decided();
    project.sandbox.reassign("production", LINE, "survey").unwrap();
    let (code, report) = sync(&project);
    assert_eq!((code, &report["conflicts"]), (0, &json!([])), "{report:#}");
    assert_eq!(report["pending"], decision("Front Desk", "Customer Service Line", "Customer Service Line"));
    let assignments = project.read("phone-numbers/production/assignments.json");
    let (entry, survey) = (registered(&project, LINE), agent_id("production", "survey"));
    assert!(assignments.contains(&format!("\"agent_id\": \"{survey}\"")));
    assert_eq!(entry["nickname"], "Front Desk");
}

#[test]
fn a_decision_that_retell_contradicts_is_a_conflict_until_a_side_is_taken() {
    let project = decided();
    rename_live(&project, "Dashboard");
    let (code, report) = sync(&project);
    assert_eq!((code, &report["status"]), (1, &"success".into()), "{report:#}");
    assert_eq!(report["conflicts"], decision("Front Desk", "Dashboard", "Customer Service Line"));
    let run = project.run(&["sync", "--all"]);
    assert!(run.code == 1 && run.stdout.contains(&format!("phone-dir sync --take live {LINE}")), "{run}");
    let quiet = project.run(&["sync", "--all", "--quiet"]);
    assert_eq!((quiet.code, quiet.stdout.as_str()), (1, ""), "{quiet}");
    let taken = project.run(&["sync", "--all", "--take", "live", LINE]);
    assert_eq!(taken.code, 0, "{taken}");
    let entry = registered(&project, LINE);
    assert_eq!((&entry["nickname"], &entry["live"]), (&"Dashboard".into(), &Value::Null));
    assert!(project.git(&["log", "-1", "--format=%B"]).contains(&format!("{LINE} updated nickname")));
}

#[test]
fn with_quiet_only_a_new_conflict_is_told() {
    let project = decided();
    sync(&project);
    rename_live(&project, "Dashboard");
    let run = project.run(&["sync", "--all", "--quiet"]);
    assert!(run.code == 1 && run.stdout.contains("In conflict"), "{run}");
    assert!(!run.stdout.contains("Pending"), "{run}");
}

#[test]
fn what_was_decided_and_is_live_needs_no_record_any_more() {
    let project = decided();
    sync(&project);
    rename_live(&project, "Front Desk");
    let (code, report) = sync(&project);
    assert_eq!((code, &report["pending"], &report["conflicts"]), (0, &json!([]), &json!([])), "{report:#}");
    assert_eq!(registered(&project, LINE)["live"], Value::Null);
}

#[test]
fn an_ordinary_dashboard_edit_is_followed_also_long_after_the_line_was_written_down() {
    let project = Project::synced();
    project.git(&["commit", "--quiet", "--allow-empty", "--message", "Something else"]);
    rename_live(&project, "Dashboard");
    let (code, report) = sync(&project);
    assert_eq!((code, &report["pending"], &report["conflicts"]), (0, &json!([]), &json!([])), "{report:#}");
    assert_eq!(registered(&project, LINE)["nickname"], "Dashboard");
}

#[test]
fn the_revert_of_a_sync_is_a_decision() {
    let project = Project::synced();
    rename_live(&project, "Dashboard");
    project.succeed(&["sync", "--all"]);
    project.git(&["revert", "--no-edit", "HEAD"]);
    let (code, report) = sync(&project);
    assert_eq!(code, 0, "{report:#}");
    assert_eq!(report["pending"], decision("Customer Service Line", "Dashboard", "Dashboard"));
    rename_live(&project, "Dashboard again");
    let (code, report) = sync(&project);
    assert_eq!((code, &report["conflicts"][0]["was"]), (1, &"Dashboard".into()), "{report:#}");
}

#[test]
fn a_decision_that_was_edited_back_leaves_nothing_to_do() {
    let project = decided();
    sync(&project);
    decide(&project, "Customer Service Line");
    let (code, report) = sync(&project);
    assert_eq!((code, &report["pending"]), (0, &json!([])), "{report:#}");
    assert_eq!(registered(&project, LINE)["live"], Value::Null);
}

#[test]
fn squashed_or_merged_a_decision_stays_a_decision() {
    for (name, words) in [
        ("squash", &["merge", "--squash", "decision"][..]),
        ("merge", &["merge", "--no-ff", "--no-commit", "decision"]),
        ("rebase", &["cherry-pick", "--no-commit", "decision"]),
    ] {
        let project = Project::synced();
        project.git(&["checkout", "--quiet", "-b", "decision"]);
        decide(&project, "Front Desk");
        project.git(&["checkout", "--quiet", "main"]);
        project.sandbox.reassign("production", "+12125550105", "survey").unwrap();
        project.succeed(&["sync", "--all", "--quiet"]);
        project.git(words);
        project.git(&["commit", "--quiet", "--message", name]);
        project.sandbox.reassign("production", LINE, "survey").unwrap();
        let (code, report) = sync(&project);
        assert_eq!(code, 0, "{name} {report:#}");
        let pending = decision("Front Desk", "Customer Service Line", "Customer Service Line");
        assert_eq!(report["pending"], pending, "{name}");
    }
}

#[test]
fn an_incomplete_read_settles_nothing() {
    let project = decided();
    sync(&project);
    rename_live(&project, "Dashboard");
    project.fault("status:400,workspace=production");
    let before = project.read(NUMBERS);
    let (code, report) = sync(&project);
    assert_eq!((code, &report["conflicts"], &report["pending"]), (3, &json!([]), &json!([])), "{report:#}");
    assert_eq!(project.read(NUMBERS), before);
}

#[test]
fn a_number_that_leaves_takes_its_decision_along_and_that_is_told_once() {
    let project = decided();
    sync(&project);
    send(&project, "DELETE", &format!("/delete-phone-number/{LINE}"), "");
    let (code, report) = sync(&project);
    assert_eq!((code, &report["gone"][0]["git"]), (1, &"Front Desk".into()), "{report:#}");
    assert_eq!(sync(&project).0, 0);
}

#[test]
fn outside_of_git_and_with_commits_off_a_record_works_the_same() {
    let project = Project::synced();
    project.git(&["config", "phone-dir.commit", "false"]);
    project.edit(NUMBERS, NAME, "\"nickname\": \"Front Desk\"");
    let (code, report) = sync(&project);
    assert_eq!((code, &report["pending"][0]["git"]), (0, &"Front Desk".into()), "{report:#}");
    rename_live(&project, "Dashboard");
    let (code, report) = sync(&project);
    assert_eq!((code, &report["conflicts"][0]["git"]), (1, &"Front Desk".into()), "{report:#}");
    assert_eq!(registered(&project, LINE)["nickname"], "Front Desk");
}

#[test]
fn where_no_ancestor_can_be_asked_retell_is_followed_and_that_is_said() {
    let project = decided();
    let shallow = project.copy(SandboxOptions::default());
    std::fs::remove_dir_all(shallow.path(".git")).unwrap();
    rename_live(&shallow, "Dashboard");
    let run = shallow.run(&["sync", "--all"]);
    assert_eq!(run.code, 0, "{run}");
    assert!(run.stdout.contains("nothing tells which side moved last"), "{run}");
    assert_eq!(registered(&shallow, LINE)["nickname"], "Dashboard");
}

#[test]
fn a_change_of_another_field_leaves_a_pending_decision_and_one_of_the_same_field_replaces_it() {
    let project = decided();
    sync(&project);
    project.succeed(&["phone", "update", LINE, "-w", "production", "--inbound-agent", "agents/survey"]);
    let entry = registered(&project, LINE);
    assert_eq!(
        (&entry["nickname"], &entry["live"]["nickname"]["is"]),
        (&"Front Desk".into(), &"Customer Service Line".into())
    );
    let told = project.succeed(&["phone", "update", LINE, "-w", "production", "--nickname", "Third"]);
    assert!(told.contains("Replaced decisions that Retell did not have") && told.contains("git Front Desk"), "{told}");
    let entry = registered(&project, LINE);
    assert_eq!((&entry["nickname"], &entry["live"]), (&"Third".into(), &Value::Null));
    assert_eq!(sync(&project).1["status"], "unchanged");
}

#[test]
fn what_differs_live_is_said_in_words_by_every_view_of_a_change() {
    let project = Project::synced();
    project.succeed(&["edit", LINE, "-w", "production", "--inbound-agent", "agents/survey"]);
    let shown = project.succeed(&["diff", "staging", "production"]);
    let both = "agents/customer-service → agents/survey (live: agents/customer-service)";
    assert!(shown.contains(both), "{shown}");
    let shown = project.succeed(&["blame", LINE]);
    assert!(shown.contains("live.inbound_agents  agents/") && !shown.contains("live agent_"), "{shown}");
    project.sandbox.reassign("production", LINE, "emergency-line").unwrap();
    assert_eq!(project.run(&["sync", "--all"]).code, 1);
    let shown = project.succeed(&["diff", "HEAD~1", "HEAD"]);
    assert!(shown.contains("    live inbound_agents: agents/") && shown.contains("→ agents/emergency-line"), "{shown}");
    assert!(!shown.contains("live.inbound_agents"), "{shown}");
}

#[test]
fn every_kind_of_decision_is_told_with_what_is_live_and_the_commit_that_decided_it() {
    let project = Project::synced();
    // This line's agents have a version, so that they stand in a list until one without is decided.
    let line = "+14155550103";
    for (option, value, field) in [
        ("--inbound-agent", "agents/survey", "inbound_agents"),
        ("--inbound-sms-agent", "agents/text-concierge", "inbound_sms_agents"),
        ("--webhook", "https://hooks.example.com/in", "inbound_webhook_url"),
        ("--sms-webhook", "https://hooks.example.com/sms", "inbound_sms_webhook_url"),
        ("--fallback", "+14155550199", "fallback_number"),
        ("--inbound-countries", "US", "allowed_inbound_country_list"),
        ("--nickname", "Front Desk", "nickname"),
    ] {
        let said = project.succeed(&["edit", line, "-w", "production", option, value]);
        assert!(said.contains("(live"), "{field} {said}");
        let commit = project.git(&["rev-parse", "--short=10", "HEAD"]);
        let shown = project.succeed(&["diff", "HEAD~1", "HEAD"]);
        let is_told = field == "inbound_agents" || shown.contains(&format!("live {field}: as decided → "));
        assert!(is_told, "{field} {shown}");
        let synced = project.succeed(&["sync", "--all"]);
        let held = synced.lines().find(|told| told.contains(&format!("{line} (production) {field}:"))).unwrap();
        assert!(
            held.ends_with(&format!("decided in {} by Test Author <author@example.com>", commit.trim())),
            "{synced}"
        );
    }
}

#[test]
fn a_folder_that_was_named_by_hand_alone_and_never_completed_is_not_taken_back_without_a_word() {
    let project = Project::synced();
    let place = "phone-numbers/production/assignments.json";
    project.edit(place, "\"agent_path\": \"agents/emergency-line\"", "\"agent_path\": \"agents/survey\"");
    project.git(&["commit", "--quiet", "--all", "--message", "Past every check"]);
    let run = project.run(&["sync", "--all"]);
    assert_eq!(run.code, 0, "{run}");
    let way = "to decide it: phone-dir edit +12125550105 -w production --inbound-agent agents/survey";
    assert!(run.stderr.contains(way), "{run}");
    assert!(!project.run(&["sync", "--all"]).stderr.contains("warning"));
}

#[test]
fn every_answer_that_names_who_answers_says_whom_callers_hear_meanwhile() {
    let mut project = Project::synced();
    project.succeed(&["edit", "+14155550104", "-w", "production", "--inbound-agent", "none"]);
    for columns in ["80", "200"] {
        project.place.set("COLUMNS", columns);
        for words in [
            &["list"][..],
            &["list", "--unassigned"],
            &["list", "--agent", "agents/support-tier1"],
            &["list", "-w", "production"],
            &["list", "--at", "HEAD"],
            &["search", "415555"],
            &["show", "+14155550104"],
            &["agent-numbers", "agents/support-tier1"],
            &["unassigned"],
            &["status"],
            &["report"],
            &["report", "--format", "markdown"],
            &["diff", "staging", "production"],
            &["diff", "HEAD~1", "HEAD"],
            &["history", "+14155550104"],
        ] {
            let shown = project.succeed(words);
            let is_told =
                ["live: agents/support-tier1", "live agents/support-tier1"].iter().any(|it| shown.contains(it));
            assert!(is_told, "{words:?} {shown}");
        }
    }
}
