//! Counts that are kept are the counts that calls have: for every way to tell them apart, after every kind of change.

use std::ops::ControlFlow;
use std::thread;

use phone_dir::activity::call::{CallFacts, CallRecord, CallReport};
use phone_dir::activity::counts::TallyPart;
use phone_dir::activity::rank::CallStage;
use phone_dir::activity::time::{DAY, Millis};
use phone_dir::store::calls::{CallStore, TallyColumns};

use super::model::{Dice, NOW, calls, counted, event, keep, told, workspace};
use super::{Trial, trials};

const PARTS: [TallyPart; 5] =
    [TallyPart::Whole, TallyPart::Day, TallyPart::Hour, TallyPart::Reason, TallyPart::Direction];

fn facts(calls: &[CallReport]) -> Vec<CallFacts> {
    calls.iter().map(|call| call.facts.clone()).collect()
}

/// Compares every count of a time that ends now.
fn assert_counted(store: &CallStore, name: &str, calls: &[CallFacts], since: Millis) {
    for part in PARTS {
        for (number, agent) in [(false, false), (true, false), (false, true), (true, true)] {
            let columns = TallyColumns { number, agent, part };
            let (expected, found) = (counted(name, calls, since, NOW, columns), told(store, name, since, NOW, columns));
            assert_eq!(found, expected, "{columns:?} of {}", store.name());
        }
    }
    assert_sound(store, name);
}

pub fn assert_sound(store: &CallStore, name: &str) {
    assert_eq!(store.miscounted(&workspace(name)).unwrap(), 0);
}

#[test]
fn every_count_of_a_store_is_that_of_its_calls() {
    for trial in trials() {
        let mut store = CallStore::open(&trial.place).unwrap();
        let (here, there) = (calls(1, 400, 100), calls(2, 90, 100));
        assert_eq!(keep(&mut store, "production", here.clone(), 100), 400);
        assert_eq!(keep(&mut store, "staging", there.clone(), 100), 90);
        for days in [100, 40, 3] {
            assert_counted(&store, "production", &facts(&here), NOW.minus(days * DAY));
            assert_counted(&store, "staging", &facts(&there), NOW.minus(days * DAY + 1));
        }
        let undated = facts(&here).iter().filter(|call| call.at().is_none()).count();
        assert_eq!(store.undated(&[workspace("production")]).unwrap(), u64::try_from(undated).unwrap());
        let last = store.last_calls(&[workspace("production")]).unwrap();
        for ((_, number), at) in &last {
            let of_number = facts(&here).into_iter().filter(|call| call.number.as_ref() == Some(number));
            assert_eq!(Some(*at), of_number.filter_map(|call| call.at()).max());
        }
        assert_eq!(last.len(), 4);
        // What a call is changes later: it leaves one day, and comes to another.
        let changed: Vec<_> =
            calls(3, 400, 100).into_iter().map(|call| CallReport { asked: NOW.plus(1), ..call }).collect();
        assert_eq!(keep(&mut store, "production", changed, 100), 0);
        assert_sound(&store, "production");
    }
}

