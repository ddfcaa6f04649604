//! Erasing calls: when their time is over, or when the user asks. The daily counts stay, and nothing else does.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use super::database::{CallDatabase, DatabaseResult, SqlRow, SqlValue, TimeGrain, WriteScope, values};
use super::day_group::DayGroup;
use super::rollups::{self, ROLL_UPS};
use super::{CallStore, counting, rows};
use crate::activity::call::CallId;
use crate::activity::time::Millis;
use crate::error::Result;
use crate::model::WorkspaceName;

/// How long events are kept as evidence of what came when.
const EVENTS_KEPT: i64 = 7 * crate::activity::time::DAY;

/// The moment from which on a call's workspace is known; never, where it is not.
const KNOWN_FROM: &str =
    "coalesce((SELECT from_ms FROM coverage WHERE coverage.workspace = call.workspace), 9223372036854775807)";

impl CallStore {
    /// Erases the calls of all whole days before a moment, and says how many. Those that have no time are as old as the first
    /// time that this came across them, for which it is told the present.
    pub fn erase_before(&mut self, moment: Millis, now: Millis) -> Result<usize> {
        let day = moment.day_start();
        let erased = self.whole(WriteScope::Store, |database| {
            Ok(erase_before(database, day)? + erase_undated(database, day, now)?)
        })?;
        self.scrub()?;
        Ok(erased)
    }

    /// Forgets the events of more than a week ago.
    pub fn forget_old_events(&mut self, now: Millis) -> Result<()> {
        let before = now.minus(EVENTS_KEPT);
        let sql = "DELETE FROM event WHERE received_ms < ?1";
        self.whole(WriteScope::Store, |database| database.run(sql, values![before.0]))?;
        Ok(())
    }

    /// Erases one call in every workspace, for good: a later reading leaves it out. Says how many rows there were.
    pub fn erase_call(&mut self, call_id: &CallId) -> Result<usize> {
        let erased = self.whole(WriteScope::Store, |database| {
            let found = rows::calls_of(database, call_id)?;
            for call in &found {
                let key = || values![call.workspace.as_str(), call_id.as_str()];
                add_to_erased(database, "workspace = ?1 AND call_id = ?2", key())?;
                database.run("DELETE FROM call WHERE workspace = ?1 AND call_id = ?2", key())?;
                database.run("DELETE FROM event WHERE workspace = ?1 AND call_id = ?2", key())?;
                let group = BTreeSet::from([DayGroup::of(&call.facts)]);
                counting::count_anew(database, &call.workspace, &group)?;
            }
            forget_ids(database, &[SqlRow(values![call_id.as_str()])])?;
            Ok(found.len())
        })?;
        self.scrub()?;
        Ok(erased)
    }

    /// How many calls have a row, and how many of them are older than a moment.
    pub fn kept(&self, before: Millis) -> Result<(u64, u64)> {
        let sql = "SELECT count(*), count(*) FILTER (WHERE coalesce(at_ms, seen_ms) < ?1) FROM call";
        self.read(|database| {
            let row = database.one(sql, values![before.day_start().0])?;
            Ok((row.count(0)?, row.count(1)?))
        })
    }

    fn scrub(&self) -> Result<()> {
        self.database.scrub().map_err(|error| self.failed("write to", error))
    }

    /// The price list that is kept here instead of in git.
    pub fn kept_prices(&self) -> Result<Option<String>> {
        let sql = "SELECT text FROM kept WHERE name = 'prices'";
        self.read(|database| {
            let row = database.first(sql, values![])?;
            row.map_or(Ok(None), |row| Ok(row.text(0)?.map(str::to_owned)))
        })
    }

    /// Keeps the price list here.
    pub fn keep_prices(&mut self, text: &str) -> Result<()> {
        let sql = "INSERT INTO kept VALUES ('prices', ?1) ON CONFLICT (name) DO UPDATE SET text = excluded.text";
        self.whole(WriteScope::Store, |database| database.run(sql, values![text]))?;
        Ok(())
    }

    /// The counts of a workspace that do not follow from what they count: there are none unless something else wrote.
    pub fn miscounted(&self, workspace: &WorkspaceName) -> Result<u64> {
        self.read(|database| {
            let there = "SELECT * FROM day WHERE workspace = ?1 AND erased = 0";
            let mut differing = rollups::differing(database, workspace, there, &days_of_calls(database))?;
            for level in ROLL_UPS {
                differing += level.miscounted(database, workspace)?;
            }
            Ok(differing)
        })
    }

    /// Counts all days of a workspace anew, from the calls that have a row, and the sums of days.
    pub fn recount(&mut self, workspace: &WorkspaceName) -> Result<()> {
        self.whole(WriteScope::Workspaces(std::slice::from_ref(workspace)), |database| {
            let name = || values![workspace.as_str()];
            database.run("DELETE FROM day WHERE workspace = ?1 AND erased = 0", name())?;
            database.run(&format!("INSERT INTO day {}", days_of_calls(database)), name())?;
            rollups::count_days_anew(database, workspace, ["0", "9999-99-99"])
        })
    }
}

/// The daily counts of a workspace, as its calls have them.
fn days_of_calls(database: &dyn CallDatabase) -> String {
    format!(
        "SELECT workspace, coalesce(number, ''), coalesce(agent_id, ''), coalesce({}, ''), 0, {} FROM call \
         WHERE workspace = ?1 GROUP BY 1, 2, 3, 4",
        database.text_of_moment(TimeGrain::Day),
        counting::SUMS
    )
}

