//! Numbers of pools that the directory does not have.

use crate::model::paths;
use crate::validate::context::{Context, member_key};
use crate::validate::finding::Finding;
use crate::validate::rule::{Check, Explanation, Heading, Need, Reads, Rule, Severity, Shown};

pub static RULE: Rule = Rule {
    code: "pool-unknown-number",
    severity: Severity::Warning,
    summary: "Every number of a pool is in the directory",
    passed: "Every number of a pool is in the directory",
    heading: Heading::Counted(
        "number of a pool that the directory does not have",
        "numbers of pools that the directory does not have",
    ),
    shown: Shown::WhenFailed,
    needs: &[Need::Master],
    reads: &[Reads::Master, Reads::Pools],
    explanation: Explanation {
        what: "Every member in `phone-numbers/pools.json` is a number of `directory.json`.",
        why: "The pool has a number that can never be used: a digit was mistyped, or the number was given back to the carrier. That is nothing that a sync could put right, since what a pool holds is decided by people.",
        example: "`+14155550114` is a member of `sales`, and a sync saw that it left Retell and Twilio.",
        fix: "Take it out with `phone-dir pools remove NAME NUMBER`, or correct it; where the number is new, run `phone-dir sync`.",
    },
    check: Check::Rule(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Some(file) = &context.directory.pools else { return };
    for (number, member) in &file.members {
        let is_known = context.directory.number(*number).is_some();
        if is_known || context.is_unreadable_in(paths::MASTER, *number) {
            continue;
        }
        let message = format!("{number} is in the pool `{}`, and not in the directory", member.pool);
        let finding = Finding::new(&RULE, member_key(*number), message).number(*number);
        findings.push(finding.help(format!("run `phone-dir pools remove {} {number}`", member.pool)));
    }
}
