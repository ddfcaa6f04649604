//! What was lost in the last 24 hours: several small losses make a large one.
//!
//! Two accounts are asked. Git's has what every clone sees: the files at each commit since the state of a day ago. The
//! working tree's own record has what no commit shows: syncs whose commits were amended, squashed or never made.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Baseline, Run};
use crate::commands::desk::commits::{both_sides, readable};
use crate::error::{Error, Result};
use crate::model::{Directory, Timestamp, paths};
use crate::reconcile::rails::{Excuse, LossTally, LostNumbers, lost_by};
use crate::store::git::{CommitId, GitRepository};
use crate::store::losses::{LossRecord, RecordedLoss};
use crate::store::path::ProjectPath;
use crate::store::transaction::Transaction;

/// How long ago a loss still counts, in hours.
const WINDOW: i64 = 24;
/// The most commits of a day whose files are compared.
const MOST_COMMITS: usize = 1_000;

/// The moment before which a loss does not count any more.
fn day_before(now: Timestamp) -> DateTime<Utc> {
    now.to_datetime() - TimeDelta::hours(WINDOW)
}

impl Run<'_> {
    /// Adds up what was lost since a day ago, but for what a person or a flag took; with why that is not all, where it is not.
    pub(super) fn recent_losses(&self, baseline: &Baseline) -> Result<(LostNumbers, Option<String>)> {
        let since = day_before(self.desk.session.now);
        let mut remembered = LossTally::default();
        let steps = self.record.iter().flat_map(|record| &record.steps);
        for step in steps.rev().filter(|step| step.at.to_datetime() > since) {
            remembered.add_earlier(step.lost.clone(), &Excuse::Allowed(step.allowed.clone()));
        }
        let (committed, gap) = self.committed_losses(baseline, since)?;
        Ok((committed.counted_with(remembered), gap))
    }

    fn committed_losses(&self, baseline: &Baseline, since: DateTime<Utc>) -> Result<(LossTally, Option<String>)> {
        let mut tally = LossTally::default();
        let (Some(tip), Some(repository)) = (&baseline.tip, self.desk.git()?) else {
            return Ok((tally, None));
        };
        if self.writing == super::Writing::FilesOnly && !self.record.as_ref().is_some_and(|it| is_whole(it, since)) {
            // Since when is not known: the record is younger than a day.
            let committed = readable(&repository, tip)?;
            let lost = committed.map(|committed| lost_by(&committed, &baseline.directory));
            tally.add_earlier(lost.unwrap_or_default(), &Excuse::Nothing);
        }
        let gap = match add_commits(&mut tally, &repository, tip, since) {
            Ok(DayHistory::Whole) => None,
            Ok(DayHistory::Shallow) => Some("this clone is shallow".to_owned()),
            Err(error) => Some(error.message().to_owned()),
        };
        Ok((tally, gap))
    }

    /// Refuses to take more where it is not known how much was taken: a flag for each kind of loss takes the question away.
    pub(super) fn refuse_unknown_losses(&self, lost: &LostNumbers, gap: &str) -> Result<()> {
        let allowed = self.options.allowed_flags();
        let open: Vec<_> = lost.flags().filter(|flag| !allowed.contains(*flag)).collect();
        if open.is_empty() {
            return Ok(());
        }
        Err(Error::cannot_tell(format!(
            "this sync takes numbers, agents or webhooks away, and what syncs of the last 24 hours took already is not known: {gap}"
        ))
        .hint(format!(
            "`git fetch --unshallow` brings the history, in CI `fetch-depth: 0`; `{}` takes them whatever was taken before",
            open.join(" ")
        )))
    }

    /// What this sync is about to take from what was there before; none where that is not worth a record.
    pub(super) fn loss(&self, (before, after): (&Directory, &Directory), allowed: &[String]) -> Option<RecordedLoss> {
        let lost = lost_by(before, after);
        let is_recorded = !lost.is_empty() || (self.writing != super::Writing::Commits && self.record.is_none());
        is_recorded.then(|| RecordedLoss { at: self.desk.session.now, lost, allowed: allowed.to_vec() })
    }

    pub(super) fn remember(&self, loss: Option<RecordedLoss>, transaction: &Transaction) -> Result<()> {
        let since = Timestamp::from_datetime(day_before(self.desk.session.now));
        loss.map_or(Ok(()), |loss| transaction.losses().add(loss, since))
    }
}

/// Whether a record goes back far enough to know every sync since.
fn is_whole(record: &LossRecord, since: DateTime<Utc>) -> bool {
    record.since.to_datetime() <= since
}

/// Adds what each commit took that the branch did not have a day ago, the newest first.
fn add_commits(
    tally: &mut LossTally,
    repository: &GitRepository,
    tip: &CommitId,
    since: DateTime<Utc>,
) -> Result<DayHistory> {
    let folder = repository.path_in_git(&ProjectPath::parse(paths::FOLDER)?);
    let lately = repository.commits().committed_since(tip, since)?;
    let mut compared = 0;
    for commit in &lately.commits {
        // A merge brings what its sides took, and these are commits of their own.
        let Some(parent) = repository.commits().parents(commit)?.only() else { continue };
        if repository.objects().is_same_folder(&folder, &parent, commit)? {
            continue;
        }
        compared += 1;
        if compared > MOST_COMMITS {
            break;
        }
        let Some((before, after)) = both_sides(repository, &parent, commit)? else { continue };
        let excuse = Excuse::of_commit(&repository.commits().message(commit)?, &before, &after);
        tally.add_earlier(lost_by(&before, &after), &excuse);
    }
    Ok(if lately.is_cut { DayHistory::Shallow } else { DayHistory::Whole })
}

/// How much of a day's history is here.
enum DayHistory {
    Whole,
    Shallow,
}
