//! `phone-dir pools reserve` and `retire`: what people decide about a number of a pool.

use clap::Args;

use super::membership::{not_in, written_number};
use super::past_uses::last_uses;
use super::recording::record;
use super::workspace_of;
use crate::commands::desk::publishing::WritingOptions;
use crate::commands::desk::{WritingDesk, names};
use crate::commands::{Exit, Session, completing};
use crate::error::{Error, Result};
use crate::model::pools::{MemberState, PoolsFile};
use crate::model::{Day, PhoneNumber};
use crate::pools::{Choice, Inventory};
use crate::render::pools::recorded::PoolChange;

/// Keep numbers of a pool for something, until a day, and commit it
///
/// A reserved number is not allocated. `--clear` ends a reservation, a rest or a retirement.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The numbers, in E.164 or as people write them
    #[arg(value_name = "NUMBER", required_unless_present = "count", add = completing::numbers())]
    numbers: Vec<String>,
    /// Reserve so many free numbers of `--pool` instead
    #[arg(long, value_name = "N", requires = "pool", conflicts_with_all = ["numbers", "clear"])]
    count: Option<usize>,
    /// The pool to choose from
    #[arg(long, value_name = "NAME", requires = "count", add = completing::pools())]
    pool: Option<String>,
    /// The workspace in which they have to be free; the pool's only one without it
    #[arg(short, long, value_name = "NAME", requires = "count", add = completing::workspaces())]
    workspace: Option<String>,
    /// The last day, such as `2026-12-28`, in UTC
    #[arg(long, value_name = "DAY", value_parser = day, required_unless_present = "clear")]
    until: Option<Day>,
    /// What for
    #[arg(long = "for", value_name = "REASON", value_parser = reason, required_unless_present = "clear")]
    reason: Option<String>,
    /// End what keeps the numbers from being used
    #[arg(long, conflicts_with_all = ["until", "reason"])]
    clear: bool,
    #[command(flatten)]
    options: WritingOptions,
}

/// Take numbers of a pool out of use for good, and commit it
///
/// They stay as they are in Retell; `pools release` unbinds them. `pools reserve --clear` takes it back.
#[derive(Args, Debug)]
pub struct RetireArguments {
    /// The numbers, in E.164 or as people write them
    #[arg(value_name = "NUMBER", required = true, add = completing::numbers())]
    numbers: Vec<String>,
    /// Why
    #[arg(long = "for", value_name = "REASON", value_parser = reason)]
    reason: String,
    #[command(flatten)]
    options: WritingOptions,
}

fn day(text: &str) -> Result<Day, String> {
    Day::parse(text).map_err(|error| error.to_string())
}

/// Reads why something is decided.
pub fn reason(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() { Err("a reason is needed, for those who ask later".to_owned()) } else { Ok(text.to_owned()) }
}

/// Reserves numbers, or ends what keeps them.
pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    let today = Day::of(session.now);
    if let Some(until) = arguments.until.filter(|until| *until < today) {
        return Err(Error::failed(format!("{until} is over")).hint(format!("give {today} or a later day")));
    }
    record(session, "pools reserve", &arguments.options, |locked, file| {
        let numbers = match arguments.count {
            Some(count) => free_numbers(arguments, locked, count, today)?,
            None => written_members(locked, file, &arguments.numbers)?,
        };
        match (arguments.until, &arguments.reason) {
            (Some(until), Some(reason)) => put(file, &numbers, (MemberState::Reserved, Some(until), reason)),
            _ => Ok(clear(file, &numbers)),
        }
    })
}

pub fn retire(arguments: &RetireArguments, session: &Session) -> Result<Exit> {
    record(session, "pools retire", &arguments.options, |locked, file| {
        let numbers = written_members(locked, file, &arguments.numbers)?;
        put(file, &numbers, (MemberState::Retired, None, &arguments.reason))
    })
}

fn written_members(locked: &WritingDesk<'_>, file: &PoolsFile, written: &[String]) -> Result<Vec<PhoneNumber>> {
    let member = |text: &String| {
        let number = written_number(&locked.before, text)?;
        if file.members.contains_key(&number) { Ok(number) } else { Err(not_in(file, number, None)) }
    };
    written.iter().map(member).collect()
}

/// The free numbers that are taken first.
fn free_numbers(arguments: &Arguments, locked: &WritingDesk<'_>, count: usize, today: Day) -> Result<Vec<PhoneNumber>> {
    let directory = &locked.before;
    let pool = names::pool(directory.pools.as_ref(), arguments.pool.as_deref().unwrap_or_default())?;
    let workspace = workspace_of(directory, pool, arguments.workspace.as_ref())?;
    let settings = locked.settings();
    let inventory = Inventory::new(directory, today, &settings.sip_hosts);
    let uses = last_uses(&locked.desk, &workspace)?;
    let choice = Choice::of(&inventory, (pool.0, &workspace), &uses, |_| true);
    if choice.ranking.len() < count {
        return Err(Error::failed(format!(
            "only {} of the {} numbers of `{}` are free in `{workspace}`: {}",
            choice.ranking.len(),
            choice.tally.total,
            pool.0,
            choice.tally.why_not()
        ))
        .hint("ask for fewer, or put more into the pool with `phone-dir pools add`"));
    }
    Ok(choice.first(count).iter().map(|candidate| candidate.phone_number).collect())
}

fn put(
    file: &mut PoolsFile,
    numbers: &[PhoneNumber],
    (state, until, reason): (MemberState, Option<Day>, &str),
) -> Result<Vec<PoolChange>> {
    let mut changes = Vec::new();
    for number in numbers {
        let Some(member) = file.members.get_mut(number) else { return Err(not_in(file, *number, None)) };
        let after = member.clone().with_state(state, until, reason);
        if after != *member {
            let day = until.map(|until| format!(" until {until}")).unwrap_or_default();
            changes.push(PoolChange::of_number(&member.pool, *number, format!("{state}{day} in {}", member.pool)));
            *member = after;
        }
    }
    Ok(changes)
}

fn clear(file: &mut PoolsFile, numbers: &[PhoneNumber]) -> Vec<PoolChange> {
    let mut changes = Vec::new();
    for number in numbers {
        let Some(member) = file.members.get_mut(number) else { continue };
        let Some(state) = member.state else { continue };
        changes.push(PoolChange::of_number(&member.pool, *number, format!("not {state} any more in {}", member.pool)));
        *member = member.clone().without_state();
    }
    changes
}
