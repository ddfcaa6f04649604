//! The rows of an answer about calls: tallies put together by what was asked, with what the directory knows of them.

use std::collections::BTreeMap;

use super::counts::{CallCounts, CallTally, TallyKey, TallyPart};
use crate::model::pools::PoolName;
use crate::model::{AgentId, AgentPath, Directory, PhoneNumber, WorkspaceName};
use crate::query::agent::Agent;
use crate::words::word_enum;

word_enum! {
    /// What one row is about, beside its workspace.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum UsageGroup {
        Number = "number",
        /// The agent that Retell used.
        Agent = "agent",
        Pool = "pool",
        /// Our number's carrier.
        Provider = "provider",
        Workspace = "workspace",
        /// A day in UTC.
        Day = "day",
        /// An hour in UTC.
        Hour = "hour",
        Reason = "reason",
        Direction = "direction",
    }
}

impl UsageGroup {
    /// What the calls have to be told apart by, beside number and agent.
    pub fn part(self) -> TallyPart {
        match self {
            Self::Number | Self::Agent | Self::Pool | Self::Provider | Self::Workspace => TallyPart::Whole,
            Self::Day => TallyPart::Day,
            Self::Hour => TallyPart::Hour,
            Self::Reason => TallyPart::Reason,
            Self::Direction => TallyPart::Direction,
        }
    }

    /// Whether calls have to be told apart by our number.
    pub fn needs_number(self) -> bool {
        matches!(self, Self::Number | Self::Pool | Self::Provider)
    }

    /// Whether a row is about one of the parts into which calls are told apart.
    pub fn is_part(self) -> bool {
        !matches!(self, Self::Number | Self::Agent | Self::Workspace)
    }

    /// Whether rows follow one another in time, rather than the largest first.
    fn is_in_time(self) -> bool {
        matches!(self, Self::Day | Self::Hour)
    }
}

/// Which calls count; an empty list admits all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UsageFilter {
    pub numbers: Vec<PhoneNumber>,
    /// Those of numbers in one of these pools.
    pub pools: Vec<PoolName>,
    /// Those that one of these agents took.
    pub agents: Vec<Agent>,
}

impl UsageFilter {
    /// Whether calls have to be told apart by our number.
    pub fn needs_number(&self) -> bool {
        !self.numbers.is_empty() || !self.pools.is_empty()
    }

    /// Whether calls of a number count.
    pub fn admits_number(&self, number: Option<PhoneNumber>, directory: &Directory) -> bool {
        let pool = || directory.pools.as_ref()?.pool_of(number?);
        let of_pool = || pool().is_some_and(|pool| self.pools.contains(pool));
        (self.numbers.is_empty() || number.is_some_and(|number| self.numbers.contains(&number)))
            && (self.pools.is_empty() || of_pool())
    }

    fn admits(&self, key: &TallyKey, directory: &Directory) -> bool {
        self.admits_number(key.number, directory)
            && (self.agents.is_empty() || self.agents.iter().any(|agent| took(agent, key, directory)))
    }
}

fn took(agent: &Agent, key: &TallyKey, directory: &Directory) -> bool {
    let Some(id) = &key.agent_id else { return false };
    match agent {
        Agent::Folder(path) => directory.agents.path_of(&key.workspace, id) == Some(path),
        Agent::Unmanaged(unmanaged) => unmanaged == id,
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageRow {
    pub workspace: WorkspaceName,
    /// Our number, where the row is about one.
    pub number: Option<PhoneNumber>,
    /// The agent that took the calls; in a row about a number, the agent that is bound to it now.
    pub agent_id: Option<AgentId>,
    pub agent_path: Option<AgentPath>,
    /// The pool, carrier, day, hour, reason or direction that the row is about.
    pub part: Option<String>,
    pub counts: CallCounts,
}

/// Puts tallies together, the largest row first, or in the order of time.
pub fn rows(
    tallies: &[CallTally],
    directory: &Directory,
    group: UsageGroup,
    filter: &UsageFilter,
    known: &[&WorkspaceName],
) -> Vec<UsageRow> {
    let mut sums: BTreeMap<TallyKey, CallCounts> = BTreeMap::new();
    for tally in tallies.iter().filter(|tally| filter.admits(&tally.key, directory)) {
        let key = TallyKey {
            number: tally.key.number.filter(|_| group == UsageGroup::Number),
            agent_id: tally.key.agent_id.clone().filter(|_| group == UsageGroup::Agent),
            part: part(&tally.key, directory, group),
            workspace: tally.key.workspace.clone(),
        };
        sums.entry(key).or_default().add(&tally.counts);
    }
    for (workspace, number) in silent(directory, group, filter, known) {
        sums.entry(TallyKey { workspace, number: Some(number), agent_id: None, part: None }).or_default();
    }
    let mut rows: Vec<_> = sums.into_iter().map(|(key, counts)| row(key, counts, directory, group)).collect();
    if !group.is_in_time() {
        rows.sort_by_key(|row| std::cmp::Reverse(row.counts.calls));
    }
    rows
}

/// What a row is about beside number and agent.
fn part(key: &TallyKey, directory: &Directory, group: UsageGroup) -> Option<String> {
    match group {
        UsageGroup::Pool => directory.pools.as_ref()?.pool_of(key.number?).map(ToString::to_string),
        UsageGroup::Provider => directory.number(key.number?).map(|entry| entry.provider.to_string()),
        _ => key.part.clone(),
    }
}

/// The numbers that were asked for by name, which have a row although no call came.
fn silent<'a>(
    directory: &'a Directory,
    group: UsageGroup,
    filter: &'a UsageFilter,
    known: &'a [&'a WorkspaceName],
) -> impl Iterator<Item = (WorkspaceName, PhoneNumber)> + 'a {
    let asked = filter.numbers.iter().filter(move |_| group == UsageGroup::Number && filter.agents.is_empty());
    asked.flat_map(move |number| {
        let has = move |name: &&WorkspaceName| {
            directory.workspaces.get(*name).is_some_and(|files| files.registered(*number).is_some())
                && known.contains(name)
        };
        directory.workspaces.keys().filter(has).map(|name| (name.clone(), *number))
    })
}

