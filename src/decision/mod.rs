//! What steers what: git holds decisions and facts, Retell has what callers hear.
//!
//! A decision is a field that Retell can be told ([`Setting::is_decision`]); everything else that a provider says is a fact
//! and always followed. Where a decision and Retell differ, the number's record ([`LiveRecord`]) says so. [`settle`] is
//! the one rule for a number, [`hold`] applies it to everything that was read, and [`undated`] says of which numbers
//! only history can tell. [`later`] says what a branch knows from a later read. [`decide`] writes a decision into the files, [`completing`] does so for edits by hand, and [`gives`] finds the change that made one. Nothing
//! here reads a provider or git.

pub mod completing;
pub mod decide;
mod given;
mod hold;
pub mod later;
pub mod merged;

pub use given::gives;
pub use hold::{
    Baselines, DecisionOutcome, GivenUp, Registration, Undated, all_recorded, gone, hold, hold_answers, known_live,
    numbers_read, recorded, undated,
};

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{LiveRecord, PhoneNumber, Setting, Settings};
use crate::reconcile::live::RetellNumber;

/// What is known of a number for which git and Retell may differ.
#[derive(Clone, Copy, Debug)]
pub struct DecisionSides<'a> {
    /// What git says: the directory as the command would write it.
    pub git: &'a Settings,
    pub live: &'a Settings,
    /// The record beside git's values.
    pub record: Option<&'a LiveRecord>,
    /// What tells the two apart in the fields without a record.
    pub since: Since<'a>,
    /// The decisions in which Retell is to be followed.
    pub given_up: &'a BTreeSet<Setting>,
}

/// What happened at Retell since the number was written down, by Retell's own time of its last change.
#[derive(Clone, Copy, Debug)]
pub enum Since<'a> {
    /// Retell did not change the number: what differs was decided in git.
    Untouched,
    /// One side moved, or both: these are the settings that both had.
    Moved(&'a Settings),
    /// Something moved, and no ancestor can be asked what both sides had.
    Unknown,
}

/// How a field stands in which git and Retell differed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DecisionStanding {
    /// Git has taken over what Retell says.
    Followed,
    /// The same, without anything that could tell which side had moved.
    FollowedUntold,
    /// Git's decision was given up for what Retell has, as the command was told.
    GivenUp,
    /// Retell has what was decided in git.
    Applied,
    /// Git decided, and Retell has still what it had then.
    Pending,
    /// Git decided, and Retell has been changed since.
    Conflict,
}

/// What a number has after it was settled.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SettledDecisions {
    /// What git is to say.
    pub settings: Settings,
    /// What Retell has otherwise.
    pub record: LiveRecord,
    pub fields: Vec<(Setting, DecisionStanding)>,
}

/// Decides field by field which side is right.
pub fn settle(sides: &DecisionSides<'_>) -> SettledDecisions {
    let mut settled = SettledDecisions {
        settings: sides.git.clone(),
        record: sides.record.cloned().unwrap_or_default(),
        fields: Vec::new(),
    };
    for setting in Setting::ALL.iter().copied() {
        if let Some(standing) = settled.field(setting, sides) {
            settled.fields.push((setting, standing));
        }
    }
    settled
}

impl SettledDecisions {
    /// Gives a number git's values, and the record that stands beside it from now on.
    fn write_to(self, number: &mut RetellNumber, records: &mut BTreeMap<PhoneNumber, LiveRecord>) {
        number.settings = self.settings;
        if !self.record.is_empty() {
            records.insert(number.phone_number, self.record);
        }
    }

    fn field(&mut self, setting: Setting, sides: &DecisionSides<'_>) -> Option<DecisionStanding> {
        let agrees = sides.git.agrees(sides.live, setting);
        if sides.given_up.contains(&setting) && !agrees {
            self.record.clear(setting);
            return Some(self.follow(setting, sides.live, DecisionStanding::GivenUp));
        }
        if self.record.has(setting) {
            return Some(self.recorded(setting, sides.live, agrees));
        }
        if agrees {
            return None;
        }
        if !setting.is_decision() {
            return Some(self.follow(setting, sides.live, DecisionStanding::Followed));
        }
        Some(match sides.since {
            Since::Untouched => self.decided(setting, sides.live, sides.live),
            Since::Moved(both) if sides.git.agrees(both, setting) => {
                self.follow(setting, sides.live, DecisionStanding::Followed)
            }
            Since::Moved(both) => self.decided(setting, both, sides.live),
            Since::Unknown => self.follow(setting, sides.live, DecisionStanding::FollowedUntold),
        })
    }

    fn recorded(&mut self, setting: Setting, live: &Settings, agrees: bool) -> DecisionStanding {
        if agrees {
            self.record.clear(setting);
            return DecisionStanding::Applied;
        }
        self.record.see(setting, live);
        self.standing(setting)
    }

