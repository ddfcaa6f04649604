//! What a report tells of calls: a day, an hour of the week, an agent, and which paid numbers get no calls.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, Timelike};

use super::counts::{CallCounts, CallTally};
use super::coverage::CallCoverage;
use super::idle::IdleAnswer;
use super::money::MicroDollars;
use super::rent::{NumberSeller, RentList};
use super::time::{DAY, Millis};
use crate::model::{AgentNames, AgentPath, Directory, PhoneNumber, WorkspaceName};

/// Calls and idle numbers of the last 30 days.
#[derive(Clone, Debug)]
pub struct ActivityReport {
    pub since: Millis,
    pub until: Millis,
    /// For which time each workspace's calls are known.
    pub coverage: Vec<CallCoverage>,
    pub total: CallCounts,
    /// Calls of each day, every day of the time once.
    pub days: Vec<(String, u64)>,
    /// Calls by day of the week, from Monday, and hour, in UTC.
    pub week: [[u64; 24]; 7],
    /// By agent, the dearest first.
    pub agents: Vec<AgentActivity>,
    /// Numbers without a call, the dearest first.
    pub idle: Vec<IdlePaid>,
    /// Of how many numbers it is not known whether they are idle.
    pub idle_unknown: usize,
}

impl ActivityReport {
    /// The known rents of idle numbers for a year. A number that is idle in two workspaces pays once.
    pub fn idle_rent_a_year(&self) -> MicroDollars {
        let rents: BTreeMap<_, _> = self.idle.iter().filter_map(|idle| Some((idle.number, idle.rent?))).collect();
        rents.into_values().sum::<MicroDollars>().times(12).unwrap_or_default()
    }
}

/// The calls that an agent took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentActivity {
    pub workspace: WorkspaceName,
    /// Its folder, else its id.
    pub name: String,
    pub counts: CallCounts,
}

/// A paid number without a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdlePaid {
    pub number: PhoneNumber,
    pub workspace: WorkspaceName,
    pub agent_path: Option<AgentPath>,
    /// For how many days nothing happened.
    pub days: Option<i64>,
    /// Its rent a month; none where that is not known.
    pub rent: Option<MicroDollars>,
}

/// Folds calls that were counted by hour into the days of the time and the hours of a week.
pub fn days_and_week(tallies: &[CallTally], since: Millis, until: Millis) -> (Vec<(String, u64)>, [[u64; 24]; 7]) {
    let first = since.day_start().0.div_euclid(DAY);
    let last = until.minus(1).day_start().0.div_euclid(DAY);
    let mut days: BTreeMap<String, u64> = (first..=last).map(|day| (Millis(day * DAY).day(), 0)).collect();
    let mut week = [[0; 24]; 7];
    for tally in tallies {
        let hour = tally.key.part.as_deref().and_then(|hour| DateTime::parse_from_rfc3339(hour).ok());
        let Some(hour) = hour else { continue };
        *days.entry(Millis::of(hour.to_utc()).day()).or_default() += tally.counts.calls;
        let day = hour.weekday().num_days_from_monday() as usize;
        week[day][hour.hour() as usize] += tally.counts.calls;
    }
    (days.into_iter().collect(), week)
}

/// Puts the calls of each agent together, the dearest first.
pub fn by_agent(tallies: &[CallTally], directory: &Directory) -> Vec<AgentActivity> {
    let names = AgentNames::of(directory);
    let mut sums: BTreeMap<(WorkspaceName, String), CallCounts> = BTreeMap::new();
    for tally in tallies {
        let workspace = &tally.key.workspace;
        let name = tally.key.agent_id.as_ref().map_or_else(|| "no agent".to_owned(), |id| names.label(workspace, id));
        sums.entry((workspace.clone(), name)).or_default().add(&tally.counts);
    }
    let agent = |((workspace, name), counts)| AgentActivity { workspace, name, counts };
    let mut agents: Vec<_> = sums.into_iter().map(agent).collect();
    agents.sort_by_key(|agent| std::cmp::Reverse((agent.counts.cost, agent.counts.calls)));
    agents
}

/// Idle numbers with what each costs, the dearest first.
pub fn idle_paid(answer: &IdleAnswer<'_>, rents: &RentList<'_>) -> Vec<IdlePaid> {
    let one = |idle: &super::idle::IdleNumber<'_>| {
        let row = &idle.row;
        let seller = NumberSeller::of(row.registered.map(|registered| registered.import_method));
        Some(IdlePaid {
            number: row.phone_number,
            workspace: row.workspace?.clone(),
            agent_path: row.agent_path().cloned(),
            days: idle.days,
            rent: row.entry.and_then(|entry| rents.monthly(entry, seller).ok()),
        })
    };
    let mut paid: Vec<_> = answer.idle.iter().filter_map(one).collect();
    paid.sort_by_key(|idle| std::cmp::Reverse(idle.rent));
    paid
}
