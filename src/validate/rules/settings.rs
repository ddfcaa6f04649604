//! Settings that are not what they should be.

use crate::validate::rule::{Check, Explanation, Heading, Rule, Severity, Shown};

pub static RULE: Rule = Rule {
    code: "settings",
    severity: Severity::Error,
    summary: "phone-dir.toml is valid and names rules, pools and workspaces that exist",
    passed: "phone-dir.toml is valid",
    heading: Heading::Counted("problem in phone-dir.toml", "problems in phone-dir.toml"),
    shown: Shown::WhenFailed,
    needs: &[],
    reads: &[],
    explanation: Explanation {
        what: "`phone-dir.toml` is TOML with the sections `[rules]`, `[[waivers]]`, `[rails]`, `[projects]`, `[workspaces]`, `[pending]`, `[sip]`, `[usage]`, `[cost]` and `[capacity]`; every rule, pool and workspace that it names exists, and every waiver has a rule, a number, a reason and an expiry date.",
        why: "A setting that nothing understands protects nothing, without a sign of it.",
        example: "`[rules]` with `orphaned-asignment = \"off\"`.",
        fix: "Correct it at the place given; `phone-dir rules` lists the codes.",
    },
    check: Check::Settings,
};
