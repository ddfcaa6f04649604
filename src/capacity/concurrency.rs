//! Calls at a time against the most that a workspace may have.

use crate::activity::peak::CallPeak;
use crate::model::WorkspaceName;

/// How many days the peaks and lost calls look back.
pub const LOOK_BACK_DAYS: i64 = 30;

/// What Retell says of a workspace's calls at a time; none for what it does not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LiveConcurrency {
    pub current: Option<u64>,
    /// The most that there may be.
    pub limit: Option<u64>,
    /// How many of those are kept for inbound calls.
    pub reserved_inbound: Option<u64>,
    /// The most that there may be at a surcharge; none where that is off.
    pub burst_limit: Option<u64>,
}

/// From which share of the limit on a workspace is short of it; what is absent asks for nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ConcurrencyThresholds {
    pub warn: Option<f64>,
    pub error: Option<f64>,
    /// Whether the limit is the one at a surcharge.
    pub count_burst: bool,
}

/// What is known of a workspace's calls at a time.
#[derive(Clone, Debug, PartialEq)]
pub struct WorkspaceConcurrency {
    pub workspace: WorkspaceName,
    /// What Retell says; why it could not be read; none where it was not asked.
    pub live: Option<Result<LiveConcurrency, String>>,
    /// Its most calls at a time in the last days, and those lost; none where no call is known.
    pub peak: Option<CallPeak>,
    pub thresholds: ConcurrencyThresholds,
}

impl WorkspaceConcurrency {
    /// What Retell said; nothing where it was not asked, or did not answer.
    pub fn read(&self) -> LiveConcurrency {
        self.live.as_ref().and_then(|live| live.as_ref().ok()).copied().unwrap_or_default()
    }

    /// The limit that counts.
    pub fn ceiling(&self) -> Option<u64> {
        let live = self.read();
        if self.thresholds.count_burst { live.burst_limit.max(live.limit) } else { live.limit }
    }

    /// The most calls at a time that are known: now, or in the last days.
    pub fn most(&self) -> Option<u64> {
        self.read().current.max(self.peak.as_ref().and_then(|peak| peak.most))
    }

    /// Calls that were lost because all concurrency was in use.
    pub fn lost(&self) -> u64 {
        self.peak.as_ref().map_or(0, |peak| peak.lost)
    }

    /// The share of the limit that the most calls took.
    pub fn share(&self) -> Option<f64> {
        let (most, ceiling) = (self.most()?, self.ceiling()?);
        #[allow(clippy::cast_precision_loss)] // calls at a time are far below 2^52
        Some(if ceiling == 0 { f64::INFINITY } else { most as f64 / ceiling as f64 })
    }

    /// Whether the limit was hit: calls were lost, or as many as it lets through were under way.
    pub fn was_hit(&self) -> bool {
        self.lost() > 0 || self.most().zip(self.ceiling()).is_some_and(|(most, ceiling)| most > 0 && most >= ceiling)
    }
}
