//! The most calls at a time, from the calls themselves.

use rusqlite::params;

use super::CallStore;
use crate::activity::peak::{CallPeak, most_at_a_time};
use crate::activity::time::{HOUR, Millis};
use crate::error::Result;
use crate::model::WorkspaceName;

/// A call lasts two hours at most; one whose end was not told has ended by then.
const LONGEST_CALL: i64 = 2 * HOUR;

impl CallStore {
    /// The most calls at a time of a workspace from one moment up to, and without, another, and how many were lost. Calls
    /// that were erased are not among them.
    pub fn peak(&self, workspace: &WorkspaceName, since: Millis, until: Millis) -> Result<CallPeak> {
        let read = || {
            let mut statement = self.connection.prepare_cached(
                "SELECT at_ms, coalesce(end_ms, at_ms + duration_ms, iif(status IS 'ongoing', ?4, at_ms)), outcome \
                 FROM call WHERE workspace = ?1 AND at_ms >= ?2 AND at_ms < ?3",
            )?;
            // A call that was under way at the first moment began before it.
            let from = since.0 - LONGEST_CALL;
            let mut rows = statement.query(params![workspace.as_str(), from, until.0, until.0])?;
            let (mut calls, mut lost) = (Vec::new(), 0);
            while let Some(row) = rows.next()? {
                let (start, end, outcome): (i64, i64, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
                if outcome == "lost" {
                    lost += u64::from(start >= since.0);
                    continue;
                }
                let end = end.min(start + LONGEST_CALL).min(until.0);
                if end > since.0 {
                    calls.push((Millis(start.max(since.0)), Millis(end)));
                }
            }
            let (most, at) = most_at_a_time(calls);
            Ok(CallPeak { most: Some(most), at, lost })
        };
        read().map_err(|error: rusqlite::Error| self.failed("read", error))
    }
}
