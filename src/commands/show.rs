//! `phone-dir show NUMBER`

use clap::Args;

use super::completing;
use super::desk::{AsOf, load, names};
use super::{Exit, Session};
use crate::cli::OutputFormat;
use crate::error::Result;
use crate::render::show::{self, Detail};

/// Show everything about one number
///
/// With `-v`, also its nicknames, capabilities, tags and notes.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The number, in E.164 or as people write it
    #[arg(value_name = "NUMBER", allow_hyphen_values = true, add = completing::numbers())]
    number: String,
    #[command(flatten)]
    as_of: AsOf,
    #[command(flatten)]
    output: OutputFormat,
}

pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    let directory = load(session, &arguments.as_of)?;
    let entry = names::entry(&directory, &arguments.number)?;
    let detail = if session.verbosity > 0 { Detail::Everything } else { Detail::Usual };
    session.print(&if arguments.output.is_json() {
        show::json(&directory, entry)
    } else {
        show::text(&directory, entry, detail)
    })?;
    Ok(Exit::Done)
}
