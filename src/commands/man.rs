//! `phone-dir man [DIR]`

use std::path::PathBuf;

use clap::{Args, CommandFactory};
use clap_mangen::Man;

use super::{Exit, PrintsJson, Session};
use crate::cli::Cli;
use crate::error::{Error, Result};

/// Write the manual pages: one for phone-dir, and one for each command
///
/// Without DIR, phone-dir's own page is printed: `phone-dir man | man -l -`.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The folder to write them to, such as ~/.local/share/man/man1
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
}

impl PrintsJson for Arguments {}

/// Runs the command.
pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    let Some(folder) = &arguments.folder else {
        let mut page = Vec::new();
        Man::new(Cli::command())
            .render(&mut page)
            .map_err(|error| Error::failed("cannot write the page").caused_by(error))?;
        session.print(&String::from_utf8_lossy(&page))?;
        return Ok(Exit::Done);
    };
    let folder = session.start.join(folder);
    std::fs::create_dir_all(&folder).map_err(|error| Error::io("make", &folder, error))?;
    clap_mangen::generate_to(Cli::command(), &folder).map_err(|error| Error::io("write to", &folder, error))?;
    session.note(&format!("Wrote the manual pages to `{}`.", folder.display()));
    Ok(Exit::Done)
}