fn row(key: TallyKey, counts: CallCounts, directory: &Directory, group: UsageGroup) -> UsageRow {
    let TallyKey { workspace, number, agent_id, part } = key;
    let bound = number
        .and_then(|number| directory.workspaces.get(&workspace)?.assignment(number))
        .filter(|_| group == UsageGroup::Number);
    let folder = |id: &AgentId| directory.agents.path_of(&workspace, id).cloned();
    let (agent_id, agent_path) = if let Some(assignment) = bound {
        (assignment.agent_id.clone(), assignment.agent_path.clone())
    } else {
        let path = agent_id.as_ref().and_then(folder);
        (agent_id, path)
    };
    UsageRow { workspace, number, agent_id, agent_path, part, counts }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(workspace: &str, number: Option<&str>, agent: &str, calls: u64) -> CallTally {
        CallTally {
            key: TallyKey {
                workspace: WorkspaceName::parse(workspace).unwrap(),
                number: number.map(|number| PhoneNumber::parse(number).unwrap()),
                agent_id: AgentId::parse(agent).ok(),
                part: None,
            },
            counts: CallCounts { calls, connected: calls, ..CallCounts::default() },
        }
    }

    #[test]
    fn rows_of_a_number_are_the_sum_of_its_agents_and_rows_of_an_agent_of_its_numbers() {
        let one = Some("+14155550101");
        let tallies = [
            tally("production", one, "agent_a", 2),
            tally("production", one, "agent_b", 3),
            tally("production", Some("+14155550102"), "agent_a", 4),
            tally("staging", one, "agent_a", 9),
            tally("production", None, "agent_a", 1),
        ];
        let counted = |group, filter: &UsageFilter| -> Vec<(String, String, u64)> {
            let text = |row: &UsageRow| match group {
                UsageGroup::Agent => row.agent_id.as_ref().map(ToString::to_string).unwrap_or_default(),
                _ => row.number.map(|number| number.to_string()).unwrap_or_default(),
            };
            let rows = rows(&tallies, &Directory::empty(), group, filter, &[]);
            rows.iter().map(|row| (row.workspace.to_string(), text(row), row.counts.calls)).collect()
        };
        let all = UsageFilter::default();
        let row = |workspace: &str, text: &str, calls| (workspace.to_owned(), text.to_owned(), calls);
        assert_eq!(
            counted(UsageGroup::Number, &all),
            [
                row("staging", "+14155550101", 9),
                row("production", "+14155550101", 5),
                row("production", "+14155550102", 4),
                row("production", "", 1)
            ]
        );
        assert_eq!(
            counted(UsageGroup::Agent, &all),
            [row("staging", "agent_a", 9), row("production", "agent_a", 7), row("production", "agent_b", 3)]
        );
        let of_agent = UsageFilter {
            agents: vec![Agent::Unmanaged(AgentId::parse("agent_b").unwrap())],
            ..UsageFilter::default()
        };
        assert_eq!(counted(UsageGroup::Number, &of_agent), [row("production", "+14155550101", 3)]);
    }
}
