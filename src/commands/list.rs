//! `phone-dir list`

use clap::Args;

use super::rows::{ListingOptions, RowFilters};
use super::{Exit, Session};
use crate::error::Result;
use crate::model::{Directory, WorkspaceName};
use crate::query;
use crate::render::numbers::{side_by_side, text};

/// List numbers, and who answers each in every workspace
///
/// Two workspaces stand side by side, with `≠` between agents that differ; more of them, one that is named with `-w`, and
/// columns that are named with `--columns` have a line for each number and workspace. Different options narrow the list;
/// an option that is given twice takes either value.
#[derive(Args, Debug)]
pub struct Arguments {
    #[command(flatten)]
    choice: RowFilters,
    #[command(flatten)]
    listing: ListingOptions,
}

pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    let directory = arguments.listing.load(session)?;
    let filter = arguments.choice.filter(&directory)?;
    let all = query::rows(&directory);
    let mut rows = all.clone();
    rows.retain(|row| filter.admits(&directory, row));
    let pair = if arguments.choice.names_a_workspace() { None } else { two(&directory) };
    arguments.listing.print(session, rows, |rows, layout| {
        let pair = pair.as_ref().filter(|_| layout.columns.is_none() && !rows.is_empty());
        let table = pair.and_then(|[first, second]| side_by_side::table(rows, &all, [first, second], layout.room));
        table.unwrap_or_else(|| text::table(rows, layout.columns, layout.room))
    })
}

/// The directory's workspaces, where there are two.
fn two(directory: &Directory) -> Option<[WorkspaceName; 2]> {
    let names: Vec<_> = directory.workspace_names().into_iter().collect();
    names.try_into().ok()
}
