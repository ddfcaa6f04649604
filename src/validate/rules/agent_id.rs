//! Agent ids and the folders that they are said to belong to.

use crate::model::Assignment;
use crate::validate::context::{Context, NumberInWorkspace, Workspace};
use crate::validate::finding::{Finding, Place, Pointer};
use crate::validate::rule::{Check, Explanation, Heading, Reads, Rule, Severity, Shown};

pub static RULE: Rule = Rule {
    code: "agent-id",
    severity: Severity::Error,
    summary: "An assignment's agent id is the one of the folder that it names",
    passed: "All assigned numbers reference existing agents",
    heading: Heading::Counted(
        "number with an agent id that is not its folder's",
        "numbers with an agent id that is not their folder's",
    ),
    shown: Shown::Always,
    needs: &[],
    reads: &[Reads::Master, Reads::Assignments, Reads::AgentIds],
    explanation: Explanation {
        what: "`agent_id` is the id in the named folder's `<workspace>.json`, and `agent_path` names the folder that has this id.",
        why: "The path is what people read and the id is what Retell calls: where they differ, callers reach another agent than the file says.",
        example: "`agents/sales/production.json` has a new id since the agent was pushed again, and the number still has the old one.",
        fix: "Assign the number again (`phone-dir phone update`), correct the id by hand, or run `phone-dir sync` if Retell is right.",
    },
    check: Check::Rule(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for (workspace, row, (index, assignment)) in context.assigned_rows() {
        findings.extend(judge(context, workspace, row, index, assignment));
    }
}

fn judge(
    context: &Context<'_>,
    workspace: &Workspace<'_>,
    row: &NumberInWorkspace<'_>,
    index: usize,
    assignment: &Assignment,
) -> Option<Finding> {
    let agents = &context.directory.agents;
    let (name, number) = (workspace.name, row.number);
    let id = assignment.agent_id.as_ref()?;
    let sync = format!("`phone-dir sync --workspace {name}`");
    let (field, message, folder, help) = if let Some(path) = &assignment.agent_path {
        let theirs = agents.id_in(path, name).filter(|theirs| *theirs != id)?;
        let message = format!("{number} in {name} has agent id `{id}`, but `{path}` has `{theirs}`");
        let help = format!("where the folder was decided, run `phone-dir validate --fix`, else {sync}");
        ("agent_id", message, path, help)
    } else {
        let path = agents.path_of(name, id)?;
        let message = format!("{number} in {name} names no agent folder, but `{path}` has its agent id");
        ("agent_path", message, path, format!("run {sync}, or correct `agent_path`"))
    };
    let file = format!("{folder}/{name}.json");
    let place = place(workspace, row, index, field, assignment);
    let related = Place::value(&file, Pointer::root().at("agent_id"));
    let finding = Finding::new(&RULE, place, message).number(number).workspace(name);
    Some(finding.related(related, "the folder's agent id").help(help))
}

/// The directory's entry where it says the same, else the assignment.
fn place(
    workspace: &Workspace<'_>,
    row: &NumberInWorkspace<'_>,
    index: usize,
    field: &str,
    assignment: &Assignment,
) -> Place {
    match row.binding {
        Some(binding) if binding.agent_id == assignment.agent_id && binding.agent_path == assignment.agent_path => {
            workspace.binding_field(row.number, field)
        }
        _ => workspace.assignment_field(index, field),
    }
}
