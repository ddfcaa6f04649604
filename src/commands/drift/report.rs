//! What `drift` prints, and how it ends.

use serde::Serialize;

use super::DriftFormat;
use crate::commands::syncing::reads::{ReadJson, ReadLine};
use crate::commands::{Exit, Session};
use crate::decision::Held;
use crate::diff::Changes;
use crate::drift::Drift;
use crate::error::{Error, Result};
use crate::model::{AgentFolders, canonical};
use crate::providers::Reads;
use crate::reconcile::live::{Oddity, Outcome};
use crate::render::drift;
use crate::render::escape::{self, terminal};
use crate::render::failure::{self, Details, FORMAT_VERSION};
use crate::validate::rules::{pending_change, pending_conflict};
use crate::validate::{Diagnostic, Severity};

/// Everything that `drift` has to say.
pub struct Report {
    pub(super) drifts: Vec<Drift>,
    /// The same differences, for words.
    pub(super) changes: Changes,
    /// The decisions of git that differ from Retell.
    pub(super) held: Vec<Held>,
    pub(super) folders: AgentFolders,
    pub(super) commit: Option<String>,
    pub(super) notes: Vec<String>,
    /// What is wrong with the lines as they are at the providers.
    pub(super) lines: Vec<Diagnostic>,
    /// Whose keys are another workspace's, in words.
    pub(super) foreign_keys: Vec<String>,
    reads: Vec<ReadLine>,
    oddities: Vec<Oddity>,
}

impl Report {
    /// Notes how each read went.
    pub fn of(reads: &Reads) -> Self {
        let mut lines: Vec<_> = reads.twilio.iter().map(ReadLine::of).collect();
        lines.extend(reads.retell.iter().map(ReadLine::of));
        let mut oddities = Vec::new();
        if let Some(Outcome::Complete(account)) = reads.twilio.as_ref().map(|read| &read.outcome) {
            oddities.extend(account.oddities.iter().cloned());
        }
        for read in &reads.retell {
            if let Outcome::Complete(workspace) = &read.outcome {
                oddities.extend(workspace.oddities.iter().cloned());
            }
        }
        Self {
            drifts: Vec::new(),
            changes: Changes::default(),
            held: Vec::new(),
            folders: AgentFolders::default(),
            commit: None,
            notes: Vec::new(),
            lines: Vec::new(),
            foreign_keys: Vec::new(),
            reads: lines,
            oddities,
        }
    }

    /// Whether nothing was read in full.
    pub fn is_failed(&self) -> bool {
        self.reads.iter().all(|read| read.error.is_some())
    }

    fn is_incomplete(&self) -> bool {
        self.reads.iter().any(|read| read.error.is_some())
    }

