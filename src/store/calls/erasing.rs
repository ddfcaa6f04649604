//! Erasing calls: when their time is over, or when the user asks. The daily counts stay, and nothing else does.

use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};

use super::{CallStore, counting, months, rows};
use crate::activity::call::CallId;
use crate::activity::time::Millis;
use crate::error::Result;
use crate::model::WorkspaceName;

/// How long events are kept as evidence of what came when.
const EVENTS_KEPT: i64 = 7 * crate::activity::time::DAY;

/// The moment from which on a call's workspace is known; never, where it is not.
const KNOWN_FROM: &str =
    "ifnull((SELECT from_ms FROM coverage WHERE coverage.workspace = call.workspace), 9223372036854775807)";

impl CallStore {
    /// Erases the calls of all whole days before a moment, and says how many.
    pub fn erase_before(&mut self, moment: Millis) -> Result<usize> {
        let day = moment.day_start();
        let erased = self.whole(|connection| {
            // A reading that was begun further back than what is known will come with these again.
            add_to_erased(connection, &format!("at_ms < ?1 AND at_ms >= {KNOWN_FROM}"), params![day.0])?;
            connection.execute("DELETE FROM pull WHERE from_ms < ?1", [day.0])?;
            let erased = connection.execute("DELETE FROM call WHERE at_ms < ?1", [day.0])?;
            connection.execute("DELETE FROM day WHERE erased = 0 AND day <> '' AND day < ?1", [day.day()])?;
            connection.execute("DELETE FROM event WHERE received_ms < ?1", [day.0])?;
            connection.execute(
                "UPDATE coverage SET erased_before_ms = max(ifnull(erased_before_ms, ?1), ?1) WHERE from_ms < ?1",
                [day.0],
            )?;
            months::count_all_until(connection, day)?;
            Ok(erased)
        })?;
        self.scrub()?;
        Ok(erased)
    }

    /// Forgets the events of more than a week ago.
    pub fn forget_old_events(&mut self, now: Millis) -> Result<()> {
        let before = now.minus(EVENTS_KEPT);
        self.whole(|connection| connection.execute("DELETE FROM event WHERE received_ms < ?1", [before.0]))?;
        Ok(())
    }

    /// Erases one call in every workspace, for good: a later reading leaves it out. Says how many rows there were.
    pub fn erase_call(&mut self, call_id: &CallId) -> Result<usize> {
        let found = self.calls_of(call_id)?;
        self.whole(|connection| {
            for call in &found {
                let key = params![call.workspace.as_str(), call_id.as_str()];
                add_to_erased(connection, "workspace = ?1 AND call_id = ?2", key)?;
                connection.execute("DELETE FROM call WHERE workspace = ?1 AND call_id = ?2", key)?;
                connection.execute("DELETE FROM event WHERE workspace = ?1 AND call_id = ?2", key)?;
                counting::count_anew(connection, &call.workspace, &counting::DayGroup::of(&call.facts))?;
            }
            connection.execute("INSERT OR IGNORE INTO forgotten VALUES (?1)", [call_hash(call_id)])
        })?;
        self.scrub()?;
        Ok(found.len())
    }

    /// How many calls have a row, and how many of them are older than a moment.
    pub fn kept(&self, before: Millis) -> Result<(u64, u64)> {
        let sql = "SELECT count(*), ifnull(sum(at_ms < ?1), 0) FROM call";
        let counted = self.connection.query_row(sql, [before.day_start().0], |row| Ok((row.get(0)?, row.get(1)?)));
        counted.map_err(|error| self.failed("read", error))
    }

    /// Takes what was erased out of the write-ahead log too; its pages in the database are overwritten already.
    fn scrub(&self) -> Result<()> {
        let scrubbed = self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        scrubbed.map_err(|error| self.failed("write to", error))
    }

    /// The price list that is kept here instead of in git.
    pub fn kept_prices(&self) -> Result<Option<String>> {
        let sql = "SELECT text FROM kept WHERE name = 'prices'";
        let found = self.connection.query_row(sql, [], |row| row.get(0)).optional();
        found.map_err(|error| self.failed("read", error))
    }

    /// Keeps the price list here.
    pub fn keep_prices(&mut self, text: &str) -> Result<()> {
        self.whole(|connection| connection.execute("INSERT OR REPLACE INTO kept VALUES ('prices', ?1)", [text]))?;
        Ok(())
    }

