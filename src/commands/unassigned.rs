//! `phone-dir unassigned`

use clap::Args;

use super::queries::{self, AsOf};
use super::{Exit, Session};
use crate::cli::OutputFormat;
use crate::error::Result;
use crate::model::{Directory, WorkspaceName};
use crate::query::{self, Row};
use crate::render::numbers;

/// List the numbers that no voice agent answers
///
/// Without options, of every workspace. A number that a webhook or SMS agents reach is listed, and says so.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Only this workspace
    #[arg(short, long, value_name = "NAME", conflicts_with = "all")]
    workspace: Option<String>,
    /// Every workspace, and the numbers in none
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    as_of: AsOf,
    #[command(flatten)]
    output: OutputFormat,
}

impl Arguments {
    pub(crate) fn prints_json(&self) -> bool {
        self.output.is_json()
    }
}

/// Runs the command.
pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    let directory = queries::load(session, &arguments.as_of)?;
    let workspace = queries::optional_workspace(&directory, arguments.workspace.as_ref())?;
    let mut rows = query::rows(&directory);
    rows.retain(|row| !row.is_assigned() && workspace.as_ref().is_none_or(|name| row.workspace == Some(name)));
    let text = if arguments.output.is_json() {
        numbers::json(&rows)
    } else {
        sections(&directory, workspace, &rows).join("\n")
    };
    session.print(&text)?;
    Ok(Exit::Done)
}

fn sections(directory: &Directory, only: Option<WorkspaceName>, rows: &[Row<'_>]) -> Vec<String> {
    let of =
        |name: Option<&WorkspaceName>| rows.iter().filter(|row| row.workspace == name).copied().collect::<Vec<_>>();
    if let Some(name) = only {
        return vec![numbers::unassigned(&name.title(), &of(Some(&name)))];
    }
    let workspaces = directory.workspace_names();
    let mut sections: Vec<_> =
        workspaces.iter().map(|name| numbers::unassigned(&name.title(), &of(Some(name)))).collect();
    let nowhere = of(None);
    if !nowhere.is_empty() {
        sections.push(numbers::unassigned("No Workspace", &nowhere));
    }
    sections
}
