//! Where things stand, in one value, and what to do next. Pure: the command asks git and the clock, and hands the answers in.

use std::collections::BTreeSet;

use chrono::TimeDelta;

use super::clone::to_name;
pub use super::clone::{CloneState, Step, UnfinishedOperation};
use super::report::Report;
use crate::decision::{DecisionOutcome, DecisionStanding};
use crate::model::sync_log::{SyncRun, SyncStatus};
use crate::model::{Directory, PhoneNumber, Timestamp, WorkspaceName};
use crate::plural::{counted, form};
use crate::validate::Severity;
use crate::validate::rules::{key_mismatch, nested_copy, pending_conflict};

#[derive(Debug)]
pub struct Status<'a> {
    pub report: Report<'a>,
    /// The last sync that this clone knows of.
    pub last_sync: Option<&'a SyncRun>,
    pub sync_is_due: bool,
    /// What git says; none outside of a repository.
    pub clone: Option<CloneState>,
    /// What was asked of Retell by a command that was interrupted, and is not settled.
    pub open_requests: Vec<OpenRequests>,
}

/// What an interrupted command asked of Retell in one workspace: it is not known whether it was done.
#[derive(Debug, PartialEq, Eq)]
pub struct OpenRequests {
    pub source: String,
    /// When it began to ask.
    pub asked_at: Timestamp,
    pub workspace: WorkspaceName,
    pub phone_numbers: Vec<PhoneNumber>,
}

impl<'a> Status<'a> {
    pub fn new(directory: &'a Directory, report: Report<'a>, clone: Option<CloneState>) -> Self {
        let log = directory.sync_log.as_ref();
        let sync_is_due = log.and_then(|log| log.next_sync).is_some_and(|due| due <= report.generated);
        let last_sync = log.and_then(|log| log.sync_history.first());
        Self { last_sync, sync_is_due, clone, report, open_requests: Vec::new() }
    }

    /// How long ago the last sync was.
    pub fn age(&self) -> Option<TimeDelta> {
        Some(self.report.generated.to_datetime() - self.last_sync?.timestamp.to_datetime())
    }

    pub fn findings(&self, severity: Severity) -> usize {
        self.report.findings.iter().flatten().filter(|finding| finding.severity == severity).count()
    }

    /// What to do next, the most urgent first.
    pub fn next(&self) -> Vec<Step> {
        let step = |command: &str, why: String| Step { command: command.to_owned(), why };
        let clone = self.clone.as_ref();
        // Nothing is committed while an operation of git is unfinished, so that it comes first.
        let mut steps: Vec<Step> = clone.and_then(CloneState::end_of_operation).unwrap_or_default();
        steps.extend(self.open_requests.iter().map(OpenRequests::next));
        steps.extend(self.nested_copies().map(|folder| {
            step(
                &nested_copy::way_back(folder),
                format!("`{folder}` is a copy inside of the directory: nothing was restored"),
            )
        }));
        steps.extend(self.copied_workspaces().map(|folder| {
            step(&key_mismatch::way_out(folder), format!("`{folder}` is a copy of a workspace inside of the directory"))
        }));
        if self.is_before_the_first_sync() {
            steps.push(step("phone-dir sync --all", "nothing was read from Twilio and Retell yet".to_owned()));
        } else if let Some(run) = self.last_sync.filter(|run| run.status != SyncStatus::Success) {
            steps.push(step("phone-dir sync --all", why_again(run.status).to_owned()));
        }
        let errors = self.failed_checks_of_files();
        if errors > 0 {
            steps.push(step("phone-dir validate", format!("{} to repair", counted(errors, "error"))));
        }
        steps.extend(self.conflicts());
        if let Some(clone) = clone.filter(|clone| clone.operation.is_none() && !clone.uncommitted.is_empty()) {
            let why = format!("{} with uncommitted edits", counted(clone.uncommitted.len(), "file"));
            steps.push(step(&format!("git commit{}", to_name(&clone.uncommitted)), why));
        }
        let untracked = self.untracked();
        if !untracked.is_empty() {
            let why = format!("{} that git does not track yet", counted(untracked.len(), "file"));
            steps.push(step(&format!("git add{}", to_name(&untracked)), why));
        }
        steps.extend(clone.iter().flat_map(|clone| clone.ignoring.clone()));
        let pending = self.standing(DecisionStanding::Pending).len();
        if pending > 0 {
            let why = format!("{} of git that Retell does not have", counted(pending, "decision"));
            steps.push(step("phone-dir plan", why));
        }
        if self.sync_is_due && !steps.iter().any(|step| step.command == "phone-dir sync --all") {
            steps.push(step("phone-dir sync --all", "the next sync is due".to_owned()));
        }
        steps.extend(self.differing().map(|(from, to, count)| {
            step(
                &format!("phone-dir diff {from} {to}"),
                format!("{} {}", counted(count, "number"), form(&count, "differs", "differ")),
            )
        }));
        let unassigned: usize =
            self.report.workspaces.iter().map(|workspace| workspace.numbers - workspace.assigned).sum();
        if unassigned > 0 {
            steps.push(step("phone-dir unassigned", format!("{unassigned} to give an agent")));
        }
        steps.extend(clone.map(CloneState::setup).unwrap_or_default());
        steps
    }

