//! Calls counted: the sums that every answer is made of, and which calls they are the sums of.

use super::money::MicroDollars;
use super::time::Millis;
use crate::model::{AgentId, PhoneNumber, WorkspaceName};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallCounts {
    pub calls: u64,
    pub inbound: u64,
    pub outbound: u64,
    pub connected: u64,
    /// Those lost because all concurrency was in use.
    pub lost: u64,
    /// Those that were not connected, or ended in an error.
    pub failed: u64,
    /// How long they lasted together, in milliseconds.
    pub duration_ms: i64,
    /// The minutes of inbound calls, each call's rounded up, as carriers count them.
    pub inbound_minutes: u64,
    /// The minutes of outbound calls, likewise.
    pub outbound_minutes: u64,
    /// What those cost whose cost is known.
    pub cost: MicroDollars,
    /// Those whose cost is not known yet.
    pub cost_unknown: u64,
    pub first: Option<Millis>,
    pub last: Option<Millis>,
}

impl CallCounts {
    pub fn add(&mut self, other: &Self) {
        self.calls += other.calls;
        self.inbound += other.inbound;
        self.outbound += other.outbound;
        self.connected += other.connected;
        self.lost += other.lost;
        self.failed += other.failed;
        self.duration_ms += other.duration_ms;
        self.inbound_minutes += other.inbound_minutes;
        self.outbound_minutes += other.outbound_minutes;
        self.cost += other.cost;
        self.cost_unknown += other.cost_unknown;
        self.first = [self.first, other.first].into_iter().flatten().min();
        self.last = [self.last, other.last].into_iter().flatten().max();
    }

    /// How long they lasted together, in whole seconds.
    pub fn seconds(&self) -> i64 {
        self.duration_ms / 1000
    }

    /// What they cost; none where there are calls and no cost is known.
    pub fn known_cost(&self) -> Option<MicroDollars> {
        (self.calls == 0 || self.cost_unknown < self.calls).then_some(self.cost)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TallyKey {
    pub workspace: WorkspaceName,
    /// Our number, where calls are told apart by it; none also where it is not E.164.
    pub number: Option<PhoneNumber>,
    /// The agent that Retell used, where calls are told apart by it.
    pub agent_id: Option<AgentId>,
    /// The day, hour, reason or direction, where calls are told apart by it.
    pub part: Option<String>,
}

/// Calls that were counted together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallTally {
    pub key: TallyKey,
    pub counts: CallCounts,
}

/// What calls are told apart by, beside number and agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TallyPart {
    /// Nothing.
    Whole,
    /// The day, in UTC.
    Day,
    /// The hour, in UTC.
    Hour,
    Reason,
    Direction,
}

impl TallyPart {
    /// Whether daily counts can tell it: those stay when calls are erased.
    pub fn is_in_daily_counts(self) -> bool {
        matches!(self, Self::Whole | Self::Day)
    }
}
