//! `phone-dir pools add` and `remove`: which numbers are in a pool.

use std::collections::BTreeSet;

use clap::Args;

use super::recording::record;
use crate::commands::desk::publishing::WritingOptions;
use crate::commands::desk::{WritingDesk, names};
use crate::commands::rows::RowFilters;
use crate::commands::{Exit, Session, completing};
use crate::error::{Error, Result};
use crate::model::pools::{Member, Pool, PoolName, PoolsFile};
use crate::model::{Directory, PhoneNumber};
use crate::pools::obstacle;
use crate::query;
use crate::render::pools::recorded::PoolChange;

/// The pool, and which numbers of it.
#[derive(Args, Debug)]
struct MemberOptions {
    /// The pool
    #[arg(value_name = "NAME", add = completing::pools())]
    name: String,
    /// The numbers, in E.164 or as people write them
    #[arg(value_name = "NUMBER", add = completing::numbers())]
    numbers: Vec<String>,
    #[command(flatten)]
    choice: RowFilters,
    #[command(flatten)]
    options: WritingOptions,
}

/// Put numbers into a pool, and commit it
///
/// A number is in one pool at most.
#[derive(Args, Debug)]
pub struct AddArguments {
    #[command(flatten)]
    members: MemberOptions,
}

/// Take numbers out of a pool, and commit it
///
/// They stay as they are in the directory and in Retell.
#[derive(Args, Debug)]
pub struct RemoveArguments {
    #[command(flatten)]
    members: MemberOptions,
}

pub fn add(arguments: &AddArguments, session: &Session) -> Result<Exit> {
    let arguments = &arguments.members;
    record(session, "pools add", &arguments.options, |locked, file| {
        let (name, pool) = names::pool(Some(file), &arguments.name)?;
        let (name, pool) = (name.clone(), pool.clone());
        let mut numbers = chosen(&locked.before, &arguments.choice)?;
        for written in &arguments.numbers {
            numbers.insert(names::entry(&locked.before, written)?.phone_number);
        }
        refuse_none(&numbers, arguments.numbers.is_empty() && arguments.choice.is_empty())?;
        let numbers: Vec<_> = numbers.into_iter().filter(|number| !is_in(file, *number, &name)).collect();
        refuse_others(file, &numbers)?;
        refuse_unaccepted(locked, (&name, &pool), &numbers)?;
        let add = |number: PhoneNumber| {
            file.members.insert(number, Member::new(name.clone(), session.now));
            PoolChange::of_number(&name, number, format!("added to {name}"))
        };
        Ok(numbers.into_iter().map(add).collect())
    })
}

/// Takes numbers out of a pool.
pub fn remove(arguments: &RemoveArguments, session: &Session) -> Result<Exit> {
    let arguments = &arguments.members;
    record(session, "pools remove", &arguments.options, |locked, file| {
        let name = names::pool(Some(file), &arguments.name)?.0.clone();
        let mut numbers = chosen(&locked.before, &arguments.choice)?;
        numbers.retain(|number| is_in(file, *number, &name));
        for written in &arguments.numbers {
            let number = written_number(&locked.before, written)?;
            if !is_in(file, number, &name) {
                return Err(not_in(file, number, Some(&name)));
            }
            numbers.insert(number);
        }
        refuse_none(&numbers, arguments.numbers.is_empty() && arguments.choice.is_empty())?;
        let remove = |number: PhoneNumber| {
            file.members.remove(&number);
            PoolChange::of_number(&name, number, format!("removed from {name}"))
        };
        Ok(numbers.into_iter().map(remove).collect())
    })
}

/// The numbers that the filters choose; none where there are no filters.
fn chosen(directory: &Directory, choice: &RowFilters) -> Result<BTreeSet<PhoneNumber>> {
    if choice.is_empty() {
        return Ok(BTreeSet::new());
    }
    let filter = choice.filter(directory)?;
    let rows = query::rows(directory).into_iter().filter(|row| filter.admits(directory, row));
    Ok(rows.filter(|row| row.entry.is_some()).map(|row| row.phone_number).collect())
}

/// A number that a pool may have after the directory lost it.
pub fn written_number(directory: &Directory, written: &str) -> Result<PhoneNumber> {
    names::number(directory, written)
}

fn is_in(file: &PoolsFile, number: PhoneNumber, name: &PoolName) -> bool {
    file.members.get(&number).is_some_and(|member| member.pool == *name)
}

/// That a number is not in a pool, or in none, and where it is.
pub fn not_in(file: &PoolsFile, number: PhoneNumber, name: Option<&PoolName>) -> Error {
    let pool = name.map_or_else(|| "in a pool".to_owned(), |name| format!("in the pool `{name}`"));
    let error = Error::failed(format!("{number} is not {pool}"));
    match file.members.get(&number) {
        Some(member) => error.hint(format!("it is in the pool `{}`", member.pool)),
        None => error.hint("`phone-dir pools` lists the pools; `phone-dir pools add NAME NUMBER` puts it into one"),
    }
}

fn refuse_none(numbers: &BTreeSet<PhoneNumber>, nothing_was_given: bool) -> Result<()> {
    match (numbers.is_empty(), nothing_was_given) {
        (false, _) => Ok(()),
        (true, true) => {
            Err(Error::failed("no number was given").hint("name numbers, or choose them as with `phone-dir search`"))
        }
        (true, false) => Err(Error::failed("the filters choose no number")),
    }
}

fn refuse_others(file: &PoolsFile, numbers: &[PhoneNumber]) -> Result<()> {
    let taken = numbers.iter().filter_map(|number| Some((number, &file.members.get(number)?.pool)));
    let lines: Vec<_> = taken.map(|(number, pool)| format!("\n{number} is in the pool `{pool}`")).collect();
    if lines.is_empty() {
        return Ok(());
    }
    Err(Error::failed(format!("a number is in one pool at most; nothing was changed{}", lines.concat()))
        .hint("take it out first with `phone-dir pools remove NAME NUMBER`"))
}

fn refuse_unaccepted(
    locked: &WritingDesk<'_>,
    (name, pool): (&PoolName, &Pool),
    numbers: &[PhoneNumber],
) -> Result<()> {
    let is_refused = |number: &&PhoneNumber| {
        locked.before.number(**number).is_some_and(|entry| obstacle::of_pool(pool, entry).is_some())
    };
    let refused: Vec<_> = numbers.iter().filter(is_refused).map(ToString::to_string).collect();
    if refused.is_empty() {
        return Ok(());
    }
    Err(Error::failed(format!("the pool `{name}` does not accept {}", refused.join(", ")))
        .hint(format!("`phone-dir pools {name}` shows what it accepts, and `phone-dir pools edit {name}` changes it")))
}
