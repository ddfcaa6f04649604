//! Calls in and out of their rows, and the daily counts that follow from them.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, Row, named_params, params};

use super::{CallStore, counting};
use crate::activity::call::{CallDirection, CallFacts, CallId, CallRecord, CallReport, ProviderWord};
use crate::activity::money::MicroDollars;
use crate::activity::rank::{CallStage, ReportRank};
use crate::activity::time::Millis;
use crate::error::Result;
use crate::model::{AgentId, PhoneNumber, WorkspaceName};

/// A call as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredCall {
    /// Its workspace.
    pub workspace: WorkspaceName,
    /// Its id.
    pub call_id: CallId,
    /// What is known of it.
    pub facts: CallFacts,
}

const COLUMNS: &str = "number, direction, agent_id, agent_version, agent_tag, start_ms, end_ms, duration_ms, status, \
    reason, cost_udollar, ranks";

impl CallStore {
    /// Every call of an id; several workspaces may each have one.
    pub fn calls_of(&self, call_id: &CallId) -> Result<Vec<StoredCall>> {
        let sql = format!("SELECT {COLUMNS}, workspace FROM call WHERE call_id = ?1 ORDER BY workspace");
        let read = || {
            let mut statement = self.connection.prepare(&sql)?;
            let rows = statement.query_map([call_id.as_str()], |row| Ok((record(row)?, row.get::<_, String>(12)?)))?;
            rows.collect::<rusqlite::Result<Vec<_>>>()
        };
        let found = read().map_err(|error| self.failed("read", error))?;
        let call = |(record, workspace): (CallRecord, String)| {
            let workspace = WorkspaceName::parse(&workspace).ok()?;
            Some(StoredCall { workspace, call_id: call_id.clone(), facts: record.facts() })
        };
        Ok(found.into_iter().filter_map(call).collect())
    }
}

/// Takes in reports of a workspace's calls, and counts anew what they touch. Says how many calls are new.
pub(super) fn take(
    connection: &Connection,
    workspace: &WorkspaceName,
    reports: Vec<CallReport>,
    erased_before: Option<Millis>,
) -> rusqlite::Result<usize> {
    let mut touched = BTreeSet::new();
    let mut new = 0;
    for report in reports {
        let erased = report.facts.at().zip(erased_before).is_some_and(|(at, before)| at < before);
        if erased || is_forgotten(connection, &report.call_id)? {
            continue;
        }
        new += usize::from(join(connection, workspace, report, &mut touched)?);
    }
    touched.iter().try_for_each(|group| counting::count_anew(connection, workspace, group))?;
    Ok(new)
}

fn is_forgotten(connection: &Connection, call_id: &CallId) -> rusqlite::Result<bool> {
    let mut statement = connection.prepare_cached("SELECT 1 FROM forgotten WHERE call_hash = ?1")?;
    statement.exists([super::erasing::call_hash(call_id)])
}

/// Joins a report with what is known of its call; whether the call is new.
fn join(
    connection: &Connection,
    workspace: &WorkspaceName,
    report: CallReport,
    touched: &mut BTreeSet<counting::DayGroup>,
) -> rusqlite::Result<bool> {
    let (call_id, stage) = (report.call_id.clone(), report.stage);
    let sql = format!("SELECT {COLUMNS} FROM call WHERE workspace = ?1 AND call_id = ?2");
    let mut statement = connection.prepare_cached(&sql)?;
    let known = statement.query_row(params![workspace.as_str(), call_id.as_str()], record).optional()?;
    let mut record = CallRecord::of(report);
    if let Some(known) = &known {
        touched.insert(counting::DayGroup::of(&known.facts()));
        record.join(known.clone());
    }
    touched.insert(counting::DayGroup::of(&record.facts()));
    write(connection, workspace, &call_id, &record)?;
    let column = if stage == CallStage::Listed { "pulled" } else { "pushed" };
    connection
        .prepare_cached(&format!("UPDATE call SET {column} = 1 WHERE workspace = ?1 AND call_id = ?2"))?
        .execute(params![workspace.as_str(), call_id.as_str()])?;
    Ok(known.is_none())
}

fn write(
    connection: &Connection,
    workspace: &WorkspaceName,
    call_id: &CallId,
    record: &CallRecord,
) -> rusqlite::Result<usize> {
    let facts = record.facts();
    connection
        .prepare_cached(
            "INSERT INTO call (workspace, call_id, number, direction, agent_id, agent_version, agent_tag, start_ms, \
             end_ms, duration_ms, status, reason, cost_udollar, outcome, at_ms, ranks) VALUES (:workspace, :call_id, \
             :number, :direction, :agent_id, :agent_version, :agent_tag, :start, :end, :duration, :status, :reason, \
             :cost, :outcome, :at, :ranks) ON CONFLICT (workspace, call_id) DO UPDATE SET number = :number, \
             direction = :direction, agent_id = :agent_id, agent_version = :agent_version, agent_tag = :agent_tag, \
             start_ms = :start, end_ms = :end, duration_ms = :duration, status = :status, reason = :reason, \
             cost_udollar = :cost, outcome = :outcome, at_ms = :at, ranks = :ranks",
        )?
        .execute(named_params! {
            ":workspace": workspace.as_str(),
            ":call_id": call_id.as_str(),
            ":number": facts.number.as_ref().map(PhoneNumber::as_str),
            ":direction": facts.direction.map(CallDirection::as_str),
            ":agent_id": facts.agent_id.as_ref().map(AgentId::as_str),
            ":agent_version": facts.agent_version,
            ":agent_tag": facts.agent_tag.as_ref().map(ProviderWord::as_str),
            ":start": facts.start.map(|moment| moment.0),
            ":end": facts.end.map(|moment| moment.0),
            ":duration": facts.duration_ms,
            ":status": facts.status.as_ref().map(ProviderWord::as_str),
            ":reason": facts.reason.as_ref().map(ProviderWord::as_str),
            ":cost": facts.cost.map(|cost| cost.0),
            ":outcome": facts.outcome().as_str(),
            ":at": facts.at().map(|moment| moment.0),
            ":ranks": ranks_text(&record.ranks()),
        })
}

/// Reads the columns of [`COLUMNS`].
pub(super) fn record(row: &Row<'_>) -> rusqlite::Result<CallRecord> {
    let text = |at| row.get::<_, Option<String>>(at);
    let word = |at| Ok::<_, rusqlite::Error>(text(at)?.and_then(|text| ProviderWord::parse(&text)));
    let moment = |at| Ok::<_, rusqlite::Error>(row.get::<_, Option<i64>>(at)?.map(Millis));
    let facts = CallFacts {
        number: text(0)?.and_then(|text| PhoneNumber::parse(&text).ok()),
        direction: text(1)?.and_then(|text| CallDirection::parse(&text)),
        agent_id: text(2)?.and_then(|text| AgentId::parse(&text).ok()),
        agent_version: row.get(3)?,
        agent_tag: word(4)?,
        start: moment(5)?,
        end: moment(6)?,
        duration_ms: row.get(7)?,
        status: word(8)?,
        reason: word(9)?,
        cost: row.get::<_, Option<i64>>(10)?.map(MicroDollars),
    };
    Ok(CallRecord::restored(facts, &ranks_of(&row.get::<_, String>(11)?)))
}

/// The columns that [`record`] reads.
pub(super) fn columns() -> &'static str {
    COLUMNS
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
