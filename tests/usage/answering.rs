//! What `usage` answers, and what it does not know.

use std::process::Command;

use phone_dir::sandbox::RETELL_KEYS;
use serde_json::{Value, json};

use super::{STORE, has, rows, sql, with_calls};
use crate::cli::fixture::Project;

fn millis(time: &Value) -> i64 {
    chrono_millis(time.as_str().unwrap())
}

fn chrono_millis(time: &str) -> i64 {
    chrono::DateTime::parse_from_rfc3339(time).unwrap().timestamp_millis()
}

#[test]
fn the_sums_are_those_of_retells_list_and_of_the_tables_to_the_micro_dollar() {
    if !has("python3") {
        return;
    }
    let project = with_calls(120, 12);
    project.succeed(&["usage", "pull"]);
    let (code, answer) = project.json(&["usage", "--since", "30d", "--until", "2025-11-20T12:00:00Z"]);
    assert_eq!(code, 3, "the last minute is not read yet: {answer}");
    let (code, answer) = project.json(&["usage", "--since", "2025-11-09T07:30:00Z"]);
    assert_eq!((code, &answer["status"]), (0, &json!("complete")), "{answer}");
    for (workspace, key) in RETELL_KEYS {
        let judged = judge(&project, &answer, workspace, key);
        let of_workspace = |row: &&Value| row["workspace"] == workspace;
        let rows: Vec<&Value> = answer["rows"].as_array().unwrap().iter().filter(of_workspace).collect();
        assert_eq!(rows.len(), judged["listed"].as_object().unwrap().len());
        assert!(rows.len() > 5);
        for row in rows {
            let number = row["phone_number"].as_str().unwrap();
            for source in ["listed", "stored"] {
                let judged = &judged[source][number];
                for sum in ["calls", "inbound", "seconds"] {
                    assert_eq!(row[sum], judged[sum], "{source} {number} {sum}");
                }
                assert_eq!(dollars(&row["cost"]), dollars(&judged["cost"]), "{source} {number}");
            }
        }
    }
    let of_days = sql(&project, "SELECT sum(calls), sum(cost_udollar) FROM day");
    assert_eq!(of_days, sql(&project, "SELECT count(*), sum(cost_udollar) FROM call"));
}

/// Decimal text without needless zeros.
fn dollars(text: &Value) -> String {
    let text = text.as_str().unwrap();
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text.to_owned() }
}

