//! Made-up calls: so many a day, the same ones for the same day whenever and wherever the sandbox runs.
//!
//! Of these, nothing is stored. A call follows from its day and its place in it, so that any stretch of time can be listed, and
//! calls go on while the sandbox does. Calls that are made while it runs are kept beside them.

use std::str::FromStr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::account::{Account, AgentWeight};
use super::call_endings::Ending;
use super::clock::RunningClock;
use super::seed::mix;
use crate::error::Error;

const DAY_MS: i64 = 86_400_000;
const HOUR_MS: i64 = 3_600_000;

/// How many calls there are, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallTraffic {
    /// Calls a day, over all workspaces.
    pub per_day: u32,
    /// For how many days before the sandbox's start.
    pub days: u32,
}

impl FromStr for CallTraffic {
    type Err = Error;

    /// Reads `200/day` or `200/day:90`; without days, there are 30.
    fn from_str(text: &str) -> Result<Self, Error> {
        let (rate, days) = text.split_once(':').unwrap_or((text, "30"));
        let per_day = rate.strip_suffix("/day").and_then(|count| count.parse().ok());
        let days = days.parse().ok().filter(|days| (1..=3650).contains(days));
        match per_day.filter(|count| (1..=1_000_000).contains(count)).zip(days) {
            Some((per_day, days)) => Ok(Self { per_day, days }),
            None => Err(Error::failed(format!("`{text}` is no number of calls"))
                .hint("give `200/day`, or `200/day:90` for the last 90 days")),
        }
    }
}

/// A line of a workspace on which calls happen.
#[derive(Debug)]
struct CallLine {
    workspace: &'static str,
    number: Arc<str>,
    inbound: Vec<Arc<AgentWeight>>,
    outbound: Vec<Arc<AgentWeight>>,
}

/// What in an id says that the call was made while the sandbox runs.
pub(super) const MADE: &str = "_now_";

/// The calls of all lines, as the seed has them.
#[derive(Debug)]
pub(super) struct Calls {
    /// None where only what is made happens.
    traffic: Option<CallTraffic>,
    lines: Vec<CallLine>,
    /// The first day, in days since 1970.
    first_day: i64,
    /// Calls that were made while the sandbox runs, with their workspace.
    made: Mutex<Vec<(&'static str, MadeUpCall)>>,
}

#[derive(Clone, Debug)]
pub(super) struct MadeUpCall {
    pub(super) id: String,
    /// A number that varies what a record says beside the facts.
    pub(super) seed: u64,
    pub(super) number: Arc<str>,
    pub(super) agent: Arc<AgentWeight>,
    pub(super) is_inbound: bool,
    pub(super) start_ms: i64,
    pub(super) duration_ms: i64,
    pub(super) ending: Ending,
    /// Whether it has a start: one that was never connected may have none, and no end either.
    pub(super) has_start: bool,
}

impl MadeUpCall {
    pub(super) fn end_ms(&self) -> i64 {
        self.start_ms + self.duration_ms
    }

    /// The moment at which it is told of. One that was made while the sandbox runs goes on also while the clock stands.
    pub(super) fn present_ms(&self, clock: &RunningClock) -> i64 {
        let present = clock.present().timestamp_millis();
        if self.id.contains(MADE) { present.max(clock.passing_ms()) } else { present }
    }
}

impl Calls {
    /// The calls of an account's lines up to, and beyond, the moment `now_ms`.
    pub(super) fn new(traffic: Option<CallTraffic>, account: &Account, now_ms: i64) -> Self {
        let mut lines = Vec::new();
        for (workspace, records) in &account.workspaces {
            for number in records.numbers.iter() {
                let list = |agents: &Option<Vec<AgentWeight>>| -> Vec<Arc<AgentWeight>> {
                    agents.iter().flatten().cloned().map(Arc::new).collect()
                };
                let (inbound, outbound) = (list(&number.inbound_agents), list(&number.outbound_agents));
                if !inbound.is_empty() || !outbound.is_empty() {
                    lines.push(CallLine { workspace, number: number.phone_number.as_str().into(), inbound, outbound });
                }
            }
        }
        let days = traffic.map_or(0, |traffic| traffic.days);
        let first_day = now_ms.div_euclid(DAY_MS) - i64::from(days);
        Self { traffic, lines, first_day, made: Mutex::default() }
    }

    /// The calls of a workspace that start from one moment to another, both included, in order of time.
    pub(super) fn between(&self, workspace: &str, from_ms: i64, until_ms: i64) -> Vec<MadeUpCall> {
        let first = from_ms.div_euclid(DAY_MS).max(self.first_day);
        let days = first..=until_ms.div_euclid(DAY_MS);
        let all = days.flat_map(|day| (0..self.traffic.map_or(0, |it| it.per_day)).map(move |place| (day, place)));
        let mut calls: Vec<_> = all
            .filter_map(|(day, place)| self.call(day, place))
            .chain(self.made().iter().cloned())
            .filter(|(line, call)| *line == workspace && (from_ms..=until_ms).contains(&call.start_ms))
            .map(|(_, call)| call)
            .collect();
        calls.sort_by(|one, other| (one.start_ms, &one.id).cmp(&(other.start_ms, &other.id)));
        calls
    }

    pub(super) fn by_id(&self, workspace: &str, id: &str) -> Option<MadeUpCall> {
        if let Some((_, made)) = self.made().iter().find(|(line, call)| *line == workspace && call.id == id) {
            return Some(made.clone());
        }
        let (day, place) = id.strip_prefix("call_")?.get(16..)?.split_once('_')?;
        let (line, call) = self.call(day.parse().ok()?, place.parse().ok()?)?;
        (line == workspace && call.id == id).then_some(call)
    }

