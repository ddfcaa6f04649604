//! `phone-dir pools`: numbers grouped by purpose, which of them are free, and taking and returning them.

mod allocate;
mod definition;
mod membership;
pub mod past_uses;
mod recording;
mod release;
mod reserve;

use clap::{Args, Subcommand};

use super::desk::{AsOf, Desk, known_calls, names};
use super::{Exit, Session, completing};
use crate::activity::pool::PoolActivity;
use crate::activity::rent::RentList;
use crate::commands::options::OutputFormat;
use crate::error::{Error, Result};
use crate::model::pools::{Pool, PoolName};
use crate::model::{Day, Directory, WorkspaceName};
use crate::pools::{Inventory, inventory};
use crate::render;
use crate::validate::Settings;

/// Pools: numbers grouped by purpose, which of them are free, and taking and returning them
///
/// `phone-numbers/pools.json` has each pool's purpose, owner and workspaces, its numbers, and what people decided about
/// them: reserved, resting, retired. What is in service and what is free follows from the directory: free in a workspace
/// is a number that is imported there, that no agent and no webhook answers for calls or texts, that nothing reserves,
/// and whose calls would arrive at Retell.
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Arguments {
    #[command(subcommand)]
    command: Option<PoolsCommand>,
    #[command(flatten)]
    question: PoolsQuestion,
}

/// What is asked where nothing is to be changed.
#[derive(Args, Debug)]
pub struct PoolsQuestion {
    /// The pool; all pools without it
    #[arg(value_name = "NAME", add = completing::pools())]
    name: Option<String>,
    /// Count in this workspace alone
    #[arg(short, long, value_name = "NAME", add = completing::workspaces())]
    workspace: Option<String>,
    #[command(flatten)]
    as_of: AsOf,
    #[command(flatten)]
    output: OutputFormat,
}

#[derive(Debug, Subcommand)]
enum PoolsCommand {
    Create(definition::CreateArguments),
    Edit(definition::EditArguments),
    Delete(definition::DeleteArguments),
    Add(membership::AddArguments),
    Remove(membership::RemoveArguments),
    Reserve(reserve::Arguments),
    Retire(reserve::RetireArguments),
    Release(Box<release::Arguments>),
    Allocate(Box<allocate::Arguments>),
}

pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    match &arguments.command {
        None => answer(&arguments.question, session),
        Some(PoolsCommand::Create(arguments)) => definition::create(arguments, session),
        Some(PoolsCommand::Edit(arguments)) => definition::edit(arguments, session),
        Some(PoolsCommand::Delete(arguments)) => definition::delete(arguments, session),
        Some(PoolsCommand::Add(arguments)) => membership::add(arguments, session),
        Some(PoolsCommand::Remove(arguments)) => membership::remove(arguments, session),
        Some(PoolsCommand::Reserve(arguments)) => reserve::run(arguments, session),
        Some(PoolsCommand::Retire(arguments)) => reserve::retire(arguments, session),
        Some(PoolsCommand::Release(arguments)) => release::run(arguments, session),
        Some(PoolsCommand::Allocate(arguments)) => allocate::run(arguments, session),
    }
}

fn answer(question: &PoolsQuestion, session: &Session) -> Result<Exit> {
    let desk = Desk::to_ask(session)?;
    let (snapshot, directory) = desk.read(&question.as_of)?;
    session.note_unread(&directory);
    let settings = Settings::in_snapshot(&snapshot);
    let inventory = Inventory::new(&directory, Day::of(session.now), &settings.sip_hosts);
    let workspace = names::optional_workspace(&directory, question.workspace.as_ref())?;
    let name = question.name.as_deref().map(|name| names::pool(directory.pools.as_ref(), name)).transpose()?;
    // What happens now says nothing of an earlier state.
    let calls =
        if question.as_of.at.is_some() { None } else { known_calls::traffic(&desk.project, &directory, session) };
    let prices = directory.prices.as_ref();
    let rents = RentList { prices, retell_numbers: &settings.cost.retell_numbers };
    let activity = calls.as_ref().map(|traffic| PoolActivity { traffic, rents });
    let only = name.map(|(name, _)| name);
    let answer = render::pools::Answer { inventory, only, workspace: workspace.as_ref(), activity };
    session.answer(
        question.output,
        || render::pools::json(&answer),
        || render::pools::text(&answer, session.room()),
    )?;
    Ok(Exit::Done)
}

/// The workspace that was named, else the pool's only one.
fn workspace_of(
    directory: &Directory,
    (name, pool): (&PoolName, &Pool),
    written: Option<&String>,
) -> Result<WorkspaceName> {
    let workspaces = inventory::workspaces_of(directory, pool);
    let listed = || workspaces.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    match (written, workspaces.as_slice()) {
        (Some(written), _) => {
            let workspace = names::workspace(directory, written)?;
            if workspaces.contains(&workspace) {
                return Ok(workspace);
            }
            Err(Error::failed(format!("the pool `{name}` is not used in `{workspace}`"))
                .hint(format!("it is used in {}; `phone-dir pools edit {name} --workspace W` changes that", listed())))
        }
        (None, [only]) => Ok(only.clone()),
        (None, _) => Err(Error::failed(format!("the pool `{name}` is used in several workspaces"))
            .hint(format!("name one with `--workspace`: {}", listed()))),
    }
}
