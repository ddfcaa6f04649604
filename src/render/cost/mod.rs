//! Answers about costs: as text, JSON, CSV and Markdown.

pub mod reconcile;
mod rows;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::grouped_table::fitted_by;
use super::table::{Cell, Room};
use super::usage::CoverageJson;
use super::{csv as csv_document, escape, markdown as markdown_table};
use crate::activity::budget::BudgetLine;
use crate::activity::cost::{CostRow, Costs};
use crate::activity::coverage::{AnswerSpan, CallCoverage};
use crate::activity::money::MicroDollars;
use crate::render::failure::FORMAT_VERSION;
use rows::{CostRowJson, shown};

pub use rows::CostGroup;

const UNKNOWN: &str = "unknown";

#[derive(Clone, Copy, Debug)]
pub struct CostAnswer<'a> {
    /// The time that it is about.
    pub span: &'a AnswerSpan,
    /// For which time each workspace's calls are known.
    pub coverage: &'a [CallCoverage],
    pub costs: &'a Costs,
    /// What a row is about.
    pub group: CostGroup,
    /// Of which day the price list is.
    pub prices_as_of: Option<&'a str>,
    /// What it may be, where that was asked.
    pub budget: &'a [BudgetLine],
    /// Whether only idle numbers have a row.
    pub is_idle: bool,
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
    shared: BTreeMap<&'a str, String>,
    unknown: Vec<String>,
    total: String,
    known_total: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    rent_a_year: Option<String>,
    budget: Option<String>,
    budgets: Vec<BudgetJson<'a>>,
}

#[derive(Serialize)]
struct BudgetJson<'a> {
    name: &'a str,
    budget: String,
    known_cost: String,
    is_whole: bool,
    is_over: bool,
}

impl<'a> BudgetJson<'a> {
    fn of(line: &'a BudgetLine) -> Self {
        Self {
            name: &line.name,
            budget: line.limit.to_string(),
            known_cost: line.spent.to_string(),
            is_whole: line.is_whole,
            is_over: line.is_over(),
        }
    }
}

impl CostAnswer<'_> {
    /// All of it; none where a part is not known.
    pub fn total(&self) -> Option<MicroDollars> {
        let rows: Option<MicroDollars> = self.costs.rows.iter().map(CostRow::total).sum();
        rows.filter(|_| self.span.gaps.is_empty()).map(|rows| rows + self.costs.beside_rows())
    }

    pub fn known(&self) -> MicroDollars {
        self.costs.rows.iter().map(CostRow::known).sum::<MicroDollars>() + self.costs.beside_rows()
    }

    /// The known rents of idle numbers for a year; none where not only those were asked for.
    fn idle_year(&self) -> Option<MicroDollars> {
        let rents: MicroDollars = self.costs.rows.iter().filter_map(|row| row.monthly_rent).sum();
        rents.times(12).filter(|_| self.is_idle)
    }

    fn unknown(&self) -> Vec<String> {
        let mut reasons: Vec<String> = self.costs.rows.iter().flat_map(CostRow::unknown).collect();
        reasons.dedup();
        reasons
    }
}

pub fn json(answer: &CostAnswer<'_>) -> String {
    let fees = answer.costs.fees.iter().map(|(name, fee)| (name.as_str(), fee.to_string()));
    let mut shared: BTreeMap<&str, String> = fees.collect();
    if answer.costs.unexplained != MicroDollars::default() {
        shared.insert("carrier_unexplained", answer.costs.unexplained.to_string());
    }
    escape::json_of(&AnswerJson {
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
        rent_a_year: answer.idle_year().map(|year| year.to_string()),
        budget: answer.budget.iter().find(|line| line.name == "total").map(|line| line.limit.to_string()),
        budgets: answer.budget.iter().map(BudgetJson::of).collect(),
    })
}

