//! What a sync writes of itself into the log of syncs, which stays on this machine.

use super::{Baseline, Run};
use crate::commands::desk::providers::Sources;
use crate::error::Result;
use crate::model::count::Count;
use crate::model::sync_log::{SyncLog, SyncRun, SyncStatus, SyncType};
use crate::model::{canonical, paths};
use crate::render::outcome::sync::{SyncEnd, SyncOutcome};
use crate::store::transaction::{FileChange, Transaction};

impl Run<'_> {
    /// Writes the log, and data that is never committed.
    pub(super) fn logged(
        &self,
        baseline: &Baseline,
        report: SyncOutcome,
        mut files: Vec<FileChange>,
        transaction: &mut Transaction,
    ) -> Result<SyncOutcome> {
        if !self.options.dry_run {
            self.add_log(baseline, &report, &mut files)?;
            transaction.write(&files)?;
        }
        Ok(report)
    }

    /// Puts the log of syncs, with this one at its top, in place of the one that is among the files.
    pub(super) fn add_log(&self, baseline: &Baseline, report: &SyncOutcome, files: &mut Vec<FileChange>) -> Result<()> {
        files.retain(|file| file.path.as_str() != paths::SYNC);
        files.push(FileChange::write(paths::SYNC, self.log(baseline, report))?);
        Ok(())
    }

    fn log(&self, baseline: &Baseline, report: &SyncOutcome) -> String {
        let mut log = baseline.directory.sync_log.clone().unwrap_or_else(SyncLog::empty);
        let full = self.sources != Sources::Retell && self.options.is_whole();
        log.record(SyncRun {
            timestamp: self.desk.session.now,
            kind: if full { SyncType::Full } else { SyncType::Incremental },
            numbers_synced: Count::of(report.numbers),
            trunks_synced: Count::of(report.trunks),
            duration_ms: Count(u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)),
            status: match report.status {
                SyncEnd::Success | SyncEnd::Unchanged => SyncStatus::Success,
                SyncEnd::Incomplete => SyncStatus::Incomplete,
                SyncEnd::Failed => SyncStatus::Failed,
                SyncEnd::Refused => SyncStatus::Refused,
            },
        });
        canonical::to_text(&log)
    }
}
