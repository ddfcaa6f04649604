//! Calls in and out of their rows, and the daily counts that follow from them.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use super::database::{CallDatabase, DatabaseError, DatabaseResult, SqlRow, SqlValue, values};
use super::day_group::DayGroup;
use super::{CallStore, counting};
use crate::activity::call::{CallDirection, CallFacts, CallId, CallRecord, CallReport, ProviderWord};
use crate::activity::money::MicroDollars;
use crate::activity::rank::{CallStage, ReportRank};
use crate::activity::time::Millis;
use crate::error::Result;
use crate::model::{AgentId, PhoneNumber, WorkspaceName};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredCall {
    pub workspace: WorkspaceName,
    pub call_id: CallId,
    pub facts: CallFacts,
}

const COLUMNS: &str = "number, direction, agent_id, agent_version, agent_tag, start_ms, end_ms, duration_ms, status, \
    reason, cost_udollar, ranks";

/// What is written of a call beside its key, in the order of [`written`].
const WRITTEN: [&str; 14] = [
    "number",
    "direction",
    "agent_id",
    "agent_version",
    "agent_tag",
    "start_ms",
    "end_ms",
    "duration_ms",
    "status",
    "reason",
    "cost_udollar",
    "outcome",
    "at_ms",
    "ranks",
];

/// The workspaces that have calls, each found by an index: neither database does so by itself for `DISTINCT`.
pub(super) const WORKSPACES: &str = "\
    WITH RECURSIVE found(name) AS (\
        SELECT min(workspace) FROM call \
        UNION ALL SELECT (SELECT min(workspace) FROM call WHERE workspace > found.name) FROM found \
        WHERE found.name IS NOT NULL) \
    SELECT name FROM found WHERE name IS NOT NULL";

impl CallStore {
    /// Every call of an id; several workspaces may each have one.
    pub fn calls_of(&self, call_id: &CallId) -> Result<Vec<StoredCall>> {
        self.read(|database| calls_of(database, call_id))
    }

    /// Hands over every call of a workspace from one moment up to, and without, another, by number and time, one after the
    /// other; until the visitor has seen enough, or fails.
    pub fn visit_calls(
        &self,
        workspace: &WorkspaceName,
        since: Millis,
        until: Millis,
        visit: &mut dyn FnMut(StoredCall) -> Result<ControlFlow<()>>,
    ) -> Result<()> {
        let sql = format!(
            "SELECT {COLUMNS}, call_id FROM call WHERE workspace = ?1 AND at_ms >= ?2 AND at_ms < ?3 \
             ORDER BY number NULLS FIRST, at_ms, call_id"
        );
        let mut stopped = None;
        let asked = self.read(|database| {
            database.query(&sql, values![workspace.as_str(), since.0, until.0], &mut |row| {
                let Some(call_id) = row.text(12)?.and_then(CallId::parse) else { return Ok(()) };
                let call = StoredCall { workspace: workspace.clone(), call_id, facts: record(row)?.facts() };
                match visit(call) {
                    Ok(ControlFlow::Continue(())) => Ok(()),
                    other => {
                        stopped = Some(other.map(drop));
                        Err(DatabaseError::other("the visitor has seen enough"))
                    }
                }
            })
        });
        stopped.unwrap_or(asked)
    }
}

pub(super) fn calls_of(database: &dyn CallDatabase, call_id: &CallId) -> DatabaseResult<Vec<StoredCall>> {
    let sql = format!("SELECT {COLUMNS}, workspace FROM call WHERE call_id = ?1 ORDER BY workspace");
    let rows = database.rows(&sql, values![call_id.as_str()])?;
    rows.iter().filter_map(|row| stored(row, call_id).transpose()).collect()
}

/// Reads the columns of [`COLUMNS`], and the workspace behind them.
fn stored(row: &SqlRow, call_id: &CallId) -> DatabaseResult<Option<StoredCall>> {
    let Some(workspace) = row.text(12)?.and_then(|name| WorkspaceName::parse(name).ok()) else { return Ok(None) };
    Ok(Some(StoredCall { workspace, call_id: call_id.clone(), facts: record(row)?.facts() }))
}

