//! Numbers whose webhook decides alone who answers.

use crate::validate::context::Context;
use crate::validate::finding::Finding;
use crate::validate::rule::{Check, Explanation, Heading, Reads, Rule, Severity, Shown};

pub static RULE: Rule = Rule {
    code: "webhook-without-agent",
    severity: Severity::Warning,
    summary: "A number with an inbound webhook has an agent bound as well",
    passed: "No number depends on a webhook alone",
    heading: Heading::Counted("number depends on a webhook alone", "numbers depend on a webhook alone"),
    shown: Shown::WhenFailed,
    needs: &[],
    reads: &[Reads::Registries, Reads::Assignments],
    explanation: Explanation {
        what: "A registered number with an `inbound_webhook_url` has a voice agent bound.",
        why: "The webhook names the agent of each call; when it is down or names none, no agent answers, and the directory does not say which one would.",
        example: "`\"inbound_webhook_url\": \"https://example.com/route\"`, and the number stands in `unassigned`.",
        fix: "Bind an agent as the default, or waive the rule for the number.",
    },
    check: Check::Rule(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for (workspace, row, (index, registered)) in context.registered_rows() {
        let bound = row.assignment.is_some_and(|(_, assignment)| assignment.is_assigned());
        let unknown =
            workspace.assignments.is_none() || context.is_unreadable_in(workspace.assignments_path(), row.number);
        if registered.inbound_webhook_url().is_none() || bound || unknown {
            continue;
        }
        let message = format!("{} in {} has a webhook, and no agent bound", row.number, workspace.name);
        findings.push(
            Finding::new(&RULE, workspace.registered_field(index, "inbound_webhook_url"), message)
                .item(format!("{} in {}", row.number, workspace.name))
                .number(row.number)
                .workspace(workspace.name)
                .help("bind an agent that answers when the webhook does not"),
        );
    }
}
