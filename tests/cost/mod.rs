//! Costs from outside: the price list in git, bills that are divided to the micro-dollar, and what is not known.

#![cfg(unix)]

use std::io::Write;
use std::process::{Command, Stdio};

use phone_dir::sandbox::{ACCOUNT_SID, AUTH_TOKEN};
use serde_json::{Value, json};

use crate::cli::fixture::Project;
use crate::usage::{has, with_calls};

const PRICES: &str = "phone-numbers/prices.json";

/// A project whose calls were read, and that has a price list.
fn priced() -> Project {
    let project = with_calls(90, 5);
    project.succeed(&["usage", "pull", "--quiet"]);
    project.succeed(&["cost", "prices", "--quiet"]);
    project
}

fn row<'a>(answer: &'a Value, workspace: &str, number: &str) -> &'a Value {
    let is = |row: &&Value| row["workspace"] == workspace && row["phone_number"] == number;
    answer["rows"].as_array().unwrap().iter().find(is).unwrap_or_else(|| panic!("{number} {workspace}: {answer}"))
}

#[test]
fn the_price_list_is_one_commit_and_the_same_list_is_none() {
    let project = with_calls(10, 1);
    assert_eq!(project.run(&["cost", "prices", "--check"]).code, 1);
    let before = project.commits();
    project.succeed(&["cost", "prices"]);
    assert_eq!(project.commits(), before + 1);
    let file: Value = serde_json::from_str(&project.read(PRICES)).unwrap();
    assert_eq!(file["twilio"]["US"], json!({"local": "1.15", "toll-free": "2.15"}));
    assert_eq!(file["twilio"]["GB"], json!({"local": "1.15", "toll-free": null}), "not sold is not free");
    assert_eq!(file["as_of"], "2025-11-20");
    assert_eq!(project.run(&["cost", "prices", "--check"]).code, 0);
    project.succeed(&["cost", "prices"]);
    assert_eq!(project.commits(), before + 1);
    project.succeed(&["fmt", "--check"]);
    let message = project.git(&["log", "-1", "--format=%s%n%(trailers)"]);
    assert!(message.starts_with("phone-dir: prices as of 2025-11-20\nPhone-Dir-Source: cost prices"), "{message}");
    project.edit(PRICES, "\"1.15\"", "1.15");
    let run = project.run(&["validate"]);
    assert!(run.code == 1 && run.stdout.contains("prices.json"), "{run}");
}

#[test]
fn the_parts_add_up_to_twilios_bill_to_the_micro_dollar_and_each_row_to_its_parts() {
    if !has("python3") {
        return;
    }
    let project = priced();
    let (code, answer) = project.json(&["cost", "--month", "2025-11"]);
    assert_eq!(code, 0, "{answer}");
    let judge = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cost/judge.py");
    let mut child = Command::new("python3")
        .args([judge, &project.sandbox.base_url(), ACCOUNT_SID, AUTH_TOKEN, "2025-11-01", "2025-11-20"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(answer.to_string().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    let judged: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(judged["billed"], judged["divided"], "{judged}");
    assert_ne!(judged["billed"], "0");
    let line = row(&answer, "production", "+14155550101");
    assert_eq!((&line["rent"], &line["carrier_is"]), (&json!("1.15"), &json!("apportioned")));
    assert_eq!(row(&answer, "staging", "+14155550101")["rent"], Value::Null, "rent is paid once");
    let (_, reconciled) = project.json(&["cost", "reconcile", "--month", "2025-11"]);
    let minutes = &reconciled["rows"][1];
    assert_eq!((&minutes["billed"], &minutes["unexplained"]), (&minutes["explained"], &json!("0.00")), "{reconciled}");
}

#[test]
fn what_is_not_known_is_said_and_never_nothing() {
    let project = priced();
    let (_, answer) = project.json(&["cost", "--month", "2025-11"]);
    let carrier = row(&answer, "production", "+17025550115");
    assert_eq!(
        (&carrier["rent"], &carrier["carrier"], &carrier["cost"]),
        (&json!("unknown"), &json!("unknown"), &json!("unknown"))
    );
    assert_ne!(carrier["known_cost"], "0.00", "its calls are known");
    assert_eq!(answer["total"], "unknown");
    let unknown = answer["unknown"].to_string();
    assert!(unknown.contains("+16505550114: `[cost] retell_number` has no price for local"), "{unknown}");
    project.write("phone-dir.toml", "[cost]\nretell_number = { local = \"2.00\" }\nbudget = \"1.00\"\n");
    let (_, answer) = project.json(&["cost", "--month", "2025-11"]);
    assert_eq!(row(&answer, "staging", "+16505550114")["rent"], "2.00");
    assert_eq!(project.run(&["cost", "--month", "2025-11", "--budget"]).code, 1);
    let (_, offline) = project.json(&["cost", "--month", "2025-11", "--offline"]);
    assert_eq!(row(&offline, "production", "+14155550101")["carrier"], "unknown", "it has outbound minutes");
    assert_eq!(row(&offline, "production", "+14155550103")["carrier_is"], "estimated");
    let (code, earlier) = project.json(&["cost", "--month", "2025-01"]);
    assert_eq!((code, &earlier["total"]), (3, &json!("unknown")), "{earlier}");
    let unread = with_calls(10, 1);
    let (code, answer) = unread.json(&["cost"]);
    assert_eq!((code, &answer["total"]), (3, &json!("unknown")), "{answer}");
}

#[test]
fn a_secret_price_list_stays_out_of_git() {
    let project = with_calls(10, 1);
    project.write("phone-dir.toml", "[cost]\ncommit_prices = false\n");
    project.git(&["add", "phone-dir.toml"]);
    project.git(&["commit", "--quiet", "--message", "settings"]);
    project.succeed(&["usage", "pull", "--quiet"]);
    let before = project.commits();
    project.succeed(&["cost", "prices"]);
    assert!(!project.path(PRICES).exists());
    assert_eq!(project.commits(), before);
    let (_, answer) = project.json(&["cost", "--month", "2025-11"]);
    assert_eq!(row(&answer, "production", "+14155550101")["rent"], "1.15");
    assert_eq!(project.run(&["cost", "prices", "--check"]).code, 0);
}
