//! What every database of calls does alike beside counting: readings go on, what happens now is seen, a newer form is refused.

use std::ops::ControlFlow;

use phone_dir::activity::call::{CallFacts, CallId, CallReport, ProviderWord};
use phone_dir::activity::counts::TallyPart;
use phone_dir::activity::peak::CallPeak;
use phone_dir::activity::pull::{CallPage, PullState, PullWindow, UnfinishedWindow};
use phone_dir::activity::rank::CallStage;
use phone_dir::activity::time::{DAY, HOUR, MINUTE, Millis};
use phone_dir::error::Error;
use phone_dir::model::PhoneNumber;
use phone_dir::store::calls::{CallStore, PageStored, TallyColumns};

use super::counting::assert_sound;
use super::model::{NOW, calls, event, keep, told, window, workspace};
use super::trials;

#[test]
fn a_question_makes_no_store_and_writes_nothing() {
    for trial in trials() {
        assert!(CallStore::open_to_ask(&trial.place).unwrap().is_none());
        assert!(CallStore::open_to_ask(&trial.place).unwrap().is_none(), "the first question left something behind");
        keep(&mut CallStore::open(&trial.place).unwrap(), "production", calls(1, 9, 9), 9);
        let mut asked = CallStore::open_to_ask(&trial.place).unwrap().unwrap();
        assert_eq!((asked.kept(NOW).unwrap().0, asked.version().unwrap()), (9, 6));
        assert!(asked.keep_prices("{}").is_err() && asked.size().unwrap() > 0);
        assert_eq!((asked.kept_prices().unwrap(), asked.check().unwrap()), (None, None));
    }
}

#[test]
fn a_reading_is_kept_page_by_page_with_where_it_goes_on() {
    for trial in trials() {
        let mut store = CallStore::open(&trial.place).unwrap();
        let name = workspace("production");
        let mut pages: Vec<_> = calls(4, 60, 10).chunks(20).map(<[_]>::to_vec).collect();
        let first = window(10);
        let stored = PageStored { window: &first, now: NOW, is_daily_reread: true };
        for key in ["one", "two"] {
            let page = CallPage { reports: pages.remove(0), next: Some(key.to_owned()) };
            assert_eq!(store.keep_page(&name, page, stored).unwrap(), 20);
            let begun = PullWindow { key: Some(key.to_owned()), ..first.clone() };
            let state = CallStore::open(&trial.place).unwrap().pull_state(&name).unwrap();
            let unfinished = Some(UnfinishedWindow { window: begun, stored: NOW });
            assert_eq!(state, PullState { unfinished, ..PullState::default() });
        }
        store.keep_page(&name, CallPage { reports: pages.remove(0), next: None }, stored).unwrap();
        let state = store.pull_state(&name).unwrap();
        assert_eq!((state.complete, state.unfinished), (Some(first.span()), None));
        assert_eq!((state.reread, state.erased_before), (Some(NOW), None));
        // A later one joins what is known, and is no daily one.
        let next = PullWindow { from: NOW.minus(HOUR), until: NOW.plus(HOUR), ..first };
        let stored = PageStored { window: &next, now: NOW.plus(HOUR), is_daily_reread: false };
        store.keep_page(&name, CallPage { reports: Vec::new(), next: Some("k".to_owned()) }, stored).unwrap();
        store.forget_unfinished(&name).unwrap();
        assert_eq!(store.pull_state(&name).unwrap().unfinished, None);
        store.keep_page(&name, CallPage::default(), stored).unwrap();
        let span = store.coverage(&[name, workspace("staging")]).unwrap().into_iter().map(|known| known.complete);
        let known = span.map(|span| span.map(|span| (span.from, span.until))).collect::<Vec<_>>();
        assert_eq!(known, [Some((NOW.minus(10 * DAY), NOW.plus(HOUR))), None]);
        assert_eq!(store.pull_state(&workspace("production")).unwrap().reread, Some(NOW));
    }
}

