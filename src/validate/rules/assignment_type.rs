//! Assignment types, and the single-agent fields that follow from the bound agents.

use crate::model::routing::may_stand_for;
use crate::model::{AgentId, AgentWeight, Assignment, AssignmentType};
use crate::validate::context::Context;
use crate::validate::finding::Finding;
use crate::validate::rule::{Check, Explanation, Heading, Reads, Rule, Severity, Shown};

pub static RULE: Rule = Rule {
    code: "assignment-type",
    severity: Severity::Error,
    summary: "Assignment type and agent id follow from the agents bound",
    passed: "All assignment types agree with the agents bound",
    heading: Heading::Counted("assignment contradicts its agents", "assignments contradict their agents"),
    shown: Shown::WhenFailed,
    needs: &[],
    reads: &[Reads::Assignments],
    explanation: Explanation {
        what: "The type says which directions have a voice agent; `agent_id` is the inbound agent, else the outbound one; each single-agent field is the agent of largest weight of its list (of several, any); an `unassigned` entry has SMS agents.",
        why: "Scripts read the type and `agent_id`, calls follow the lists: where they differ, the directory promises something else than callers hear.",
        example: "`\"assignment_type\": \"inbound-outbound\"`, and `\"outbound_agent_id\": null`.",
        fix: "Correct the field at the place given, or assign the number again with `phone-dir phone update`.",
    },
    check: Check::Rule(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for (workspace, row, (index, assignment)) in context.assigned_rows() {
        for (field, what) in contradictions(assignment).into_iter().flatten() {
            let message = format!("{} in {}: {what}", row.number, workspace.name);
            let place = workspace.assignment_field(index, field);
            findings.push(Finding::new(&RULE, place, message).number(row.number).workspace(workspace.name));
        }
    }
}

type Contradiction = Option<(&'static str, String)>;

fn contradictions(assignment: &Assignment) -> [Contradiction; 5] {
    let Assignment { inbound_agent_id: inbound, outbound_agent_id: outbound, .. } = assignment;
    let (inbound_list, outbound_list) = (assignment.inbound_agents.as_ref(), assignment.outbound_agents.as_ref());
    [
        of_type(assignment, inbound.as_ref(), outbound.as_ref()),
        of_agent_id(assignment.agent_id.as_ref(), inbound.as_ref().or(outbound.as_ref())),
        of_list("inbound_agent_id", inbound.as_ref(), inbound_list),
        of_list("outbound_agent_id", outbound.as_ref(), outbound_list),
        without_agents(assignment),
    ]
}

fn of_type(assignment: &Assignment, inbound: Option<&AgentId>, outbound: Option<&AgentId>) -> Contradiction {
    let right = AssignmentType::of(inbound, outbound);
    let written = assignment.assignment_type;
    (written != right)
        .then(|| ("assignment_type", format!("the type is `{written}`, and the agents bound make it `{right}`")))
}

fn of_agent_id(written: Option<&AgentId>, right: Option<&AgentId>) -> Contradiction {
    let or_null = |id: Option<&AgentId>| id.map_or_else(|| "null".to_owned(), |id| format!("`{id}`"));
    (written != right).then(|| {
        ("agent_id", format!("`agent_id` is {}, and the agents bound make it {}", or_null(written), or_null(right)))
    })
}

fn of_list(field: &'static str, single: Option<&AgentId>, list: Option<&Vec<AgentWeight>>) -> Contradiction {
    (!may_stand_for(single, list?))
        .then(|| (field, format!("`{field}` is not the agent of largest weight in its list")))
}

fn without_agents(assignment: &Assignment) -> Contradiction {
    let empty = assignment.voice_agents().is_empty() && !assignment.has_sms_agents();
    (empty && !assignment.is_assigned())
        .then(|| ("assignment_type", "the entry binds no agent at all, and should not be there".to_owned()))
}
