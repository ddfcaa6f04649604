//! Findings in bounds: the first of each rule are kept, and the others are counted and can be known again.
//!
//! A project of a million numbers can break a rule a million times. No person reads that many, and what is kept of one is a
//! thousand times its number.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::diagnostic::identity;
use super::finding::{Finding, Part};
use super::rule::{Rule, Severity};
use super::settings::{Level, Settings};
use super::waive;
use crate::model::Timestamp;
use crate::secrets;

/// The most findings of a rule that are kept: as many as code scanning shows in all.
pub const MOST_OF_RULE: usize = 5_000;

/// A finding that was counted, and not kept.
#[derive(Clone, Copy, Debug)]
pub struct Unlisted {
    /// The rule that is broken.
    pub rule: &'static Rule,
    pub severity: Severity,
    /// The fingerprint of what stays the same about it.
    pub identity: u64,
}

pub fn fingerprint(identity: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    identity.hash(&mut hasher);
    hasher.finish()
}

/// What decides about findings one by one.
pub struct Sorting<'a> {
    pub settings: &'a Settings,
    /// The time that waivers are measured by.
    pub now: Timestamp,
    /// The rules that are not checked, with the reason.
    pub skipped: &'a BTreeMap<&'static str, String>,
}

impl Sorting<'_> {
    pub fn severity(&self, finding: &Finding) -> Severity {
        let level = match self.settings.level(finding.rule) {
            Level::On(severity) => severity,
            Level::Off => finding.rule.severity,
        };
        level.mildest(finding.at_most)
    }

    fn unlisted(&self, finding: &Finding) -> Unlisted {
        let pointer = match &finding.place.part {
            Part::Key(pointer) | Part::Value(pointer) => secrets::masked(pointer.as_str()),
            Part::WholeFile | Part::Offset(_) => "".into(),
        };
        let (number, workspace) = (finding.phone_number, finding.workspace.as_ref());
        let identity = identity(finding.rule, &finding.place.file, &pointer, number, workspace);
        Unlisted { rule: finding.rule, severity: self.severity(finding), identity: fingerprint(&identity) }
    }
}

/// Findings, without those that waivers took out.
#[derive(Default)]
pub struct BoundedFindings {
    /// The first of each rule, in its order.
    pub kept: Vec<Finding>,
    pub unlisted: Vec<Unlisted>,
    /// How many each of the settings' waivers took out.
    pub waived: Vec<usize>,
}

impl BoundedFindings {
    /// Sorts findings: waived, kept, or counted.
    pub fn of(findings: impl IntoIterator<Item = Finding>, sorting: &Sorting<'_>) -> Self {
        let mut found = Self { waived: vec![0; sorting.settings.waivers.len()], ..Self::default() };
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for finding in findings {
            if let Some(waiver) = waive::waiver_of(sorting.settings, sorting.now, &finding) {
                found.waived[waiver] += 1;
            } else if !sorting.skipped.contains_key(finding.rule.code) {
                let count = counts.entry(finding.rule.code).or_default();
                *count += 1;
                if *count <= MOST_OF_RULE {
                    found.kept.push(finding);
                } else {
                    found.unlisted.push(sorting.unlisted(&finding));
                }
            }
        }
        found
    }

    /// Adds what was found elsewhere, with the same settings.
    pub fn join(&mut self, mut other: Self) {
        self.kept.append(&mut other.kept);
        self.unlisted.append(&mut other.unlisted);
        self.waived.resize(other.waived.len().max(self.waived.len()), 0);
        for (sum, more) in self.waived.iter_mut().zip(other.waived) {
            *sum += more;
        }
    }
}
