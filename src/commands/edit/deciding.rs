//! What Retell can be told, as options of `edit`: for the numbers that are named, or for those of a list.

use clap::Args;

use super::editor;
use crate::change::bulk::{self, Asked, RowContext};
use crate::change::secrets::Guard;
use crate::change::{Action, Allowed, Edit, Objection, Settings, settings_text};
use crate::commands::batch::{Placed, read_list, refuse};
use crate::commands::desk::names;
use crate::commands::phone::fields::{LaterFields, SettingFields};
use crate::commands::{Session, completing};
use crate::error::{Error, Result};
use crate::model::{Directory, PhoneNumber, WorkspaceName};
use crate::render::escape::terminal;

/// What is decided, and where.
#[derive(Args, Debug)]
pub struct DecisionOptions {
    /// The workspace in which is decided
    #[arg(short, long, value_name = "NAME", add = completing::workspaces())]
    workspace: Option<String>,
    /// Decide what a list says, `-` being standard input: CSV or JSON with the columns of `bulk-assign`
    #[arg(long, value_name = "FILE", conflicts_with = "numbers")]
    list: Option<String>,
    #[command(flatten)]
    fields: SettingFields,
    #[command(flatten)]
    later: LaterFields,
}

impl DecisionOptions {
    /// The workspace, as it was given.
    pub fn workspace(&self) -> Option<&String> {
        self.workspace.as_ref()
    }

    /// Whether anything is to be decided by options.
    pub fn is_given(&self) -> bool {
        self.list.is_some() || self.fields.is_given() || self.later.is_given()
    }

    /// What is decided of which numbers.
    pub fn edits(
        &self,
        before: &Directory,
        numbers: &[PhoneNumber],
        (session, guard): (&Session, &Guard<'_>),
        in_editor: bool,
    ) -> Result<Vec<Edit>> {
        let workspace = names::optional_workspace(before, self.workspace.as_ref())?;
        let edits = match (&self.list, &workspace) {
            (Some(list), _) => listed(before, workspace.as_ref(), session, list)?,
            (None, Some(name)) if in_editor || self.is_given() => {
                let edit = |number: &PhoneNumber| self.edit(before, (name, *number), session, in_editor);
                numbers.iter().map(edit).collect::<Result<Vec<_>>>()?
            }
            (None, None) if self.is_given() => {
                return Err(
                    Error::failed("no workspace is named in which this is decided").hint("give `--workspace NAME`")
                );
            }
            _ => Vec::new(),
        };
        let objections: Vec<_> =
            edits.iter().filter_map(|edit| Some(Placed::at(edit, object(before, edit, guard)?))).collect();
        refuse(&objections, edits.len())?;
        warn_of_unmanaged(&edits, before, session);
        Ok(edits)
    }

    fn edit(
        &self,
        before: &Directory,
        (workspace, number): (&WorkspaceName, PhoneNumber),
        session: &Session,
        in_editor: bool,
    ) -> Result<Edit> {
        let mut edit = Edit::new(Action::Update, workspace.clone(), number);
        if in_editor {
            shown(before, &mut edit, session)?;
            return Ok(edit);
        }
        self.fields.apply(&mut edit, &before.agents, &Allowed::new())?;
        self.later.apply(&mut edit, &before.agents, &Allowed::new())?;
        Ok(edit)
    }
}

fn listed(before: &Directory, workspace: Option<&WorkspaceName>, session: &Session, list: &str) -> Result<Vec<Edit>> {
    let list = read_list(session, list, bulk::DECIDED_COLUMNS)?;
    let context = RowContext { directory: before, workspace, allowed: &Allowed::new() };
    let asked = context.edits(&list, Action::Update, |_, _| Ok(())).or_else(|objections| {
        let placed: Vec<_> = objections.into_iter().map(|(line, it)| Placed::on_line(line, it)).collect();
        refuse(&placed, list.rows.len()).map(|()| Asked::default())
    })?;
    Ok(asked.edits)
}

/// Lets a person edit a number's settings, and asks for what they changed.
fn shown(before: &Directory, edit: &mut Edit, session: &Session) -> Result<()> {
    let (workspace, number) = (edit.workspace.clone(), edit.phone_number);
    let Some(settings) = Settings::of_directory(before, &workspace, number) else { return Ok(()) };
    let record = before.workspaces.get(&workspace).and_then(|files| files.registered(number)?.live.as_deref());
    let title = format!("{number} in {workspace}");
    let written = settings_text::write(&settings, record, (&before.agents, &workspace), &title);
    let text = editor::open(session, &written)?;
    settings_text::read(&text, &written, edit, (&before.agents, &Allowed::new())).map_err(|objection| {
        let hint = objection.hint.clone().unwrap_or_else(|| "nothing was changed; edit it again".to_owned());
        objection.hint(hint).into_error()
    })
}

/// What stands in the way of a decision, as far as the directory tells.
fn object(before: &Directory, edit: &Edit, guard: &Guard<'_>) -> Option<Objection> {
    if Settings::of_directory(before, &edit.workspace, edit.phone_number).is_none() {
        let message = format!("`{}` has not imported {}", edit.workspace, edit.phone_number);
        return Some(Objection::mistake(message).hint("bring it in with `phone-dir phone import`"));
    }
    edit.check_alone().err().or_else(|| guard.object(edit))
}

/// Retell takes any agent of the workspace; one that no folder has is not wrong, and may be a typing error.
fn warn_of_unmanaged(edits: &[Edit], before: &Directory, session: &Session) {
    let is_used = before.agents.iter().next().is_some();
    for edit in edits.iter().filter(|_| is_used) {
        for id in edit.unmanaged(&before.agents) {
            let (id, name) = (terminal(id.as_str()), &edit.workspace);
            session.note(&format!("warning: no folder below `agents/` has the agent `{id}` in `{name}`"));
        }
    }
}
