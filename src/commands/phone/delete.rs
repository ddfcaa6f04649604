//! `phone-dir phone delete NUMBER`

use super::number;
use crate::change::{Action, Edit};
use crate::commands::changing::{Consent, Ground, Options, Order};
use crate::commands::{Exit, PrintsJson, Session, completing, queries};
use crate::error::Result;

/// Delete a number from a Retell workspace, and write it down; asks first
///
/// The number stays with its carrier. In Retell its agents, its webhook and its name are lost.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// The number, in E.164 form or as people write it
    #[arg(value_name = "NUMBER", add = completing::numbers())]
    number: String,
    /// The workspace that loses the number
    #[arg(short, long, value_name = "NAME", add = completing::workspaces())]
    workspace: String,
    #[command(flatten)]
    consent: Consent,
    #[command(flatten)]
    options: Options,
}

impl PrintsJson for Arguments {
    fn prints_json(&self) -> bool {
        self.options.prints_json()
    }
}

/// Runs the command.
pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    let ground = Ground::enter(session)?;
    let workspace = queries::workspace(&ground.before, &arguments.workspace)?;
    let phone_number = number::find(&ground.before, &arguments.number)?;
    let order = Order {
        action: "delete",
        source: format!("phone delete --workspace {workspace}"),
        edits: vec![Edit::new(Action::Delete, workspace, phone_number)],
        impossible: Vec::new(),
        manner: arguments.consent.manner(),
    };
    ground.carry_out(&order, &arguments.options)
}
