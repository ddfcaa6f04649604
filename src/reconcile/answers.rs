//! Brings the directory in step with what a provider answered about single numbers, after a change.

use std::collections::BTreeMap;

use super::live::{RetellNumber, RetellWorkspace};
use super::number::{self, Sources};
use super::{Reconciled, TwilioSays, finish, registered, workspace};
use crate::model::{AgentId, Directory, LiveRecord, PhoneNumber, Timestamp, WorkspaceFiles, WorkspaceName};

/// What a workspace said about some of its numbers; it says nothing about the others.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    /// The numbers; none where the workspace does not have it.
    pub numbers: BTreeMap<PhoneNumber, Option<RetellNumber>>,
    /// The names of agents, for those without a folder.
    pub agent_names: BTreeMap<AgentId, String>,
    /// What Retell has where git decided otherwise: the numbers have git's values there.
    pub records: BTreeMap<PhoneNumber, LiveRecord>,
}

/// Applies answers to a directory, as of `now`; every number without an answer keeps what it has.
pub fn apply(before: &Directory, answers: &BTreeMap<WorkspaceName, Answers>, now: Timestamp) -> Reconciled {
    let mut after = before.clone();
    for (name, answers) in answers {
        let files = spliced(name, answers, before, now);
        after.workspaces.insert(name.clone(), files);
    }
    let still_registered = registered(&after, after.workspaces.keys());
    for number in answers.values().flat_map(|answers| answers.numbers.keys()) {
        let sources = Sources { number: *number, before, after: &after, twilio: TwilioSays::Nothing, now };
        let entry = number::merge(&sources);
        match entry.filter(|entry| entry.twilio.is_some() || still_registered.contains(number)) {
            Some(entry) => after.master.numbers.insert(*number, entry),
            None => after.master.numbers.remove(number),
        };
    }
    finish(before, after, answers.keys(), &BTreeMap::new(), now)
}

/// The workspace's files, in which only the answered numbers are new.
fn spliced(name: &WorkspaceName, answers: &Answers, before: &Directory, now: Timestamp) -> WorkspaceFiles {
    let read = RetellWorkspace {
        numbers: answers.numbers.values().flatten().cloned().collect(),
        agent_names: answers.agent_names.clone(),
        records: answers.records.clone(),
        ..RetellWorkspace::default()
    };
    let new = workspace::from_retell(name, &read, before, now);
    let mut files = before.workspaces.get(name).cloned().unwrap_or_else(|| WorkspaceFiles::empty(name));
    files.numbers.numbers.retain(|entry| !answers.numbers.contains_key(&entry.phone_number));
    files.numbers.numbers.extend(new.numbers.numbers);
    files.assignments.assignments.retain(|entry| !answers.numbers.contains_key(&entry.phone_number));
    files.assignments.assignments.extend(new.assignments.assignments);
    files.sort();
    files
}
