//! `phone-dir capacity` itself.

use clap::ValueEnum;

use super::calls;
use super::weeks::PastWeeks;
use crate::capacity::group::pools_of;
use crate::capacity::{
    CapacityReport, CapacityVerdict, CrossedThreshold, GroupMatch, GroupStock, GroupThresholds, GroupedBy, JudgedGroup,
};
use crate::commands::desk::calls::{CallContext, WorkspaceChoice};
use crate::commands::options::FormatOf;
use crate::commands::{Exit, Session};
use crate::error::Result;
use crate::model::{Day, Directory};
use crate::pools::Inventory;
use crate::render::capacity::{github, json, metrics, table, text};
use crate::validate::settings::CapacitySettings;

/// A question about capacity.
#[derive(clap::Args, Clone, Debug)]
#[group(skip)] // It is part of the arguments of the command itself.
pub struct Arguments {
    /// Ask Retell how many calls each workspace has at the moment, and may have
    #[arg(long)]
    live: bool,
    /// Count by this instead of by the groups of phone-dir.toml
    #[arg(long, value_name = "WHAT", value_enum)]
    by: Option<CapacityBy>,
    /// End with exit code 1 also where a warning threshold is crossed
    #[arg(long)]
    strict: bool,
    #[command(flatten)]
    format: FormatOf<CapacityFormat>,
}

/// What numbers are counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum CapacityBy {
    /// Their pool
    Pool,
    /// Their area code
    Area,
    /// Their kind
    Type,
    /// Their country
    Country,
    /// The workspace, as each number stands there
    Workspace,
}

/// A format of an answer about capacity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum CapacityFormat {
    /// For people
    Human,
    /// For programs
    Json,
    /// For spreadsheets
    Csv,
    /// For pages and comments
    Markdown,
    /// Annotations for GitHub Actions
    Github,
    /// Prometheus text, for a textfile collector
    Metrics,
}

pub fn run(options: &Arguments, session: &Session) -> Result<Exit> {
    let context = CallContext::of(&WorkspaceChoice::default(), session)?;
    let settings = &context.settings.capacity;
    let today = Day::of(session.now);
    let inventory = Inventory::new(&context.directory, today, &context.settings.sip_hosts);
    let stocks = match options.by {
        None => configured(&inventory, settings),
        Some(by) => grouped(&inventory, by.trait_of_numbers(), settings),
    };
    let weeks = PastWeeks::read(&context.desk, &context.directory)?;
    let judged = stocks.into_iter().map(|stock| {
        let outlook = weeks.outlook(&stock, &context.settings.sip_hosts, today);
        JudgedGroup::of(stock, outlook, today)
    });
    let groups = judged.collect();
    let (rows, coverage) = calls::concurrency(&context, options.live, session)?;
    let report = CapacityReport::new(groups, rows, coverage);
    session.print(&match options.format.chosen() {
        CapacityFormat::Human => session.fitted(&text::write(&report, session.room())),
        CapacityFormat::Json => json::write(&report),
        CapacityFormat::Csv => table::csv(&report),
        CapacityFormat::Markdown => table::markdown(&report),
        CapacityFormat::Github => github::write(&report),
        CapacityFormat::Metrics => metrics::write(&report),
    })?;
    Ok(end(&report, options, session))
}

impl CapacityBy {
    fn trait_of_numbers(self) -> GroupedBy {
        match self {
            Self::Pool => GroupedBy::Pool,
            Self::Area => GroupedBy::Area,
            Self::Type => GroupedBy::Type,
            Self::Country => GroupedBy::Country,
            Self::Workspace => GroupedBy::Workspace,
        }
    }
}

/// The groups of the settings, then the pools that none of them names; by workspace where there are neither.
fn configured(inventory: &Inventory<'_>, settings: &CapacitySettings) -> Vec<GroupStock> {
    let directory = inventory.directory();
    let groups: Vec<_> = settings.groups.iter().map(|it| (it.group.clone(), it.thresholds)).collect();
    let mut stocks = GroupStock::in_order(inventory, &groups);
    let is_named = |pool: &GroupMatch| groups.iter().any(|(group, _)| group.pool == pool.pool);
    let others = pools_of(directory).filter(|pool| !is_named(pool));
    stocks.extend(others.map(|pool| GroupStock::of(inventory, pool, GroupThresholds::default())));
    if stocks.is_empty() {
        return grouped(inventory, GroupedBy::Workspace, settings);
    }
    stocks
}

/// One group for each value, with the thresholds of the group that is set for exactly this one.
fn grouped(inventory: &Inventory<'_>, by: GroupedBy, settings: &CapacitySettings) -> Vec<GroupStock> {
    let directory: &Directory = inventory.directory();
    let stock = |group: GroupMatch| {
        let thresholds = settings.thresholds_of(&group);
        GroupStock::of(inventory, group, thresholds)
    };
    by.groups(directory).into_iter().map(stock).collect()
}

/// Decides how the command ends, and says on the error stream what could not be read.
fn end(report: &CapacityReport, options: &Arguments, session: &Session) -> Exit {
    if report.verdict() == CapacityVerdict::Unknown {
        for why in report.unread() {
            session.complain(&format!("cannot tell: {why}"));
        }
        return Exit::CannotTell;
    }
    match report.crossed() {
        Some(CrossedThreshold::Error) => Exit::Found,
        Some(CrossedThreshold::Warning) if options.strict => Exit::Found,
        Some(CrossedThreshold::Warning) | None => Exit::Done,
    }
}
