//! What changed between two directories: the one meaning of "change" that every output renders.
//!
//! [`Changes`] is what `diff`, dry runs, commit messages, `history` and pull-request comments show. It is
//! keyed by number and workspace, so order, formatting and derived counts are never a change, and an edit
//! that touches three files is one change.

pub mod delta;
mod differing;
pub mod fields;
pub mod intent;
pub mod limits;
pub mod listed;
pub mod pools;
pub mod revisions;
pub mod snapshots;
pub mod text;

use std::collections::BTreeMap;
use std::fmt;

pub use self::pools::PoolDefinitionChange;
use crate::model::agent_folders::AgentIdChange;
pub use crate::model::agent_names::AgentNames;
pub use crate::model::field_value::{FieldValue, FolderShare};
pub use crate::model::number_field::NumberField;
use crate::model::{AgentFolders, AgentId, AgentPath, Directory, PhoneNumber, WorkspaceName};
use crate::words::word_enum;

word_enum! {
    /// What happened to a number, in a workspace or in the directory as a whole.
    ///
    /// The order is the order in which a reviewer should read them: what silences a line comes first.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum ChangeKind {
        /// The number left the directory.
        Released = "released",
        /// The number left the workspace's registry.
        Removed = "removed",
        /// The number lost its last voice agent.
        Unassigned = "unassigned",
        Reassigned = "reassigned",
        /// The same agents, but the way to them changed.
        Rerouted = "rerouted",
        /// The number got its first voice agent.
        Assigned = "assigned",
        /// The number entered the workspace's registry.
        Imported = "imported",
        /// The number entered the directory.
        Provisioned = "provisioned",
        Updated = "updated",
        /// Between workspaces: only the first has the number.
        OnlyInFrom = "only-in-from",
        /// Between workspaces: only the second has the number.
        OnlyInTo = "only-in-to",
        /// Between workspaces: both have it, and differ in intent.
        Different = "different",
    } listed
}

impl ChangeKind {
    /// The words for people: what enters or leaves the directory was not bought or given back for that.
    pub fn words(self) -> &'static str {
        match self {
            Self::Released => "left the directory",
            Self::Provisioned => "new in the directory",
            other => other.as_str(),
        }
    }
}

impl fmt::Display for ChangeKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct FieldChange {
    pub field: NumberField,
    /// The value before, or in the first workspace.
    pub from: FieldValue,
    /// The value after, or in the second workspace.
    pub to: FieldValue,
}

/// One of the two states that are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeSide {
    /// Before, or the first workspace.
    From,
    /// After, or the second workspace.
    To,
}

impl FieldChange {
    pub fn on(&self, side: ChangeSide) -> &FieldValue {
        match side {
            ChangeSide::From => &self.from,
            ChangeSide::To => &self.to,
        }
    }
}

/// What changed about one number in one place.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    pub phone_number: PhoneNumber,
    /// The workspace; none for the directory as a whole, and between workspaces.
    pub workspace: Option<WorkspaceName>,
    pub kind: ChangeKind,
    /// Every field that differs, in the order of the files.
    pub fields: Vec<FieldChange>,
    /// Whether one direction of calls has agents that stay: words then say which direction the others left.
    pub keeps_a_direction: bool,
}

impl Change {
    /// The change of a field, if it differs.
    pub fn field(&self, field: NumberField) -> Option<&FieldChange> {
        self.fields.iter().find(|change| change.field == field)
    }

    /// What changed of the records beside decisions.
    pub fn records(&self) -> impl Iterator<Item = &FieldChange> {
        self.fields.iter().filter(|change| change.field.is_record())
    }

    /// A field's value on one side; none where the field does not differ, or has no value there.
    pub fn value(&self, field: NumberField, side: ChangeSide) -> Option<&FieldValue> {
        self.field(field).map(|change| change.on(side)).filter(|value| !value.is_absent())
    }

    /// The folder of the principal agent, where the change says that this one is it.
    pub fn principal_path(&self, side: ChangeSide, id: &AgentId) -> Option<&AgentPath> {
        let is_principal = self.value(NumberField::AgentId, side)?.agent_ids().any(|principal| principal == id);
        self.value(NumberField::AgentPath, side)?.agent_paths().next().filter(|_| is_principal)
    }

    /// The ids of the voice agents that the change names.
    pub fn agent_ids(&self) -> impl Iterator<Item = &AgentId> {
        let is_told = |field: NumberField| field.is_of_voice_agents() || field.is_record();
        let of_voice = self.fields.iter().filter(move |change| is_told(change.field));
        of_voice.flat_map(|change| change.from.agent_ids().chain(change.to.agent_ids()))
    }
}

