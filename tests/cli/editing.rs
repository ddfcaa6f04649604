//! `edit`: decisions in git without any provider, by options, by a list and by hand with `validate --fix`.

use serde_json::{Value, json};

use crate::cli::fixture::Project;
use phone_dir::sandbox::agent_id;

const LINE: &str = "+14155550101";
const NUMBERS: &str = "phone-numbers/production/numbers.json";
const ASSIGNMENTS: &str = "phone-numbers/production/assignments.json";
const DIRECTORY: &str = "phone-numbers/directory.json";

fn entry(project: &Project, path: &str, list: &str, number: &str) -> Value {
    let file: Value = serde_json::from_str(&project.read(path)).unwrap();
    let entries = file[list].as_array().unwrap();
    entries.iter().find(|entry| entry["phone_number"] == number).cloned().unwrap_or_default()
}

fn assignment(project: &Project) -> Value {
    entry(project, ASSIGNMENTS, "assignments", LINE)
}

fn record(project: &Project) -> Value {
    entry(project, NUMBERS, "numbers", LINE)["live"].clone()
}

fn bound(folder: &str) -> Value {
    json!([{ "agent_id": agent_id("production", folder), "weight": 1 }])
}

/// What is in a number's record of both directions.
fn both(was: &str, is: &str) -> Value {
    let pair = json!({ "was": bound(was), "is": bound(is) });
    json!({ "inbound_agents": pair, "outbound_agents": pair })
}

fn decide(project: &Project, folder: &str) -> String {
    let agent = format!("agents/{folder}");
    project.succeed(&["edit", LINE, "-w", "production", "--inbound-agent", &agent, "--outbound-agent", &agent])
}

#[test]
fn a_decision_stands_in_every_file_with_its_record_and_asks_nobody() {
    let mut project = Project::synced();
    let (before, date) = (assignment(&project), project.read(DIRECTORY));
    let keys: Vec<_> =
        project.variables.keys().filter(|name| name.contains("RETELL") || name.contains("TWILIO")).cloned().collect();
    for name in keys {
        project.place.variables.remove(&name);
    }
    let told = decide(&project, "survey");
    assert!(
        told.contains("reassigned agents/customer-service → agents/survey (live: agents/customer-service)"),
        "{told}"
    );
    assert!(project.sandbox.requests().is_empty());
    let after = assignment(&project);
    assert_eq!((&after["agent_path"], &after["agent_name"]), (&"agents/survey".into(), &"Survey Agent".into()));
    for time in ["assigned_date", "last_modified"] {
        assert_eq!(after[time], before[time], "{time}");
    }
    let (old, new): (Value, Value) =
        (serde_json::from_str(&date).unwrap(), serde_json::from_str(&project.read(DIRECTORY)).unwrap());
    assert_eq!(old["last_updated"], new["last_updated"]);
    assert_eq!(new["numbers"][LINE]["workspaces"]["production"]["agent_path"], "agents/survey");
    assert_eq!(record(&project), both("customer-service", "customer-service"));
    assert_eq!(project.git(&["status", "--porcelain"]), "");
    let (code, report) = project.json(&["validate", "--range", "HEAD~1..HEAD"]);
    assert_eq!((code, &report["errors"]), (0, &0.into()), "{report:#}");
}

#[test]
fn a_second_decision_keeps_what_was_and_one_that_is_live_ends_it() {
    let project = Project::synced();
    decide(&project, "survey");
    decide(&project, "sales-agent");
    assert_eq!(record(&project), both("customer-service", "customer-service"));
    decide(&project, "customer-service");
    assert_eq!(record(&project), Value::Null);
    assert_eq!(project.run(&["sync", "--all"]).code, 0);
}

#[test]
fn a_list_decides_many_and_a_wrong_row_none() {
    let project = Project::synced();
    project.write("list.csv", &format!("phone_number,agent\n{LINE},agents/survey\n+14155550104,agents/nobody\n"));
    let run = project.run(&["edit", "--list", "list.csv", "-w", "production"]);
    assert_eq!((run.code, project.commits()), (2, 1), "{run}");
    project.write("list.csv", &format!("phone_number,agent\n{LINE},agents/survey\n+14155550104,none\n"));
    project.succeed(&["edit", "--list", "list.csv", "-w", "production"]);
    assert_eq!(record(&project), both("customer-service", "customer-service"));
    assert_eq!(entry(&project, ASSIGNMENTS, "assignments", "+14155550104"), Value::Null);
}

#[test]
fn without_options_and_without_a_terminal_there_is_nothing_to_edit() {
    let project = Project::synced();
    let run = project.run(&["edit", LINE, "-w", "production"]);
    assert!(run.code == 2 && run.stderr.contains("no terminal"), "{run}");
    let run = project.run(&["edit", LINE, "--nickname", "x"]);
    assert!(run.code == 2 && run.stderr.contains("--workspace"), "{run}");
    let run = project.run(&["edit", "+16505550114", "-w", "production", "--nickname", "x"]);
    assert!(run.code == 2 && run.stderr.contains("has not imported"), "{run}");
}

