//! `phone-dir sync-retell`

use super::desk::providers::Sources;
use super::syncing;
use super::{Exit, Session};
use crate::error::Result;

/// Refresh registered numbers and their agents from Retell, and commit what changed
///
/// With `--workspace`, of that workspace; else of all. The rules of `sync` apply.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    #[command(flatten)]
    options: syncing::Options,
    #[command(flatten)]
    take: syncing::TakeOptions,
}

pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    syncing::run(Sources::Retell, &arguments.options, &arguments.take, session)
}