#[test]
fn every_order_of_a_calls_reports_gives_one_row_and_one_count() {
    for trial in trials() {
        let mut stores = Vec::new();
        let reports = calls(5, 40, 20);
        for turn in 0..6_u64 {
            let mut store = CallStore::open(&trial.place).unwrap();
            // Each turn has a workspace of its own, so that one database takes all orders.
            let name = format!("turn-{turn}");
            let mut dice = Dice(turn);
            let mut steps: Vec<(usize, Option<CallStage>)> = (0..reports.len())
                .flat_map(|at| {
                    [None, Some(CallStage::Started), Some(CallStage::Ended), Some(CallStage::Analyzed)]
                        .map(|it| (at, it))
                })
                .collect();
            for at in (1..steps.len()).rev() {
                steps.swap(at, usize::try_from(dice.below(i64::try_from(at + 1).unwrap())).unwrap());
            }
            for group in steps.chunks(7) {
                for (at, stage) in group {
                    let report = &reports[*at];
                    match stage {
                        None => drop(keep(&mut store, &name, vec![report.clone(), report.clone()], 20)),
                        Some(stage) => store.keep_events(&[event(&name, report, *stage)]).unwrap(),
                    }
                }
                let events: Vec<_> =
                    group.iter().filter_map(|(at, stage)| Some(event(&name, &reports[*at], (*stage)?))).collect();
                store.keep_events(&events).unwrap();
            }
            assert_sound(&store, &name);
            let mut rows = Vec::new();
            store
                .visit_calls(&workspace(&name), Millis(0), NOW.plus(1), &mut |call| {
                    rows.push((call.call_id, call.facts));
                    Ok(ControlFlow::Continue(()))
                })
                .unwrap();
            let columns = TallyColumns { number: true, agent: true, part: TallyPart::Day };
            let counts =
                told(&store, &name, Millis(0), NOW, columns).into_iter().map(|tally| tally.counts).collect::<Vec<_>>();
            stores.push((rows, counts));
        }
        assert!(!stores[0].0.is_empty() && stores.iter().all(|store| *store == stores[0]), "{}", trial.address);
    }
}

#[test]
fn counts_outlive_the_calls_that_are_erased() {
    for trial in trials() {
        let mut store = CallStore::open(&trial.place).unwrap();
        let reports = calls(7, 300, 100);
        keep(&mut store, "production", reports.clone(), 100);
        let columns = TallyColumns { number: true, agent: true, part: TallyPart::Day };
        let all = |store: &CallStore| told(store, "production", Millis(0), NOW.plus(DAY).next_day_start(), columns);
        let before = all(&store);
        let border = NOW.minus(30 * DAY);
        let old = reports.iter().filter(|call| call.facts.at().is_some_and(|at| at < border.day_start())).count();
        assert_eq!(store.kept(border).unwrap(), (300, u64::try_from(old).unwrap()));
        assert_eq!(store.erase_before(border, NOW).unwrap(), old);
        assert_eq!((all(&store), store.kept(border).unwrap().1), (before.clone(), 0));
        assert_eq!(store.coverage(&[workspace("production")]).unwrap()[0].erased_before, Some(border.day_start()));
        // They do not come again, neither listed nor told; and erasing once more erases nothing.
        assert_eq!(keep(&mut store, "production", reports.clone(), 100), 0);
        let events: Vec<_> = reports.iter().map(|report| event("production", report, CallStage::Analyzed)).collect();
        store.keep_events(&events).unwrap();
        assert_eq!((store.erase_before(border, NOW).unwrap(), store.kept(border).unwrap().1), (0, 0));
        // One call is erased for good.
        let call = reports.iter().find(|call| call.facts.at().is_some_and(|at| at > border)).unwrap();
        let whole = all(&store);
        assert_eq!((store.erase_call(&call.call_id).unwrap(), store.erase_call(&call.call_id).unwrap()), (1, 0));
        assert_eq!((all(&store), store.calls_of(&call.call_id).unwrap()), (whole, vec![]));
        assert_eq!(keep(&mut store, "production", vec![call.clone()], 100), 0);
        assert_sound(&store, "production");
    }
}

#[test]
fn calls_without_a_time_are_erased_by_when_they_were_seen_and_stay_counted() {
    for trial in trials() {
        let mut store = CallStore::open(&trial.place).unwrap();
        let mut reports = calls(17, 60, 20);
        for report in &mut reports {
            (report.facts.start, report.facts.end) = (None, None);
        }
        keep(&mut store, "production", reports, 20);
        let name = [workspace("production")];
        let undated = |store: &CallStore| (store.undated(&name).unwrap(), store.kept(NOW).unwrap().0);
        let before = undated(&store);
        assert_eq!(before, (60, 60));
        let keep_for = 30 * DAY;
        let erase = |store: &mut CallStore, now: Millis| store.erase_before(now.minus(keep_for), now).unwrap();
        assert_eq!((erase(&mut store, NOW), undated(&store)), (0, before));
        let later = NOW.plus(keep_for);
        assert_eq!(store.kept(later.minus(keep_for)).unwrap().1, 0, "they are as old as that they were seen");
        let counted = trial.sql("SELECT sum(calls) FROM day");
        // The next day they are older than they are kept.
        let erased = erase(&mut store, later.plus(DAY));
        assert_eq!((u64::try_from(erased).unwrap(), undated(&store)), (before.1, (0, 0)), "{}", trial.address);
        assert_eq!(trial.sql("SELECT sum(calls) FROM day"), counted);
        assert_sound(&store, "production");
    }
}

