//! `phone-numbers/twilio/sync.json`: when the syncs ran. It is never committed.

use chrono::Duration;
use serde::{Deserialize, Serialize};

use super::count::Count;
use super::object::object_type;
use super::presence::{nullable, present};
use super::text::word_type;
use super::timestamp::Timestamp;
use crate::words::word_enum;

/// How many runs the history keeps.
pub const HISTORY_LENGTH: usize = 100;
/// The interval of a new project, in minutes.
pub const DEFAULT_INTERVAL_MINUTES: Count = Count(60);

word_enum! {
    /// How much a run covered.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum SyncType {
        /// The whole Twilio account.
        Full = "full",
        /// Less than that: one workspace, or Retell only.
        Incremental = "incremental",
    } listed
}

word_type!(SyncType);

word_enum! {
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum SyncStatus {
        /// Everything was read and applied.
        Success = "success",
        /// Something could not be read; the rest was applied.
        Incomplete = "incomplete",
        /// Nothing could be read, or writing failed.
        Failed = "failed",
        /// A rail stopped it.
        Refused = "refused",
    } listed
}

word_type!(SyncStatus);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct SyncRun {
    pub timestamp: Timestamp,
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

#[cfg(test)]
mod tests {
    use super::*;

    fn run(time: &str, kind: SyncType, status: SyncStatus) -> SyncRun {
        let timestamp = time.parse().unwrap();
        SyncRun { timestamp, kind, numbers_synced: Count(1), trunks_synced: Count(2), duration_ms: Count(3), status }
    }

    #[test]
    fn a_run_that_succeeds_is_the_last_one_of_its_type_and_every_run_says_when_the_next_is_due() {
        for (kind, status, expected) in [
            (SyncType::Full, SyncStatus::Success, [true, false]),
            (SyncType::Incremental, SyncStatus::Success, [false, true]),
            (SyncType::Full, SyncStatus::Incomplete, [false, false]),
            (SyncType::Incremental, SyncStatus::Failed, [false, false]),
            (SyncType::Full, SyncStatus::Refused, [false, false]),
        ] {
            let mut log = SyncLog { sync_interval_minutes: Count(90), ..SyncLog::empty() };
            let run = run("2026-01-31T23:00:00Z", kind, status);
            log.record(run.clone());
            let last = expected.map(|is_last| is_last.then_some(run.timestamp));
            assert_eq!([log.last_full_sync, log.last_incremental_sync], last, "{kind} {status}");
            assert_eq!(log.next_sync, Some("2026-02-01T00:30:00Z".parse().unwrap()));
            assert_eq!(log.sync_history, [run]);
        }
        let mut log = SyncLog { sync_interval_minutes: Count(u64::MAX), ..SyncLog::empty() };
        log.record(run("2026-01-31T23:00:00Z", SyncType::Full, SyncStatus::Success));
        assert_eq!(log.next_sync, None);
    }

    #[test]
    fn the_newest_runs_are_kept_in_front() {
        let mut log = SyncLog::empty();
        assert_eq!(log.sync_interval_minutes, Count(60));
        let runs: Vec<SyncRun> = (0..102)
            .map(|at| {
                run(&format!("2026-01-01T{:02}:{:02}:00Z", at / 60, at % 60), SyncType::Full, SyncStatus::Success)
            })
            .collect();
        for run in &runs {
            log.record(run.clone());
        }
        assert_eq!(log.sync_history, runs.iter().rev().take(100).cloned().collect::<Vec<_>>());
        assert_eq!(log.last_full_sync, Some(runs[101].timestamp));
    }

    #[test]
    fn the_words_of_files_are_these() {
        assert_eq!(SyncType::ALL.map(SyncType::as_str), ["full", "incremental"]);
        assert_eq!(SyncStatus::ALL.map(SyncStatus::as_str), ["success", "incomplete", "failed", "refused"]);
    }
}
