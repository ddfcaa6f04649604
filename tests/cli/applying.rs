//! `plan` and `apply`: what was decided reaches Retell item by item, and what moved meanwhile does not.

use serde_json::{Value, json};

use crate::cli::fixture::Project;
use phone_dir::sandbox::agent_id;

const LINE: &str = "+14155550101";
const OTHER: &str = "+14155550104";
const NUMBERS: &str = "phone-numbers/production/numbers.json";

fn decide(project: &Project, number: &str, words: &[&str]) {
    project.succeed(&[&["edit", number, "-w", "production"], words].concat());
}

/// Two decisions in git: a name and an agent.
fn decided() -> Project {
    let project = Project::synced();
    decide(&project, LINE, &["--nickname", "Front Desk"]);
    decide(&project, OTHER, &["--inbound-agent", "agents/survey"]);
    project.sandbox.clear_requests();
    project
}

fn rename_live(project: &Project, number: &str, name: &str) {
    let address = format!("{}/update-phone-number/{number}", project.sandbox.base_url());
    let key = format!("Authorization: Bearer {}", project.variables["RETELL_PRODUCTION_API_KEY"]);
    let body = json!({ "nickname": name }).to_string();
    let words = ["--silent", "--fail", "--request", "PATCH", "--header", &key, "--header"];
    let rest = ["Content-Type: application/json", "--data", &body, &address];
    assert!(project.command("curl", &[&words[..], &rest[..]].concat()).output().unwrap().status.success());
}

/// `METHOD PATH` of every request that changed something.
fn changes_sent(project: &Project) -> Vec<String> {
    let changes = project.sandbox.requests().into_iter().filter(|request| request.method != "GET");
    let changes = changes.filter(|request| !request.path.contains("list"));
    changes.map(|request| format!("{} {}", request.method, request.path)).collect()
}

fn outcomes(report: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let items = report["items"].as_array().unwrap();
    items.iter().map(|item| (text(&item["phone_number"]), text(&item["outcome"]))).collect()
}

fn outcome(number: &str, outcome: &str) -> (String, String) {
    (number.to_owned(), outcome.to_owned())
}

fn live_records(project: &Project) -> usize {
    project.read(NUMBERS).matches("\"live\": {").count()
}

#[test]
fn a_plan_lists_what_is_decided_with_what_is_live_and_changes_nothing() {
    let project = decided();
    let files = project.files("phone-numbers");
    let (code, plan) = project.json(&["plan"]);
    assert_eq!((code, &plan["kind"], &plan["format_version"]), (0, &"phone-dir-plan".into(), &1.into()), "{plan:#}");
    let items = plan["items"].as_array().unwrap();
    assert_eq!(items.len(), 2);
    assert_eq!(items[0]["set"], json!({ "nickname": "Front Desk" }));
    assert_eq!(items[0]["was"], json!({ "nickname": "Customer Service Line" }));
    assert_eq!(items[1]["set"]["inbound_agents"][0]["agent_id"], agent_id("production", "survey"));
    assert_eq!(plan["base"]["commit"], project.git(&["rev-parse", "HEAD"]).trim());
    assert_eq!(plan["workspaces"]["production"]["org_id"], "org_sandbox_production");
    assert_eq!(project.json(&["plan"]).1["id"], plan["id"]);
    assert!(changes_sent(&project).is_empty());
    assert_eq!(project.files("phone-numbers"), files);
}

#[test]
fn apply_sends_each_item_once_and_leaves_drift_empty() {
    let project = decided();
    let (code, report) = project.json(&["apply", "--yes"]);
    assert_eq!((code, &report["status"]), (0, &"success".into()), "{report:#}");
    assert_eq!(outcomes(&report), [outcome(LINE, "changed"), outcome(OTHER, "changed")]);
    assert_eq!(changes_sent(&project).len(), 2);
    let message = project.git(&["log", "-1", "--format=%B"]);
    let id = report["id"].as_str().unwrap();
    assert!(
        message.contains(&format!("Phone-Dir-Plan: {id}\n")) && message.contains("Phone-Dir-Source: apply\n"),
        "{message}"
    );
    assert_eq!(live_records(&project), 0);
    assert_eq!(project.json(&["drift"]).0, 0);
    let (code, again) = project.json(&["apply", "--yes"]);
    assert_eq!((code, &again["status"], &again["items"]), (0, &"unchanged".into(), &json!([])), "{again:#}");
    assert_eq!(changes_sent(&project).len(), 2);
}

