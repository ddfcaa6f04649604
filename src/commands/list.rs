//! `phone-dir list`

use clap::Args;

use super::queries::{self, AsOf};
use super::{Exit, Session, number_argument};
use crate::cli::OutputFormat;
use crate::error::Result;
use crate::query;
use crate::render::numbers;

/// List numbers: one line for each number and workspace
#[derive(Args, Debug)]
pub struct Arguments {
    /// Only this workspace
    #[arg(short, long, value_name = "NAME")]
    workspace: Option<String>,
    /// Only the numbers of this agent
    #[arg(long, value_name = "AGENT")]
    agent: Option<String>,
    /// Only numbers without a voice agent
    #[arg(long)]
    unassigned: bool,
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
    let agent = arguments.agent.as_deref().map(|agent| number_argument::agent_path(&directory, agent)).transpose()?;
    let mut rows = query::rows(&directory);
    rows.retain(|row| {
        workspace.as_ref().is_none_or(|name| row.workspace == Some(name))
            && agent.as_ref().is_none_or(|path| row.has_agent(&directory, path))
            && !(arguments.unassigned && row.is_assigned())
    });
    session.print(&if arguments.output.is_json() { numbers::json(&rows) } else { numbers::table(&rows) })?;
    Ok(Exit::Done)
}