/// A call that reports tell of, joined with what is known of it.
struct JoinedCall {
    record: CallRecord,
    is_pushed: bool,
    is_pulled: bool,
}

/// Takes in reports of a workspace's calls, and counts anew what they touch. Says how many calls are new.
pub(super) fn take(
    database: &dyn CallDatabase,
    workspace: &WorkspaceName,
    reports: Vec<CallReport>,
    erased_before: Option<Millis>,
) -> DatabaseResult<usize> {
    let is_erased = |report: &CallReport| report.facts.at().zip(erased_before).is_some_and(|(at, before)| at < before);
    let reports: Vec<_> = reports.into_iter().filter(|report| !is_erased(report)).collect();
    let ids: BTreeSet<CallId> = reports.iter().map(|report| report.call_id.clone()).collect();
    let ids = not_forgotten(database, ids.into_iter().collect())?;
    let known = known(database, workspace, &ids)?;
    let mut touched: BTreeSet<_> = known.values().map(|record| DayGroup::of(&record.facts())).collect();
    let new = ids.len() - known.len();
    let joined = joined(reports, &ids, known);
    touched.extend(joined.values().map(|call| DayGroup::of(&call.record.facts())));
    write(database, workspace, &joined)?;
    counting::count_anew(database, workspace, &touched)?;
    Ok(new)
}

/// The calls that may come again.
fn not_forgotten(database: &dyn CallDatabase, ids: Vec<CallId>) -> DatabaseResult<Vec<CallId>> {
    let hashes = ids.iter().map(|id| values![super::erasing::call_hash(id)]).collect();
    let found = database.query_each("SELECT call_hash FROM forgotten WHERE call_hash = ?1", hashes)?;
    Ok(ids.into_iter().zip(found).filter(|(_, rows)| rows.is_empty()).map(|(id, _)| id).collect())
}

/// What is stored of calls; those without a row are not among them.
fn known(
    database: &dyn CallDatabase,
    workspace: &WorkspaceName,
    ids: &[CallId],
) -> DatabaseResult<BTreeMap<CallId, CallRecord>> {
    let sql = format!("SELECT {COLUMNS} FROM call WHERE workspace = ?1 AND call_id = ?2");
    let keys = ids.iter().map(|id| values![workspace.as_str(), id.as_str()]).collect();
    let found = database.query_each(&sql, keys)?;
    let rows = ids.iter().zip(&found).filter_map(|(id, rows)| Some((id, rows.first()?)));
    rows.map(|(id, row)| Ok((id.clone(), record(row)?))).collect()
}

fn joined(
    reports: Vec<CallReport>,
    ids: &[CallId],
    mut known: BTreeMap<CallId, CallRecord>,
) -> BTreeMap<CallId, JoinedCall> {
    let mut calls: BTreeMap<CallId, JoinedCall> = ids
        .iter()
        .map(|id| {
            let record = known.remove(id).unwrap_or_default();
            (id.clone(), JoinedCall { record, is_pushed: false, is_pulled: false })
        })
        .collect();
    for report in reports {
        let Some(call) = calls.get_mut(&report.call_id) else { continue };
        let is_listed = report.stage == CallStage::Listed;
        call.is_pulled |= is_listed;
        call.is_pushed |= !is_listed;
        call.record.join(CallRecord::of(report));
    }
    calls
}

fn write(
    database: &dyn CallDatabase,
    workspace: &WorkspaceName,
    calls: &BTreeMap<CallId, JoinedCall>,
) -> DatabaseResult<()> {
    let places: Vec<String> = (3..WRITTEN.len() + 3).map(|at| format!("?{at}")).collect();
    let updates: Vec<String> = WRITTEN.iter().map(|column| format!("{column} = excluded.{column}")).collect();
    let later = |column: &str| {
        format!("{column} = CASE WHEN excluded.{column} > call.{column} THEN excluded.{column} ELSE call.{column} END")
    };
    let sql = format!(
        "INSERT INTO call (workspace, call_id, {}, pushed, pulled) VALUES (?1, ?2, {}, ?17, ?18) \
         ON CONFLICT (workspace, call_id) DO UPDATE SET {}, {}, {}",
        WRITTEN.join(", "),
        places.join(", "),
        updates.join(", "),
        later("pushed"),
        later("pulled"),
    );
    let sets = calls.iter().map(|(id, call)| written(workspace, id, call)).collect();
    database.execute(&sql, sets).map(drop)
}

