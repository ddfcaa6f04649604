//! Fallback numbers that lead nowhere.

use crate::validate::context::{Context, Workspace};
use crate::validate::finding::Finding;
use crate::validate::rule::{Check, Explanation, Heading, Reads, Rule, Severity, Shown};

pub static RULE: Rule = Rule {
    code: "fallback",
    severity: Severity::Error,
    summary: "A fallback number is another one, without a fallback of its own",
    passed: "All fallback numbers lead somewhere",
    heading: Heading::Counted("fallback leads nowhere", "fallbacks lead nowhere"),
    shown: Shown::WhenFailed,
    needs: &[],
    reads: &[Reads::Registries],
    explanation: Explanation {
        what: "`fallback_number` is not the number itself, and not a number of the workspace that has a fallback too.",
        why: "A fallback takes calls when all of the workspace's concurrency is in use, and during an outage; a circle, or a chain that Retell does not follow, drops them.",
        example: "`+14155550123` falls back to `+14155550124`, and that one to `+14155550123`.",
        fix: "Choose a number that a person or another service answers.",
    },
    check: Check::Rule(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for (workspace, row, (index, registered)) in context.registered_rows() {
        let Some(fallback) = registered.fallback_number else { continue };
        let further = further(workspace, fallback);
        let message = if fallback == row.number {
            format!("{} in {} falls back to itself", row.number, workspace.name)
        } else if further.is_some() {
            format!("{} in {} falls back to {fallback}, which has a fallback too", row.number, workspace.name)
        } else {
            continue;
        };
        let place = workspace.registered_field(index, "fallback_number");
        let finding = Finding::new(&RULE, place, message).number(row.number).workspace(workspace.name);
        findings.push(match further.filter(|_| fallback != row.number) {
            Some(at) => finding
                .related(workspace.registered_field(at, "fallback_number"), format!("the fallback of {fallback}")),
            None => finding,
        });
    }
}

/// Where the registry gives a number a fallback.
fn further(workspace: &Workspace<'_>, number: crate::model::PhoneNumber) -> Option<usize> {
    let at = workspace.rows.binary_search_by_key(&number, |row| row.number).ok()?;
    workspace.rows[at].registered.filter(|(_, entry)| entry.fallback_number.is_some()).map(|(index, _)| index)
}
