//! The most calls at a time, from the calls themselves.

use super::CallStore;
use super::database::values;
use crate::activity::peak::{CallPeak, PeakSweep};
use crate::activity::time::{HOUR, Millis};
use crate::error::Result;
use crate::model::WorkspaceName;

/// A call lasts two hours at most; one whose end was not told has ended by then.
const LONGEST_CALL: i64 = 2 * HOUR;

impl CallStore {
    /// The most calls at a time of a workspace from one moment up to, and without, another, and how many were lost. Calls
    /// that were erased are not among them.
    pub fn peak(&self, workspace: &WorkspaceName, since: Millis, until: Millis) -> Result<CallPeak> {
        let sql = "SELECT at_ms, coalesce(end_ms, at_ms + duration_ms, CASE status WHEN 'ongoing' THEN ?4 ELSE at_ms END), \
                   outcome FROM call WHERE workspace = ?1 AND at_ms >= ?2 AND at_ms < ?3 ORDER BY at_ms";
        // A call that was under way at the first moment began before it.
        let asked = values![workspace.as_str(), since.0 - LONGEST_CALL, until.0, until.0];
        self.read(|database| {
            let (mut sweep, mut lost) = (PeakSweep::default(), 0);
            database.query(sql, asked, &mut |row| {
                let (start, end) = (row.whole(0)?, row.whole(1)?);
                if row.text(2)? == Some("lost") {
                    lost += u64::from(start >= since.0);
                    return Ok(());
                }
                let end = end.min(start + LONGEST_CALL).min(until.0);
                if end > since.0 {
                    sweep.add(Millis(start.max(since.0)), Millis(end));
                }
                Ok(())
            })?;
            let (most, at) = sweep.most();
            Ok(CallPeak { most: Some(most), at, lost })
        })
    }
}
