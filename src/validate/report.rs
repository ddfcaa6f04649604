//! What a validation found: the checks and the diagnostics, ready for any output format.

use std::collections::{HashMap, HashSet};

use super::bounded::{MOST_OF_RULE, Unlisted};
use super::diagnostic::Diagnostic;
use super::occasion::Source;
use super::rule::{Rule, Severity};

/// Which findings stand in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strictness {
    Errors,
    Everything,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CheckOutcome {
    Passed,
    Failed,
    /// It could not, or should not, be checked: why.
    Skipped(String),
}

impl CheckOutcome {
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Skipped(_) => "skipped",
        }
    }
}

#[derive(Clone, Debug)]
pub struct Check {
    pub rule: &'static Rule,
    /// The severity in force; that of the worst finding, where something was found.
    pub severity: Severity,
    pub status: CheckOutcome,
    pub summary: String,
}

/// Everything that one validation found.
#[derive(Clone, Debug)]
pub struct ValidationReport {
    pub source: Source,
    /// One per rule, in the order of the table.
    pub checks: Vec<Check>,
    /// By file, offset and rule code; by commit first, where several were looked at.
    pub diagnostics: Vec<Diagnostic>,
    /// What is counted, and not among the diagnostics: a rule that is broken a million times fills no memory.
    pub unlisted: Vec<Unlisted>,
    /// How many findings waivers took out.
    pub waived: usize,
}

impl ValidationReport {
    /// A report in which nothing is found yet.
    pub(super) fn of(source: Source) -> Self {
        Self { source, checks: Vec::new(), diagnostics: Vec::new(), unlisted: Vec::new(), waived: 0 }
    }

    /// How many findings have a severity, those that are not listed included.
    pub fn count(&self, severity: Severity) -> usize {
        let listed = self.diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count();
        listed + self.unlisted.iter().filter(|unlisted| unlisted.severity == severity).count()
    }

    /// How many findings of a rule are not listed.
    pub fn unlisted_of(&self, rule: &Rule) -> usize {
        self.unlisted.iter().filter(|unlisted| unlisted.rule.code == rule.code).count()
    }

    /// How many findings there are of a rule, those that are not listed included.
    pub fn count_of(&self, rule: &Rule) -> usize {
        self.of_rule(rule).count() + self.unlisted_of(rule)
    }

    pub fn is_empty(&self) -> bool {
        self.diagnostics.is_empty() && self.unlisted.is_empty()
    }

    /// Whether something stands in the way: an error, or with [`Strictness::Everything`] any finding.
    ///
    /// What is true at the providers counts where the files on disk are looked at as a whole, and refuses no commit.
    pub fn refuses(&self, strictness: Strictness) -> bool {
        let listed = self.diagnostics.iter().map(|found| (found.rule, found.severity));
        let mut found = listed.chain(self.unlisted.iter().map(|found| (found.rule, found.severity)));
        found.any(|(rule, severity)| {
            let counts = self.source == Source::Worktree || !rule.is_live();
            counts && (strictness == Strictness::Everything || severity == Severity::Error)
        })
    }

    /// How many checks of a severity failed: what the specification's summary counts.
    pub fn failed_checks(&self, severity: Severity) -> usize {
        self.checks.iter().filter(|check| check.status == CheckOutcome::Failed && check.severity == severity).count()
    }

    /// The diagnostics of a rule, in order.
    pub fn of_rule<'a>(&'a self, rule: &'a Rule) -> impl Iterator<Item = &'a Diagnostic> {
        self.diagnostics.iter().filter(move |diagnostic| diagnostic.rule.code == rule.code)
    }

    /// Joins the reports of a range's commits, parents first: each finding is told once, of the commit that
    /// brought it, and not at all where `before`, the commit that the range starts from, had it already.
    pub fn of_range(range: impl Into<String>, before: Option<&Self>, reports: Vec<Self>) -> Self {
        let mut known = before.map(Self::identities).unwrap_or_default();
        let mut standing = Vec::new();
        let mut joined = Self::of(Source::Range(range.into()));
        for report in reports {
            let here = report.identities();
            joined.waived = joined.waived.max(report.waived);
            let (old, new) = report.diagnostics.into_iter().partition(|found| known.contains(&found.fingerprint()));
            joined.list::<Vec<_>>(new);
            joined.unlisted.extend(report.unlisted.into_iter().filter(|found| !known.contains(&found.identity)));
            standing = old;
            joined.checks = merge_checks(joined.checks, report.checks);
            known = here;
        }
        joined.settle_checks(&standing);
        joined
    }