fn judge(project: &Project, answer: &Value, workspace: &str, key: &str) -> Value {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/usage/judge.py");
    let bounds = [millis(&answer["since"]), millis(&answer["until"])].map(|bound| bound.to_string());
    let output = Command::new("python3")
        .args([script, &project.sandbox.base_url(), key, &bounds[0], &bounds[1]])
        .arg(project.path(STORE))
        .arg(workspace)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn every_grouping_has_the_same_sums_and_says_for_which_time() {
    let project = with_calls(60, 8);
    project.succeed(&["usage", "pull"]);
    let sums = |by: &str| {
        let (code, answer) = project.json(&["usage", "--since", "2025-11-14", "--by", by]);
        assert_eq!(code, 0, "{answer}");
        let coverage = answer["coverage"].as_array().unwrap();
        assert_eq!(coverage.len(), 2);
        assert!(coverage.iter().all(|known| known["complete_until"] == "2025-11-20T11:59:00Z"), "{answer}");
        assert_eq!(answer["until"], "2025-11-20T11:59:00Z");
        let rows = answer["rows"].as_array().unwrap();
        let sum = |name: &str| rows.iter().map(|row| row[name].as_u64().unwrap()).sum::<u64>();
        ["calls", "inbound", "outbound", "connected", "lost_to_concurrency", "failed", "seconds"].map(sum)
    };
    let by_number = sums("number");
    assert!(by_number[0] > 300, "{by_number:?}");
    assert_eq!(by_number[0], by_number[3] + by_number[4] + by_number[5]);
    for by in ["agent", "pool", "provider", "workspace", "day", "hour", "reason", "direction"] {
        assert_eq!(sums(by), by_number, "{by}");
    }
    let csv = project.succeed(&["usage", "--since", "2025-11-14", "--by", "day", "--format", "csv"]);
    assert!(csv.starts_with("workspace,phone_number,agent_path,agent_id,day,calls,"), "{csv}");
    assert_eq!(csv.lines().count(), 13, "six days of two workspaces");
}

#[test]
fn filters_choose_calls_by_number_workspace_and_the_agent_that_took_them() {
    let project = with_calls(60, 8);
    project.succeed(&["usage", "pull"]);
    let (_, all) = project.json(&["usage"]);
    let (_, one) = project.json(&["usage", "+14155550102", "-w", "production"]);
    let of_one = |row: &&String| row.starts_with("production +14155550102 ");
    assert_eq!(rows(&one), rows(&all).iter().filter(of_one).cloned().collect::<Vec<_>>());
    let (_, by_agent) = project.json(&["usage", "--by", "agent", "-w", "production"]);
    let path = "agents/sales-trial";
    let agent = by_agent["rows"].as_array().unwrap().iter().find(|row| row["agent_path"] == path).unwrap();
    let (_, of_agent) = project.json(&["usage", "--agent", path, "-w", "production", "--by", "workspace"]);
    assert_eq!(of_agent["rows"][0]["calls"], agent["calls"]);
    let (code, silent) = project.json(&["usage", "+13125550108", "-w", "production"]);
    assert_eq!((code, rows(&silent)), (0, vec!["production +13125550108 0 0 0.00".to_owned()]));
}

#[test]
fn months_are_the_sums_of_their_days_also_when_their_calls_are_erased() {
    let project = with_calls(40, 85);
    project.succeed(&["usage", "pull", "--quiet"]);
    let span = ["--since", "2025-08-30", "--until", "2025-11-12", "--by"];
    let answered = |by: &str| project.json(&[&["usage"][..], &span, &[by]].concat());
    let (code, by_number) = answered("number");
    assert_eq!(code, 0, "{by_number}");
    let sum = |answer: &Value, name: &str| -> u64 {
        answer["rows"].as_array().unwrap().iter().map(|row| row[name].as_u64().unwrap()).sum()
    };
    let (_, by_day) = answered("day");
    for name in ["calls", "inbound", "connected", "lost_to_concurrency", "seconds"] {
        assert!(sum(&by_number, name) > 0 && sum(&by_number, name) == sum(&by_day, name), "{name}");
    }
    assert_eq!(sql(&project, "SELECT sum(calls) FROM month"), sql(&project, "SELECT sum(calls) FROM day"));
    let before = rows(&by_number);
    project.succeed(&["usage", "forget", "--older-than", "20d"]);
    assert_eq!(rows(&answered("number").1), before);
    assert_eq!(project.json(&["usage", "doctor"]).1["status"], "ok");
}

#[test]
fn calls_are_counted_by_pool_and_carrier_and_a_pools_alone() {
    let project = with_calls(60, 8);
    project.succeed(&["pools", "create", "sales", "--purpose", "Sales"]);
    project.succeed(&["pools", "add", "sales", "+14155550101", "+14155550102"]);
    project.succeed(&["usage", "pull", "--quiet"]);
    let calls = |words: &[&str], matches: &dyn Fn(&Value) -> bool| -> u64 {
        let (code, answer) = project.json(words);
        assert_eq!(code, 0, "{answer}");
        let rows = answer["rows"].as_array().unwrap();
        rows.iter().filter(|row| matches(row)).map(|row| row["calls"].as_u64().unwrap()).sum()
    };
    let members = |row: &Value| ["+14155550101", "+14155550102"].contains(&row["phone_number"].as_str().unwrap());
    let of_members = calls(&["usage"], &members);
    assert!(of_members > 20);
    assert_eq!(calls(&["usage", "--by", "pool"], &|row| row["pool"] == "sales"), of_members);
    assert_eq!(calls(&["usage", "--by", "day", "--pool", "sales"], &|_| true), of_members);
    assert_eq!(calls(&["usage", "--pool", "sales"], &|row| row["pool"] == "sales"), of_members);
    let custom = calls(&["usage"], &|row| row["phone_number"] == "+17025550115");
    assert_eq!(calls(&["usage", "--by", "provider"], &|row| row["provider"] == "custom"), custom);
    let run = project.run(&["usage", "--pool", "nix"]);
    assert!(run.code == 2 && run.stderr.contains("the pools here are `sales`"), "{run}");
}

#[test]
fn what_was_never_read_is_not_known_and_never_zero() {
    let project = with_calls(60, 8);
    let (code, answer) = project.json(&["usage"]);
    assert_eq!((code, &answer["rows"]), (3, &json!([])), "{answer}");
    assert_eq!(answer["coverage"][0]["complete_until"], Value::Null);
    assert!(!project.path(STORE).exists(), "a question makes no store");
    project.succeed(&["usage", "pull", "-w", "production"]);
    let (code, answer) = project.json(&["usage"]);
    assert_eq!(code, 3, "{answer}");
    assert!(answer["gaps"][0].as_str().unwrap().contains("staging were never read"), "{answer}");
    assert!(rows(&answer).len() > 5);
    assert_eq!(project.json(&["usage", "-w", "production"]).0, 0);
    let run = project.run(&["usage", "-w", "production", "--since", "2025-01-01"]);
    assert_eq!(run.code, 3, "{run}");
    assert!(run.stderr.contains("production is complete from 2025-08-22T11:59:00Z; asked since 2025-01-01"), "{run}");
}

#[test]
fn an_old_answer_says_how_old_it_is_and_is_none_for_the_present_after_a_day() {
    let mut project = with_calls(60, 8);
    project.succeed(&["usage", "pull"]);
    project.place.set("PHONE_DIR_NOW", "2025-11-21T10:00:00Z");
    let (code, answer) = project.json(&["usage"]);
    assert_eq!((code, &answer["age_seconds"]), (0, &json!(22 * 3600 + 60)));
    project.place.set("PHONE_DIR_NOW", "2025-11-21T12:00:00Z");
    let run = project.run(&["usage"]);
    assert_eq!(run.code, 3, "{run}");
    assert!(run.stderr.contains("which is 24 hours ago"), "{run}");
    assert_eq!(project.run(&["usage", "--until", "2025-11-19"]).code, 0);
    project.write("phone-dir.toml", "[usage]\nstale_after = \"2d\"\n");
    assert_eq!(project.run(&["usage"]).code, 0);
}

#[test]
fn a_number_is_idle_when_it_is_old_enough_known_and_silent() {
    let mut project = with_calls(60, 8);
    project.place.set("PHONE_DIR_NOW", "2025-12-25T12:00:00Z");
    project.succeed(&["usage", "pull"]);
    let (code, answer) = project.json(&["usage", "--idle", "30d", "-w", "production"]);
    assert_eq!(code, 0, "{answer}");
    let numbers: Vec<_> =
        answer["rows"].as_array().unwrap().iter().map(|row| row["phone_number"].as_str().unwrap()).collect();
    assert!(numbers.contains(&"+14155550101") && numbers.contains(&"+13125550108"), "{answer}");
    let (code, fresh) = project.json(&["usage", "--idle", "90d", "-w", "production"]);
    assert_eq!((code, &fresh["rows"]), (0, &json!([])), "imported a month ago: {fresh}");
    let mut other = with_calls(60, 8);
    other.place.set("PHONE_DIR_NOW", "2025-12-25T12:00:00Z");
    other.succeed(&["usage", "pull", "--since", "5d"]);
    let (code, answer) = other.json(&["usage", "--idle", "30d", "-w", "production"]);
    assert_eq!((code, &answer["rows"]), (3, &json!([])), "{answer}");
    assert!(!answer["not_known"].as_array().unwrap().is_empty());
}

#[test]
fn a_question_changes_nothing_in_the_store() {
    let project = with_calls(60, 8);
    project.succeed(&["usage", "pull"]);
    let state = |_: &str| crate::cli::fixture::files_below(&project.root, &project.path(".git/phone-dir"));
    let before = state("before");
    for words in [
        &["usage"][..],
        &["usage", "--by", "hour"],
        &["usage", "--idle", "30d"],
        &["usage", "doctor"],
        &["usage", "export"],
    ] {
        assert_eq!(project.run(words).code, 0);
    }
    assert_eq!(crate::cli::fixture::differences(&before, &state("after")), "");
}