/// A call's key, the columns of [`WRITTEN`], and how it became known.
fn written(workspace: &WorkspaceName, call_id: &CallId, call: &JoinedCall) -> Vec<SqlValue> {
    let facts = call.record.facts();
    values![
        workspace.as_str(),
        call_id.as_str(),
        facts.number.as_ref().map(PhoneNumber::as_str),
        facts.direction.map(CallDirection::as_str),
        facts.agent_id.as_ref().map(AgentId::as_str),
        facts.agent_version,
        facts.agent_tag.as_ref().map(ProviderWord::as_str),
        facts.start.map(|moment| moment.0),
        facts.end.map(|moment| moment.0),
        facts.duration_ms,
        facts.status.as_ref().map(ProviderWord::as_str),
        facts.reason.as_ref().map(ProviderWord::as_str),
        facts.cost.map(|cost| cost.0),
        facts.outcome().as_str(),
        facts.at().map(|moment| moment.0),
        ranks_text(&call.record.ranks()),
        i64::from(call.is_pushed),
        i64::from(call.is_pulled),
    ]
}

/// Reads the columns of [`COLUMNS`].
pub(super) fn record(row: &SqlRow) -> DatabaseResult<CallRecord> {
    let word = |at| Ok(row.text(at)?.and_then(ProviderWord::parse));
    let moment = |at| Ok(row.integer(at)?.map(Millis));
    let facts = CallFacts {
        number: row.text(0)?.and_then(|text| PhoneNumber::parse(text).ok()),
        direction: row.text(1)?.and_then(CallDirection::parse),
        agent_id: row.text(2)?.and_then(|text| AgentId::parse(text).ok()),
        agent_version: row.integer(3)?,
        agent_tag: word(4)?,
        start: moment(5)?,
        end: moment(6)?,
        duration_ms: row.integer(7)?,
        status: word(8)?,
        reason: word(9)?,
        cost: row.integer(10)?.map(MicroDollars),
    };
    Ok(CallRecord::restored(facts, &ranks_of(row.text(11)?.unwrap_or_default())))
}

/// Ranks as text: one number where all facts have the same rank, as they nearly always do.
fn ranks_text(ranks: &[Option<ReportRank>]) -> String {
    let top = ranks.iter().flatten().max().copied().unwrap_or(ReportRank(0));
    let mut text = top.0.to_string();
    for (at, rank) in ranks.iter().enumerate() {
        if let Some(rank) = rank.filter(|rank| *rank != top) {
            text.push_str(&format!(";{at}:{}", rank.0));
        }
    }
    text
}

fn ranks_of(text: &str) -> Vec<Option<ReportRank>> {
    let mut parts = text.split(';');
    let top = parts.next().and_then(|top| top.parse().ok()).map(ReportRank);
    let mut ranks = vec![top; 16];
    for (at, rank) in parts.filter_map(|part| part.split_once(':')) {
        if let (Ok(at), Ok(rank)) = (at.parse::<usize>(), rank.parse())
            && let Some(slot) = ranks.get_mut(at)
        {
            *slot = Some(ReportRank(rank));
        }
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_survive_their_text() {
        let ranks = [Some(ReportRank(9)), None, Some(ReportRank(4)), Some(ReportRank(9))];
        assert_eq!(ranks_text(&ranks), "9;2:4");
        let read = ranks_of("9;2:4");
        assert_eq!((read[0], read[2], read[3]), (ranks[0], ranks[2], ranks[3]));
    }
}
