//! `phone-dir usage` itself: an answer from the store.

use clap::ValueEnum;

use crate::activity::coverage::{AnswerSpan, AskedSpan, CallCoverage, answer_span};
use crate::activity::idle::{self, IdleAnswer};
use crate::activity::time::DAY;
use crate::activity::usage::{self, UsageFilter, UsageGroup, UsageRow};
use crate::commands::desk::calls::{self, CallContext, WorkspaceChoice};
use crate::commands::desk::names;
use crate::commands::options::FormatOf;
use crate::commands::{Exit, Session, completing};
use crate::error::{Error, Result};
use crate::model::PhoneNumber;
use crate::query;
use crate::render::usage::{self as render, Answer};
use crate::store::calls::{CallStore, TallyColumns};

/// How far back a question goes that does not say.
const USUAL: i64 = 30 * DAY;

/// A question about calls.
#[derive(clap::Args, Clone, Debug)]
#[group(skip)] // It is part of the arguments of the command itself.
pub struct Arguments {
    /// Only these numbers
    #[arg(value_name = "NUMBER", add = completing::numbers())]
    numbers: Vec<String>,
    #[command(flatten)]
    workspaces: WorkspaceChoice,
    /// Only calls that this agent took: its path, folder, id or name; may be given several times
    #[arg(long, value_name = "AGENT", add = completing::agents())]
    agent: Vec<String>,
    /// Only calls of numbers in this pool; may be given several times
    #[arg(long, value_name = "POOL", add = completing::pools())]
    pool: Vec<String>,
    /// Only calls since so long ago (`30d`), this day or this time, in UTC; 30 days unless it is said
    #[arg(long, value_name = "WHEN")]
    since: Option<String>,
    /// Only calls until the end of this day, or before this time, in UTC; until what is known unless it is said
    #[arg(long, value_name = "WHEN")]
    until: Option<String>,
    /// One row for each of these, in each workspace
    #[arg(long, value_name = "WHAT", value_enum, default_value_t = By::Number)]
    by: By,
    /// Numbers without a call for so long (`30d`), imported before that, and whose calls are known for all of it
    #[arg(long, value_name = "LENGTH", value_parser = calls::span, conflicts_with_all = ["agent", "since", "by", "top"])]
    idle: Option<i64>,
    /// At most so many rows
    #[arg(long, value_name = "COUNT")]
    top: Option<usize>,
    #[command(flatten)]
    format: FormatOf<UsageFormat>,
}

/// What a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum By {
    /// One of our numbers
    Number,
    /// The agent that took the calls
    Agent,
    /// The pool that our number is in
    Pool,
    /// Our number's carrier
    Provider,
    /// The workspace
    Workspace,
    /// The day, in UTC
    Day,
    /// The hour, in UTC
    Hour,
    /// Why the calls ended
    Reason,
    /// Which way they went
    Direction,
}

/// A format of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum UsageFormat {
    /// For people
    Human,
    /// For programs
    Json,
    /// For programs: one row a line
    Jsonl,
    /// For spreadsheets
    Csv,
    /// For pages and comments
    Markdown,
}

impl By {
    fn group(self) -> UsageGroup {
        match self {
            Self::Number => UsageGroup::Number,
            Self::Agent => UsageGroup::Agent,
            Self::Pool => UsageGroup::Pool,
            Self::Provider => UsageGroup::Provider,
            Self::Workspace => UsageGroup::Workspace,
            Self::Day => UsageGroup::Day,
            Self::Hour => UsageGroup::Hour,
            Self::Reason => UsageGroup::Reason,
            Self::Direction => UsageGroup::Direction,
        }
    }
}

impl Arguments {
    fn filter(&self, context: &CallContext<'_>) -> Result<UsageFilter> {
        let directory = &context.directory;
        // A number that was released may have had calls all the same.
        let number = |written: &String| match PhoneNumber::parse(written) {
            Ok(number) => Ok(number),
            Err(_) => names::entry(directory, written).map(|entry| entry.phone_number),
        };
        Ok(UsageFilter {
            numbers: self.numbers.iter().map(number).collect::<Result<_>>()?,
            pools: self
                .pool
                .iter()
                .map(|written| names::pool(directory.pools.as_ref(), written).map(|(name, _)| name.clone()))
                .collect::<Result<_>>()?,
            agents: self.agent.iter().map(|written| names::agent(directory, written)).collect::<Result<_>>()?,
        })
    }