#[test]
fn a_saved_plan_skips_exactly_what_moved_and_applies_the_rest() {
    let project = decided();
    project.succeed(&["plan", "--output", "plan.json"]);
    rename_live(&project, LINE, "Dashboard");
    project.sandbox.clear_requests();
    let (code, report) = project.json(&["apply", "plan.json", "--yes"]);
    assert_eq!(code, 2, "{report:#}");
    assert_eq!(outcomes(&report), [outcome(LINE, "stale"), outcome(OTHER, "changed")]);
    let why = report["items"][0]["message"].as_str().unwrap();
    for value in ["Front Desk", "Customer Service Line", "Dashboard"] {
        assert!(why.contains(value), "{why}");
    }
    assert_eq!(changes_sent(&project).len(), 1);
    let (_, report) = project.json(&["apply", "plan.json", "--yes", "--all-or-nothing"]);
    assert_eq!(outcomes(&report)[0], outcome(LINE, "stale"));
    let (code, report) = project.json(&["apply", "plan.json", "--yes", "--take", "git", LINE]);
    assert_eq!((code, outcomes(&report)[0].1.as_str()), (0, "changed"), "{report:#}");
}

#[test]
fn a_part_of_a_plan_carries_the_id_of_the_plan_that_was_reviewed() {
    let project = decided();
    let told = project.succeed(&["plan", "--output", "plan.json"]);
    let id = told.lines().find_map(|line| line.strip_prefix("Id ")?.split_once(',')).unwrap().0.to_owned();
    rename_live(&project, LINE, "Dashboard");
    let run = project.run(&["apply", "plan.json", "--yes"]);
    assert!(run.code == 2 && run.stdout.contains(&format!("Id {id}, until")), "{run}");
    assert!(project.git(&["log", "-1", "--format=%B"]).contains(&format!("Phone-Dir-Plan: {id}")));
    let (_, report) = project.json(&["apply", "plan.json", "--yes", "--only", OTHER]);
    assert_eq!(report["id"], id.as_str(), "{report:#}");
}

#[test]
fn a_key_that_stands_in_what_retell_says_is_in_no_plan_file() {
    let project = decided();
    let key = project.variables["RETELL_STAGING_API_KEY"].clone();
    rename_live(&project, LINE, &format!("ask {key}"));
    let run = project.run(&["plan", "--output", "plan.json"]);
    assert_eq!(run.code, 2, "{run}");
    assert!(run.stderr.contains("one of the keys of this run") && !run.to_string().contains(&key), "{run}");
    assert!(!project.path("plan.json").exists());
}

#[test]
fn all_or_nothing_sends_nothing_where_anything_is_stale() {
    let project = decided();
    project.succeed(&["plan", "--output", "plan.json"]);
    rename_live(&project, LINE, "Dashboard");
    project.sandbox.clear_requests();
    let (code, report) = project.json(&["apply", "plan.json", "--yes", "--all-or-nothing"]);
    assert_eq!((code, outcomes(&report)), (2, vec![outcome(LINE, "stale"), outcome(OTHER, "refused")]), "{report:#}");
    assert!(changes_sent(&project).is_empty());
}

