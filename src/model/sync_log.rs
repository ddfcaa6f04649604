//! `phone-numbers/twilio/sync.json`: when the syncs ran. It is never committed.

use chrono::Duration;
use serde::{Deserialize, Serialize};

use super::count::Count;
use super::object::object_type;
use super::presence::{nullable, present};
use super::text::word_type;
use super::timestamp::Timestamp;

/// How many runs the history keeps.
pub const HISTORY_LENGTH: usize = 100;
/// The interval of a new project, in minutes.
pub const DEFAULT_INTERVAL_MINUTES: Count = Count(60);

/// How much a run covered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyncType {
    /// The whole Twilio account.
    Full,
    /// Less than that: one workspace, or Retell only.
    Incremental,
}

impl SyncType {
    /// Every type, in the order of the schema.
    pub const ALL: [Self; 2] = [Self::Full, Self::Incremental];

    /// The word in files and outputs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Incremental => "incremental",
        }
    }
}

word_type!(SyncType);

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyncStatus {
    /// Everything was read and applied.
    Success,
    /// Something could not be read; the rest was applied.
    Incomplete,
    /// Nothing could be read, or writing failed.
    Failed,
    /// A rail stopped it.
    Refused,
}

impl SyncStatus {
    /// Every status, in the order of the schema.
    pub const ALL: [Self; 4] = [Self::Success, Self::Incomplete, Self::Failed, Self::Refused];

    /// The word in files and outputs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Incomplete => "incomplete",
            Self::Failed => "failed",
            Self::Refused => "refused",
        }
    }
}

word_type!(SyncStatus);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct SyncRun {
    pub timestamp: Timestamp,
    /// How much it covered.
    #[serde(rename = "type")]
    pub kind: SyncType,
    pub numbers_synced: Count,
    pub trunks_synced: Count,
    /// How long it took, in milliseconds.
    pub duration_ms: Count,
    pub status: SyncStatus,
}

object_type!(SyncRun);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct SyncLog {
    /// An editor's reference to the schema.
    #[serde(rename = "$schema", default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The start of the last successful full run.
    #[serde(deserialize_with = "nullable")]
    pub last_full_sync: Option<Timestamp>,
    /// The start of the last successful incremental run.
    #[serde(deserialize_with = "nullable")]
    pub last_incremental_sync: Option<Timestamp>,
    /// The runs, newest first.
    pub sync_history: Vec<SyncRun>,
    /// When the next run is due.
    #[serde(deserialize_with = "nullable")]
    pub next_sync: Option<Timestamp>,
    /// How often a run is due, in minutes.
    pub sync_interval_minutes: Count,
}

object_type!(SyncLog);

impl SyncLog {
    /// The log of a project that was never synced.
    pub fn empty() -> Self {
        Self {
            schema: None,
            last_full_sync: None,
            last_incremental_sync: None,
            sync_history: Vec::new(),
            next_sync: None,
            sync_interval_minutes: DEFAULT_INTERVAL_MINUTES,
        }
    }

    /// Puts a run in front, and forgets the oldest beyond [`HISTORY_LENGTH`].
    pub fn record(&mut self, run: SyncRun) {
        if run.status == SyncStatus::Success {
            match run.kind {
                SyncType::Full => self.last_full_sync = Some(run.timestamp),
                SyncType::Incremental => self.last_incremental_sync = Some(run.timestamp),
            }
        }
        let minutes = i64::try_from(self.sync_interval_minutes.0).unwrap_or(i64::MAX);
        let due = Duration::try_minutes(minutes)
            .and_then(|interval| run.timestamp.to_datetime().checked_add_signed(interval));
        self.next_sync = due.map(Timestamp::from_datetime);
        self.sync_history.insert(0, run);
        self.sync_history.truncate(HISTORY_LENGTH);
    }
}
