//! How many calls each workspace has at a time: what Retell says now, and what the store of calls knows of the last days.

use crate::activity::coverage::CallCoverage;
use crate::activity::peak::CallPeak;
use crate::activity::time::{DAY, Millis};
use crate::capacity::WorkspaceConcurrency;
use crate::capacity::concurrency::{LOOK_BACK_DAYS, LiveConcurrency};
use crate::commands::Session;
use crate::commands::desk::calls::{self, CallContext};
use crate::commands::desk::providers::Sources;
use crate::error::Result;
use crate::providers;
use crate::reconcile::live::{Outcome, Read};
use crate::store::calls::CallStore;

/// A row for each workspace of which something is known or was asked.
pub fn concurrency(
    context: &CallContext<'_>,
    is_live: bool,
    session: &Session,
) -> Result<(Vec<WorkspaceConcurrency>, Vec<CallCoverage>)> {
    let mut live = if is_live { ask(context, session)? } else { Vec::new() };
    let store = CallStore::open_to_ask(&context.place)?;
    let coverage = match &store {
        Some(store) => store.coverage(&context.workspaces)?,
        None => Vec::new(),
    };
    let mut rows = Vec::new();
    for workspace in &context.workspaces {
        let read =
            live.iter().position(|read| read.workspace.as_ref() == Some(workspace)).map(|at| live.swap_remove(at));
        let known = coverage.iter().find(|known| known.workspace == *workspace);
        let peak = match (&store, known) {
            (Some(store), Some(known)) => peak(store, known, calls::now(session))?,
            _ => None,
        };
        let configured = context.settings.capacity.concurrency.get(workspace);
        if read.is_some() || peak.is_some() {
            rows.push(WorkspaceConcurrency {
                workspace: workspace.clone(),
                live: read.map(outcome),
                peak,
                thresholds: configured.map(|configured| configured.thresholds).unwrap_or_default(),
            });
        }
    }
    Ok((rows, coverage))
}

/// The peak of the last days, as far as they are known; none where no call of the workspace was ever read.
fn peak(store: &CallStore, known: &CallCoverage, now: Millis) -> Result<Option<CallPeak>> {
    let since = now.minus(LOOK_BACK_DAYS * DAY);
    let Some(span) = known.complete.filter(|span| span.until > since) else { return Ok(None) };
    store.peak(&known.workspace, since.max(span.from), span.until).map(Some)
}

fn ask(context: &CallContext<'_>, session: &Session) -> Result<Vec<Read<LiveConcurrency>>> {
    let plan = context.desk.read_plan(Sources::Retell, &context.workspaces, &context.directory)?;
    providers::read_concurrency(&plan, &session.progress())
}

fn outcome(read: Read<LiveConcurrency>) -> Result<LiveConcurrency, String> {
    match read.outcome {
        Outcome::Complete(live) => Ok(live),
        Outcome::Partial(error) | Outcome::Failed(error) => Err(error.message().to_owned()),
    }
}
