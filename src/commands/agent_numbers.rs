//! `phone-dir agent-numbers AGENT`

use clap::Args;

use super::queries::{self, AsOf};
use super::{Exit, Session, number_argument};
use crate::cli::OutputFormat;
use crate::error::Result;
use crate::model::{AgentPath, Directory};
use crate::query::{self, Row};
use crate::render::escape::terminal;
use crate::render::numbers;

/// Show the numbers of an agent in each workspace
#[derive(Args, Debug)]
pub struct Arguments {
    /// The agent: its path, folder, id or name
    #[arg(value_name = "AGENT")]
    agent: String,
    /// Only this workspace
    #[arg(short, long, value_name = "NAME")]
    workspace: Option<String>,
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
    let agent = number_argument::agent_path(&directory, &arguments.agent)?;
    let mut rows = query::rows(&directory);
    rows.retain(|row| {
        workspace.as_ref().is_none_or(|name| row.workspace == Some(name)) && row.has_agent(&directory, &agent)
    });
    let names: Vec<_> = workspace.map_or_else(|| directory.workspace_names().into_iter().collect(), |name| vec![name]);
    let text = if arguments.output.is_json() {
        numbers::json(&rows)
    } else {
        let sections = names.iter().map(|name| {
            let of_workspace: Vec<Row<'_>> = rows.iter().filter(|row| row.workspace == Some(name)).copied().collect();
            format!("\n{}", numbers::of_agent(&name.title(), &of_workspace))
        });
        heading(&directory, &agent) + &sections.collect::<String>()
    };
    session.print(&text)?;
    Ok(Exit::Done)
}

fn heading(directory: &Directory, agent: &AgentPath) -> String {
    let name = directory.agents.name_of(agent).unwrap_or(agent.folder());
    format!("Agent: {}\nPath: {agent}\n", terminal(name))
}
