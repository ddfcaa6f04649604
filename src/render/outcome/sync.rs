//! What a sync tells: its reads, its changes, its commit and what it found.

use super::decisions::Decisions;
use super::reads::{ReadContent, ReadLine};
use super::{FindingJson, OutcomeJson, changed, committed, id, new_findings, oddities};
use crate::diff::Changes;
use crate::error::Error;
use crate::providers::Reads;
use crate::reconcile::live::{self, Oddity, Organisation, Read};
use crate::store::git::Committed;
use crate::validate::Diagnostic;
use crate::words::word_enum;

word_enum! {
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum SyncEnd {
        /// Everything was read, and something changed.
        Success = "success",
        /// Everything was read, and nothing changed.
        Unchanged = "unchanged",
        /// Something could not be read; the rest was applied.
        Incomplete = "incomplete",
        /// Nothing could be read.
        Failed = "failed",
        /// A rail stopped it.
        Refused = "refused",
    }
}

/// Everything that a sync has to say.
#[derive(Clone)]
pub struct SyncOutcome {
    pub status: SyncEnd,
    pub commit: Option<Committed>,
    pub changes: Changes,
    pub numbers: usize,
    pub trunks: usize,
    pub reads: Vec<ReadLine>,
    /// What the validator finds in the new files and did not find before.
    pub findings: Vec<Diagnostic>,
    pub decisions: Decisions,
    oddities: Vec<Oddity>,
    /// Why the organisation of a key is not known.
    pub without_organisation: Vec<String>,
    pub error: Option<Error>,
}

impl SyncOutcome {
    /// Notes how each read went.
    pub fn of(reads: &Reads) -> Self {
        let mut report = Self {
            status: SyncEnd::Success,
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
            self.status = SyncEnd::Incomplete;
        }
        self.reads.push(line);
    }

    /// The error of the first read that did not arrive.
    pub fn first_error(&self) -> Error {
        let first = self.reads.iter().find_map(|read| read.error.as_ref());
        first.cloned().unwrap_or_else(|| Error::failed("nothing could be read"))
    }

    /// What was read and changed, for people.
    pub fn human(&self, dry_run: bool) -> String {
        let mut text: String = self.reads.iter().map(ReadLine::human).collect();
        text += &oddities(&self.oddities);
        // A refused change is shown where the user looks for it: in a dry run.
        if self.status == SyncEnd::Failed || (self.status == SyncEnd::Refused && !dry_run) {
            return text;
        }
        text += &if self.changes.is_empty() {
            "Nothing changed.\n".to_owned()
        } else {
            changed(if dry_run { "Would change" } else { "Changed" }, &self.changes)
        };
        text + &new_findings(&self.findings) + &committed(self.commit.as_ref())
    }

    /// The whole outcome, for programs.
    pub fn json(&self) -> String {
        let found = self.findings.iter().map(FindingJson::in_files);
        let (commit, changes) = (id(self.commit.as_ref()), &self.changes.list);
        OutcomeJson {
            reads: Some(self.reads.iter().map(ReadLine::json).collect()),
            pending: Some(self.decisions.pending_json()),
            conflicts: Some(self.decisions.conflicts_json()),
            gone: self.decisions.gone_json(),
            findings: found.chain(self.oddities.iter().map(FindingJson::odd)).collect(),
            ..OutcomeJson::of(self.status.as_str(), commit, changes, self.error.as_ref())
        }
        .text()
    }
}