    fn asked(&self, context: &CallContext<'_>, session: &Session) -> Result<AskedSpan> {
        let since = self.since.as_deref().map(|text| calls::since(text, session)).transpose()?;
        let until = self.until.as_deref().map(|text| calls::until(text, session)).transpose()?;
        if since.zip(until).is_some_and(|(since, until)| since >= until) {
            return Err(Error::failed("`--since` is not before `--until`").hint("turn them around"));
        }
        Ok(AskedSpan {
            since,
            until,
            usual: self.idle.unwrap_or(USUAL),
            stale_after: context.settings.usage.stale_after,
            needs_calls: !self.by.group().part().is_in_daily_counts(),
        })
    }
}

pub fn run(options: &Arguments, session: &Session) -> Result<Exit> {
    let context = CallContext::of(&options.workspaces, session)?;
    let filter = options.filter(&context)?;
    let asked = options.asked(&context, session)?;
    let store = CallStore::open_to_ask(&context.place)?;
    let coverage = context.coverage(store.as_ref())?;
    let mut span = answer_span(&asked, &coverage, calls::now(session));
    let rows = match (&store, options.idle) {
        (Some(store), None) => counted(options, &context, (store, &coverage), &span, &filter)?,
        _ => Vec::new(),
    };
    let undated = store.as_ref().map_or(Ok(0), |store| store.undated(&context.workspaces))?;
    let all = query::rows(&context.directory);
    let of_asked = |row: &query::Row<'_>| filter.admits_number(Some(row.phone_number), &context.directory);
    let lines: Vec<_> = all.into_iter().filter(of_asked).collect();
    let idle = match options.idle {
        None => IdleAnswer::default(),
        Some(length) => {
            let last =
                store.as_ref().map(|store| store.last_calls(&context.workspaces)).transpose()?.unwrap_or_default();
            span.since = span.until.minus(length);
            idle::idle(&lines, &coverage, &last, length, span.until)
        }
    };
    if !idle.unknown.is_empty() {
        span.gaps.push(render::not_known_to_be_idle(&idle));
    }
    let answer = Answer {
        span: &span,
        coverage: &coverage,
        group: options.by.group(),
        rows: &rows,
        idle: options.idle.map(|_| &idle),
        directory: &context.directory,
        undated,
    };
    print(options, &answer, session)?;
    Ok(calls::end(&span, session))
}

fn counted(
    options: &Arguments,
    context: &CallContext<'_>,
    (store, coverage): (&CallStore, &[CallCoverage]),
    span: &AnswerSpan,
    filter: &UsageFilter,
) -> Result<Vec<UsageRow>> {
    let group = options.by.group();
    let columns = TallyColumns {
        number: group.needs_number() || filter.needs_number(),
        agent: group == UsageGroup::Agent || !filter.agents.is_empty(),
        part: group.part(),
    };
    let tallies = store.tallies(&context.workspaces, span.since, span.until, columns)?;
    let known: Vec<_> =
        coverage.iter().filter(|known| known.complete.is_some()).map(|known| &known.workspace).collect();
    let mut rows = usage::rows(&tallies, &context.directory, group, filter, &known);
    rows.truncate(options.top.unwrap_or(usize::MAX));
    Ok(rows)
}

fn print(options: &Arguments, answer: &Answer<'_>, session: &Session) -> Result<()> {
    session.print(&match options.format.chosen() {
        UsageFormat::Human => session.fitted(&render::text::answer(answer, session.room())),
        UsageFormat::Json => render::json::answer(answer),
        UsageFormat::Jsonl => render::json::lines(answer),
        UsageFormat::Csv => render::table::csv(answer),
        UsageFormat::Markdown => render::table::markdown(answer),
    })
}
