//! `phone-dir cost`: what numbers cost, and what of it the bills explain.

mod period;
mod prices;
mod question;
mod reconcile;

use clap::Subcommand;

use super::{Exit, Session};
use crate::error::Result;

/// Tell what each number costs: rent, Retell's calls, its carrier's minutes
///
/// Rent follows from the price list that `phone-dir cost prices` keeps, calls from what `phone-dir usage pull` read, and
/// minutes from Twilio's bill, divided so that the parts add up to it. What is not known is "unknown", never 0.
#[derive(clap::Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Arguments {
    #[command(subcommand)]
    command: Option<CostCommand>,
    #[command(flatten)]
    question: question::Arguments,
}

#[derive(Debug, Subcommand)]
enum CostCommand {
    Prices(prices::Arguments),
    Reconcile(reconcile::Arguments),
}

pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    match &arguments.command {
        None => question::run(&arguments.question, session),
        Some(CostCommand::Prices(options)) => prices::run(options, session),
        Some(CostCommand::Reconcile(options)) => reconcile::run(options, session),
    }
}
