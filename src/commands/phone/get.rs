//! `phone-dir phone get NUMBER`

use std::collections::BTreeMap;

use super::number::Target;
use crate::commands::batch::live_directory;
use crate::commands::desk::{AsOf, Desk};
use crate::commands::options::OutputFormat;
use crate::commands::{Exit, Session};
use crate::error::{Error, Result};
use crate::render::live_number;

/// Show a number as Retell has it in a workspace right now; nothing is written
#[derive(clap::Args, Debug)]
pub struct Arguments {
    #[command(flatten)]
    target: Target,
    #[command(flatten)]
    output: OutputFormat,
}

pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    let desk = Desk::to_ask(session)?;
    let directory = desk.directory(&AsOf::default())?;
    let (workspace, phone_number) = arguments.target.find(&directory)?;
    let live = live_directory(&desk, &directory, &BTreeMap::from([(workspace.clone(), Some(phone_number))]))?;
    let files = live.workspaces.get(&workspace);
    let entry = files.and_then(|files| files.registered(phone_number)).ok_or_else(|| {
        Error::failed(format!("Retell's workspace `{workspace}` does not have {phone_number}"))
            .hint(format!("`phone-dir phone list --workspace {workspace}` shows what it has"))
    })?;
    let assignment = files.and_then(|files| files.assignment(phone_number));
    session.answer(
        arguments.output,
        || live_number::json(&workspace, entry, assignment),
        || live_number::text(&workspace, entry, assignment),
    )?;
    Ok(Exit::Done)
}
