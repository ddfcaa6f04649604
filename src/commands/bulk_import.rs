//! `phone-dir bulk-import`

use super::batch::{AskingOptions, Batch, PlanRole, read_list};
use super::desk::WritingDesk;
use super::phone::password;
use super::{Exit, Session, completing};
use crate::change::bulk::{self, Asked};
use crate::change::list::ListRow;
use crate::change::{Action, Allowed, Edit, Objection};
use crate::error::Result;

/// Import many numbers into Retell at once, from a list, as one commit
///
/// The list is CSV with a header, or a JSON array of objects, with the columns phone_number, termination_uri, workspace,
/// username, password_env (the name of an environment variable; a password does not belong in a file), transport, agent
/// or inbound_agent and outbound_agent, nickname and webhook. An empty cell, or a key that is not there, asks for
/// nothing; `none`, or JSON's `null`, asks that there be none. Every row is checked before the first request. Run again,
/// it does only what is left.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// The list, or `-` for standard input
    #[arg(value_name = "FILE")]
    file: String,
    /// The workspace of rows that name none
    #[arg(short, long, value_name = "NAME", add = completing::workspaces())]
    workspace: Option<String>,
    #[command(flatten)]
    options: AskingOptions,
}

pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    let rows = read_list(session, &arguments.file, &bulk::IMPORT_COLUMNS)?;
    let locked = WritingDesk::open(session, arguments.options.shared.purpose())?;
    let defaults = (arguments.workspace.as_ref(), &arguments.options.shared);
    let Asked { edits, annotations } =
        locked.edits(&rows, Action::Import, defaults, |row, edit| add_password(session, row, edit))?;
    let batch = Batch {
        action: "import",
        source: "bulk-import".to_owned(),
        edits,
        annotations,
        impossible: Vec::new(),
        notices: Vec::new(),
        allowed: Allowed::default(),
        confirmation: arguments.options.confirmation(),
        plan: PlanRole::None,
    };
    locked.carry_out(&batch, &arguments.options.shared)
}

/// Fetches a row's password from the variable that it names.
fn add_password(session: &Session, row: &ListRow, edit: &mut Edit) -> Result<(), Objection> {
    let Some(name) = row.text("password_env") else { return Ok(()) };
    if row.text("username").is_none() {
        return Err(Objection::mistake("a password needs a user name"));
    }
    let found = password::of_variable(session, name).map_err(|error| Objection::mistake(error.message()))?;
    edit.trunk.password = Some(found);
    Ok(())
}
