//! Pools that have no number.

use crate::model::paths;
use crate::validate::context::{Context, pool_key};
use crate::validate::finding::Finding;
use crate::validate::rule::{Check, Explanation, Heading, Reads, Rule, Severity, Shown};

pub static RULE: Rule = Rule {
    code: "pool-without-members",
    severity: Severity::Warning,
    summary: "Every pool has a number",
    passed: "Every pool has a number",
    heading: Heading::Counted("pool without a number", "pools without a number"),
    shown: Shown::WhenFailed,
    needs: &[],
    reads: &[Reads::Pools],
    explanation: Explanation {
        what: "Every pool in `phone-numbers/pools.json` has at least one member.",
        why: "Nothing can be allocated from it, which shows only when a number is needed.",
        example: "`sales` was made and no number was put into it.",
        fix: "Put numbers into it with `phone-dir pools add NAME NUMBER…`, or run `phone-dir pools delete NAME`.",
    },
    check: Check::Rule(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Some(file) = context.directory.pools.as_ref().filter(|_| context.is_whole(paths::POOLS)) else { return };
    for name in file.pools.keys().filter(|name| file.members_of(name).next().is_none()) {
        let finding = Finding::new(&RULE, pool_key(name), format!("the pool `{name}` has no number"));
        findings.push(finding.help(format!("run `phone-dir pools add {name} NUMBER`")));
    }
}
