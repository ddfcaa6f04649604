//! Entries for workspaces that the directory does not have.

use std::collections::BTreeSet;

use crate::model::paths;
use crate::validate::context::{Context, entry};
use crate::validate::finding::{Finding, Place};
use crate::validate::rule::{Check, Explanation, Heading, Need, Reads, Rule, Severity, Shown};

pub static RULE: Rule = Rule {
    code: "unknown-workspace",
    severity: Severity::Error,
    summary: "Numbers have entries for workspaces in force only",
    passed: "Every entry is for a workspace in force",
    heading: Heading::Counted("entry for an unknown workspace", "entries for unknown workspaces"),
    shown: Shown::WhenFailed,
    needs: &[Need::Master],
    reads: &[Reads::Master],
    explanation: Explanation {
        what: "Every workspace in a number's `workspaces` is in force: it is in `metadata.by_workspace`, or has a folder with a `numbers.json`, or stands in `workspaces.json`.",
        why: "No other file is compared with such an entry, so that it can say anything; the day the workspace is made, it counts.",
        example: "`\"prod\": {\"imported\": true, …}` beside `staging` and `production`.",
        fix: "Correct the name, or take the entry out; `phone-dir init` makes a workspace.",
    },
    check: Check::Rule(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    // Without its counts, the file's own list of workspaces is not known.
    if !context.is_whole(paths::MASTER) {
        return;
    }
    let known: BTreeSet<_> = context.workspaces.iter().map(|workspace| workspace.name).collect();
    for (number, data) in &context.directory.master.numbers {
        for name in data.workspaces.keys().filter(|name| !known.contains(name)) {
            let place = Place::key(paths::MASTER, entry(*number).at("workspaces").at(name));
            let message = format!("{number} has an entry for `{name}`, which is no workspace here");
            findings.push(Finding::new(&RULE, place, message).number(*number).workspace(name));
        }
    }
}