#[test]
fn a_conflict_is_left_alone_until_a_side_is_taken() {
    let project = decided();
    rename_live(&project, LINE, "Dashboard");
    let (code, plan) = project.json(&["plan"]);
    assert_eq!((code, plan["impossible"].as_array().unwrap().len()), (1, 1), "{plan:#}");
    let (code, report) = project.json(&["apply", "--yes"]);
    assert_eq!((code, outcomes(&report)), (1, vec![outcome(OTHER, "changed"), outcome(LINE, "stale")]), "{report:#}");
    let (code, report) = project.json(&["apply", "--yes", "--take", "git", LINE]);
    assert_eq!((code, outcomes(&report)), (0, vec![outcome(LINE, "changed")]), "{report:#}");
    assert_eq!(project.json(&["drift"]).0, 0);
}

#[test]
fn what_is_no_plan_of_this_place_is_refused_before_any_request() {
    let mut project = decided();
    project.succeed(&["plan", "--output", "plan.json"]);
    project.sandbox.clear_requests();
    let plan = project.read("plan.json");
    let base = project.git(&["rev-parse", "HEAD"]);
    for (name, text) in [
        ("edited", plan.replace("Front Desk", "Elsewhere")),
        ("newer", plan.replace("\"format_version\": 1", "\"format_version\": 2")),
        ("foreign", plan.replace(base.trim(), "0123456789abcdef0123456789abcdef01234567")),
        ("broken", plan.replace('{', "[")),
        ("longer", plan.replace("\"expires\": \"2025-", "\"expires\": \"2099-")),
        (
            "later",
            plan.replace("\"created\": \"2025-", "\"created\": \"2098-")
                .replace("\"expires\": \"2025-", "\"expires\": \"2098-"),
        ),
    ] {
        assert_ne!(text, plan, "{name}");
        project.write("other.json", &text);
        let run = project.run(&["apply", "other.json", "--yes"]);
        assert_eq!(run.code, 2, "{name} {run}");
    }
    let run = project.run(&["apply", "plan.json", "--yes", "--expect-id", "sha256:0"]);
    assert_eq!(run.code, 2, "{run}");
    project.place.set("PHONE_DIR_NOW", "2026-01-01T00:00:00Z");
    let run = project.run(&["apply", "plan.json", "--yes"]);
    assert!(run.code == 2 && run.stderr.contains("expired"), "{run}");
    assert!(project.sandbox.requests().is_empty(), "nothing was asked");
}

#[test]
fn swapped_keys_stop_at_the_organisation() {
    let mut project = decided();
    project.succeed(&["plan", "--output", "plan.json"]);
    let staging = project.variables["RETELL_STAGING_API_KEY"].clone();
    project.place.set("RETELL_PRODUCTION_API_KEY", staging);
    project.sandbox.clear_requests();
    let run = project.run(&["apply", "plan.json", "--yes"]);
    assert!(run.code == 2 && run.stderr.contains("organisation"), "{run}");
    assert!(changes_sent(&project).is_empty());
}

#[test]
fn without_yes_and_without_a_terminal_nothing_is_sent_and_a_dry_run_says_what_would_be() {
    let project = decided();
    let (code, report) = project.json(&["apply"]);
    assert_eq!((code, report["error"]["allow_flag"].as_str()), (2, Some("--yes")), "{report:#}");
    let (code, report) = project.json(&["apply", "--dry-run"]);
    assert_eq!((code, outcomes(&report)[0].1.as_str()), (0, "would-change"), "{report:#}");
    let (code, report) = project.json(&["apply", "--yes", "--only", OTHER]);
    assert_eq!((code, outcomes(&report)), (0, vec![outcome(OTHER, "changed")]), "{report:#}");
    assert_eq!(changes_sent(&project).len(), 1);
}

