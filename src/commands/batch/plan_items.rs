//! What became of each item of a plan.

use std::collections::BTreeMap;

use super::Stage;
use crate::change::{Impossible, Settings};
use crate::decision::Registration;
use crate::error::Error;
use crate::plan::PlanItem;
use crate::render::outcome::apply::{Applied, AppliedItem, ItemOutcome};
use crate::render::outcome::batch::{BatchOutcome, RowOutcome};

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
            let outcome = match row {
                None if stage == Stage::Preview => ItemOutcome::WouldChange,
                None | Some(RowOutcome::NotSent) => ItemOutcome::Refused,
                Some(RowOutcome::Changed) => ItemOutcome::Changed,
                Some(RowOutcome::Unchanged) => ItemOutcome::Unchanged,
                Some(RowOutcome::Failed(_)) => ItemOutcome::Failed,
                Some(RowOutcome::Unknown(_)) => ItemOutcome::Unknown,
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
