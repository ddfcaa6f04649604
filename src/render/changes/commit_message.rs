//! Changes as a commit message that reads like a change log.
//!
//! It carries numbers, folders, ids reduced to plain characters, and names of fields: never free text that
//! a person typed at a provider, which could pose as a trailer or skip a check.

use crate::change::Unrecorded;
use crate::diff::{Change, ChangeKind, Changes, NumberField};
use crate::model::WorkspaceName;
use crate::model::commit_trailers::CommitTrailers;
use crate::render::escape;

use super::{pools, words};

/// The most lines of changes; the rest is counted.
const MAX_LINES: usize = 1000;

/// The fields of a number that no sync changes.
fn is_decided_by_people(field: NumberField) -> bool {
    matches!(field, NumberField::Notes | NumberField::Tags) || field.is_of_pools()
}

/// What a commit message says beside its changes.
#[derive(Clone, Debug)]
pub struct Occasion<'a> {
    /// What was done: `sync`, `sync-twilio`.
    pub action: &'a str,
    /// The workspaces it was done to.
    pub workspaces: Vec<&'a WorkspaceName>,
    /// The command, for the `Phone-Dir-Source` trailer.
    pub source: String,
    /// How it ended, for the `Phone-Dir-Status` trailer.
    pub status: &'static str,
    /// The flags of the rails that were hit and allowed, for the `Phone-Dir-Allowed` trailer.
    pub allowed: &'a [String],
    /// What was changed beside, and no file shows.
    pub unrecorded: &'a [Unrecorded],
    /// The id of the plan that was applied, for the `Phone-Dir-Plan` trailer.
    pub plan: Option<&'a str>,
    /// Files with uncommitted edits of a person that are committed along.
    pub along: &'a [String],
}

/// Writes the message: subject, a line per number and sentence, trailers.
pub fn write(occasion: &Occasion<'_>, changes: &Changes) -> String {
    let only = match occasion.workspaces.as_slice() {
        [only] => Some(*only),
        _ => None,
    };
    let mut text = format!("{}\n\n{}", subject(occasion, changes), body(occasion, changes, only));
    text.push_str(&along(occasion));
    let trailers = CommitTrailers {
        source: occasion.source.clone(),
        status: occasion.status.to_owned(),
        allowed: occasion.allowed.to_vec(),
        plan: occasion.plan.map(str::to_owned),
    };
    text.push_str(&trailers.write());
    escape::lines(&text)
}

/// Writes the message of a change of the workspaces themselves.
pub fn of_workspaces(sentence: &str, along: &[String]) -> String {
    let occasion = Occasion {
        action: "workspaces",
        workspaces: Vec::new(),
        source: "workspaces".to_owned(),
        status: "success",
        allowed: &[],
        unrecorded: &[],
        plan: None,
        along,
    };
    let trailers = CommitTrailers::of_success(&occasion.source);
    let plain = sentence.replace('`', "");
    escape::lines(&format!("phone-dir: {plain}\n\n{}{}", self::along(&occasion), trailers.write()))
}

/// Reads the trailers of a message that says exactly what a sync, or an apply, writes for these changes; none for any other.
///
/// A commit whose files or message a person changed afterwards, or which took edits of a person along, is not of that
/// form: its message tells other changes than its files.
pub fn of_reading(message: &str, changes: &Changes) -> Option<CommitTrailers> {
    let trailers = CommitTrailers::of(message)?;
    trailers.found_again_by()?;
    let action = trailers.source.split_whitespace().next()?;
    let (subject, _) = message.split_once('\n')?;
    let target = subject.strip_prefix("phone-dir: ")?.strip_prefix(action)?.strip_suffix(&counted(changes))?;
    let only = target.strip_prefix(' ').and_then(|name| WorkspaceName::parse(name).ok());
    let is_peoples = |change: &Change| {
        change.kind == ChangeKind::Updated && change.fields.iter().any(|change| is_decided_by_people(change.field))
    };
    let occasion = Occasion {
        action,
        source: String::new(),
        status: "",
        allowed: &[],
        workspaces: vec![],
        unrecorded: &[],
        plan: None,
        along: &[],
    };
    let expected = format!("{subject}\n\n{}{}", body(&occasion, changes, only.as_ref()), trailers.write());
    let is_told = message.trim_end() == escape::lines(&expected).trim_end();
    (is_told && !changes.list.iter().any(is_peoples)).then_some(trailers)
}

/// A line per number and sentence.
fn body(occasion: &Occasion<'_>, changes: &Changes, only: Option<&WorkspaceName>) -> String {
    let mut text = String::new();
    let lines = words::lines_without_typed(changes);
    for line in lines.iter().take(MAX_LINES) {
        text.push_str(&format!("{} {}{}\n", line.phone_number, line.sentence, line.place(only)));
    }
    if lines.len() > MAX_LINES {
        text.push_str(&format!("… and {} more lines\n", lines.len() - MAX_LINES));
    }
    changes.pools.iter().for_each(|change| text.push_str(&format!("{}\n", pools::of_pool(change))));
    for it in occasion.unrecorded.iter().take(MAX_LINES) {
        let place = if Some(&it.workspace) == only { String::new() } else { format!(" ({})", it.workspace) };
        text.push_str(&format!("{} {}{place}\n", it.phone_number, it.change));
    }
    if !changes.is_empty() || !occasion.unrecorded.is_empty() {
        text.push('\n');
    }
    text
}

fn subject(occasion: &Occasion<'_>, changes: &Changes) -> String {
    let names: Vec<_> = occasion.workspaces.iter().map(|name| name.as_str()).collect();
    let target = match names.len() {
        0 => String::new(),
        1..=3 => format!(" {}", names.join(", ")),
        count => format!(" {count} workspaces"),
    };
    format!("phone-dir: {}{target}{}", occasion.action, counted(changes))
}

fn counted(changes: &Changes) -> String {
    let counts = words::counts(changes);
    let counts = if counts.is_empty() { "derived data only".to_owned() } else { counts };
    format!(" ({counts})")
}

fn along(occasion: &Occasion<'_>) -> String {
    if occasion.along.is_empty() {
        return String::new();
    }
    let names: Vec<_> = occasion.along.iter().map(|name| format!("- {name}\n")).collect();
    format!("Edits that were not committed before, committed along:\n{}\n", names.concat())
}
