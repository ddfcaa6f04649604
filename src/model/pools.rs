//! `phone-numbers/pools.json`: which numbers serve which purpose, and what people decided about them.
//!
//! Only decisions are stored. Whether a number is in service or free follows from the directory.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::day::Day;
use super::master::NumberType;
use super::object::object_type;
use super::phone_number::PhoneNumber;
use super::presence::{nullable, present, unique_map};
use super::text::{text_type, word_type};
use super::timestamp::Timestamp;
use super::workspace::WorkspaceName;
use super::{ParseError, workspace};
use crate::words::word_enum;

/// The name of a pool: one plain word.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PoolName(Box<str>);

impl PoolName {
    pub(crate) const EXPECTED: &'static str =
        "a pool's name: up to 64 letters, digits, `.`, `_` and `-`, starting with a letter or digit";
    const LONGEST: usize = 64;

    /// Parses a plain name.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let is_name = workspace::is_plain_name(text)
            && text.len() <= Self::LONGEST
            && text.starts_with(|first: char| first.is_ascii_alphanumeric());
        if is_name { Ok(Self(text.into())) } else { Err(ParseError::expected(Self::EXPECTED)) }
    }

    /// The name as it stands in files and outputs.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

text_type!(PoolName);

/// How long a number rests after it was released: whole days, written `30d`.
#[derive(Clone, PartialEq, Eq)]
pub struct RestPeriod {
    text: Box<str>,
    days: u32,
}

impl RestPeriod {
    pub(crate) const EXPECTED: &'static str = "a number of days from `0d` to `9999d`, such as `30d`";
    const MOST_DIGITS: usize = 4;

    /// Parses days without leading zeros.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let digits = text.strip_suffix('d').filter(|digits| {
            let is_short = (1..=Self::MOST_DIGITS).contains(&digits.len());
            is_short && digits.bytes().all(|byte| byte.is_ascii_digit()) && (*digits == "0" || !digits.starts_with('0'))
        });
        let days = digits.and_then(|digits| digits.parse().ok());
        days.map(|days| Self { text: text.into(), days }).ok_or_else(|| ParseError::expected(Self::EXPECTED))
    }

    pub fn days(&self) -> u32 {
        self.days
    }

    /// The text as the files write it.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

text_type!(RestPeriod);

/// A country by its code, ISO 3166-1 alpha-2 in upper case.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct CountryCode([u8; 2]);

impl CountryCode {
    pub(crate) const EXPECTED: &'static str = "a country's code in two capitals, such as `US`";

    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let code = text.as_bytes().try_into().ok().filter(|code: &[u8; 2]| code.iter().all(u8::is_ascii_uppercase));
        code.map(Self).ok_or_else(|| ParseError::expected(Self::EXPECTED))
    }

    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("`parse` admits ASCII only")
    }
}

text_type!(CountryCode);

word_enum! {
    /// In which order free numbers are taken.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum TakingOrder {
        /// The one that is free for longest first; one that was never used before all.
        OldestFreeFirst = "oldest-free-first",
        ByNumber = "by-number",
    } listed
}

word_type!(TakingOrder);

word_enum! {
    /// What people decided about a number of a pool.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub enum MemberState {
        /// It is kept for something.
        Reserved = "reserved",
        /// It rests: its last callers are to forget it.
        Quarantine = "quarantine",
        /// It is not to be used again.
        Retired = "retired",
    } listed
}

word_type!(MemberState);

/// Which numbers a pool takes; what is absent asks for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct Accepts {
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub country: Option<CountryCode>,
    #[serde(rename = "type", default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub kinds: Option<Vec<NumberType>>,
    /// Whether they have to carry text messages.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub sms: Option<bool>,
}

object_type!(Accepts);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct Pool {
    pub purpose: String,
    /// Who answers for it.
    #[serde(deserialize_with = "nullable")]
    pub owner: Option<String>,
    /// The workspaces in which its numbers are used; empty for all.
    pub workspaces: Vec<WorkspaceName>,
    /// How long a number rests after it was released.
    pub quarantine: RestPeriod,
    /// In which order free numbers are taken; the one that is free for longest first where it is absent.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub order: Option<TakingOrder>,
    /// Which numbers it takes; all where it is absent.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub accepts: Option<Accepts>,
}

