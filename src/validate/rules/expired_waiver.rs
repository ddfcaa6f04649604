//! Waivers that are past their date.

use crate::validate::rule::{Check, Explanation, Heading, Rule, Severity, Shown};

pub static RULE: Rule = Rule {
    code: "expired-waiver",
    severity: Severity::Warning,
    summary: "No waiver is past its expiry date",
    passed: "No waiver is expired",
    heading: Heading::Counted("waiver is expired", "waivers are expired"),
    shown: Shown::WhenFailed,
    needs: &[],
    reads: &[],
    explanation: Explanation {
        what: "Every waiver in `phone-dir.toml` expires today or later.",
        why: "A waiver is a promise to look again; past its date it no longer suppresses anything.",
        example: "`expires = \"2025-06-30\"`, and it is July.",
        fix: "Repair what it waived and take it out, or give it a new date and a reason that still holds.",
    },
    check: Check::Settings,
};
