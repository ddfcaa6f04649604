//! `phone-dir bulk-import`

use super::changing::{Consent, Ground, Options, Order, Placed, read_list, refuse};
use super::phone::password;
use super::{Exit, PrintsJson, Session, completing, queries};
use crate::change::bulk::{self, RowContext};
use crate::change::list::ListRow;
use crate::change::{Action, Edit, Objection};
use crate::error::Result;

/// Import many numbers into Retell at once, from a list, as one commit
///
/// The list is CSV with a header, or a JSON array of objects, with the columns phone_number, termination_uri, workspace,
/// username, password_env (the name of an environment variable; a password does not belong in a file), transport, agent
/// or inbound_agent and outbound_agent, nickname and webhook. Every row is checked before the first request. Run again,
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
    let rows = read_list(session, &arguments.file, &bulk::IMPORT_COLUMNS)?;
    let ground = Ground::enter(session)?;
    let workspace = queries::optional_workspace(&ground.before, arguments.workspace.as_ref())?;
    let allowed = arguments.options.allowed();
    let context = RowContext { directory: &ground.before, workspace: workspace.as_ref(), allowed: &allowed };
    let edits = match context.edits(&rows, Action::Import) {
        Ok(edits) => with_passwords(edits, &rows, session),
        Err(objections) => Err(objections),
    };
    let edits = match edits {
        Ok(edits) => edits,
        Err(objections) => {
            let placed: Vec<_> = objections.into_iter().map(|(line, it)| Placed::on_line(line, it)).collect();
            refuse(&placed, rows.len())?;
            Vec::new()
        }
    };
    let order = Order {
        action: "import",
        source: "bulk-import".to_owned(),
        edits,
        impossible: Vec::new(),
        manner: arguments.consent.manner(),
    };
    ground.carry_out(&order, &arguments.options)
}

/// Fetches each row's password from the variable that it names.
fn with_passwords(
    mut edits: Vec<Edit>,
    rows: &[ListRow],
    session: &Session,
) -> Result<Vec<Edit>, Vec<(u64, Objection)>> {
    let mut objections = Vec::new();
    for (edit, row) in edits.iter_mut().zip(rows) {
        let Some(name) = row.text("password_env") else { continue };
        if row.text("username").is_none() {
            objections.push((row.line, Objection::mistake("a password needs a user name")));
            continue;
        }
        match password::of_variable(session, name) {
            Ok(found) => edit.trunk.password = Some(found),
            Err(error) => objections.push((row.line, Objection::mistake(error.message()))),
        }
    }
    if objections.is_empty() { Ok(edits) } else { Err(objections) }
}
