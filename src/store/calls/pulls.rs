//! How far each workspace's calls were read, and the pages of a reading: each is stored whole, with where to go on.

use rusqlite::{Connection, OptionalExtension, params};

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
    /// The workspace.
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
    /// The event's name.
    pub event: &'static str,
    /// When it came.
    pub received: Millis,
    /// What it tells of its call.
    pub report: CallReport,
}

/// A page that was stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageStored<'a> {
    /// Which calls were asked for.
    pub window: &'a PullWindow,
    /// The present.
    pub now: Millis,
    /// Whether the reading goes back far enough to count as the daily one.
    pub is_daily_reread: bool,
}

impl CallStore {
    /// For which time each workspace's calls are known.
    pub fn coverage(&self, workspaces: &[WorkspaceName]) -> Result<Vec<CallCoverage>> {
        let of = |workspace: &WorkspaceName| {
            let state = state(&self.connection, workspace)?;
            Ok(CallCoverage {
                workspace: workspace.clone(),
                complete: state.complete,
                erased_before: state.erased_before,
            })
        };
        let all: rusqlite::Result<Vec<_>> = workspaces.iter().map(of).collect();
        all.map_err(|error| self.failed("read", error))
    }

    /// How far a workspace's calls were read.
    pub fn pull_state(&self, workspace: &WorkspaceName) -> Result<PullState> {
        state(&self.connection, workspace).map_err(|error| self.failed("read", error))
    }

    /// Stores a page and where to go on; with the last page, the time is known. Says how many calls are new.
    pub fn keep_page(&mut self, workspace: &WorkspaceName, page: CallPage, stored: PageStored<'_>) -> Result<usize> {
        self.whole(|connection| {
            let before = state(connection, workspace)?;
            let new = rows::take(connection, workspace, page.reports, erased(&before, stored.window))?;
            match page.next {
                Some(key) => note_unfinished(connection, workspace, stored, &key)?,
                None => note_finished(connection, workspace, stored, before.complete)?,
            }
            Ok(new)
        })
    }

    /// Forgets where a reading was to go on.
    pub fn forget_unfinished(&mut self, workspace: &WorkspaceName) -> Result<()> {
        self.whole(|connection| connection.execute("DELETE FROM pull WHERE workspace = ?1", [workspace.as_str()]))?;
        Ok(())
    }

    /// The last event of each workspace, and the calls that no event told of since the first that is kept.
    pub fn last_events(&self, workspaces: &[WorkspaceName]) -> Result<Vec<LastEvent>> {
        let of = |workspace: &WorkspaceName| {
            let name = workspace.as_str();
            let sql = "SELECT max(received_ms), count(*), min(received_ms) FROM event WHERE workspace = ?1";
            let (last, events, first): (Option<i64>, u64, Option<i64>) =
                self.connection.query_row(sql, [name], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
            let sql = "SELECT count(*) FROM call WHERE workspace = ?1 AND at_ms >= ?2 AND pulled = 1 AND pushed = 0 \
                       AND status NOT IN ('registered', 'ongoing')";
            let missed =
                first.map_or(Ok(0), |first| self.connection.query_row(sql, params![name, first], |row| row.get(0)))?;
            Ok(LastEvent { workspace: workspace.clone(), received: last.map(Millis), events, missed })
        };
        let all: rusqlite::Result<Vec<_>> = workspaces.iter().map(of).collect();
        all.map_err(|error| self.failed("read", error))
    }

    /// Stores a group of events: all of them, or none.
    pub fn keep_events(&mut self, events: &[ReceivedEvent]) -> Result<()> {
        self.whole(|connection| {
            for event in events {
                let state = state(connection, &event.workspace)?;
                rows::take(connection, &event.workspace, vec![event.report.clone()], state.erased_before)?;
                connection.prepare_cached("INSERT OR IGNORE INTO event VALUES (?1, ?2, ?3, ?4)")?.execute(params![
                    event.workspace.as_str(),
                    event.report.call_id.as_str(),
                    event.event,
                    event.received.0
                ])?;
            }
            Ok(())
        })
    }
}

/// Calls that must not come again: further back than was ever read, nothing was erased yet.
fn erased(state: &PullState, window: &PullWindow) -> Option<Millis> {
    let known_from = state.complete.map_or(window.until, |span| span.from);
    state.erased_before.filter(|_| window.from >= known_from)
}

pub(super) fn state(connection: &Connection, workspace: &WorkspaceName) -> rusqlite::Result<PullState> {
    let moment = |value: Option<i64>| value.map(Millis);
    let coverage = connection
        .prepare_cached("SELECT from_ms, until_ms, reread_ms, erased_before_ms FROM coverage WHERE workspace = ?1")?
        .query_row([workspace.as_str()], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?].map(moment)))
        .optional()?;
    let [from, until, reread, erased_before] = coverage.unwrap_or_default();
    let complete = from.zip(until).map(|(from, until)| CompleteSpan { from, until });
    let unfinished = connection
        .prepare_cached("SELECT from_ms, until_ms, next_key, page_limit, stored_ms FROM pull WHERE workspace = ?1")?
        .query_row([workspace.as_str()], |row| {
            let window = PullWindow {
                from: Millis(row.get(0)?),
                until: Millis(row.get(1)?),
                key: row.get(2)?,
                limit: row.get(3)?,
            };
            Ok(UnfinishedWindow { window, stored: Millis(row.get(4)?) })
        })
        .optional()?;
    Ok(PullState { complete, erased_before, reread, unfinished })
}

fn note_unfinished(
    connection: &Connection,
    workspace: &WorkspaceName,
    stored: PageStored<'_>,
    key: &str,
) -> rusqlite::Result<()> {
    let PullWindow { from, until, limit, .. } = stored.window;
    connection.prepare_cached("INSERT OR REPLACE INTO pull VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?.execute(params![
        workspace.as_str(),
        from.0,
        until.0,
        key,
        limit,
        stored.now.0
    ])?;
    Ok(())
}

fn note_finished(
    connection: &Connection,
    workspace: &WorkspaceName,
    stored: PageStored<'_>,
    before: Option<CompleteSpan>,
) -> rusqlite::Result<()> {
    connection.prepare_cached("DELETE FROM pull WHERE workspace = ?1")?.execute([workspace.as_str()])?;
    let now = before.map_or(stored.window.span(), |before| before.joined(stored.window.span()));
    let reread = stored.is_daily_reread.then_some(stored.now.0);
    connection
        .prepare_cached(
            "INSERT INTO coverage VALUES (?1, ?2, ?3, ?4, NULL) ON CONFLICT (workspace) DO UPDATE SET from_ms = ?2, \
             until_ms = ?3, reread_ms = ifnull(?4, reread_ms)",
        )?
        .execute(params![workspace.as_str(), now.from.0, now.until.0, reread])?;
    Ok(())
}
