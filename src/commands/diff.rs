//! `phone-dir diff`

use clap::Args;

use super::queries::{self, AsOf};
use super::{Exit, Session};
use crate::cli::OutputFormat;
use crate::diff::intent;
use crate::error::Result;
use crate::render::changes;

/// Show how two workspaces differ in what they mean to do with each number
///
/// Agents are compared by their folders, not by ids; dates, counters and nicknames are never a difference.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The first workspace
    #[arg(value_name = "FROM")]
    from: String,
    /// The second workspace
    #[arg(value_name = "TO")]
    to: String,
    /// Exit with 1 if there are differences
    #[arg(long)]
    exit_code: bool,
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
    let from = queries::workspace(&directory, &arguments.from)?;
    let to = queries::workspace(&directory, &arguments.to)?;
    let changes = intent::between(&directory, &from, &to);
    session.print(&if arguments.output.is_json() {
        changes::json::diff(from.as_str(), to.as_str(), &changes)
    } else {
        changes::text::workspaces(from.as_str(), to.as_str(), &changes)
    })?;
    Ok(if arguments.exit_code && !changes.is_empty() { Exit::Found } else { Exit::Done })
}
