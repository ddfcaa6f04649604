//! An answer about calls for programs.

use serde::Serialize;

use super::{Answer, CoverageJson, UsageRowJson, unknown_numbers};
use crate::render::escape;
use crate::render::failure::FORMAT_VERSION;

#[derive(Serialize)]
struct AnswerJson<'a> {
    format_version: u32,
    status: &'static str,
    since: String,
    until: String,
    age_seconds: i64,
    by: &'static str,
    coverage: Vec<CoverageJson>,
    gaps: &'a [String],
    rows: Vec<UsageRowJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    not_known: Option<Vec<UsageRowJson>>,
    unknown_numbers: usize,
    undated_calls: u64,
}

pub fn answer(answer: &Answer<'_>) -> String {
    let span = answer.span;
    escape::json_of(&AnswerJson {
        format_version: FORMAT_VERSION,
        status: if span.gaps.is_empty() { "complete" } else { "incomplete" },
        since: span.since.to_string(),
        until: span.until.to_string(),
        age_seconds: span.age / 1000,
        by: answer.group.as_str(),
        coverage: CoverageJson::of(answer.coverage),
        gaps: &span.gaps,
        rows: UsageRowJson::rows(answer),
        not_known: answer.idle.map(UsageRowJson::not_known),
        unknown_numbers: unknown_numbers(answer),
        undated_calls: answer.undated,
    })
}

/// The rows, one a line.
pub fn lines(answer: &Answer<'_>) -> String {
    let line = |row: &UsageRowJson| serde_json::to_string(row).expect("rows always serialize") + "\n";
    escape::json(UsageRowJson::rows(answer).iter().map(line).collect())
}
