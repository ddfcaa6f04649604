//! What a sync prints: its reads, its changes, its commit and what it found.

use serde::Serialize;

use super::decisions::Decisions;
use super::reads::{ReadContent, ReadJson, ReadLine};
use super::{Options, Outcome};
use crate::commands::{Exit, Session, new_findings};
use crate::diff::Changes;
use crate::error::Error;
use crate::model::canonical;
use crate::providers::Reads;
use crate::reconcile::live::{self, Oddity, Organisation, Read};
use crate::render::changes::{json, text, words};
use crate::render::decisions::DecisionJson;
use crate::render::escape::{self, terminal};
use crate::render::failure::{self, Details, FORMAT_VERSION};
use crate::render::validate::json::DiagnosticOutput;
use crate::store::git::Committed;
use crate::validate::Diagnostic;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Everything was read, and something changed.
    Success,
    /// Everything was read, and nothing changed.
    Unchanged,
    /// Something could not be read; the rest was applied.
    Incomplete,
    Failed,
    Refused,
}

impl Status {
    /// The word in machine-readable output and in the commit's trailer.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Unchanged => "unchanged",
            Self::Incomplete => "incomplete",
            Self::Failed => "failed",
            Self::Refused => "refused",
        }
    }

    fn exit(self) -> Exit {
        match self {
            Self::Success | Self::Unchanged => Exit::Done,
            Self::Incomplete => Exit::CannotTell,
            Self::Failed | Self::Refused => Exit::Failed,
        }
    }
}

/// Everything that a sync has to say.
pub struct Report {
    pub(super) status: Status,
    pub(super) commit: Option<Committed>,
    pub(super) changes: Changes,
    pub(super) numbers: usize,
    pub(super) trunks: usize,
    reads: Vec<ReadLine>,
    /// What the validator finds in the new files and did not find before.
    pub(super) findings: Vec<Diagnostic>,
    pub(super) decisions: Decisions,
    oddities: Vec<Oddity>,
    /// Why the organisation of a key is not known.
    without_organisation: Vec<String>,
    error: Option<Error>,
}

impl Report {
    /// Notes how each read went.
    pub fn of(reads: &Reads) -> Self {
        let mut report = Self {
            status: Status::Success,
            commit: None,
            changes: Changes::default(),
            numbers: 0,
            trunks: 0,
            reads: Vec::new(),
            findings: Vec::new(),
            decisions: Decisions::default(),
            oddities: Vec::new(),
            without_organisation: Vec::new(),
            error: None,
        };
        if let Some(read) = &reads.twilio {
            report.note(read);
            if let live::Outcome::Complete(account) = &read.outcome {
                report.numbers = account.numbers.len();
                report.trunks = account.trunks.len();
                report.oddities.extend(account.oddities.iter().cloned());
            }
        }
        for read in &reads.retell {
            report.note(read);
            if let live::Outcome::Complete(workspace) = &read.outcome {
                report.numbers = report.numbers.max(workspace.numbers.len());
                report.oddities.extend(workspace.oddities.iter().cloned());
                if let Organisation::NotKnown(Some(why)) = &workspace.organisation {
                    report.without_organisation.push(why.clone());
                }
            }
        }
        report
    }

    fn note<T: ReadContent>(&mut self, read: &Read<T>) {
        let line = ReadLine::of(read);
        if line.error.is_some() {
            self.status = Status::Incomplete;
        }
        self.reads.push(line);
    }

    /// Ends the run without applying anything.
    pub(super) fn failing(mut self, status: Status, error: Error) -> Outcome {
        self.status = status;
        self.error = Some(error);
        Outcome { report: self, allowed: Vec::new(), after: None }
    }

    /// The error of the first read that did not arrive.
    pub fn first_error(&self) -> Error {
        let first = self.reads.iter().find_map(|read| read.error.as_ref());
        first.cloned().unwrap_or_else(|| Error::failed("nothing could be read"))
    }

