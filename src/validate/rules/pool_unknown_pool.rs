//! Numbers in pools that are not there.

use crate::model::nearest;
use crate::validate::context::{Context, member_field};
use crate::validate::finding::Finding;
use crate::validate::rule::{Check, Explanation, Heading, Reads, Rule, Severity, Shown};

pub static RULE: Rule = Rule {
    code: "pool-unknown-pool",
    severity: Severity::Error,
    summary: "Every number of `pools.json` is in a pool of that file",
    passed: "Every number of `pools.json` is in one of its pools",
    heading: Heading::Counted("number in a pool that is not there", "numbers in pools that are not there"),
    shown: Shown::WhenFailed,
    needs: &[],
    reads: &[Reads::Pools],
    explanation: Explanation {
        what: "The `pool` of every member in `phone-numbers/pools.json` is one of its `pools`.",
        why: "A number in no pool that anyone can ask for is neither counted nor taken.",
        example: "`\"pool\": \"sale\"`, where the pool is called `sales`.",
        fix: "Correct the name, make the pool with `phone-dir pools create`, or take the number out with `phone-dir pools remove`.",
    },
    check: Check::Rule(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Some(file) = &context.directory.pools else { return };
    for (number, member) in &file.members {
        if file.pools.contains_key(&member.pool) {
            continue;
        }
        let meant = nearest::nearest(member.pool.as_str(), file.pools.keys().map(|name| name.as_str()));
        let message = format!("{number} is in the pool `{}`, which is not there", member.pool);
        let finding = Finding::new(&RULE, member_field(*number, "pool"), message).number(*number);
        findings.push(match meant {
            Some((..=2, name)) => finding.help(format!("did you mean `{name}`?")),
            _ => finding,
        });
    }
}
