//! `phone-dir show NUMBER`

use clap::Args;

use super::completing;
use super::desk::{AsOf, Desk, known_calls, names};
use super::{Exit, Session};
use crate::commands::options::OutputFormat;
use crate::error::Result;
use crate::render::show::{self, Detail};

/// Show everything about one number
///
/// With `-v`, also its nicknames, capabilities, tags and notes. Where `phone-dir usage pull` has read calls, also those of the
/// last 30 days.
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
    let desk = Desk::to_ask(session)?;
    let (_, directory) = desk.read(&arguments.as_of)?;
    session.note_unread(&directory);
    // What happens now says nothing of an earlier state.
    let traffic =
        if arguments.as_of.at.is_some() { None } else { known_calls::traffic(&desk.project, &directory, session) };
    let entry = names::entry(&directory, &arguments.number)?;
    let detail = if session.verbosity > 0 { Detail::Everything } else { Detail::Usual };
    session.answer(
        arguments.output,
        || show::json(&directory, entry, traffic.as_ref()),
        || show::text(&directory, entry, detail, traffic.as_ref()),
    )?;
    Ok(Exit::Done)
}
