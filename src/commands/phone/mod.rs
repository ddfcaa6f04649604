//! `phone-dir phone`: numbers in Retell itself, one at a time. Every change is written down in the directory.

mod delete;
pub(in crate::commands) mod fields;
mod get;
mod import;
mod list;
pub(in crate::commands) mod number;
pub(in crate::commands) mod password;
mod update;

use clap::Subcommand;

use super::{Exit, Session};
use crate::error::Result;

/// Numbers in Retell: import, change, look at and delete them, and write every change down
///
/// A change is made in Retell, read back, written to the directory and committed. `retell phone …` is the same.
#[derive(clap::Args, Debug)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub struct Arguments {
    #[command(subcommand)]
    command: PhoneCommand,
}

#[derive(Debug, Subcommand)]
enum PhoneCommand {
    Import(Box<import::Arguments>),
    Update(Box<update::Arguments>),
    List(list::Arguments),
    Get(get::Arguments),
    Delete(delete::Arguments),
}

pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    match &arguments.command {
        PhoneCommand::Import(arguments) => import::run(arguments, session),
        PhoneCommand::Update(arguments) => update::run(arguments, session),
        PhoneCommand::List(arguments) => list::run(arguments, session),
        PhoneCommand::Get(arguments) => get::run(arguments, session),
        PhoneCommand::Delete(arguments) => delete::run(arguments, session),
    }
}
