//! Who answers in each of two workspaces, where a change's folders do not say it: the agents that no folder has, and whom
//! callers hear where git decided otherwise.

use std::collections::BTreeMap;

use super::values::{share, shown};
use crate::diff::{Change, ChangeSide, FieldChange, NumberField};
use crate::model::{AgentId, AgentNames, AgentWeight, Assignment, Directory, PhoneNumber, WorkspaceName};
use crate::query::live;
use crate::render::escape::terminal;

/// What is told of numbers in two workspaces beside their changes.
#[derive(Debug, Default)]
pub struct WorkspaceAnswers {
    live: BTreeMap<(PhoneNumber, ChangeSide), String>,
    strangers: BTreeMap<(PhoneNumber, ChangeSide, NumberField), String>,
}

impl WorkspaceAnswers {
    pub fn of(directory: &Directory, from: &WorkspaceName, to: &WorkspaceName) -> Self {
        let names = AgentNames::of(directory);
        let mut answers = Self::default();
        for (workspace, side) in [(from, ChangeSide::From), (to, ChangeSide::To)] {
            answers.live.extend(live::answers(directory, workspace).map(|(number, words)| ((number, side), words)));
            let files = directory.workspaces.get(workspace);
            for assignment in files.into_iter().flat_map(|files| &files.assignments.assignments) {
                let told = strangers(assignment, workspace, &names).into_iter();
                answers.strangers.extend(told.map(|(field, words)| ((assignment.phone_number, side, field), words)));
            }
        }
        answers
    }

    /// Whom callers hear: ` (live: agents/a)`.
    pub fn live(&self, number: PhoneNumber, side: ChangeSide) -> String {
        self.live.get(&(number, side)).map(|live| format!(" (live: {})", terminal(live))).unwrap_or_default()
    }

    /// The agents of a field on one side, where no folder has one of them.
    pub fn stranger(&self, change: &Change, field: NumberField, side: ChangeSide) -> Option<&str> {
        self.strangers.get(&(change.phone_number, side, field)).map(String::as_str)
    }

    /// A field's values before and after, where no folder has one of its agents.
    pub fn values(&self, change: &Change, field: &FieldChange) -> Option<[String; 2]> {
        let told = [ChangeSide::From, ChangeSide::To].map(|side| self.stranger(change, field.field, side));
        let value = |told: Option<&str>, side| told.map_or_else(|| shown(field.on(side)), str::to_owned);
        let [from, to] = told;
        told.iter().any(Option::is_some).then(|| [value(from, ChangeSide::From), value(to, ChangeSide::To)])
    }
}

/// The fields of which an agent has no folder, in words.
fn strangers(assignment: &Assignment, workspace: &WorkspaceName, names: &AgentNames) -> Vec<(NumberField, String)> {
    let has_folder = |id: &AgentId| names.folder(Some(workspace), id).is_some();
    let words = |id: &AgentId| names.words(Some(workspace), id);
    let principal = assignment.agent_id.as_ref().filter(|id| assignment.agent_path.is_none() && !has_folder(id));
    let listed = |list: &Option<Vec<AgentWeight>>| list.clone().unwrap_or_default();
    let lists = [
        (NumberField::InboundAgents, assignment.inbound()),
        (NumberField::OutboundAgents, assignment.outbound()),
        (NumberField::InboundSmsAgents, listed(&assignment.inbound_sms_agents)),
        (NumberField::OutboundSmsAgents, listed(&assignment.outbound_sms_agents)),
    ];
    let one = |agent: &AgentWeight| share(&words(&agent.agent_id), agent.agent_version.as_ref(), agent.weight);
    let with_strangers = lists.into_iter().filter(|(_, list)| list.iter().any(|agent| !has_folder(&agent.agent_id)));
    let told = with_strangers.map(|(field, list)| (field, list.iter().map(one).collect::<Vec<_>>().join(", ")));
    let principal = principal.map(|id| (NumberField::AgentPath, terminal(&words(id)).into_owned()));
    principal.into_iter().chain(told).collect()
}
