//! On which days a number's month is charged: when it was bought, and then on the same day of each month.
//!
//! A month without that day charges on its last one, which is the day from then on. Nothing is prorated or paid back.

use chrono::{Months, NaiveDate};

/// How many times a number's month is charged from one day up to, and without, another.
pub fn charges(bought: NaiveDate, from: NaiveDate, until: NaiveDate) -> u64 {
    let next = |day: &NaiveDate| day.checked_add_months(Months::new(1));
    let days = std::iter::successors(Some(bought), next);
    days.take_while(|day| *day < until).filter(|day| *day >= from).count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_charged_on_the_day_of_purchase_and_on_that_day_of_each_month() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let count = |bought, from, until| charges(day(bought), day(from), day(until));
        assert_eq!(count("2025-11-15", "2025-11-01", "2025-12-01"), 1);
        assert_eq!(count("2025-11-15", "2025-10-01", "2025-11-01"), 0);
        assert_eq!(count("2025-11-15", "2025-11-16", "2025-12-15"), 0);
        assert_eq!(count("2025-11-15", "2025-11-16", "2025-12-16"), 1);
        assert_eq!(count("2025-01-31", "2025-02-28", "2025-03-01"), 1, "on the last day");
        assert_eq!(count("2025-01-31", "2025-03-28", "2025-03-29"), 1, "and on that day from then on");
        assert_eq!(count("2025-01-31", "2025-03-29", "2025-04-28"), 0);
        assert_eq!(count("2020-06-10", "2025-01-01", "2026-01-01"), 12);
        assert_eq!(count("2025-11-15", "2025-12-01", "2025-11-01"), 0);
    }
}
