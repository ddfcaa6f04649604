//! Completes edits by hand: the field that differs from HEAD says what is meant, and the other fields follow.
//!
//! Where two files were edited to different values, nothing says which of them is meant: they stay as they are, and are
//! found by the rules that compare files.

use super::decide::{decide, unrecorded};
use crate::change::{Action, Edit};
use crate::model::{AgentFolders, AgentId, AgentPath, AgentWeight, Assignment, AssignmentType};
use crate::model::{Directory, PhoneNumber, Setting, Settings, WorkspaceEntry, WorkspaceName};

/// The edited directory with every edit in all of its files, and with a record of what Retell has.
pub fn complete(edited: &Directory, head: &Directory) -> Directory {
    let mut edits = Vec::new();
    for (name, files) in &edited.workspaces {
        let numbers = files.numbers.numbers.iter().map(|entry| entry.phone_number);
        edits.extend(numbers.filter_map(|number| Edited { directory: edited, head, name, number }.edit()));
    }
    if edits.is_empty() { edited.clone() } else { decide(edited, head, &edits) }
}

/// A number whose files may have been edited.
struct Edited<'a> {
    directory: &'a Directory,
    head: &'a Directory,
    name: &'a WorkspaceName,
    number: PhoneNumber,
}

/// What an edit says of who answers.
#[derive(Clone, Debug, PartialEq)]
enum Claim {
    Nothing,
    /// This agent in place of the one before; none where it is to be no agent.
    Agent(Option<AgentId>),
    /// It names an agent that cannot be found.
    Unclear,
}

impl Edited<'_> {
    /// What is meant, where anything is.
    fn edit(&self) -> Option<Edit> {
        let (before, after) = (self.entries(self.head)?, self.entries(self.directory)?);
        // Retell's own time went on: a sync, or a change of this program, wrote the number down.
        if after.0.last_modified > before.0.last_modified {
            return None;
        }
        let meant = self.meant(before.1, after.1)?;
        let written = Settings::of_entries(after.0, after.1);
        let mut edit = Edit::new(Action::Update, self.name.clone(), self.number);
        for setting in Setting::decisions().filter(|setting| !meant.agrees(&written, *setting)) {
            edit.ask(setting, &meant);
        }
        for (setting, _) in unrecorded(before, after) {
            edit.ask(setting, &meant);
        }
        (!edit.is_empty()).then_some(edit)
    }

    fn entries<'b>(
        &self,
        directory: &'b Directory,
    ) -> Option<(&'b crate::model::RegistryEntry, Option<&'b Assignment>)> {
        let files = directory.workspaces.get(self.name)?;
        Some((files.registered(self.number)?, files.assignment(self.number)))
    }

    /// The settings that the edit means; none where two files say different things.
    fn meant(&self, before: Option<&Assignment>, after: Option<&Assignment>) -> Option<Settings> {
        let mut meant = Settings::of_directory(self.directory, self.name, self.number)?;
        let old = Settings::of_directory(self.head, self.name, self.number)?;
        let in_master = self.claim_of_master();
        let is_explicit = [Setting::InboundAgents, Setting::OutboundAgents].iter().any(|it| !meant.agrees(&old, *it));
        if is_explicit {
            let bound = meant.inbound_agents.iter().chain(&meant.outbound_agents);
            let is_told = |agent: &Option<AgentId>| match agent {
                Some(id) => bound.clone().any(|share| share.agent_id == *id),
                None => bound.clone().next().is_none(),
            };
            return match in_master {
                Claim::Nothing => Some(meant),
                Claim::Agent(agent) if is_told(&agent) => Some(meant),
                _ => None,
            };
        }
        let claim = match (self.claim_of_assignment(before, after), in_master) {
            (one, Claim::Nothing) | (Claim::Nothing, one) => one,
            (one, other) if one == other => one,
            _ => return None,
        };
        match claim {
            Claim::Nothing => Some(meant),
            Claim::Unclear => None,
            Claim::Agent(agent) => {
                replace(&mut meant, before.and_then(|known| known.agent_id.as_ref()), agent.as_ref());
                Some(meant)
            }
        }
    }

    fn claim_of_assignment(&self, before: Option<&Assignment>, after: Option<&Assignment>) -> Claim {
        let (Some(before), Some(after)) = (before, after) else { return Claim::Nothing };
        if before.agent_id != after.agent_id {
            return Claim::Agent(after.agent_id.clone());
        }
        if before.agent_path == after.agent_path {
            return Claim::Nothing;
        }
        self.named(after.agent_path.as_ref(), after.agent_id.as_ref())
    }

    fn claim_of_master(&self) -> Claim {
        let entry = |directory: &Directory| -> Option<WorkspaceEntry> {
            directory.number(self.number)?.workspaces.get(self.name).cloned()
        };
        let (Some(before), Some(after)) = (entry(self.head), entry(self.directory)) else { return Claim::Nothing };
        if before.agent_id != after.agent_id {
            return Claim::Agent(after.agent_id);
        }
        if before.agent_path != after.agent_path {
            return self.named(after.agent_path.as_ref(), after.agent_id.as_ref());
        }
        let is_unassigned = after.assignment_type == Some(AssignmentType::Unassigned);
        if is_unassigned && before.assignment_type != after.assignment_type {
            Claim::Agent(None)
        } else {
            Claim::Nothing
        }
    }

    /// The agent of a folder that an edit names; a folder of the very agent that is bound only moved.
    fn named(&self, path: Option<&AgentPath>, bound: Option<&AgentId>) -> Claim {
        let folders: &AgentFolders = &self.directory.agents;
        let Some(path) = path else {
            return if bound.is_some_and(|id| folders.path_of(self.name, id).is_none()) {
                Claim::Nothing
            } else {
                Claim::Agent(None)
            };
        };
        match folders.id_in(path, self.name) {
            Some(id) if Some(id) == bound => Claim::Nothing,
            Some(id) => Claim::Agent(Some(id.clone())),
            None => Claim::Unclear,
        }
    }
}

/// Puts an agent in the place of another, in both directions; of a number that no agent answered, it takes both.
fn replace(settings: &mut Settings, old: Option<&AgentId>, new: Option<&AgentId>) {
    for list in [&mut settings.inbound_agents, &mut settings.outbound_agents] {
        match (new, old) {
            (None, _) => list.clear(),
            (Some(new), None) => *list = vec![AgentWeight::only(new.clone())],
            (Some(new), Some(old)) => {
                for share in list.iter_mut().filter(|share| share.agent_id == *old) {
                    *share = AgentWeight { agent_id: new.clone(), agent_version: None, ..share.clone() };
                }
            }
        }
    }
}
