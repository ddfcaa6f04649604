//! What is counted, held against the thresholds.

use super::concurrency::{ConcurrencyThresholds, WorkspaceConcurrency};
use super::forecast::Outlook;
use super::group::TraitMatch;
use super::stock::GroupStock;
use crate::model::Day;
use crate::plural::{counted, form};
use crate::words::word_enum;

word_enum! {
    /// How a group or a workspace stands. The order is that of urgency.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub enum CapacityVerdict {
        Ok = "ok",
        Low = "low",
        /// Nothing is left, or the limit was hit.
        Exhausted = "exhausted",
        /// It could not be read.
        Unknown = "unknown",
    }
}

word_enum! {
    /// Which threshold is crossed; the order is that of urgency.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub enum CrossedThreshold {
        Warning = "warning",
        Error = "error",
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    pub verdict: CapacityVerdict,
    /// The most urgent threshold that is crossed.
    pub crossed: Option<CrossedThreshold>,
    /// Why, in words that have the count and the limit.
    pub reasons: Vec<String>,
}

impl Judgement {
    fn of(found: Vec<(CrossedThreshold, String)>, worst: CapacityVerdict) -> Self {
        let crossed = found.iter().map(|(crossed, _)| *crossed).max();
        let verdict = if crossed.is_some() { worst } else { CapacityVerdict::Ok };
        Self { verdict, crossed, reasons: found.into_iter().map(|(_, reason)| reason).collect() }
    }

    /// The same, of something that could not be read.
    fn unread(self, why: String) -> Self {
        let reasons = std::iter::once(why).chain(self.reasons).collect();
        Self { verdict: CapacityVerdict::Unknown, reasons, ..self }
    }
}

pub fn of_group(stock: &GroupStock, outlook: &Outlook, today: Day) -> Judgement {
    let (free, thresholds) = (stock.free(), stock.thresholds);
    let mut found = Vec::new();
    let is_below = |least: u32| free < usize::try_from(least).unwrap_or(usize::MAX);
    if let Some(least) = thresholds.min_free.filter(|least| is_below(*least)) {
        found.push((CrossedThreshold::Error, format!("{free} free, and `min_free` is {least}")));
    } else if let Some(least) = thresholds.warn_free.filter(|least| is_below(*least)) {
        found.push((CrossedThreshold::Warning, format!("{free} free, and `warn_free` is {least}")));
    }
    let forecast = outlook.forecast();
    let runs_out = forecast.and_then(|forecast| forecast.empty_after.map(|day| (forecast, day)));
    if let Some((days, (forecast, day))) =
        thresholds.horizon.zip(runs_out).filter(|(days, (_, day))| *day <= today.after(*days))
    {
        let rate = forecast.ninetieth;
        found.push((CrossedThreshold::Error, format!("empty by {day} at {rate} a week, and `horizon` is {days}d")));
    }
    // A pool is there to be taken from; that all numbers of an area code are in service is nothing to tell.
    if thresholds.is_empty() && free == 0 && matches!(stock.group.pool, TraitMatch::Is(_)) {
        found.push((CrossedThreshold::Warning, format!("none of its {} is free", stock.tally.total)));
    }
    let worst = if free == 0 { CapacityVerdict::Exhausted } else { CapacityVerdict::Low };
    let judgement = Judgement::of(found, worst);
    match outlook {
        Outlook::CutOff(why) if thresholds.horizon.is_some() => judgement.unread(why.clone()),
        _ => judgement,
    }
}

