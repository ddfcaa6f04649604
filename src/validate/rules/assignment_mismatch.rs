//! A workspace's `assignments.json` against `directory.json` and `numbers.json`, field by field.

use std::fmt::Display;

use crate::model::{Assignment, AssignmentType, WorkspaceEntry};
use crate::validate::context::{Context, NumberInWorkspace, Workspace};
use crate::validate::finding::{Finding, Place};
use crate::validate::rule::{Check, Explanation, Heading, Reads, Rule, Severity, Shown};

pub static RULE: Rule = Rule {
    code: "assignment-mismatch",
    severity: Severity::Error,
    summary: "Every assignments.json agrees with directory.json and numbers.json",
    passed: "All assignments agree with directory.json and the registries",
    heading: Heading::Counted("contradiction with an assignment", "contradictions with assignments"),
    shown: Shown::WhenFailed,
    needs: &[],
    reads: &[Reads::Master, Reads::Registries, Reads::Assignments],
    explanation: Explanation {
        what: "A number's `agent_path`, `agent_id` and `assignment_type` in `directory.json` are those of its assignment; an assigned number is registered; an assignment is not modified later than its number.",
        why: "`directory.json` is what people look at, and the assignment is what a rollback or a promotion would restore.",
        example: "Someone changed `agent_path` in `directory.json` by hand, and not in `assignments.json`.",
        fix: "Change a binding with `phone-dir phone update` or `phone-dir edit`, which write both files, or run `phone-dir sync`.",
    },
    check: Check::Rule(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for (workspace, row) in context.rows() {
        if workspace.assignments.is_none() || context.is_unreadable_in(workspace.assignments_path(), row.number) {
            continue;
        }
        if let Some(binding) = row.binding.filter(|binding| binding.imported) {
            against_directory(workspace, row, binding, findings);
        }
        if let Some((index, assignment)) = row.assignment {
            against_registry(context, workspace, row, index, assignment, findings);
        }
    }
}

fn against_directory(
    workspace: &Workspace<'_>,
    row: &NumberInWorkspace<'_>,
    binding: &WorkspaceEntry,
    findings: &mut Vec<Finding>,
) {
    let assignment = row.assignment.map(|(_, assignment)| assignment);
    let path = assignment.and_then(|assignment| assignment.agent_path.as_ref());
    let id = assignment.and_then(|assignment| assignment.agent_id.as_ref());
    let kind = assignment.map_or(AssignmentType::Unassigned, |assignment| assignment.assignment_type);
    let mut differ = |field: &str, ours: &dyn Display, theirs: &dyn Display| {
        findings.push(differ(workspace, row, field, ours, theirs));
    };
    if binding.agent_path.as_ref() != path {
        differ("agent_path", &or_null(binding.agent_path.as_ref()), &or_null(path));
    }
    if binding.agent_id.as_ref() != id {
        differ("agent_id", &or_null(binding.agent_id.as_ref()), &or_null(id));
    }
    if binding.assignment_type != Some(kind) {
        differ("assignment_type", &or_null(binding.assignment_type), &kind);
    }
}

fn differ(
    workspace: &Workspace<'_>,
    row: &NumberInWorkspace<'_>,
    field: &str,
    ours: &dyn Display,
    theirs: &dyn Display,
) -> Finding {
    let (name, number) = (workspace.name, row.number);
    let place = workspace.binding_field(number, field);
    if let Some((index, _)) = row.assignment {
        let message = format!(
            "{number} in {name} has `{field}` `{ours}` in `directory.json`, and `{theirs}` in `assignments.json`"
        );
        let finding = Finding::new(&RULE, place, message).number(number).workspace(name);
        finding.related(workspace.assignment_field(index, field), format!("`{theirs}` here"))
    } else {
        let message = format!("{number} in {name} has `{field}` `{ours}` in `directory.json`, and no assignment");
        Finding::new(&RULE, place, message).number(number).workspace(name)
    }
}

fn against_registry(
    context: &Context<'_>,
    workspace: &Workspace<'_>,
    row: &NumberInWorkspace<'_>,
    index: usize,
    assignment: &Assignment,
    findings: &mut Vec<Finding>,
) {
    let (name, number) = (workspace.name, row.number);
    if workspace.numbers.is_none() || context.is_unreadable_in(workspace.numbers_path(), number) {
        return;
    }
    let about = |place: Place, message: String| Finding::new(&RULE, place, message).number(number).workspace(name);
    let Some((registered_at, registered)) = row.registered else {
        let message = format!("{number} has an assignment in {name}, and is not in its `numbers.json`");
        findings.push(about(workspace.assignment_field(index, "phone_number"), message));
        return;
    };
    // A merge knows nothing newer of a number that only one side assigned; `--fix` repeats the registry's time.
    let is_behind = assignment.last_modified.is_some() && assignment.last_modified < registered.last_modified;
    if registered.last_modified != assignment.last_modified && !is_behind {
        let (ours, theirs) = (or_null(assignment.last_modified), or_null(registered.last_modified));
        let message =
            format!("{number} was last modified `{ours}` by its assignment in {name}, and `{theirs}` by its registry");
        let place = workspace.registered_field(registered_at, "last_modified");
        findings.push(
            about(workspace.assignment_field(index, "last_modified"), message)
                .related(place, format!("`{theirs}` here")),
        );
    }
}

fn or_null(value: Option<impl Display>) -> String {
    value.map_or_else(|| "null".to_owned(), |value| value.to_string())
}
