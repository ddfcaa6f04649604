//! The rules of the validator: their list, for people and for programs, and the explanation of one.

use serde::Serialize;

use super::escape;
use super::failure::FORMAT_VERSION;
use super::table::{Room, columns};
use crate::validate::{RULES, Rule, Severity};

#[derive(Serialize)]
struct RulesJson {
    format_version: u32,
    rules: Vec<RuleJson>,
}

#[derive(Serialize)]
struct RuleJson {
    rule: &'static str,
    severity: Severity,
    summary: &'static str,
}

/// Every rule, a line each.
pub fn list(room: Room) -> String {
    let row = |rule: &&Rule| vec![rule.code.to_owned(), rule.severity.to_string(), rule.summary.to_owned()];
    let rows: Vec<Vec<String>> = RULES.iter().map(row).collect();
    columns(&rows, room).iter().map(|line| format!("{line}\n")).collect()
}

pub fn json() -> String {
    let rule = |rule: &&Rule| RuleJson { rule: rule.code, severity: rule.severity, summary: rule.summary };
    escape::json_of(&RulesJson { format_version: FORMAT_VERSION, rules: RULES.iter().map(rule).collect() })
}

/// What a rule checks, why, what breaks it, and how to fix that.
pub fn explanation(rule: &Rule) -> String {
    let explanation = &rule.explanation;
    format!(
        "{} ({})\n{}\n\n{}\n\nWhy:     {}\nExample: {}\nFix:     {}\n",
        rule.code, rule.severity, rule.summary, explanation.what, explanation.why, explanation.example, explanation.fix
    )
}