fn erase_before(database: &dyn CallDatabase, day: Millis) -> DatabaseResult<usize> {
    let oldest = oldest(database)?;
    // A reading that was begun further back than what is known will come with these again.
    let old = format!("workspace IN ({}) AND at_ms < ?1", rows::WORKSPACES);
    add_to_erased(database, &format!("{old} AND at_ms >= {KNOWN_FROM}"), values![day.0])?;
    database.run("DELETE FROM pull WHERE from_ms < ?1", values![day.0])?;
    let erased = database.run(&format!("DELETE FROM call WHERE {old}"), values![day.0])?;
    let counts = "DELETE FROM day WHERE erased = 0 AND day <> '' AND day < ?1";
    database.run(counts, values![day.day()])?;
    database.run("DELETE FROM event WHERE received_ms < ?1", values![day.0])?;
    database.run(
        "UPDATE coverage SET erased_before_ms = CASE WHEN erased_before_ms > ?1 THEN erased_before_ms ELSE ?1 END \
         WHERE from_ms < ?1",
        values![day.0],
    )?;
    for (workspace, first) in oldest.iter().filter(|(_, first)| *first < day) {
        rollups::count_days_anew(database, workspace, [&first.day(), &day.day()])?;
    }
    Ok(erased)
}

/// The time of each workspace's first call.
fn oldest(database: &dyn CallDatabase) -> DatabaseResult<Vec<(WorkspaceName, Millis)>> {
    let mut oldest = Vec::new();
    for row in database.rows(rows::WORKSPACES, values![])? {
        let Some(workspace) = row.text(0)?.and_then(|name| WorkspaceName::parse(name).ok()) else { continue };
        let first = "SELECT min(at_ms) FROM call WHERE workspace = ?1";
        let first = database.one(first, values![workspace.as_str()])?.integer(0)?;
        oldest.extend(first.map(|first| (workspace, Millis(first))));
    }
    Ok(oldest)
}

/// Erases the calls of which no time is known, where they were seen before a day.
fn erase_undated(database: &dyn CallDatabase, day: Millis, now: Millis) -> DatabaseResult<usize> {
    let undated = format!("at_ms IS NULL AND workspace IN ({})", rows::WORKSPACES);
    database.run(&format!("UPDATE call SET seen_ms = ?1 WHERE {undated} AND seen_ms IS NULL"), values![now.0])?;
    let old = format!("{undated} AND seen_ms < ?1");
    add_to_erased(database, &old, values![day.0])?;
    // Retell may list them for years, and no time says that they are old ones.
    forget_ids(database, &database.rows(&format!("SELECT call_id FROM call WHERE {old}"), values![day.0])?)?;
    let erased = database.run(&format!("DELETE FROM call WHERE {old}"), values![day.0])?;
    if erased > 0 {
        // What is left of them is counted anew: they have one day, which has no name.
        database.run("DELETE FROM day WHERE erased = 0 AND day = ''", values![])?;
        let sql = format!(
            "INSERT INTO day SELECT workspace, coalesce(number, ''), coalesce(agent_id, ''), '', 0, {} FROM call \
             WHERE {undated} GROUP BY 1, 2, 3",
            counting::SUMS
        );
        database.run(&sql, values![])?;
    }
    Ok(erased)
}

/// Sees that calls never come again.
fn forget_ids(database: &dyn CallDatabase, rows: &[SqlRow]) -> DatabaseResult<()> {
    let mut hashes = Vec::new();
    for row in rows {
        hashes.extend(row.text(0)?.and_then(CallId::parse).map(|id| values![call_hash(&id)]));
    }
    let sql = "INSERT INTO forgotten VALUES (?1) ON CONFLICT (call_hash) DO NOTHING";
    database.execute(sql, hashes).map(drop)
}

/// What stands for a call that is never to come again: not its id.
pub(super) fn call_hash(call_id: &CallId) -> String {
    Sha256::digest(call_id.as_str().as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Adds the calls that a condition finds to the counts of those that have no row any more.
fn add_to_erased(database: &dyn CallDatabase, condition: &str, values: Vec<SqlValue>) -> DatabaseResult<()> {
    let sums = [
        "calls",
        "inbound",
        "outbound",
        "connected",
        "lost",
        "failed",
        "duration_ms",
        "inbound_minutes",
        "outbound_minutes",
        "cost_udollar",
        "cost_unknown",
    ];
    let sums = sums.map(|column| format!("{column} = day.{column} + excluded.{column}")).join(", ");
    let bound = |column: &str, order: &str| {
        format!(
            "{column} = CASE WHEN day.{column} {order} excluded.{column} OR excluded.{column} IS NULL THEN day.{column} \
             ELSE excluded.{column} END"
        )
    };
    let sql = format!(
        "INSERT INTO day SELECT workspace, coalesce(number, ''), coalesce(agent_id, ''), coalesce({}, ''), 1, {} \
         FROM call WHERE {condition} GROUP BY 1, 2, 3, 4 \
         ON CONFLICT (workspace, number, agent_id, day, erased) DO UPDATE SET {sums}, {}, {}",
        database.text_of_moment(TimeGrain::Day),
        counting::SUMS,
        bound("first_ms", "<="),
        bound("last_ms", ">="),
    );
    database.run(&sql, values).map(drop)
}
