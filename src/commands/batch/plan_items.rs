//! What became of each item of a plan.

use std::collections::BTreeMap;

use super::Stage;
use crate::change::{Impossible, Settings};
use crate::decision::Registration;
use crate::error::Error;
use crate::model::{PhoneNumber, WorkspaceName};
use crate::plan::PlanItem;
use crate::render::outcome::batch::BatchOutcome;
use crate::store::git::Committed;

/// How an item ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemOutcome {
    /// Retell has it now.
    Changed,
    /// Retell had it already.
    Unchanged,
    /// Retell was changed since it was planned, or contradicts git: it was not sent.
    Stale,
    /// A rail, or a stale item beside it, stood in the way; or Retell cannot be told that.
    Refused,
    /// Retell does not have it.
    Failed,
    /// It is not known whether Retell has it.
    Unknown,
    /// It would be sent.
    WouldChange,
}

impl ItemOutcome {
    /// The word in outputs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
            Self::Stale => "stale",
            Self::Refused => "refused",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
            Self::WouldChange => "would-change",
        }
    }
}

/// An item and what became of it.
#[derive(Debug)]
pub struct AppliedItem {
    /// Its place in the plan; none for a conflict and for what is impossible, which no plan has.
    pub id: Option<u64>,
    /// The number.
    pub phone_number: PhoneNumber,
    /// The workspace.
    pub workspace: WorkspaceName,
    /// What became of it.
    pub outcome: ItemOutcome,
    /// What it does.
    pub words: String,
    /// Why it ended so.
    pub message: Option<String>,
}

/// Everything that there is to say of an apply.
#[derive(Debug)]
pub struct Applied {
    /// The plan's id.
    pub id: String,
    /// The items.
    pub items: Vec<AppliedItem>,
    /// The commit.
    pub commit: Option<Committed>,
    /// What stopped it, or went wrong.
    pub error: Option<Error>,
}

/// The items by what is to be done with them.
#[derive(Default)]
pub(super) struct JudgedItems {
    pub(super) due: Vec<(PlanItem, Settings)>,
    pub(super) unchanged: Vec<PlanItem>,
}

impl Applied {
    pub(super) fn stale(&mut self, item: &PlanItem, message: String) {
        self.items.push(AppliedItem::of(item, ItemOutcome::Stale, Some(message)));
    }

    pub(super) fn refuse(&mut self, judged: &JudgedItems, refusal: &Error) {
        let why = refusal.message().lines().next().map(str::to_owned);
        let due = judged.due.iter().map(|(item, _)| AppliedItem::of(item, ItemOutcome::Refused, why.clone()));
        self.items.extend(due);
        self.items.extend(judged.unchanged.iter().map(|item| AppliedItem::of(item, ItemOutcome::Unchanged, None)));
        self.sort();
    }

    pub(super) fn take(&mut self, judged: &JudgedItems, report: &BatchOutcome, stage: Stage) {
        let rows: BTreeMap<Registration, _> = report.rows.iter().map(|row| (row.key(), &row.outcome)).collect();
        for (item, _) in &judged.due {
            let row = rows.get(&item.registration());
            let outcome = match row.map(|outcome| outcome.as_str()) {
                None if stage == Stage::Preview => ItemOutcome::WouldChange,
                Some("changed") => ItemOutcome::Changed,
                Some("unchanged") => ItemOutcome::Unchanged,
                Some("failed") => ItemOutcome::Failed,
                Some("unknown") => ItemOutcome::Unknown,
                _ => ItemOutcome::Refused,
            };
            let message = row.and_then(|outcome| outcome.error()).map(|error| error.message().to_owned());
            self.items.push(AppliedItem::of(item, outcome, message));
        }
        self.items.extend(judged.unchanged.iter().map(|item| AppliedItem::of(item, ItemOutcome::Unchanged, None)));
        self.commit.clone_from(&report.commit);
        self.error.clone_from(&report.error);
        self.sort();
    }

    pub(super) fn sort(&mut self) {
        self.items.sort_by_key(|item| (item.id.is_none(), item.id, item.workspace.clone(), item.phone_number));
    }
}

impl AppliedItem {
    pub(super) fn impossible(it: &Impossible) -> Self {
        Self {
            id: None,
            phone_number: it.phone_number,
            workspace: it.workspace.clone(),
            outcome: ItemOutcome::Refused,
            words: String::new(),
            message: Some(it.message.clone()),
        }
    }

    pub(super) fn of(item: &PlanItem, outcome: ItemOutcome, message: Option<String>) -> Self {
        Self {
            id: Some(item.id),
            phone_number: item.phone_number,
            workspace: item.workspace.clone(),
            outcome,
            words: item.words.clone(),
            message,
        }
    }
}
