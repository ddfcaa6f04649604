//! What `drift` tells: how the directory and the providers differ, and the lines that are dead there.

use super::reads::ReadLine;
use super::{FindingJson, OutcomeJson, oddities};
use crate::decision::DecisionOutcome;
use crate::diff::Changes;
use crate::drift::Drift;
use crate::error::Error;
use crate::model::AgentNames;
use crate::providers::Reads;
use crate::reconcile::live::{Oddity, Outcome};
use crate::render::drift;
use crate::render::escape::{self, terminal};
use crate::validate::rules::{pending_change, pending_conflict};
use crate::validate::{Diagnostic, Severity};

/// Everything that `drift` has to say.
pub struct DriftOutcome {
    pub drifts: Vec<Drift>,
    /// The same differences, for words.
    pub changes: Changes,
    /// The decisions of git that differ from Retell.
    pub held: Vec<DecisionOutcome>,
    pub names: AgentNames,
    pub commit: Option<String>,
    pub notes: Vec<String>,
    /// What is wrong with the lines as they are at the providers.
    pub lines: Vec<Diagnostic>,
    /// Whose keys are another workspace's, in words.
    pub foreign_keys: Vec<String>,
    reads: Vec<ReadLine>,
    oddities: Vec<Oddity>,
}

impl DriftOutcome {
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
            names: AgentNames::default(),
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

    pub fn status(&self) -> &'static str {
        match (self.is_failed(), self.is_incomplete(), self.drifts.is_empty() && self.foreign_keys.is_empty()) {
            (true, ..) => "failed",
            (_, true, _) => "incomplete",
            (.., true) => "in-sync",
            (.., false) => "drift",
        }
    }

    /// Whether a line of a protected workspace is dead.
    pub fn has_dead_lines(&self) -> bool {
        self.lines.iter().any(|line| line.severity == Severity::Error)
    }

    /// Why what was read is not whole.
    pub fn errors(&self) -> impl Iterator<Item = &Error> {
        self.reads.iter().filter_map(|read| read.error.as_ref())
    }

    pub fn human(&self) -> String {
        let mut text: String = self.reads.iter().map(ReadLine::human).collect();
        text += &oddities(&self.oddities);
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
        drift::Compared { drifts: &self.drifts, changes: &self.changes, held: &self.held, names: &self.names }
    }

    /// For an issue or a job's summary.
    pub fn markdown(&self) -> String {
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

    pub fn json(&self) -> String {
        let told = |severity, message| FindingJson::AtProvider { severity, subject: None, message };
        let error = self.errors().next().filter(|_| self.is_incomplete());
        OutcomeJson {
            reads: Some(self.reads.iter().map(ReadLine::json).collect()),
            findings: (self.lines.iter().map(FindingJson::of_line))
                .chain(self.foreign_keys.iter().map(|words| told("error", words.as_str())))
                .chain(self.oddities.iter().map(FindingJson::odd))
                .chain(self.notes.iter().map(|note| told("info", note.as_str())))
                .collect(),
            ..OutcomeJson::of(self.status(), self.commit.clone(), &self.drifts, error)
        }
        .text()
    }
}

fn is_of_a_decision(line: &Diagnostic) -> bool {
    [pending_change::RULE.code, pending_conflict::RULE.code].contains(&line.rule.code)
}

impl<'a> FindingJson<'a> {
    fn of_line(line: &'a Diagnostic) -> Self {
        let subject = line.phone_number.as_ref().map(|number| number.as_str());
        Self::AtProvider { severity: line.severity.as_str(), subject, message: &line.message }
    }
}
