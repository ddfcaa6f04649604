//! Changes as a commit message that reads like a change log.
//!
//! It carries numbers, folders, ids reduced to plain characters, and names of fields: never free text that
//! somebody typed at a provider, which could pose as a trailer or skip a check.

use crate::change::Unrecorded;
use crate::diff::Changes;
use crate::model::WorkspaceName;
use crate::render::escape;

use super::words;

/// The most lines of changes; the rest is counted.
const MAX_LINES: usize = 1000;

/// What a commit message says beside its changes.
#[derive(Clone, Debug)]
pub struct Occasion<'a> {
    /// What was done: `sync`, `sync-twilio`.
    pub action: &'a str,
    /// The workspaces it was done to.
    pub workspaces: Vec<&'a WorkspaceName>,
    /// The command, for the `Phone-Dir-Source` trailer.
    pub source: String,
    /// The flags of rails that it needed, for the `Phone-Dir-Allowed` trailer.
    pub allowed: &'a [String],
    /// How it ended, for the `Phone-Dir-Status` trailer.
    pub status: &'static str,
    /// What was changed beside, and no file shows.
    pub unrecorded: &'a [Unrecorded],
    /// Files with uncommitted edits of a person that are committed along.
    pub along: &'a [String],
}

/// Writes the message: subject, a line per number and sentence, trailers.
pub fn write(occasion: &Occasion<'_>, changes: &Changes) -> String {
    let mut text = format!("{}\n\n", subject(occasion, changes));
    let only = match occasion.workspaces.as_slice() {
        [only] => Some(*only),
        _ => None,
    };
    let lines = words::lines(changes);
    for line in lines.iter().take(MAX_LINES) {
        text.push_str(&format!("{} {}{}\n", line.phone_number, line.sentence, line.place(only)));
    }
    if lines.len() > MAX_LINES {
        text.push_str(&format!("… and {} more lines\n", lines.len() - MAX_LINES));
    }
    for it in occasion.unrecorded.iter().take(MAX_LINES) {
        let place = if Some(&it.workspace) == only { String::new() } else { format!(" ({})", it.workspace) };
        text.push_str(&format!("{} {}{place}\n", it.phone_number, it.change));
    }
    if !changes.is_empty() || !occasion.unrecorded.is_empty() {
        text.push('\n');
    }
    text.push_str(&along(occasion));
    text.push_str(&format!("Phone-Dir-Source: {}\nPhone-Dir-Status: {}\n", occasion.source, occasion.status));
    if !occasion.allowed.is_empty() {
        text.push_str(&format!("Phone-Dir-Allowed: {}\n", occasion.allowed.join(" ")));
    }
    escape::lines(&text)
}

fn subject(occasion: &Occasion<'_>, changes: &Changes) -> String {
    let names: Vec<_> = occasion.workspaces.iter().map(|name| name.as_str()).collect();
    let target = match names.len() {
        0 => String::new(),
        1..=3 => format!(" {}", names.join(", ")),
        count => format!(" {count} workspaces"),
    };
    let counts = words::counts(changes);
    let counts = if counts.is_empty() { "derived data only".to_owned() } else { counts };
    format!("phone-dir: {}{target} ({counts})", occasion.action)
}

fn along(occasion: &Occasion<'_>) -> String {
    if occasion.along.is_empty() {
        return String::new();
    }
    let names: Vec<_> = occasion.along.iter().map(|name| format!("- {name}\n")).collect();
    format!("Edits that were not committed before, committed along:\n{}\n", names.concat())
}
