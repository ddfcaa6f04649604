//! Answers about costs: as text, JSON, CSV and Markdown.

pub mod reconcile;

use std::collections::BTreeMap;

use serde::Serialize;

use super::table::{Cell, Room, fitted};
use super::usage::CoverageJson;
use super::{csv as csv_document, escape, markdown as markdown_table};
use crate::activity::cost::{Amount, CostRow, Costs};
use crate::activity::coverage::{AnswerSpan, CallCoverage};
use crate::activity::money::MicroDollars;
use crate::model::canonical;
use crate::render::failure::FORMAT_VERSION;

/// The word for what is not known.
const UNKNOWN: &str = "unknown";

/// What one row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CostGroup {
    /// A number in a workspace.
    Number,
    /// The agent that is bound to the numbers.
    Agent,
    /// A workspace.
    Workspace,
}

/// An answer about costs.
#[derive(Clone, Copy, Debug)]
pub struct CostAnswer<'a> {
    /// The time that it is about.
    pub span: &'a AnswerSpan,
    /// For which time each workspace's calls are known.
    pub coverage: &'a [CallCoverage],
    /// The costs by number.
    pub costs: &'a Costs,
    /// What a row is about.
    pub group: CostGroup,
    /// Of which day the price list is.
    pub prices_as_of: Option<&'a str>,
    /// Whether the carrier was asked for its bill.
    pub is_measured: bool,
    /// What it may be.
    pub budget: Option<MicroDollars>,
}

#[derive(Clone, Debug, Default, Serialize)]
struct CostRowJson {
    phone_number: Option<String>,
    workspace: Option<String>,
    agent_path: Option<String>,
    calls: u64,
    rent: Option<String>,
    rent_source: Option<String>,
    retell_calls: String,
    carrier: String,
    carrier_is: Option<&'static str>,
    cost: String,
    known_cost: String,
    currency: &'static str,
    cost_per_call: Option<String>,
}

#[derive(Serialize)]
struct AnswerJson<'a> {
    format_version: u32,
    status: &'static str,
    since: String,
    until: String,
    currency: &'static str,
    coverage: Vec<CoverageJson>,
    gaps: &'a [String],
    rows: Vec<CostRowJson>,
    shared: BTreeMap<&'static str, String>,
    unknown: Vec<String>,
    total: String,
    known_total: String,
    budget: Option<String>,
}

impl CostAnswer<'_> {
    /// All of it; none where a part is not known.
    pub fn total(&self) -> Option<MicroDollars> {
        let rows: Option<MicroDollars> = self.costs.rows.iter().map(CostRow::total).sum();
        rows.filter(|_| self.span.gaps.is_empty()).map(|rows| rows + self.costs.unexplained)
    }

    /// What is known of it.
    pub fn known(&self) -> MicroDollars {
        self.costs.rows.iter().map(CostRow::known).sum::<MicroDollars>() + self.costs.unexplained
    }

    fn unknown(&self) -> Vec<String> {
        let mut reasons: Vec<String> = self.costs.rows.iter().flat_map(CostRow::unknown).collect();
        reasons.dedup();
        reasons
    }

    fn rows(&self) -> Vec<CostRowJson> {
        if self.group == CostGroup::Number {
            return self.costs.rows.iter().map(|row| self.row(&[row])).collect();
        }
        let mut groups: BTreeMap<[Option<String>; 2], Vec<&CostRow>> = BTreeMap::new();
        for row in &self.costs.rows {
            let workspace = row.workspace.as_ref().map(ToString::to_string);
            let agent = row.agent_path.as_ref().filter(|_| self.group == CostGroup::Agent).map(ToString::to_string);
            groups.entry([workspace, agent]).or_default().push(row);
        }
        groups.values().map(|rows| self.row(rows)).collect()
    }

    /// The row of one number, or of several together.
    fn row(&self, rows: &[&CostRow]) -> CostRowJson {
        let first = rows[0];
        let calls: u64 = rows.iter().map(|row| row.counts.calls).sum();
        let rents: Vec<&Amount> = rows.iter().filter_map(|row| row.rent.as_ref()).collect();
        let total: Option<MicroDollars> = rows.iter().map(|row| row.total()).sum();
        let is_number = self.group == CostGroup::Number;
        CostRowJson {
            phone_number: first.number.filter(|_| is_number).map(|number| number.to_string()),
            workspace: first.workspace.as_ref().map(ToString::to_string),
            agent_path: first
                .agent_path
                .as_ref()
                .filter(|_| self.group != CostGroup::Workspace)
                .map(ToString::to_string),
            calls,
            rent: (!rents.is_empty()).then(|| sum(rents.iter().copied())),
            rent_source: self.prices_as_of.filter(|_| !rents.is_empty()).map(|day| format!("prices.json {day}")),
            retell_calls: sum(rows.iter().map(|row| &row.retell_calls)),
            carrier: sum(rows.iter().map(|row| &row.carrier)),
            carrier_is: is_number.then(|| first.carrier_source.as_str()),
            cost: shown(total),
            known_cost: rows.iter().map(|row| row.known()).sum::<MicroDollars>().to_string(),
            currency: "USD",
            cost_per_call: total.and_then(|total| total.divided_by(calls)).map(|cost| cost.to_string()),
        }
    }
}

