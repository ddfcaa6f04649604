//! What became of each item of a plan.

use std::collections::{BTreeMap, BTreeSet};

use super::Stage;
use super::retell::LiveNumbers;
use crate::change::{Impossible, Settings};
use crate::decision::Registration;
use crate::error::Error;
use crate::model::{AgentNames, Directory, PhoneNumber, Setting};
use crate::plan::binding::ItemBinding;
use crate::plan::{Plan, PlanItem};
use crate::render;
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

impl JudgedItems {
    /// Sorts the items by what Retell has now.
    pub(super) fn of(
        plan: &Plan,
        take: &BTreeSet<PhoneNumber>,
        live: &LiveNumbers,
        (before, names): (&Directory, &AgentNames),
        applied: &mut Applied,
    ) -> Self {
        let mut judged = Self::default();
        for item in &plan.items {
            let now = live.numbers.get(&item.registration()).map(|number| &number.settings);
            let mut bound = item.bind(now);
            if matches!(bound, ItemBinding::Stale(_)) && take.contains(&item.phone_number) {
                bound = ItemBinding::Due;
            }
            if bound == ItemBinding::Due && is_decided_otherwise(item, before) {
                applied.stale(item, "git decides otherwise by now".to_owned());
                continue;
            }
            match (bound, now) {
                (ItemBinding::Unchanged, _) => judged.unchanged.push(item.clone()),
                (ItemBinding::Due, Some(now)) => judged.due.push((item.clone(), now.clone())),
                (ItemBinding::Stale(settings), Some(now)) => {
                    applied.stale(item, three_values(item, &settings, now, names));
                }
                _ => applied.stale(item, "Retell does not have the number any more".to_owned()),
            }
        }
        judged
    }
}

/// Whether git has decided otherwise since the plan was made: then the plan is not what was reviewed last.
fn is_decided_otherwise(item: &PlanItem, directory: &Directory) -> bool {
    let files = directory.workspaces.get(&item.workspace);
    let Some(record) = files.and_then(|files| files.registered(item.phone_number)?.live.as_deref()) else {
        return false;
    };
    let Some(git) = Settings::of_directory(directory, &item.workspace, item.phone_number) else { return false };
    item.asked.iter().any(|setting| record.has(*setting) && !git.agrees(&item.set, *setting))
}

/// What is wanted, what was live when that was planned, and what is.
fn three_values(item: &PlanItem, settings: &[Setting], live: &Settings, names: &AgentNames) -> String {
    let of = |settings: &Settings, setting| render::decisions::value(settings, setting, &item.workspace, names);
    let told = settings.iter().map(|setting| {
        let (set, was, live) = (of(&item.set, *setting), of(&item.was, *setting), of(live, *setting));
        format!("`{}` was {was} when it was planned as {set}, and is {live}", setting.as_str())
    });
    told.collect::<Vec<_>>().join("; ")
}
