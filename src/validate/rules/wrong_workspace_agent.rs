//! Numbers bound to another workspace's agent.

use crate::validate::agent_references::references;
use crate::validate::context::Context;
use crate::validate::finding::{Finding, Place, Pointer};
use crate::validate::rule::{Check, Explanation, Heading, Reads, Rule, Severity, Shown};

pub static RULE: Rule = Rule {
    code: "wrong-workspace-agent",
    severity: Severity::Error,
    summary: "No number is bound to an agent of another workspace",
    passed: "Every number is bound to agents of its own workspace",
    heading: Heading::Counted(
        "number is bound to another workspace's agent",
        "numbers are bound to another workspace's agents",
    ),
    shown: Shown::WhenFailed,
    needs: &[],
    reads: &[Reads::Assignments, Reads::AgentIds],
    explanation: Explanation {
        what: "No agent id in a workspace's assignments, voice or SMS, is the id that a folder has in another workspace.",
        why: "A production number that a staging agent answers is an outage that looks like a success.",
        example: "`production/assignments.json` has `agent_staging_abc123`, which is in `agents/customer-service/staging.json`.",
        fix: "Assign the number again with the workspace's own agent: `phone-dir phone update NUMBER --workspace production --inbound-agent ID`.",
    },
    check: Check::Rule(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let agents = &context.directory.agents;
    for (workspace, row, (index, assignment)) in context.assigned_rows() {
        for bound in references(assignment) {
            if agents.path_of(workspace.name, bound.id).is_some() {
                continue;
            }
            let Some((theirs, folder)) = agents.anywhere(bound.id).next() else { continue };
            let message = format!(
                "{} in {} is bound to `{}`, the {theirs} agent of `{folder}`",
                row.number, workspace.name, bound.id
            );
            let file = Place::value(format!("{folder}/{theirs}.json"), Pointer::root().at("agent_id"));
            findings.push(
                Finding::new(&RULE, bound.place(workspace, row, index), message)
                    .number(row.number)
                    .workspace(workspace.name)
                    .related(file, format!("`{}` is the id of `{folder}` in {theirs}", bound.id))
                    .help(own_agent(
                        agents.id_in(folder, workspace.name).map(ToString::to_string),
                        folder.as_str(),
                        workspace.name.as_str(),
                    )),
            );
        }
    }
}

fn own_agent(id: Option<String>, folder: &str, workspace: &str) -> String {
    match id {
        Some(id) => format!("`{folder}` has the id `{id}` in {workspace}"),
        None => format!("`{folder}` has no agent in {workspace} yet"),
    }
}
