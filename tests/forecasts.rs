//! Forecasts of capacity against a naive recomputation: from the files' own JSON, week by week and day by day.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use phone_dir::capacity::forecast::{MOST_WEEKS, takings, week_bounds};
use phone_dir::capacity::{Forecast, GroupMatch, GroupStock, GroupThresholds, GroupedBy};
use phone_dir::model::{Day, Directory, PhoneNumber, WorkspaceName};
use phone_dir::pools::Inventory;
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::Value;

use crate::pools::{files, is_decided, listed};
use crate::strategies::directory::directory;

fn today() -> Day {
    Day::parse("2026-11-29").unwrap()
}

/// A directory at each bound of the weeks, the oldest first; none where there was none yet.
fn history() -> impl Strategy<Value = Vec<Option<Directory>>> {
    (0..=MOST_WEEKS, vec(directory(), MOST_WEEKS + 1)).prop_map(|(missing, mut bounds)| {
        // The numbers stay mostly the same: each state mixes the files of two neighbours.
        for at in 1..bounds.len() {
            let before = bounds[at - 1].clone();
            if at % 3 > 0 {
                bounds[at].master.clone_from(&before.master);
                bounds[at].workspaces.extend(before.workspaces);
            }
        }
        let begun = |(at, directory)| if at < missing { None } else { Some(directory) };
        bounds.into_iter().enumerate().map(begun).collect()
    })
}

/// Whether anything decides on a number's calls or messages in any of the workspaces, by the bare files.
fn is_naively_in_service(files: &BTreeMap<String, Value>, number: &str, workspaces: &[WorkspaceName]) -> bool {
    let master = &files["phone-numbers/directory.json"];
    workspaces.iter().any(|workspace| {
        let registry = files.get(&format!("phone-numbers/{workspace}/numbers.json")).unwrap_or(&Value::Null);
        !listed(registry, "numbers", number).is_null()
            && !master["numbers"][number].is_null()
            && is_decided(files, number, workspace.as_str())
    })
}

fn naive_count(files: &BTreeMap<String, Value>, numbers: &[(PhoneNumber, Vec<WorkspaceName>)]) -> i64 {
    let count = numbers.iter().filter(|(number, own)| is_naively_in_service(files, number.as_str(), own)).count();
    i64::try_from(count).unwrap()
}

/// Days until so many are taken at so many half numbers a week: counted one by one.
fn naive_days(free: usize, halves: i64) -> Option<u32> {
    (0..100_000_u32).find(|days| i64::from(*days) * halves >= i64::try_from(free * 14).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_forecast_is_what_a_naive_recomputation_says(bounds in history()) {
        let Some(present) = bounds.last().unwrap() else { return Ok(()) };
        let hosts = BTreeSet::new();
        let begun: Vec<_> = bounds.iter().flatten().map(files).collect();
        let inventory = Inventory::new(present, today(), &hosts);
        for group in GroupedBy::Workspace.groups(present).into_iter().chain([GroupMatch::default()]) {
            let stock = GroupStock::of(&inventory, group, GroupThresholds::default());
            let in_service = |directory: &Option<Directory>| {
                directory.as_ref().map(|then| stock.in_service_in(&Inventory::new(then, today(), &hosts)))
            };
            let found = takings(&bounds.iter().map(in_service).collect::<Vec<_>>());
            let naive: Vec<i64> = begun
                .windows(2)
                .map(|week| naive_count(&week[1], &stock.numbers) - naive_count(&week[0], &stock.numbers))
                .collect();
            prop_assert_eq!(&found, &naive);
            let forecast = Forecast::of(stock.free(), &found, today());
            prop_assert_eq!(forecast.is_some(), naive.len() >= 4);
            let Some(forecast) = forecast else { continue };
            let mut sorted = naive.clone();
            sorted.sort_unstable();
            let enough = |rate: &&i64| naive.iter().filter(|taken| taken <= rate).count() * 10 >= naive.len() * 9;
            let ninetieth = **sorted.iter().filter(enough).collect::<Vec<_>>().first().unwrap();
            let halves = sorted[(naive.len() - 1) / 2] + sorted[naive.len() / 2];
            prop_assert_eq!(forecast.ninetieth.as_f64().to_string(), ninetieth.to_string());
            prop_assert_eq!((forecast.median.as_f64() * 2.0).to_string(), halves.to_string());
            let empties = |halves: i64| if halves > 0 || stock.free() == 0 { naive_days(stock.free(), halves.max(0)) } else { None };
            prop_assert_eq!(forecast.empty_after, empties(ninetieth * 2).map(|days| today().after(days)));
            let weeks = |days: Option<u32>| days.map(|days| u64::from(days.div_ceil(7)));
            prop_assert_eq!((forecast.soonest_weeks, forecast.latest_weeks), (weeks(empties(ninetieth * 2)), weeks(empties(halves))));
        }
    }

    #[test]
    fn every_number_is_counted_by_one_group_of_a_kind(directory in directory()) {
        let hosts = BTreeSet::new();
        let inventory = Inventory::new(&directory, today(), &hosts);
        for by in [GroupedBy::Pool, GroupedBy::Area, GroupedBy::Type, GroupedBy::Country] {
            let groups: Vec<_> = by.groups(&directory).into_iter().map(|group| (group, GroupThresholds::default())).collect();
            // A pool may have numbers beside those of the directory.
            let known = |stock: &GroupStock| {
                let numbers = stock.numbers.iter().filter(|(number, _)| directory.number(*number).is_some());
                numbers.count()
            };
            let alone: usize =
                groups.iter().map(|(group, none)| known(&GroupStock::of(&inventory, group.clone(), *none))).sum();
            let in_order: usize = GroupStock::in_order(&inventory, &groups).iter().map(known).sum();
            prop_assert_eq!((alone, in_order), (directory.master.numbers.len(), directory.master.numbers.len()));
        }
    }
}

#[test]
fn weeks_end_now_and_are_seven_days_long() {
    let now: DateTime<Utc> = "2026-11-29T10:00:00Z".parse().unwrap();
    let bounds = week_bounds(now);
    assert_eq!((bounds.len(), bounds.last()), (MOST_WEEKS + 1, Some(&now)));
    assert!(bounds.windows(2).all(|week| week[1] - week[0] == TimeDelta::days(7)));
}
