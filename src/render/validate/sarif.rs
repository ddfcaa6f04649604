//! SARIF 2.1.0 (OASIS), which code scanning services read.

use std::collections::HashMap;
use std::io::{self, Write};

use serde_json::{Value, json};

use crate::render::escape;
use crate::validate::bounded::MOST_OF_RULE;
use crate::validate::diagnostic::Location;
use crate::validate::{Diagnostic, RULES, Rule, Severity, ValidationReport};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// The name and version of our fingerprints, which no other tool's can be taken for.
const FINGERPRINT: &str = "phoneDir/v1";

/// The most results of one run: GitHub's code scanning shows no more (docs.github.com, "SARIF results exceed one or more
/// limits"), and a file of a million takes more memory than a runner has.
const MOST_RESULTS: usize = 5_000;

/// Writes the report as one SARIF log with one run: errors before warnings where not all of them fit.
pub fn write(report: &ValidationReport, out: &mut dyn Write) -> io::Result<()> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let results: Vec<Value> = listed(report).map(|diagnostic| result(diagnostic, &mut seen)).collect();
    let driver = json!({
        "name": "phone-dir",
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "rules": RULES.iter().map(|rule| rule_descriptor(rule)).collect::<Vec<_>>(),
    });
    let all = report.count(Severity::Error) + report.count(Severity::Warning);
    let left_out = all - results.len();
    let mut run = json!({ "tool": { "driver": driver }, "columnKind": "unicodeCodePoints", "results": results });
    if left_out > 0 {
        run["invocations"] =
            json!([{ "executionSuccessful": true, "toolExecutionNotifications": [notice(report, left_out)] }]);
        run["properties"] = json!({ "resultsLeftOut": left_out });
    }
    let log = json!({ "$schema": SCHEMA, "version": "2.1.0", "runs": [run] });
    write!(out, "{}", escape::json_of(&log))
}

fn listed(report: &ValidationReport) -> impl Iterator<Item = &Diagnostic> {
    let is_error = |diagnostic: &&Diagnostic| diagnostic.severity == Severity::Error;
    let errors = report.diagnostics.iter().filter(is_error).count().min(MOST_RESULTS);
    let warnings = MOST_RESULTS - errors;
    let (mut errors_left, mut warnings_left) = (errors, warnings);
    report.diagnostics.iter().filter(move |diagnostic| {
        let left = if diagnostic.severity == Severity::Error { &mut errors_left } else { &mut warnings_left };
        let fits = *left > 0;
        *left = left.saturating_sub(1);
        fits
    })
}

/// Says what is not listed, where code scanning shows a tool's messages.
fn notice(report: &ValidationReport, left_out: usize) -> Value {
    let (errors, warnings) = (report.count(Severity::Error), report.count(Severity::Warning));
    let text = format!(
        "{left_out} of {} results are left out ({errors} errors and {warnings} warnings in all); \
         `phone-dir validate --json` lists the first {MOST_OF_RULE} of each rule",
        errors + warnings
    );
    json!({ "level": "warning", "message": { "text": text } })
}

fn rule_descriptor(rule: &Rule) -> Value {
    let explanation = &rule.explanation;
    let text = format!(
        "{}\n\nWhy: {}\n\nExample: {}\n\nHow to fix: {}",
        explanation.what, explanation.why, explanation.example, explanation.fix
    );
    let markdown = format!(
        "{}\n\n**Why:** {}\n\n**Example:** {}\n\n**How to fix:** {}",
        explanation.what, explanation.why, explanation.example, explanation.fix
    );
    json!({
        "id": rule.code,
        "shortDescription": { "text": rule.summary },
        "fullDescription": { "text": explanation.what },
        "help": { "text": text, "markdown": markdown },
        "defaultConfiguration": { "level": level(rule.severity) },
    })
}

fn level(severity: Severity) -> &'static str {
    severity.as_str()
}

fn result(diagnostic: &Diagnostic, seen: &mut HashMap<String, usize>) -> Value {
    let identity = diagnostic.identity();
    let times = seen.entry(identity.clone()).or_default();
    *times += 1;
    // Two findings of one identity are told apart by their order, which moves neither with lines nor with others.
    let fingerprint = if *times == 1 { identity } else { format!("{identity}#{times}") };
    let mut result = json!({
        "ruleId": diagnostic.rule.code,
        "ruleIndex": RULES.iter().position(|rule| rule.code == diagnostic.rule.code),
        "level": level(diagnostic.severity),
        "message": { "text": message(diagnostic) },
        "locations": [location(&diagnostic.location)],
        "partialFingerprints": { FINGERPRINT: fingerprint },
    });
    if !diagnostic.related.is_empty() {
        let related = diagnostic.related.iter().enumerate().map(|(index, related)| {
            let mut place = location(&related.location);
            place["id"] = json!(index + 1);
            place["message"] = json!({ "text": inert_text(&related.message) });
            place
        });
        result["relatedLocations"] = related.collect();
    }
    if let Some(commit) = &diagnostic.commit {
        result["properties"] = json!({ "commit": commit });
    }
    result
}

/// The message, with what to do.
fn message(diagnostic: &Diagnostic) -> String {
    let help = diagnostic.help.as_deref().map(|help| format!(" ({help})")).unwrap_or_default();
    inert_text(&format!("{}{help}", diagnostic.message))
}

/// Prose for people: a viewer shows it as it is, and SARIF takes `[text](1)` for a link.
fn inert_text(text: &str) -> String {
    escape::terminal(text).replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]")
}

fn location(location: &Location) -> Value {
    let (start, end) = (location.start, location.end);
    let mut value = json!({
        "physicalLocation": {
            "artifactLocation": { "uri": escape::uri(&location.file), "uriBaseId": "%SRCROOT%" },
            "region": {
                "startLine": start.line, "startColumn": start.column,
                "endLine": end.line, "endColumn": end.column,
            },
        },
    });
    if let Some(pointer) = location.pointer.as_deref().filter(|pointer| !pointer.is_empty()) {
        value["logicalLocations"] = json!([{ "fullyQualifiedName": pointer }]);
    }
    value
}
