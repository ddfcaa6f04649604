//! Calls, made up from a seed, and what is to be known of them: counted here in memory, without SQL.

use std::collections::BTreeMap;

use phone_dir::activity::call::{CallDirection, CallFacts, CallId, CallOutcome, CallReport, ProviderWord};
use phone_dir::activity::counts::{CallCounts, CallTally, TallyKey, TallyPart};
use phone_dir::activity::money::MicroDollars;
use phone_dir::activity::pull::{CallPage, PullWindow};
use phone_dir::activity::rank::CallStage;
use phone_dir::activity::time::{DAY, HOUR, Millis};
use phone_dir::model::{AgentId, PhoneNumber, WorkspaceName};
use phone_dir::store::calls::{CallStore, PageStored, ReceivedEvent, TallyColumns};

/// 19 November 2025, eight in the morning.
pub const NOW: Millis = Millis(1_763_539_200_000);

pub fn workspace(name: &str) -> WorkspaceName {
    WorkspaceName::parse(name).unwrap()
}

/// Numbers that look like chance and are the same each time.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, end: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from(self.0 >> 33).unwrap() % end
    }

    fn maybe<T>(&mut self, value: T) -> Option<T> {
        (self.below(5) > 0).then_some(value)
    }
}

/// A call of which Retell's list tells, with every fact there or not.
pub fn listed(id: &str, dice: &mut Dice, days: i64) -> CallReport {
    let start = NOW.minus(dice.below(days * DAY));
    let length = dice.below(2 * HOUR);
    let word = |text: &str| ProviderWord::parse(text);
    let statuses = ["ended", "ended", "not_connected", "error", "registered"];
    let reasons = ["user_hangup", "concurrency_limit_reached", "dial_busy"];
    let pick = |dice: &mut Dice, from: &[&str]| word(from[usize::try_from(dice.below(9)).unwrap() % from.len()]);
    let direction = if dice.below(2) == 0 { CallDirection::Inbound } else { CallDirection::Outbound };
    let number = PhoneNumber::parse(&format!("+1415555010{}", dice.below(4))).unwrap();
    let agent = AgentId::parse(&format!("agent_production_{}", dice.below(3))).unwrap();
    let facts = CallFacts {
        number: dice.maybe(number),
        direction: dice.maybe(direction),
        agent_id: dice.maybe(agent),
        agent_version: dice.maybe(3),
        agent_tag: dice.maybe("prod").and_then(word),
        start: dice.maybe(start),
        end: dice.maybe(start.plus(length)),
        duration_ms: dice.maybe(length),
        status: pick(dice, &statuses),
        reason: pick(dice, &reasons),
        cost: dice.maybe(MicroDollars(length * 7)),
    };
    CallReport { call_id: CallId::parse(id).unwrap(), stage: CallStage::Listed, asked: NOW, facts }
}

/// So many calls of a seed, over so many days.
pub fn calls(seed: u64, count: usize, days: i64) -> Vec<CallReport> {
    let mut dice = Dice(seed);
    (0..count).map(|at| listed(&format!("call_{at}"), &mut dice, days)).collect()
}

/// A window that reaches so many days back.
pub fn window(days: i64) -> PullWindow {
    PullWindow { from: NOW.minus(days * DAY), until: NOW, key: None, limit: 200 }
}

/// Stores calls as the last page of a reading of so many days.
pub fn keep(store: &mut CallStore, name: &str, reports: Vec<CallReport>, days: i64) -> usize {
    let window = window(days);
    let stored = PageStored { window: &window, now: NOW, is_daily_reread: true };
    store.keep_page(&workspace(name), CallPage { reports, next: None }, stored).unwrap()
}

/// What a call's event tells, when the list tells `report`.
pub fn event(name: &str, report: &CallReport, stage: CallStage) -> ReceivedEvent {
    let (event, status) = match stage {
        CallStage::Started => ("call_started", "ongoing"),
        CallStage::Ended => ("call_ended", "ended"),
        _ => ("call_analyzed", "ended"),
    };
    let mut facts = CallFacts { status: ProviderWord::parse(status), ..report.facts.clone() };
    if stage == CallStage::Started {
        (facts.end, facts.duration_ms, facts.cost, facts.reason) = (None, None, None, None);
    }
    let report = CallReport { call_id: report.call_id.clone(), stage, asked: NOW.minus(HOUR), facts };
    ReceivedEvent { workspace: workspace(name), event, received: NOW.minus(HOUR), report }
}

/// The counts that calls have by rights, told apart as asked.
pub fn counted(name: &str, calls: &[CallFacts], since: Millis, until: Millis, columns: TallyColumns) -> Vec<CallTally> {
    let mut by_key: BTreeMap<TallyKey, CallCounts> = BTreeMap::new();
    for call in calls {
        let Some(at) = call.at().filter(|at| (since..until).contains(at)) else { continue };
        let part = match columns.part {
            TallyPart::Whole => None,
            TallyPart::Day => Some(at.day()),
            TallyPart::Hour => Some(format!("{}T{:02}:00:00Z", at.day(), (at.0 - at.day_start().0) / HOUR)),
            TallyPart::Reason => call.reason.as_ref().map(|word| word.as_str().to_owned()),
            TallyPart::Direction => call.direction.map(|direction| direction.as_str().to_owned()),
        };
        let key = TallyKey {
            workspace: workspace(name),
            number: call.number.filter(|_| columns.number),
            agent_id: call.agent_id.clone().filter(|_| columns.agent),
            part,
        };
        by_key.entry(key).or_default().add(&counts_of(call));
    }
    by_key.into_iter().map(|(key, counts)| CallTally { key, counts }).collect()
}

/// What one call counts: the store sums the same up in SQL.
fn counts_of(call: &CallFacts) -> CallCounts {
    let is = |direction| u64::from(call.direction == Some(direction));
    let became = |outcome| u64::from(call.outcome() == outcome);
    // Carriers count every minute that was begun.
    let minutes = u64::try_from(call.duration_ms.unwrap_or(0)).unwrap_or(0).div_ceil(60_000);
    CallCounts {
        calls: 1,
        inbound: is(CallDirection::Inbound),
        outbound: is(CallDirection::Outbound),
        connected: became(CallOutcome::Connected),
        lost: became(CallOutcome::Lost),
        failed: became(CallOutcome::Failed),
        duration_ms: call.duration_ms.unwrap_or(0),
        inbound_minutes: is(CallDirection::Inbound) * minutes,
        outbound_minutes: is(CallDirection::Outbound) * minutes,
        cost: call.cost.unwrap_or_default(),
        cost_unknown: u64::from(call.cost.is_none()),
        first: call.at(),
        last: call.at(),
    }
}

/// The counts that a store gives, one row a key.
pub fn told(store: &CallStore, name: &str, since: Millis, until: Millis, columns: TallyColumns) -> Vec<CallTally> {
    let mut by_key: BTreeMap<TallyKey, CallCounts> = BTreeMap::new();
    for tally in store.tallies(&[workspace(name)], since, until, columns).unwrap() {
        by_key.entry(tally.key).or_default().add(&tally.counts);
    }
    by_key.into_iter().map(|(key, counts)| CallTally { key, counts }).collect()
}
