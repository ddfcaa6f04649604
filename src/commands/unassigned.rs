//! `phone-dir unassigned`

use clap::Args;

use super::completing;
use super::rows::{self, ListingOptions, RowFilters, RowLayout};
use super::{Exit, Session};
use crate::error::Result;
use crate::model::{Directory, WorkspaceName};
use crate::query::{self, Row};
use crate::render::numbers::text;

/// List the numbers that no voice agent answers
///
/// Without options, of every workspace. Toll-free numbers come first, because they cost most while no agent answers. A
/// number that a webhook or SMS agents reach is listed, and says so.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Only this workspace
    #[arg(short, long, value_name = "NAME", conflicts_with = "all", add = completing::workspaces())]
    workspace: Option<String>,
    /// Every workspace, and the numbers in none; the default
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    listing: ListingOptions,
}

pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    let directory = arguments.listing.load(session)?;
    let choice = RowFilters::of_workspace(arguments.workspace.as_ref());
    let filter = choice.filter(&directory)?;
    let mut rows = query::unassigned(&directory);
    rows.retain(|row| filter.admits(&directory, row));
    arguments.listing.print(session, rows, |rows, layout| sections(&directory, filter.workspaces.first(), rows, layout))
}

fn sections(directory: &Directory, only: Option<&WorkspaceName>, rows: &[Row<'_>], layout: RowLayout<'_>) -> String {
    let section = |name: Option<&WorkspaceName>| {
        let place = name.map_or_else(|| "No Workspace".to_owned(), |name| name.title());
        text::unassigned(&place, &rows::of_workspace(rows, name), layout.columns, layout.room)
    };
    if only.is_some() {
        return section(only);
    }
    let workspaces = directory.workspace_names();
    let nowhere = rows.iter().any(|row| row.workspace.is_none());
    let places = workspaces.iter().map(Some).chain(nowhere.then_some(None));
    places.map(section).collect::<Vec<_>>().join("\n")
}
