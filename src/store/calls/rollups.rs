//! Sums of daily counts over ten days and over months, so that a year is answered from some twenty rows a number. Which of
//! them a time is made of, and how they are counted anew.
//!
//! A row stands for the days whose text begins with its own: `2025-11` for a month, `2025-11-1` for the 10th to the 19th.

use std::collections::BTreeSet;

use super::counting::SUMS_OF_DAYS;
use super::database::{CallDatabase, DatabaseResult, values};
use super::day_group::DayGroup;
use crate::activity::time::{DAY, Millis};
use crate::model::WorkspaceName;

/// A table of sums; its column of time has its name.
pub(super) struct RollUp {
    pub(super) table: &'static str,
    /// How much of a day's text a row has.
    length: usize,
    /// The table that it adds up,
    of: &'static str,
    /// and what stands behind a row's own text there.
    parts: &'static [&'static str],
}

/// Each adds up the table before it, and the first of them days.
pub(super) const ROLL_UPS: [RollUp; 2] = [
    RollUp {
        table: "ten_days",
        length: "2025-11-1".len(),
        of: "day",
        parts: &["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
    },
    RollUp { table: "month", length: "2025-11".len(), of: "ten_days", parts: &["-0", "-1", "-2", "-3"] },
];

impl RollUp {
    /// A day's text, as far as a row has it.
    fn key(&self, day: &str) -> String {
        day.chars().take(self.length).collect()
    }

    /// The first moment behind the row that begins with this day; none where none does.
    fn end(&self, day: Millis) -> Option<Millis> {
        let key = |moment: Millis| self.key(&moment.day());
        if key(day.minus(DAY)) == key(day) {
            return None;
        }
        let own = key(day);
        (1..=31).map(|days| day.plus(days * DAY)).find(|later| key(*later) != own)
    }

    /// Counts groups anew. The rows that are added up are named one by one, since an index finds each of them.
    fn count_groups(
        &self,
        database: &dyn CallDatabase,
        workspace: &WorkspaceName,
        groups: &BTreeSet<DayGroup>,
    ) -> DatabaseResult<()> {
        let Self { table, of, .. } = self;
        let mut keys = BTreeSet::new();
        for group in groups {
            keys.extend(group.known_day().map(|day| (self.key(&day), group.number_text(), group.agent_text())));
        }
        let sets =
            || keys.iter().map(|(key, number, agent)| values![workspace.as_str(), *number, *agent, key.as_str()]);
        let one = format!("workspace = ?1 AND {table} = ?4 AND number = ?2 AND agent_id = ?3");
        database.execute(&format!("DELETE FROM {table} WHERE {one}"), sets().collect())?;
        let parts: Vec<_> = self.parts.iter().map(|part| format!("?4 || '{part}'")).collect();
        let sql = format!(
            "INSERT INTO {table} SELECT ?1, ?2, ?3, ?4, {SUMS_OF_DAYS} FROM {of} WHERE workspace = ?1 AND {of} IN ({}) \
             AND number = ?2 AND agent_id = ?3 HAVING count(*) > 0",
            parts.join(", ")
        );
        database.execute(&sql, sets().collect()).map(drop)
    }

    /// Counts everything from a day up to, and with, another anew.
    fn count_days(
        &self,
        database: &dyn CallDatabase,
        workspace: &WorkspaceName,
        [first, last]: [&str; 2],
    ) -> DatabaseResult<()> {
        let Self { table, of, length, .. } = self;
        let values = || values![workspace.as_str(), self.key(first), self.key(last)];
        database
            .run(&format!("DELETE FROM {table} WHERE workspace = ?1 AND {table} >= ?2 AND {table} <= ?3"), values())?;
        let sql = format!(
            "INSERT INTO {table} SELECT workspace, number, agent_id, substr({of}, 1, {length}), {SUMS_OF_DAYS} FROM {of} \
             WHERE workspace = ?1 AND {of} >= ?2 AND {of} < ?3 || '~' GROUP BY workspace, number, agent_id, \
             substr({of}, 1, {length})"
        );
        database.run(&sql, values()).map(drop)
    }

    /// Rows that do not follow from those that they add up, and those that are missing.
    pub(super) fn miscounted(&self, database: &dyn CallDatabase, workspace: &WorkspaceName) -> DatabaseResult<u64> {
        let Self { table, of, length, .. } = self;
        let there = format!("SELECT * FROM {table} WHERE workspace = ?1");
        let due = format!(
            "SELECT workspace, number, agent_id, substr({of}, 1, {length}), {SUMS_OF_DAYS} FROM {of} \
             WHERE workspace = ?1 AND {of} <> '' GROUP BY 1, 2, 3, 4"
        );
        differing(database, workspace, &there, &due)
    }
}

/// How many rows of two questions about a workspace only one of them has; a row that differs is in both and counts once.
pub(super) fn differing(
    database: &dyn CallDatabase,
    workspace: &WorkspaceName,
    there: &str,
    due: &str,
) -> DatabaseResult<u64> {
    let only = |one: &str, other: &str| {
        let sql = format!("SELECT count(*) FROM ({one} EXCEPT {other}) AS differing");
        database.one(&sql, values![workspace.as_str()])?.count(0)
    };
    Ok(only(there, due)?.max(only(due, there)?))
}

/// Counts the sums that groups of calls are part of anew, from their daily counts.
pub(super) fn count_anew(
    database: &dyn CallDatabase,
    workspace: &WorkspaceName,
    groups: &BTreeSet<DayGroup>,
) -> DatabaseResult<()> {
    ROLL_UPS.iter().try_for_each(|level| level.count_groups(database, workspace, groups))
}

/// Counts the sums that the days from one up to, and with, another are part of anew.
pub(super) fn count_days_anew(
    database: &dyn CallDatabase,
    workspace: &WorkspaceName,
    days: [&str; 2],
) -> DatabaseResult<()> {
    ROLL_UPS.iter().try_for_each(|level| level.count_days(database, workspace, days))
}

/// Rows of one table, from one text up to, and without, another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CountedSpan {
    pub(super) table: &'static str,
    pub(super) from: String,
    pub(super) until: String,
}