fn ongoing(id: &str, ago: i64) -> CallReport {
    let facts = CallFacts {
        number: PhoneNumber::parse("+14155550101").ok(),
        start: Some(NOW.minus(ago)),
        status: ProviderWord::parse("ongoing"),
        ..CallFacts::default()
    };
    CallReport { call_id: CallId::parse(id).unwrap(), stage: CallStage::Listed, asked: NOW, facts }
}

#[test]
fn what_happens_now_and_the_most_at_a_time_are_seen() {
    for trial in trials() {
        let mut store = CallStore::open(&trial.place).unwrap();
        let mut reports: Vec<_> =
            [MINUTE, 2 * MINUTE, 90 * MINUTE, 3 * HOUR].map(|ago| ongoing(&format!("call_{ago}"), ago)).into();
        let mut lost = ongoing("call_lost", 3 * MINUTE);
        lost.facts.status = ProviderWord::parse("ended");
        lost.facts.reason = ProviderWord::parse("concurrency_limit_reached");
        reports.push(lost);
        keep(&mut store, "production", reports, 1);
        let live = store.live(NOW).unwrap();
        let lines: Vec<_> = live
            .lines
            .iter()
            .map(|line| (line.phone_number.as_deref(), line.ongoing, line.last_hour, line.lost))
            .collect();
        assert_eq!(lines, [(Some("+14155550101"), 3, 3, 1)]);
        assert_eq!((live.minutes[58], live.minutes[57], live.failed), (1, 1, 0));
        let peak = store.peak(&workspace("production"), NOW.minus(DAY), NOW).unwrap();
        assert_eq!(peak, CallPeak { most: Some(3), at: Some(NOW.minus(MINUTE)), lost: 1 });
    }
}

#[test]
fn events_are_counted_for_a_week_and_what_none_told_of_is_missed() {
    for trial in trials() {
        let mut store = CallStore::open(&trial.place).unwrap();
        let mut reports = calls(9, 30, 1);
        for report in &mut reports {
            report.facts.status = ProviderWord::parse("ended");
            report.facts.start = Some(NOW.minus(MINUTE));
        }
        let told: Vec<_> = reports[..10].iter().map(|report| event("production", report, CallStage::Ended)).collect();
        store.keep_events(&told).unwrap();
        store.keep_events(&told).unwrap();
        keep(&mut store, "production", reports, 1);
        let last = store.last_events(&[workspace("production"), workspace("staging")]).unwrap();
        assert_eq!((last[0].received, last[0].events, last[0].missed), (Some(NOW.minus(HOUR)), 10, 20));
        assert_eq!((last[1].received, last[1].events, last[1].missed), (None, 0, 0));
        store.forget_old_events(NOW.plus(8 * DAY)).unwrap();
        assert_eq!(store.last_events(&[workspace("production")]).unwrap()[0].events, 0);
        store.keep_prices("{\"first\": 1}").unwrap();
        store.keep_prices("{\"second\": 2}").unwrap();
        assert_eq!(store.kept_prices().unwrap().as_deref(), Some("{\"second\": 2}"));
    }
}

