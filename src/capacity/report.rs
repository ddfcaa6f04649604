//! The whole answer: every group and workspace with its judgement.

use super::concurrency::WorkspaceConcurrency;
use super::forecast::Outlook;
use super::stock::GroupStock;
use super::verdict::{self, CapacityVerdict, CrossedThreshold, Judgement};
use crate::activity::coverage::CallCoverage;
use crate::model::Day;

/// A group of numbers with its judgement.
#[derive(Clone, Debug)]
pub struct JudgedGroup {
    pub stock: GroupStock,
    pub outlook: Outlook,
    pub judgement: Judgement,
}

impl JudgedGroup {
    pub fn of(stock: GroupStock, outlook: Outlook, today: Day) -> Self {
        let judgement = verdict::of_group(&stock, &outlook, today);
        Self { stock, outlook, judgement }
    }
}

/// A workspace's calls at a time with their judgement.
#[derive(Clone, Debug)]
pub struct JudgedConcurrency {
    pub row: WorkspaceConcurrency,
    pub judgement: Judgement,
}

impl JudgedConcurrency {
    pub fn of(row: WorkspaceConcurrency) -> Self {
        let judgement = verdict::of_concurrency(&row);
        Self { row, judgement }
    }
}

#[derive(Clone, Debug, Default)]
pub struct CapacityReport {
    /// The groups, in the order in which they count.
    pub groups: Vec<JudgedGroup>,
    /// The workspaces: those whose limit was hit first.
    pub concurrency: Vec<JudgedConcurrency>,
    /// For which time each workspace's calls are known; empty without a store.
    pub coverage: Vec<CallCoverage>,
}

impl CapacityReport {
    pub fn new(groups: Vec<JudgedGroup>, rows: Vec<WorkspaceConcurrency>, coverage: Vec<CallCoverage>) -> Self {
        let mut concurrency: Vec<_> = rows.into_iter().map(JudgedConcurrency::of).collect();
        concurrency.sort_by_key(|judged| !judged.row.was_hit());
        Self { groups, concurrency, coverage }
    }

    fn judgements(&self) -> impl Iterator<Item = &Judgement> {
        let groups = self.groups.iter().map(|group| &group.judgement);
        self.concurrency.iter().map(|judged| &judged.judgement).chain(groups)
    }

    /// Why the history is not all here; none where it is.
    pub fn cut_off(&self) -> Option<&str> {
        self.groups.iter().find_map(|group| match &group.outlook {
            Outlook::CutOff(why) => Some(why.as_str()),
            Outlook::Known(_) | Outlook::TooShort(_) | Outlook::NoHistory => None,
        })
    }

    /// What could not be read, and why.
    pub fn unread(&self) -> Vec<String> {
        let is_unread = |judged: &&JudgedConcurrency| judged.judgement.verdict == CapacityVerdict::Unknown;
        let calls = self.concurrency.iter().filter(is_unread);
        let calls = calls.map(|judged| format!("{}: {}", judged.row.workspace, judged.judgement.reasons.join("; ")));
        calls.chain(self.cut_off().map(str::to_owned)).collect()
    }

    /// How all of it stands: what could not be read before what is exhausted.
    pub fn verdict(&self) -> CapacityVerdict {
        let unread = self.cut_off().map(|_| CapacityVerdict::Unknown);
        let verdicts = self.judgements().map(|judgement| judgement.verdict);
        verdicts.chain(unread).max().unwrap_or(CapacityVerdict::Ok)
    }

    /// The most urgent threshold that is crossed.
    pub fn crossed(&self) -> Option<CrossedThreshold> {
        self.judgements().filter_map(|judgement| judgement.crossed).max()
    }
}
