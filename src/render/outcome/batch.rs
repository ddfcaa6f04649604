//! What a batch of changes tells: what would change or did, its commit, and what became of each row.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{FindingJson, OutcomeJson, changed, committed, id, new_findings};
use crate::change::{Edit, Impossible, Notice, Unrecorded};
use crate::diff::Changes;
use crate::error::{Error, ErrorKind};
use crate::model::{PhoneNumber, WorkspaceName};
use crate::reconcile::answers::Answers;
use crate::render::changes::{text, words};
use crate::render::escape::terminal;
use crate::store::git::Committed;
use crate::validate::Diagnostic;

/// What became of one edit.
#[derive(Clone, Debug)]
pub enum RowOutcome {
    /// Retell has it now.
    Changed,
    /// Retell had it already.
    Unchanged,
    /// Retell does not have it.
    Failed(Error),
    /// It is not known whether Retell has it.
    Unknown(Error),
    NotSent,
}

impl RowOutcome {
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
            Self::Failed(_) => "failed",
            Self::Unknown(_) => "unknown",
            Self::NotSent => "not-sent",
        }
    }

    pub fn error(&self) -> Option<&Error> {
        match self {
            Self::Failed(error) | Self::Unknown(error) => Some(error),
            _ => None,
        }
    }
}

/// One edit and what became of it.
#[derive(Clone, Debug)]
pub struct BatchRow {
    line: Option<u64>,
    phone_number: PhoneNumber,
    workspace: WorkspaceName,
    pub outcome: RowOutcome,
}

impl BatchRow {
    pub fn of(edit: &Edit, outcome: RowOutcome) -> Self {
        Self { line: edit.line, phone_number: edit.phone_number, workspace: edit.workspace.clone(), outcome }
    }

    pub fn key(&self) -> (WorkspaceName, PhoneNumber) {
        (self.workspace.clone(), self.phone_number)
    }

    /// Whether Retell may have been changed.
    pub fn was_sent(&self) -> bool {
        !matches!(self.outcome, RowOutcome::NotSent | RowOutcome::Unchanged)
    }
}

/// Everything that a changing command has to say.
#[derive(Debug, Default)]
pub struct BatchOutcome {
    pub changes: Changes,
    /// What changes beside them, and no file shows.
    pub unrecorded: Vec<Unrecorded>,
    pub commit: Option<Committed>,
    pub rows: Vec<BatchRow>,
    pub impossible: Vec<Impossible>,
    /// What a person should read before the changes are made.
    pub notices: Vec<Notice>,
    /// The decisions of git that what was asked for takes the place of, in words.
    pub replaced: Vec<String>,
    /// What the validator finds in the new files and did not find before.
    pub findings: Vec<Diagnostic>,
    pub error: Option<Error>,
    /// What Retell has now, as it says itself.
    pub answers: BTreeMap<WorkspaceName, Answers>,
}

