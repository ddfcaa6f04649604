//! Counting calls: anew for the days that changed, and for every question.
//!
//! A question of whole days is answered from the daily counts, the rest of its time from the calls themselves: the
//! same sums, from one list of columns.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::CallStore;
use super::database::{CallDatabase, DatabaseResult, Grouping, SqlRow, SqlValue, TimeGrain, values};
use super::day_group::DayGroup;
use super::rollups::{self, CountedSpan};
use crate::activity::counts::{CallCounts, CallTally, TallyKey, TallyPart};
use crate::activity::idle::LastCalls;
use crate::activity::money::MicroDollars;
use crate::activity::time::Millis;
use crate::error::Result;
use crate::model::{AgentId, PhoneNumber, WorkspaceName};

/// The sums over calls, in the order of the columns of `day` and of [`counts`].
pub(super) const SUMS: &str = "count(*), count(*) FILTER (WHERE direction = 'inbound'), \
    count(*) FILTER (WHERE direction = 'outbound'), count(*) FILTER (WHERE outcome = 'connected'), \
    count(*) FILTER (WHERE outcome = 'lost'), count(*) FILTER (WHERE outcome = 'failed'), \
    CAST(sum(coalesce(duration_ms, 0)) AS BIGINT), \
    CAST(sum(CASE direction WHEN 'inbound' THEN (coalesce(duration_ms, 0) + 59999) / 60000 ELSE 0 END) AS BIGINT), \
    CAST(sum(CASE direction WHEN 'outbound' THEN (coalesce(duration_ms, 0) + 59999) / 60000 ELSE 0 END) AS BIGINT), \
    CAST(sum(coalesce(cost_udollar, 0)) AS BIGINT), count(*) FILTER (WHERE cost_udollar IS NULL), min(at_ms), max(at_ms)";
/// The same sums over daily counts.
pub(super) const SUMS_OF_DAYS: &str = "CAST(sum(calls) AS BIGINT), CAST(sum(inbound) AS BIGINT), \
    CAST(sum(outbound) AS BIGINT), CAST(sum(connected) AS BIGINT), CAST(sum(lost) AS BIGINT), \
    CAST(sum(failed) AS BIGINT), CAST(sum(duration_ms) AS BIGINT), CAST(sum(inbound_minutes) AS BIGINT), \
    CAST(sum(outbound_minutes) AS BIGINT), CAST(sum(cost_udollar) AS BIGINT), CAST(sum(cost_unknown) AS BIGINT), \
    min(first_ms), max(last_ms)";
/// The columns of daily counts.
const COUNTS: &str = "calls, inbound, outbound, connected, lost, failed, duration_ms, inbound_minutes, outbound_minutes, \
    cost_udollar, cost_unknown, first_ms, last_ms";

/// What stands for a column that is not asked for.
const NOTHING: &str = "CAST(NULL AS TEXT)";

/// What calls have to be told apart by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TallyColumns {
    pub number: bool,
    pub agent: bool,
    /// One thing more.
    pub part: TallyPart,
}

/// Counts the calls of groups anew, and the sums that they are part of.
pub(super) fn count_anew(
    database: &dyn CallDatabase,
    workspace: &WorkspaceName,
    groups: &BTreeSet<DayGroup>,
) -> DatabaseResult<()> {
    let keys = groups
        .iter()
        .map(|group| values![workspace.as_str(), group.number_text(), group.agent_text(), group.day_text()]);
    database.execute(
        "DELETE FROM day WHERE workspace = ?1 AND number = ?2 AND agent_id = ?3 AND day = ?4 AND erased = 0",
        keys.collect(),
    )?;
    let mut by_condition: BTreeMap<String, Vec<Vec<SqlValue>>> = BTreeMap::new();
    for group in groups {
        by_condition.entry(group.condition()).or_default().push(group.values(workspace));
    }
    for (condition, sets) in by_condition {
        let sql = format!(
            "INSERT INTO day SELECT ?1, coalesce(?2, ''), coalesce(?3, ''), ?6, 0, {SUMS} FROM call \
             WHERE {condition} HAVING count(*) > 0"
        );
        database.execute(&sql, sets)?;
    }
    rollups::count_anew(database, workspace, groups)
}

impl CallStore {
    /// Counts the calls of workspaces from one moment up to, and without, another.
    pub fn tallies(
        &self,
        workspaces: &[WorkspaceName],
        since: Millis,
        until: Millis,
        columns: TallyColumns,
    ) -> Result<Vec<CallTally>> {
        let (first, last) = (since.next_day_start(), until.day_start());
        self.read(|database| {
            let mut found = Vec::new();
            for workspace in workspaces {
                let mut question = CountQuestion { database, workspace, columns, sums: TallySums::default() };
                if !columns.part.is_in_daily_counts() || first >= last {
                    question.of_calls(since, until)?;
                } else {
                    question.of_calls(since, first)?;
                    question.of_days(first, last)?;
                    question.of_calls(last, until)?;
                }
                found.append(&mut question.sums.tallies);
            }
            Ok(found)
        })
    }

    /// The last call of each number that is known.
    pub fn last_calls(&self, workspaces: &[WorkspaceName]) -> Result<LastCalls> {
        let sql = "SELECT number, max(last_ms) FROM month WHERE workspace = ?1 AND number <> '' GROUP BY number";
        self.read(|database| {
            let mut last = LastCalls::new();
            for workspace in workspaces {
                database.query(sql, values![workspace.as_str()], &mut |row| {
                    let number = row.text(0)?.and_then(|text| PhoneNumber::parse(text).ok());
                    if let Some((number, at)) = number.zip(row.integer(1)?) {
                        last.insert((workspace.clone(), number), Millis(at));
                    }
                    Ok(())
                })?;
            }
            Ok(last)
        })
    }

