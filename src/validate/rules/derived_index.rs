//! Indexes and lists that follow from the assignments: `by_agent`, `unassigned`, `assigned`.

use crate::model::{PhoneNumber, derive};
use crate::validate::context::{Context, Workspace};
use crate::validate::finding::{Finding, Place, Pointer};
use crate::validate::rule::{Check, Explanation, Heading, Reads, Rule, Severity, Shown};

/// How many numbers a message lists.
const LISTED: usize = 3;

pub static RULE: Rule = Rule {
    code: "derived-index",
    severity: Severity::Error,
    summary: "by_agent, unassigned and assigned follow from the assignments",
    passed: "All indexes and lists are right",
    heading: Heading::Counted("index or list is wrong", "indexes and lists are wrong"),
    shown: Shown::WhenFailed,
    needs: &[],
    reads: &[Reads::Registries, Reads::Assignments, Reads::AgentIds],
    explanation: Explanation {
        what: "`by_agent` has the numbers of every bound voice agent that has a folder, `unassigned` the registered numbers without one, and `assigned` in `numbers.json` says the same of each number.",
        why: "Scripts read them to find an agent's numbers; a number that is missing there is forgotten when the agent is replaced.",
        example: "An assignment was edited by hand, and its number still stands under the old agent in `by_agent`.",
        fix: "`phone-dir validate --fix` recomputes them.",
    },
    check: Check::Rule(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for workspace in &context.workspaces {
        let start = findings.len();
        let (numbers, assignments) = (workspace.numbers_path(), workspace.assignments_path());
        if context.is_whole(assignments) && context.knows_agents_of(workspace.name) {
            check_by_agent(context, workspace, findings);
        }
        if context.is_whole(numbers) && context.is_whole(assignments) {
            check_unassigned(workspace, findings);
            check_assigned(workspace, findings);
        }
        for finding in &mut findings[start..] {
            finding.workspace = Some(workspace.name.clone());
            finding.help = Some("run `phone-dir validate --fix`".to_owned());
        }
    }
}

fn check_by_agent(context: &Context<'_>, workspace: &Workspace<'_>, findings: &mut Vec<Finding>) {
    let Some(file) = workspace.assignments else { return };
    let right = derive::by_agent(workspace.name, &file.assignments, &context.directory.agents);
    let root = Pointer::root().at("by_agent");
    for (path, numbers) in &file.by_agent {
        let place = Place::key(workspace.assignments_path(), root.clone().at(path));
        match right.get(path) {
            Some(right) => findings.extend(compare(place, &format!("by_agent of `{path}`"), numbers, right)),
            None => {
                findings.push(Finding::new(&RULE, place, format!("`by_agent` lists `{path}`, which has no numbers")));
            }
        }
    }
    for (path, numbers) in right.iter().filter(|(path, _)| !file.by_agent.contains_key(path)) {
        let place = Place::key(workspace.assignments_path(), root.clone());
        findings.push(Finding::new(&RULE, place, format!("`by_agent` misses `{path}` with {}", some_of(numbers))));
    }
}

fn check_unassigned(workspace: &Workspace<'_>, findings: &mut Vec<Finding>) {
    let Some(file) = workspace.assignments else { return };
    let registered = workspace.rows.iter().filter(|row| row.registered.is_some());
    let free = registered.filter(|row| row.assignment.is_none_or(|(_, assignment)| !assignment.is_assigned()));
    let right: Vec<PhoneNumber> = free.map(|row| row.number).collect();
    let place = Place::key(workspace.assignments_path(), Pointer::root().at("unassigned"));
    findings.extend(compare(place, "unassigned", &file.unassigned, &right));
}

fn check_assigned(workspace: &Workspace<'_>, findings: &mut Vec<Finding>) {
    for row in &workspace.rows {
        let Some((index, registered)) = row.registered else { continue };
        let right = row.assignment.is_some_and(|(_, assignment)| assignment.is_assigned());
        if registered.assigned != right {
            let place = workspace.registered_field(index, "assigned");
            let message = format!("{} has `assigned` {}, and should have {right}", row.number, registered.assigned);
            findings.push(Finding::new(&RULE, place, message).number(row.number));
        }
    }
}

/// Compares two lists; the right one is sorted and has nothing twice.
fn compare(place: Place, name: &str, written: &[PhoneNumber], right: &[PhoneNumber]) -> Option<Finding> {
    if written == right {
        return None;
    }
    let mut sorted = written.to_vec();
    sorted.sort();
    let missing: Vec<_> = right.iter().filter(|number| sorted.binary_search(number).is_err()).copied().collect();
    let surplus: Vec<_> = written.iter().filter(|number| right.binary_search(number).is_err()).copied().collect();
    let name =
        name.strip_prefix("by_agent of ").map_or_else(|| format!("`{name}`"), |agent| format!("`by_agent` of {agent}"));
    let what = match (missing.is_empty(), surplus.is_empty()) {
        (false, true) => format!("{name} misses {}", some_of(&missing)),
        (true, false) => format!("{name} has {}, which should not be there", some_of(&surplus)),
        (false, false) => format!("{name} misses {} and has {}", some_of(&missing), some_of(&surplus)),
        (true, true) => format!("{name} is not sorted, or has a number twice"),
    };
    let mut finding = Finding::new(&RULE, place, what);
    if let ([number], []) | ([], [number]) = (missing.as_slice(), surplus.as_slice()) {
        finding.phone_number = Some(*number);
    }
    Some(finding)
}

fn some_of(numbers: &[PhoneNumber]) -> String {
    let listed: Vec<&str> = numbers.iter().take(LISTED).map(PhoneNumber::as_str).collect();
    match numbers.len().saturating_sub(LISTED) {
        0 => listed.join(", "),
        more => format!("{} and {more} more", listed.join(", ")),
    }
}
