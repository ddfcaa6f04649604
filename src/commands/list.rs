//! `phone-dir list`

use clap::Args;

use super::listing::{Choice, Listing};
use super::{Exit, PrintsJson, Session};
use crate::error::Result;
use crate::query;
use crate::render::numbers::text;

/// List numbers: one line for each number and workspace
///
/// A number that no workspace has imported is one line too. Different options narrow the list; an option that is
/// given twice takes either value.
#[derive(Args, Debug)]
pub struct Arguments {
    #[command(flatten)]
    choice: Choice,
    #[command(flatten)]
    listing: Listing,
}

impl PrintsJson for Arguments {
    fn prints_json(&self) -> bool {
        self.listing.prints_json()
    }
}

/// Runs the command.
pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    let directory = arguments.listing.load(session)?;
    let filter = arguments.choice.filter(&directory)?;
    let mut rows = query::rows(&directory);
    rows.retain(|row| filter.admits(&directory, row));
    arguments.listing.print(session, rows, |rows, layout| text::table(rows, layout.columns, layout.room))
}
