//! What a rule is: its code, its severity, its words, and the function that checks it.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::context::Context;
use super::diagnostic::Diagnostic;
use super::finding::Finding;
use crate::model::paths::FileKind;
use crate::words::word_enum;

word_enum! {
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
    #[serde(rename_all = "lowercase")]
    pub enum Severity {
        /// It stands in the way: exit code 1.
        Error = "error",
        /// It deserves a look; it decides nothing, except with `--strict`.
        Warning = "warning",
    }
}

impl Severity {
    #[must_use]
    pub fn mildest(self, other: Self) -> Self {
        self.max(other)
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

/// When the check list for people has a line for a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// In every run: the specification's own checks.
    Always,
    /// When it failed, and in a verbose run.
    WhenFailed,
}

/// The heading of a failed check.
pub enum Heading {
    /// The number of findings, and the words for one and for several.
    Counted(&'static str, &'static str),
    /// Words that depend on the findings.
    Worded(fn(&[&Diagnostic], usize) -> String),
}

/// What a rule needs to be checked at all; without it, the check is skipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// A readable `directory.json`.
    Master,
    /// `twilio/trunks.json`, which no clone has.
    Trunks,
    /// `twilio/sync.json`, which no clone has.
    SyncLog,
    /// `workspaces.json`, which no clone has.
    WorkspacesFile,
}

/// Files that a rule reads where it can: without one of them it judges the others, and cannot say that all is well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reads {
    /// `directory.json`.
    Master,
    /// Each workspace's `numbers.json`.
    Registries,
    /// Each workspace's `assignments.json`.
    Assignments,
    /// `pools.json`.
    Pools,
    /// Each agent's file of each workspace.
    AgentIds,
    /// Each agent's `agent.json`.
    AgentNames,
    /// `prices.json`.
    Prices,
    /// `twilio/trunks.json`.
    Trunks,
    /// `twilio/sync.json`.
    SyncLog,
    /// `workspaces.json`.
    WorkspacesFile,
}

impl Reads {
    /// Every file that the model knows.
    pub const ALL: &'static [Self] = &[
        Self::Master,
        Self::Registries,
        Self::Assignments,
        Self::Pools,
        Self::AgentIds,
        Self::AgentNames,
        Self::Prices,
        Self::Trunks,
        Self::SyncLog,
        Self::WorkspacesFile,
    ];

    pub fn of(kind: &FileKind) -> Self {
        match kind {
            FileKind::Master => Self::Master,
            FileKind::Numbers(_) => Self::Registries,
            FileKind::Assignments(_) => Self::Assignments,
            FileKind::Pools => Self::Pools,
            FileKind::AgentWorkspace(..) => Self::AgentIds,
            FileKind::Agent(_) => Self::AgentNames,
            FileKind::Prices => Self::Prices,
            FileKind::Trunks => Self::Trunks,
            FileKind::Sync => Self::SyncLog,
            FileKind::Workspaces => Self::WorkspacesFile,
        }
    }
}

/// Who finds what breaks a rule.
pub enum Check {
    /// Reading the files already tells: broken texts and shapes.
    Reading,
    /// The settings tell: `phone-dir.toml` and the waivers in it.
    Settings,
    /// A function over everything that was read.
    Rule(fn(&Context<'_>, &mut Vec<Finding>)),
    /// The same, of what is true at the providers, which no commit can mend: it refuses none.
    Live(fn(&Context<'_>, &mut Vec<Finding>)),
}

/// What `explain` prints. Every text is one paragraph.
pub struct Explanation {
    pub what: &'static str,
    pub why: &'static str,
    pub example: &'static str,
    pub fix: &'static str,
}

/// One rule. Its row in [`super::rules::RULES`] feeds checking, listing, explaining, SARIF and the README.
pub struct Rule {
    /// The stable kebab-case code.
    pub code: &'static str,
    /// The severity where `phone-dir.toml` says nothing.
    pub severity: Severity,
    /// What it checks, in one line.
    pub summary: &'static str,
    /// The check list's words when nothing was found.
    pub passed: &'static str,
    /// The check list's words when something was.
    pub heading: Heading,
    /// When the check list shows it.
    pub shown: Shown,
    /// What it cannot do without.
    pub needs: &'static [Need],
    /// What it reads where it can.
    pub reads: &'static [Reads],
    /// What, why, an example, and how to fix it.
    pub explanation: Explanation,
    pub check: Check,
}

impl Rule {
    /// Whether it is about the world rather than the files: a finding is shown, and refuses no commit.
    pub fn is_live(&self) -> bool {
        matches!(self.check, Check::Live(_))
    }

    /// The heading above these findings, and so many more.
    pub fn heading_of(&self, diagnostics: &[&Diagnostic], unlisted: usize) -> String {
        match (&self.heading, diagnostics.len() + unlisted) {
            (Heading::Counted(one, _), 1) => format!("1 {one}"),
            (Heading::Counted(_, many), count) => format!("{count} {many}"),
            (Heading::Worded(words), count) => words(diagnostics, count),
        }
    }
}

impl fmt::Debug for Rule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Rule({})", self.code)
    }
}
