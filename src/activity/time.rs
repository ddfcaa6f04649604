//! Moments as Retell gives them, in milliseconds since 1970, and days in UTC.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};

use crate::plural::counted;

/// Milliseconds since 1970, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Millis(pub i64);

/// The milliseconds of a minute.
pub const MINUTE: i64 = 60_000;
/// The milliseconds of an hour.
pub const HOUR: i64 = 60 * MINUTE;
/// The milliseconds of a day.
pub const DAY: i64 = 24 * HOUR;

impl Millis {
    pub fn of(moment: DateTime<Utc>) -> Self {
        Self(moment.timestamp_millis())
    }

    /// So many milliseconds later.
    #[must_use]
    pub fn plus(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// So many milliseconds earlier.
    #[must_use]
    pub fn minus(self, millis: i64) -> Self {
        Self(self.0.saturating_sub(millis))
    }

    /// The day in which it lies, by its first moment.
    #[must_use]
    pub fn day_start(self) -> Self {
        Self(self.0.div_euclid(DAY) * DAY)
    }

    /// The first moment of a day that is not before this one.
    #[must_use]
    pub fn next_day_start(self) -> Self {
        let start = self.day_start();
        if start == self { start } else { start.plus(DAY) }
    }

    /// The day, as `2025-11-19`.
    pub fn day(self) -> String {
        self.text("%Y-%m-%d")
    }

    /// The moment for a calendar; none beyond its years.
    pub fn to_datetime(self) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp_millis(self.0)
    }

    fn text(self, format: &str) -> String {
        self.to_datetime().map(|moment| moment.format(format).to_string()).unwrap_or_default()
    }
}

/// RFC 3339 in UTC, with milliseconds only where there are some.
impl std::fmt::Display for Millis {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let precision = if self.0 % 1000 == 0 { SecondsFormat::Secs } else { SecondsFormat::Millis };
        formatter.pad(&self.to_datetime().map(|moment| moment.to_rfc3339_opts(precision, true)).unwrap_or_default())
    }
}

/// The first moment of a day written `2025-11-19`.
pub fn start_of(day: &str) -> Option<Millis> {
    let day = NaiveDate::parse_from_str(day, "%Y-%m-%d").ok()?;
    Some(Millis::of(day.and_hms_opt(0, 0, 0)?.and_utc()))
}

/// A length of time: `30d`, `6h`, `15m` or `90s`.
pub fn length(text: &str) -> Option<i64> {
    length_or_none(text).filter(|length| *length > 0)
}

/// A length of time, or none at all: `0d`.
pub fn length_or_none(text: &str) -> Option<i64> {
    let unit = text.chars().next_back()?;
    let digits = text.strip_suffix(unit)?;
    let count: u32 = digits.parse().ok().filter(|_| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
    let millis = match unit {
        's' => 1000,
        'm' => MINUTE,
        'h' => HOUR,
        'd' => DAY,
        _ => return None,
    };
    i64::from(count).checked_mul(millis)
}

/// A length of time in the largest unit that fits it at least twice: `3 days`.
pub fn in_words(millis: i64) -> String {
    let units = [("day", DAY), ("hour", HOUR), ("minute", MINUTE)];
    let (word, unit) = units.into_iter().find(|(_, unit)| millis >= 2 * unit).unwrap_or(("minute", MINUTE));
    counted(millis / unit, word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_utc() {
        let moment = Millis(1_763_553_600_123);
        assert_eq!(moment.day(), "2025-11-19");
        assert_eq!(moment.day_start(), start_of("2025-11-19").unwrap());
        assert_eq!(moment.next_day_start(), start_of("2025-11-20").unwrap());
        assert_eq!(moment.day_start().next_day_start(), moment.day_start());
        assert_eq!(moment.to_string(), "2025-11-19T12:00:00.123Z");
        assert_eq!(moment.day_start().to_string(), "2025-11-19T00:00:00Z");
    }

    #[test]
    fn a_length_has_a_unit() {
        assert_eq!(length("30d"), Some(30 * DAY));
        assert_eq!(length("90s"), Some(90_000));
        for bad in ["", "30", "d", "0d", "-1d", "+1d", "99999999999h", "24 h", "1w", "1.5h", "９d"] {
            assert_eq!(length(bad), None, "{bad}");
        }
        assert_eq!(in_words(3 * DAY), "3 days");
        assert_eq!(in_words(HOUR), "60 minutes");
    }
}
