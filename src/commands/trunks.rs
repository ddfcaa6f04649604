//! `phone-dir trunks`

use clap::Args;

use super::desk::{AsOf, load};
use super::{Exit, Session};
use crate::commands::options::OutputFormat;
use crate::error::{Error, Result};
use crate::query::trunk;
use crate::render::trunks;

/// List SIP trunks: where they send calls, their credential lists, and their numbers
///
/// Trunks are what the last sync read of Twilio. Git does not have them: in another clone, `phone-dir sync-twilio` reads
/// them first.
#[derive(Args, Debug)]
pub struct Arguments {
    #[command(flatten)]
    output: OutputFormat,
}

/// Prints every trunk that `trunks.json` has.
pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    let directory = load(session, &AsOf::default())?;
    let file = directory.trunks.as_ref().ok_or_else(|| {
        Error::cannot_tell("the trunks are not known in this clone")
            .hint("run `phone-dir sync-twilio`: it reads them, and git does not have them")
    })?;
    let lines = trunk::lines(&directory, file);
    session.answer(arguments.output, || trunks::json(&lines), || trunks::text(&lines))?;
    Ok(Exit::Done)
}
