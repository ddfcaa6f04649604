//! A last sync that is older than the project allows.

use chrono::Duration;

use crate::model::{Timestamp, paths};
use crate::validate::context::Context;
use crate::validate::finding::{Finding, Place, Pointer};
use crate::validate::rule::{Check, Explanation, Heading, Need, Reads, Rule, Severity, Shown};

pub static RULE: Rule = Rule {
    code: "stale-sync",
    severity: Severity::Warning,
    summary: "The last sync is not older than its interval",
    passed: "The last sync is recent",
    heading: Heading::Counted("sync is overdue", "syncs are overdue"),
    shown: Shown::WhenFailed,
    needs: &[Need::SyncLog],
    reads: &[Reads::SyncLog],
    explanation: Explanation {
        what: "The newer of `last_full_sync` and `last_incremental_sync` in `twilio/sync.json` is not older than `sync_interval_minutes`. It is skipped where that file is not, as in every clone.",
        why: "What changed in Twilio or Retell since then is not in the directory.",
        example: "The job that runs `phone-dir sync --all` every hour stopped two days ago.",
        fix: "Run `phone-dir sync --all`, or set `sync_interval_minutes` to what the team really does.",
    },
    check: Check::Rule(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Some(log) = &context.directory.sync_log else { return };
    let runs = [("last_full_sync", log.last_full_sync), ("last_incremental_sync", log.last_incremental_sync)];
    let last = runs.into_iter().filter_map(|(field, time)| Some((time?, field))).max();
    let Some((time, field)) =
        last.filter(|(time, _)| is_overdue(*time, context.occasion.now, log.sync_interval_minutes.0))
    else {
        return;
    };
    let message = format!("the last sync was at {time}, more than {} minutes ago", log.sync_interval_minutes);
    let place = Place::value(paths::SYNC, Pointer::root().at(field));
    findings.push(Finding::new(&RULE, place, message).help("run `phone-dir sync --all`"));
}

fn is_overdue(last: Timestamp, now: Timestamp, minutes: u64) -> bool {
    let interval = i64::try_from(minutes).ok().and_then(Duration::try_minutes);
    let due = interval.and_then(|interval| last.to_datetime().checked_add_signed(interval));
    due.is_some_and(|due| due < now.to_datetime())
}
