//! Agents that answer calls and have no folder.

use crate::validate::agent_references::references;
use crate::validate::context::Context;
use crate::validate::finding::Finding;
use crate::validate::rule::{Check, Explanation, Heading, Reads, Rule, Severity, Shown};

pub static RULE: Rule = Rule {
    code: "unmanaged-agent",
    severity: Severity::Warning,
    summary: "Every bound agent has a folder",
    passed: "All bound agents have a folder",
    heading: Heading::Counted(
        "number is bound to an agent that no folder has",
        "numbers are bound to agents that no folder has",
    ),
    shown: Shown::WhenFailed,
    needs: &[],
    reads: &[Reads::Assignments, Reads::AgentIds],
    explanation: Explanation {
        what: "Every agent id in the assignments is the id of a folder below `agents/`.",
        why: "An agent without a folder was made in Retell's dashboard: its prompt is in no review, and no search by folder finds its numbers.",
        example: "`\"agent_path\": null, \"agent_id\": \"agent_x\"`: Retell has the agent, the repository does not.",
        fix: "Pull the agent into `agents/` with the tool that owns the folder, then run `phone-dir sync`.",
    },
    check: Check::Rule(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let agents = &context.directory.agents;
    let known: Vec<bool> = context.workspaces.iter().map(|workspace| context.knows_agents_of(workspace.name)).collect();
    for (workspace, _) in context.workspaces.iter().zip(known).filter(|(_, known)| *known) {
        for row in &workspace.rows {
            let Some((index, assignment)) = row.assignment else { continue };
            for bound in references(assignment) {
                // A path that contradicts the id is `agent-id`'s, a foreign workspace's id `wrong-workspace-agent`'s.
                let named = bound.is_principal() && assignment.agent_path.is_some();
                if named || agents.anywhere(bound.id).next().is_some() {
                    continue;
                }
                let name = assignment.stranger().filter(|(id, _)| *id == bound.id).map(|(_, name)| name);
                let called = name.unwrap_or(bound.id.as_str());
                let message =
                    format!("{} in {} is bound to `{called}`, which no folder has", row.number, workspace.name);
                let also = name.map_or_else(String::new, |name| format!("`{name}`, "));
                let item = format!("{} in {} ({also}agent id `{}`)", row.number, workspace.name, bound.id);
                findings.push(
                    Finding::new(&RULE, bound.place(workspace, row, index), message)
                        .item(item)
                        .number(row.number)
                        .workspace(workspace.name)
                        .help("pull the agent into `agents/`, then run `phone-dir sync`"),
                );
            }
        }
    }
}