    fn status(&self) -> &'static str {
        match (self.is_failed(), self.is_incomplete(), self.drifts.is_empty() && self.foreign_keys.is_empty()) {
            (true, ..) => "failed",
            (_, true, _) => "incomplete",
            (.., true) => "in-sync",
            (.., false) => "drift",
        }
    }

    fn exit(&self) -> Exit {
        match self.status() {
            "failed" => Exit::Failed,
            "incomplete" => Exit::CannotTell,
            "in-sync" if !self.lines.iter().any(|line| line.severity == Severity::Error) => Exit::Done,
            _ => Exit::Found,
        }
    }

    fn errors(&self) -> impl Iterator<Item = &Error> {
        self.reads.iter().filter_map(|read| read.error.as_ref())
    }

    /// Prints the report and says how the command ends.
    pub fn print(&self, format: DriftFormat, session: &Session) -> Result<Exit> {
        session.print(&match format {
            DriftFormat::Json => self.json(),
            DriftFormat::Human => self.human(),
            DriftFormat::Markdown => self.markdown(),
        })?;
        for error in self.errors() {
            session.complain(&failure::human(error));
        }
        for note in &self.notes {
            session.note(&format!("note: {note}"));
        }
        Ok(self.exit())
    }

    fn human(&self) -> String {
        let mut text: String = self.reads.iter().map(ReadLine::human).collect();
        text.extend(
            self.oddities
                .iter()
                .map(|oddity| format!("  warning: {}: {}\n", terminal(&oddity.subject), terminal(&oddity.message))),
        );
        text.extend(self.foreign_keys.iter().map(|words| format!("  error: {}\n", terminal(words))));
        if self.status() == "in-sync" || !self.drifts.is_empty() {
            text.push_str(&drift::text(&self.compared()));
        }
        // What is decided and not live stands above with its values.
        let others: Vec<_> = self.lines.iter().filter(|line| !is_of_a_decision(line)).collect();
        if !others.is_empty() {
            text.push_str("\nLines:\n");
        }
        text.extend(others.iter().map(|line| format!("  {}: {}\n", line.severity, terminal(&line.message))));
        text + &drift::next(&self.compared())
    }

    fn compared(&self) -> drift::Compared<'_> {
        drift::Compared { drifts: &self.drifts, changes: &self.changes, held: &self.held, folders: &self.folders }
    }

    fn markdown(&self) -> String {
        let mut text = if self.is_incomplete() && self.drifts.is_empty() {
            "### Phone numbers: cannot tell\n".to_owned()
        } else {
            drift::markdown(&self.drifts)
        };
        let mut warn = |message: &str| text.push_str(&format!("\n> {}\n", escape::markdown(message)));
        if self.is_incomplete() {
            warn("Not everything could be read: what is missing here may have drifted too.");
        }
        self.errors().for_each(|error| warn(error.message()));
        self.foreign_keys.iter().for_each(|words| warn(&format!("error: {words}")));
        self.notes.iter().for_each(|note| warn(note));
        self.lines.iter().for_each(|line| warn(&format!("{}: {}", line.severity, line.message)));
        text
    }

    fn json(&self) -> String {
        let finding = |oddity| FindingJson::of(oddity);
        let error = self.errors().next().filter(|_| self.is_incomplete());
        escape::json(canonical::to_text(&ReportJson {
            format_version: FORMAT_VERSION,
            status: self.status(),
            commit: self.commit.as_deref(),
            reads: self.reads.iter().map(ReadLine::json).collect(),
            changes: drift::json(&self.drifts),
            findings: self
                .lines
                .iter()
                .map(FindingJson::of_line)
                .chain(self.foreign_keys.iter().map(FindingJson::error))
                .chain(self.oddities.iter().map(finding))
                .chain(self.notes.iter().map(FindingJson::note))
                .collect(),
            error: error.map(Details::of),
        }))
    }
}

fn is_of_a_decision(line: &Diagnostic) -> bool {
    [pending_change::RULE.code, pending_conflict::RULE.code].contains(&line.rule.code)
}

#[derive(Serialize)]
struct ReportJson<'a> {
    format_version: u32,
    status: &'static str,
    /// The commit that the directory is compared from.
    commit: Option<&'a str>,
    reads: Vec<ReadJson<'a>>,
    changes: Vec<drift::DriftJson<'a>>,
    findings: Vec<FindingJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Details<'a>>,
}

#[derive(Serialize)]
struct FindingJson<'a> {
    severity: &'static str,
    subject: Option<&'a str>,
    message: &'a str,
}

impl<'a> FindingJson<'a> {
    fn of(oddity: &'a Oddity) -> Self {
        Self { severity: "warning", subject: Some(&oddity.subject), message: &oddity.message }
    }

    fn of_line(line: &'a Diagnostic) -> Self {
        let subject = line.phone_number.as_ref().map(|number| number.as_str());
        Self { severity: line.severity.as_str(), subject, message: &line.message }
    }

    fn error(words: &'a String) -> Self {
        Self { severity: "error", subject: None, message: words }
    }

    fn note(note: &'a String) -> Self {
        Self { severity: "info", subject: None, message: note }
    }
}