    /// The files that git is to track: a copy that a finding tells to take away is none of them.
    fn untracked(&self) -> Vec<String> {
        let copies: Vec<_> = self.nested_copies().chain(self.copied_workspaces()).collect();
        let is_in_copy = |path: &str| {
            copies.iter().any(|folder| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/')))
        };
        let all = self.clone.iter().flat_map(|clone| &clone.untracked);
        all.filter(|path| !is_in_copy(path)).cloned().collect()
    }

    /// Whether no sync ever brought a number: what follows from numbers is no step then.
    pub fn is_before_the_first_sync(&self) -> bool {
        self.last_sync.is_none() && self.report.total == 0
    }

    /// The failed checks of what is mended in files, as `validate` counts them: decisions have steps of their own.
    fn failed_checks_of_files(&self) -> usize {
        let errors = self.report.findings.iter().flatten().filter(|finding| finding.severity == Severity::Error);
        let rules = errors.map(|finding| finding.rule.code).filter(|code| *code != pending_conflict::RULE.code);
        rules.collect::<BTreeSet<_>>().len()
    }

    fn standing(&self, standing: DecisionStanding) -> Vec<&DecisionOutcome> {
        self.report.pending.iter().filter(|held| held.standing == standing).collect()
    }

    /// The two ways out of decisions that Retell contradicts.
    fn conflicts(&self) -> Vec<Step> {
        let numbers: BTreeSet<_> =
            self.standing(DecisionStanding::Conflict).iter().map(|held| held.phone_number.to_string()).collect();
        if numbers.is_empty() {
            return Vec::new();
        }
        let (count, numbers) = (numbers.len(), numbers.into_iter().collect::<Vec<_>>().join(" "));
        let why = format!("{} in conflict: takes git's value", counted(count, "number"));
        let other = "or gives it up for what Retell has".to_owned();
        vec![
            Step { command: format!("phone-dir apply --take git {numbers}"), why },
            Step { command: format!("phone-dir sync --take live {numbers}"), why: other },
        ]
    }

    /// The copies of the directory inside of it, from the project's root.
    fn nested_copies(&self) -> impl Iterator<Item = &str> {
        let findings = self.report.findings.iter().flatten().filter(|found| found.rule.code == nested_copy::RULE.code);
        findings.map(|found| nested_copy::folder_of(&found.location.file))
    }

    /// The folders of workspaces that say that they are another one's, from the project's root.
    fn copied_workspaces(&self) -> impl Iterator<Item = &str> {
        let findings = self.report.findings.iter().flatten().filter(|found| found.rule.code == key_mismatch::RULE.code);
        findings
            .filter(|found| found.workspace.is_some())
            .filter_map(|found| found.location.file.strip_suffix("/numbers.json"))
    }

    fn differing(&self) -> impl Iterator<Item = (&str, &str, usize)> {
        let pairs = self.report.comparisons.iter();
        pairs
            .map(|pair| (pair.from.as_str(), pair.to.as_str(), pair.changes.list.len()))
            .filter(|(_, _, count)| *count > 0)
    }
}

impl OpenRequests {
    fn next(&self) -> Step {
        let numbers = counted(self.phone_numbers.len(), "number");
        let why = format!("it is unknown whether `{}` changed {numbers}", self.source);
        Step { command: format!("phone-dir sync -w {}", self.workspace), why }
    }
}

/// Why a sync that ended so is to be run again.
fn why_again(status: SyncStatus) -> &'static str {
    match status {
        SyncStatus::Refused => "the last sync was refused: it says what it would have taken, and which flag allows it",
        SyncStatus::Incomplete => "the last sync could not read everything",
        SyncStatus::Failed | SyncStatus::Success => "the last sync failed",
    }
}

/// A span of time as people say it: `5 minutes`, `2 hours`, `3 days`.
pub fn in_words(span: TimeDelta) -> String {
    let minutes = span.num_minutes().max(0);
    let (count, unit) = match minutes {
        0..60 => (minutes, "minute"),
        60..2880 => (minutes / 60, "hour"),
        _ => (minutes / 1440, "day"),
    };
    counted(count, unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_said_in_the_unit_that_people_would_use() {
        for (minutes, words) in
            [(0, "0 minutes"), (1, "1 minute"), (90, "1 hour"), (2879, "47 hours"), (2880, "2 days")]
        {
            assert_eq!(in_words(TimeDelta::minutes(minutes)), words);
        }
    }
}
