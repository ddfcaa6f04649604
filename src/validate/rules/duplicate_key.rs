//! A key that stands twice in one object.

use std::ops::Range;

use crate::document::unescape;
use crate::model::PhoneNumber;
use crate::validate::finding::{Finding, Place};
use crate::validate::rule::{Check, Explanation, Heading, Reads, Rule, Severity, Shown};

pub static RULE: Rule = Rule {
    code: "duplicate-key",
    severity: Severity::Error,
    summary: "No key stands twice in one object",
    passed: "No key stands twice",
    heading: Heading::Counted("key stands twice", "keys stand twice"),
    shown: Shown::WhenFailed,
    needs: &[],
    reads: Reads::ALL,
    explanation: Explanation {
        what: "Within one JSON object every key is there once, also where escapes make two spellings of it.",
        why: "Readers keep one of the two, most of them the last, silently: what people see in the file is not what happens.",
        example: "Git merged two branches that both added `+14155550123` to `directory.json`, in two places.",
        fix: "Decide which entry is right and take the other one out.",
    },
    check: Check::Reading,
};

/// Reports the second of two equal keys, with the first.
pub fn finding(path: &str, pointer: &str, first: Range<usize>, again: Range<usize>) -> Finding {
    let key = unescape(pointer.rsplit('/').next().unwrap_or_default()).into_owned();
    let mut finding = Finding::new(&RULE, Place::bytes(path, again), format!("key `{key}` stands twice in one object"))
        .related(Place::bytes(path, first), format!("`{key}` stands here first"))
        .help("take one of the two out; most readers keep the last");
    finding.phone_number = PhoneNumber::parse(&key).ok();
    finding
}
