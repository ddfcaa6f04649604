//! Changes as a commit message that reads like a change log.
//!
//! It carries numbers, folders, ids reduced to plain characters, and names of fields: never free text that
//! somebody typed at a provider, which could pose as a trailer or skip a check.

use crate::diff::Changes;
use crate::model::WorkspaceName;

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
    /// How it ended, for the `Phone-Dir-Status` trailer.
    pub status: &'static str,
    /// Files with uncommitted edits of a person that are committed along.
    pub along: &'a [String],
}

/// Writes the message: subject, a line per change, trailers.
pub fn write(occasion: &Occasion<'_>, changes: &Changes) -> String {
    let mut text = format!("{}\n\n", subject(occasion, changes));
    let only = match occasion.workspaces.as_slice() {
        [only] => Some(*only),
        _ => None,
    };
    for change in changes.list.iter().take(MAX_LINES) {
        let workspace = change.workspace.as_ref().filter(|name| Some(*name) != only);
        let place = workspace.map(|name| format!(" ({name})")).unwrap_or_default();
        text.push_str(&format!("{} {}{place}\n", change.phone_number, words::sentence(change)));
    }
    if changes.list.len() > MAX_LINES {
        text.push_str(&format!("… and {} more changes\n", changes.list.len() - MAX_LINES));
    }
    if !changes.is_empty() {
        text.push('\n');
    }
    text.push_str(&along(occasion));
    text.push_str(&format!("Phone-Dir-Source: {}\nPhone-Dir-Status: {}\n", occasion.source, occasion.status));
    text
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