    /// Prints the report and says how the command ends.
    pub fn print(&self, session: &Session, options: &Options) -> crate::error::Result<Exit> {
        if options.is_json() {
            session.print(&self.json())?;
        } else if !session.quiet || self.status != Status::Unchanged {
            session.print(&self.human(options.dry_run))?;
            if !matches!(self.status, Status::Failed | Status::Refused) {
                session.print(&self.decisions.human(session.quiet))?;
            }
        } else if self.decisions.has_news() {
            session.print(&self.decisions.human(true))?;
        }
        for why in self.without_organisation.iter().filter(|_| session.verbosity > 0) {
            session.note(&format!("note: the organisation of the key is not known: {}", terminal(why)));
        }
        let refusal = self.error.iter().filter(|_| self.status == Status::Refused);
        for error in self.reads.iter().filter_map(|read| read.error.as_ref()).chain(refusal) {
            session.complain(&failure::human(error));
        }
        Ok(match self.status.exit() {
            Exit::Done if self.decisions.needs_a_person() => Exit::Found,
            exit => exit,
        })
    }

    fn human(&self, dry_run: bool) -> String {
        let mut text: String = self.reads.iter().map(ReadLine::human).collect();
        text.extend(
            self.oddities
                .iter()
                .map(|oddity| format!("  warning: {}: {}\n", terminal(&oddity.subject), terminal(&oddity.message))),
        );
        // A refused change is shown where the user looks for it: in a dry run.
        if self.status == Status::Failed || (self.status == Status::Refused && !dry_run) {
            return text;
        }
        if self.changes.is_empty() {
            text.push_str("Nothing changed.\n");
        } else {
            let verb = if dry_run { "Would change" } else { "Changed" };
            text.push_str(&format!("{verb}: {}\n{}", words::counts(&self.changes), text::lines(&self.changes)));
        }
        text.push_str(&new_findings::lines(&self.findings));
        if let Some(commit) = &self.commit {
            text.push_str(&format!("Committed {}.\n", commit.id.short()));
        }
        text
    }

    fn json(&self) -> String {
        let found = self.findings.iter().map(FindingJson::of_validation);
        escape::json(canonical::to_text(&ReportJson {
            format_version: FORMAT_VERSION,
            status: self.status.as_str(),
            commit: self.commit.as_ref().map(|commit| commit.id.to_string()),
            reads: self.reads.iter().map(ReadLine::json).collect(),
            changes: json::list(&self.changes),
            pending: self.decisions.pending_json(),
            conflicts: self.decisions.conflicts_json(),
            gone: self.decisions.gone_json(),
            findings: found.chain(self.oddities.iter().map(FindingJson::of_provider)).collect(),
            error: self.error.as_ref().map(Details::of),
        }))
    }
}

#[derive(Serialize)]
struct ReportJson<'a> {
    format_version: u32,
    status: &'static str,
    commit: Option<String>,
    reads: Vec<ReadJson<'a>>,
    changes: Vec<json::ChangeJson<'a>>,
    pending: Vec<DecisionJson<'a>>,
    conflicts: Vec<DecisionJson<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    gone: Vec<DecisionJson<'a>>,
    findings: Vec<FindingJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Details<'a>>,
}

/// Something worth a look: in the files, as `validate` words it, or in a provider's answer.
#[derive(Serialize)]
#[serde(untagged)]
enum FindingJson<'a> {
    InFiles(DiagnosticOutput<'a>),
    AtProvider { severity: &'static str, subject: &'a str, message: &'a str },
}

impl<'a> FindingJson<'a> {
    fn of_validation(found: &'a Diagnostic) -> Self {
        Self::InFiles(DiagnosticOutput::of(found))
    }

    fn of_provider(oddity: &'a Oddity) -> Self {
        Self::AtProvider { severity: "warning", subject: &oddity.subject, message: &oddity.message }
    }
}
