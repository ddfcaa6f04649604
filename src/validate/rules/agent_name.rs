//! Agent names that are not the folder's.

use crate::validate::context::Context;
use crate::validate::finding::{Finding, Place, Pointer};
use crate::validate::rule::{Check, Explanation, Heading, Reads, Rule, Severity, Shown};

pub static RULE: Rule = Rule {
    code: "agent-name",
    severity: Severity::Warning,
    summary: "An assignment's agent name is the one in the folder's agent.json",
    passed: "All agent names are those of their folders",
    heading: Heading::Counted("assignment has an outdated agent name", "assignments have outdated agent names"),
    shown: Shown::WhenFailed,
    needs: &[],
    reads: &[Reads::Assignments, Reads::AgentNames],
    explanation: Explanation {
        what: "`agent_name` of an assignment is `agent_name` of the folder's `agent.json`, where that has one.",
        why: "People look for an agent by its name.",
        example: "The agent was renamed in `agents/sales/agent.json`, and no sync has run since.",
        fix: "Run `phone-dir sync`.",
    },
    check: Check::Rule(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for (workspace, row, (index, assignment)) in context.assigned_rows() {
        let Some(path) = &assignment.agent_path else { continue };
        let Some(name) = context.directory.agents.name_of(path) else { continue };
        if assignment.agent_name.as_deref() != Some(name) {
            let written = assignment.agent_name.as_deref().unwrap_or("null");
            let message = format!(
                "{} in {} names its agent `{written}`, and `{path}` is named `{name}`",
                row.number, workspace.name
            );
            let related = Place::value(format!("{path}/agent.json"), Pointer::root().at("agent_name"));
            findings.push(
                Finding::new(&RULE, workspace.assignment_field(index, "agent_name"), message)
                    .number(row.number)
                    .workspace(workspace.name)
                    .related(related, "the name in the folder")
                    .help("run `phone-dir sync`"),
            );
        }
    }
}