    /// The present, at which every call that has begun is among those that were made.
    pub(super) fn present_ms(&self, clock: &RunningClock) -> i64 {
        let _made = self.made();
        clock.passing_ms()
    }

    /// Adds a call that is made now; `call` is given its place among them, and has to ask for the time itself.
    pub(super) fn add_made(&self, workspace: &'static str, call: impl FnOnce(u64) -> MadeUpCall) -> MadeUpCall {
        let mut made = self.made();
        let call = call(made.len() as u64);
        made.push((workspace, call.clone()));
        call
    }

    fn made(&self) -> MutexGuard<'_, Vec<(&'static str, MadeUpCall)>> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn call(&self, day: i64, place: u32) -> Option<(&'static str, MadeUpCall)> {
        if place >= self.traffic?.per_day || day < self.first_day {
            return None;
        }
        let seed = mix(mix(u64::try_from(day).ok()?) ^ u64::from(place));
        let part = |salt: u64, below: u64| mix(seed ^ mix(salt)) % below.max(1);
        let line = &self.lines[usize::try_from(part(1, self.lines.len() as u64)).ok()?];
        let is_inbound = if line.outbound.is_empty() { true } else { !line.inbound.is_empty() && part(2, 3) > 0 };
        let agents = if is_inbound { &line.inbound } else { &line.outbound };
        let ending = Ending::of_thousandth(is_inbound, part(3, 1000));
        let seconds = if ending.is_connected() { 8 + part(4, 60) * (1 + part(5, 8)) } else { 0 };
        let call = MadeUpCall {
            id: format!("call_{seed:016x}{day}_{place}"),
            seed,
            number: Arc::clone(&line.number),
            agent: agent(agents, u32::try_from(part(6, 1000)).unwrap_or(0)),
            is_inbound,
            start_ms: day * DAY_MS + hour(part(7, 100)) * HOUR_MS + i64::try_from(part(8, 3_600_000)).unwrap_or(0),
            duration_ms: i64::try_from(seconds * 1000).unwrap_or(0),
            ending,
            has_start: true,
        };
        Some((line.workspace, call))
    }
}

/// The agent whose share of the weights a thousandth falls into.
fn agent(agents: &[Arc<AgentWeight>], thousandth: u32) -> Arc<AgentWeight> {
    let mut left = f64::from(thousandth) / 1000.0;
    for agent in agents {
        left -= agent.weight.as_f64().unwrap_or(1.0);
        if left < 0.0 {
            return Arc::clone(agent);
        }
    }
    Arc::clone(&agents[agents.len() - 1])
}

/// An hour of the day in UTC: two thirds of the calls come in the business hours of the United States.
fn hour(hundredth: u64) -> i64 {
    let spread = if hundredth < 67 { 14 + hundredth % 9 } else { hundredth % 24 };
    i64::try_from(spread).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::super::seed::twilio_account;
    use super::super::seed_retell::add_workspaces;
    use super::*;

    const NOW: i64 = 1_763_553_600_000;

    fn calls(days: u32) -> Calls {
        let mut account = twilio_account();
        add_workspaces(&mut account);
        Calls::new(Some(CallTraffic { per_day: 200, days }), &account, NOW)
    }

    #[test]
    fn a_day_has_the_same_calls_whenever_it_is_listed() {
        let (short, long) = (calls(2), calls(20));
        let (from, until) = (NOW - DAY_MS, NOW);
        let ids = |calls: &Calls, workspace| -> Vec<String> {
            calls.between(workspace, from, until).into_iter().map(|call| call.id).collect()
        };
        for workspace in ["staging", "production"] {
            assert_eq!(ids(&short, workspace), ids(&long, workspace));
            assert!(!ids(&short, workspace).is_empty());
            let first = &ids(&short, workspace)[0];
            assert_eq!(short.by_id(workspace, first).unwrap().id, *first);
            assert!(short.by_id("elsewhere", first).is_none());
        }
        let whole_day = NOW.div_euclid(DAY_MS) * DAY_MS - DAY_MS;
        let count = |workspace| long.between(workspace, whole_day, whole_day + DAY_MS - 1).len();
        assert_eq!(count("staging") + count("production"), 200);
        assert!(short.between("staging", 0, NOW - 4 * DAY_MS).is_empty());
    }

    #[test]
    fn calls_end_for_every_reason_that_retell_has() {
        let mut account = twilio_account();
        add_workspaces(&mut account);
        let calls = Calls::new(Some(CallTraffic { per_day: 1000, days: 40 }), &account, NOW);
        let all = ["staging", "production"].map(|workspace| calls.between(workspace, NOW - 40 * DAY_MS, NOW));
        let reasons: std::collections::BTreeSet<_> = all.iter().flatten().map(|call| call.ending.reason).collect();
        assert_eq!(reasons.len(), 39, "{reasons:?}");
    }

    #[test]
    fn a_number_of_calls_is_a_day_and_perhaps_so_many_days() {
        assert_eq!("200/day".parse::<CallTraffic>().unwrap(), CallTraffic { per_day: 200, days: 30 });
        assert_eq!("5/day:90".parse::<CallTraffic>().unwrap(), CallTraffic { per_day: 5, days: 90 });
        for bad in ["", "200", "200/hour", "0/day", "1/day:0", "1/day:x", "-1/day"] {
            assert!(bad.parse::<CallTraffic>().is_err(), "{bad}");
        }
    }
}
