//! What the rows of a list ask for.

use std::collections::BTreeSet;

use super::binding::Binding;
use super::edit::{Action, Edit};
use super::list::{ListRow, Rows};
use super::rails::{Allowed, Objection, Rail};
use super::trunk::Transport;
use super::values;
use super::{Setting, Settings};
use crate::model::{Directory, PhoneNumber, WorkspaceName};
use crate::query::number::{self, Match};

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
    /// `finish` adds to an edit what is not in the list, and says what else stands in its way. The objections come with
    /// their lines, one of every row that has any.
    pub fn edits(
        &self,
        rows: &Rows,
        action: Action,
        finish: impl Fn(&ListRow, &mut Edit) -> Result<(), Objection>,
    ) -> Result<Vec<Edit>, Vec<(u64, Objection)>> {
        let mut seen = BTreeSet::new();
        let mut edits = Vec::new();
        let mut objections = Vec::new();
        for row in rows {
            let edit = match row {
                Ok(row) => self.edit(row, action, &mut seen, &finish).map_err(|objection| (row.line, objection)),
                Err(problem) => Err((problem.line, Objection::mistake(&problem.message))),
            };
            match edit {
                Ok(edit) => edits.push(edit),
                Err(objection) => objections.push(objection),
            }
        }
        if objections.is_empty() { Ok(edits) } else { Err(objections) }
    }

    fn edit(
        &self,
        row: &ListRow,
        action: Action,
        seen: &mut BTreeSet<(WorkspaceName, PhoneNumber)>,
        finish: impl Fn(&ListRow, &mut Edit) -> Result<(), Objection>,
    ) -> Result<Edit, Objection> {
        let written = row.text("phone_number").ok_or_else(|| Objection::mistake("`phone_number` is missing"))?;
        let mut edit = Edit::new(action, self.workspace_of(row)?, self.number(written, action)?);
        edit.line = Some(row.line);
        if !seen.insert((edit.workspace.clone(), edit.phone_number)) {
            let message = format!("{} is in the list twice for `{}`", edit.phone_number, edit.workspace);
            return Err(Objection::mistake(message));
        }
        self.ask_agents(row, &mut edit)?;
        ask_texts(row, &mut edit)?;
        if edit.is_empty() {
            return Err(Objection::mistake("the row asks for nothing"));
        }
        if action == Action::Import && edit.target.termination_uri.is_none() {
            return Err(Objection::mistake("`termination_uri` is missing"));
        }
        finish(row, &mut edit)?;
        self.check_imported(&edit)?;
        Ok(edit)
    }

    /// Reads a number in E.164 form, or finds the one that a person means; a number that may be new is not guessed.
    fn number(&self, written: &str, action: Action) -> Result<PhoneNumber, Objection> {
        match PhoneNumber::parse(written) {
            Ok(number) => Ok(number),
            Err(error) if action == Action::Import => {
                Err(Objection::mistake(format!("`{written}` is not a number: {error}")))
            }
            Err(_) => match number::find(self.directory, written) {
                Match::One(number) => Ok(number),
                Match::Several(numbers) => {
                    Err(Objection::mistake(format!("`{written}` may be one of several numbers"))
                        .hint(format!("give one of {}", quoted(&numbers))))
                }
                Match::None(nearest) => Err(unknown(written, &nearest)),
            },
        }
    }

    /// Refuses a number that the directory does not have in the workspace: either Retell does not have it there, or
    /// nobody has looked at what it has.
    fn check_imported(&self, edit: &Edit) -> Result<(), Objection> {
        let number = edit.phone_number;
        let is_known = Settings::of_directory(self.directory, &edit.workspace, number).is_some();
        if edit.action != Action::Update || is_known || self.allowed.contains(&Rail::Overwriting) {
            return Ok(());
        }
        if self.directory.number(number).is_none()
            && let Match::None(nearest) = number::find(self.directory, number.as_str())
        {
            return Err(unknown(number.as_str(), &nearest));
        }
        Err(Objection::mistake(format!("{number} is not imported in `{}`", edit.workspace))
            .hint("bring it in with `phone-dir phone import`, or run `phone-dir sync`"))
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

fn unknown(written: &str, nearest: &[PhoneNumber]) -> Objection {
    let objection = Objection::mistake(format!("number `{written}` is not in the directory"));
    if nearest.is_empty() { objection } else { objection.hint(format!("the nearest are {}", quoted(nearest))) }
}

fn quoted(numbers: &[PhoneNumber]) -> String {
    numbers.iter().map(|number| format!("`{number}`")).collect::<Vec<_>>().join(", ")
}

/// Asks for what is not an agent.
fn ask_texts(row: &ListRow, edit: &mut Edit) -> Result<(), Objection> {
    if let Some(text) = row.text("nickname") {
        edit.ask(Setting::Nickname, &Settings { nickname: values::nickname(text), ..Settings::default() });
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
    if let Some(text) = row.text("transport") {
        let transport = text.parse::<Transport>().map_err(Objection::mistake)?.setting();
        edit.ask(Setting::Transport, &Settings { transport, ..Settings::default() });
    }
    Ok(())
}
