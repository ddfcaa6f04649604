//! Months of daily counts: the same sums once more, so that a year is answered from twelve rows a number.

use std::collections::BTreeSet;

use super::counting::{DayGroup, SUMS_OF_DAYS};
use super::database::{CallDatabase, DatabaseResult, values};
use crate::activity::time::Millis;
use crate::model::WorkspaceName;

/// The first day behind every day of a month that is written `2025-11`.
const LAST: &str = "-99";

/// Counts the months of groups of calls anew, from their daily counts.
pub(super) fn count_anew(
    database: &dyn CallDatabase,
    workspace: &WorkspaceName,
    groups: &BTreeSet<DayGroup>,
) -> DatabaseResult<()> {
    let key = |group: &DayGroup| Some((group.number_text().to_owned(), group.agent_text().to_owned(), group.month()?));
    let keys: BTreeSet<_> = groups.iter().filter_map(key).collect();
    let sets = || {
        keys.iter()
            .map(|(number, agent, month)| values![workspace.as_str(), number.as_str(), agent.as_str(), month.as_str()])
    };
    database.execute(
        "DELETE FROM month WHERE workspace = ?1 AND number = ?2 AND agent_id = ?3 AND month = ?4",
        sets().collect(),
    )?;
    let sql = format!(
        "INSERT INTO month SELECT ?1, ?2, ?3, ?4, {SUMS_OF_DAYS} FROM day WHERE workspace = ?1 AND number = ?2 AND \
         agent_id = ?3 AND day >= ?4 AND day < ?4 || '{LAST}' HAVING count(*) > 0"
    );
    database.execute(&sql, sets().collect()).map(drop)
}

/// Counts anew every month up to that of a moment: when calls were erased.
pub(super) fn count_all_until(database: &dyn CallDatabase, moment: Millis) -> DatabaseResult<()> {
    let month = month_of(&moment.day());
    database.run("DELETE FROM month WHERE month <= ?1", values![month.as_str()])?;
    let sql = format!(
        "INSERT INTO month SELECT workspace, number, agent_id, substr(day, 1, 7), {SUMS_OF_DAYS} FROM day \
         WHERE day <> '' AND day < ?1 || '{LAST}' GROUP BY workspace, number, agent_id, substr(day, 1, 7)"
    );
    database.run(&sql, values![month.as_str()]).map(drop)
}

/// The whole months between two first moments of days, and the days before and behind them.
pub(super) struct MonthSplit {
    /// From the first day up to the first month.
    pub before: [String; 2],
    /// From the first month up to, and without, the last.
    pub months: [String; 2],
    /// From the last month on.
    pub behind: [String; 2],
}

impl MonthSplit {
    /// None where no month lies between them as a whole.
    pub(super) fn of(first: Millis, last: Millis) -> Option<Self> {
        let (first, last) = (first.day(), last.day());
        let begin = if first.ends_with("-01") { month_of(&first) } else { next(&month_of(&first))? };
        let end = month_of(&last);
        (begin < end).then(|| Self {
            before: [first, format!("{begin}-01")],
            behind: [format!("{end}-01"), last],
            months: [begin, end],
        })
    }
}

pub(super) fn month_of(day: &str) -> String {
    day.chars().take(7).collect()
}

fn next(month: &str) -> Option<String> {
    let (year, month) = month.split_once('-')?;
    let (year, month): (u32, u32) = (year.parse().ok()?, month.parse().ok()?);
    Some(if month == 12 { format!("{:04}-01", year + 1) } else { format!("{year:04}-{:02}", month + 1) })
}

#[cfg(test)]
mod tests {
    use super::super::super::super::activity::time::start_of;
    use super::*;

    #[test]
    fn a_time_is_its_whole_months_and_the_days_around_them() {
        let split = |first: &str, last: &str| {
            let split = MonthSplit::of(start_of(first)?, start_of(last)?)?;
            Some([split.before, split.months, split.behind].concat().join(" "))
        };
        let whole = "2025-01-01 2025-01-01 2025-01 2026-01 2026-01-01 2026-01-01";
        assert_eq!(split("2025-01-01", "2026-01-01").unwrap(), whole);
        let within = "2024-12-30 2025-01-01 2025-01 2025-02 2025-02-01 2025-02-03";
        assert_eq!(split("2024-12-30", "2025-02-03").unwrap(), within);
        assert_eq!(split("2025-01-02", "2025-02-28"), None);
        assert_eq!(split("2025-01-02", "2025-01-03"), None);
    }
}
