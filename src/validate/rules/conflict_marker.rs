//! Markers of a merge conflict that was not resolved.

use std::ops::Range;

use crate::validate::finding::{Finding, Place};
use crate::validate::rule::{Check, Explanation, Heading, Rule, Severity, Shown};

/// How many further markers a finding lists: enough to find them all, without a wall of lines.
const LISTED: usize = 8;

pub static RULE: Rule = Rule {
    code: "conflict-marker",
    severity: Severity::Error,
    summary: "No file holds the markers of an unresolved merge conflict",
    passed: "No file holds conflict markers",
    heading: Heading::Counted("file with conflict markers", "files with conflict markers"),
    shown: Shown::WhenFailed,
    needs: &[],
    reads: &[],
    explanation: Explanation {
        what: "No line starts with the markers that git leaves where a merge conflicts.",
        why: "Such a file is no JSON, and it says two things at once; which one is true is for a person to decide.",
        example: "A line `<<<<<<< HEAD` in `staging/assignments.json`.",
        fix: "Resolve the conflict and take the markers out. `phone-dir setup` installs a merge driver that joins two sides number by number and leaves fewer conflicts.",
    },
    check: Check::Reading,
};

/// Reports a file's markers, of which there is at least one.
pub fn finding(path: &str, markers: &[Range<usize>]) -> Finding {
    let first = markers.first().cloned().unwrap_or_default();
    let finding = Finding::new(&RULE, Place::bytes(path, first), format!("`{path}` has an unresolved merge conflict"))
        .help("resolve the conflict, take the markers out, then run `phone-dir validate --fix`");
    markers
        .iter()
        .skip(1)
        .take(LISTED)
        .fold(finding, |finding, range| finding.related(Place::bytes(path, range.clone()), "another marker"))
}
