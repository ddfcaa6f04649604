//! Assignments to an agent that the workspace does not have.

use crate::model::{AgentPath, WorkspaceName};
use crate::validate::context::Context;
use crate::validate::finding::{Finding, Place, Pointer};
use crate::validate::rule::{Check, Explanation, Heading, Reads, Rule, Severity, Shown};

pub static RULE: Rule = Rule {
    code: "missing-agent-file",
    severity: Severity::Error,
    summary: "An assigned agent has a file, with its id, for the workspace",
    passed: "All assigned agents have a file for their workspace",
    heading: Heading::Counted(
        "number whose agent is not in its workspace",
        "numbers whose agents are not in their workspace",
    ),
    shown: Shown::WhenFailed,
    needs: &[],
    reads: &[Reads::Assignments, Reads::AgentIds],
    explanation: Explanation {
        what: "An agent folder with numbers in a workspace has `<workspace>.json`, and an `agent_id` in it.",
        why: "Without it nothing says which agent of the workspace the folder means, and the next sync loses the link.",
        example: "A number in production is assigned to `agents/sales`, which has `staging.json` only.",
        fix: "Push the agent to the workspace with the tool that owns `agents/`, or restore the file.",
    },
    check: Check::Rule(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for (workspace, row, (index, assignment)) in context.assigned_rows() {
        let Some(path) = &assignment.agent_path else { continue };
        let Some(folder) = context.directory.agents.get(path) else { continue };
        let file = format!("{path}/{}.json", workspace.name);
        // A file that is there but broken has its own finding.
        if matches!(folder.ids.get(workspace.name), Some(Some(_)))
            || (context.is_there(&file) && !context.is_whole(&file))
        {
            continue;
        }
        let place = workspace.assignment_field(index, "agent_path");
        let place = match row.binding {
            Some(binding) if binding.agent_path.as_ref() == Some(path) => {
                workspace.binding_field(row.number, "agent_path")
            }
            _ => place,
        };
        let finding = Finding::new(&RULE, place, message(path, workspace.name, context.is_there(&file)));
        let mut finding = finding.number(row.number).workspace(workspace.name);
        finding.message = format!("{}: {}", row.number, finding.message);
        if context.is_there(&file) {
            finding = finding.related(Place::value(&file, Pointer::root().at("agent_id")), "the agent has no id here");
        }
        findings
            .push(finding.help(format!("push the agent to {}, or assign the number to another one", workspace.name)));
    }
}

fn message(path: &AgentPath, workspace: &WorkspaceName, is_there: bool) -> String {
    if is_there {
        format!("`{path}/{workspace}.json` has no agent id")
    } else {
        format!("`{path}` has no `{workspace}.json`")
    }
}
