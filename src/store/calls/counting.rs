//! Counting calls: anew for the days that changed, and for every question.
//!
//! A question of whole days is answered from the daily counts, the rest of its time from the calls themselves: the
//! same sums, from one list of columns.

use rusqlite::{Connection, Row, ToSql, params};

use super::CallStore;
use super::months::{self, MonthSplit};
use crate::activity::call::CallFacts;
use crate::activity::counts::{CallCounts, CallTally, TallyKey, TallyPart};
use crate::activity::idle::LastCalls;
use crate::activity::money::MicroDollars;
use crate::activity::time::{DAY, Millis};
use crate::error::Result;
use crate::model::{AgentId, PhoneNumber, WorkspaceName};

/// The sums over calls, in the order of the columns of `day` and of [`counts`].
pub(super) const SUMS: &str = "count(*), sum(direction IS 'inbound'), sum(direction IS 'outbound'), \
    sum(outcome = 'connected'), sum(outcome = 'lost'), sum(outcome = 'failed'), sum(ifnull(duration_ms, 0)), \
    sum(iif(direction IS 'inbound', (ifnull(duration_ms, 0) + 59999) / 60000, 0)), \
    sum(iif(direction IS 'outbound', (ifnull(duration_ms, 0) + 59999) / 60000, 0)), \
    sum(ifnull(cost_udollar, 0)), sum(cost_udollar IS NULL), min(at_ms), max(at_ms)";
/// The same sums over daily counts.
pub(super) const SUMS_OF_DAYS: &str = "sum(calls), sum(inbound), sum(outbound), sum(connected), sum(lost), sum(failed), \
    sum(duration_ms), sum(inbound_minutes), sum(outbound_minutes), sum(cost_udollar), sum(cost_unknown), \
    min(first_ms), max(last_ms)";

/// What calls have to be told apart by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TallyColumns {
    /// Our number.
    pub number: bool,
    /// The agent.
    pub agent: bool,
    /// One thing more.
    pub part: TallyPart,
}

/// The calls that one row of `day` counts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct DayGroup {
    number: Option<PhoneNumber>,
    agent_id: Option<AgentId>,
    /// The day's first moment; none for calls of an unknown day.
    day: Option<Millis>,
}

impl DayGroup {
    pub(super) fn of(call: &CallFacts) -> Self {
        Self { number: call.number, agent_id: call.agent_id.clone(), day: call.at().map(Millis::day_start) }
    }

    /// The number as daily counts write it.
    pub(super) fn number_text(&self) -> &str {
        self.number.as_ref().map_or("", PhoneNumber::as_str)
    }

    /// The agent as daily counts write it.
    pub(super) fn agent_text(&self) -> &str {
        self.agent_id.as_ref().map_or("", AgentId::as_str)
    }

    /// The month of the day.
    pub(super) fn month(&self) -> Option<String> {
        self.day.map(|day| months::month_of(&day.day()))
    }
}

/// Counts the calls of a group anew.
pub(super) fn count_anew(connection: &Connection, workspace: &WorkspaceName, group: &DayGroup) -> rusqlite::Result<()> {
    let number = group.number.as_ref().map(PhoneNumber::as_str);
    let agent = group.agent_id.as_ref().map(AgentId::as_str);
    let day = group.day.map(Millis::day).unwrap_or_default();
    connection
        .prepare_cached(
            "DELETE FROM day WHERE workspace = ?1 AND number = ?2 AND agent_id = ?3 AND day = ?4 AND erased = 0",
        )?
        .execute(params![workspace.as_str(), number.unwrap_or(""), agent.unwrap_or(""), day])?;
    let within = if group.day.is_some() { "at_ms >= ?4 AND at_ms < ?5" } else { "at_ms IS NULL AND ?4 IS ?5" };
    let from = group.day.map(|day| day.0);
    connection
        .prepare_cached(&format!(
            "INSERT INTO day SELECT ?1, ifnull(?2, ''), ifnull(?3, ''), ?6, 0, {SUMS} FROM call \
             WHERE workspace = ?1 AND number IS ?2 AND agent_id IS ?3 AND {within} HAVING count(*) > 0"
        ))?
        .execute(params![workspace.as_str(), number, agent, from, from.map(|from| from + DAY), day])?;
    months::count_anew(connection, workspace, group)
}

impl CallStore {
    /// Counts the calls of workspaces from one moment up to, and without, another. One key may come several times.
    pub fn tallies(
        &self,
        workspaces: &[WorkspaceName],
        since: Millis,
        until: Millis,
        columns: TallyColumns,
    ) -> Result<Vec<CallTally>> {
        let (first, last) = (since.next_day_start(), until.day_start());
        let read = || {
            let mut found = Vec::new();
            for workspace in workspaces {
                if !columns.part.is_in_daily_counts() || first >= last {
                    self.of_calls(workspace, since, until, columns, &mut found)?;
                    continue;
                }
                self.of_calls(workspace, since, first, columns, &mut found)?;
                self.of_days(workspace, first, last, columns, &mut found)?;
                self.of_calls(workspace, last, until, columns, &mut found)?;
            }
            Ok(found)
        };
        read().map_err(|error: rusqlite::Error| self.failed("read", error))
    }

