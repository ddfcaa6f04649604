//! Numbers of an agent whose folder is not there.

use std::collections::BTreeMap;

use crate::model::{AgentPath, PhoneNumber, WorkspaceName};
use crate::validate::context::Context;
use crate::validate::finding::{Finding, Place};
use crate::validate::rule::{Check, Explanation, Heading, Reads, Rule, Severity, Shown};

/// How many further places a finding lists.
const LISTED: usize = 20;

pub static RULE: Rule = Rule {
    code: "orphaned-assignment",
    severity: Severity::Error,
    summary: "The agent folder of every assignment is there",
    passed: "No orphaned assignments",
    heading: Heading::Counted("orphaned assignment found", "orphaned assignments found"),
    shown: Shown::Always,
    needs: &[],
    reads: &[Reads::Master, Reads::Assignments],
    explanation: Explanation {
        what: "Every `agent_path` of an assignment is a folder below `agents/`.",
        why: "What such an agent tells callers is in no file to read, review or change, although it still answers them.",
        example: "`agents/old-agent` was deleted while numbers were still assigned to it.",
        fix: "Assign the numbers to another agent, or restore the folder (`git log -- agents/old-agent` finds it). Where the folder was renamed, `validate --fix` finds the new one by the agent's id.",
    },
    check: Check::Rule(check),
};

type Orphan<'a> = Vec<(PhoneNumber, &'a WorkspaceName, Place)>;

fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let mut orphans: BTreeMap<&AgentPath, Orphan<'_>> = BTreeMap::new();
    for (workspace, row) in context.rows() {
        let path = match (row.assignment, row.binding) {
            (Some((_, assignment)), _) => assignment.agent_path.as_ref(),
            (None, binding) => binding.and_then(|binding| binding.agent_path.as_ref()),
        };
        let Some(path) = path.filter(|path| context.directory.agents.get(path).is_none()) else { continue };
        let place = match row.assignment {
            Some((index, _)) => workspace.assignment_field(index, "agent_path"),
            None => workspace.binding_field(row.number, "agent_path"),
        };
        orphans.entry(path).or_default().push((row.number, workspace.name, place));
    }
    findings.extend(orphans.into_iter().filter_map(|(path, numbers)| finding(path, numbers, context)));
}

/// The folder that has the agents of these numbers now, if it is one for all of them.
fn renamed<'a>(numbers: &Orphan<'_>, context: &'a Context<'_>) -> Option<&'a AgentPath> {
    let now = |(number, name, _): &(PhoneNumber, &WorkspaceName, Place)| {
        let known = context.directory.workspaces.get(*name)?.assignments.assignments.iter();
        let id = known.filter(|known| known.phone_number == *number).find_map(|known| known.agent_id.as_ref())?;
        context.directory.agents.only_path_of(name, id)
    };
    let mut paths = numbers.iter().map(now);
    let first = paths.next()??;
    paths.all(|path| path == Some(first)).then_some(first)
}

fn finding(path: &AgentPath, numbers: Orphan<'_>, context: &Context<'_>) -> Option<Finding> {
    let renamed = renamed(&numbers, context).cloned();
    let alone = numbers.len() == 1;
    let mut numbers = numbers.into_iter();
    let (number, workspace, place) = numbers.next()?;
    let words = format!("{path} has numbers but agent directory doesn't exist");
    let help = if let Some(now) = renamed {
        format!("`{now}` has the agent's id; `phone-dir validate --fix` writes it in place of `{path}`")
    } else {
        let all = if alone { "the number" } else { "the numbers" };
        format!("assign {all} to another agent, or restore `{path}`")
    };
    let finding = Finding::new(&RULE, place, words).help(help);
    if alone {
        return Some(finding.number(number).workspace(workspace));
    }
    Some(numbers.take(LISTED).fold(finding, |finding, (number, workspace, place)| {
        finding.related(place, format!("{number} in {workspace}"))
    }))
}