    /// Adds the report of a project inside of this one, in a folder that ends in `/`.
    pub fn include(&mut self, inner: Self, folder: &str) {
        let moved = |mut found: Diagnostic| {
            let related = found.related.iter_mut().map(|related| &mut related.location);
            for location in std::iter::once(&mut found.location).chain(related) {
                location.file.insert_str(0, folder);
            }
            found
        };
        let known = self.identities();
        // A file that lies in both may be found twice.
        let is_new = |found: &Diagnostic| found.phone_number.is_some() || !known.contains(&found.fingerprint());
        self.list(inner.diagnostics.into_iter().map(moved).filter(is_new));
        self.unlisted.extend(inner.unlisted);
        self.waived += inner.waived;
        self.checks = merge_checks(std::mem::take(&mut self.checks), inner.checks);
        self.settle_checks(&[]);
    }

    /// Takes out the warnings that `before` had already, and says how many they are. Errors stay, whichever side brought them.
    pub fn set_aside_warnings_of(&mut self, before: &Self) -> usize {
        let known = before.identities();
        let is_known = |severity, identity| severity == Severity::Warning && known.contains(&identity);
        let is_standing = |found: &Diagnostic| is_known(found.severity, found.fingerprint());
        let (standing, rest): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.diagnostics).into_iter().partition(is_standing);
        self.diagnostics = rest;
        let counted = self.unlisted.len();
        self.unlisted.retain(|found| !is_known(found.severity, found.identity));
        self.settle_checks(&standing);
        standing.len() + counted - self.unlisted.len()
    }

    /// The diagnostics that `before` has not, listed or counted.
    pub fn new_since(mut self, before: &Self) -> Vec<Diagnostic> {
        let known = before.identities();
        self.diagnostics.retain(|found| !known.contains(&found.fingerprint()));
        self.diagnostics
    }

    fn identities(&self) -> HashSet<u64> {
        let unlisted = self.unlisted.iter().map(|unlisted| unlisted.identity);
        self.diagnostics.iter().map(Diagnostic::fingerprint).chain(unlisted).collect()
    }

    /// Lists further diagnostics, each rule's up to its limit, and counts the rest.
    fn list<I: IntoIterator<Item = Diagnostic>>(&mut self, diagnostics: I) {
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for listed in &self.diagnostics {
            *counts.entry(listed.rule.code).or_default() += 1;
        }
        for found in diagnostics {
            let count = counts.entry(found.rule.code).or_default();
            *count += 1;
            if *count <= MOST_OF_RULE {
                self.diagnostics.push(found);
            } else {
                let (rule, severity, identity) = (found.rule, found.severity, found.fingerprint());
                self.unlisted.push(Unlisted { rule, severity, identity });
            }
        }
    }

    /// Lets a check fail exactly where the joined report has something of its rule.
    ///
    /// `standing` is what is there still and was left out, because it was there before.
    fn settle_checks(&mut self, standing: &[Diagnostic]) {
        let mut checks = std::mem::take(&mut self.checks);
        for check in checks.iter_mut().filter(|check| check.status == CheckOutcome::Failed) {
            let found: Vec<&Diagnostic> = self.of_rule(check.rule).collect();
            let unlisted = self.unlisted_of(check.rule);
            if !found.is_empty() || unlisted > 0 {
                check.summary = check.rule.heading_of(&found, unlisted);
                check.severity = worst(&found).unwrap_or(check.severity);
                continue;
            }
            check.status = CheckOutcome::Passed;
            let before: Vec<&Diagnostic> = standing.iter().filter(|old| old.rule.code == check.rule.code).collect();
            check.summary = match before.as_slice() {
                [] => check.rule.passed.to_owned(),
                before => format!("Nothing new; since before: {}", check.rule.heading_of(before, 0)),
            };
        }
        self.checks = checks;
    }
}

/// How bad the worst of them is.
pub(super) fn worst(found: &[&Diagnostic]) -> Option<Severity> {
    found.iter().map(|found| found.severity).min()
}

/// A check that failed in any commit failed; one that could not be judged in any of the others was skipped.
fn merge_checks(before: Vec<Check>, next: Vec<Check>) -> Vec<Check> {
    if before.is_empty() {
        return next;
    }
    let rank = |status: &CheckOutcome| match status {
        CheckOutcome::Failed => 0,
        CheckOutcome::Skipped(_) => 1,
        CheckOutcome::Passed => 2,
    };
    before
        .into_iter()
        .zip(next)
        .map(|(left, right)| if rank(&left.status) <= rank(&right.status) { left } else { right })
        .collect()
}
