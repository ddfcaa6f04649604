//! Holds git's decisions over what was read, number by number, before the directory is brought in step with it.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::{DecisionSides, DecisionStanding, SettledDecisions, Since, settle};
use crate::model::{Directory, LiveRecord, PhoneNumber, RegistryEntry, Setting, Settings, Timestamp, WorkspaceName};
use crate::reconcile::answers::Answers;
use crate::reconcile::live::RetellNumber;
use crate::reconcile::{Complete, spelling};

pub type Registration = (WorkspaceName, PhoneNumber);

/// The settings that git and Retell both had when a number's time of change was written down, as history tells them.
pub type Baselines = BTreeMap<Registration, Settings>;

/// The numbers of which only history can tell, each with the time of change that its file has.
pub type Undated = BTreeMap<Registration, Option<Timestamp>>;

/// The decisions in which Retell is to be followed, whatever git says.
pub type GivenUp = BTreeMap<Registration, BTreeSet<Setting>>;

/// A decision that Retell does not have, or that was settled in this run.
#[derive(Clone, Debug, PartialEq)]
pub struct DecisionOutcome {
    pub phone_number: PhoneNumber,
    pub workspace: WorkspaceName,
    pub setting: Setting,
    pub standing: DecisionStanding,
    /// What git says, or said where Retell is followed.
    pub git: Settings,
    pub live: Settings,
    /// What Retell had when git decided; none where that is not known.
    pub was: Option<Settings>,
}

impl DecisionOutcome {
    /// The number in its workspace.
    pub fn registration(&self) -> Registration {
        (self.workspace.clone(), self.phone_number)
    }
}

/// A number that differs from Retell without a record, and that Retell has changed since it was written down: only an
/// ancestor knows what both sides had. Gives the time of change that the file has.
pub fn undated<'a>(
    before: &Directory,
    read: impl IntoIterator<Item = (&'a WorkspaceName, &'a RetellNumber)>,
) -> Undated {
    let mut found = Undated::new();
    for (name, number) in read {
        let Some((entry, git)) = known(before, name, number.phone_number) else { continue };
        if !is_touched(entry, number) {
            continue;
        }
        let live = live_settings(number, entry, &git);
        let is_recorded = |setting| entry.live.as_ref().is_some_and(|record| record.has(setting));
        if Setting::decisions().any(|setting| !is_recorded(setting) && !git.agrees(&live, setting)) {
            found.insert((name.clone(), number.phone_number), entry.last_modified);
        }
    }
    found
}

pub fn numbers_read(complete: &Complete) -> impl Iterator<Item = (&WorkspaceName, &RetellNumber)> {
    complete.retell.iter().flat_map(|(name, read)| read.numbers.iter().map(move |number| (name, number)))
}

/// Lays git's decisions over what was read, and says what differs. Where git decided nothing else, that is what was read.
pub fn hold<'a>(
    before: &Directory,
    complete: &'a Complete,
    baselines: &Baselines,
    given_up: &GivenUp,
) -> (Cow<'a, Complete>, Vec<DecisionOutcome>) {
    let holding = Holding { before, baselines, given_up };
    let (mut laid_over, mut held) = (Cow::Borrowed(complete), Vec::new());
    for (name, read) in &complete.retell {
        for (index, number) in read.numbers.iter().enumerate() {
            let Some(settled) = holding.number(name, number, None, &mut held) else { continue };
            if let Some(read) = laid_over.to_mut().retell.get_mut(name) {
                settled.write_to(&mut read.numbers[index], &mut read.records);
            }
        }
    }
    (laid_over, held)
}

/// Lays git's decisions over Retell's answers about single numbers. `asked` is what Retell had before it was asked to
/// change them: its time of change there tells what differed until then, since this program itself moves it; and what
/// differs from it beyond what was asked was changed by others meanwhile.
pub fn hold_answers(
    before: &Directory,
    answers: &mut BTreeMap<WorkspaceName, Answers>,
    asked: &BTreeMap<Registration, &RetellNumber>,
    (baselines, given_up): (&Baselines, &GivenUp),
) -> Vec<DecisionOutcome> {
    let holding = Holding { before, baselines, given_up };
    let mut held = Vec::new();
    for (name, answers) in answers {
        for number in answers.numbers.values_mut().flatten() {
            let asked = asked.get(&(name.clone(), number.phone_number)).copied();
            if let Some(settled) = holding.number(name, number, asked, &mut held) {
                settled.write_to(number, &mut answers.records);
            }
        }
    }
    held
}

/// The decisions that leave a workspace with their numbers: recorded ones of numbers that a complete read does not have.
pub fn gone(before: &Directory, complete: &Complete) -> Vec<DecisionOutcome> {
    let mut gone = Vec::new();
    for (name, read) in &complete.retell {
        let listed = before.workspaces.get(name).into_iter().flat_map(|files| &files.numbers.numbers);
        let is_gone = |entry: &&RegistryEntry| {
            let number = entry.phone_number;
            read.numbers.binary_search_by_key(&number, |read| read.phone_number).is_err()
                && !spelling::any_may_mean(&read.left_out, number)
        };
        for entry in listed.filter(is_gone) {
            gone.extend(recorded(before, name, entry));
        }
    }
    gone
}

