//! A number that stands twice in one file.

use std::collections::HashMap;

use crate::model::PhoneNumber;
use crate::validate::context::{Context, Workspace};
use crate::validate::finding::{Finding, Place};
use crate::validate::rule::{Check, Explanation, Heading, Reads, Rule, Severity, Shown};

pub static RULE: Rule = Rule {
    code: "duplicate-number",
    severity: Severity::Error,
    summary: "No number stands twice in a workspace's file",
    passed: "No number stands twice in a file",
    heading: Heading::Counted("number stands twice in a file", "numbers stand twice in a file"),
    shown: Shown::WhenFailed,
    needs: &[],
    reads: &[Reads::Registries, Reads::Assignments],
    explanation: Explanation {
        what: "Every number is once in a workspace's `numbers.json`, and once in its `assignments.json`.",
        why: "Two entries for one number can name two agents, and no reader knows which of them answers.",
        example: "Git merged two branches that both assigned `+14155550123`, cleanly, into two entries.",
        fix: "Decide which entry is right and take the other one out. `phone-dir setup` installs a merge driver that never does this.",
    },
    check: Check::Rule(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for workspace in &context.workspaces {
        let registered =
            workspace.numbers.into_iter().flat_map(|file| file.numbers.iter().map(|entry| entry.phone_number));
        twice(workspace, registered, |index| workspace.registered_field(index, "phone_number"), findings);
        let assigned =
            workspace.assignments.into_iter().flat_map(|file| file.assignments.iter().map(|entry| entry.phone_number));
        twice(workspace, assigned, |index| workspace.assignment_field(index, "phone_number"), findings);
    }
}

fn twice(
    workspace: &Workspace<'_>,
    numbers: impl Iterator<Item = PhoneNumber> + Clone,
    place: impl Fn(usize) -> Place,
    findings: &mut Vec<Finding>,
) {
    // A strictly rising list, which is what a canonical file has, holds nothing twice.
    if numbers.clone().is_sorted_by(|left, right| left < right) {
        return;
    }
    let mut seen: HashMap<PhoneNumber, usize> = HashMap::new();
    for (index, number) in numbers.enumerate() {
        if let Some(first) = seen.get(&number) {
            let place_again = place(index);
            let message = format!("{number} stands twice in `{}`", place_again.file);
            let finding = Finding::new(&RULE, place_again, message).number(number).workspace(workspace.name);
            findings.push(finding.related(place(*first), "it stands here first").help("take one of the two out"));
        } else {
            seen.insert(number, index);
        }
    }
}
