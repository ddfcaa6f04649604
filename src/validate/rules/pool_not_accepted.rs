//! Numbers in pools that do not take such numbers.

use crate::pools::obstacle;
use crate::validate::context::{Context, member_field};
use crate::validate::finding::Finding;
use crate::validate::rule::{Check, Explanation, Heading, Need, Reads, Rule, Severity, Shown};

pub static RULE: Rule = Rule {
    code: "pool-not-accepted",
    severity: Severity::Warning,
    summary: "A pool has only numbers that it accepts",
    passed: "Every pool accepts its numbers",
    heading: Heading::Counted("number that its pool does not accept", "numbers that their pools do not accept"),
    shown: Shown::WhenFailed,
    needs: &[Need::Master],
    reads: &[Reads::Master, Reads::Pools],
    explanation: Explanation {
        what: "Every member meets what its pool `accepts`: the country, the kind of line, and text messages where it asks for them.",
        why: "Such a number is never taken from the pool, although it is counted there.",
        example: "A toll-free number in a pool with `\"accepts\": {\"type\": [\"local\"]}`.",
        fix: "Put it into another pool, or change what the pool accepts with `phone-dir pools edit`.",
    },
    check: Check::Rule(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Some(file) = &context.directory.pools else { return };
    for (number, member) in &file.members {
        let (Some(pool), Some(entry)) = (file.pools.get(&member.pool), context.directory.number(*number)) else {
            continue;
        };
        if obstacle::of_pool(pool, entry).is_some() {
            let message = format!("{number} is in the pool `{}`, which does not accept it", member.pool);
            findings.push(Finding::new(&RULE, member_field(*number, "pool"), message).number(*number));
        }
    }
}
