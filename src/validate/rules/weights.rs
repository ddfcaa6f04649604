//! The weights of a number's agents.

use crate::model::routing;
use crate::validate::agent_references::lists;
use crate::validate::context::Context;
use crate::validate::finding::{Finding, Place, Pointer};
use crate::validate::rule::{Check, Explanation, Heading, Reads, Rule, Severity, Shown};

pub static RULE: Rule = Rule {
    code: "weights",
    severity: Severity::Error,
    summary: "The weights of each list of agents add up to 1",
    passed: "All weights add up to 1",
    heading: Heading::Counted(
        "list of agents whose weights do not add up to 1",
        "lists of agents whose weights do not add up to 1",
    ),
    shown: Shown::WhenFailed,
    needs: &[],
    reads: &[Reads::Assignments],
    explanation: Explanation {
        what: "In each of `inbound_agents`, `outbound_agents`, `inbound_sms_agents` and `outbound_sms_agents` the weights add up to 1.",
        why: "Retell refuses other lists, so the file describes a routing that cannot be.",
        example: "Two agents of weight 0.5, and a third of 0.1 that was added later.",
        fix: "Correct the weights, or run `phone-dir sync` to take Retell's.",
    },
    check: Check::Rule(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for (workspace, row, (index, assignment)) in context.assigned_rows() {
        for (name, list) in lists(assignment) {
            let sum = routing::sum(list);
            if routing::adds_up(sum) {
                continue;
            }
            let pointer = Pointer::root().at("assignments").at(index).at(name);
            let message =
                format!("{} in {}: the weights of `{name}` add up to {}", row.number, workspace.name, rounded(sum));
            let finding = Finding::new(&RULE, Place::key(workspace.assignments_path(), pointer), message);
            findings.push(finding.number(row.number).workspace(workspace.name));
        }
    }
}

fn rounded(sum: f64) -> f64 {
    (sum * 1e6).round() / 1e6
}