impl BatchOutcome {
    /// Whether nothing changes, in no file and beside them.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.unrecorded.is_empty()
    }

    /// The changes before they are made, for people.
    pub fn preview(&self) -> String {
        let mut text = if self.is_empty() { "Nothing would change.\n".to_owned() } else { String::new() };
        if !self.changes.is_empty() {
            let counts = words::counts(&self.changes);
            text.push_str(&format!("Would change: {counts}\n{}", text::preview(&self.changes)));
        }
        text.push_str(&self.unrecorded("Would change in Retell alone"));
        text.extend(self.notices.iter().map(notice));
        text.push_str(&self.replaced("Would replace decisions that Retell does not have"));
        text.push_str(&self.impossible());
        text
    }

    fn replaced(&self, heading: &str) -> String {
        let lines: String = self.replaced.iter().map(|line| format!("  {line}\n")).collect();
        if lines.is_empty() { lines } else { format!("{heading}:\n{lines}") }
    }

    /// What no file shows, below a heading.
    fn unrecorded(&self, heading: &str) -> String {
        let line = |it: &Unrecorded| format!("  {} {} ({})\n", it.phone_number, it.change, it.workspace);
        let lines: String = self.unrecorded.iter().map(line).collect();
        if lines.is_empty() { lines } else { format!("{heading}:\n{lines}") }
    }

    fn status(&self) -> &'static str {
        match &self.error {
            Some(error) => error.kind().status(),
            None if self.is_empty() => "unchanged",
            None => "success",
        }
    }

    pub fn human(&self) -> String {
        if self.error.as_ref().is_some_and(|error| matches!(error.kind(), ErrorKind::Refused | ErrorKind::Declined)) {
            // What would have changed was shown already, and nothing was.
            return String::new();
        }
        let mut text = if self.is_empty() { "Nothing changed.\n".to_owned() } else { String::new() };
        if !self.changes.is_empty() {
            text += &changed("Changed", &self.changes);
        }
        text.push_str(&self.unrecorded("Changed in Retell alone"));
        text.push_str(&self.replaced("Replaced decisions that Retell did not have"));
        text += &committed(self.commit.as_ref());
        text += &new_findings(&self.findings);
        if self.rows.len() > 1 {
            text.extend(self.rows.iter().filter_map(BatchRow::human));
        }
        text.push_str(&self.impossible());
        text
    }

    fn impossible(&self) -> String {
        if self.impossible.is_empty() {
            return String::new();
        }
        let line = |it: &Impossible| format!("  {} ({}): {}\n", it.phone_number, it.workspace, terminal(&it.message));
        format!("Cannot be done ({}):\n{}", self.impossible.len(), self.impossible.iter().map(line).collect::<String>())
    }

    /// The whole outcome, for programs.
    pub fn json(&self) -> String {
        let found = self.findings.iter().map(FindingJson::in_files);
        let (commit, changes) = (id(self.commit.as_ref()), &self.changes.list);
        OutcomeJson {
            unrecorded: Some(self.unrecorded.iter().map(UnrecordedJson::of).collect()),
            rows: Some(self.rows.iter().map(BatchRow::json).collect()),
            notices: self.notices.iter().map(NoticeJson::of).collect(),
            replaced: &self.replaced,
            findings: self.impossible.iter().map(FindingJson::impossible).chain(found).collect(),
            ..OutcomeJson::of(self.status(), commit, changes, self.error.as_ref())
        }
        .text()
    }
}

pub fn notice(notice: &Notice) -> String {
    let lines: String = notice.lines.iter().map(|line| format!("  {}\n", terminal(line))).collect();
    format!("{}:\n{lines}", notice.heading)
}

impl BatchRow {
    /// A line for a row that did not come to a good end.
    fn human(&self) -> Option<String> {
        let place = self.line.map(|line| format!("line {line}: ")).unwrap_or_default();
        let why = match (&self.outcome, self.outcome.error()) {
            (RowOutcome::NotSent, _) => "not sent".to_owned(),
            (_, Some(error)) => format!("{}: {}", self.outcome.as_str(), terminal(error.message())),
            _ => return None,
        };
        Some(format!("  {place}{} ({}) {why}\n", self.phone_number, self.workspace))
    }

    fn json(&self) -> BatchRowJson<'_> {
        BatchRowJson {
            line: self.line,
            phone_number: self.phone_number.as_str(),
            workspace: self.workspace.as_str(),
            status: self.outcome.as_str(),
            error: self.outcome.error().map(Error::message),
        }
    }
}

/// What a person should read before the changes are made.
#[derive(Serialize)]
pub(super) struct NoticeJson<'a> {
    heading: &'a str,
    lines: &'a [String],
}

impl<'a> NoticeJson<'a> {
    fn of(notice: &'a Notice) -> Self {
        Self { heading: &notice.heading, lines: &notice.lines }
    }
}

/// A change that no file shows: a password, of which nothing is told.
#[derive(Serialize)]
pub(super) struct UnrecordedJson<'a> {
    phone_number: &'a str,
    workspace: &'a str,
    field: &'static str,
    from: Option<&'static str>,
    to: Option<&'static str>,
}

impl<'a> UnrecordedJson<'a> {
    fn of(it: &'a Unrecorded) -> Self {
        let (phone_number, workspace) = (it.phone_number.as_str(), it.workspace.as_str());
        Self { phone_number, workspace, field: it.change.field(), from: None, to: None }
    }
}

#[derive(Serialize)]
pub(super) struct BatchRowJson<'a> {
    line: Option<u64>,
    phone_number: &'a str,
    workspace: &'a str,
    status: &'static str,
    error: Option<&'a str>,
}
