//! `phone-dir usage`: calls, read from Retell into the store and counted there.

mod call;
mod doctor;
mod export;
mod forget;
mod pull;
mod question;

use clap::Subcommand;

use super::desk::calls::{CallContext, WorkspaceChoice};
use super::{Exit, Session};
use crate::activity::time::Millis;
use crate::error::Result;
use crate::store::calls::CallStore;

/// Count the calls of numbers, agents, workspaces and days
///
/// Calls are read with `phone-dir usage pull` into a store on this machine, never into git: times, lengths, reasons, costs,
/// our number and the agent; not the other party's number, and nothing that was said. Every answer says for which time the
/// calls are known; a question beyond that ends with exit code 3.
#[derive(clap::Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Arguments {
    #[command(subcommand)]
    command: Option<UsageCommand>,
    #[command(flatten)]
    question: question::Arguments,
}

#[derive(Debug, Subcommand)]
enum UsageCommand {
    Pull(pull::Arguments),
    Call(call::Arguments),
    Export(export::Arguments),
    Forget(forget::Arguments),
    Doctor(doctor::Arguments),
}

/// Reads what is new once, for a receiver.
pub(in crate::commands) fn pull_now(choice: &WorkspaceChoice, session: &Session) -> Result<()> {
    pull::read_whole(&CallContext::of(choice, session)?, session)
}

/// Erases what is older than it is kept, for a receiver whose events no reading follows.
pub(in crate::commands) fn erase_due_now(choice: &WorkspaceChoice, now: Millis, session: &Session) -> Result<()> {
    let context = CallContext::of(choice, session)?;
    let keep = context.settings.usage.keep_calls;
    pull::erase_due(&mut CallStore::open(&context.place)?, keep, now)
}

pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    match &arguments.command {
        None => question::run(&arguments.question, session),
        Some(UsageCommand::Pull(options)) => pull::run(options, session),
        Some(UsageCommand::Call(options)) => call::run(options, session),
        Some(UsageCommand::Export(options)) => export::run(options, session),
        Some(UsageCommand::Forget(options)) => forget::run(options, session),
        Some(UsageCommand::Doctor(options)) => doctor::run(options, session),
    }
}
