//! States of pools' numbers that are over.

use crate::model::Day;
use crate::validate::context::{Context, member_field};
use crate::validate::finding::Finding;
use crate::validate::rule::{Check, Explanation, Heading, Reads, Rule, Severity, Shown};

pub static RULE: Rule = Rule {
    code: "pool-expired-state",
    severity: Severity::Warning,
    summary: "No number is reserved or rests until a day that is over",
    passed: "No reservation or rest is over",
    heading: Heading::Counted("reservation or rest is over", "reservations and rests are over"),
    shown: Shown::WhenFailed,
    needs: &[],
    reads: &[Reads::Pools],
    explanation: Explanation {
        what: "The `until` of every member in `phone-numbers/pools.json` is today or later, in UTC.",
        why: "Past its day a state does not count any more: the number is free again, and the file says otherwise.",
        example: "`\"state\": \"quarantine\", \"until\": \"2026-06-30\"`, and it is July.",
        fix: "Run `phone-dir validate --fix`, which takes it out, or reserve the number again.",
    },
    check: Check::Rule(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Some(file) = &context.directory.pools else { return };
    let today = Day::of(context.occasion.now);
    for (number, member) in file.members.iter().filter(|(_, member)| member.is_expired_on(today)) {
        let (Some(state), Some(until)) = (member.state, member.until) else { continue };
        let message = format!("{number} is {state} until {until}, which is over");
        let finding = Finding::new(&RULE, member_field(*number, "until"), message).number(*number);
        findings.push(finding.help("run `phone-dir validate --fix`"));
    }
}
