//! Which numbers are unused: old enough, known for the whole time, and silent. Anything less is not idle but unknown.

use std::collections::BTreeMap;

use super::coverage::CallCoverage;
use super::time::{DAY, Millis};
use crate::model::{PhoneNumber, WorkspaceName};
use crate::query::Row;

/// The last call that is known of each number of a workspace.
pub type LastCalls = BTreeMap<(WorkspaceName, PhoneNumber), Millis>;

/// A number on which nothing happened, as far as is known.
#[derive(Clone, Debug)]
pub struct IdleNumber<'a> {
    /// Its row in the directory.
    pub row: Row<'a>,
    /// Its last call, before that time.
    pub last: Option<Millis>,
    /// For how many days nothing happened, where that is known.
    pub days: Option<i64>,
}

/// Which numbers are idle, and of which that cannot be told.
#[derive(Clone, Debug, Default)]
pub struct IdleAnswer<'a> {
    pub idle: Vec<IdleNumber<'a>>,
    /// Those that may be: their calls, or their age, are not known for the whole time.
    pub unknown: Vec<IdleNumber<'a>>,
}

/// Judges the numbers of the workspaces whose coverage is given; `length` is the time without a call.
pub fn idle<'a>(
    rows: &[Row<'a>],
    coverage: &[CallCoverage],
    last: &LastCalls,
    length: i64,
    until: Millis,
) -> IdleAnswer<'a> {
    let mut answer = IdleAnswer::default();
    for row in rows {
        let Some(workspace) = row.workspace else { continue };
        let Some(known) = coverage.iter().find(|known| known.workspace == *workspace) else { continue };
        let last = last.get(&(workspace.clone(), row.phone_number)).copied();
        let since = until.minus(length);
        let imported = row.registered.and_then(|entry| entry.import_date).map(|date| Millis::of(date.to_datetime()));
        if last.is_some_and(|last| last >= since) || imported.is_some_and(|date| date > since) {
            continue;
        }
        let is_known = known.complete.is_some_and(|span| span.from <= since && span.until >= until);
        let quiet_since = last.or(imported).filter(|_| is_known);
        let days = quiet_since.map(|from| (until.0 - from.0) / DAY);
        let number = IdleNumber { row: *row, last, days };
        let judged = if is_known && imported.is_some() { &mut answer.idle } else { &mut answer.unknown };
        judged.push(number);
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::super::coverage::CompleteSpan;
    use super::*;
    use crate::model::{Directory, RegistryEntry, Timestamp};

    const UNTIL: Millis = Millis(20_000 * DAY);

    fn registered(imported: Option<i64>) -> RegistryEntry {
        let date = imported.and_then(|days| Timestamp::from_unix_millis(UNTIL.0 - days * DAY));
        serde_json::from_value(serde_json::json!({
            "phone_number": "+14155550101", "phone_number_pretty": "(415) 555-0101", "phone_number_type": "local",
            "provider": "twilio", "import_method": "sip-trunk", "import_date": date, "termination_uri": null,
            "nickname": null, "assigned": false, "last_modified": null,
        }))
        .unwrap()
    }

    fn judged(imported: Option<i64>, covered_days: i64, last_days: Option<i64>) -> (usize, usize) {
        let workspace = WorkspaceName::parse("production").unwrap();
        let entry = registered(imported);
        let directory = Directory::empty();
        let row = Row {
            phone_number: entry.phone_number,
            entry: None,
            directory: &directory,
            workspace: Some(&workspace),
            registered: Some(&entry),
            assignment: None,
        };
        let complete = Some(CompleteSpan { from: UNTIL.minus(covered_days * DAY), until: UNTIL });
        let coverage = [CallCoverage { workspace: workspace.clone(), complete, erased_before: None }];
        let last = last_days.map(|days| ((workspace.clone(), row.phone_number), UNTIL.minus(days * DAY)));
        let answer = idle(&[row], &coverage, &last.into_iter().collect(), 30 * DAY, UNTIL);
        (answer.idle.len(), answer.unknown.len())
    }

    #[test]
    fn a_number_is_idle_when_it_is_old_enough_known_and_silent() {
        assert_eq!(judged(Some(40), 30, None), (1, 0));
        assert_eq!(judged(Some(40), 90, Some(31)), (1, 0));
        assert_eq!(judged(Some(40), 30, Some(29)), (0, 0), "it was called");
        assert_eq!(judged(Some(29), 90, None), (0, 0), "it is new");
        assert_eq!(judged(Some(40), 29, None), (0, 1), "the first of the 30 days is not known");
        assert_eq!(judged(None, 90, None), (0, 1), "its age is not known");
    }
}
