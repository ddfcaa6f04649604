//! When something was, as people write it: a day, a time, or a phrase such as `2 weeks ago`, as git takes them.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, TimeDelta, Utc, Weekday};

/// What is read, in words.
pub const EXPECTED: &str = "a date in UTC such as `2026-03-01` or `2026-03-01T12:00:00Z`, or a phrase such as `yesterday`, \
     `2 weeks ago` or `last monday`";

/// Which end of a day a date stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndOfDay {
    /// 00:00:00.
    First,
    /// 23:59:59.
    Last,
}

/// Reads a day, a time of RFC 3339, or a phrase.
pub fn read(text: &str, now: DateTime<Utc>, end: EndOfDay) -> Option<DateTime<Utc>> {
    absolute(text, end).or_else(|| relative(text, now))
}

/// Reads a day (`2026-03-01`, in UTC) or a time of RFC 3339.
pub fn absolute(text: &str, end: EndOfDay) -> Option<DateTime<Utc>> {
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Some(time.to_utc());
    }
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    let time = match end {
        EndOfDay::First => day.and_hms_opt(0, 0, 0),
        EndOfDay::Last => day.and_hms_opt(23, 59, 59),
    };
    time.map(|time| time.and_utc())
}

/// Reads a phrase, counted back from `now`: `now`, `yesterday`, `2 weeks ago`, `2.weeks.ago`, `last month`, `monday`.
///
/// As in git, `yesterday` is 24 hours ago, and a weekday is the last one at this time of the day.
pub fn relative(text: &str, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let text = text.to_lowercase();
    let words: Vec<&str> = text.split([' ', '.', '_']).filter(|word| !word.is_empty()).collect();
    match *words.as_slice() {
        ["now" | "today"] => Some(now),
        ["yesterday"] => now.checked_sub_days(Days::new(1)),
        ["last", unit] => back(now, 1, unit).or_else(|| weekday(now, unit)),
        [count, unit] | [count, unit, "ago"] => back(now, number(count)?, unit),
        [day] => weekday(now, day),
        _ => None,
    }
}

fn number(word: &str) -> Option<u32> {
    const WORDS: [&str; 11] = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    let spelled = WORDS.iter().position(|known| *known == word).and_then(|at| u32::try_from(at).ok());
    spelled.or_else(|| word.parse().ok())
}

fn back(now: DateTime<Utc>, count: u32, unit: &str) -> Option<DateTime<Utc>> {
    let count_i64 = i64::from(count);
    match unit.strip_suffix('s').unwrap_or(unit) {
        "second" => now.checked_sub_signed(TimeDelta::try_seconds(count_i64)?),
        "minute" => now.checked_sub_signed(TimeDelta::try_minutes(count_i64)?),
        "hour" => now.checked_sub_signed(TimeDelta::try_hours(count_i64)?),
        "day" => now.checked_sub_days(Days::new(count.into())),
        "week" => now.checked_sub_days(Days::new(u64::from(count) * 7)),
        "month" => now.checked_sub_months(Months::new(count)),
        "year" => now.checked_sub_months(Months::new(count.checked_mul(12)?)),
        _ => None,
    }
}

/// The last day of this name before today.
fn weekday(now: DateTime<Utc>, name: &str) -> Option<DateTime<Utc>> {
    let wanted: Weekday = name.parse().ok()?;
    let days = (7 + now.weekday().num_days_from_monday() - wanted.num_days_from_monday() - 1) % 7 + 1;
    now.checked_sub_days(Days::new(days.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        "2025-11-19T12:00:00Z".parse().unwrap()
    }

    fn read_at(text: &str) -> Option<String> {
        read(text, now(), EndOfDay::Last).map(|time| time.format("%Y-%m-%dT%H:%M:%SZ").to_string())
    }

    #[test]
    fn phrases_count_back_from_now_as_git_does() {
        for (phrase, time) in [
            ("now", "2025-11-19T12:00:00Z"),
            ("yesterday", "2025-11-18T12:00:00Z"),
            ("2 weeks ago", "2025-11-05T12:00:00Z"),
            ("2.weeks.ago", "2025-11-05T12:00:00Z"),
            ("Two Weeks Ago", "2025-11-05T12:00:00Z"),
            ("3 days", "2025-11-16T12:00:00Z"),
            ("90 minutes ago", "2025-11-19T10:30:00Z"),
            ("last month", "2025-10-19T12:00:00Z"),
            ("1 year ago", "2024-11-19T12:00:00Z"),
            ("last monday", "2025-11-17T12:00:00Z"),
            ("wednesday", "2025-11-12T12:00:00Z"),
            ("thursday", "2025-11-13T12:00:00Z"),
        ] {
            assert_eq!(read_at(phrase).as_deref(), Some(time), "{phrase}");
        }
    }

    #[test]
    fn a_day_has_two_ends_and_a_time_one() {
        assert_eq!(read_at("2025-03-01").as_deref(), Some("2025-03-01T23:59:59Z"));
        assert_eq!(absolute("2025-03-01", EndOfDay::First).unwrap().to_rfc3339(), "2025-03-01T00:00:00+00:00");
        assert_eq!(read_at("2025-03-01T01:00:00+01:00").as_deref(), Some("2025-03-01T00:00:00Z"));
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in
            ["", "soon", "weeks ago", "-1 days ago", "1 fortnight ago", "ago", "2025-13-01", "99999999 years ago"]
        {
            assert_eq!(read_at(text), None, "{text}");
        }
    }
}
