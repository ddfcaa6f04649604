//! `phone-dir capacity`: which numbers are free, for how long still, and how near calls come to their limit.

mod calls;
mod find;
mod question;
mod weeks;

use clap::Subcommand;

pub use weeks::PastWeeks;

use super::{Exit, Session};
use crate::error::Result;

/// Tell how many numbers are free, why the others are not, and when none is left
///
/// Numbers are counted by the groups of `[[capacity.group]]` in phone-dir.toml, then by pool; a number is free as
/// `phone-dir pools` counts it. A week's consumption is how many more numbers were in service at its end than at its
/// beginning, by the first-parent history of the last 12 weeks: the forecast reaches from what nine of ten weeks did not
/// exceed to the median week. With less than four weeks of history there is no forecast.
///
/// `--live` asks Retell how many calls each workspace has and may have; peaks and lost calls are those of the last 30
/// days in the store of `phone-dir usage pull`, where there is one.
///
/// Exit codes: 0; 1 where an error threshold is crossed (`--strict`: any); 2 on an error; 3 where Retell could not be
/// read or the clone lacks history.
#[derive(clap::Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    question: question::Arguments,
}

#[derive(Debug, Subcommand)]
enum Command {
    Find(find::Arguments),
}

pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    match &arguments.command {
        None => question::run(&arguments.question, session),
        Some(Command::Find(options)) => find::run(options, session),
    }
}
