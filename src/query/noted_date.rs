//! A date that the directory has of an import or an assignment: when it happened, or when it was first seen.

use std::fmt;

use chrono::TimeDelta;

use crate::model::{Assignment, RegistryEntry, Timestamp};

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
    /// The date of an import. A sync notes an assignment with the import or after it; where the assignment is the older one,
    /// the dates do not come from looking, and the import's is taken as it stands.
    pub fn of_import(date: Timestamp, registered: Option<&RegistryEntry>, assignment: Option<&Assignment>) -> Self {
        let assigned = assignment.and_then(|known| known.assigned_date);
        let is_noted = assigned.is_none_or(|assigned| assigned >= date);
        let stamp = registered.and_then(|known| known.last_modified);
        Self { date, is_first_seen: is_noted && is_older(stamp, date) }
    }

    pub fn of_assignment(date: Timestamp, assignment: &Assignment) -> Self {
        Self { date, is_first_seen: is_older(assignment.last_modified, date) }
    }
}

/// Imports and assignments move Retell's stamp: an older stamp tells that they happened before the date, which is when the
/// tool looked.
fn is_older(stamp: Option<Timestamp>, date: Timestamp) -> bool {
    stamp.is_some_and(|stamp| stamp.to_datetime() < date.to_datetime() - CLOCKS_DIFFER)
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

    const DATE: &str = "2025-11-19T12:00:00Z";

    fn moment(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    fn imported(stamp: &str, assigned: Option<&str>) -> String {
        let entry = RegistryEntry { last_modified: Some(moment(stamp)), ..made_up::registry_entry(101) };
        let known = Assignment { assigned_date: assigned.map(moment), ..made_up::assignment(101, "agent_a") };
        NotedDate::of_import(moment(DATE), Some(&entry), assigned.map(|_| &known)).to_string()
    }

    #[test]
    fn an_import_is_first_seen_where_retells_stamp_is_older() {
        assert_eq!(imported("2025-11-19T11:20:00Z", None), "first seen 2025-11-19T12:00:00Z");
        assert_eq!(imported("2025-11-19T11:20:00Z", Some(DATE)), "first seen 2025-11-19T12:00:00Z");
        for (stamp, assigned) in [
            ("2025-11-19T11:59:30Z", None),
            ("2025-11-20T12:00:00Z", Some(DATE)),
            ("2025-11-16T09:00:00Z", Some("2025-11-16T09:00:00Z")),
        ] {
            assert_eq!(imported(stamp, assigned), DATE);
        }
    }

    #[test]
    fn an_assignment_is_first_seen_where_retells_stamp_is_older() {
        let assigned = |stamp: &str| {
            let known = Assignment { last_modified: Some(moment(stamp)), ..made_up::assignment(101, "agent_a") };
            NotedDate::of_assignment(moment(DATE), &known).to_string()
        };
        assert_eq!(assigned("2025-11-19T11:20:00Z"), "first seen 2025-11-19T12:00:00Z");
        assert_eq!(assigned("2025-11-20T12:00:00Z"), DATE);
    }
}
