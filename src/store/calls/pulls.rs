//! How far each workspace's calls were read, and the pages of a reading: each is stored whole, with where to go on.

use std::collections::BTreeMap;

use super::database::{CallDatabase, DatabaseResult, WriteScope, values};
use super::{CallStore, rows};
use crate::activity::call::CallReport;
use crate::activity::coverage::{CallCoverage, CompleteSpan};
use crate::activity::pull::{CallPage, PullState, PullWindow, UnfinishedWindow};
use crate::activity::time::Millis;
use crate::error::Result;
use crate::model::WorkspaceName;

/// The last event that was received of a workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastEvent {
    pub workspace: WorkspaceName,
    /// When it came; none where none is kept.
    pub received: Option<Millis>,
    /// How many are kept, which is for a week.
    pub events: u64,
    /// Calls that were listed, and that no event told of, since events are received.
    pub missed: u64,
}

/// An event of Retell's, as it is stored: never its body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivedEvent {
    /// The workspace whose key signed it.
    pub workspace: WorkspaceName,
    pub event: &'static str,
    pub received: Millis,
    pub report: CallReport,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageStored<'a> {
    /// Which calls were asked for.
    pub window: &'a PullWindow,
    pub now: Millis,
    /// Whether the reading goes back far enough to count as the daily one.
    pub is_daily_reread: bool,
}

impl CallStore {
    /// For which time each workspace's calls are known.
    pub fn coverage(&self, workspaces: &[WorkspaceName]) -> Result<Vec<CallCoverage>> {
        let of = |workspace: &WorkspaceName| {
            let state = self.pull_state(workspace)?;
            Ok(CallCoverage {
                workspace: workspace.clone(),
                complete: state.complete,
                erased_before: state.erased_before,
            })
        };
        workspaces.iter().map(of).collect()
    }

    /// How far a workspace's calls were read.
    pub fn pull_state(&self, workspace: &WorkspaceName) -> Result<PullState> {
        self.read(|database| state(database, workspace))
    }

    /// Stores a page and where to go on; with the last page, the time is known. Says how many calls are new.
    pub fn keep_page(&mut self, workspace: &WorkspaceName, page: CallPage, stored: PageStored<'_>) -> Result<usize> {
        self.whole(WriteScope::Workspaces(std::slice::from_ref(workspace)), |database| {
            let before = state(database, workspace)?;
            let new = rows::take(database, workspace, page.reports, erased(&before, stored.window))?;
            match page.next {
                Some(key) => note_unfinished(database, workspace, stored, &key)?,
                None => note_finished(database, workspace, stored, before.complete)?,
            }
            Ok(new)
        })
    }

    /// Stores calls that have no start, whichever reading came across them. Says how many are new.
    pub fn keep_undated(&mut self, workspace: &WorkspaceName, reports: Vec<CallReport>) -> Result<usize> {
        self.whole(WriteScope::Workspaces(std::slice::from_ref(workspace)), |database| {
            let before = state(database, workspace)?;
            rows::take(database, workspace, reports, before.erased_before)
        })
    }

    /// Notes that calls without a start were looked for.
    pub fn note_sweep(&mut self, workspace: &WorkspaceName, now: Millis) -> Result<()> {
        let sql = "UPDATE coverage SET swept_ms = ?2 WHERE workspace = ?1";
        let scope = WriteScope::Workspaces(std::slice::from_ref(workspace));
        self.whole(scope, |database| database.run(sql, values![workspace.as_str(), now.0]))?;
        Ok(())
    }

    /// Forgets where a reading was to go on.
    pub fn forget_unfinished(&mut self, workspace: &WorkspaceName) -> Result<()> {
        let sql = "DELETE FROM pull WHERE workspace = ?1";
        let scope = WriteScope::Workspaces(std::slice::from_ref(workspace));
        self.whole(scope, |database| database.run(sql, values![workspace.as_str()]))?;
        Ok(())
    }

    /// The last event of each workspace, and the calls that no event told of since the first that is kept.
    pub fn last_events(&self, workspaces: &[WorkspaceName]) -> Result<Vec<LastEvent>> {
        self.read(|database| workspaces.iter().map(|workspace| last_event(database, workspace)).collect())
    }

    /// Stores a group of events: all of them, or none.
    pub fn keep_events(&mut self, events: &[ReceivedEvent]) -> Result<()> {
        let mut by_workspace: BTreeMap<WorkspaceName, Vec<&ReceivedEvent>> = BTreeMap::new();
        for event in events {
            by_workspace.entry(event.workspace.clone()).or_default().push(event);
        }
        let workspaces: Vec<_> = by_workspace.keys().cloned().collect();
        self.whole(WriteScope::Workspaces(&workspaces), |database| {
            by_workspace.iter().try_for_each(|(workspace, events)| keep_events(database, workspace, events))
        })
    }
}