fn shown(amount: Option<MicroDollars>) -> String {
    amount.map_or_else(|| UNKNOWN.to_owned(), |amount| amount.to_string())
}

fn sum<'a>(amounts: impl Iterator<Item = &'a Amount>) -> String {
    shown(amounts.map(Amount::known).sum())
}

/// The answer for programs.
pub fn json(answer: &CostAnswer<'_>) -> String {
    let mut shared = BTreeMap::new();
    if answer.costs.unexplained != MicroDollars::default() {
        shared.insert("carrier_unexplained", answer.costs.unexplained.to_string());
    }
    escape::json(canonical::to_text(&AnswerJson {
        format_version: FORMAT_VERSION,
        status: if answer.span.gaps.is_empty() { "complete" } else { "incomplete" },
        since: answer.span.since.to_string(),
        until: answer.span.until.to_string(),
        currency: "USD",
        coverage: CoverageJson::of(answer.coverage),
        gaps: &answer.span.gaps,
        rows: answer.rows(),
        shared,
        unknown: answer.unknown(),
        total: shown(answer.total()),
        known_total: answer.known().to_string(),
        budget: answer.budget.map(|budget| budget.to_string()),
    }))
}

const HEADINGS: [&str; 9] =
    ["number", "workspace", "agent", "calls", "rent", "retell_calls", "carrier", "carrier_is", "cost"];

fn records(answer: &CostAnswer<'_>) -> Vec<Vec<String>> {
    let text = Option::unwrap_or_default;
    let record = |row: CostRowJson| {
        vec![
            text(row.phone_number),
            text(row.workspace),
            text(row.agent_path),
            row.calls.to_string(),
            text(row.rent),
            row.retell_calls,
            row.carrier,
            row.carrier_is.unwrap_or_default().to_owned(),
            row.cost,
        ]
    };
    answer.rows().into_iter().map(record).collect()
}

/// The answer for spreadsheets.
pub fn csv(answer: &CostAnswer<'_>) -> String {
    let headings = HEADINGS.iter().map(|name| (*name).to_owned()).collect();
    csv_document::document(std::iter::once(headings).chain(records(answer)))
}

/// The answer as a Markdown table.
pub fn markdown(answer: &CostAnswer<'_>) -> String {
    let safe = |record: Vec<String>| record.iter().map(|cell| markdown_table::cell(cell)).collect();
    markdown_table::table(&HEADINGS, records(answer).into_iter().map(safe))
}

/// The answer for people.
pub fn text(answer: &CostAnswer<'_>, room: Room) -> String {
    let mut text = format!("Costs from {} to {}, in USD\n\n", answer.span.since, answer.span.until);
    let mut rows =
        vec![HEADINGS.iter().map(|name| Cell::heading(&name.replace('_', " ").to_uppercase())).collect::<Vec<_>>()];
    let cell = |text: String| if text.is_empty() { Cell::faint("-") } else { Cell::plain(text) };
    rows.extend(records(answer).into_iter().map(|record| record.into_iter().map(cell).collect()));
    for line in fitted(&rows, room) {
        text.push_str(&line);
        text.push('\n');
    }
    if answer.costs.unexplained != MicroDollars::default() {
        text.push_str(&format!("\nCarrier's minutes of no known number: {}\n", answer.costs.unexplained));
    }
    text.push_str(&match answer.total() {
        Some(total) => format!("\nTotal: {total}\n"),
        None => format!("\nTotal: unknown; {} are known\n", answer.known()),
    });
    let unknown = answer.unknown();
    for reason in unknown.iter().take(10) {
        text.push_str(&format!("  {}\n", escape::terminal(reason)));
    }
    if unknown.len() > 10 {
        text.push_str(&format!("  … and {} more; `--json` lists them all\n", unknown.len() - 10));
    }
    text
}
