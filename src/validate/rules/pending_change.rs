//! Decisions that wait for Retell for longer than the team wants.

use crate::decision::{self, DecisionStanding};
use crate::validate::context::Context;
use crate::validate::finding::Finding;
use crate::validate::rule::{Check, Explanation, Heading, Reads, Rule, Severity, Shown};

pub static RULE: Rule = Rule {
    code: "pending-change",
    severity: Severity::Warning,
    summary: "What git decided is at Retell within a day (`[pending] warn_after`)",
    passed: "No decision waits for long",
    heading: Heading::Counted("decision waits for Retell", "decisions wait for Retell"),
    shown: Shown::WhenFailed,
    needs: &[],
    reads: &[Reads::Registries, Reads::Assignments],
    explanation: Explanation {
        what: "A decision whose commit is older than `warn_after` of `[pending]` in `phone-dir.toml` (a day without it) has been applied: its number has no `live` record.",
        why: "Until then callers hear what is live, and not what was reviewed and merged.",
        example: "A pull request was merged on Monday, and no job has run `phone-dir apply` since.",
        fix: "Run `phone-dir apply`, or give the decision up with `phone-dir sync --take live NUMBER`.",
    },
    check: Check::Live(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    // Without the dates of the commits nothing is old.
    let Some(dates) = &context.occasion.decided else { return };
    let oldest = context.occasion.now.to_datetime() - context.settings.warn_after();
    let directory = context.directory.sorted();
    for (workspace, row, (at, entry)) in context.registered_rows() {
        for held in decision::recorded(&directory, workspace.name, entry) {
            let since = dates.get(&(held.registration(), held.setting));
            if held.standing != DecisionStanding::Pending || since.is_some_and(|since| since.to_datetime() > oldest) {
                continue;
            }
            let since = since.map(|since| format!(" since {since}")).unwrap_or_default();
            let (number, name, field) = (row.number, workspace.name, held.setting.as_str());
            let message = format!("`{field}` of {number} in {name} is decided{since}, and Retell does not have it");
            let place = workspace.registered_field(at, "live");
            findings.push(Finding::new(&RULE, place, message).number(number).workspace(name));
        }
    }
}