#[test]
fn rails_hold_with_yes_too_and_their_flags_allow_exactly_that() {
    let project = Project::synced();
    for number in ["+12125550105", LINE, OTHER] {
        decide(&project, number, &["--inbound-agent", "agents/survey"]);
    }
    let (code, report) = project.json(&["apply", "--yes"]);
    assert_eq!((code, report["error"]["allow_flag"].as_str()), (2, Some("--allow-rebind production")), "{report:#}");
    assert!(outcomes(&report).iter().all(|(_, outcome)| outcome == "refused"), "{report:#}");
    assert!(changes_sent(&project).is_empty());
    let (code, report) = project.json(&["apply", "--yes", "--allow-rebind", "production"]);
    assert_eq!(code, 0, "{report:#}");
    decide(&project, LINE, &["--inbound-agent", "none"]);
    let (code, report) = project.json(&["apply", "--yes"]);
    let flag = format!("--allow-unbind {LINE}");
    assert_eq!((code, report["error"]["allow_flag"].as_str()), (2, Some(flag.as_str())), "{report:#}");
    assert_eq!(project.json(&["apply", "--yes", "--allow-unbind", LINE]).0, 0);
}

#[test]
fn what_is_not_merged_is_not_applied_by_accident_and_a_push_takes_the_commit_along() {
    let project = decided();
    let remote = published(&project);
    decide(&project, LINE, &["--nickname", "Not reviewed"]);
    let run = project.run(&["apply", "--yes"]);
    assert!(run.code == 2 && run.stderr.contains("--allow-unmerged"), "{run}");
    assert!(changes_sent(&project).is_empty());
    project.git(&["push", "--quiet"]);
    let (code, report) = project.json(&["apply", "--yes", "--push"]);
    assert_eq!(code, 0, "{report:#}");
    let published = project.git(&["--git-dir", &remote, "rev-parse", "main"]);
    assert_eq!(report["commit"], published.trim());
}

#[test]
fn a_change_can_be_planned_instead_of_made() {
    let project = Project::synced();
    project.succeed(&["phone", "update", LINE, "-w", "production", "--nickname", "Planned", "--plan", "plan.json"]);
    assert!(changes_sent(&project).is_empty() && project.commits() == 1);
    let shown = project.succeed(&["plan", "show", "plan.json"]);
    assert!(shown.contains("nickname Customer Service Line → Planned"), "{shown}");
    assert!(
        project.succeed(&["plan", "show", "plan.json", "--format", "markdown"]).contains("nickname Customer"),
        "{shown}"
    );
    let (code, report) = project.json(&["apply", "plan.json", "--yes"]);
    assert_eq!((code, outcomes(&report)), (0, vec![outcome(LINE, "changed")]), "{report:#}");
    assert!(project.read(NUMBERS).contains("\"nickname\": \"Planned\""));
    assert_eq!(project.json(&["drift"]).0, 0);
}

#[test]
fn an_unread_workspace_is_3_and_nothing_is_sent() {
    let project = decided();
    project.fault("status:400,workspace=production,path=list-phone-numbers");
    assert_eq!(project.run(&["plan"]).code, 3);
    assert_eq!(project.run(&["apply", "--yes"]).code, 3);
    assert!(changes_sent(&project).is_empty());
}

#[test]
fn what_a_plan_file_says_in_words_is_never_repeated() {
    let project = decided();
    project.succeed(&["plan", "--output", "plan.json"]);
    let told = project.json(&["plan", "show", "plan.json"]).1["items"][0]["words"].clone();
    assert_eq!(told, project.json(&["plan"]).1["items"][0]["words"]);
    let mut plan: Value = serde_json::from_str(&project.read("plan.json")).unwrap();
    plan["items"][0]["words"] = json!("nothing of importance");
    project.write("plan.json", &plan.to_string());
    let shown = project.json(&["plan", "show", "plan.json"]).1;
    let (_, applied) = project.json(&["apply", "plan.json", "--dry-run"]);
    assert_eq!([&shown["items"][0]["words"], &applied["items"][0]["words"]], [&told, &told]);
}

/// The project with a remote that its branch follows.
fn published(project: &Project) -> String {
    let remote = project.home.join("remote.git");
    project.git(&["init", "--quiet", "--bare", "--initial-branch=main", remote.to_str().unwrap()]);
    project.git(&["remote", "add", "origin", remote.to_str().unwrap()]);
    project.git(&["push", "--quiet", "--set-upstream", "origin", "main"]);
    remote.to_str().unwrap().to_owned()
}