object_type!(Pool);

impl Pool {
    /// In which order free numbers are taken.
    pub fn order(&self) -> TakingOrder {
        self.order.unwrap_or(TakingOrder::OldestFreeFirst)
    }
}

/// A number of a pool. It is the entry's key, so that a number is in one pool at most.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct Member {
    pub pool: PoolName,
    /// When the number was put into it.
    pub since: Timestamp,
    /// What people decided about it; absent where nothing keeps it from being used.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub state: Option<MemberState>,
    /// The last day on which the state counts.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
    /// Why it is in that state.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What it was last allocated for.
    #[serde(rename = "for", default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub allocated_for: Option<String>,
}

object_type!(Member);

impl Member {
    /// A number that nothing keeps from being used.
    pub fn new(pool: PoolName, since: Timestamp) -> Self {
        Self { pool, since, state: None, until: None, reason: None, allocated_for: None }
    }

    /// The state that counts on a day: one whose last day is over does not.
    pub fn state_on(&self, day: Day) -> Option<MemberState> {
        self.state.filter(|_| !self.is_expired_on(day))
    }

    /// Whether the state's last day is over.
    pub fn is_expired_on(&self, day: Day) -> bool {
        self.state.is_some() && self.until.is_some_and(|until| until < day)
    }

    #[must_use]
    pub fn with_state(mut self, state: MemberState, until: Option<Day>, reason: &str) -> Self {
        (self.state, self.until, self.reason) = (Some(state), until, Some(reason.to_owned()));
        self
    }

    #[must_use]
    pub fn without_state(mut self) -> Self {
        (self.state, self.until, self.reason) = (None, None, None);
        self
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct PoolsFile {
    /// An editor's reference to the schema.
    #[serde(rename = "$schema", default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    #[serde(deserialize_with = "unique_map")]
    pub pools: BTreeMap<PoolName, Pool>,
    /// The numbers in them, by E.164.
    #[serde(deserialize_with = "unique_map")]
    pub members: BTreeMap<PhoneNumber, Member>,
}

object_type!(PoolsFile);

impl PoolsFile {
    /// The numbers of a pool, sorted.
    pub fn members_of(&self, pool: &PoolName) -> impl Iterator<Item = (PhoneNumber, &Member)> {
        self.members.iter().filter(move |(_, member)| member.pool == *pool).map(|(number, member)| (*number, member))
    }

    pub fn pool_of(&self, number: PhoneNumber) -> Option<&PoolName> {
        self.members.get(&number).map(|member| &member.pool)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_plain_word() {
        for good in ["sales", "Sales-2.eu", "4", &"a".repeat(64)] {
            assert!(PoolName::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "-x", ".x", "_x", "a b", "a/b", "größe", "sales\n", &"a".repeat(65)] {
            assert!(PoolName::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_rest_is_a_number_of_days() {
        for (text, days) in [("0d", 0), ("30d", 30), ("9999d", 9999)] {
            assert_eq!(RestPeriod::parse(text).unwrap().days(), days);
        }
        for bad in ["", "d", "30", "030d", "00d", "-1d", "4w", "10000d", "1.5d", "30d\n", "+3d"] {
            assert!(RestPeriod::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_state_counts_through_its_last_day() {
        let day = |text: &str| Day::parse(text).unwrap();
        let member = Member::new(PoolName::parse("sales").unwrap(), day("2026-01-01").start());
        let resting = member.clone().with_state(MemberState::Quarantine, Some(day("2026-12-28")), "released");
        assert_eq!(resting.state_on(day("2026-12-28")), Some(MemberState::Quarantine));
        assert_eq!(resting.state_on(day("2026-12-29")), None);
        let retired = member.clone().with_state(MemberState::Retired, None, "spam reports");
        assert_eq!(retired.state_on(day("2999-01-01")), Some(MemberState::Retired));
        assert_eq!(retired.without_state(), member);
    }
}
