//! Numbers that different agents answer in two workspaces.

use crate::model::{AgentPath, PhoneNumber, WorkspaceEntry, WorkspaceName, paths};
use crate::validate::context::{Context, entry, number_key};
use crate::validate::finding::{Finding, Place};
use crate::validate::rule::{Check, Explanation, Heading, Need, Reads, Rule, Severity, Shown};

pub static RULE: Rule = Rule {
    code: "workspace-divergence",
    severity: Severity::Warning,
    summary: "A number is routed to the same agent in every workspace",
    passed: "No number is routed to different agents in two workspaces",
    heading: Heading::Counted("number is routed to different agents", "numbers are routed to different agents"),
    shown: Shown::WhenFailed,
    needs: &[Need::Master],
    reads: &[Reads::Master],
    explanation: Explanation {
        what: "A number that is assigned in several workspaces has the same `agent_path` in each.",
        why: "What was tried in staging is then not what callers get in production.",
        example: "`+14155550123` is answered by `agents/support` in staging and by `agents/sales` in production.",
        fix: "`phone-dir diff staging production` shows all of them, `phone-dir promote` brings one over. Waive the rule where it is meant.",
    },
    check: Check::Rule(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for (number, data) in &context.directory.master.numbers {
        let mut bound = data.workspaces.iter().filter_map(|(name, binding)| Some((name, path_of(binding)?)));
        let Some((first, path)) = bound.next() else { continue };
        if let Some((other, theirs)) = bound.find(|(_, theirs)| *theirs != path) {
            findings.push(finding(*number, (first, path), (other, theirs)));
        }
    }
}

fn path_of(binding: &WorkspaceEntry) -> Option<&AgentPath> {
    binding.agent_path.as_ref().filter(|_| binding.is_assigned())
}

fn finding(
    number: PhoneNumber,
    (first, path): (&WorkspaceName, &AgentPath),
    (other, theirs): (&WorkspaceName, &AgentPath),
) -> Finding {
    let place =
        |name: &WorkspaceName| Place::value(paths::MASTER, entry(number).at("workspaces").at(name).at("agent_path"));
    let item = format!("{number} ({path} in {first}, {theirs} in {other})");
    let message = format!("{number} is routed to {path} in {first}, and to {theirs} in {other}");
    Finding::new(&RULE, number_key(number), message)
        .item(item)
        .number(number)
        .related(place(first), format!("{path} in {first}"))
        .related(place(other), format!("{theirs} in {other}"))
}
