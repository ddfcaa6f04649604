//! `phone-dir rules`

use clap::Args;

use super::{Exit, Session};
use crate::commands::options::OutputFormat;
use crate::error::Result;
use crate::render::rules;

/// List the rules that `validate` checks
///
/// `phone-dir explain CODE` says more of each. `[rules]` in phone-dir.toml sets one to off, warning or error.
#[derive(Args, Debug)]
pub struct Arguments {
    #[command(flatten)]
    output: OutputFormat,
}

pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    session.print(&if arguments.output.is_json() { rules::json() } else { rules::list(session.room()) })?;
    Ok(Exit::Done)
}
