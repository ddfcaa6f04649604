//! What Retell can be told, as options of `edit`: for the numbers that are named, or for those of a list.

use clap::Args;

use super::editor;
use crate::change::bulk::{self, Asked, RowContext};
use crate::change::secret_guard::Guard;
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
    pub fn workspace(&self) -> Option<&String> {
        self.workspace.as_ref()
    }

    /// Whether anything is to be decided by options.
    pub fn is_given(&self) -> bool {
        self.list.is_some() || self.fields.is_given() || self.later.is_given()
    }

    /// Lets a person edit the settings of a number.
    pub fn in_editor(&self, before: &Directory, written: &str, session: &Session) -> Result<EditedText> {
        let number = names::entry(before, written)?.phone_number;
        let name = names::optional_workspace(before, self.workspace.as_ref())?;
        let settings = name.as_ref().and_then(|name| Settings::of_directory(before, name, number));
        // What is wrong with the number or the workspace is told with what else is.
        let (Some(name), Some(settings)) = (name, settings) else { return Ok(EditedText::default()) };
        let record = before.workspaces.get(&name).and_then(|files| files.registered(number)?.live.as_deref());
        let title = format!("{number} in {name}");
        let written = settings_text::write(&settings, record, (&before.agents, &name), &title);
        let edited = editor::open(session, &written)?;
        Ok(EditedText { written, edited })
    }

    /// What is decided of which numbers; `text` is what a person made of the settings in an editor.
    pub fn edits(
        &self,
        before: &Directory,
        numbers: &[PhoneNumber],
        (session, guard): (&Session, &Guard),
        text: Option<&EditedText>,
    ) -> Result<Vec<Edit>> {
        let workspace = names::optional_workspace(before, self.workspace.as_ref())?;
        let edits = match (&self.list, &workspace) {
            (Some(list), _) => listed(before, workspace.as_ref(), session, list),
            (None, Some(name)) if text.is_some() || self.is_given() => {
                let edit = |number: &PhoneNumber| self.edit(before, (name, *number), text);
                numbers.iter().map(edit).collect::<Result<Vec<_>>>()
            }
            (None, None) if self.is_given() => {
                return Err(
                    Error::failed("no workspace is named in which this is decided").hint("give `--workspace NAME`")
                );
            }
            _ => Ok(Vec::new()),
        };
        // The flags of the commands that change Retell are none of this one.
        let edits = edits.map_err(Error::without_flag)?;
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
        text: Option<&EditedText>,
    ) -> Result<Edit> {
        let mut edit = Edit::new(Action::Update, workspace.clone(), number);
        if let Some(text) = text {
            text.read(before, &mut edit)?;
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

/// A number's settings as they were shown, and what a person made of them.
#[derive(Debug, Default)]
pub struct EditedText {
    written: String,
    edited: String,
}

impl EditedText {
    /// Asks for what the person changed.
    fn read(&self, before: &Directory, edit: &mut Edit) -> Result<()> {
        settings_text::read(&self.edited, &self.written, edit, (&before.agents, &Allowed::new())).map_err(|objection| {
            let hint = objection.hint.clone().unwrap_or_else(|| "nothing was changed; edit it again".to_owned());
            objection.hint(hint).into_error()
        })
    }
}

/// What stands in the way of a decision, as far as the directory tells.
fn object(before: &Directory, edit: &Edit, guard: &Guard) -> Option<Objection> {
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
