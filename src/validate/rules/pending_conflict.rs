//! Decisions that Retell contradicts: it was changed after git decided.

use crate::decision::{self, DecisionStanding};
use crate::validate::context::Context;
use crate::validate::finding::Finding;
use crate::validate::rule::{Check, Explanation, Heading, Reads, Rule, Severity, Shown};

pub static RULE: Rule = Rule {
    code: "pending-conflict",
    severity: Severity::Error,
    summary: "Nothing that git decided was changed at Retell since",
    passed: "Retell contradicts no decision",
    heading: Heading::Counted("decision is in conflict with Retell", "decisions are in conflict with Retell"),
    shown: Shown::WhenFailed,
    needs: &[],
    reads: &[Reads::Registries, Reads::Assignments],
    explanation: Explanation {
        what: "A `live` record has the same value in `was`, which Retell had when git decided, and in `is`, which the last sync saw.",
        why: "Both sides were changed, and no program can know which one is meant. `apply` leaves such a number alone.",
        example: "A pull request moved a line to `agents/sales`, and a user of the dashboard moved it to `agents/survey` before it was applied.",
        fix: "Keep git's with `phone-dir apply --take git NUMBER`, or Retell's with `phone-dir sync --take live NUMBER`.",
    },
    check: Check::Live(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let directory = context.directory.sorted();
    for (workspace, row, (at, entry)) in context.registered_rows() {
        let held = decision::recorded(&directory, workspace.name, entry);
        for held in held.iter().filter(|held| held.standing == DecisionStanding::Conflict) {
            let (number, name, field) = (row.number, workspace.name, held.setting.as_str());
            let message = format!("`{field}` of {number} in {name} was decided, and changed at Retell since");
            let place = workspace.registered_field(at, "live");
            let commands =
                format!("run `phone-dir apply --take git {number}` or `phone-dir sync --take live {number}`");
            findings.push(Finding::new(&RULE, place, message).number(number).workspace(name).help(commands));
        }
    }
}
