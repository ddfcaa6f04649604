//! `phone-dir cost` itself.

use clap::ValueEnum;

use super::period::{self, Asking, Period};
use crate::activity::budget::CostBudget;
use crate::activity::idle;
use crate::commands::desk::calls::{self, CallContext, WorkspaceChoice};
use crate::commands::desk::names;
use crate::commands::options::FormatOf;
use crate::commands::{Exit, Session};
use crate::error::{Error, Result};
use crate::query;
use crate::render::cost::{self as render, CostAnswer, CostGroup};
use crate::store::calls::CallStore;

/// A question about costs.
#[derive(clap::Args, Clone, Debug)]
#[group(skip)] // It is part of the arguments of the command itself.
pub struct Arguments {
    #[command(flatten)]
    workspaces: WorkspaceChoice,
    /// The month (`2026-11`), in UTC; this one unless it is said
    #[arg(long, value_name = "MONTH", conflicts_with_all = ["since", "until"])]
    month: Option<String>,
    /// From the day of so long ago (`30d`), this day or this time, instead of a month
    #[arg(long, value_name = "WHEN")]
    since: Option<String>,
    /// Until the end of this day, in UTC
    #[arg(long, value_name = "WHEN", requires = "since")]
    until: Option<String>,
    /// One row for each of these
    #[arg(long, value_name = "WHAT", value_enum, default_value_t = CostBy::Number)]
    by: CostBy,
    /// Only numbers without a call for so long (`30d`), and what they cost
    #[arg(long, value_name = "LENGTH", value_parser = calls::span)]
    idle: Option<i64>,
    /// End with exit code 1 where a month is more than `[cost] budget` allows, over all or for a pool
    #[arg(long, conflicts_with_all = ["since", "until"])]
    budget: bool,
    /// Do not ask Twilio for its bill; minutes are then estimated by the price list, inbound ones only
    #[arg(long)]
    offline: bool,
    #[command(flatten)]
    format: FormatOf<CostFormat>,
}

/// What a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum CostBy {
    /// One of our numbers in a workspace
    Number,
    /// The agent that is bound to the numbers
    Agent,
    /// The pool that they are in
    Pool,
    /// Their carrier
    Provider,
    /// What is paid for: rent, Retell's calls, the carrier's minutes
    Product,
    /// The workspace
    Workspace,
}

impl CostBy {
    fn group(self) -> CostGroup {
        match self {
            Self::Number => CostGroup::Number,
            Self::Agent => CostGroup::Agent,
            Self::Pool => CostGroup::Pool,
            Self::Provider => CostGroup::Provider,
            Self::Product => CostGroup::Product,
            Self::Workspace => CostGroup::Workspace,
        }
    }
}

/// A format of an answer about costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum CostFormat {
    /// For people
    Human,
    /// For programs
    Json,
    /// For spreadsheets
    Csv,
    /// For pages and comments
    Markdown,
}

impl Arguments {
    fn period(&self, session: &Session) -> Result<Period> {
        let now = calls::now(session);
        match (&self.month, &self.since) {
            (Some(month), _) => Period::month(month),
            (None, None) => Period::month_of(now),
            (None, Some(since)) => {
                let since = calls::since(since, session)?;
                let until = self.until.as_deref().map_or(Ok(now), |text| calls::until(text, session))?;
                if since >= until {
                    return Err(Error::failed("`--since` is not before `--until`").hint("turn them around"));
                }
                Ok(Period::days(since, until))
            }
        }
    }
}

pub fn run(options: &Arguments, session: &Session) -> Result<Exit> {
    let asked = CallContext::of(&options.workspaces, session)?.workspaces;
    // A bill is divided by the minutes of all workspaces, whichever are asked about.
    let context = CallContext::of(&WorkspaceChoice::default(), session)?;
    let budget = context.settings.cost.budget.clone();
    if options.budget {
        check(&budget, &context)?;
    }
    let asking = if options.offline { Asking::Offline } else { Asking::Allowed };
    let mut told = period::tell(&context, options.period(session)?, asking, session)?;
    // What is budgeted is all of it, whatever part is shown.
    let budget = if options.budget { budget.lines(&told.costs) } else { Vec::new() };
    if asked.len() < context.workspaces.len() {
        told.costs.rows.retain(|row| row.workspace.as_ref().is_some_and(|name| asked.contains(name)));
        told.leave_rows_only();
    }
    if let Some(length) = options.idle {
        keep_idle(&mut told, &context, length, session)?;
    }
    let answer = CostAnswer {
        span: &told.span,
        coverage: &told.coverage,
        costs: &told.costs,
        group: options.by.group(),
        prices_as_of: told.prices.as_ref().map(|prices| prices.as_of.as_str()),
        budget: &budget,
        is_idle: options.idle.is_some(),
    };
    session.print(&match options.format.chosen() {
        CostFormat::Human => session.fitted(&render::text(&answer, session.room())),
        CostFormat::Json => render::json(&answer),
        CostFormat::Csv => render::csv(&answer),
        CostFormat::Markdown => render::markdown(&answer),
    })?;
    let over: Vec<_> = budget.iter().filter(|line| line.is_over()).collect();
    for line in &over {
        session.complain(&format!("over budget `{}`: {} USD are known, of {} USD", line.name, line.spent, line.limit));
    }
    let end = calls::end(&told.span, session);
    Ok(if over.is_empty() { end } else { Exit::Found })
}

/// A budget has to set something, and to name pools that there are.
fn check(budget: &CostBudget, context: &CallContext<'_>) -> Result<()> {
    if budget.is_empty() {
        return Err(Error::failed("there is no budget").hint("set `[cost] budget = \"500\"` in phone-dir.toml"));
    }
    budget.pools.keys().try_for_each(|pool| names::pool(context.directory.pools.as_ref(), pool.as_str()).map(drop))
}

/// Leaves the rows of idle numbers only.
fn keep_idle(told: &mut period::PeriodCost, context: &CallContext<'_>, length: i64, session: &Session) -> Result<()> {
    let rows = query::rows(&context.directory);
    let store = CallStore::open_to_ask(&context.place)?;
    let last = store.as_ref().map(|store| store.last_calls(&context.workspaces)).transpose()?.unwrap_or_default();
    let known = told.coverage.iter().filter_map(|known| known.complete).map(|span| span.until).min();
    let until = known.unwrap_or_else(|| calls::now(session));
    let judged = idle::idle(&rows, &told.coverage, &last, length, until);
    if !judged.unknown.is_empty() {
        told.span.gaps.push(crate::render::usage::not_known_to_be_idle(&judged));
    }
    told.leave_rows_only();
    told.costs.rows.retain(|row| {
        judged
            .idle
            .iter()
            .any(|idle| Some(idle.row.phone_number) == row.number && idle.row.workspace == row.workspace.as_ref())
    });
    told.costs.rows.sort_by_key(|row| std::cmp::Reverse(row.monthly_rent));
    Ok(())
}
