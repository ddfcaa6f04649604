//! What the rows of a list ask for.

mod exported;
mod written_number;

use std::collections::{BTreeMap, BTreeSet};

use self::exported::{Exported, tags_of};
use super::edit::{Action, Edit};
use super::list::{List, ListRow, NONE};
use super::rails::{Allowed, Objection, Rail};
use super::{Setting, Settings};
use crate::model::annotation::{Annotation, Tag};
use crate::model::{Directory, PhoneNumber, WorkspaceName};
use crate::query::Row;
use crate::query::number::{self, Match};

pub const ASSIGN_COLUMNS: [&str; 11] = [
    "phone_number",
    "workspace",
    "agent",
    "inbound_agent",
    "outbound_agent",
    "agent_path",
    "assignment_type",
    "nickname",
    "webhook",
    "tags",
    "notes",
];
/// Those of them that Retell can be told: the last two are what people write.
pub const DECIDED_COLUMNS: &[&str] = ASSIGN_COLUMNS.split_at(ASSIGN_COLUMNS.len() - 2).0;
pub const IMPORT_COLUMNS: [&str; 13] = [
    "phone_number",
    "termination_uri",
    "workspace",
    "username",
    "password_env",
    "transport",
    "agent",
    "inbound_agent",
    "outbound_agent",
    "agent_path",
    "assignment_type",
    "nickname",
    "webhook",
];

/// What the rows of a list ask of people's own words on numbers.
pub type Annotations = BTreeMap<PhoneNumber, Annotation>;

/// What the rows of a list ask for.
#[derive(Debug, Default)]
pub struct Asked {
    /// What Retell is asked for.
    pub edits: Vec<Edit>,
    /// What is written on numbers.
    pub annotations: Annotations,
}

