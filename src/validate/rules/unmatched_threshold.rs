//! Groups of capacity that count no number.

use crate::validate::rule::{Check, Explanation, Heading, Rule, Severity, Shown};

pub static RULE: Rule = Rule {
    code: "unmatched-threshold",
    severity: Severity::Warning,
    summary: "Every `[[capacity.group]]` counts a number",
    passed: "Every group of capacity counts a number",
    heading: Heading::Counted("group of capacity counts no number", "groups of capacity count no number"),
    shown: Shown::WhenFailed,
    needs: &[],
    reads: &[],
    explanation: Explanation {
        what: "Every `[[capacity.group]]` in `phone-dir.toml` matches a number of the directory that no group before it counts.",
        why: "Such a group has nothing free, today and for ever: its alarm never ends, or it was meant for other numbers.",
        example: "`area_code = \"451\"` where the numbers are of `415`, or a group for all local numbers before one for a pool.",
        fix: "Correct the group, move it up, or take it out.",
    },
    check: Check::Settings,
};