    fn decided(&mut self, setting: Setting, was: &Settings, live: &Settings) -> DecisionStanding {
        self.record.set(setting, was, live);
        self.standing(setting)
    }

    fn standing(&self, setting: Setting) -> DecisionStanding {
        if self.record.is_conflict(setting) { DecisionStanding::Conflict } else { DecisionStanding::Pending }
    }

    fn follow(&mut self, setting: Setting, live: &Settings, standing: DecisionStanding) -> DecisionStanding {
        self.settings.take(live, setting);
        standing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(nickname: &str) -> Settings {
        Settings { nickname: Some(nickname.to_owned()), ..Settings::default() }
    }

    fn recorded(was: &str, is: &str) -> LiveRecord {
        let mut record = LiveRecord::default();
        record.set(Setting::Nickname, &named(was), &named(is));
        record
    }

    /// What becomes of the nickname: git's value, the record's `was` and `is`, and the standing.
    fn outcome(
        git: &str,
        live: &str,
        record: Option<&LiveRecord>,
        since: Since<'_>,
    ) -> (String, Option<[String; 2]>, Option<DecisionStanding>) {
        let (git, live) = (named(git), named(live));
        let settled = settle(&DecisionSides { git: &git, live: &live, record, since, given_up: &BTreeSet::new() });
        let pair = settled
            .record
            .has(Setting::Nickname)
            .then(|| [settled.record.was(), settled.record.is()].map(|side| side.nickname.clone().unwrap_or_default()));
        (settled.settings.nickname.unwrap(), pair, settled.fields.first().map(|(_, standing)| *standing))
    }

    #[allow(clippy::unnecessary_wraps)] // it is compared with what may be none
    fn pair(was: &str, is: &str) -> Option<[String; 2]> {
        Some([was.to_owned(), is.to_owned()])
    }

    #[test]
    fn a_recorded_field_keeps_gits_value_until_retell_has_it() {
        use Since::Untouched;
        let record = recorded("a", "a");
        let with = |live| outcome("b", live, Some(&record), Untouched);
        assert_eq!(with("b"), ("b".into(), None, Some(DecisionStanding::Applied)));
        assert_eq!(with("a"), ("b".into(), pair("a", "a"), Some(DecisionStanding::Pending)));
        assert_eq!(with("c"), ("b".into(), pair("a", "c"), Some(DecisionStanding::Conflict)));
        // What was live when git decided is what counts, whatever the last read saw.
        let moved = recorded("a", "c");
        assert_eq!(
            outcome("b", "a", Some(&moved), Untouched),
            ("b".into(), pair("a", "a"), Some(DecisionStanding::Pending))
        );
    }

    #[test]
    fn without_a_record_the_side_that_moved_is_followed() {
        let both = named("a");
        let moved = |git, live| outcome(git, live, None, Since::Moved(&both));
        assert_eq!(moved("a", "a"), ("a".into(), None, None));
        assert_eq!(moved("b", "b"), ("b".into(), None, None));
        assert_eq!(moved("a", "c"), ("c".into(), None, Some(DecisionStanding::Followed)));
        assert_eq!(moved("b", "a"), ("b".into(), pair("a", "a"), Some(DecisionStanding::Pending)));
        assert_eq!(moved("b", "c"), ("b".into(), pair("a", "c"), Some(DecisionStanding::Conflict)));
    }

    #[test]
    fn a_number_that_retell_did_not_touch_was_decided_in_git() {
        assert_eq!(
            outcome("b", "a", None, Since::Untouched),
            ("b".into(), pair("a", "a"), Some(DecisionStanding::Pending))
        );
    }

    #[test]
    fn where_nothing_tells_retell_is_followed_and_that_is_said() {
        assert_eq!(outcome("b", "a", None, Since::Unknown), ("a".into(), None, Some(DecisionStanding::FollowedUntold)));
    }

    #[test]
    fn a_decision_that_is_given_up_leaves_nothing_behind() {
        let (git, live, given_up) = (named("b"), named("a"), BTreeSet::from([Setting::Nickname]));
        let record = recorded("a", "a");
        let sides = DecisionSides {
            git: &git,
            live: &live,
            record: Some(&record),
            since: Since::Untouched,
            given_up: &given_up,
        };
        let settled = settle(&sides);
        assert_eq!((settled.settings.nickname, settled.record.is_empty()), (Some("a".into()), true));
        assert_eq!(settled.fields, [(Setting::Nickname, DecisionStanding::GivenUp)]);
    }

    #[test]
    fn a_fact_is_followed_whatever_git_says() {
        let user = |name: &str| Settings { auth_username: Some(name.to_owned()), ..Settings::default() };
        let (git, live) = (user("b"), user("a"));
        let given_up = BTreeSet::new();
        let since = Since::Untouched;
        let settled = settle(&DecisionSides { git: &git, live: &live, record: None, since, given_up: &given_up });
        assert_eq!((settled.settings, settled.record.is_empty()), (live.clone(), true));
    }
}
