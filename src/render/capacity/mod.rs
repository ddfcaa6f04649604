//! Answers about capacity in every format: the same groups and workspaces, the same reasons.

pub mod github;
pub mod json;
pub mod metrics;
pub mod offer;
pub mod table;
pub mod text;

use crate::capacity::{CapacityReport, CrossedThreshold, Judgement};

/// The thresholds that are crossed, each with its group or workspace and its reason: a limit of calls that was hit first,
/// errors before warnings.
fn alarms(report: &CapacityReport) -> Vec<(CrossedThreshold, String, String)> {
    let of = |name: String, judgement: &Judgement| {
        let crossed = judgement.crossed;
        let alarm = move |reason: &String| Some((crossed?, name.clone(), reason.clone()));
        judgement.reasons.iter().filter_map(alarm).collect::<Vec<_>>()
    };
    let hit = report.concurrency.iter().filter(|judged| judged.row.was_hit());
    let others = report.concurrency.iter().filter(|judged| !judged.row.was_hit());
    let calls = |judged: &crate::capacity::JudgedConcurrency| of(judged.row.workspace.to_string(), &judged.judgement);
    let mut first: Vec<_> = hit.flat_map(calls).collect();
    let groups = report.groups.iter().flat_map(|group| of(group.stock.group.words(), &group.judgement));
    let mut rest: Vec<_> = others.flat_map(calls).chain(groups).collect();
    first.sort_by_key(|(crossed, ..)| std::cmp::Reverse(*crossed));
    rest.sort_by_key(|(crossed, ..)| std::cmp::Reverse(*crossed));
    first.into_iter().chain(rest).collect()
}
