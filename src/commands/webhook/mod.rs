//! `phone-dir webhook`: Retell's events, received as calls happen.

mod keys;
mod page_facts;
mod serve;
mod status;
mod verify;

use clap::Subcommand;

use super::{Exit, Session};
use crate::error::Result;

/// Receive Retell's events into the store of calls, as calls happen
///
/// An event is verified by its signature: the key that made it names the workspace. What `phone-dir usage pull` reads later is
/// joined with it into one call, in whatever order both come.
#[derive(clap::Args, Debug)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub struct Arguments {
    #[command(subcommand)]
    command: WebhookCommand,
}

#[derive(Debug, Subcommand)]
enum WebhookCommand {
    Serve(Box<serve::Arguments>),
    Verify(verify::Arguments),
    Status(status::Arguments),
}

pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    match &arguments.command {
        WebhookCommand::Serve(options) => serve::run(options, session),
        WebhookCommand::Verify(options) => verify::run(options, session),
        WebhookCommand::Status(options) => status::run(options, session),
    }
}