#[test]
fn what_an_apply_committed_is_pushed_by_a_later_sync_and_what_a_person_made_of_it_is_not() {
    let project = decided();
    let remote = published(&project);
    project.succeed(&["apply", "--yes"]);
    let run = project.run(&["sync", "--all", "--push"]);
    assert!(run.code == 0 && run.stderr.contains("Pushed 1 commit"), "{run}");
    let there = project.git(&["--git-dir", &remote, "rev-parse", "main"]);
    assert_eq!(there, project.git(&["rev-parse", "HEAD"]));

    decide(&project, LINE, &["--nickname", "Second"]);
    project.git(&["push", "--quiet"]);
    project.succeed(&["apply", "--yes"]);
    let run = project.run(&["apply", "--yes", "--push"]);
    assert!(run.code == 0 && run.stderr.contains("Pushed 1 commit"), "a later apply pushes it too: {run}");
    let there = project.git(&["--git-dir", &remote, "rev-parse", "main"]);
    assert_eq!(there, project.git(&["rev-parse", "HEAD"]));

    decide(&project, LINE, &["--nickname", "Third"]);
    project.git(&["push", "--quiet"]);
    project.succeed(&["apply", "--yes"]);
    project.write("phone-numbers/production/numbers.json", &project.read(NUMBERS).replace("Third", "By hand"));
    project.git(&["commit", "--quiet", "--all", "--amend", "--no-edit"]);
    let run = project.run(&["sync", "--all", "--push"]);
    assert!(run.code == 2 && run.stderr.contains("no sync and no apply made it"), "{run}");
}

#[test]
fn where_others_pushed_meanwhile_what_was_applied_is_written_down_on_top_of_theirs() {
    let project = decided();
    let remote = published(&project);
    project.succeed(&["apply", "--yes"]);
    let theirs = project.home.join("theirs");
    project.git(&["clone", "--quiet", &remote, theirs.to_str().unwrap()]);
    std::fs::write(theirs.join("README"), "beside").unwrap();
    let at = theirs.to_str().unwrap();
    project.git(&["-C", at, "add", "README"]);
    project.git(&["-C", at, "commit", "--quiet", "--message", "beside"]);
    project.git(&["-C", at, "push", "--quiet"]);
    let run = project.run(&["sync", "--all", "--push"]);
    assert!(run.code == 0, "{run}");
    assert_eq!(project.git(&["--git-dir", &remote, "rev-parse", "main"]), project.git(&["rev-parse", "HEAD"]));
    assert!(project.succeed(&["drift"]).contains("In step") && live_records(&project) == 0);
}

#[test]
fn a_plan_warns_of_the_workspaces_that_the_project_protects() {
    let project = decided();
    assert!(project.succeed(&["plan"]).contains("[a protected workspace]"));
    project.write("phone-dir.toml", "[workspaces]\nprotected = [\"staging\"]\n");
    for words in [&["plan"][..], &["plan", "--format", "markdown"]] {
        assert!(!project.succeed(words).contains("protected"), "{words:?}");
    }
}

#[test]
fn what_is_in_conflict_alone_is_said_with_the_commands_that_settle_it() {
    let project = Project::synced();
    decide(&project, LINE, &["--nickname", "Front Desk"]);
    rename_live(&project, LINE, "Dashboard");
    let run = project.run(&["plan"]);
    assert!(run.code == 1 && run.stdout.starts_with("Nothing can be applied."), "{run}");
    let settling = format!("apply --take git {LINE}; to keep Retell's: phone-dir sync --take live {LINE}");
    assert!(run.stderr.contains(&settling), "{run}");
    let run = project.run(&["apply", "--yes"]);
    assert!(run.code == 1 && run.stdout.contains(&settling), "{run}");
}

