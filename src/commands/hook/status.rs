//! `phone-dir hook status`

use clap::Args;

use super::place;
use crate::commands::options::OutputFormat;
use crate::commands::{Exit, Session};
use crate::error::Result;
use crate::render::hook_status::{self, HookStatus};
use crate::store::hooks_folder::HooksFolder;

/// How to print.
#[derive(Args, Debug)]
pub struct Arguments {
    #[command(flatten)]
    pub(super) output: OutputFormat,
}

pub fn run(options: &Arguments, session: &Session) -> Result<Exit> {
    let repository = place::repository(session)?;
    if let Some(off) = repository.configuration().hooks_off()? {
        return print(options, session, &HookStatus::switched_off(&off));
    }
    let folder = HooksFolder::of(&repository)?;
    let place = folder.place().display().to_string();
    print(options, session, &HookStatus::of(&place, &place::state(&repository, &folder)?))
}

fn print(options: &Arguments, session: &Session, status: &HookStatus<'_>) -> Result<Exit> {
    session.answer(options.output, || hook_status::json(status), || hook_status::text(status))?;
    Ok(Exit::Done)
}
