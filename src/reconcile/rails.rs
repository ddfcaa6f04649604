//! Rails: outcomes of a sync that look like an accident, and the flag that allows exactly each.
//!
//! [`losses`] measures what a sync takes away, [`bindings`] whom it binds numbers to, [`tally`] what of the last day
//! counts along. [`COVERED`] says in words what is refused; docs/troubleshooting.md shows it.

mod bindings;
mod losses;
mod tally;

use crate::model::{Directory, PhoneNumber, WorkspaceName};
pub use losses::{LostNumbers, lost_by};
pub use tally::{Excuse, LossTally};

/// The share above which a change looks like an accident, unless `phone-dir.toml` says otherwise.
const DEFAULT_SHARE: f64 = 0.3;
/// Fewer numbers than this are no accident, unless they are all that there are.
const FEWEST: usize = 3;

/// How much a sync may do before a rail stops it, as fractions from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// The share of a workspace that may be removed or unassigned at once.
    pub removals: f64,
    /// The share of the numbers with Twilio data that may lose it at once.
    pub twilio_loss: f64,
    /// The share of a workspace's bound numbers that may lose their agents' folders, or be bound to agents without one.
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
    /// It would take Twilio's data from too many numbers.
    TwilioLoss,
    /// It would leave too much of a workspace with agents that no folder has: keys may be swapped, folders gone.
    UnknownAgents(WorkspaceName),
    /// It would give every bound line of a workspace the same agent.
    OneAgent(WorkspaceName),
    /// It would take every webhook of a workspace.
    WebhookLoss(WorkspaceName),
    /// The workspace's key belongs to another organisation than its files say, or to another workspace's; why, in words.
    OrgChange(WorkspaceName, String),
}

impl Rail {
    pub fn name(&self) -> &'static str {
        match self {
            Self::Removals(_) => "--allow-removals",
            Self::TwilioLoss => "--allow-twilio-loss",
            Self::UnknownAgents(_) => "--allow-unknown-agents",
            Self::OneAgent(_) => "--allow-one-agent",
            Self::WebhookLoss(_) => "--allow-webhook-loss",
            Self::OrgChange(..) => "--allow-org-change",
        }
    }

    /// The workspace; none for what is not one's.
    fn workspace(&self) -> Option<&WorkspaceName> {
        match self {
            Self::TwilioLoss => None,
            Self::Removals(workspace)
            | Self::UnknownAgents(workspace)
            | Self::OneAgent(workspace)
            | Self::WebhookLoss(workspace)
            | Self::OrgChange(workspace, _) => Some(workspace),
        }
    }

    /// The flag that allows exactly this.
    pub fn flag(&self) -> String {
        match self.workspace() {
            Some(workspace) => format!("{}={workspace}", self.name()),
            None => self.name().to_owned(),
        }
    }
}

/// One row of the table of rails.
#[derive(Clone, Copy, Debug)]
pub struct CoveredByRail {
    pub what: &'static str,
    /// The name of the flag that allows it.
    pub flag: &'static str,
    /// The setting below `[rails]` that moves its share; none where it has none.
    pub setting: Option<&'static str>,
}

/// What the rails of a sync cover.
pub const COVERED: &[CoveredByRail] = &[
    CoveredByRail {
        what: "all of a workspace removed or unassigned; or more than 30 % of it and at least 3 numbers, counted together with what was lost in the last 24 hours, other than by a person's own command or commit, without the flag",
        flag: "--allow-removals",
        setting: Some("removals"),
    },
    CoveredByRail {
        what: "Twilio's data gone from more than 30 % of the numbers that have it, and at least 3, counted in the same way",
        flag: "--allow-twilio-loss",
        setting: Some("twilio-loss"),
    },
    CoveredByRail {
        what: "more than 30 % of a workspace's bound numbers, and at least 3, that lose their agents' folders or are bound to agents that no folder has (two keys swapped, folders not checked out), counted in the same way; or no folder left for any of them, although their agents did not change",
        flag: "--allow-unknown-agents",
        setting: Some("unknown-agents"),
    },
    CoveredByRail {
        what: "every bound line of a workspace, 3 or more, with the same agent (the one of largest weight) or the same agents, where there were two or more",
        flag: "--allow-one-agent",
        setting: None,
    },
    CoveredByRail {
        what: "every webhook of a workspace gone, 3 or more, counted in the same way",
        flag: "--allow-webhook-loss",
        setting: None,
    },
    CoveredByRail {
        what: "a workspace read with a key of another organisation than its numbers.json says, or two workspaces read with one; where no organisation is written down, lines that agents of other workspaces answer, and none of its own; commands that change Retell refuse such a key too, and questions say so",
        flag: "--allow-org-change",
        setting: None,
    },
];

/// A rail that was hit, with the numbers that hit it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    pub rail: Rail,
    /// The numbers concerned, sorted.
    pub numbers: Vec<PhoneNumber>,
    /// How many of them were lost in the last 24 hours, before this sync.
    pub earlier: usize,
    pub of: usize,
}

impl Hit {
    /// What would happen, in words.
    pub fn message(&self) -> String {
        let (count, of) = (self.numbers.len(), self.of);
        let earlier = match self.earlier {
            0 => String::new(),
            earlier => format!(", {earlier} of them in the last 24 hours"),
        };
        match &self.rail {
            Rail::Removals(workspace) => {
                format!("this would remove or unassign {count} of {of} numbers of `{workspace}`{earlier}")
            }
            Rail::TwilioLoss => {
                format!("this would take the Twilio data from {count} of the {of} numbers that have it{earlier}")
            }
            Rail::OrgChange(workspace, why) => format!("the key of `{workspace}` {why}; are two keys swapped?"),
            Rail::UnknownAgents(workspace) => {
                format!(
                    "this would leave {count} of {of} bound numbers of `{workspace}` with agents that no folder has{earlier}; \
                     are two keys swapped, or folders not there?"
                )
            }
            Rail::OneAgent(workspace) => {
                format!("this would give all {of} bound numbers of `{workspace}` the same agent or agents")
            }
            Rail::WebhookLoss(workspace) => format!("this would take all {of} webhooks of `{workspace}`{earlier}"),
        }
    }
}

/// Lists every rail that going from `before` to `after` hits; `recent` is what was lost in the last 24 hours already.
pub fn check(before: &Directory, after: &Directory, limits: &Limits, recent: &LostNumbers) -> Vec<Hit> {
    let workspaces = after.workspace_names();
    let each =
        |measure: &dyn Fn(&WorkspaceName) -> Option<Hit>| workspaces.iter().filter_map(measure).collect::<Vec<_>>();
    let mut hits = each(&|name| losses::removals(name, (before, after), limits.removals, recent));
    hits.extend(losses::twilio_loss((before, after), limits.twilio_loss, recent));
    hits.extend(each(&|name| bindings::unknown_agents(name, (before, after), limits.unknown_agents, recent)));
    hits.extend(each(&|name| bindings::one_agent(name, before, after)));
    hits.extend(each(&|name| losses::webhooks(name, before, after, recent)));
    hits
}

/// Whether a part is more than a share of the whole, and not just one number or two.
#[allow(clippy::cast_precision_loss)] // counts of numbers, far below 2^52
fn exceeds(part: usize, whole: usize, share: f64) -> bool {
    part >= FEWEST && part as f64 > whole as f64 * share
}

#[cfg(test)]
mod tests;
