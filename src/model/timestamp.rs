//! A moment as the files write it: RFC 3339, UTC, `Z`, whole seconds.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

use super::{ParseError, text::text_type};

/// A UTC moment in whole seconds, years 0000 to 9999, written `2025-11-19T12:00:00Z`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp([u8; Self::LENGTH]);

impl Timestamp {
    pub(crate) const EXPECTED: &'static str = "a UTC time such as `2025-11-19T12:00:00Z`";
    const LENGTH: usize = 20;

    /// The beginning of 1970: stands where a time has to be given and none is written.
    pub const EPOCH: Self = Self(*b"1970-01-01T00:00:00Z");

    /// Parses exactly `YYYY-MM-DDTHH:MM:SSZ` of a real calendar day; a leap second is not one.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let error = ParseError::expected(Self::EXPECTED);
        let bytes: [u8; Self::LENGTH] = text.as_bytes().try_into().map_err(|_| error.clone())?;
        let punctuated = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':'), (19, b'Z')]
            .iter()
            .all(|(at, byte)| bytes[*at] == *byte);
        let timestamp = Self(bytes);
        if punctuated && timestamp.calendar().is_some() { Ok(timestamp) } else { Err(error) }
    }

    /// The moment in whole seconds; a fraction is cut off.
    pub fn from_datetime(moment: DateTime<Utc>) -> Self {
        Self::parse(&utc_text(moment)).unwrap_or(Self(*b"9999-12-31T23:59:59Z"))
    }

    /// The moment that lies `millis` milliseconds after 1970, as Retell gives it; none beyond the year 9999.
    pub fn from_unix_millis(millis: i64) -> Option<Self> {
        Self::parse(&utc_text(DateTime::from_timestamp_millis(millis)?)).ok()
    }

    /// The moment for arithmetic with durations.
    pub fn to_datetime(self) -> DateTime<Utc> {
        self.calendar().expect("`parse` admits real moments only")
    }

    /// The text as the files write it.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("`parse` admits ASCII only")
    }

    fn calendar(&self) -> Option<DateTime<Utc>> {
        let number = |range: std::ops::Range<usize>| {
            self.0[range]
                .iter()
                .try_fold(0_u32, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + u32::from(byte - b'0')))
        };
        let date = NaiveDate::from_ymd_opt(i32::try_from(number(0..4)?).ok()?, number(5..7)?, number(8..10)?)?;
        let time = NaiveTime::from_hms_opt(number(11..13)?, number(14..16)?, number(17..19)?)?;
        Some(date.and_time(time).and_utc())
    }
}

text_type!(Timestamp);

/// Any moment in the form of the files, in whole seconds; git's may lie in years that no [`Timestamp`] has.
pub fn utc_text(moment: DateTime<Utc>) -> String {
    moment.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_real_utc_moments_in_whole_seconds_are_times() {
        for good in ["2025-11-19T12:00:00Z", "2024-02-29T23:59:59Z", "0000-01-01T00:00:00Z"] {
            assert_eq!(Timestamp::parse(good).unwrap().to_string(), good);
        }
        for bad in [
            "2025-02-29T00:00:00Z",
            "2025-11-19T24:00:00Z",
            "2025-11-19T12:00:60Z",
            "2025-11-19T12:00:00.5Z",
            "2025-11-19T12:00:00+00:00",
            "2025-11-19 12:00:00Z",
            "2025-1-019T12:00:00Z",
            "+025-11-19T12:00:00Z",
        ] {
            assert!(Timestamp::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn retells_milliseconds_become_whole_seconds() {
        assert_eq!(Timestamp::from_unix_millis(1_703_413_636_133).unwrap().as_str(), "2023-12-24T10:27:16Z");
    }

    #[test]
    fn a_moment_is_cut_to_whole_seconds_and_keeps_its_own() {
        let moment = |text: &str| Timestamp::from_datetime(text.parse().unwrap()).to_string();
        assert_eq!(moment("2025-11-19T12:00:01.999Z"), "2025-11-19T12:00:01Z");
        assert_eq!(moment("2025-11-19T12:00:59Z"), "2025-11-19T12:00:59Z");
        assert_eq!(Timestamp::from_datetime(DateTime::<Utc>::MAX_UTC).as_str(), "9999-12-31T23:59:59Z");
        assert_eq!(Timestamp::from_unix_millis(i64::MAX), None);
        assert_eq!(Timestamp::from_unix_millis(0), Some(Timestamp::EPOCH));
        let time = Timestamp::parse("2024-02-29T23:59:59Z").unwrap();
        assert_eq!(Timestamp::from_datetime(time.to_datetime()), time);
    }
}
