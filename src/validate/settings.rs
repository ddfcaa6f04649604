//! `phone-dir.toml`: severities, waivers and rails, and what is wrong with the file itself.
//!
//! Settings are an input of validation like the files, and need not come from the same place: in CI they are
//! the base branch's, so that a change cannot weaken its own check.

pub mod capacity;
mod cost;
mod parse;
mod usage;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use chrono::TimeDelta;

pub use self::capacity::CapacitySettings;
pub use self::cost::CostSettings;
pub use self::usage::UsageSettings;
use super::rule::{Rule, Severity};
use crate::model::path_pattern::PathPattern;
use crate::model::waived_numbers::WaivedNumbers;
use crate::model::{PhoneNumber, ProtectedWorkspaces, Timestamp, WorkspaceName, paths};
use crate::reconcile::rails::Limits;
use crate::snapshot::{Content, Snapshot};

/// What a project does with a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    Off,
    /// It is checked, with this severity.
    On(Severity),
}

/// A finding that the team has decided to live with for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiver {
    pub rule: &'static str,
    pub phone_number: PhoneNumber,
    pub reason: String,
    /// The last day on which it counts, `YYYY-MM-DD`, in UTC.
    pub expires: String,
    /// Its bytes in the file.
    pub span: Range<usize>,
}

impl Waiver {
    /// Whether its last day is over.
    pub fn is_expired(&self, now: Timestamp) -> bool {
        // Both are years, months and days with leading zeros, so their texts compare as the days do.
        self.expires.as_str() < &now.as_str()[..self.expires.len().min(10)]
    }
}

/// What is wrong with the settings' own text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub message: String,
    /// The bytes that are.
    pub span: Range<usize>,
    pub help: Option<String>,
}

/// The names of workspaces as the file writes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenNames {
    pub names: Vec<WorkspaceName>,
    /// Their bytes in the file.
    pub span: Range<usize>,
}

/// Everything that `phone-dir.toml` says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    /// The rules that are not as the table has them.
    pub levels: BTreeMap<&'static str, Level>,
    /// The waivers, in the order of the file.
    pub waivers: Vec<Waiver>,
    pub rails: Limits,
    /// The workspaces whose lines need a flag to be left unanswered.
    pub protected: ProtectedWorkspaces,
    /// Those, where the file names them.
    pub protected_written: Option<WrittenNames>,
    /// The hosts, beside Retell's, that trunks may send calls to; in lower case.
    pub sip_hosts: BTreeSet<String>,
    /// How old a decision may be that Retell does not have; a day where the file says nothing.
    pub pending_after: Option<TimeDelta>,
    /// Which projects further in are left alone.
    pub ignored_projects: Vec<PathPattern>,
    /// What no provider tells of costs, and how much they may be.
    pub cost: CostSettings,
    /// How long calls are kept, and how old an answer about them may be.
    pub usage: UsageSettings,
    /// When numbers and calls at a time are short.
    pub capacity: CapacitySettings,
    /// What is wrong with the text; what could be understood counts all the same.
    pub problems: Vec<Problem>,
    /// The text itself, for the places of findings.
    pub text: Vec<u8>,
}

impl Settings {
    /// Reads the file's bytes, as [`crate::snapshot::Snapshot::bytes`] gives them; without a file, the defaults hold.
    pub fn of(bytes: Option<&[u8]>) -> Self {
        bytes.map(parse::settings).unwrap_or_default()
    }

    /// Reads the settings of a project's snapshot.
    pub fn in_snapshot(snapshot: &Snapshot) -> Self {
        Self::of(snapshot.bytes(paths::SETTINGS))
    }

    /// Why settings of a project do not count, in words: the file is none that is read, or something in it cannot be
    /// understood.
    pub fn unread_in(snapshot: &Snapshot) -> Vec<String> {
        match snapshot.files.get(paths::SETTINGS) {
            Some(Content::Irregular(what)) => vec![format!("it is {what}")],
            _ => Self::in_snapshot(snapshot).problems.into_iter().map(|problem| problem.message).collect(),
        }
    }

    /// The numbers about which a rule says nothing: all where it is switched off, else those for which it is waived today.
    pub fn waived(&self, rule: &Rule, now: Timestamp) -> WaivedNumbers {
        if self.level(rule) == Level::Off {
            return WaivedNumbers::All;
        }
        let counts = |waiver: &&Waiver| waiver.rule == rule.code && !waiver.is_expired(now);
        WaivedNumbers::Only(self.waivers.iter().filter(counts).map(|waiver| waiver.phone_number).collect())
    }

    /// Whether the project in a folder below this one, named from here, is not judged.
    pub fn ignores_project(&self, folder: &str) -> bool {
        let directory = format!("{}/{}", folder.trim_end_matches('/'), paths::MASTER);
        self.ignored_projects.iter().any(|pattern| pattern.covers(&directory))
    }

    /// How old a decision may be that Retell does not have.
    pub fn warn_after(&self) -> TimeDelta {
        self.pending_after.unwrap_or(TimeDelta::hours(24))
    }

    /// What the project does with a rule.
    pub fn level(&self, rule: &Rule) -> Level {
        self.levels.get(rule.code).copied().unwrap_or(Level::On(rule.severity))
    }
}