#[test]
fn a_plan_of_the_records_has_the_id_of_one_against_what_is_live() {
    let project = decided();
    let (_, recorded) = project.json(&["plan", "--recorded"]);
    assert_eq!(project.json(&["plan"]).1["id"], recorded["id"]);
}

#[test]
fn what_retell_has_already_is_written_down_and_not_sent() {
    let project = decided();
    rename_live(&project, LINE, "Front Desk");
    project.sandbox.clear_requests();
    let (code, report) = project.json(&["apply", "--yes", "--only", LINE]);
    assert_eq!((code, outcomes(&report)), (0, vec![outcome(LINE, "unchanged")]), "{report:#}");
    assert!(changes_sent(&project).is_empty() && report["commit"].is_string(), "{report:#}");
    assert_eq!(live_records(&project), 1, "the other decision waits");
}

#[test]
fn a_decision_on_a_number_that_retell_does_not_have_is_named_and_not_called_done() {
    let project = Project::synced();
    decide(&project, "+14155550103", &["--nickname", "Front Desk"]);
    let address = format!("{}/delete-phone-number/+14155550103", project.sandbox.base_url());
    let key = format!("Authorization: Bearer {}", project.variables["RETELL_PRODUCTION_API_KEY"]);
    let words = ["--silent", "--fail", "--request", "DELETE", "--header", &key, &address];
    assert!(project.command("curl", &words).output().unwrap().status.success());
    let run = project.run(&["apply", "--yes"]);
    assert!(
        run.code == 1 && run.stdout.contains("+14155550103 (production) refused: Retell does not have it"),
        "{run}"
    );
    assert!(!run.stdout.contains("--take"), "{run}");
    let (code, report) = project.json(&["apply", "--yes"]);
    assert_eq!((code, outcomes(&report)), (1, vec![outcome("+14155550103", "refused")]), "{report:#}");
    let run = project.run(&["sync", "--all"]);
    assert_eq!(run.code, 1, "{run}");
    let message = project.git(&["log", "-1", "--format=%B"]);
    assert!(message.contains("+14155550103 removed (decided and never applied: nickname)"), "{message}");
    assert_eq!(project.run(&["apply", "--yes"]).code, 0);
}

#[test]
fn with_commits_off_the_files_decide_for_a_plan_as_they_do_for_an_apply() {
    let project = Project::synced();
    project.git(&["config", "phone-dir.commit", "false"]);
    decide(&project, "+14155550103", &["--nickname", "Front Desk"]);
    for words in [&["plan"][..], &["plan", "--recorded"]] {
        let shown = project.succeed(words);
        assert!(shown.contains("nickname Support 1 → Front Desk"), "{words:?} {shown}");
    }
    project.succeed(&["apply", "--yes"]);
    assert!(project.succeed(&["plan"]).contains("Nothing to apply"));
    assert!(project.succeed(&["drift"]).contains("In step"));
}

#[test]
fn edits_that_nothing_has_committed_are_planned_by_none_and_applied_only_with_the_flag_of_what_is_not_merged() {
    let project = Project::synced();
    published(&project);
    decide(&project, "+14155550103", &["--nickname", "Front Desk", "--no-commit"]);
    let run = project.run(&["plan"]);
    assert!(
        run.stdout.contains("Nothing to apply") && run.stderr.contains("uncommitted edits decide +14155550103"),
        "{run}"
    );
    let words = ["apply", "--yes", "--allow-dirty"];
    let run = project.run(&words);
    assert!(run.code == 2 && run.stderr.contains("to allow exactly this: --allow-unmerged"), "{run}");
    assert!(changes_sent(&project).is_empty());
    project.git(&["config", "phone-dir.commit", "false"]);
    assert_eq!(project.run(&["apply", "--yes"]).code, 2, "nor where commits are off");
    project.git(&["config", "--unset", "phone-dir.commit"]);
    project.succeed(&[&words[..], &["--allow-unmerged"]].concat());
    assert_eq!(changes_sent(&project).len(), 1);
}