/// Everything that changed, by number, then workspace.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// The changes in canonical order: by number; the directory as a whole first, then the workspaces.
    pub list: Vec<Change>,
    /// What agents are called that changes name by their ids alone, as far as it is known: only words need it, and
    /// two lists of the same changes are equal without it.
    pub names: AgentNames,
    /// The folders that stand for another agent, which no number's own files say: of two states, where folders are known.
    pub agent_ids: Vec<AgentIdChange>,
    /// The pools that were made, changed or deleted.
    pub pools: Vec<PoolDefinitionChange>,
}

impl PartialEq for Changes {
    fn eq(&self, other: &Self) -> bool {
        self.list == other.list && self.agent_ids == other.agent_ids && self.pools == other.pools
    }
}

impl Changes {
    /// Puts changes into canonical order.
    pub fn new(mut list: Vec<Change>) -> Self {
        list.sort_by(|left, right| (left.phone_number, &left.workspace).cmp(&(right.phone_number, &right.workspace)));
        Self { list, ..Self::default() }
    }

    /// Whether a change names an agent whose folder is not known: one of a list, or the second of two.
    pub fn has_unnamed_agents(&self) -> bool {
        self.list.iter().any(|change| change.agent_ids().any(|id| self.path_of(change, id).is_none()))
    }

    /// Learns the folders of agents that are not known yet.
    pub fn name_agents(&mut self, folders: &AgentFolders) {
        let mut found = BTreeMap::new();
        for change in &self.list {
            let Some(workspace) = &change.workspace else { continue };
            for id in change.agent_ids().filter(|id| self.path_of(change, id).is_none()) {
                // Where no folder has it here, words say whose it is.
                let here = folders.path_of(workspace, id).map(|path| (workspace, path));
                if let Some((workspace, path)) = here.or_else(|| folders.anywhere(id).next()) {
                    found.insert((workspace.clone(), id.clone()), path.clone());
                }
            }
        }
        self.names.folders.extend(found);
    }

    /// Learns the names of agents that no folder has, as a directory knows them.
    pub fn name_strangers(&mut self, directory: &Directory) {
        let names = directory.stranger_names();
        if !names.is_empty() {
            self.learn_typed(&|workspace, id| names.get(&(workspace, id)).map(|name| (*name).to_owned()));
        }
    }

    /// Learns them from those who know more than the changes' own files.
    pub fn name_by(&mut self, known: &AgentNames) {
        self.learn_typed(&|workspace, id| known.typed.get(&(workspace.clone(), id.clone())).cloned());
    }

    fn learn_typed(&mut self, name: &dyn Fn(&WorkspaceName, &AgentId) -> Option<String>) {
        for change in &self.list {
            let Some(workspace) = &change.workspace else { continue };
            for id in change.agent_ids() {
                if let Some(name) = name(workspace, id) {
                    self.names.typed.entry((workspace.clone(), id.clone())).or_insert(name);
                }
            }
        }
    }

    /// The folder of an agent: as the change itself says, else as it is known.
    fn path_of<'a>(&'a self, change: &'a Change, id: &AgentId) -> Option<&'a AgentPath> {
        let told = change.principal_path(ChangeSide::From, id).or_else(|| change.principal_path(ChangeSide::To, id));
        told.or_else(|| self.names.folder(change.workspace.as_ref(), id))
    }

    pub fn is_empty(&self) -> bool {
        self.list.is_empty() && self.agent_ids.is_empty() && self.pools.is_empty()
    }

    /// How many changes there are of each kind that occurs.
    pub fn summary(&self) -> BTreeMap<ChangeKind, usize> {
        let mut counts = BTreeMap::new();
        for change in &self.list {
            *counts.entry(change.kind).or_default() += 1;
        }
        counts
    }

    /// The change of the same number in the same place.
    pub fn about(&self, like: &Change) -> Option<&Change> {
        let key = |change: &Change| (change.phone_number, change.workspace.clone());
        let at = self.list.binary_search_by(|change| key(change).cmp(&key(like))).ok()?;
        self.list.get(at)
    }

    pub fn numbers(&self) -> usize {
        let mut numbers: Vec<_> = self.list.iter().map(|change| change.phone_number).collect();
        numbers.dedup();
        numbers.len()
    }

    pub fn retain(&mut self, admits: impl FnMut(&Change) -> bool) {
        self.list.retain(admits);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::made_up::{number, workspace};

    #[test]
    fn changes_are_equal_by_what_changed_and_not_by_the_names_that_are_known() {
        let of = |kind| {
            let (phone_number, workspace) = (number(1), Some(workspace("staging")));
            Changes::new(vec![Change { phone_number, workspace, kind, fields: Vec::new(), keeps_a_direction: false }])
        };
        let names = [((workspace("staging"), "staging-a".parse().unwrap()), AgentPath::of_folder("a").unwrap())];
        let names = AgentNames { folders: names.into(), ..AgentNames::default() };
        let known = Changes { names, ..of(ChangeKind::Imported) };
        assert_eq!(known, of(ChangeKind::Imported));
        assert_ne!(known, of(ChangeKind::Removed));
        assert_ne!(known, Changes::default());
    }
}
