//! A day as the files write it: `2026-12-28`, in UTC.

use super::{ParseError, Timestamp, text::text_type};

/// A calendar day of the years 0000 to 9999, in UTC.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day([u8; Self::LENGTH]);

impl Day {
    pub(crate) const EXPECTED: &'static str = "a day such as `2026-12-28`";
    const LENGTH: usize = 10;

    /// Parses exactly `YYYY-MM-DD` of a real calendar day.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let bytes = text.as_bytes().try_into().ok();
        let is_real = Timestamp::parse(&format!("{text}T00:00:00Z")).is_ok();
        bytes.filter(|_| is_real).map(Self).ok_or_else(|| ParseError::expected(Self::EXPECTED))
    }

    pub fn of(moment: Timestamp) -> Self {
        let mut day = [0; Self::LENGTH];
        day.copy_from_slice(&moment.as_str().as_bytes()[..Self::LENGTH]);
        Self(day)
    }

    /// The day that comes `days` later; the last of the year 9999 where there is none.
    #[must_use]
    pub fn after(self, days: u32) -> Self {
        let start = self.start().to_datetime();
        let later = start.checked_add_days(chrono::Days::new(days.into()));
        Self::of(later.map_or_else(
            || Timestamp::from_datetime(chrono::DateTime::<chrono::Utc>::MAX_UTC),
            Timestamp::from_datetime,
        ))
    }

    /// The first second of the day.
    pub fn start(self) -> Timestamp {
        Timestamp::parse(&format!("{}T00:00:00Z", self.as_str())).expect("`parse` admits real days only")
    }

    /// The text as the files write it.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("`parse` admits ASCII only")
    }
}

text_type!(Day);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_real_days_are_days() {
        for good in ["2026-12-28", "2024-02-29", "0000-01-01"] {
            assert_eq!(Day::parse(good).unwrap().to_string(), good);
        }
        for bad in ["2026-02-29", "2026-13-01", "2026-1-01", "2026-12-28T00:00:00Z", "28.12.2026", "", "2026-12-28\n"] {
            assert!(Day::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn days_are_counted_across_months_and_leap_years() {
        let after = |text: &str, days| Day::parse(text).unwrap().after(days).to_string();
        assert_eq!(after("2026-12-28", 30), "2027-01-27");
        assert_eq!(after("2024-02-28", 2), "2024-03-01");
        assert_eq!(after("2026-11-29", 0), "2026-11-29");
        assert_eq!(after("9999-12-31", 5), "9999-12-31");
    }
}
