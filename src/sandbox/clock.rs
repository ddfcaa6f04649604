//! Where the sandbox's timestamps come from: the system's time, or steps that make a run repeatable.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};

/// How the sandbox dates changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Clock {
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
    started: Instant,
    began_ms: i64,
}

impl RunningClock {
    pub(super) fn new(clock: Clock) -> Self {
        let began = match clock {
            Clock::System => Utc::now(),
            Clock::Stepping(start) => start,
        };
        let began_ms = began.timestamp_millis();
        Self { clock, steps: AtomicI64::new(0), started: Instant::now(), began_ms }
    }

    /// The moment of a question, which is no change.
    pub(super) fn present(&self) -> DateTime<Utc> {
        match self.clock {
            Clock::System => Utc::now(),
            Clock::Stepping(start) => start + TimeDelta::seconds(self.steps.load(Ordering::Relaxed)),
        }
    }

    /// The moment of what happens by itself, in milliseconds: calls begin and end also while the clock stands.
    pub(super) fn passing_ms(&self) -> i64 {
        match self.clock {
            Clock::System => Utc::now().timestamp_millis(),
            Clock::Stepping(_) => self.began_ms + i64::try_from(self.started.elapsed().as_millis()).unwrap_or(i64::MAX),
        }
    }

    /// The moment at which it was started.
    pub(super) fn began_ms(&self) -> i64 {
        self.began_ms
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
