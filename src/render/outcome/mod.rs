//! What a command that reads or changes tells at its end: a value for each kind of command, and one JSON object for all.

pub mod apply;
pub mod batch;
pub mod decisions;
pub mod drift;
pub mod pull;
pub mod reads;
pub mod sync;

use serde::Serialize;

use self::batch::{BatchRowJson, NoticeJson, UnrecordedJson};
use self::reads::ReadJson;
use super::changes::{text, words};
use super::decisions::DecisionJson;
use super::escape::{self, terminal};
use super::failure::{Details, FORMAT_VERSION};
use super::validate::json::DiagnosticOutput;
use crate::change::Impossible;
use crate::diff::{ChangeKind, Changes};
use crate::error::Error;
use crate::reconcile::live::Oddity;
use crate::store::git::Committed;
use crate::validate::Diagnostic;

/// The JSON object of an outcome; what a command has nothing to say of is left out.
#[derive(Serialize)]
struct OutcomeJson<'a, C> {
    format_version: u32,
    status: &'static str,
    commit: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reads: Option<Vec<ReadJson<'a>>>,
    changes: C,
    #[serde(skip_serializing_if = "Option::is_none")]
    unrecorded: Option<Vec<UnrecordedJson<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rows: Option<Vec<BatchRowJson<'a>>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notices: Vec<NoticeJson<'a>>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    replaced: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    pending: Option<Vec<DecisionJson<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    conflicts: Option<Vec<DecisionJson<'a>>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    gone: Vec<DecisionJson<'a>>,
    findings: Vec<FindingJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Details<'a>>,
}

impl<'a, C: Serialize> OutcomeJson<'a, C> {
    fn of(status: &'static str, commit: Option<String>, changes: C, error: Option<&'a Error>) -> Self {
        Self {
            format_version: FORMAT_VERSION,
            status,
            commit,
            reads: None,
            changes,
            unrecorded: None,
            rows: None,
            notices: Vec::new(),
            replaced: &[],
            pending: None,
            conflicts: None,
            gone: Vec::new(),
            findings: Vec::new(),
            error: error.map(Details::of),
        }
    }

    fn text(&self) -> String {
        escape::json_of(self)
    }
}

fn id(commit: Option<&Committed>) -> Option<String> {
    commit.map(|commit| commit.id.to_string())
}

/// Something worth a look: in the files, as `validate` words it, at a provider, or a change that cannot be made.
#[derive(Serialize)]
#[serde(untagged)]
enum FindingJson<'a> {
    InFiles(DiagnosticOutput<'a>),
    AtProvider { severity: &'static str, subject: Option<&'a str>, message: &'a str },
    Impossible { severity: &'static str, phone_number: &'a str, workspace: &'a str, message: &'a str },
}

impl<'a> FindingJson<'a> {
    fn in_files(found: &'a Diagnostic) -> Self {
        Self::InFiles(DiagnosticOutput::of(found))
    }

    fn odd(oddity: &'a Oddity) -> Self {
        Self::AtProvider { severity: "warning", subject: Some(&oddity.subject), message: &oddity.message }
    }

    fn impossible(it: &'a Impossible) -> Self {
        let (phone_number, workspace) = (it.phone_number.as_str(), it.workspace.as_str());
        Self::Impossible { severity: "error", phone_number, workspace, message: &it.message }
    }
}

/// What was edited in the files alone, as JSON.
pub fn edit_json(changes: &Changes, commit: Option<&Committed>, findings: &[Diagnostic]) -> String {
    let status = if changes.is_empty() { "unchanged" } else { "success" };
    let findings = findings.iter().map(FindingJson::in_files).collect();
    OutcomeJson { findings, ..OutcomeJson::of(status, id(commit), &changes.list, None) }.text()
}

/// What was edited in the files alone, or would be, for people.
pub fn edit_text(verb: &str, changes: &Changes, commit: Option<&Committed>, findings: &[Diagnostic]) -> String {
    if changes.is_empty() {
        return "Nothing changed.\n".to_owned();
    }
    changed(verb, changes) + &committed(commit) + &new_findings(findings)
}

fn changed(verb: &str, changes: &Changes) -> String {
    format!("{verb}: {}\n{}", words::counts(changes), lines_of(changes))
}

/// The most numbers that are told by name where all of them are new; more are told in totals.
const FEW: usize = 10;

/// A line for each number; where so much is new, and nothing else happened, totals say more.
fn lines_of(changes: &Changes) -> String {
    let is_new = |kind| matches!(kind, ChangeKind::Imported | ChangeKind::Provisioned);
    let is_first = changes.numbers() > FEW && changes.list.iter().all(|change| is_new(change.kind));
    if is_first { text::totals(changes) } else { text::lines(changes) }
}

fn committed(commit: Option<&Committed>) -> String {
    commit.map(|commit| format!("Committed {}.\n", commit.id.short())).unwrap_or_default()
}

fn oddities(oddities: &[Oddity]) -> String {
    let line = |it: &Oddity| format!("  warning: {}: {}\n", terminal(&it.subject), terminal(&it.message));
    oddities.iter().map(line).collect()
}

/// The most findings that are listed for people.
const LISTED: usize = 10;

/// What the validator finds in the new files and did not find before, a line each.
pub fn new_findings(findings: &[Diagnostic]) -> String {
    if findings.is_empty() {
        return String::new();
    }
    let line = |found: &Diagnostic| {
        let start = &found.location.start;
        let place = format!("{}:{}:{}", found.location.file, start.line, start.column);
        format!("  {}: {}  {}\n", found.severity, terminal(&found.message), terminal(&place))
    };
    let mut text = format!("New findings: {}\n", findings.len());
    text.extend(findings.iter().take(LISTED).map(line));
    if findings.len() > LISTED {
        text.push_str("  … `phone-dir validate` lists them all\n");
    }
    text
}
