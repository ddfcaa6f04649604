//! Waivers that have nothing to waive.

use crate::validate::rule::{Check, Explanation, Heading, Rule, Severity, Shown};

pub static RULE: Rule = Rule {
    code: "unused-waiver",
    severity: Severity::Warning,
    summary: "Every waiver still waives something",
    passed: "Every waiver is used",
    heading: Heading::Counted("waiver waives nothing", "waivers waive nothing"),
    shown: Shown::WhenFailed,
    needs: &[],
    reads: &[],
    explanation: Explanation {
        what: "Every waiver in `phone-dir.toml` that is not expired takes out at least one finding.",
        why: "A waiver that is left over would hide the same finding when it comes back.",
        example: "A waiver for a number that was released, or whose finding was repaired.",
        fix: "Take it out.",
    },
    check: Check::Settings,
};
