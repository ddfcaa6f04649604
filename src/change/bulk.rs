//! What the rows of a list ask for.

use std::collections::BTreeSet;

use super::binding::Binding;
use super::edit::{Action, Edit};
use super::list::ListRow;
use super::rails::{Allowed, Objection};
use super::settings::{Setting, Settings};
use super::values;
use crate::model::{Directory, PhoneNumber, WorkspaceName};

/// The columns of `bulk-assign`.
pub const ASSIGN_COLUMNS: [&str; 7] =
    ["phone_number", "workspace", "agent", "inbound_agent", "outbound_agent", "nickname", "webhook"];
/// The columns of `bulk-import`.
pub const IMPORT_COLUMNS: [&str; 11] = [
    "phone_number",
    "termination_uri",
    "workspace",
    "username",
    "password_env",
    "transport",
    "agent",
    "inbound_agent",
    "outbound_agent",
    "nickname",
    "webhook",
];

/// What the rows are read against.
#[derive(Clone, Copy, Debug)]
pub struct RowContext<'a> {
    /// The directory.
    pub directory: &'a Directory,
    /// The workspace of a row that names none.
    pub workspace: Option<&'a WorkspaceName>,
    /// The rails that are taken away.
    pub allowed: &'a Allowed,
}

impl RowContext<'_> {
    /// Reads every row; each edit is of another number or workspace.
    ///
    /// The objections come with their lines, all of them.
    pub fn edits(&self, rows: &[ListRow], action: Action) -> Result<Vec<Edit>, Vec<(u64, Objection)>> {
        let mut seen = BTreeSet::new();
        let mut edits = Vec::new();
        let mut objections = Vec::new();
        for row in rows {
            match self.edit(row, action) {
                Ok(edit) if !seen.insert((edit.workspace.clone(), edit.phone_number)) => {
                    let message = format!("{} is in the list twice for `{}`", edit.phone_number, edit.workspace);
                    objections.push((row.line, Objection::mistake(message)));
                }
                Ok(edit) => edits.push(edit),
                Err(objection) => objections.push((row.line, objection)),
            }
        }
        if objections.is_empty() { Ok(edits) } else { Err(objections) }
    }

    fn edit(&self, row: &ListRow, action: Action) -> Result<Edit, Objection> {
        let written = row.text("phone_number").ok_or_else(|| Objection::mistake("`phone_number` is missing"))?;
        let number = PhoneNumber::parse(written)
            .map_err(|error| Objection::mistake(format!("`{written}` is not a number: {error}")))?;
        let mut edit = Edit::new(action, self.workspace_of(row)?, number);
        edit.line = Some(row.line);
        self.ask_agents(row, &mut edit)?;
        ask_texts(row, &mut edit)?;
        if edit.is_empty() {
            return Err(Objection::mistake("the row asks for nothing"));
        }
        if action == Action::Import && edit.target.termination_uri.is_none() {
            return Err(Objection::mistake("`termination_uri` is missing"));
        }
        Ok(edit)
    }

    fn workspace_of(&self, row: &ListRow) -> Result<WorkspaceName, Objection> {
        let Some(written) = row.text("workspace") else {
            return self.workspace.cloned().ok_or_else(|| {
                Objection::mistake("the row names no workspace")
                    .hint("fill the column `workspace`, or give `--workspace`")
            });
        };
        let known = self.directory.workspace_names();
        let name = WorkspaceName::parse(written).ok().filter(|name| known.contains(name));
        name.ok_or_else(|| {
            let known = known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            Objection::mistake(format!("unknown workspace `{written}`")).hint(format!("there are {known}"))
        })
    }

    fn ask_agents(&self, row: &ListRow, edit: &mut Edit) -> Result<(), Objection> {
        let both = row.text("agent");
        let columns = [("inbound_agent", Setting::InboundAgents), ("outbound_agent", Setting::OutboundAgents)];
        for (column, setting) in columns {
            let text = match (row.text(column), both) {
                (Some(_), Some(_)) => {
                    return Err(Objection::mistake(format!("both `agent` and `{column}` are given")));
                }
                (Some(text), None) | (None, Some(text)) => text,
                (None, None) => continue,
            };
            let binding = Binding::parse(text).map_err(Objection::mistake)?;
            let agents = binding.resolve(&self.directory.agents, &edit.workspace, self.allowed)?;
            let settings = Settings { inbound_agents: agents.clone(), outbound_agents: agents, ..Settings::default() };
            edit.ask(setting, &settings);
        }
        Ok(())
    }
}

/// Asks for what is not an agent.
fn ask_texts(row: &ListRow, edit: &mut Edit) -> Result<(), Objection> {
    if let Some(text) = row.text("nickname") {
        let nickname = Some(text.to_owned()).filter(|text| text != "none");
        edit.ask(Setting::Nickname, &Settings { nickname, ..Settings::default() });
    }
    if let Some(text) = row.text("webhook") {
        let inbound_webhook_url = values::webhook(text).map_err(Objection::mistake)?;
        edit.ask(Setting::InboundWebhookUrl, &Settings { inbound_webhook_url, ..Settings::default() });
    }
    if let Some(text) = row.text("termination_uri") {
        let termination_uri = Some(values::termination_uri(text).map_err(Objection::mistake)?);
        edit.ask(Setting::TerminationUri, &Settings { termination_uri, ..Settings::default() });
    }
    if let Some(text) = row.text("username") {
        let auth_username = Some(text.to_owned()).filter(|text| text != "none");
        edit.ask(Setting::AuthUsername, &Settings { auth_username, ..Settings::default() });
    }
    edit.trunk.transport = row.text("transport").map(str::parse).transpose().map_err(Objection::mistake)?;
    Ok(())
}
