//! What happens now: calls under way, and the last hour by the minute.

use crate::activity::time::Millis;

/// The calls of one line with one agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveLine {
    pub workspace: String,
    /// Our number; none where it is not E.164.
    pub phone_number: Option<String>,
    /// The agent that Retell uses.
    pub agent_id: Option<String>,
    pub ongoing: u64,
    /// Calls that began in the last hour.
    pub last_hour: u64,
    /// Those of them that were lost because all concurrency was in use.
    pub lost: u64,
}

/// What happens now, and happened in the last hour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveCalls {
    pub now: Millis,
    /// The lines on which something happens.
    pub lines: Vec<LiveLine>,
    /// Calls that began in each of the last 60 minutes, the oldest first.
    pub minutes: Vec<u64>,
    /// Calls of the last hour that were not connected, or ended in an error.
    pub failed: u64,
}

impl LiveCalls {
    pub fn at(now: Millis) -> Self {
        Self { now, lines: Vec::new(), minutes: vec![0; 60], failed: 0 }
    }
}
