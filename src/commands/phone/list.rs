//! `phone-dir phone list`

use std::collections::BTreeMap;

use crate::commands::batch::live_directory;
use crate::commands::desk::{AsOf, Desk, names};
use crate::commands::options::OutputFormat;
use crate::commands::{Exit, Session, completing};
use crate::error::Result;
use crate::query::{self, column};
use crate::render::numbers;

/// List the numbers that Retell has in a workspace right now; nothing is written
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// The workspace
    #[arg(short, long, value_name = "NAME", add = completing::workspaces())]
    workspace: String,
    #[command(flatten)]
    output: OutputFormat,
}

pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    let desk = Desk::to_ask(session)?;
    let directory = desk.directory(&AsOf::default())?;
    let workspace = names::workspace(&directory, &arguments.workspace)?;
    let live = live_directory(&desk, &directory, &BTreeMap::from([(workspace.clone(), None)]))?;
    let mut rows = query::rows(&live);
    rows.retain(|row| row.workspace == Some(&workspace));
    session.print(&if arguments.output.is_json() {
        numbers::json::array(&rows, &column::usual())
    } else {
        numbers::text::table(&rows, None, session.room())
    })?;
    Ok(Exit::Done)
}
