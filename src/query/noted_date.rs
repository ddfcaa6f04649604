//! A date that the directory has of an import or an assignment: when it happened, or when it was first seen.

use std::fmt;

use chrono::TimeDelta;

use crate::model::{Assignment, Timestamp};

/// By how much the clocks of this machine and of Retell may differ.
const CLOCKS_DIFFER: TimeDelta = TimeDelta::minutes(1);

/// When something happened, or was first seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NotedDate {
    pub date: Timestamp,
    /// Whether it had happened before, at a time that is not known.
    is_first_seen: bool,
}

impl NotedDate {
    /// The date of an import or assignment, with how many numbers have the same one. Each of them moves Retell's stamp: an
    /// older stamp tells that it happened before the date; and a date that several numbers share is when a sync looked.
    pub fn of(date: Timestamp, assignment: Option<&Assignment>, at_once: usize) -> Self {
        let stamp = assignment.and_then(|known| known.last_modified).map(Timestamp::to_datetime);
        let is_older = stamp.is_some_and(|stamp| stamp < date.to_datetime() - CLOCKS_DIFFER);
        Self { date, is_first_seen: is_older && at_once > 1 }
    }
}

impl fmt::Display for NotedDate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}{}", if self.is_first_seen { "first seen " } else { "" }, self.date)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::made_up;

    #[test]
    fn a_date_is_first_seen_where_retells_stamp_is_older_and_other_numbers_have_the_same_one() {
        let moment = |text: &str| Timestamp::parse(text).unwrap();
        let known =
            |stamp: &str| Assignment { last_modified: Some(moment(stamp)), ..made_up::assignment(101, "agent_a") };
        let told = |stamp: &str, at_once| {
            NotedDate::of(moment("2025-11-19T12:00:00Z"), Some(&known(stamp)), at_once).to_string()
        };
        assert_eq!(told("2025-11-17T11:00:00Z", 2), "first seen 2025-11-19T12:00:00Z");
        for (stamp, at_once) in [("2025-11-17T11:00:00Z", 1), ("2025-11-19T11:59:00Z", 2), ("2025-11-20T12:00:00Z", 2)]
        {
            assert_eq!(told(stamp, at_once), "2025-11-19T12:00:00Z");
        }
    }
}
