//! `phone-dir sync-twilio`

use super::desk::providers::Sources;
use super::syncing;
use super::{Exit, Session};
use crate::error::Result;

/// Refresh numbers, trunks and SIP settings from Twilio, and commit what changed
///
/// With `--workspace`, only the entries of numbers registered there; else the whole account, so that a number that
/// no workspace has imported is in the directory, too. The rules of `sync` apply.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    #[command(flatten)]
    options: syncing::Options,
}

pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    syncing::run(Sources::Twilio, &arguments.options, &syncing::TakeOptions::default(), session)
}