/// Edits one field of the line's assignment by hand.
fn by_hand(project: &Project, path: &str, from: &str, to: &str) {
    let text = project.read(path);
    let start = text.find(&format!("\"phone_number\": \"{LINE}\"")).unwrap();
    let (before, rest) = text.split_at(start);
    assert!(rest.contains(from), "{from}");
    project.write(path, &format!("{before}{}", rest.replacen(from, to, 1)));
}

#[test]
fn one_field_edited_by_hand_is_completed_by_fix_and_refused_without_its_record() {
    let project = Project::synced();
    let (old, new) = (agent_id("production", "customer-service"), agent_id("production", "survey"));
    for (from, to) in [
        ("\"agent_path\": \"agents/customer-service\"".to_owned(), "\"agent_path\": \"agents/survey\"".to_owned()),
        (format!("\"agent_id\": \"{old}\""), format!("\"agent_id\": \"{new}\"")),
    ] {
        by_hand(&project, ASSIGNMENTS, &from, &to);
        project.git(&["add", "phone-numbers"]);
        assert_eq!(project.run(&["validate", "--staged"]).code, 1, "{to}");
        let run = project.run(&["validate", "--fix", "--staged"]);
        assert_eq!(run.code, 0, "{to} {run}");
        let after = assignment(&project);
        assert_eq!((&after["agent_path"], &after["inbound_agent_id"]), (&"agents/survey".into(), &new.as_str().into()));
        assert_eq!(record(&project), both("customer-service", "customer-service"));
        let staged = project.git(&["diff", "--cached", "--name-only"]);
        assert!(staged.contains(NUMBERS) && staged.contains(DIRECTORY), "{staged}");
        let again = project.run(&["validate", "--fix", "--staged"]);
        assert!(again.code == 0 && again.stderr.contains("nothing to fix"), "{again}");
        project.git(&["reset", "--quiet", "--hard"]);
    }
}

#[test]
fn two_files_edited_to_different_agents_are_a_finding_that_fix_leaves_alone() {
    let project = Project::synced();
    by_hand(&project, ASSIGNMENTS, "\"agent_path\": \"agents/customer-service\"", "\"agent_path\": \"agents/survey\"");
    let text = project.read(DIRECTORY);
    let start = text.find(&format!("\"{LINE}\": {{")).unwrap();
    let production = start + text[start..].find("\"production\": {").unwrap();
    let (before, rest) = text.split_at(production);
    let rest = rest.replacen("\"agents/customer-service\"", "\"agents/sales-agent\"", 1);
    project.write(DIRECTORY, &format!("{before}{rest}"));
    let run = project.run(&["validate", "--fix"]);
    assert_eq!(run.code, 1, "{run}");
    assert!(project.read(DIRECTORY).contains("agents/sales-agent") && run.stdout.contains(LINE), "{run}");
    assert_eq!(assignment(&project)["agent_path"], "agents/survey", "neither edit is taken back");
    let both = "`agents/sales-agent` in `directory.json`, and `agents/survey` in `assignments.json`";
    assert!(run.stdout.contains(both), "{run}");
}

#[test]
fn a_folder_that_has_no_agent_of_the_workspace_is_a_finding_and_fix_does_not_put_the_old_one_back() {
    let project = Project::synced();
    project.write("agents/planned/agent.json", "{\"agent_name\": \"Planned\"}\n");
    by_hand(&project, ASSIGNMENTS, "\"agent_path\": \"agents/customer-service\"", "\"agent_path\": \"agents/planned\"");
    let run = project.run(&["validate", "--fix"]);
    assert_eq!(run.code, 1, "{run}");
    assert_eq!(assignment(&project)["agent_path"], "agents/planned", "{run}");
}

#[test]
fn a_reverted_sync_is_refused_until_its_record_is_written() {
    let project = Project::synced();
    project.sandbox.reassign("production", LINE, "survey").unwrap();
    project.succeed(&["sync", "--all", "--quiet"]);
    project.git(&["revert", "--no-commit", "HEAD"]);
    let (code, report) = project.json(&["validate", "--staged"]);
    let rules: Vec<_> = report["diagnostics"].as_array().unwrap().iter().map(|found| found["rule"].clone()).collect();
    assert!(code == 1 && rules.contains(&"unrecorded-decision".into()), "{report:#}");
    assert_eq!(project.run(&["validate", "--fix", "--staged"]).code, 0);
    assert_eq!(record(&project), both("survey", "survey"));
}

#[test]
fn a_decision_and_a_sync_of_different_numbers_merge_as_text_without_drivers() {
    let project = Project::synced();
    project.git(&["checkout", "--quiet", "-b", "decision"]);
    decide(&project, "emergency-line");
    project.git(&["checkout", "--quiet", "main"]);
    project.sandbox.reassign("production", "+17025550115", "survey").unwrap();
    project.succeed(&["sync", "--all", "--quiet"]);
    project.git(&["merge", "--quiet", "--no-edit", "decision"]);
    let (code, report) = project.json(&["sync", "--all"]);
    assert_eq!((code, report["pending"].as_array().unwrap().len()), (0, 2), "{report:#}");
    assert_eq!(project.run(&["validate"]).code, 0);
}
