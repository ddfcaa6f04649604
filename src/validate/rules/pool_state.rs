//! States of pools' numbers that lack a date or a reason.

use crate::model::pools::{Member, MemberState};
use crate::validate::context::{Context, member_field};
use crate::validate::finding::Finding;
use crate::validate::rule::{Check, Explanation, Heading, Reads, Rule, Severity, Shown};

pub static RULE: Rule = Rule {
    code: "pool-state",
    severity: Severity::Error,
    summary: "A number is reserved, resting or retired for a reason, and until a day",
    passed: "Every reserved, resting or retired number has its reason and day",
    heading: Heading::Counted("incomplete state of a pool's number", "incomplete states of pools' numbers"),
    shown: Shown::WhenFailed,
    needs: &[],
    reads: &[Reads::Pools],
    explanation: Explanation {
        what: "A member of `phone-numbers/pools.json` with a `state` has a `reason`, and an `until` if it is `reserved` or in `quarantine`; one without a `state` has neither.",
        why: "A reservation without an end blocks its number for good, and without a reason no later reader can tell whether it may be lifted.",
        example: "`\"state\": \"reserved\"` with a reason and no `until`.",
        fix: "Complete it, or use `phone-dir pools reserve NUMBER --until DAY --for REASON`.",
    },
    check: Check::Rule(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Some(file) = &context.directory.pools else { return };
    for (number, member) in &file.members {
        let mut add = |place, what: &str| {
            let message = format!("{number} {what}");
            findings.push(Finding::new(&RULE, place, message).number(*number));
        };
        match (member.state, missing(member)) {
            (Some(state), Some(what)) => add(member_field(*number, "state"), &format!("is {state} without {what}")),
            (None, _) if member.until.is_some() => add(member_field(*number, "until"), "has an `until` and no `state`"),
            (None, _) if member.reason.is_some() => {
                add(member_field(*number, "reason"), "has a `reason` and no `state`");
            }
            _ => {}
        }
    }
}

/// What the state lacks.
fn missing(member: &Member) -> Option<&'static str> {
    if member.until.is_none() && member.state != Some(MemberState::Retired) {
        return Some("`until`");
    }
    member.reason.as_deref().is_none_or(|reason| reason.trim().is_empty()).then_some("a reason")
}
