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
    /// The date of an import or assignment. Each of them moves Retell's stamp: an older stamp tells that it happened before
    /// the date, which is when a sync looked.
    pub fn of(date: Timestamp, assignment: Option<&Assignment>) -> Self {
        let stamp = assignment.and_then(|known| known.last_modified).map(Timestamp::to_datetime);
        Self { date, is_first_seen: stamp.is_some_and(|stamp| stamp < date.to_datetime() - CLOCKS_DIFFER) }
    }
}

impl fmt::Display for NotedDate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}{}", if self.is_first_seen { "first seen " } else { "" }, self.date)
    }
}