    /// Whether the database is whole, in SQLite's own words where it is not.
    pub fn check(&self) -> Result<Option<String>> {
        let said: rusqlite::Result<String> = self.connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0));
        Ok(Some(said.map_err(|error| self.failed("read", error))?).filter(|said| said != "ok"))
    }

    /// The daily counts that do not follow from the calls, by workspace: there are none unless something else wrote.
    pub fn miscounted_days(&self, workspace: &WorkspaceName) -> Result<u64> {
        let sql = format!(
            "SELECT count(*) FROM (SELECT * FROM day WHERE workspace = ?1 AND erased = 0 EXCEPT SELECT workspace, \
             ifnull(number, ''), ifnull(agent_id, ''), ifnull(strftime('%Y-%m-%d', at_ms / 1000, 'unixepoch'), ''), 0, \
             {} FROM call WHERE workspace = ?1 GROUP BY 1, 2, 3, 4)",
            counting::SUMS
        );
        let counted = self.connection.query_row(&sql, [workspace.as_str()], |row| row.get(0));
        counted.map_err(|error| self.failed("read", error))
    }

    /// The months that do not follow from the daily counts: there are none unless something else wrote.
    pub fn miscounted_months(&self, workspace: &WorkspaceName) -> Result<u64> {
        let sql = format!(
            "SELECT count(*) FROM (SELECT * FROM month WHERE workspace = ?1 EXCEPT SELECT workspace, number, agent_id, \
             substr(day, 1, 7), {} FROM day WHERE workspace = ?1 AND day <> '' GROUP BY 1, 2, 3, 4)",
            counting::SUMS_OF_DAYS
        );
        let counted = self.connection.query_row(&sql, [workspace.as_str()], |row| row.get(0));
        counted.map_err(|error| self.failed("read", error))
    }

    /// Every call of workspaces from one moment up to another, by number and time.
    pub fn visit_calls(
        &self,
        workspace: &WorkspaceName,
        since: Millis,
        until: Millis,
        visit: &mut dyn FnMut(rows::StoredCall),
    ) -> Result<()> {
        let sql = format!(
            "SELECT {}, call_id FROM call WHERE workspace = ?1 AND at_ms >= ?2 AND at_ms < ?3 \
             ORDER BY number, at_ms, call_id",
            rows::columns()
        );
        let mut read = || {
            let mut statement = self.connection.prepare(&sql)?;
            let mut found = statement.query(params![workspace.as_str(), since.0, until.0])?;
            while let Some(row) = found.next()? {
                let Some(call_id) = CallId::parse(&row.get::<_, String>(12)?) else { continue };
                visit(rows::StoredCall { workspace: workspace.clone(), call_id, facts: rows::record(row)?.facts() });
            }
            Ok(())
        };
        read().map_err(|error: rusqlite::Error| self.failed("read", error))
    }
}

/// What stands for a call that is never to come again: not its id.
pub(super) fn call_hash(call_id: &CallId) -> String {
    Sha256::digest(call_id.as_str().as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Adds the calls that a condition finds to the counts of those that have no row any more.
fn add_to_erased(connection: &Connection, condition: &str, values: &[&dyn rusqlite::ToSql]) -> rusqlite::Result<()> {
    let sql = format!(
        "INSERT INTO day SELECT workspace, ifnull(number, ''), ifnull(agent_id, ''), \
         ifnull(strftime('%Y-%m-%d', at_ms / 1000, 'unixepoch'), ''), 1, {} FROM call WHERE {condition} GROUP BY 1, 2, 3, 4 \
         ON CONFLICT DO UPDATE SET calls = calls + excluded.calls, inbound = inbound + excluded.inbound, \
         outbound = outbound + excluded.outbound, connected = connected + excluded.connected, lost = lost + excluded.lost, \
         failed = failed + excluded.failed, duration_ms = duration_ms + excluded.duration_ms, \
         inbound_minutes = inbound_minutes + excluded.inbound_minutes, \
         outbound_minutes = outbound_minutes + excluded.outbound_minutes, \
         cost_udollar = cost_udollar + excluded.cost_udollar, cost_unknown = cost_unknown + excluded.cost_unknown, \
         first_ms = min(ifnull(first_ms, excluded.first_ms), ifnull(excluded.first_ms, first_ms)), \
         last_ms = max(ifnull(last_ms, excluded.last_ms), ifnull(excluded.last_ms, last_ms))",
        counting::SUMS
    );
    connection.execute(&sql, values).map(drop)
}
