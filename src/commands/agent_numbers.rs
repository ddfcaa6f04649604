//! `phone-dir agent-numbers AGENT`

use clap::Args;

use super::completing;
use super::desk::names;
use super::rows::{self, ListingOptions, RowFilters, RowLayout};
use super::{Exit, Session};
use crate::error::Result;
use crate::model::{Directory, WorkspaceName};
use crate::query::agent::Agent;
use crate::query::filter::Filter;
use crate::query::{self, Row};
use crate::render::escape::terminal;
use crate::render::numbers::text;

/// Show the numbers of an agent in each workspace
///
/// As JSON, one object for each number and workspace; `--workspace` leaves those of one workspace.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The agent: its path, folder, id or name
    #[arg(value_name = "AGENT", add = completing::agents())]
    agent: String,
    /// Only this workspace
    #[arg(short, long, value_name = "NAME", add = completing::workspaces())]
    workspace: Option<String>,
    #[command(flatten)]
    listing: ListingOptions,
}

pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    let directory = arguments.listing.load(session)?;
    let agent = names::agent(&directory, &arguments.agent)?;
    let choice = RowFilters::of_workspace(arguments.workspace.as_ref());
    let filter = Filter { agents: vec![agent.clone()], ..choice.filter(&directory)? };
    let mut rows = query::rows(&directory);
    rows.retain(|row| filter.admits(&directory, row));
    arguments.listing.print(session, rows, |rows, layout| {
        heading(&directory, &agent, rows) + &sections(&directory, filter.workspaces.first(), rows, layout)
    })
}

fn sections(directory: &Directory, only: Option<&WorkspaceName>, rows: &[Row<'_>], layout: RowLayout<'_>) -> String {
    let names = only.map_or_else(|| directory.workspace_names(), |name| [name.clone()].into());
    let section = |name: &WorkspaceName| {
        let of_workspace = rows::of_workspace(rows, Some(name));
        format!("\n{}", text::of_agent(&name.title(), &of_workspace, layout.columns, layout.room))
    };
    names.iter().map(section).collect()
}

fn heading(directory: &Directory, agent: &Agent, rows: &[Row<'_>]) -> String {
    match agent {
        Agent::Folder(path) => {
            let name = directory.agents.name_of(path).or_else(|| {
                // Of an agent whose folder is gone, the assignments still know the name.
                let own = rows.iter().find(|row| row.agent_path() == Some(path));
                own.and_then(|row| row.agent_name())
            });
            format!("Agent: {}\nPath: {path}\n", terminal(name.unwrap_or(path.folder())))
        }
        Agent::Unmanaged(id) => {
            let own = rows.iter().find(|row| row.agent_id() == Some(id));
            let name = own.and_then(|row| row.agent_name()).unwrap_or(id.as_str());
            format!("Agent: {}\nPath: none (no folder has the id {})\n", terminal(name), terminal(id.as_str()))
        }
    }
}
