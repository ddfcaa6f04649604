//! When the free numbers of a group run out, at the rate at which numbers were taken.
//!
//! A week's consumption is how many more numbers are in service at its end than at its beginning: numbers that were given
//! back count against those that were taken, and in how many commits it happened makes no difference.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::Day;

/// How many weeks are looked back.
pub const MOST_WEEKS: usize = 12;
/// With fewer weeks, nothing is foretold.
pub const LEAST_WEEKS: usize = 4;

/// The moments at which the weeks begin, the oldest first, and `now`, at which the last one ends.
pub fn week_bounds(now: DateTime<Utc>) -> Vec<DateTime<Utc>> {
    let weeks = i64::try_from(MOST_WEEKS).unwrap_or(0);
    (0..=weeks).rev().filter_map(|ago| now.checked_sub_signed(TimeDelta::weeks(ago))).collect()
}

/// What was taken in each week whose beginning and end are known. `in_service` has the numbers in service at each bound.
pub fn takings(in_service: &[Option<usize>]) -> Vec<i64> {
    let whole = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let week = |bounds: &[Option<usize>]| Some(whole(bounds[1]?) - whole(bounds[0]?));
    in_service.windows(2).filter_map(week).collect()
}

/// Numbers a week, exact to a half, as a median of whole numbers is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct WeeklyRate {
    halves: i64,
}

impl WeeklyRate {
    /// So many whole numbers a week.
    pub fn whole(numbers: i64) -> Self {
        Self { halves: numbers.saturating_mul(2) }
    }

    /// The middle of sorted takings; between two middles, halfway.
    fn median(sorted: &[i64]) -> Option<Self> {
        let (lower, upper) = (sorted.get(sorted.len().checked_sub(1)? / 2)?, sorted.get(sorted.len() / 2)?);
        Some(Self { halves: lower.saturating_add(*upper) })
    }

    /// The 90th percentile of sorted takings: the least of them that 90 of 100 do not exceed.
    fn ninetieth(sorted: &[i64]) -> Option<Self> {
        sorted.get((sorted.len() * 9).div_ceil(10).checked_sub(1)?).copied().map(Self::whole)
    }

    /// How many of a unit pass until so many numbers are taken, rounded up; none at a rate that takes none.
    fn lasts(self, numbers: usize, units_a_week: u64) -> Option<u64> {
        if numbers == 0 {
            return Some(0);
        }
        let halves = u64::try_from(self.halves).ok().filter(|halves| *halves > 0)?;
        Some((numbers as u64).saturating_mul(2 * units_a_week).div_ceil(halves))
    }

    /// The number in formats that have fractions.
    pub fn as_f64(self) -> f64 {
        #[allow(clippy::cast_precision_loss)] // a week's takings are far below 2^52
        let halves = self.halves as f64;
        halves / 2.0
    }
}

impl fmt::Display for WeeklyRate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.as_f64())
    }
}

/// At which rates numbers were taken, and when none is left at them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forecast {
    pub weeks: usize,
    /// What the middle week took.
    pub median: WeeklyRate,
    /// What nine of ten weeks did not exceed.
    pub ninetieth: WeeklyRate,
    /// The day after which none is left at the higher rate; none where that takes none.
    pub empty_after: Option<Day>,
    /// In how many weeks that is.
    pub soonest_weeks: Option<u64>,
    /// In how many weeks none is left at the median; none where that takes none.
    pub latest_weeks: Option<u64>,
}

impl Forecast {
    /// Foretells from the takings of weeks; none where they are too few.
    pub fn of(free: usize, takings: &[i64], today: Day) -> Option<Self> {
        if takings.len() < LEAST_WEEKS {
            return None;
        }
        let mut sorted = takings.to_vec();
        sorted.sort_unstable();
        let (median, ninetieth) = (WeeklyRate::median(&sorted)?, WeeklyRate::ninetieth(&sorted)?);
        let days = |days: u64| u32::try_from(days).unwrap_or(u32::MAX);
        Some(Self {
            weeks: takings.len(),
            median,
            ninetieth,
            empty_after: ninetieth.lasts(free, 7).map(|left| today.after(days(left))),
            soonest_weeks: ninetieth.lasts(free, 1),
            latest_weeks: median.lasts(free, 1),
        })
    }

