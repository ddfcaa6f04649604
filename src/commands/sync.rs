//! `phone-dir sync`

use super::desk::providers::Sources;
use super::syncing;
use super::{Exit, Session};
use crate::error::Result;

/// Bring the directory in step with Twilio and Retell, and commit what changed
///
/// Only what was read completely is applied: an incomplete read removes and clears nothing, and ends with exit
/// code 3. A sync that would remove, unassign or rebind suspiciously much is refused, with the flag that allows it.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    #[command(flatten)]
    options: syncing::Options,
    #[command(flatten)]
    take: syncing::TakeOptions,
}

pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    syncing::run(Sources::Both, &arguments.options, &arguments.take, session)
}
