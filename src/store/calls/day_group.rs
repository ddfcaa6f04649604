//! The calls that one row of the daily counts is about.

use super::database::{SqlValue, values};
use crate::activity::call::CallFacts;
use crate::activity::time::{DAY, Millis};
use crate::model::{AgentId, PhoneNumber, WorkspaceName};

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

    /// The day as daily counts write it.
    pub(super) fn day_text(&self) -> String {
        self.day.map(Millis::day).unwrap_or_default()
    }

    /// What the group's calls have in common. A column that is compared with a value is found by an index, which is not so
    /// where the value may be none.
    pub(super) fn condition(&self) -> String {
        let same = |column: &str, at: u8, is_known| {
            if is_known { format!("{column} = ?{at}") } else { format!("{column} IS NULL") }
        };
        let number = same("number", 2, self.number.is_some());
        let agent = same("agent_id", 3, self.agent_id.is_some());
        let day = if self.day.is_some() { "at_ms >= ?4 AND at_ms < ?5" } else { "at_ms IS NULL" };
        format!("workspace = ?1 AND {number} AND {agent} AND {day}")
    }

    /// The values of [`Self::condition`], and the day behind them.
    pub(super) fn values(&self, workspace: &WorkspaceName) -> Vec<SqlValue> {
        let from = self.day.map(|day| day.0);
        values![
            workspace.as_str(),
            self.number.as_ref().map(PhoneNumber::as_str),
            self.agent_id.as_ref().map(AgentId::as_str),
            from,
            from.map(|from| from + DAY),
            self.day_text(),
        ]
    }

    pub(super) fn known_day(&self) -> Option<String> {
        self.day.map(Millis::day)
    }
}
