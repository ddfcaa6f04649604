//! Plans for people and for pull requests: what happens to which line, and what a reviewer should know of it.

use super::decisions::value;
use super::escape::{self, terminal};
use crate::activity::traffic::Traffic;
use crate::change::Edit;
use crate::decision::{DecisionOutcome, DecisionStanding};
use crate::model::{AgentNames, ProtectedWorkspaces, Settings};
use crate::plan::{Plan, PlanItem, risks};
use crate::plural::counted;

/// What an item does, for people: `inbound_agents agents/a → agents/b`.
pub fn words(edit: &Edit, live: &Settings, names: &AgentNames) -> String {
    let of = |settings: &Settings, setting| value(settings, setting, &edit.workspace, names);
    let asked = edit.asked.iter().filter(|setting| !edit.target.agrees(live, **setting));
    let told: Vec<String> = asked
        .map(|setting| format!("{} {} → {}", setting.as_str(), of(live, *setting), of(&edit.target, *setting)))
        .collect();
    told.join("; ")
}

/// The same plan in our own words: those of a file may say something else than its values.
#[must_use]
pub fn reworded(mut plan: Plan, names: &AgentNames) -> Plan {
    for item in &mut plan.items {
        item.words = words(&item.edit(), &item.was, names);
    }
    plan
}

/// Why a decision is not planned.
pub fn conflict(held: &DecisionOutcome, names: &AgentNames) -> String {
    let of = |settings: &Settings| value(settings, held.setting, &held.workspace, names);
    let (name, git) = (held.setting.as_str(), of(&held.git));
    match &held.was {
        Some(was) if held.standing == DecisionStanding::Conflict && !was.agrees(&held.live, held.setting) => {
            let (live, was) = (of(&held.live), of(was));
            format!(
                "`{name}` is in conflict: git {git}, live {live}, was {was} when git decided; applying git's overwrites what the dashboard says"
            )
        }
        _ => format!("`{name}` is decided as {git}, and Retell does not have the number any more"),
    }
}

/// What there is to say where no item is left.
pub const NOTHING: &str = "Nothing to apply: Retell has what is wanted.\n";

/// The plan for a terminal.
pub fn human(plan: &Plan, protected: &ProtectedWorkspaces, traffic: Option<&Traffic>) -> String {
    human_part(plan, &plan.id(), protected, traffic)
}

/// Some items of the plan that has this id.
pub fn human_part(plan: &Plan, id: &str, protected: &ProtectedWorkspaces, traffic: Option<&Traffic>) -> String {
    let mut text = match (plan.items.is_empty(), plan.impossible.is_empty()) {
        (false, _) => format!("Plan: {}\n", title(plan)),
        (true, true) => NOTHING.to_owned(),
        (true, false) => "Nothing can be applied.\n".to_owned(),
    };
    for item in &plan.items {
        text.push_str(&format!(
            "  {} ({}) {}{}\n",
            item.phone_number,
            item.workspace,
            terminal(&item.words),
            risk(item, protected, traffic)
        ));
    }
    if !plan.impossible.is_empty() {
        text.push_str(&format!("Not in the plan ({}):\n", plan.impossible.len()));
    }
    for it in &plan.impossible {
        text.push_str(&format!("  {} ({}): {}\n", it.phone_number, it.workspace, terminal(&it.message)));
    }
    if !plan.items.is_empty() {
        text.push_str(&format!("Id {id}, until {}\n", plan.origin.expires));
    }
    text
}

/// The plan as a section of Markdown.
pub fn markdown(plan: &Plan, protected: &ProtectedWorkspaces, traffic: Option<&Traffic>) -> String {
    if plan.items.is_empty() && plan.impossible.is_empty() {
        return "### Phone numbers: nothing to apply\n".to_owned();
    }
    let mut text = format!("### Phone numbers: {}\n", title(plan));
    if !plan.items.is_empty() {
        text.push_str("\n| Number | Workspace | What happens |\n|---|---|---|\n");
    }
    for item in &plan.items {
        text.push_str(&format!(
            "| {} | {} | {} |\n",
            escape::markdown_cell(item.phone_number.as_str()),
            escape::markdown_cell(item.workspace.as_str()),
            escape::markdown_cell(&format!("{}{}", item.words, risk(item, protected, traffic)))
        ));
    }
    for it in &plan.impossible {
        let line = format!("{} ({}): {}", it.phone_number, it.workspace, it.message);
        text.push_str(&format!("\n> {}\n", escape::markdown(&line)));
    }
    text.push_str(&format!("\n`{}`\n", plan.id()));
    text
}

fn title(plan: &Plan) -> String {
    format!("{} to apply", counted(plan.items.len(), "change"))
}

fn risk(item: &PlanItem, protected: &ProtectedWorkspaces, traffic: Option<&Traffic>) -> String {
    let mut risks: Vec<String> = risks::words(item, &item.was, protected).into_iter().map(str::to_owned).collect();
    if risks::rebinds(item) {
        risks.extend(traffic.and_then(|traffic| traffic.words(&item.workspace, item.phone_number)));
    }
    if risks.is_empty() { String::new() } else { format!(" [{}]", risks.join(", ")) }
}