/// The columns of a table, and which of a row's texts each has.
type CostColumn = (&'static str, fn(&CostRowJson) -> Option<String>);

const SUMS: [CostColumn; 5] = [
    ("rent", |row| row.rent.clone()),
    ("retell_calls", |row| row.retell_calls.clone()),
    ("carrier", |row| row.carrier.clone()),
    ("carrier_is", |row| row.carrier_is.map(str::to_owned)),
    ("cost", |row| Some(row.cost.clone())),
];

fn columns(group: CostGroup) -> Vec<CostColumn> {
    let number: CostColumn = ("number", |row| row.phone_number.clone());
    let workspace: CostColumn = ("workspace", |row| row.workspace.clone());
    let agent: CostColumn = ("agent", |row| row.agent_path.clone().or_else(|| row.agent_name.clone()));
    let calls: CostColumn =
        ("calls", |row| Some(row.calls.map_or_else(|| UNKNOWN.to_owned(), |calls| calls.to_string())));
    let of_product: CostColumn = ("calls", |row| row.calls.map(|calls| calls.to_string()));
    let first: Vec<CostColumn> = match group {
        CostGroup::Number => vec![number, workspace, agent, calls],
        CostGroup::Agent => vec![agent, workspace, calls],
        CostGroup::Pool => vec![("pool", |row| row.pool.clone().flatten()), workspace, calls],
        CostGroup::Provider => vec![("provider", |row| row.provider.clone().flatten()), workspace, calls],
        CostGroup::Workspace => vec![workspace, calls],
        CostGroup::Product => {
            return vec![("product", |row| row.product.map(str::to_owned)), workspace, of_product, SUMS[4]];
        }
    };
    let sums = SUMS.into_iter().filter(|(name, _)| group == CostGroup::Number || *name != "carrier_is");
    first.into_iter().chain(sums).collect()
}

fn headings(answer: &CostAnswer<'_>) -> Vec<&'static str> {
    columns(answer.group).iter().map(|(name, _)| *name).collect()
}

fn records(answer: &CostAnswer<'_>) -> Vec<Vec<String>> {
    let columns = columns(answer.group);
    let record = |row: &CostRowJson| columns.iter().map(|(_, text)| text(row).unwrap_or_default()).collect();
    answer.rows().iter().map(record).collect()
}

pub fn csv(answer: &CostAnswer<'_>) -> String {
    let headings = headings(answer).into_iter().map(str::to_owned).collect();
    csv_document::document(std::iter::once(headings).chain(records(answer)))
}

/// The answer as a Markdown table.
pub fn markdown(answer: &CostAnswer<'_>) -> String {
    let safe = |record: Vec<String>| record.iter().map(|cell| markdown_table::cell(cell)).collect();
    markdown_table::table(&headings(answer), records(answer).into_iter().map(safe))
}

pub fn text(answer: &CostAnswer<'_>, room: Room) -> String {
    let mut text = format!("Costs from {} to {}, in USD\n\n", answer.span.since, answer.span.until);
    if answer.is_idle && answer.costs.rows.is_empty() {
        return text + "No number is known to be idle.\n";
    }
    let headings = headings(answer);
    let mut rows = vec![headings.iter().map(|name| heading(name)).collect::<Vec<_>>()];
    let row = |record: Vec<String>| headings.iter().zip(record).map(|(name, text)| cell(name, &text)).collect();
    rows.extend(records(answer).into_iter().map(row));
    let workspace = headings.iter().position(|name| *name == "workspace").filter(|at| *at > 0);
    for line in fitted_by(workspace, &rows, room) {
        text.push_str(&line);
        text.push('\n');
    }
    text.push_str(&sums(answer));
    text + &reasons(&answer.unknown())
}

/// A column's heading, and what stands for it where there is little room.
fn heading(name: &str) -> Cell {
    let heading = Cell::heading(&name.replace('_', " ").to_uppercase());
    match name {
        "retell_calls" => heading.or_short("RETELL"),
        "carrier_is" => heading.or_short("IS"),
        _ => heading,
    }
}

/// A text of a column, and what stands for it where there is little room: an agent's folder, an amount in cents.
fn cell(column: &str, text: &str) -> Cell {
    let shown = escape::terminal(text);
    let cell = Cell::plain(shown.clone());
    match (column, text) {
        (_, "") => Cell::faint("-"),
        ("agent", path) if path.starts_with("agents/") => cell.or_short(shown.trim_start_matches("agents/")),
        ("carrier_is", "apportioned") => cell.or_short("bill"),
        ("carrier_is", "estimated") => cell.or_short("est"),
        ("carrier_is", "included") => cell.or_short("incl"),
        ("rent" | "retell_calls" | "carrier" | "cost", amount) => {
            cell.or_short(MicroDollars::parse_dollars(amount).map_or(amount.to_owned(), MicroDollars::in_cents))
        }
        _ => cell,
    }
}

/// Why something is not known: a line for each reason, with the numbers that it is about.
fn reasons(unknown: &[String]) -> String {
    let mut numbers: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (number, reason) in unknown.iter().filter_map(|line| line.split_once(": ")) {
        numbers.entry(reason).or_default().insert(number);
    }
    let line = |(reason, numbers): (&str, BTreeSet<&str>)| {
        let first = numbers.first().copied().unwrap_or_default();
        let about =
            if numbers.len() == 1 { first.to_owned() } else { format!("{} numbers, such as {first}", numbers.len()) };
        format!("  {}: {}\n", escape::terminal(&about), escape::terminal(reason))
    };
    numbers.into_iter().map(line).collect()
}

/// What stands below the table: what is no number's, the total, and the budget.
fn sums(answer: &CostAnswer<'_>) -> String {
    let mut text = String::from("\n");
    for (name, fee) in &answer.costs.fees {
        text.push_str(&format!("Fee `{name}`: {fee}\n"));
    }
    if answer.costs.unexplained != MicroDollars::default() {
        text.push_str(&format!("Carrier's minutes that no number explains: {}\n", answer.costs.unexplained));
    }
    text.push_str(&match answer.total() {
        Some(total) => format!("Total: {total}\n"),
        None => format!("Total: unknown; {} are known\n", answer.known()),
    });
    if let Some(year) = answer.idle_year() {
        text.push_str(&format!("Rent of these numbers, a year: {year}\n"));
    }
    for line in answer.budget {
        let more = if line.is_whole { "" } else { ", and more that is not known" };
        text.push_str(&format!("Budget `{}`: {} of {}{more}\n", line.name, line.spent, line.limit));
    }
    text
}
