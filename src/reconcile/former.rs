//! What earlier states of the directory say of numbers that the present one does not have, or has otherwise: their notes
//! and tags, and when they were first seen.
//!
//! A number that is missing from one answer and back in the next gets back what people wrote, and its dates.

use std::collections::{BTreeMap, BTreeSet};

use super::{Reconciled, stamp};
use crate::diff;
use crate::model::master::{LeftBehind, LeftTwilio};
use crate::model::{Assignment, Directory, NumberEntry, PhoneNumber, Timestamp, WorkspaceName};

/// A number in a workspace; without a workspace, in the directory.
pub type Entrance = (PhoneNumber, Option<WorkspaceName>);

/// What is remembered of numbers, of each what was learnt first.
#[derive(Clone, Debug, Default)]
pub struct Former {
    entries: BTreeMap<PhoneNumber, NumberEntry>,
    imports: BTreeMap<(PhoneNumber, WorkspaceName), Option<Timestamp>>,
    assignments: BTreeMap<(PhoneNumber, WorkspaceName), Assignment>,
}

impl Former {
    /// Learns everything that a directory says.
    pub fn of(directory: &Directory) -> Self {
        let mut former = Self::default();
        for number in directory.master.numbers.keys() {
            former.learn(&(*number, None), directory);
            for name in directory.workspaces.keys() {
                former.learn(&(*number, Some(name.clone())), directory);
            }
        }
        former
    }

    /// Learns what a directory says of one number; says whether it knows the number.
    pub fn learn(&mut self, (number, workspace): &Entrance, directory: &Directory) -> bool {
        let Some(name) = workspace else {
            let Some(entry) = directory.number(*number) else { return false };
            self.entries.entry(*number).or_insert_with(|| entry.clone());
            return true;
        };
        let files = directory.workspaces.get(name);
        let Some(registered) = files.and_then(|files| files.registered(*number)) else { return false };
        let key = (*number, name.clone());
        if let Some(assignment) = files.and_then(|files| files.assignment(*number)) {
            self.assignments.entry(key.clone()).or_insert_with(|| assignment.clone());
        }
        self.imports.entry(key).or_insert(registered.import_date);
        true
    }

    /// Whether something is remembered of a number.
    pub fn knows(&self, (number, workspace): &Entrance) -> bool {
        match workspace {
            Some(name) => self.imports.contains_key(&(*number, name.clone())),
            None => self.entries.contains_key(number),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.imports.is_empty()
    }
}

/// What a number left that was in the Twilio account to the end: it was let go because no account had it any more.
fn left_with(known: &NumberEntry, now: Timestamp) -> Option<LeftTwilio> {
    let trunk_sid = known.twilio.as_ref()?.trunk_sid;
    Some(LeftTwilio { from: LeftBehind::Account, trunk_sid, date: Some(now) })
}

impl Reconciled {
    /// The numbers that enter the directory or a workspace.
    pub fn entrances(&self, before: &Directory) -> BTreeSet<Entrance> {
        let after = &self.directory;
        let new = after.master.numbers.keys().filter(|number| before.number(**number).is_none());
        let mut entrances: BTreeSet<Entrance> = new.map(|number| (*number, None)).collect();
        for (name, files) in &after.workspaces {
            let old = before.workspaces.get(name);
            let is_new = |number| old.is_none_or(|old| old.registered(number).is_none());
            let numbers = files.numbers.numbers.iter().map(|entry| entry.phone_number);
            entrances.extend(numbers.filter(|number| is_new(*number)).map(|number| (number, Some(name.clone()))));
        }
        entrances
    }

    /// The same outcome, with what is remembered of the numbers that enter, and of assignments that are new.
    #[must_use]
    pub fn with_former(mut self, former: &Former, before: &Directory, now: Timestamp) -> Self {
        if former.is_empty() {
            return self;
        }
        for entrance in self.entrances(before) {
            self.restore(&entrance, former, now);
        }
        self.restore_assigned_dates(former, before);
        stamp(before, &mut self.directory, now);
        self.changes = diff::revisions::between(before, &self.directory);
        self
    }

    fn restore(&mut self, (number, workspace): &Entrance, former: &Former, now: Timestamp) {
        let Directory { master, workspaces, .. } = &mut self.directory;
        let Some(name) = workspace else {
            if let (Some(entry), Some(known)) = (master.numbers.get_mut(number), former.entries.get(number)) {
                entry.notes.clone_from(&known.notes);
                entry.tags.clone_from(&known.tags);
                let is_registered = entry.workspaces.values().any(|it| it.imported);
                if entry.twilio.is_none() && is_registered {
                    entry.left = known.left.or_else(|| left_with(known, now));
                }
            }
            return;
        };
        let Some(date) = former.imports.get(&(*number, name.clone())) else { return };
        if let Some(numbers) = workspaces.get_mut(name).map(|files| &mut files.numbers.numbers)
            && let Ok(at) = numbers.binary_search_by_key(number, |entry| entry.phone_number)
        {
            numbers[at].import_date = *date;
        }
        if let Some(binding) = master.numbers.get_mut(number).and_then(|entry| entry.workspaces.get_mut(name)) {
            binding.import_date = *date;
        }
    }

    /// The date of an assignment belongs to its agent.
    fn restore_assigned_dates(&mut self, former: &Former, before: &Directory) {
        for ((number, name), known) in &former.assignments {
            let had = before.workspaces.get(name).and_then(|files| files.assignment(*number));
            if had.is_some_and(|had| had.agent_id == known.agent_id) {
                continue;
            }
            let Some(files) = self.directory.workspaces.get_mut(name) else { continue };
            let all = &mut files.assignments.assignments;
            if let Ok(at) = all.binary_search_by_key(number, |entry| entry.phone_number)
                && all[at].agent_id == known.agent_id
            {
                all[at].assigned_date = known.assigned_date;
            }
        }
    }
}

#[cfg(test)]
mod tests;
