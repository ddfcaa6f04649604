//! Pools for workspaces that the directory does not have.

use std::collections::BTreeSet;

use crate::model::paths;
use crate::validate::context::{Context, pool_field};
use crate::validate::finding::Finding;
use crate::validate::rule::{Check, Explanation, Heading, Need, Reads, Rule, Severity, Shown};

pub static RULE: Rule = Rule {
    code: "pool-unknown-workspace",
    severity: Severity::Error,
    summary: "Pools name workspaces in force only",
    passed: "Every pool names workspaces in force only",
    heading: Heading::Counted("pool for an unknown workspace", "pools for unknown workspaces"),
    shown: Shown::WhenFailed,
    needs: &[Need::Master],
    reads: &[Reads::Master, Reads::Pools],
    explanation: Explanation {
        what: "Every workspace that a pool in `phone-numbers/pools.json` names is in force.",
        why: "None of the pool's numbers can ever be free in a workspace that is not there.",
        example: "`\"workspaces\": [\"prod\"]` beside `staging` and `production`.",
        fix: "Correct the name with `phone-dir pools edit NAME --workspace W`.",
    },
    check: Check::Rule(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Some(file) = context.directory.pools.as_ref().filter(|_| context.is_whole(paths::MASTER)) else { return };
    let known: BTreeSet<_> = context.workspaces.iter().map(|workspace| workspace.name).collect();
    for (pool, data) in &file.pools {
        for (index, name) in data.workspaces.iter().enumerate().filter(|(_, name)| !known.contains(name)) {
            let place = pool_field(pool, "workspaces", Some(index));
            let message = format!("the pool `{pool}` is for `{name}`, which is no workspace here");
            findings.push(Finding::new(&RULE, place, message).workspace(name));
        }
    }
}