/// Judges the calls at a time of a workspace.
pub fn of_concurrency(row: &WorkspaceConcurrency) -> Judgement {
    let mut found = Vec::new();
    // Without a threshold that says otherwise, a limit that was hit is a warning.
    let hit = if row.thresholds.error.is_some() { CrossedThreshold::Error } else { CrossedThreshold::Warning };
    if row.lost() > 0 {
        let lost = format!("{} {} lost", counted(row.lost(), "call"), form(&row.lost(), "was", "were"));
        found.push((hit, format!("{lost} in 30 days for want of concurrency")));
    }
    if let Some(((share, most), ceiling)) = row.share().zip(row.most()).zip(row.ceiling()) {
        let crosses = |threshold: Option<f64>| threshold.filter(|threshold| share >= *threshold);
        let shown =
            |name: &str, threshold: f64| format!("{most} of {ceiling} calls at a time, and `{name}` is {threshold}");
        if let Some(threshold) = crosses(row.thresholds.error) {
            found.push((CrossedThreshold::Error, shown("error", threshold)));
        } else if let Some(threshold) = crosses(row.thresholds.warn) {
            found.push((CrossedThreshold::Warning, shown("warn", threshold)));
        } else if row.was_hit() && row.lost() == 0 {
            found.push((hit, format!("{most} of {ceiling} calls at a time: the limit was hit")));
        }
    }
    let worst = if row.was_hit() { CapacityVerdict::Exhausted } else { CapacityVerdict::Low };
    let judgement = Judgement::of(found, worst);
    match &row.live {
        Some(Err(why)) => judgement.unread(why.clone()),
        Some(Ok(_)) if row.ceiling().is_none() && row.thresholds != ConcurrencyThresholds::default() => {
            judgement.unread("Retell does not say the limit".to_owned())
        }
        Some(Ok(_)) | None => judgement,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::activity::peak::CallPeak;
    use crate::capacity::concurrency::LiveConcurrency;
    use crate::capacity::{Forecast, GroupMatch, GroupThresholds};
    use crate::model::{PoolName, WorkspaceName};
    use crate::pools::{Category, Tally};

    fn today() -> Day {
        Day::parse("2026-11-29").unwrap()
    }

    fn stock(free: usize, thresholds: GroupThresholds) -> GroupStock {
        let pool = TraitMatch::Is(PoolName::parse("sales").unwrap());
        let tally = Tally { total: 8, by_category: BTreeMap::from([(Category::Free, free)]), ..Tally::default() };
        GroupStock { group: GroupMatch { pool, ..GroupMatch::default() }, thresholds, numbers: Vec::new(), tally }
    }

    fn told(judgement: &Judgement) -> (&'static str, Option<&'static str>) {
        (judgement.verdict.as_str(), judgement.crossed.map(CrossedThreshold::as_str))
    }

    #[test]
    fn a_group_is_short_below_its_thresholds_and_the_reason_has_both_figures() {
        let thresholds = GroupThresholds { min_free: Some(2), warn_free: Some(4), horizon: None };
        let judged = |free| of_group(&stock(free, thresholds), &Outlook::NoHistory, today());
        assert_eq!(told(&judged(4)), ("ok", None));
        assert_eq!(told(&judged(3)), ("low", Some("warning")));
        assert_eq!(told(&judged(2)), ("low", Some("warning")));
        assert_eq!(
            (told(&judged(1)), judged(1).reasons[0].as_str()),
            (("low", Some("error")), "1 free, and `min_free` is 2")
        );
        assert_eq!(told(&judged(0)), ("exhausted", Some("error")));
    }

    #[test]
    fn a_horizon_is_crossed_by_the_forecast_and_unknown_without_its_history() {
        let thresholds = GroupThresholds { horizon: Some(30), ..GroupThresholds::default() };
        let outlook = |rate| Outlook::Known(Forecast::of(8, &[rate; 12], today()).unwrap());
        assert_eq!(told(&of_group(&stock(8, thresholds), &outlook(2), today())), ("low", Some("error")));
        assert_eq!(told(&of_group(&stock(8, thresholds), &outlook(1), today())), ("ok", None));
        let cut_off = Outlook::CutOff("this clone is shallow".to_owned());
        assert_eq!(told(&of_group(&stock(8, thresholds), &cut_off, today())).0, "unknown");
        assert_eq!(told(&of_group(&stock(8, thresholds), &Outlook::TooShort(2), today())), ("ok", None));
    }

    #[test]
    fn a_pool_without_thresholds_warns_when_nothing_is_free() {
        let none = GroupThresholds::default();
        assert_eq!(told(&of_group(&stock(0, none), &Outlook::NoHistory, today())), ("exhausted", Some("warning")));
        assert_eq!(told(&of_group(&stock(1, none), &Outlook::NoHistory, today())), ("ok", None));
        let area = GroupMatch { area_code: TraitMatch::Is("415".to_owned()), ..GroupMatch::default() };
        let area = GroupStock { group: area, ..stock(0, none) };
        assert_eq!(told(&of_group(&area, &Outlook::NoHistory, today())), ("ok", None));
    }

    fn row(current: u64, lost: u64, thresholds: ConcurrencyThresholds) -> WorkspaceConcurrency {
        let live =
            LiveConcurrency { current: Some(current), limit: Some(20), burst_limit: Some(60), reserved_inbound: None };
        let peak = CallPeak { most: Some(3), at: None, lost };
        let workspace = WorkspaceName::parse("production").unwrap();
        WorkspaceConcurrency { workspace, live: Some(Ok(live)), peak: Some(peak), thresholds }
    }

    #[test]
    fn calls_are_held_against_the_limit_and_bursts_count_only_where_they_are_asked_for() {
        let thresholds = ConcurrencyThresholds { warn: Some(0.8), error: Some(0.95), count_burst: false };
        assert_eq!(told(&of_concurrency(&row(15, 0, thresholds))), ("ok", None));
        assert_eq!(told(&of_concurrency(&row(16, 0, thresholds))), ("low", Some("warning")));
        assert_eq!(told(&of_concurrency(&row(19, 0, thresholds))), ("low", Some("error")));
        assert_eq!(told(&of_concurrency(&row(25, 0, thresholds))), ("exhausted", Some("error")));
        let burst = ConcurrencyThresholds { count_burst: true, ..thresholds };
        assert_eq!(told(&of_concurrency(&row(25, 0, burst))), ("ok", None));
    }

    #[test]
    fn a_limit_that_was_hit_is_told_first_and_without_thresholds() {
        let none = ConcurrencyThresholds::default();
        let hit = of_concurrency(&row(2, 7, none));
        assert_eq!(told(&hit), ("exhausted", Some("warning")));
        assert!(hit.reasons[0].starts_with("7 calls were lost"), "{:?}", hit.reasons);
        assert_eq!(told(&of_concurrency(&row(20, 0, none))), ("exhausted", Some("warning")));
        let unread = WorkspaceConcurrency { live: Some(Err("no answer".to_owned())), ..row(0, 7, none) };
        assert_eq!(told(&of_concurrency(&unread)), ("unknown", Some("warning")));
    }
}