/// The fewest rows that the days from one up to, and without, another are made of: months, ten days at the edges of those,
/// and days at the edges of these.
pub(super) fn spans(first: Millis, last: Millis) -> Vec<CountedSpan> {
    let mut spans: Vec<CountedSpan> = Vec::new();
    let mut at = first;
    while at < last {
        let largest = ROLL_UPS.iter().rev().find_map(|level| Some((level, level.end(at).filter(|end| *end <= last)?)));
        let (table, from, until, end) = match largest {
            Some((level, end)) => (level.table, level.key(&at.day()), level.key(&end.day()), end),
            None => ("day", at.day(), at.plus(DAY).day(), at.plus(DAY)),
        };
        match spans.last_mut().filter(|span| span.table == table) {
            Some(span) => span.until = until,
            None => spans.push(CountedSpan { table, from, until }),
        }
        at = end;
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::activity::time::start_of;

    fn told(first: &str, last: &str) -> String {
        let spans = spans(start_of(first).unwrap(), start_of(last).unwrap());
        let told: Vec<_> = spans.iter().map(|span| format!("{} {} {}", span.table, span.from, span.until)).collect();
        told.join(", ")
    }

    #[test]
    fn a_time_is_its_months_and_ten_days_and_days_around_them() {
        for (first, last, made_of) in [
            ("2025-01-01", "2026-01-01", "month 2025-01 2026-01"),
            (
                "2024-11-18",
                "2025-11-18",
                "day 2024-11-18 2024-11-20, ten_days 2024-11-2 2024-12-0, month 2024-12 2025-11, \
                 ten_days 2025-11-0 2025-11-1, day 2025-11-10 2025-11-18",
            ),
            ("2024-02-20", "2024-03-02", "ten_days 2024-02-2 2024-03-0, day 2024-03-01 2024-03-02"),
            ("2025-01-02", "2025-01-12", "day 2025-01-02 2025-01-12"),
            ("2025-01-30", "2025-02-01", "ten_days 2025-01-3 2025-02-0"),
            ("2025-01-02", "2025-01-02", ""),
        ] {
            assert_eq!(told(first, last), made_of, "{first} {last}");
        }
    }

    #[test]
    fn every_day_of_a_time_is_in_one_row() {
        let (begin, end) = (start_of("2023-12-25").unwrap(), start_of("2024-03-05").unwrap());
        let days = |from: Millis, until: Millis| {
            std::iter::successors(Some(from), |day| Some(day.plus(DAY))).take_while(move |day| *day < until)
        };
        for (first, last) in days(begin, end).flat_map(|first| days(first, end).map(move |last| (first, last))) {
            let spans = spans(first, last);
            for day in days(begin, end) {
                let holding = spans.iter().filter(|span| {
                    let key: String = day.day().chars().take(span.from.len()).collect();
                    key >= span.from && key < span.until
                });
                assert_eq!(holding.count(), usize::from(first <= day && day < last), "{} {spans:?}", day.day());
            }
        }
    }
}
