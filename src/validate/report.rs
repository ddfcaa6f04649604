//! What a validation found: the checks and the diagnostics, ready for any output format.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt;
use std::sync::Arc;

use super::bounded::{MOST_OF_RULE, Unlisted, fingerprint};
use super::rule::{Rule, Severity};
use crate::decision::Registration;
use crate::document::Position;
use crate::model::names::{Lookalike, are_one};
use crate::model::{Directory, PhoneNumber, Setting, Timestamp, WorkspaceName, paths};
use crate::snapshot::Snapshot;

/// Which findings stand in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strictness {
    Errors,
    /// Everything that is found.
    Everything,
}

/// Where the files came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The files on disk.
    Worktree,
    Index,
    /// A commit, by its full id.
    Commit(String),
    /// Several commits, by the range that the user gave.
    Range(String),
}

/// What a validation is told beside the files: where they are from, and when it is.
#[derive(Clone, Debug)]
pub struct Occasion {
    /// Where the files came from.
    pub source: Source,
    /// The time that waivers and syncs are measured by.
    pub now: Timestamp,
    /// The files of the working tree that must never be committed and that git tracks all the same.
    pub tracked: Vec<String>,
    /// The names, inside of the project and beside it, that a file system may take for the project's own.
    pub lookalikes: BTreeSet<Lookalike>,
    /// The directory of each commit before, where there is one.
    pub before: Vec<Arc<Directory>>,
    /// When what Retell does not have was decided; none where it was not looked up.
    pub decided: Option<DecisionDates>,
}

/// When decisions were committed.
pub type DecisionDates = BTreeMap<(Registration, Setting), Timestamp>;

impl Occasion {
    /// A validation of files from `source` at a time.
    pub fn new(source: Source, now: Timestamp) -> Self {
        Self { source, now, tracked: Vec::new(), lookalikes: BTreeSet::new(), before: Vec::new(), decided: None }
    }

    /// Whether there is a project to check, be it under a name that only looks like ours.
    pub fn has_project(&self, snapshot: &Snapshot) -> bool {
        snapshot.has_directory() || self.lookalikes.iter().any(|found| are_one(&found.place, paths::FOLDER))
    }

    /// The same, judged against the commits before.
    #[must_use]
    pub fn after(self, before: Vec<Arc<Directory>>) -> Self {
        Self { before, ..self }
    }

    /// Whether a file is, or will be, in git, as far as its name says.
    pub fn is_committed(&self, path: &str) -> bool {
        self.source != Source::Worktree
            || !paths::is_never_committed(path)
            || self.tracked.iter().any(|tracked| tracked == path)
    }
}

impl fmt::Display for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Worktree => formatter.write_str("worktree"),
            Self::Index => formatter.write_str("index"),
            Self::Commit(id) => formatter.write_str(id),
            Self::Range(range) => formatter.write_str(range),
        }
    }
}

/// How a check ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CheckOutcome {
    Passed,
    Failed,
    /// It could not, or should not, be checked: why.
    Skipped(String),
}

impl CheckOutcome {
    /// The word in machine-readable output.
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
    /// The check list's words.
    pub summary: String,
}

/// The lines of a file around a diagnostic, with secrets masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// The number of the first line.
    pub first_line: usize,
    /// The lines, each cut where it is very long.
    pub text: String,
    /// The bytes of `text` that are meant.
    pub span: std::ops::Range<usize>,
}

/// A place as people and programs look it up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The file's path from the project's root.
    pub file: String,
    pub start: Position,
    /// The character behind the last one.
    pub end: Position,
    /// The JSON pointer; none for bytes that are no JSON.
    pub pointer: Option<String>,
    /// The byte offset of the first character, by which diagnostics are ordered.
    pub offset: usize,
}

/// Another place that belongs to a diagnostic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelatedLocation {
    pub location: Location,
    pub message: String,
}

/// A finding at its resolved place, with the severity in force.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// The rule that is broken.
    pub rule: &'static Rule,
    /// How bad it is here.
    pub severity: Severity,
    /// What is wrong, standing alone.
    pub message: String,
    /// The words below the check's heading.
    pub item: Option<String>,
    pub location: Location,
    pub related: Vec<RelatedLocation>,
    /// The number that it is about.
    pub phone_number: Option<PhoneNumber>,
    /// The workspace that it is about.
    pub workspace: Option<WorkspaceName>,
    /// The commit that has it.
    pub commit: Option<String>,
    /// What to do about it.
    pub help: Option<String>,
    /// The lines around it; none for a file that is not there and for secrets.
    pub excerpt: Option<Excerpt>,
}

impl Diagnostic {
    /// What stays the same when lines move or a file is reformatted: the rule, the number or place, and the field.
    pub fn identity(&self) -> String {
        let pointer = self.location.pointer.as_deref().unwrap_or_default();
        identity(self.rule, &self.location.file, pointer, self.phone_number, self.workspace.as_ref())
    }

    fn fingerprint(&self) -> u64 {
        fingerprint(&self.identity())
    }
}

/// What stays the same about something at a place.
pub(super) fn identity(
    rule: &Rule,
    file: &str,
    pointer: &str,
    number: Option<PhoneNumber>,
    workspace: Option<&WorkspaceName>,
) -> String {
    let rule = rule.code;
    let Some(number) = number else { return format!("{rule}/{file}#{pointer}") };
    let workspace = workspace.map(ToString::to_string).unwrap_or_default();
    // A list's index moves with every number that comes or goes.
    let field = pointer.rsplit('/').find(|token| token.parse::<usize>().is_err()).unwrap_or_default();
    format!("{rule}/{number}/{workspace}/{field}")
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

    /// Whether anything was found.
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
