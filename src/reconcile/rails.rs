//! Rails: outcomes of a sync that look like an accident, and the flag that allows exactly each.

use crate::model::{Directory, PhoneNumber, WorkspaceName};

/// The share above which a change looks like an accident, unless `phone-dir.toml` says otherwise.
const DEFAULT_SHARE: f64 = 0.3;
/// A workspace with fewer numbers is only protected from losing all of them.
const SMALL_WORKSPACE: usize = 10;

/// How much a sync may do before a rail stops it, as fractions from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// The share of a workspace that may be removed or unassigned at once.
    pub removals: f64,
    /// The share of the directory that may lose its Twilio data at once.
    pub twilio_loss: f64,
    /// The share of a workspace that may be bound at once to agents that no folder has.
    pub unknown_agents: f64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { removals: DEFAULT_SHARE, twilio_loss: DEFAULT_SHARE, unknown_agents: DEFAULT_SHARE }
    }
}

/// What a sync must not do without being told to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rail {
    /// It would remove or unassign too much of a workspace.
    Removals(WorkspaceName),
    /// It would take Twilio's data from too much of the directory.
    TwilioLoss,
    /// It would bind too much of a workspace to agents that no folder has: keys may be swapped.
    UnknownAgents(WorkspaceName),
}

impl Rail {
    /// The flag that allows exactly this.
    pub fn flag(&self) -> String {
        match self {
            Self::Removals(workspace) => format!("--allow-removals={workspace}"),
            Self::TwilioLoss => "--allow-twilio-loss".to_owned(),
            Self::UnknownAgents(workspace) => format!("--allow-unknown-agents={workspace}"),
        }
    }
}

/// A rail that was hit, with the numbers that hit it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The rail.
    pub rail: Rail,
    /// The numbers concerned, sorted.
    pub numbers: Vec<PhoneNumber>,
    /// Of how many.
    pub of: usize,
}

impl Hit {
    /// What would happen, in words.
    pub fn message(&self) -> String {
        let (count, of) = (self.numbers.len(), self.of);
        match &self.rail {
            Rail::Removals(workspace) => {
                format!("this would remove or unassign {count} of {of} numbers of `{workspace}`")
            }
            Rail::TwilioLoss => {
                format!("this would take the Twilio data from {count} of {of} numbers of the directory")
            }
            Rail::UnknownAgents(workspace) => {
                format!(
                    "this would bind {count} of {of} numbers of `{workspace}` to agents that no folder has; are two keys swapped?"
                )
            }
        }
    }
}

/// Lists every rail that going from `before` to `after` hits.
pub fn check(before: &Directory, after: &Directory, limits: &Limits) -> Vec<Hit> {
    let workspaces = after.workspace_names();
    let mut hits: Vec<Hit> =
        workspaces.iter().filter_map(|name| removals(name, before, after, limits.removals)).collect();
    hits.extend(twilio_loss(before, after, limits.twilio_loss));
    hits.extend(workspaces.iter().filter_map(|name| unknown_agents(name, before, after, limits.unknown_agents)));
    hits
}

fn removals(name: &WorkspaceName, before: &Directory, after: &Directory, share: f64) -> Option<Hit> {
    let old = before.workspaces.get(name)?;
    let new = after.workspaces.get(name);
    let assigned = |files: Option<&crate::model::WorkspaceFiles>, number| {
        files.and_then(|files| files.assignment(number)).is_some_and(crate::model::Assignment::is_assigned)
    };
    let lost = |number: &PhoneNumber| {
        let removed = new.is_none_or(|files| files.registered(*number).is_none());
        removed || (assigned(Some(old), *number) && !assigned(new, *number))
    };
    let all: Vec<PhoneNumber> = old.numbers.numbers.iter().map(|entry| entry.phone_number).collect();
    let numbers: Vec<PhoneNumber> = all.iter().copied().filter(lost).collect();
    let everything = !all.is_empty() && numbers.len() == all.len();
    let too_many = all.len() >= SMALL_WORKSPACE && exceeds(numbers.len(), all.len(), share);
    (everything || too_many).then(|| Hit { rail: Rail::Removals(name.clone()), numbers, of: all.len() })
}

fn twilio_loss(before: &Directory, after: &Directory, share: f64) -> Option<Hit> {
    let had = before.master.numbers.iter().filter(|(_, entry)| entry.twilio.is_some()).map(|(number, _)| *number);
    let lost = |number: &PhoneNumber| after.number(*number).is_none_or(|entry| entry.twilio.is_none());
    let numbers: Vec<PhoneNumber> = had.filter(lost).collect();
    let of = before.master.numbers.len();
    exceeds(numbers.len(), of, share).then_some(Hit { rail: Rail::TwilioLoss, numbers, of })
}

fn unknown_agents(name: &WorkspaceName, before: &Directory, after: &Directory, share: f64) -> Option<Hit> {
    // Without any agent's folder there is nothing that a swapped key could contradict.
    after.agents.iter().find(|(_, folder)| folder.ids.values().any(Option::is_some))?;
    let files = after.workspaces.get(name)?;
    let newly_unknown = |number: &PhoneNumber| {
        let bound = |directory: &Directory| {
            let assignment = directory.workspaces.get(name).and_then(|files| files.assignment(*number));
            assignment.map(|known| known.voice_agents().into_iter().cloned().collect::<Vec<_>>()).unwrap_or_default()
        };
        let (old, new) = (bound(before), bound(after));
        new.iter().any(|id| after.agents.path_of(name, id).is_none() && !old.contains(id))
    };
    let all: Vec<PhoneNumber> = files.numbers.numbers.iter().map(|entry| entry.phone_number).collect();
    let numbers: Vec<PhoneNumber> = all.iter().copied().filter(newly_unknown).collect();
    exceeds(numbers.len(), all.len(), share).then(|| Hit {
        rail: Rail::UnknownAgents(name.clone()),
        numbers,
        of: all.len(),
    })
}

#[allow(clippy::cast_precision_loss)] // counts of numbers, far below 2^52
fn exceeds(part: usize, whole: usize, share: f64) -> bool {
    part > 0 && part as f64 > whole as f64 * share
}
