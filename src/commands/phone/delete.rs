//! `phone-dir phone delete NUMBER`

use super::number::Target;
use crate::change::bulk::Annotations;
use crate::change::{Action, Allowed, Edit, Rail, notice};
use crate::commands::batch::{AskingOptions, Batch, PlanRole};
use crate::commands::desk::WritingDesk;
use crate::commands::{Exit, Session};
use crate::error::Result;

/// Delete a number from a Retell workspace, and write it down; asks first
///
/// In Retell its agents, its webhook, its name and its SIP password are lost; a number that was bought through Retell
/// cannot be imported again. What is lost, and the command that imports the number again, is said first. A number that
/// something answers in a protected workspace ([workspaces] in phone-dir.toml) needs --allow-delete as well.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    #[command(flatten)]
    target: Target,
    /// Allow to delete a number that an agent or a webhook answers in a protected workspace
    #[arg(long)]
    allow_delete: bool,
    #[command(flatten)]
    options: AskingOptions,
}

impl Arguments {
    fn allowed(&self) -> Allowed {
        self.allow_delete.then_some(Rail::Deleting).into_iter().collect()
    }
}

pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    let locked = WritingDesk::open(session, arguments.options.shared.purpose())?;
    let (workspace, phone_number) = arguments.target.find(&locked.before)?;
    let edit = Edit::new(Action::Delete, workspace.clone(), phone_number);
    let notices = notice::of_deletion(&edit, &locked.before).into_iter().collect();
    let batch = Batch {
        annotations: Annotations::new(),
        action: "delete",
        source: format!("phone delete --workspace {workspace}"),
        edits: vec![edit],
        impossible: Vec::new(),
        notices,
        allowed: arguments.allowed(),
        confirmation: arguments.options.confirmation(),
        plan: PlanRole::None,
    };
    locked.carry_out(&batch, &arguments.options.shared)
}
