//! What `apply` prints, and how it ends.

use serde::Serialize;

use crate::commands::batch::plan_items::{Applied, AppliedItem, ItemOutcome};
use crate::commands::{Exit, Session};
use crate::error::{Error, Result};
use crate::model::canonical;
use crate::render;
use crate::render::escape::{self, terminal};
use crate::render::failure::{self, Details, FORMAT_VERSION};

/// Prints what became of the items, and says how the command ends.
pub fn print(applied: &Applied, json: bool, session: &Session) -> Result<Exit> {
    session.print(&if json { as_json(applied) } else { session.fitted(&as_text(applied)) })?;
    if let Some(error) = &applied.error {
        session.complain(&failure::human(error));
    }
    Ok(exit(applied))
}

fn exit(applied: &Applied) -> Exit {
    let any = |outcome| applied.items.iter().any(|item| item.outcome == outcome);
    match &applied.error {
        Some(error) if error.kind().exit_code() == 3 => Exit::CannotTell,
        _ if any(ItemOutcome::Unknown) => Exit::CannotTell,
        Some(_) => Exit::Failed,
        // A conflict of git with Retell is kept, as a sync keeps it; an item of a plan that is stale was not done.
        None if applied.items.iter().any(|item| item.outcome == ItemOutcome::Stale && item.id.is_some()) => {
            Exit::Failed
        }
        None if any(ItemOutcome::Stale) || any(ItemOutcome::Refused) => Exit::Found,
        None => Exit::Done,
    }
}

fn status(applied: &Applied) -> &'static str {
    let any = |outcome| applied.items.iter().any(|item| item.outcome == outcome);
    match &applied.error {
        Some(error) => error.kind().status(),
        None if any(ItemOutcome::Stale) => "stale",
        None if any(ItemOutcome::Changed) || any(ItemOutcome::WouldChange) => "success",
        None => "unchanged",
    }
}

fn as_text(applied: &Applied) -> String {
    if applied.items.is_empty() {
        return render::plan::NOTHING.to_owned();
    }
    let mut text = String::new();
    for item in &applied.items {
        let why = item.message.as_ref().map(|why| format!(": {}", terminal(why))).unwrap_or_default();
        let words = if item.words.is_empty() { String::new() } else { format!(" {}", terminal(&item.words)) };
        let outcome = item.outcome.as_str();
        text.push_str(&format!("  {} ({}) {outcome}{words}{why}\n", item.phone_number, item.workspace));
    }
    // A conflict of git with Retell has no place in a plan.
    let is_conflict = |item: &&AppliedItem| item.id.is_none() && item.outcome == ItemOutcome::Stale;
    let conflicts: Vec<_> = applied.items.iter().filter(is_conflict).map(|item| item.phone_number).collect();
    if !conflicts.is_empty() {
        text.push_str(&format!("  {}\n", render::decisions::settling(&conflicts)));
    }
    if let Some(commit) = &applied.commit {
        text.push_str(&format!("Committed {}.\n", commit.id.short()));
    }
    text
}

#[derive(Serialize)]
struct AppliedJson<'a> {
    format_version: u32,
    id: &'a str,
    status: &'static str,
    commit: Option<String>,
    items: Vec<ItemJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Details<'a>>,
}

#[derive(Serialize)]
struct ItemJson<'a> {
    id: Option<u64>,
    phone_number: &'a str,
    workspace: &'a str,
    outcome: &'static str,
    words: &'a str,
    message: Option<&'a str>,
}

impl<'a> ItemJson<'a> {
    fn of(item: &'a AppliedItem) -> Self {
        Self {
            id: item.id,
            phone_number: item.phone_number.as_str(),
            workspace: item.workspace.as_str(),
            outcome: item.outcome.as_str(),
            words: &item.words,
            message: item.message.as_deref(),
        }
    }
}

fn as_json(applied: &Applied) -> String {
    escape::json(canonical::to_text(&AppliedJson {
        format_version: FORMAT_VERSION,
        id: &applied.id,
        status: status(applied),
        commit: applied.commit.as_ref().map(|commit| commit.id.to_string()),
        items: applied.items.iter().map(ItemJson::of).collect(),
        error: applied.error.as_ref().map(|error: &Error| Details::of(error)),
    }))
}
