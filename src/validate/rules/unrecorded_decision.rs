//! Decisions by hand that do not say what Retell has.

use crate::decision::decide::unrecorded;
use crate::model::{Directory, Setting, Settings};
use crate::validate::Source;
use crate::validate::context::{Context, NumberInWorkspace, Workspace};
use crate::validate::finding::{Finding, Place};
use crate::validate::rule::{Check, Explanation, Heading, Reads, Rule, Severity, Shown};

pub static RULE: Rule = Rule {
    code: "unrecorded-decision",
    severity: Severity::Error,
    summary: "What git decides stands beside a record of what Retell has (judged against the commit before)",
    passed: "Every decision has a record of what Retell has",
    heading: Heading::Counted(
        "decision without a record of what Retell has",
        "decisions without a record of what Retell has",
    ),
    shown: Shown::WhenFailed,
    needs: &[],
    reads: &[Reads::Registries, Reads::Assignments],
    explanation: Explanation {
        what: "Where a commit changes what Retell can be told (agents, webhooks, fallback, countries, nickname, trunk), and Retell's own time of change, `last_modified`, does not go on, the number's entry in `numbers.json` has a `live` record of what Retell has. It is an error in what is staged and in a range of commits, and a warning on disk.",
        why: "Without the record the tree says that callers already hear what was decided, and nothing tells a decision from a change at Retell.",
        example: "An edit by hand of `agent_path`, or the `git revert` of a sync.",
        fix: "Run `phone-dir validate --fix`, with `--staged` for what is staged: it writes the record. `phone-dir edit` writes it by itself.",
    },
    check: Check::Rule(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for before in &context.occasion.before {
        for (workspace, row) in context.rows() {
            judge(context, before, (workspace, row), findings);
        }
    }
}

fn judge(
    context: &Context<'_>,
    before: &Directory,
    (workspace, row): (&Workspace<'_>, &NumberInWorkspace<'_>),
    findings: &mut Vec<Finding>,
) {
    let Some((at, entry)) = row.registered else { return };
    let Some(files) = before.workspaces.get(workspace.name) else { return };
    let Some(known) = files.registered(row.number) else { return };
    let assignment = row.assignment.map(|(_, assignment)| assignment);
    for (setting, live) in unrecorded((known, files.assignment(row.number)), (entry, assignment)) {
        let place = place(workspace, row, at, setting);
        let finding = Finding::new(&RULE, place, message(workspace, row, setting, &live));
        let finding = finding.number(row.number).workspace(workspace.name).help("run `phone-dir validate --fix`");
        let is_on_disk = context.occasion.source == Source::Worktree;
        let worst = if is_on_disk { Severity::Warning } else { Severity::Error };
        let is_known = findings.iter().any(|other| other.rule.code == RULE.code && other.message == finding.message);
        if !is_known {
            findings.push(finding.at_most(worst));
        }
    }
}

fn message(workspace: &Workspace<'_>, row: &NumberInWorkspace<'_>, setting: Setting, live: &Settings) -> String {
    let name = setting.as_str();
    let (number, place) = (row.number, workspace.name);
    // Who is bound is no secret of a customer; a text may be one.
    let has = if setting.is_agents() { format!(", {}", live.describe(setting)) } else { String::new() };
    format!("`{name}` of {number} in {place} was decided without a record of what Retell has{has}")
}

fn place(workspace: &Workspace<'_>, row: &NumberInWorkspace<'_>, at: usize, setting: Setting) -> Place {
    match (setting.is_agents(), row.assignment) {
        (true, Some((at, _))) => workspace.assignment_field(at, "phone_number"),
        _ => workspace.registered_field(at, "phone_number"),
    }
}