/// The decisions of a number that are recorded, as the files have them.
pub fn recorded(directory: &Directory, workspace: &WorkspaceName, entry: &RegistryEntry) -> Vec<DecisionOutcome> {
    let Some(record) = entry.live.as_deref() else { return Vec::new() };
    let Some(git) = Settings::of_directory(directory, workspace, entry.phone_number) else { return Vec::new() };
    let live = record.live(&git);
    let held = |setting| DecisionOutcome {
        phone_number: entry.phone_number,
        workspace: workspace.clone(),
        setting,
        standing: if record.is_conflict(setting) { DecisionStanding::Conflict } else { DecisionStanding::Pending },
        git: git.clone(),
        live: live.clone(),
        was: Some(record.was().clone()),
    };
    record.fields().map(held).collect()
}

/// The recorded decisions of a whole directory.
pub fn all_recorded(directory: &Directory) -> Vec<DecisionOutcome> {
    let entries = directory.workspaces.iter().flat_map(|(name, files)| {
        files.numbers.numbers.iter().filter(|entry| entry.live.is_some()).map(move |entry| (name, entry))
    });
    entries.flat_map(|(name, entry)| recorded(directory, name, entry)).collect()
}

/// What Retell had when git's values were decided, as far as files and Retell's stamp tell: what a change is held
/// against, since a pending decision is no sign that Retell moved.
pub fn known_live(
    before: &Directory,
    (workspace, number): (&WorkspaceName, PhoneNumber),
    live: Option<&RetellNumber>,
) -> Option<Settings> {
    let (entry, git) = known(before, workspace, number)?;
    let record = entry.live.as_deref();
    let mut had = record.map_or_else(|| git.clone(), |record| record.before_decisions(&git));
    if let Some(live) = live.filter(|live| !is_touched(entry, live)) {
        let now = live_settings(live, entry, &git);
        let is_recorded = |setting: &Setting| record.is_some_and(|record| record.has(*setting));
        Setting::decisions().filter(|setting| !is_recorded(setting)).for_each(|setting| had.take(&now, setting));
    }
    Some(had)
}

/// Lays git's decisions over what a provider said.
struct Holding<'a> {
    before: &'a Directory,
    baselines: &'a Baselines,
    given_up: &'a GivenUp,
}

impl Holding<'_> {
    /// What a number has from now on; none where that is what was read. `asked` is what Retell had before this program
    /// changed it, where it did.
    fn number(
        &self,
        workspace: &WorkspaceName,
        number: &RetellNumber,
        asked: Option<&RetellNumber>,
        held: &mut Vec<DecisionOutcome>,
    ) -> Option<SettledDecisions> {
        let (entry, git) = known(self.before, workspace, number.phone_number)?;
        let live = live_settings(number, entry, &git);
        let had = asked.map(|asked| live_settings(asked, entry, &git));
        let registration = (workspace.clone(), number.phone_number);
        let since = match &had {
            _ if is_touched(entry, asked.unwrap_or(number)) => {
                self.baselines.get(&registration).map_or(Since::Unknown, Since::Moved)
            }
            Some(had) => Since::Moved(had),
            None => Since::Untouched,
        };
        let none = BTreeSet::new();
        let given_up = self.given_up.get(&registration).unwrap_or(&none);
        let settled = settle(&DecisionSides { git: &git, live: &live, record: entry.live.as_deref(), since, given_up });
        held.extend(told(&registration, &settled, &git, &live));
        let is_as_read = settled.record.is_empty() && settled.settings == number.settings;
        (!is_as_read).then_some(settled)
    }
}

pub(super) fn known<'a>(
    before: &'a Directory,
    workspace: &WorkspaceName,
    number: PhoneNumber,
) -> Option<(&'a RegistryEntry, Settings)> {
    let entry = before.workspaces.get(workspace)?.registered(number)?;
    Some((entry, Settings::of_directory(before, workspace, number)?))
}

/// What Retell says; a fallback that cannot be read is the one that is known.
fn live_settings(number: &RetellNumber, entry: &RegistryEntry, git: &Settings) -> Settings {
    let mut live = number.settings.clone();
    if number.has_unread_fallback {
        let known = entry.live.as_deref().map_or_else(|| git.clone(), |record| record.live(git));
        live.take(&known, Setting::FallbackNumber);
    }
    live
}

/// Every change at Retell moves its time of change; where Retell gives none, nothing says that it was not changed.
fn is_touched(entry: &RegistryEntry, number: &RetellNumber) -> bool {
    number.last_modified.is_none() || entry.last_modified != number.last_modified
}

fn told(
    registration: &Registration,
    settled: &SettledDecisions,
    git: &Settings,
    live: &Settings,
) -> Vec<DecisionOutcome> {
    let (workspace, phone_number) = registration;
    let was = |record: &LiveRecord, setting| record.has(setting).then(|| record.was().clone());
    let told = |(setting, standing): &(Setting, DecisionStanding)| DecisionOutcome {
        phone_number: *phone_number,
        workspace: workspace.clone(),
        setting: *setting,
        standing: *standing,
        git: git.clone(),
        live: live.clone(),
        was: was(&settled.record, *setting),
    };
    settled.fields.iter().map(told).collect()
}
