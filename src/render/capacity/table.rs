//! An answer about capacity as CSV and as Markdown tables.

use crate::capacity::{CapacityReport, CrossedThreshold, JudgedConcurrency, JudgedGroup};
use crate::pools::Category;
use crate::render::{csv as csv_document, markdown as markdown_table};

const GROUP_HEADINGS: [&str; 13] = [
    "group",
    "total",
    "in_service",
    "free",
    "reserved",
    "quarantine",
    "retired",
    "not_imported",
    "unusable",
    "per_week_median",
    "per_week_p90",
    "empty_after",
    "forecast",
];
const CONCURRENCY_HEADINGS: [&str; 8] =
    ["workspace", "current", "limit", "reserved_inbound", "burst_limit", "peak_30d", "peak_at", "lost_30d"];
const JUDGEMENT_HEADINGS: [&str; 3] = ["verdict", "threshold", "reasons"];

fn shown<T: ToString>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn judgement(judgement: &crate::capacity::Judgement) -> [String; 3] {
    let crossed = judgement.crossed.map(CrossedThreshold::as_str).unwrap_or_default();
    [judgement.verdict.as_str().to_owned(), crossed.to_owned(), judgement.reasons.join("; ")]
}

fn group(group: &JudgedGroup) -> Vec<String> {
    let (tally, forecast) = (&group.stock.tally, group.outlook.forecast());
    let mut cells = vec![group.stock.group.words(), tally.total.to_string()];
    cells.extend(Category::COLUMNS.iter().map(|category| tally.of(*category).to_string()));
    cells.extend([
        shown(forecast.map(|forecast| forecast.median)),
        shown(forecast.map(|forecast| forecast.ninetieth)),
        shown(forecast.and_then(|forecast| forecast.empty_after)),
        group.outlook.words(),
    ]);
    cells.extend(judgement(&group.judgement));
    cells
}

fn concurrency(judged: &JudgedConcurrency) -> Vec<String> {
    let (row, live) = (&judged.row, judged.row.read());
    let peak = row.peak.as_ref();
    let mut cells = vec![
        row.workspace.to_string(),
        shown(live.current),
        shown(live.limit),
        shown(live.reserved_inbound),
        shown(live.burst_limit),
        shown(peak.and_then(|peak| peak.most)),
        shown(peak.and_then(|peak| peak.at)),
        shown(peak.map(|peak| peak.lost)),
    ];
    cells.extend(judgement(&judged.judgement));
    cells
}

/// The answer for spreadsheets: a line for each group, and one for each workspace whose calls are known, in one table.
pub fn csv(report: &CapacityReport) -> String {
    let texts = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let headings = texts(&[&["kind"], &GROUP_HEADINGS[..], &CONCURRENCY_HEADINGS, &JUDGEMENT_HEADINGS].concat());
    let blank = |count: usize| std::iter::repeat_n(String::new(), count);
    let groups = report.groups.iter().map(|judged| {
        let mut cells = group(judged);
        let judgement = cells.split_off(GROUP_HEADINGS.len());
        let kind = std::iter::once("numbers".to_owned());
        kind.chain(cells).chain(blank(CONCURRENCY_HEADINGS.len())).chain(judgement).collect()
    });
    let workspaces = report.concurrency.iter().map(|judged| {
        let kind = std::iter::once("concurrency".to_owned());
        kind.chain(blank(GROUP_HEADINGS.len())).chain(concurrency(judged)).collect()
    });
    csv_document::document(std::iter::once(headings).chain(groups).chain(workspaces))
}

/// The answer for pages and comments.
pub fn markdown(report: &CapacityReport) -> String {
    let safe = |cells: Vec<String>| cells.iter().map(|cell| markdown_table::cell(cell)).collect::<Vec<_>>();
    let calls = [&CONCURRENCY_HEADINGS[..], &JUDGEMENT_HEADINGS].concat();
    let numbers = [&GROUP_HEADINGS[..], &JUDGEMENT_HEADINGS].concat();
    let concurrency =
        || markdown_table::table(&calls, report.concurrency.iter().map(|judged| safe(concurrency(judged))));
    let groups = || markdown_table::table(&numbers, report.groups.iter().map(|judged| safe(group(judged))));
    let mut parts = Vec::new();
    let is_hit = report.concurrency.iter().any(|judged| judged.row.was_hit());
    if is_hit {
        parts.push(format!("**Calls at a time**\n\n{}", concurrency()));
    }
    parts.push(format!("**Numbers**\n\n{}", groups()));
    if !is_hit && !report.concurrency.is_empty() {
        parts.push(format!("**Calls at a time**\n\n{}", concurrency()));
    }
    parts.join("\n")
}
