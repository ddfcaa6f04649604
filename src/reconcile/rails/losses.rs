//! What a sync takes away: numbers from a workspace, their agents, Twilio's data, webhooks.
//!
//! Each measure counts what this sync takes together with what earlier ones took and it does not give back.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{FEWEST, Hit, Rail, bindings, exceeds};
use crate::model::{Assignment, Directory, PhoneNumber, RegistryEntry, WorkspaceFiles, WorkspaceName};

/// Numbers that lost something, by the flag of the rail that counts them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LostNumbers(BTreeMap<String, BTreeSet<PhoneNumber>>);

impl LostNumbers {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The numbers that one rail counts.
    pub fn of(&self, rail: &Rail) -> impl Iterator<Item = PhoneNumber> {
        self.0.get(&rail.flag()).into_iter().flatten().copied()
    }

    /// The flags that would allow it.
    pub fn flags(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    pub(super) fn into_flags(self) -> impl Iterator<Item = (String, BTreeSet<PhoneNumber>)> {
        self.0.into_iter()
    }

    pub(super) fn has(&self, flag: &str, number: PhoneNumber) -> bool {
        self.0.get(flag).is_some_and(|numbers| numbers.contains(&number))
    }

    pub(super) fn add(&mut self, flag: String, numbers: BTreeSet<PhoneNumber>) {
        if !numbers.is_empty() {
            self.0.entry(flag).or_default().extend(numbers);
        }
    }
}

/// What one step took from lines that were there before it.
pub fn lost_by(before: &Directory, after: &Directory) -> LostNumbers {
    let mut lost = LostNumbers::default();
    for (name, old) in &before.workspaces {
        lost.add(Rail::Removals(name.clone()).flag(), removed(name, before, after));
        lost.add(Rail::WebhookLoss(name.clone()).flag(), unhooked(name, before, after));
        let strangers = bindings::strangers(name, before, after);
        let known = strangers.into_iter().filter(|number| old.registered(*number).is_some());
        lost.add(Rail::UnknownAgents(name.clone()).flag(), known.collect());
    }
    lost.add(Rail::TwilioLoss.flag(), without_twilio(before, after));
    lost
}

/// What this sync takes, together with what earlier ones took and it does not give back.
pub(super) struct TakenTogether {
    pub(super) numbers: BTreeSet<PhoneNumber>,
    pub(super) earlier: usize,
}

impl TakenTogether {
    /// None where this sync takes nothing, whatever earlier ones did.
    pub(super) fn of(
        rail: &Rail,
        taken: &BTreeSet<PhoneNumber>,
        recent: &LostNumbers,
        is_still_lost: impl Fn(PhoneNumber) -> bool,
    ) -> Option<Self> {
        if taken.is_empty() {
            return None;
        }
        let earlier = recent.of(rail).filter(|number| is_still_lost(*number));
        let numbers: BTreeSet<PhoneNumber> = taken.iter().copied().chain(earlier).collect();
        Some(Self { earlier: numbers.len() - taken.len(), numbers })
    }

    pub(super) fn hit(self, rail: Rail, of: usize) -> Hit {
        Hit { rail, earlier: self.earlier, numbers: self.numbers.into_iter().collect(), of }
    }
}

pub(super) fn removals(
    name: &WorkspaceName,
    (before, after): (&Directory, &Directory),
    share: f64,
    recent: &LostNumbers,
) -> Option<Hit> {
    let (rail, old) = (Rail::Removals(name.clone()), before.workspaces.get(name)?);
    let lost = removed(name, before, after);
    let together = TakenTogether::of(&rail, &lost, recent, |number| !is_assigned(after.workspaces.get(name), number))?;
    let of = numbers(old).chain(together.numbers.iter().copied()).collect::<BTreeSet<_>>().len();
    let is_everything = lost.len() == numbers(old).count();
    (is_everything || exceeds(together.numbers.len(), of, share)).then(|| together.hit(rail, of))
}

pub(super) fn twilio_loss((before, after): (&Directory, &Directory), share: f64, recent: &LostNumbers) -> Option<Hit> {
    let lost = without_twilio(before, after);
    let together = TakenTogether::of(&Rail::TwilioLoss, &lost, recent, |number| !has_twilio(after, number))?;
    let of = with_twilio(before).chain(together.numbers.iter().copied()).collect::<BTreeSet<_>>().len();
    exceeds(together.numbers.len(), of, share).then(|| together.hit(Rail::TwilioLoss, of))
}

/// Whether every number that had a webhook has none any more.
pub(super) fn webhooks(
    name: &WorkspaceName,
    before: &Directory,
    after: &Directory,
    recent: &LostNumbers,
) -> Option<Hit> {
    let rail = Rail::WebhookLoss(name.clone());
    let lost = unhooked(name, before, after);
    let together = TakenTogether::of(&rail, &lost, recent, |number| !has_webhook(after.workspaces.get(name), number))?;
    let is_any_left = numbers(before.workspaces.get(name)?).any(|number| {
        has_webhook(before.workspaces.get(name), number) && has_webhook(after.workspaces.get(name), number)
    });
    let of = together.numbers.len();
    (of >= FEWEST && !is_any_left).then(|| together.hit(rail, of))
}

fn numbers(files: &WorkspaceFiles) -> impl Iterator<Item = PhoneNumber> {
    files.numbers.numbers.iter().map(|entry| entry.phone_number)
}

/// The numbers that left a workspace or lost its agents.
fn removed(name: &WorkspaceName, before: &Directory, after: &Directory) -> BTreeSet<PhoneNumber> {
    let (old, new) = (before.workspaces.get(name), after.workspaces.get(name));
    let is_lost = |number: &PhoneNumber| {
        let is_removed = new.is_none_or(|files| files.registered(*number).is_none());
        is_removed || (is_assigned(old, *number) && !is_assigned(new, *number))
    };
    old.into_iter().flat_map(numbers).filter(is_lost).collect()
}

fn is_assigned(files: Option<&WorkspaceFiles>, number: PhoneNumber) -> bool {
    files.and_then(|files| files.assignment(number)).is_some_and(Assignment::is_assigned)
}

/// The numbers whose webhook is gone.
fn unhooked(name: &WorkspaceName, before: &Directory, after: &Directory) -> BTreeSet<PhoneNumber> {
    let (old, new) = (before.workspaces.get(name), after.workspaces.get(name));
    let is_lost = |number: &PhoneNumber| has_webhook(old, *number) && !has_webhook(new, *number);
    old.into_iter().flat_map(numbers).filter(is_lost).collect()
}

fn has_webhook(files: Option<&WorkspaceFiles>, number: PhoneNumber) -> bool {
    files.and_then(|files| files.registered(number)).is_some_and(RegistryEntry::has_webhook)
}

fn without_twilio(before: &Directory, after: &Directory) -> BTreeSet<PhoneNumber> {
    with_twilio(before).filter(|number| !has_twilio(after, *number)).collect()
}

fn with_twilio(directory: &Directory) -> impl Iterator<Item = PhoneNumber> {
    directory.master.numbers.iter().filter(|(_, entry)| entry.twilio.is_some()).map(|(number, _)| *number)
}

fn has_twilio(directory: &Directory, number: PhoneNumber) -> bool {
    directory.number(number).is_some_and(|entry| entry.twilio.is_some())
}
