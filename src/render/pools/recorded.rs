//! What a change of `pools.json` did, for people and programs, and the message of its commit.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::json;

use crate::model::PhoneNumber;
use crate::model::commit_trailers::CommitTrailers;
use crate::model::pools::PoolName;
use crate::render::escape::{self, terminal};
use crate::render::failure::FORMAT_VERSION;
use crate::render::validate::json::DiagnosticOutput;
use crate::validate::Diagnostic;

/// One change of `pools.json`, in words.
#[derive(Clone, Debug, Serialize)]
pub struct PoolChange {
    pool: PoolName,
    phone_number: Option<PhoneNumber>,
    words: String,
}

impl PoolChange {
    pub fn of_pool(pool: &PoolName, words: String) -> Self {
        Self { pool: pool.clone(), phone_number: None, words }
    }

    /// A change of a number of a pool.
    pub fn of_number(pool: &PoolName, number: PhoneNumber, words: String) -> Self {
        Self { pool: pool.clone(), phone_number: Some(number), words }
    }

    fn line(&self) -> String {
        match self.phone_number {
            Some(number) => format!("{number} {}", self.words),
            None => format!("{} {}", self.pool, self.words),
        }
    }
}

/// What a change of the pools did.
#[derive(Debug, Default)]
pub struct Recorded {
    pub changes: Vec<PoolChange>,
    /// Whether it was only to be shown.
    pub is_preview: bool,
    pub commit: Option<String>,
    /// What the validator finds in the new file and did not find before.
    pub findings: Vec<Diagnostic>,
}

pub fn recorded_text(recorded: &Recorded) -> String {
    if recorded.changes.is_empty() {
        return "Nothing changed.\n".to_owned();
    }
    let verb = if recorded.is_preview { "Would change" } else { "Changed" };
    let lines: String = recorded.changes.iter().map(|change| format!("  {}\n", terminal(&change.line()))).collect();
    let commit = recorded.commit.as_ref().map(|id| format!("Committed {}.\n", &id[..id.len().min(10)]));
    format!("{verb}:\n{lines}{}", commit.unwrap_or_default())
}

pub fn recorded_json(recorded: &Recorded) -> String {
    let status = if recorded.changes.is_empty() { "unchanged" } else { "success" };
    let findings: Vec<_> = recorded.findings.iter().map(DiagnosticOutput::of).collect();
    escape::json_of(&json!({
        "format_version": FORMAT_VERSION, "status": status, "commit": recorded.commit, "changes": recorded.changes,
        "findings": findings,
    }))
}

/// The most lines of changes in a commit's message; the rest is counted.
const MAX_LINES: usize = 1000;

/// The message of the commit. It carries names and numbers, and no reason that a user typed: that stands in the file.
pub fn commit_message(action: &str, changes: &[PoolChange], along: &[String]) -> String {
    let numbers = changes.iter().filter(|change| change.phone_number.is_some()).count();
    let pools: BTreeSet<_> = changes.iter().map(|change| change.pool.as_str()).collect();
    let pools = pools.into_iter().collect::<Vec<_>>().join(", ");
    let counted = match numbers {
        0 => String::new(),
        1 => " (1 number)".to_owned(),
        count => format!(" ({count} numbers)"),
    };
    let mut text = format!("phone-dir: {action} {pools}{counted}\n\n");
    changes.iter().take(MAX_LINES).for_each(|change| text.push_str(&format!("{}\n", change.line())));
    if changes.len() > MAX_LINES {
        text.push_str(&format!("… and {} more lines\n", changes.len() - MAX_LINES));
    }
    text.push('\n');
    if !along.is_empty() {
        let names: String = along.iter().map(|name| format!("- {name}\n")).collect();
        text.push_str(&format!("Edits that were not committed before, committed along:\n{names}\n"));
    }
    let trailers = CommitTrailers::of_success(action);
    text.push_str(&trailers.write());
    escape::lines(&text)
}
