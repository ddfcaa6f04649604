//! What a sync takes away: numbers from a workspace, their agents, Twilio's data, webhooks.

use std::collections::{BTreeMap, BTreeSet};

use super::{FEWEST, Hit, Rail, exceeds};
use crate::model::{Assignment, Directory, PhoneNumber, RegistryEntry, WorkspaceFiles, WorkspaceName};

/// What syncs took a short while ago.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecentLosses {
    /// The numbers that left a workspace or lost its agents.
    pub workspaces: BTreeMap<WorkspaceName, BTreeSet<PhoneNumber>>,
    /// The numbers that lost Twilio's data.
    pub twilio: BTreeSet<PhoneNumber>,
}

impl RecentLosses {
    /// Whether nothing was lost.
    pub fn is_empty(&self) -> bool {
        self.workspaces.is_empty() && self.twilio.is_empty()
    }

    /// Adds what another step took.
    pub fn add(&mut self, other: Self) {
        for (name, numbers) in other.workspaces {
            self.workspaces.entry(name).or_default().extend(numbers);
        }
        self.twilio.extend(other.twilio);
    }
}

/// What one step took.
pub fn lost_by(before: &Directory, after: &Directory) -> RecentLosses {
    let of_workspace = |(name, old): (&WorkspaceName, &WorkspaceFiles)| {
        let new = after.workspaces.get(name);
        let numbers: BTreeSet<_> = numbers(old).filter(|number| is_lost(*number, Some(old), new)).collect();
        (!numbers.is_empty()).then(|| (name.clone(), numbers))
    };
    RecentLosses {
        workspaces: before.workspaces.iter().filter_map(of_workspace).collect(),
        twilio: with_twilio(before).filter(|number| !has_twilio(after, *number)).collect(),
    }
}

pub(super) fn removals(
    name: &WorkspaceName,
    (before, after): (&Directory, &Directory),
    share: f64,
    recent: &RecentLosses,
) -> Option<Hit> {
    let old = before.workspaces.get(name)?;
    let new = after.workspaces.get(name);
    let lost: BTreeSet<PhoneNumber> = numbers(old).filter(|number| is_lost(*number, Some(old), new)).collect();
    if lost.is_empty() {
        return None;
    }
    // What came back since then was not lost.
    let is_still_lost = |number: &&PhoneNumber| old.assignment(**number).is_none_or(|known| !known.is_assigned());
    let recent: BTreeSet<PhoneNumber> =
        recent.workspaces.get(name).into_iter().flatten().filter(is_still_lost).copied().collect();
    let of = numbers(old).chain(recent.iter().copied()).collect::<BTreeSet<_>>().len();
    let together: BTreeSet<PhoneNumber> = lost.union(&recent).copied().collect();
    let is_everything = lost.len() == numbers(old).count();
    (is_everything || exceeds(together.len(), of, share)).then(|| Hit {
        rail: Rail::Removals(name.clone()),
        earlier: together.len() - lost.len(),
        numbers: together.into_iter().collect(),
        of,
    })
}

pub(super) fn twilio_loss((before, after): (&Directory, &Directory), share: f64, recent: &RecentLosses) -> Option<Hit> {
    let lost: BTreeSet<PhoneNumber> = with_twilio(before).filter(|number| !has_twilio(after, *number)).collect();
    if lost.is_empty() {
        return None;
    }
    let recent: BTreeSet<PhoneNumber> =
        recent.twilio.iter().filter(|number| !has_twilio(before, **number)).copied().collect();
    let of = with_twilio(before).count() + recent.len();
    let together: BTreeSet<PhoneNumber> = lost.union(&recent).copied().collect();
    exceeds(together.len(), of, share).then(|| Hit {
        rail: Rail::TwilioLoss,
        earlier: recent.len(),
        numbers: together.into_iter().collect(),
        of,
    })
}

/// Whether every number that had a webhook has none any more.
pub(super) fn webhooks(name: &WorkspaceName, before: &Directory, after: &Directory) -> Option<Hit> {
    let has = |files: Option<&WorkspaceFiles>, number: PhoneNumber| {
        files.and_then(|files| files.registered(number)).is_some_and(RegistryEntry::has_webhook)
    };
    let (old, new) = (before.workspaces.get(name)?, after.workspaces.get(name));
    let had: Vec<PhoneNumber> = numbers(old).filter(|number| has(Some(old), *number)).collect();
    let is_hit = had.len() >= FEWEST && !had.iter().any(|number| has(new, *number));
    let of = had.len();
    is_hit.then(|| Hit { rail: Rail::WebhookLoss(name.clone()), numbers: had, earlier: 0, of })
}

fn numbers(files: &WorkspaceFiles) -> impl Iterator<Item = PhoneNumber> {
    files.numbers.numbers.iter().map(|entry| entry.phone_number)
}

fn is_lost(number: PhoneNumber, old: Option<&WorkspaceFiles>, new: Option<&WorkspaceFiles>) -> bool {
    let is_assigned = |files: Option<&WorkspaceFiles>| {
        files.and_then(|files| files.assignment(number)).is_some_and(Assignment::is_assigned)
    };
    let is_removed = new.is_none_or(|files| files.registered(number).is_none());
    is_removed || (is_assigned(old) && !is_assigned(new))
}

fn with_twilio(directory: &Directory) -> impl Iterator<Item = PhoneNumber> {
    directory.master.numbers.iter().filter(|(_, entry)| entry.twilio.is_some()).map(|(number, _)| *number)
}

fn has_twilio(directory: &Directory, number: PhoneNumber) -> bool {
    directory.number(number).is_some_and(|entry| entry.twilio.is_some())
}
