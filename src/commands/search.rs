//! `phone-dir search`

use clap::Args;

use super::rows::{ListingOptions, RowFilters};
use super::{Exit, Session};
use crate::error::{Error, Result};
use crate::query;
use crate::render::numbers::text;

/// Search numbers by area code, type, tag, agent, workspace, carrier, trunk or text
///
/// Text is looked for in numbers (as people write them), nicknames, friendly names, notes, tags, agents and
/// termination URIs; every word has to be somewhere. Different options narrow the search; an option that is given
/// twice takes either value.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Words to look for, in any case
    #[arg(value_name = "TEXT")]
    words: Vec<String>,
    #[command(flatten)]
    choice: RowFilters,
    #[command(flatten)]
    listing: ListingOptions,
}

pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    let words: Vec<_> = arguments.words.iter().flat_map(|text| text.split_whitespace()).map(str::to_owned).collect();
    if words.is_empty() && arguments.choice.is_empty() {
        return Err(Error::failed("nothing to search for")
            .hint("give a text or an option such as `--tag sales`; `phone-dir list` lists every number"));
    }
    let directory = arguments.listing.load(session)?;
    let mut filter = arguments.choice.filter(&directory)?;
    filter.words = words;
    let mut rows = query::rows(&directory);
    rows.retain(|row| filter.admits(&directory, row));
    arguments.listing.print(session, rows, |rows, layout| text::table(rows, layout.columns, layout.room))
}
