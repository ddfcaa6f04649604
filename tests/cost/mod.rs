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
    let unread = with_calls(120, 3);
    let (code, answer) = unread.json(&["cost"]);
    assert_eq!((code, &answer["total"]), (3, &json!("unknown")), "{answer}");
    for line in answer["rows"].as_array().unwrap().iter().filter(|row| !row["workspace"].is_null()) {
        let known = (&line["calls"], &line["retell_calls"], &line["cost"]);
        assert_eq!(known, (&Value::Null, &json!("unknown"), &json!("unknown")), "never 0: {line}");
    }
    unread.succeed(&["usage", "pull", "--quiet", "-w", "production"]);
    let (code, answer) = unread.json(&["cost"]);
    let (read, unread) = (row(&answer, "production", "+14155550103"), row(&answer, "staging", "+14155550103"));
    assert_eq!((code, &unread["calls"], &unread["carrier"]), (3, &Value::Null, &json!("unknown")), "{answer}");
    assert!(read["calls"].as_u64().is_some_and(|calls| calls > 0), "{read}");
    assert_ne!(read["retell_calls"], "unknown");
    assert_eq!(read["carrier_is"], "estimated", "a bill cannot be divided by minutes that are not known");
}

#[test]
fn a_cost_that_a_later_page_brings_is_unknown_until_then() {
    let (project, undisturbed) = (with_calls(90, 5), priced());
    let costs = |project: &Project| {
        let (_, answer) = project.json(&["cost", "--month", "2025-11", "--offline"]);
        let row = row(&answer, "production", "+14155550101");
        ["retell_calls", "known_cost"].map(|name| row[name].as_str().unwrap().to_owned())
    };
    project.fault("late-cost:864000,path=list-calls");
    project.succeed(&["usage", "pull", "--quiet"]);
    let early = costs(&project);
    assert_eq!(early[0], "unknown", "zero is not free");
    project.sandbox.clear_faults();
    // Two days after their end all costs are there but the latest.
    project.fault("late-cost:172800,path=list-calls");
    project.succeed(&["usage", "pull", "--quiet", "--reread", "9d"]);
    let part = costs(&project);
    assert_eq!(part[0], "unknown", "some are not there yet");
    assert_ne!(part[1], early[1]);
    project.sandbox.clear_faults();
    project.succeed(&["usage", "pull", "--quiet", "--reread", "9d"]);
    assert_eq!(costs(&project)[0], costs(&undisturbed)[0]);
    assert_ne!(costs(&project)[0], "unknown");
}

#[test]
fn costs_are_put_together_by_pool_carrier_and_product_and_judged_by_a_pools_budget() {
    let project = priced();
    project.succeed(&["pools", "create", "sales", "--purpose", "Sales"]);
    project.succeed(&["pools", "add", "sales", "+14155550101", "+14155550102"]);
    let known = |words: &[&str]| -> i128 {
        let (_, answer) = project.json(words);
        let micro = |row: &Value| {
            let (whole, part) = row["known_cost"].as_str().unwrap().split_once('.').unwrap();
            format!("{whole}{part:0<6}").parse::<i128>().unwrap()
        };
        answer["rows"].as_array().unwrap().iter().map(micro).sum()
    };
    let all = known(&["cost", "--month", "2025-11"]);
    for by in ["agent", "pool", "provider", "product", "workspace"] {
        assert_eq!(known(&["cost", "--month", "2025-11", "--by", by]), all, "{by}");
    }
    let (_, answer) = project.json(&["cost", "--month", "2025-11", "--by", "pool", "-w", "production"]);
    let of_pool = answer["rows"].as_array().unwrap().iter().find(|row| row["pool"] == "sales").unwrap();
    assert_eq!(of_pool["rent"], "2.30");
    let budget = |amounts: &str| {
        project.write(
            "phone-dir.toml",
            &format!("[cost]\nfees = {{ concurrency = \"24.00\" }}\n[cost.budget]\n{amounts}\n"),
        );
        project.json(&["cost", "--month", "2025-11", "--budget"])
    };
    let (code, answer) = budget("total = \"100000\"\n\"pool:sales\" = \"1.00\"");
    assert_eq!(code, 1, "{answer}");
    assert_eq!(answer["shared"]["concurrency"], "24.00");
    assert_eq!((&answer["budgets"][0]["is_over"], &answer["budgets"][1]["is_over"]), (&json!(false), &json!(true)));
    assert_eq!(answer["budgets"][1]["name"], "pool:sales");
    assert_eq!(budget("\"pool:sales\" = \"100000\"").0, 0);
    assert_eq!(budget("\"pool:nix\" = \"1\"").0, 2, "a pool that there is not");
    let (code, narrowed) = project.json(&["cost", "--month", "2025-11", "--budget", "-w", "staging"]);
    assert_eq!(code, 2, "{narrowed}");
}

#[test]
fn idle_numbers_are_told_with_their_rent_a_year() {
    let mut project = priced();
    project.place.set("PHONE_DIR_NOW", "2025-12-25T12:00:00Z");
    project.succeed(&["usage", "pull", "--quiet"]);
    let (code, answer) = project.json(&["cost", "--idle", "30d", "-w", "production", "--offline"]);
    assert_eq!(code, 0, "{answer}");
    assert!(answer["rows"].as_array().unwrap().len() > 2, "{answer}");
    let year: f64 = answer["rent_a_year"].as_str().unwrap().parse().unwrap();
    assert!(year > 12.0, "{answer}");
    let none = project.succeed(&["cost", "--idle", "200d", "--offline"]);
    assert!(none.contains("No number is known to be idle."), "{none}");
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