#[test]
fn calls_come_by_number_and_time_and_those_of_no_number_first() {
    let mut orders = Vec::new();
    for trial in trials() {
        let mut store = CallStore::open(&trial.place).unwrap();
        keep(&mut store, "production", calls(13, 120, 30), 30);
        let visit = |most: usize| {
            let mut rows = Vec::new();
            let mut take = |call| {
                rows.push(call);
                Ok(if rows.len() < most { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
            };
            store.visit_calls(&workspace("production"), Millis(0), NOW, &mut take).unwrap();
            rows
        };
        let rows = visit(usize::MAX);
        assert_eq!(visit(7), rows[..7]);
        let failed = store.visit_calls(&workspace("production"), Millis(0), NOW, &mut |_| Err(Error::failed("full")));
        assert_eq!(failed.unwrap_err().message(), "full");
        let key =
            |call: &phone_dir::store::calls::StoredCall| (call.facts.number, call.facts.at(), call.call_id.clone());
        assert!(rows.len() > 90 && rows.iter().map(key).is_sorted(), "{}", trial.address);
        assert_eq!(store.calls_of(&rows[5].call_id).unwrap(), vec![rows[5].clone()]);
        orders.push(rows);
    }
    assert!(orders.iter().all(|rows| *rows == orders[0]));
}

#[test]
fn a_newer_form_is_refused_and_an_older_one_is_brought_up_by_what_writes() {
    for trial in trials() {
        let mut open = CallStore::open(&trial.place).unwrap();
        let form = |number: u8| {
            trial.sql(&if trial.place.is_server() {
                format!("UPDATE form SET number = {number}")
            } else {
                format!("PRAGMA user_version = {number}")
            })
        };
        form(99);
        let errors = [
            CallStore::open(&trial.place).unwrap_err(),
            CallStore::open_to_ask(&trial.place).unwrap_err(),
            open.keep_prices("{}").unwrap_err(),
        ];
        for error in errors {
            assert_eq!((error.kind().exit_code(), error.hint_text()), (2, Some("upgrade phone-dir")), "{error}");
        }
        trial.sql("DROP TABLE month; DROP TABLE ten_days; ALTER TABLE coverage DROP COLUMN swept_ms; ALTER TABLE call DROP COLUMN seen_ms");
        form(2);
        assert_eq!(CallStore::open_to_ask(&trial.place).unwrap_err().kind().exit_code(), 3);
        keep(&mut CallStore::open(&trial.place).unwrap(), "production", calls(1, 9, 9), 9);
        let asked = CallStore::open_to_ask(&trial.place).unwrap().unwrap();
        assert_eq!((asked.version().unwrap(), asked.kept(NOW).unwrap().0), (6, 9));
    }
}

/// The counts as the form before had them: in the order of numbers, and none of ten days.
fn by_number(table: &str, more: &str) -> String {
    let copied = format!("{table}_by_number");
    format!(
        "CREATE TABLE {copied} AS SELECT * FROM {table}; DROP TABLE {table}; ALTER TABLE {copied} RENAME TO {table}; \
         CREATE UNIQUE INDEX {table}_of_number ON {table} (workspace, number, agent_id, {table}{more});"
    )
}

#[test]
fn counts_come_into_the_order_of_time_and_stay_what_they_were() {
    for trial in trials() {
        let mut store = CallStore::open(&trial.place).unwrap();
        keep(&mut store, "production", calls(21, 300, 120), 120);
        keep(&mut store, "staging", calls(22, 50, 120), 120);
        store.erase_before(NOW.minus(60 * DAY), NOW).unwrap();
        let columns = TallyColumns { number: true, agent: true, part: TallyPart::Whole };
        let all = |store: &CallStore| {
            ["production", "staging"].map(|name| told(store, name, NOW.minus(119 * DAY).day_start(), NOW, columns))
        };
        let before = all(&store);
        drop(store);
        trial.sql(&format!(
            "DROP TABLE ten_days; ALTER TABLE coverage DROP COLUMN swept_ms; {} {}",
            by_number("day", ", erased"),
            by_number("month", "")
        ));
        trial.sql(if trial.place.is_server() { "UPDATE form SET number = 4" } else { "PRAGMA user_version = 4" });
        assert_eq!(CallStore::open_to_ask(&trial.place).unwrap_err().kind().exit_code(), 3);
        let store = CallStore::open(&trial.place).unwrap();
        assert_eq!((all(&store), store.version().unwrap()), (before, 6));
        assert_sound(&store, "production");
        assert_sound(&store, "staging");
        if !trial.place.is_server() {
            let plan =
                trial.sql("EXPLAIN QUERY PLAN SELECT * FROM day WHERE workspace = 'production' AND day > '2025-11-01'");
            assert!(plan.contains("PRIMARY KEY (workspace=? AND day>?)"), "{plan}");
        }
    }
}
