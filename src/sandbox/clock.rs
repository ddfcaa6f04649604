//! Where the sandbox's timestamps come from: the system's time, or steps that make a run repeatable.

use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};

/// How the sandbox dates changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Clock {
    /// The system's time.
    #[default]
    System,
    /// This moment, then one second later at each change: the same run gives the same timestamps.
    Stepping(DateTime<Utc>),
}

/// A [`Clock`] that has been started.
#[derive(Debug)]
pub(super) struct RunningClock {
    clock: Clock,
    steps: AtomicI64,
}

impl RunningClock {
    pub(super) fn new(clock: Clock) -> Self {
        Self { clock, steps: AtomicI64::new(0) }
    }

    /// The moment of a question, which is no change.
    pub(super) fn present(&self) -> DateTime<Utc> {
        match self.clock {
            Clock::System => Utc::now(),
            Clock::Stepping(start) => start + TimeDelta::seconds(self.steps.load(Ordering::Relaxed)),
        }
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        match self.clock {
            Clock::System => Utc::now(),
            Clock::Stepping(start) => start + TimeDelta::seconds(self.steps.fetch_add(1, Ordering::Relaxed)),
        }
    }
}

/// Writes a time as api.twilio.com does: RFC 2822 with a two-digit day, in GMT.
pub(super) fn rfc2822(time: DateTime<Utc>) -> String {
    time.format("%a, %d %b %Y %H:%M:%S +0000").to_string()
}

/// Writes a time as trunking.twilio.com does: ISO 8601 in whole seconds, with `Z`.
pub(super) fn iso8601(time: DateTime<Utc>) -> String {
    time.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}
