//! Calls at a time now, against the most that there may be.

use std::collections::BTreeMap;

use super::concurrency::LiveConcurrency;
use crate::activity::live::LiveCalls;
use crate::activity::time::{MINUTE, Millis};
use crate::model::WorkspaceName;

/// The age from which on what Retell said of a workspace's concurrency tells nothing of the present.
pub const CONCURRENCY_KNOWN_FOR: i64 = 5 * MINUTE;

/// Each workspace's calls against its limit: those of which something is asked, and those on which something happens.
pub fn by_workspace(calls: &LiveCalls, readings: &BTreeMap<WorkspaceName, ConcurrencyReading>) -> Vec<WorkspaceNow> {
    let mut rows: BTreeMap<String, WorkspaceNow> = BTreeMap::new();
    for (workspace, reading) in readings {
        let row = WorkspaceNow { concurrency: reading.known_at(calls.now), ..WorkspaceNow::of(workspace.as_str()) };
        rows.insert(workspace.to_string(), row);
    }
    for line in &calls.lines {
        let row = rows.entry(line.workspace.clone()).or_insert_with(|| WorkspaceNow::of(&line.workspace));
        row.ongoing += line.ongoing;
        row.lost += line.lost;
    }
    rows.into_values().collect()
}

/// What became of asking Retell how many calls a workspace has, and may have, at a time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConcurrencyReading {
    /// What it last said, and when; none where it never did.
    pub said: Option<(Millis, LiveConcurrency)>,
    /// Why it could not be asked the last time.
    pub problem: Option<String>,
}

impl ConcurrencyReading {
    /// The next reading after this one: what could not be asked leaves what was said before.
    #[must_use]
    pub fn followed_by(self, at: Millis, read: Result<LiveConcurrency, String>) -> Self {
        match read {
            Ok(said) => Self { said: Some((at, said)), problem: None },
            Err(problem) => Self { problem: Some(problem), ..self },
        }
    }

    fn known_at(&self, now: Millis) -> KnownConcurrency {
        match &self.said {
            Some((at, said)) if now.0 - at.0 < CONCURRENCY_KNOWN_FOR => KnownConcurrency::Said { at: *at, said: *said },
            _ => KnownConcurrency::Nothing(self.problem.clone()),
        }
    }
}

/// What is known of a workspace's concurrency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KnownConcurrency {
    /// What Retell said, and when.
    Said { at: Millis, said: LiveConcurrency },
    /// Nothing, and why where that is known.
    Nothing(Option<String>),
}

/// A workspace's calls, against the most that it may have at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkspaceNow {
    pub workspace: String,
    pub ongoing: u64,
    /// Calls of the last hour that were lost because all concurrency was in use.
    pub lost: u64,
    pub concurrency: KnownConcurrency,
}

impl WorkspaceNow {
    fn of(workspace: &str) -> Self {
        Self { workspace: workspace.to_owned(), ongoing: 0, lost: 0, concurrency: KnownConcurrency::Nothing(None) }
    }

    /// What Retell said; nothing of any figure where it is not known.
    pub fn said(&self) -> LiveConcurrency {
        match &self.concurrency {
            KnownConcurrency::Said { said, .. } => *said,
            KnownConcurrency::Nothing(_) => LiveConcurrency::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::activity::live::LiveLine;

    const NOW: Millis = Millis(1_763_640_000_000);

    fn name(text: &str) -> WorkspaceName {
        WorkspaceName::parse(text).unwrap()
    }

    fn line(workspace: &str, ongoing: u64, lost: u64) -> LiveLine {
        let workspace = workspace.to_owned();
        LiveLine { workspace, phone_number: None, agent_id: None, ongoing, last_hour: ongoing + lost, lost }
    }

    #[test]
    fn the_calls_of_a_workspace_stand_beside_its_limit_and_one_that_was_not_read_has_none() {
        let said = LiveConcurrency { current: Some(3), limit: Some(20), ..LiveConcurrency::default() };
        let readings = BTreeMap::from([
            (name("production"), ConcurrencyReading::default().followed_by(NOW, Ok(said))),
            (name("staging"), ConcurrencyReading::default().followed_by(NOW, Err("there is no key".to_owned()))),
        ]);
        let lines = vec![line("production", 2, 1), line("production", 1, 0), line("moon", 1, 0)];
        let rows = by_workspace(&LiveCalls { lines, ..LiveCalls::at(NOW) }, &readings);
        let told: Vec<_> =
            rows.iter().map(|row| (row.workspace.as_str(), row.ongoing, row.lost, row.said().limit)).collect();
        assert_eq!(told, [("moon", 1, 0, None), ("production", 3, 1, Some(20)), ("staging", 0, 0, None)]);
        assert_eq!(rows[2].concurrency, KnownConcurrency::Nothing(Some("there is no key".to_owned())));
    }

    #[test]
    fn what_retell_said_is_known_for_minutes_and_a_failure_does_not_take_it_away() {
        let said = LiveConcurrency { limit: Some(20), ..LiveConcurrency::default() };
        let reading = ConcurrencyReading::default()
            .followed_by(NOW, Ok(said))
            .followed_by(NOW.plus(MINUTE), Err("no answer".to_owned()));
        assert_eq!(reading.known_at(NOW.plus(MINUTE)), KnownConcurrency::Said { at: NOW, said });
        assert_eq!(
            reading.known_at(NOW.plus(CONCURRENCY_KNOWN_FOR)),
            KnownConcurrency::Nothing(Some("no answer".to_owned()))
        );
    }
}