    /// When it is empty, in words: `empty in 5-9 weeks`.
    pub fn words(&self) -> String {
        match (self.soonest_weeks, self.latest_weeks) {
            (Some(0), _) => "empty now".to_owned(),
            (Some(soonest), Some(latest)) if soonest < latest => format!("empty in {soonest}-{latest} weeks"),
            (Some(1), Some(_)) => "empty in 1 week".to_owned(),
            (Some(soonest), Some(_)) => format!("empty in {soonest} weeks"),
            (Some(1), None) => "empty in 1 week at the earliest".to_owned(),
            (Some(soonest), None) => format!("empty in {soonest} weeks at the earliest"),
            (None, _) => "not running out".to_owned(),
        }
    }

    /// At which rate numbers were taken, in words: `1 to 2 a week`.
    pub fn rate_words(&self) -> String {
        let (median, ninetieth) = (self.median, self.ninetieth);
        if median == ninetieth { format!("{median} a week") } else { format!("{median} to {ninetieth} a week") }
    }
}

/// What can be said of the time to come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outlook {
    Known(Forecast),
    /// There are so many weeks of history, and too few.
    TooShort(usize),
    /// There is no history: no git, or no commit.
    NoHistory,
    /// The history is not all here, and why.
    CutOff(String),
}

impl Outlook {
    pub fn forecast(&self) -> Option<&Forecast> {
        match self {
            Self::Known(forecast) => Some(forecast),
            Self::TooShort(_) | Self::NoHistory | Self::CutOff(_) => None,
        }
    }

    pub fn words(&self) -> String {
        match self {
            Self::Known(forecast) => forecast.words(),
            Self::TooShort(1) => format!("no forecast: 1 week of history, {LEAST_WEEKS} are needed"),
            Self::TooShort(weeks) => format!("no forecast: {weeks} weeks of history, {LEAST_WEEKS} are needed"),
            Self::NoHistory => "no forecast: there is no git history".to_owned(),
            Self::CutOff(why) => format!("no forecast: {why}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forecast(free: usize, takings: &[i64]) -> Forecast {
        Forecast::of(free, takings, Day::parse("2026-11-29").unwrap()).unwrap()
    }

    #[test]
    fn a_steady_rate_empties_a_group_on_a_day() {
        let steady = forecast(10, &[2; 12]);
        assert_eq!((steady.median, steady.ninetieth), (WeeklyRate::whole(2), WeeklyRate::whole(2)));
        assert_eq!((steady.words().as_str(), steady.empty_after), ("empty in 5 weeks", Day::parse("2027-01-03").ok()));
        assert_eq!(forecast(0, &[2; 12]).words(), "empty now");
        assert_eq!(forecast(1, &[2; 12]).words(), "empty in 1 week");
    }

    #[test]
    fn the_range_runs_from_a_busy_week_to_the_middle_one() {
        let uneven = forecast(9, &[0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 2, 7]);
        assert_eq!((uneven.median, uneven.ninetieth), (WeeklyRate::whole(1), WeeklyRate::whole(2)));
        assert_eq!(uneven.words(), "empty in 5-9 weeks");
        let half = forecast(3, &[1, 2, 1, 2]);
        assert_eq!((half.median.to_string().as_str(), half.median.as_f64()), ("1.5", 1.5));
        assert_eq!(half.latest_weeks, Some(2));
    }

    #[test]
    fn a_rate_that_takes_none_never_empties() {
        assert_eq!(forecast(5, &[0; 4]).words(), "not running out");
        assert_eq!(forecast(5, &[-3, 0, -1, -1]).empty_after, None);
        assert_eq!(forecast(5, &[0, 0, 0, 0, 1]).words(), "empty in 5 weeks at the earliest");
        assert_eq!(forecast(0, &[0; 4]).words(), "empty now");
    }

    #[test]
    fn fewer_than_four_weeks_foretell_nothing() {
        assert_eq!(Forecast::of(5, &[1, 1, 1], Day::parse("2026-11-29").unwrap()), None);
        assert_eq!(takings(&[None, Some(1), None, Some(4), Some(6), Some(5)]), [2, -1]);
        assert_eq!(Outlook::TooShort(3).words(), "no forecast: 3 weeks of history, 4 are needed");
        let bounds = week_bounds(DateTime::UNIX_EPOCH);
        assert_eq!((bounds.len(), bounds[11] + TimeDelta::weeks(1)), (13, DateTime::UNIX_EPOCH));
    }
}