    /// How many calls are known of which no time is.
    pub fn undated(&self, workspaces: &[WorkspaceName]) -> Result<u64> {
        let sql = "SELECT count(*) FROM call WHERE workspace = ?1 AND at_ms IS NULL";
        self.read(|database| {
            let count = |workspace: &WorkspaceName| database.one(sql, values![workspace.as_str()])?.count(0);
            workspaces.iter().map(count).sum()
        })
    }
}

/// A question for the counts of a workspace, and what was found so far.
struct CountQuestion<'a> {
    database: &'a dyn CallDatabase,
    workspace: &'a WorkspaceName,
    columns: TallyColumns,
    sums: TallySums,
}

impl CountQuestion<'_> {
    fn of_calls(&mut self, since: Millis, until: Millis) -> DatabaseResult<()> {
        if since >= until {
            return Ok(());
        }
        let number = if self.columns.number { "number" } else { NOTHING };
        let agent = if self.columns.agent { "agent_id" } else { NOTHING };
        let part = match self.columns.part {
            TallyPart::Whole => NOTHING,
            TallyPart::Day => self.database.text_of_moment(TimeGrain::Day),
            TallyPart::Hour => self.database.text_of_moment(TimeGrain::Hour),
            TallyPart::Reason => "reason",
            TallyPart::Direction => "direction",
        };
        let sql = format!(
            "SELECT {number}, {agent}, {part}, {SUMS} FROM call WHERE workspace = ?1 AND at_ms >= ?2 AND at_ms < ?3 \
             GROUP BY 1, 2, 3"
        );
        self.collect(&sql, values![self.workspace.as_str(), since.0, until.0])
    }

    fn of_days(&mut self, first: Millis, last: Millis) -> DatabaseResult<()> {
        let spans = match self.columns.part {
            TallyPart::Whole => rollups::spans(first, last),
            _ => vec![CountedSpan { table: "day", from: first.day(), until: last.day() }],
        };
        spans.iter().try_for_each(|span| self.of_counts(span))
    }

    /// Adds up counts of days, or sums of them.
    fn of_counts(&mut self, CountedSpan { table, from, until }: &CountedSpan) -> DatabaseResult<()> {
        let by_day = self.columns.part == TallyPart::Day;
        let asked = [("number", self.columns.number), ("agent_id", self.columns.agent), ("day", by_day)];
        let [number, agent, day] = asked.map(|(name, is_asked)| if is_asked { name } else { NOTHING });
        let (sums, together) = match self.database.grouping() {
            Grouping::Hashed => (SUMS_OF_DAYS, "GROUP BY 1, 2, 3"),
            Grouping::Sorted => (COUNTS, ""),
        };
        let sql = format!(
            "SELECT {number}, {agent}, {day}, {sums} FROM {table} WHERE workspace = ?1 AND {table} >= ?2 AND \
             {table} < ?3 {together}"
        );
        self.collect(&sql, values![self.workspace.as_str(), from.as_str(), until.as_str()])
    }

    fn collect(&mut self, sql: &str, values: Vec<SqlValue>) -> DatabaseResult<()> {
        let (workspace, sums) = (self.workspace, &mut self.sums);
        self.database.query(sql, values, &mut |row| sums.add(workspace, row))
    }
}

/// Sums by what calls are told apart by, in the order in which they first came.
#[derive(Default)]
struct TallySums {
    tallies: Vec<CallTally>,
    /// Where the sums of a row's texts are; these are parsed once, not for each of its days.
    places: HashMap<String, usize>,
    /// The texts of the row at hand.
    texts: String,
}

impl TallySums {
    /// Adds a row: number, agent, part, and its counts.
    fn add(&mut self, workspace: &WorkspaceName, row: &SqlRow) -> DatabaseResult<()> {
        self.texts.clear();
        for at in 0..3 {
            self.texts.push_str(row.text(at)?.unwrap_or_default());
            self.texts.push('\n');
        }
        let counts = counts(row, 3)?;
        if let Some(tally) = self.places.get(self.texts.as_str()).and_then(|place| self.tallies.get_mut(*place)) {
            tally.counts.add(&counts);
        } else {
            self.places.insert(self.texts.clone(), self.tallies.len());
            self.tallies.push(CallTally { key: key(workspace, row)?, counts });
        }
        Ok(())
    }
}

fn key(workspace: &WorkspaceName, row: &SqlRow) -> DatabaseResult<TallyKey> {
    Ok(TallyKey {
        workspace: workspace.clone(),
        number: row.text(0)?.and_then(|text| PhoneNumber::parse(text).ok()),
        agent_id: row.text(1)?.and_then(|text| AgentId::parse(text).ok()),
        part: row.text(2)?.map(str::to_owned),
    })
}

/// Reads the sums from the column `at` on.
fn counts(row: &SqlRow, at: usize) -> DatabaseResult<CallCounts> {
    Ok(CallCounts {
        calls: row.count(at)?,
        inbound: row.count(at + 1)?,
        outbound: row.count(at + 2)?,
        connected: row.count(at + 3)?,
        lost: row.count(at + 4)?,
        failed: row.count(at + 5)?,
        duration_ms: row.whole(at + 6)?,
        inbound_minutes: row.count(at + 7)?,
        outbound_minutes: row.count(at + 8)?,
        cost: MicroDollars(row.whole(at + 9)?),
        cost_unknown: row.count(at + 10)?,
        first: row.integer(at + 11)?.map(Millis),
        last: row.integer(at + 12)?.map(Millis),
    })
}