fn keep_events(
    database: &dyn CallDatabase,
    workspace: &WorkspaceName,
    events: &[&ReceivedEvent],
) -> DatabaseResult<()> {
    let state = state(database, workspace)?;
    let reports = events.iter().map(|event| event.report.clone()).collect();
    rows::take(database, workspace, reports, state.erased_before)?;
    let row = |event: &&ReceivedEvent| {
        values![workspace.as_str(), event.report.call_id.as_str(), event.event, event.received.0]
    };
    let sql = "INSERT INTO event VALUES (?1, ?2, ?3, ?4) ON CONFLICT (workspace, call_id, event) DO NOTHING";
    database.execute(sql, events.iter().map(row).collect()).map(drop)
}

fn last_event(database: &dyn CallDatabase, workspace: &WorkspaceName) -> DatabaseResult<LastEvent> {
    let name = workspace.as_str();
    let sql = "SELECT max(received_ms), count(*), min(received_ms) FROM event WHERE workspace = ?1";
    let events = database.one(sql, values![name])?;
    let sql = "SELECT count(*) FROM call WHERE workspace = ?1 AND at_ms >= ?2 AND pulled = 1 AND pushed = 0 \
               AND status NOT IN ('registered', 'ongoing')";
    let missed = match events.integer(2)? {
        Some(first) => database.one(sql, values![name, first])?.count(0)?,
        None => 0,
    };
    let received = events.integer(0)?.map(Millis);
    Ok(LastEvent { workspace: workspace.clone(), received, events: events.count(1)?, missed })
}

/// Calls that must not come again: further back than was ever read, nothing was erased yet.
fn erased(state: &PullState, window: &PullWindow) -> Option<Millis> {
    let known_from = state.complete.map_or(window.until, |span| span.from);
    state.erased_before.filter(|_| window.from >= known_from)
}

fn state(database: &dyn CallDatabase, workspace: &WorkspaceName) -> DatabaseResult<PullState> {
    let sql = "SELECT from_ms, until_ms, reread_ms, erased_before_ms, swept_ms FROM coverage WHERE workspace = ?1";
    let coverage = database.first(sql, values![workspace.as_str()])?;
    let moment = |at| coverage.as_ref().map_or(Ok(None), |row| Ok(row.integer(at)?.map(Millis)));
    let (from, until, reread, erased_before, swept) = (moment(0)?, moment(1)?, moment(2)?, moment(3)?, moment(4)?);
    let complete = from.zip(until).map(|(from, until)| CompleteSpan { from, until });
    Ok(PullState { complete, erased_before, reread, swept, unfinished: unfinished(database, workspace)? })
}

fn unfinished(database: &dyn CallDatabase, workspace: &WorkspaceName) -> DatabaseResult<Option<UnfinishedWindow>> {
    let sql = "SELECT from_ms, until_ms, next_key, page_limit, stored_ms FROM pull WHERE workspace = ?1";
    let Some(row) = database.first(sql, values![workspace.as_str()])? else { return Ok(None) };
    let window = PullWindow {
        from: Millis(row.whole(0)?),
        until: Millis(row.whole(1)?),
        key: row.text(2)?.map(str::to_owned),
        limit: u32::try_from(row.whole(3)?).unwrap_or(PullWindow::LIMIT),
    };
    Ok(Some(UnfinishedWindow { window, stored: Millis(row.whole(4)?) }))
}

fn note_unfinished(
    database: &dyn CallDatabase,
    workspace: &WorkspaceName,
    stored: PageStored<'_>,
    key: &str,
) -> DatabaseResult<()> {
    let PullWindow { from, until, limit, .. } = stored.window;
    let sql = "INSERT INTO pull VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (workspace) DO UPDATE SET \
               from_ms = excluded.from_ms, until_ms = excluded.until_ms, next_key = excluded.next_key, \
               page_limit = excluded.page_limit, stored_ms = excluded.stored_ms";
    let row = values![workspace.as_str(), from.0, until.0, key, i64::from(*limit), stored.now.0];
    database.run(sql, row).map(drop)
}

fn note_finished(
    database: &dyn CallDatabase,
    workspace: &WorkspaceName,
    stored: PageStored<'_>,
    before: Option<CompleteSpan>,
) -> DatabaseResult<()> {
    database.run("DELETE FROM pull WHERE workspace = ?1", values![workspace.as_str()])?;
    let now = before.map_or(stored.window.span(), |before| before.joined(stored.window.span()));
    let reread = stored.is_daily_reread.then_some(stored.now.0);
    // Where more of the past is known now, calls without a start were not looked for in all of it.
    let sql = "INSERT INTO coverage (workspace, from_ms, until_ms, reread_ms) VALUES (?1, ?2, ?3, ?4) \
               ON CONFLICT (workspace) DO UPDATE SET \
               from_ms = excluded.from_ms, until_ms = excluded.until_ms, \
               reread_ms = coalesce(excluded.reread_ms, coverage.reread_ms), \
               swept_ms = CASE WHEN excluded.from_ms < coverage.from_ms THEN NULL ELSE coverage.swept_ms END";
    database.run(sql, values![workspace.as_str(), now.from.0, now.until.0, reread]).map(drop)
}
