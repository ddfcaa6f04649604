//! Calls in commands that are not about them: where a store is there, and nowhere else.

use std::fs;

use serde_json::{Value, json};

use super::{STORE, with_calls};
use crate::cli::fixture::Project;

const LINE: &str = "+14155550101";
/// Questions that tell calls where they are known.
const QUESTIONS: [&[&str]; 8] = [
    &["show", LINE],
    &["show", LINE, "--json"],
    &["report"],
    &["report", "--json"],
    &["report", "--format", "markdown"],
    &["report", "--format", "html"],
    &["pools"],
    &["pools", "--json"],
];

fn answers(project: &Project) -> Vec<String> {
    QUESTIONS.iter().map(|words| project.succeed(words)).collect()
}

fn with_pool() -> Project {
    let project = with_calls(120, 30);
    project.succeed(&["pools", "create", "sales", "--purpose", "Sales"]);
    project.succeed(&["pools", "add", "sales", LINE, "+14155550102"]);
    project
}

#[test]
fn a_store_adds_calls_and_costs_and_without_one_nothing_is_different() {
    let project = with_pool();
    let before = answers(&project);
    project.succeed(&["usage", "pull", "--quiet"]);
    let (_, usage) = project.json(&["usage", LINE, "-w", "production"]);
    let calls = &usage["rows"][0]["calls"];
    let told = answers(&project);
    for (at, words) in QUESTIONS.iter().enumerate() {
        assert_ne!(before[at], told[at], "{words:?}");
    }
    assert!(told[0].contains(&format!("Calls: {calls} in 30 days")), "{}", told[0]);
    let shown: Value = serde_json::from_str(&told[1]).unwrap();
    assert_eq!(shown["workspaces"]["production"]["usage"]["calls"], *calls);
    assert_eq!(shown["workspaces"]["production"]["usage"]["cost"], usage["rows"][0]["cost"]);
    let report: Value = serde_json::from_str(&told[3]).unwrap();
    let days = report["usage"]["by_day"].as_array().unwrap();
    let of_days: u64 = days.iter().map(|day| day["calls"].as_u64().unwrap()).sum();
    assert_eq!((json!(of_days), days.len()), (report["usage"]["calls"].clone(), 31), "{report}");
    for heading in ["Calls a day", "Cost of calls per agent", "Hours of the week, in UTC", "Numbers without a call"] {
        assert!(told[5].contains(heading), "{heading}");
    }
    let pools: Value = serde_json::from_str(&told[7]).unwrap();
    let (_, of_pool) = project.json(&["usage", "--pool", "sales"]);
    let sum: u64 = of_pool["rows"].as_array().unwrap().iter().map(|row| row["calls"].as_u64().unwrap()).sum();
    assert_eq!((&pools["pools"][0]["calls_30d"], &pools["pools"][0]["rent_month"]), (&json!(sum), &Value::Null));
    fs::remove_file(project.path(STORE)).unwrap();
    assert_eq!(answers(&project), before);
    fs::write(project.path(STORE), "no database").unwrap();
    let run = project.run(&["show", LINE]);
    assert_eq!((run.code, &run.stdout), (0, &before[0]), "a broken store stops no other question: {run}");
    assert!(run.stderr.contains("Calls are left out"), "{run}");
}

#[test]
fn a_preview_and_a_plan_say_how_many_calls_a_line_has() {
    let project = with_pool();
    project.succeed(&["edit", LINE, "-w", "production", "--inbound-agent", "agents/survey"]);
    let delete = ["phone", "delete", LINE, "-w", "production", "--allow-delete", "--dry-run"];
    assert!(!project.run(&delete).stdout.contains("calls in 30 days"));
    assert!(!project.succeed(&["plan"]).contains("calls in 30 days"));
    project.succeed(&["usage", "pull", "--quiet"]);
    let (_, usage) = project.json(&["usage", LINE, "-w", "production"]);
    let words = format!("{} calls in 30 days", usage["rows"][0]["calls"]);
    let plan = project.succeed(&["plan"]);
    assert!(plan.contains(&words), "{plan}");
    let markdown = project.succeed(&["plan", "--format", "markdown"]);
    assert!(markdown.contains(&words), "{markdown}");
    let preview = project.run(&delete);
    assert!(preview.stdout.contains(&format!("{LINE} (production): {words}")), "{preview}");
}

#[test]
fn a_diff_says_what_numbers_that_come_and_go_do_to_the_rent() {
    let project = with_calls(1, 1);
    project.succeed(&["cost", "prices", "--quiet"]);
    let mut directory: Value = serde_json::from_str(&project.read("phone-numbers/directory.json")).unwrap();
    let numbers = directory["numbers"].as_object_mut().unwrap();
    let mut new = numbers["+14155550103"].clone();
    numbers.remove("+18885550142");
    new["phone_number"] = json!("+14155550198");
    new["workspaces"] = json!({});
    numbers.insert("+14155550198".to_owned(), new);
    project.write("phone-numbers/directory.json", &serde_json::to_string_pretty(&directory).unwrap());
    let text = project.succeed(&["diff", "HEAD", "@worktree"]);
    let words = "about -1.00 USD a month in rent: 1 number more, 1 number fewer, by the prices of 2025-11-20";
    assert!(text.contains(words), "{text}");
    let markdown = project.succeed(&["diff", "HEAD", "@worktree", "--format", "markdown"]);
    assert!(markdown.contains(&format!("**Cost:** {words}")), "{markdown}");
    let (_, answer) = project.json(&["diff", "HEAD", "@worktree"]);
    assert_eq!((&answer["rent"]["rent_a_month"], &answer["rent"]["more"]), (&json!("-1.00"), &json!(1)), "{answer}");
    project.git(&["rm", "--quiet", "phone-numbers/prices.json"]);
    project.git(&["commit", "--quiet", "--message", "no prices"]);
    assert!(!project.succeed(&["diff", "HEAD", "@worktree"]).contains("USD"));
}
