//! What a doctor found, for people and for programs.

use serde::Serialize;

use super::escape::{self, terminal};
use super::failure::FORMAT_VERSION;
use crate::clone::findings::{DoctorCheck, Finding};

/// A line per check, and under it what is amiss and what to type.
pub fn human(checks: &[DoctorCheck]) -> String {
    let mut text = String::new();
    for check in checks {
        let mark = if check.findings.is_empty() { '✓' } else { '✗' };
        text.push_str(&format!("{mark} {}\n", check.name));
        text.extend(check.told.iter().map(|told| format!("    {}\n", terminal(told))));
        text.extend(
            check
                .findings
                .iter()
                .map(|finding| format!("    {}\n      → {}\n", terminal(&finding.message), terminal(&finding.fix))),
        );
    }
    text
}

#[derive(Serialize)]
struct DoctorReport<'a> {
    format_version: u32,
    status: &'static str,
    checks: Vec<CheckLine<'a>>,
    findings: Vec<FindingLine>,
}

#[derive(Serialize)]
struct CheckLine<'a> {
    check: &'static str,
    status: &'static str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    told: &'a [String],
}

#[derive(Serialize)]
struct FindingLine {
    check: &'static str,
    message: String,
    fix: String,
}

/// The checks and findings as a JSON object with `format_version`.
pub fn json(checks: &[DoctorCheck]) -> String {
    let status = |is_well: bool| if is_well { "passed" } else { "failed" };
    let findings = checks.iter().flat_map(|check| {
        let line = |finding: &Finding| FindingLine {
            check: check.name,
            message: finding.message.clone(),
            fix: finding.fix.clone(),
        };
        check.findings.iter().map(line).collect::<Vec<_>>()
    });
    let findings: Vec<_> = findings.collect();
    escape::json_of(&DoctorReport {
        format_version: FORMAT_VERSION,
        status: status(findings.is_empty()),
        checks: checks
            .iter()
            .map(|check| CheckLine { check: check.name, status: status(check.findings.is_empty()), told: &check.told })
            .collect(),
        findings,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_found_acts_on_no_reader_of_the_json() {
        let finding = Finding::new("an agent is called `\u{202e}sales`", "look at `\u{9b}31m`");
        let check = DoctorCheck { name: "agents", told: vec!["\u{feff}one".to_owned()], findings: vec![finding] };
        let text = json(&[check]);
        assert!(text.is_ascii(), "{text}");
        let read: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(read["findings"][0]["message"], "an agent is called `\u{202e}sales`");
    }
}
