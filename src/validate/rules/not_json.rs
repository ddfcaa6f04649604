//! Texts that are not JSON.

use std::ops::Range;

use crate::validate::finding::{Finding, Place};
use crate::validate::rule::{Check, Explanation, Heading, Reads, Rule, Severity, Shown};

pub static RULE: Rule = Rule {
    code: "not-json",
    severity: Severity::Error,
    summary: "Every file is JSON",
    passed: "All files are JSON",
    heading: Heading::Counted("file is not JSON", "files are not JSON"),
    shown: Shown::WhenFailed,
    needs: &[],
    reads: Reads::ALL,
    explanation: Explanation {
        what: "Every file is one JSON value (RFC 8259), without comments, trailing commas or anything behind it.",
        why: "Nothing else can be checked in such a file, and no other tool can read it.",
        example: "A comma behind the last element of a list, or a file that was cut off.",
        fix: "Repair the text at the place given, or restore the file with `git checkout -- FILE`.",
    },
    check: Check::Reading,
};

/// Reports where a text stops being JSON.
pub fn finding(path: &str, range: Range<usize>, what: &str) -> Finding {
    Finding::new(&RULE, Place::bytes(path, range), format!("`{path}` is not JSON: {what}"))
}
