//! Numbers that no country's plan holds.

use crate::model::numbering::{self, Fit};
use crate::validate::context::{Context, number_key};
use crate::validate::finding::Finding;
use crate::validate::rule::{Check, Explanation, Heading, Need, Reads, Rule, Severity, Shown};

pub static RULE: Rule = Rule {
    code: "numbering-plan",
    severity: Severity::Warning,
    summary: "Every number fits its country's numbering plan",
    passed: "All numbers fit their numbering plans",
    heading: Heading::Counted("number does not fit its numbering plan", "numbers do not fit their numbering plans"),
    shown: Shown::WhenFailed,
    needs: &[Need::Master],
    reads: &[Reads::Master],
    explanation: Explanation {
        what: "libphonenumber's metadata calls the number possible and valid.",
        why: "An impossible number cannot be called at all; an invalid one lies in no range that is in use, as far as the metadata knows.",
        example: "`+1415555012`, which has a digit too few.",
        fix: "Compare it with Twilio. Ranges that were opened lately are unknown until phone-dir's metadata is newer: waive the rule for such a number.",
    },
    check: Check::Rule(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for number in context.directory.master.numbers.keys() {
        let what = match numbering::describe(*number).fit {
            Fit::Valid => continue,
            Fit::Invalid => "invalid: no range of its country's plan holds it",
            Fit::Impossible => "impossible: its length or its country code is wrong",
        };
        findings.push(Finding::new(&RULE, number_key(*number), format!("{number} is {what}")).number(*number));
    }
}