/// Two processes that write the same calls at a time, some as pages and some as events.
fn written_by_two(trial: &Trial) {
    let reports = calls(11, 240, 20);
    thread::scope(|scope| {
        for writer in 0..2 {
            let reports = &reports;
            scope.spawn(move || {
                // Both may find no store yet.
                let mut store = CallStore::open(&trial.place).unwrap();
                for page in reports.chunks(30) {
                    let turned: Vec<_> = if writer == 0 { page.to_vec() } else { page.iter().rev().cloned().collect() };
                    keep(&mut store, "production", turned, 20);
                    let events: Vec<_> = page
                        .iter()
                        .flat_map(|report| ["production", "staging"].map(|name| event(name, report, CallStage::Ended)))
                        .collect();
                    store.keep_events(&events).unwrap();
                    store.erase_before(NOW.minus(60 * DAY), NOW).unwrap();
                }
            });
        }
    });
    let store = CallStore::open_to_ask(&trial.place).unwrap().unwrap();
    let joined = |report: &CallReport| {
        let mut record = CallRecord::of(report.clone());
        record.join(CallRecord::of(event("production", report, CallStage::Ended).report));
        record.facts()
    };
    let joined: Vec<_> = reports.iter().map(joined).collect();
    assert_counted(&store, "production", &joined, NOW.minus(20 * DAY));
    assert_sound(&store, "staging");
    assert_eq!(store.kept(NOW).unwrap().0, 480, "{}", trial.address);
}

#[test]
fn what_something_else_wrote_is_found_and_counted_anew() {
    for trial in trials() {
        let mut store = CallStore::open(&trial.place).unwrap();
        let reports = calls(19, 200, 60);
        keep(&mut store, "production", reports.clone(), 60);
        store.erase_before(NOW.minus(40 * DAY), NOW).unwrap();
        let columns = TallyColumns { number: true, agent: true, part: TallyPart::Day };
        let all = |store: &CallStore| told(store, "production", NOW.minus(60 * DAY).day_start(), NOW, columns);
        let before = all(&store);
        for wrong in [
            "UPDATE day SET calls = calls + 1 WHERE day > '2025-11-01' AND erased = 0",
            "DELETE FROM day WHERE day > '2025-11-01' AND erased = 0",
            "INSERT INTO day SELECT workspace, number, agent_id, '2025-11-31', 0, calls, inbound, outbound, connected, lost, \
             failed, duration_ms, inbound_minutes, outbound_minutes, cost_udollar, cost_unknown, first_ms, last_ms \
             FROM day WHERE day = '2025-11-10' AND erased = 0",
            "UPDATE ten_days SET lost = lost + 7",
            "DELETE FROM ten_days WHERE ten_days >= '2025-11-0'",
            "UPDATE month SET cost_udollar = 1 WHERE month = '2025-11'",
            "DELETE FROM month",
        ] {
            trial.sql(wrong);
            assert!(store.miscounted(&workspace("production")).unwrap() > 0, "{wrong}");
            store.recount(&workspace("production")).unwrap();
            assert_eq!(all(&store), before, "{wrong}");
            assert_sound(&store, "production");
        }
    }
}

#[test]
fn two_that_write_the_same_calls_at_once_give_each_call_one_row() {
    trials().iter().for_each(written_by_two);
}
