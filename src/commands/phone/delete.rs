//! `phone-dir phone delete NUMBER`

use super::number::Target;
use crate::change::{Action, Edit};
use crate::commands::changing::{AskingOptions, Ground, Order};
use crate::commands::{Exit, PrintsJson, Session};
use crate::error::Result;

/// Delete a number from a Retell workspace, and write it down; asks first
///
/// The number stays with its carrier. In Retell its agents, its webhook and its name are lost.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    #[command(flatten)]
    target: Target,
    #[command(flatten)]
    options: AskingOptions,
}

impl PrintsJson for Arguments {
    fn prints_json(&self) -> bool {
        self.options.shared.prints_json()
    }
}

/// Runs the command.
pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    let ground = Ground::enter(session)?;
    let (workspace, phone_number) = arguments.target.find(&ground.before)?;
    let order = Order {
        action: "delete",
        source: format!("phone delete --workspace {workspace}"),
        edits: vec![Edit::new(Action::Delete, workspace, phone_number)],
        impossible: Vec::new(),
        manner: arguments.options.manner(),
    };
    ground.carry_out(&order, &arguments.options.shared)
}