/// What the rows are read against.
#[derive(Clone, Copy, Debug)]
pub struct RowContext<'a> {
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
        list: &List,
        action: Action,
        finish: impl Fn(&ListRow, &mut Edit) -> Result<(), Objection>,
    ) -> Result<Asked, Vec<(u64, Objection)>> {
        let mut seen = BTreeSet::new();
        let mut asked = Asked::default();
        let mut objections = Vec::new();
        for row in &list.rows {
            let edit = match row {
                Ok(row) => {
                    let edit = self.edit(row, (action, list.is_export), &mut asked.annotations, &mut seen, &finish);
                    edit.map_err(|objection| (row.line, objection))
                }
                Err(problem) => Err((problem.line, Objection::mistake(&problem.message))),
            };
            match edit {
                Ok(edit) => asked.edits.extend(edit),
                Err(objection) => objections.push(objection),
            }
        }
        if objections.is_empty() { Ok(asked) } else { Err(objections) }
    }

    fn edit(
        &self,
        row: &ListRow,
        (action, is_export): (Action, bool),
        annotations: &mut Annotations,
        seen: &mut BTreeSet<(WorkspaceName, PhoneNumber)>,
        finish: impl Fn(&ListRow, &mut Edit) -> Result<(), Objection>,
    ) -> Result<Option<Edit>, Objection> {
        let written = row.text("phone_number").ok_or_else(|| {
            Objection::mistake("`phone_number` is missing")
                .hint("each row needs one: fill the cell, or take the row out of the list")
        })?;
        let phone_number = written_number::read(self.directory, written, action)?;
        let workspace = self.workspace_of(row)?;
        let exported = self.exported(phone_number, workspace.as_ref());
        let row = &if is_export && action == Action::Update {
            row.without(|column, text| exported.says(column, text))
        } else {
            row.clone()
        };
        let is_annotated = self.annotate(row, phone_number, annotations)?;
        if (is_export || is_annotated) && action == Action::Update && !row.asks_beside(&OF_NUMBER) {
            return Ok(None);
        }
        let workspace = workspace.ok_or_else(|| {
            Objection::mistake("the row names no workspace").hint("fill the column `workspace`, or give `--workspace`")
        })?;
        let mut edit = Edit::new(action, workspace, phone_number);
        edit.line = Some(row.line);
        if !seen.insert((edit.workspace.clone(), edit.phone_number)) {
            let message = format!("{} is in the list twice for `{}`", edit.phone_number, edit.workspace);
            return Err(Objection::mistake(message));
        }
        self.ask_agents(row, &mut edit)?;
        self.ask_agent_path(row, &exported, &mut edit)?;
        self.ask_texts(row, &mut edit)?;
        if edit.is_empty() {
            return Err(Objection::mistake("the row asks for nothing"));
        }
        if action == Action::Import && edit.target.termination_uri.is_none() {
            return Err(Objection::mistake("`termination_uri` is missing"));
        }
        finish(row, &mut edit)?;
        self.check_imported(&edit)?;
        Ok(Some(edit))
    }

    /// The row that a listing has of a number.
    fn exported(&self, phone_number: PhoneNumber, workspace: Option<&'_ WorkspaceName>) -> Exported<'_> {
        let name_and_files = workspace.and_then(|name| self.directory.workspaces.get_key_value(name));
        Exported(Row {
            phone_number,
            entry: self.directory.number(phone_number),
            workspace: name_and_files.map(|(name, _)| name),
            registered: name_and_files.and_then(|(_, files)| files.registered(phone_number)),
            assignment: name_and_files.and_then(|(_, files)| files.assignment(phone_number)),
            directory: self.directory,
        })
    }

    /// Takes the tags and notes of a row; says whether it has any.
    fn annotate(&self, row: &ListRow, number: PhoneNumber, all: &mut Annotations) -> Result<bool, Objection> {
        let (tags, notes) = (row.text("tags"), row.text("notes"));
        if tags.is_none() && notes.is_none() {
            return Ok(false);
        }
        let entry = self.directory.number(number).ok_or_else(|| written_number::unknown(number.as_str(), &[]))?;
        let mut annotation = Annotation::default();
        if let Some(text) = tags {
            let wanted = tags_of(text)?;
            let has = |tag: &Tag, list: &[String]| list.contains(&tag.to_string());
            let known = entry.tags.iter().filter_map(|tag| Tag::parse(tag).ok());
            annotation.remove = known.filter(|tag| !wanted.contains(tag)).collect();
            annotation.add = wanted.into_iter().filter(|tag| !has(tag, &entry.tags)).collect();
        }
        annotation.notes = notes.map(|text| if text == NONE { String::new() } else { text.to_owned() });
        match all.insert(number, annotation.clone()) {
            Some(other) if other != annotation => {
                Err(Objection::mistake(format!("the list says two things of the tags or notes of {number}")))
            }
            _ => Ok(true),
        }
    }

    /// Asks for the agent of a listing, for the directions that the row's type names.
    fn ask_agent_path(&self, row: &ListRow, exported: &Exported<'_>, edit: &mut Edit) -> Result<(), Objection> {
        let Some(text) = row.text("agent_path") else { return Ok(()) };
        if let Some(other) = ["agent", "inbound_agent", "outbound_agent"].iter().find(|it| row.text(it).is_some()) {
            return Err(Objection::mistake(format!("both `agent_path` and `{other}` are given")));
        }
        if exported.0.agent_count() > 1 {
            let message = format!("{} has several agents in `{}`", edit.phone_number, edit.workspace);
            return Err(Objection::mistake(message)
                .hint("say with the columns `inbound_agent` and `outbound_agent` who answers and who calls"));
        }
        let settings: &[Setting] = match row.text("assignment_type") {
            Some("inbound-only") => &[Setting::InboundAgents],
            Some("outbound-only") => &[Setting::OutboundAgents],
            _ => &[Setting::InboundAgents, Setting::OutboundAgents],
        };
        settings.iter().try_for_each(|setting| self.ask_written(edit, *setting, text))
    }

    /// Refuses a number that the directory does not have in the workspace: either Retell does not have it there, or
    /// what it has was not looked at.
    fn check_imported(&self, edit: &Edit) -> Result<(), Objection> {
        let number = edit.phone_number;
        let is_known = Settings::of_directory(self.directory, &edit.workspace, number).is_some();
        if edit.action != Action::Update || is_known || self.allowed.contains(&Rail::Overwriting) {
            return Ok(());
        }
        if self.directory.number(number).is_none()
            && let Match::None(nearest) = number::find(self.directory, number.as_str())
        {
            return Err(written_number::unknown(number.as_str(), &nearest));
        }
        Err(Objection::mistake(format!("{number} is not imported in `{}`", edit.workspace))
            .hint("bring it in with `phone-dir phone import`, or run `phone-dir sync`"))
    }

    /// The workspace of a row, or of the whole list; none where neither says one.
    fn workspace_of(&self, row: &ListRow) -> Result<Option<WorkspaceName>, Objection> {
        let Some(written) = row.text("workspace").filter(|text| *text != NONE) else {
            return Ok(self.workspace.cloned());
        };
        let known = self.directory.workspace_names();
        let name = WorkspaceName::parse(written).ok().filter(|name| known.contains(name));
        name.map(Some).ok_or_else(|| {
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
            self.ask_written(edit, setting, text)?;
        }
        Ok(())
    }

    /// Asks for what is not an agent.
    fn ask_texts(&self, row: &ListRow, edit: &mut Edit) -> Result<(), Objection> {
        let columns = [
            ("nickname", Setting::Nickname),
            ("webhook", Setting::InboundWebhookUrl),
            ("termination_uri", Setting::TerminationUri),
            ("username", Setting::AuthUsername),
            ("transport", Setting::Transport),
        ];
        let mut given = columns.into_iter().filter_map(|(column, setting)| Some((setting, row.text(column)?)));
        given.try_for_each(|(setting, text)| self.ask_written(edit, setting, text))
    }

    fn ask_written(&self, edit: &mut Edit, setting: Setting, text: &str) -> Result<(), Objection> {
        edit.ask_written(setting, text, (&self.directory.agents, self.allowed))
    }
}

/// The columns that say nothing of a number in a workspace.
const OF_NUMBER: [&str; 5] = ["phone_number", "workspace", "assignment_type", "tags", "notes"];

#[cfg(test)]
mod tests;
