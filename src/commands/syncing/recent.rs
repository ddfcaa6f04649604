//! What the syncs of the last 24 hours took, from their commits: several small losses make a large one.

use chrono::TimeDelta;

use crate::commands::drift::bases::{Walk, both_sides};
use crate::error::Result;
use crate::model::commit_trailers::CommitTrailers;
use crate::model::{Directory, Timestamp};
use crate::reconcile::rails::{Rail, RecentLosses, lost_by};
use crate::store::git::GitRepository;
use crate::store::project::Project;

/// How long ago a loss still counts, in hours.
const WINDOW: i64 = 24;
/// The most commits that are looked at.
const MOST_COMMITS: usize = 1_000;

/// Adds up what syncs took since a day before `now`, but for what a flag allowed.
///
/// A sync's time is the one that it wrote into the directory: the clock that `now` is from, whatever git's was. Nothing is
/// known outside of git and where commits are off.
pub fn losses(project: &Project, now: Timestamp) -> Result<RecentLosses> {
    let mut losses = RecentLosses::default();
    let Some(repository) = GitRepository::discover(project.root())? else { return Ok(losses) };
    let since = now.to_datetime() - TimeDelta::hours(WINDOW);
    let mut walk = Walk::from_head(&repository)?;
    for _ in 0..MOST_COMMITS {
        let Some((commit, ancestor)) = walk.next()? else { break };
        if ancestor.parents.len() > 1 {
            continue;
        }
        let message = repository.message(&commit)?;
        let sync = CommitTrailers::of(&message).filter(|trailers| trailers.sync_extent().is_some());
        let Some(sync) = sync else { continue };
        let Some((before, after)) = both_sides(&repository, &commit, &ancestor)? else { continue };
        if written(&after).is_some_and(|time| time.to_datetime() < since) {
            break;
        }
        losses.add(without_allowed(lost_by(&before, &after), &sync));
    }
    Ok(losses)
}

/// When a sync wrote the directory.
fn written(directory: &Directory) -> Option<Timestamp> {
    let files = directory.workspaces.values();
    let times = files.flat_map(|files| [files.numbers.last_sync, files.assignments.last_updated]);
    times.chain([directory.master.last_updated]).flatten().max()
}

fn without_allowed(mut lost: RecentLosses, sync: &CommitTrailers) -> RecentLosses {
    lost.workspaces.retain(|name, _| !sync.allows(&Rail::Removals(name.clone()).flag()));
    if sync.allows(&Rail::TwilioLoss.flag()) {
        lost.twilio.clear();
    }
    lost
}
