//! What became of each item that `apply` was to send.

use serde::Serialize;

use crate::error::Error;
use crate::model::{PhoneNumber, WorkspaceName};
use crate::render::escape::{self, terminal};
use crate::render::failure::{Details, FORMAT_VERSION};
use crate::render::{decisions, plan};
use crate::store::git::Committed;
use crate::words::word_enum;

word_enum! {
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum ItemOutcome {
        /// Retell has it now.
        Changed = "changed",
        /// Retell had it already.
        Unchanged = "unchanged",
        /// Retell was changed since it was planned, or contradicts git: it was not sent.
        Stale = "stale",
        /// A rail, or a stale item beside it, stood in the way; or Retell cannot be told that.
        Refused = "refused",
        /// Retell does not have it.
        Failed = "failed",
        /// It is not known whether Retell has it.
        Unknown = "unknown",
        /// It would be sent.
        WouldChange = "would-change",
    }
}

#[derive(Debug)]
pub struct AppliedItem {
    /// Its place in the plan; none for a conflict and for what is impossible, which no plan has.
    pub id: Option<u64>,
    pub phone_number: PhoneNumber,
    pub workspace: WorkspaceName,
    pub outcome: ItemOutcome,
    pub words: String,
    /// Why it ended so.
    pub message: Option<String>,
}

/// Everything that there is to say of an apply.
#[derive(Debug)]
pub struct Applied {
    /// The plan's id.
    pub id: String,
    pub items: Vec<AppliedItem>,
    pub commit: Option<Committed>,
    /// What stopped it, or went wrong.
    pub error: Option<Error>,
}

impl Applied {
    fn has(&self, outcome: ItemOutcome) -> bool {
        self.items.iter().any(|item| item.outcome == outcome)
    }

    fn status(&self) -> &'static str {
        match &self.error {
            Some(error) => error.kind().status(),
            None if self.has(ItemOutcome::Stale) => "stale",
            None if self.has(ItemOutcome::Refused) => "refused",
            None if self.has(ItemOutcome::Changed) || self.has(ItemOutcome::WouldChange) => "success",
            None => "unchanged",
        }
    }

    /// A line for each item, and the commit.
    pub fn human(&self) -> String {
        if self.items.is_empty() {
            return plan::NOTHING.to_owned();
        }
        let mut text = String::new();
        for item in &self.items {
            let why = item.message.as_ref().map(|why| format!(": {}", terminal(why))).unwrap_or_default();
            let words = if item.words.is_empty() { String::new() } else { format!(" {}", terminal(&item.words)) };
            let outcome = item.outcome.as_str();
            text.push_str(&format!("  {} ({}) {outcome}{words}{why}\n", item.phone_number, item.workspace));
        }
        // A conflict of git with Retell has no place in a plan.
        let is_conflict = |item: &&AppliedItem| item.id.is_none() && item.outcome == ItemOutcome::Stale;
        let conflicts: Vec<_> = self.items.iter().filter(is_conflict).map(|item| item.phone_number).collect();
        if !conflicts.is_empty() {
            text.push_str(&format!("  {}\n", decisions::settling(&conflicts)));
        }
        if let Some(commit) = &self.commit {
            text.push_str(&format!("Committed {}.\n", commit.id.short()));
        }
        text
    }

    pub fn json(&self) -> String {
        escape::json_of(&AppliedJson {
            format_version: FORMAT_VERSION,
            id: &self.id,
            status: self.status(),
            commit: self.commit.as_ref().map(|commit| commit.id.to_string()),
            items: self.items.iter().map(ItemJson::of).collect(),
            error: self.error.as_ref().map(|error: &Error| Details::of(error)),
        })
    }
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