    fn of_calls(
        &self,
        workspace: &WorkspaceName,
        since: Millis,
        until: Millis,
        columns: TallyColumns,
        found: &mut Vec<CallTally>,
    ) -> rusqlite::Result<()> {
        if since >= until {
            return Ok(());
        }
        let number = if columns.number { "number" } else { "NULL" };
        let agent = if columns.agent { "agent_id" } else { "NULL" };
        let part = match columns.part {
            TallyPart::Whole => "NULL",
            TallyPart::Day => "strftime('%Y-%m-%d', at_ms / 1000, 'unixepoch')",
            TallyPart::Hour => "strftime('%Y-%m-%dT%H:00:00Z', at_ms / 1000, 'unixepoch')",
            TallyPart::Reason => "reason",
            TallyPart::Direction => "direction",
        };
        let sql = format!(
            "SELECT {number}, {agent}, {part}, {SUMS} FROM call WHERE workspace = ?1 AND at_ms >= ?2 AND at_ms < ?3 \
             GROUP BY 1, 2, 3"
        );
        self.collect(&sql, workspace, &[&since.0, &until.0], found)
    }

    fn of_days(
        &self,
        workspace: &WorkspaceName,
        first: Millis,
        last: Millis,
        columns: TallyColumns,
        found: &mut Vec<CallTally>,
    ) -> rusqlite::Result<()> {
        let split = MonthSplit::of(first, last).filter(|_| columns.part == TallyPart::Whole);
        let Some(split) = split else {
            return self.of_counts("day", workspace, &[first.day(), last.day()], columns, found);
        };
        self.of_counts("day", workspace, &split.before, columns, found)?;
        self.of_counts("month", workspace, &split.months, columns, found)?;
        self.of_counts("day", workspace, &split.behind, columns, found)
    }

    /// Adds up counts of days, or of months, from one up to, and without, another.
    fn of_counts(
        &self,
        table: &str,
        workspace: &WorkspaceName,
        [first, last]: &[String; 2],
        columns: TallyColumns,
        found: &mut Vec<CallTally>,
    ) -> rusqlite::Result<()> {
        // Grouped by the columns themselves, which lie in this order: nothing has to be sorted.
        let asked = [("number", columns.number), ("agent_id", columns.agent), ("day", columns.part == TallyPart::Day)];
        let selected = asked.map(|(name, is_asked)| if is_asked { name } else { "NULL" });
        let grouped: Vec<_> = asked.iter().filter(|(_, is_asked)| *is_asked).map(|(name, _)| *name).collect();
        let group = if grouped.is_empty() { String::new() } else { format!("GROUP BY {}", grouped.join(", ")) };
        let sql = format!(
            "SELECT {}, {SUMS_OF_DAYS} FROM {table} WHERE workspace = ?1 AND {table} >= ?2 AND {table} < ?3 {group} \
             HAVING count(*) > 0",
            selected.join(", ")
        );
        self.collect(&sql, workspace, &[first, last], found)
    }

    fn collect(
        &self,
        sql: &str,
        workspace: &WorkspaceName,
        bounds: &[&dyn ToSql; 2],
        found: &mut Vec<CallTally>,
    ) -> rusqlite::Result<()> {
        let mut statement = self.connection.prepare(sql)?;
        let mut rows = statement.query(params![workspace.as_str(), bounds[0], bounds[1]])?;
        while let Some(row) = rows.next()? {
            let key = TallyKey {
                workspace: workspace.clone(),
                number: row.get::<_, Option<String>>(0)?.and_then(|text| PhoneNumber::parse(&text).ok()),
                agent_id: row.get::<_, Option<String>>(1)?.and_then(|text| AgentId::parse(&text).ok()),
                part: row.get(2)?,
            };
            found.push(CallTally { key, counts: counts(row, 3)? });
        }
        Ok(())
    }

    /// The last call of each number that is known.
    pub fn last_calls(&self, workspaces: &[WorkspaceName]) -> Result<LastCalls> {
        let read = || {
            let mut last = LastCalls::new();
            let sql = "SELECT number, max(last_ms) FROM day WHERE workspace = ?1 AND number <> '' GROUP BY number";
            let mut statement = self.connection.prepare(sql)?;
            for workspace in workspaces {
                let mut rows = statement.query([workspace.as_str()])?;
                while let Some(row) = rows.next()? {
                    let number = PhoneNumber::parse(&row.get::<_, String>(0)?).ok();
                    if let Some((number, at)) = number.zip(row.get::<_, Option<i64>>(1)?) {
                        last.insert((workspace.clone(), number), Millis(at));
                    }
                }
            }
            Ok(last)
        };
        read().map_err(|error: rusqlite::Error| self.failed("read", error))
    }

    /// How many calls are known of which no time is.
    pub fn undated(&self, workspaces: &[WorkspaceName]) -> Result<u64> {
        let sql = "SELECT count(*) FROM call WHERE workspace = ?1 AND at_ms IS NULL";
        let count = |workspace: &WorkspaceName| -> rusqlite::Result<u64> {
            self.connection.query_row(sql, [workspace.as_str()], |row| row.get(0))
        };
        let counts: rusqlite::Result<Vec<u64>> = workspaces.iter().map(count).collect();
        counts.map(|counts| counts.iter().sum()).map_err(|error| self.failed("read", error))
    }
}

/// Reads the sums from the column `at` on.
fn counts(row: &Row<'_>, at: usize) -> rusqlite::Result<CallCounts> {
    Ok(CallCounts {
        calls: row.get(at)?,
        inbound: row.get(at + 1)?,
        outbound: row.get(at + 2)?,
        connected: row.get(at + 3)?,
        lost: row.get(at + 4)?,
        failed: row.get(at + 5)?,
        duration_ms: row.get(at + 6)?,
        inbound_minutes: row.get(at + 7)?,
        outbound_minutes: row.get(at + 8)?,
        cost: MicroDollars(row.get(at + 9)?),
        cost_unknown: row.get(at + 10)?,
        first: row.get::<_, Option<i64>>(at + 11)?.map(Millis),
        last: row.get::<_, Option<i64>>(at + 12)?.map(Millis),
    })
}
