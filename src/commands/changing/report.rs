//! What a changing command prints: its changes, its commit and what became of each row.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Options;
use crate::change::{Edit, Impossible, Notice, Unrecorded};
use crate::commands::{Exit, Session, new_findings};
use crate::diff::Changes;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{PhoneNumber, WorkspaceName, canonical};
use crate::reconcile::answers::Answers;
use crate::render::changes::{json, text, words};
use crate::render::escape::{self, terminal};
use crate::render::failure::{self, Details, FORMAT_VERSION};
use crate::render::validate::json::DiagnosticOutput;
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
    /// Nobody knows whether Retell has it.
    Unknown(Error),
    /// It was not sent.
    NotSent,
}

impl RowOutcome {
    pub(super) fn as_str(&self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
            Self::Failed(_) => "failed",
            Self::Unknown(_) => "unknown",
            Self::NotSent => "not-sent",
        }
    }

    pub(super) fn error(&self) -> Option<&Error> {
        match self {
            Self::Failed(error) | Self::Unknown(error) => Some(error),
            _ => None,
        }
    }
}

/// One edit and what became of it.
#[derive(Clone, Debug)]
pub struct Row {
    line: Option<u64>,
    phone_number: PhoneNumber,
    workspace: WorkspaceName,
    pub(super) outcome: RowOutcome,
}

impl Row {
    /// The row of an edit.
    pub fn of(edit: &Edit, outcome: RowOutcome) -> Self {
        Self { line: edit.line, phone_number: edit.phone_number, workspace: edit.workspace.clone(), outcome }
    }

    /// Which number it is about.
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
pub struct Report {
    pub(super) changes: Changes,
    /// What changes beside them, and no file shows.
    pub(super) unrecorded: Vec<Unrecorded>,
    pub(super) commit: Option<Committed>,
    pub(super) rows: Vec<Row>,
    pub(super) impossible: Vec<Impossible>,
    /// What a person should read before the changes are made.
    pub(super) notices: Vec<Notice>,
    /// The decisions of git that what was asked for takes the place of, in words.
    pub(super) replaced: Vec<String>,
    /// What the validator finds in the new files and did not find before.
    pub(super) findings: Vec<Diagnostic>,
    pub(super) error: Option<Error>,
    /// What Retell has now, as it says itself.
    pub(super) answers: BTreeMap<WorkspaceName, Answers>,
}

impl Report {
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

    /// Prints what would change, as the whole output.
    pub fn print_preview(&self, session: &Session, options: &Options) -> Result<Exit> {
        session.print(&if options.is_json() { self.json() } else { self.preview() })?;
        Ok(self.exit())
    }

    /// Prints what was done, and says how the command ends.
    pub fn print(&self, session: &Session, options: &Options) -> Result<Exit> {
        session.print(&if options.is_json() { self.json() } else { self.human() })?;
        if let Some(error) = &self.error {
            session.complain(&failure::human(error));
        }
        Ok(self.exit())
    }

    fn exit(&self) -> Exit {
        match self.error.as_ref().map(Error::kind) {
            Some(ErrorKind::CannotTell) => Exit::CannotTell,
            Some(_) => Exit::Failed,
            None if self.impossible.is_empty() => Exit::Done,
            None => Exit::Found,
        }
    }

    fn status(&self) -> &'static str {
        match &self.error {
            Some(error) => error.kind().status(),
            None if self.is_empty() => "unchanged",
            None => "success",
        }
    }

    fn human(&self) -> String {
        if self.error.as_ref().is_some_and(|error| matches!(error.kind(), ErrorKind::Refused | ErrorKind::Declined)) {
            // What would have changed was shown already, and nothing was.
            return String::new();
        }
        let mut text = if self.is_empty() { "Nothing changed.\n".to_owned() } else { String::new() };
        if !self.changes.is_empty() {
            text.push_str(&format!("Changed: {}\n{}", words::counts(&self.changes), text::lines(&self.changes)));
        }
        text.push_str(&self.unrecorded("Changed in Retell alone"));
        text.push_str(&self.replaced("Replaced decisions that Retell did not have"));
        if let Some(commit) = &self.commit {
            text.push_str(&format!("Committed {}.\n", commit.id.short()));
        }
        text.push_str(&new_findings::lines(&self.findings));
        if self.rows.len() > 1 {
            text.extend(self.rows.iter().filter_map(Row::human));
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

    fn json(&self) -> String {
        let found = self.findings.iter().map(|found| FindingJson::InFiles(DiagnosticOutput::of(found)));
        escape::json(canonical::to_text(&ReportJson {
            format_version: FORMAT_VERSION,
            status: self.status(),
            commit: self.commit.as_ref().map(|commit| commit.id.to_string()),
            changes: json::list(&self.changes),
            unrecorded: self.unrecorded.iter().map(UnrecordedJson::of).collect(),
            rows: self.rows.iter().map(Row::json).collect(),
            notices: self.notices.iter().map(NoticeJson::of).collect(),
            replaced: &self.replaced,
            findings: self.impossible.iter().map(FindingJson::of).chain(found).collect(),
            error: self.error.as_ref().map(Details::of),
        }))
    }
}

fn notice(notice: &Notice) -> String {
    let lines: String = notice.lines.iter().map(|line| format!("  {}\n", terminal(line))).collect();
    format!("{}:\n{lines}", notice.heading)
}

impl Row {
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

    fn json(&self) -> RowJson<'_> {
        RowJson {
            line: self.line,
            phone_number: self.phone_number.as_str(),
            workspace: self.workspace.as_str(),
            status: self.outcome.as_str(),
            error: self.outcome.error().map(Error::message),
        }
    }
}

#[derive(Serialize)]
struct ReportJson<'a> {
    format_version: u32,
    status: &'static str,
    commit: Option<String>,
    changes: Vec<json::ChangeJson<'a>>,
    unrecorded: Vec<UnrecordedJson<'a>>,
    rows: Vec<RowJson<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notices: Vec<NoticeJson<'a>>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    replaced: &'a [String],
    findings: Vec<FindingJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Details<'a>>,
}

/// What a person should read before the changes are made.
#[derive(Serialize)]
struct NoticeJson<'a> {
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
struct UnrecordedJson<'a> {
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
struct RowJson<'a> {
    line: Option<u64>,
    phone_number: &'a str,
    workspace: &'a str,
    status: &'static str,
    error: Option<&'a str>,
}

/// Something that cannot be done, or that is wrong in the new files.
#[derive(Serialize)]
#[serde(untagged)]
enum FindingJson<'a> {
    Impossible { severity: &'static str, phone_number: &'a str, workspace: &'a str, message: &'a str },
    InFiles(DiagnosticOutput<'a>),
}

impl<'a> FindingJson<'a> {
    fn of(it: &'a Impossible) -> Self {
        Self::Impossible {
            severity: "error",
            phone_number: it.phone_number.as_str(),
            workspace: it.workspace.as_str(),
            message: &it.message,
        }
    }
}
