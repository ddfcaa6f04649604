//! The kinds of files that are merged, as objects with a member for each number.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::renames::{FolderRename, NamedFolder};
use super::{Three, derived};
use crate::error::{Error, Result};
use crate::model::{AgentFolders, AssignmentsFile, MasterFile, NumbersFile, PoolsFile};

/// How a file holds its numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// As members of an object, by number.
    Object,
    /// As a list of entries that name their number.
    List,
}

/// A file that is merged by number.
pub trait Keyed: Clone + std::fmt::Debug + PartialEq + Serialize + DeserializeOwned {
    /// The member that holds the numbers.
    const NUMBERS: &'static str;
    const SHAPE: Shape;
    /// The members that follow from the others, with a value to stand in for them while the others are merged.
    const DERIVED: &'static [(&'static str, &'static str)];

    /// Checks that this program knows the format.
    fn check_version(&self) -> Result<()> {
        Ok(())
    }

    /// Computes what follows from the rest of a merged file.
    fn derive(&mut self, three: &Three<'_, Self>, folders: &AgentFolders);

    /// Takes over what follows from the rest of another view of the same file.
    fn adopt_derived(&mut self, other: &Self);

    /// Where the file names agents' folders.
    fn named_folders(&self) -> Vec<NamedFolder<'_>> {
        Vec::new()
    }

    /// Gives a folder its new name wherever the file names it.
    fn rename_folder(&mut self, _rename: &FolderRename) {}
}

impl Keyed for MasterFile {
    const NUMBERS: &'static str = "numbers";
    const SHAPE: Shape = Shape::Object;
    const DERIVED: &'static [(&'static str, &'static str)] = &[(
        "metadata",
        r#"{"total_numbers":0,"by_workspace":{},"by_type":{},"by_provider":{},"assigned":0,"unassigned":0}"#,
    )];

    fn check_version(&self) -> Result<()> {
        if self.version.is_known() {
            return Ok(());
        }
        Err(Error::failed(format!("the file has version {}, which this phone-dir does not know", self.version))
            .hint("upgrade phone-dir, then merge again"))
    }

    fn derive(&mut self, three: &Three<'_, Self>, _folders: &AgentFolders) {
        derived::master(self, three);
    }

    fn adopt_derived(&mut self, other: &Self) {
        self.metadata.clone_from(&other.metadata);
        derived::describe_numbers(self);
    }

    fn named_folders(&self) -> Vec<NamedFolder<'_>> {
        let entries = self.numbers.values().flat_map(|entry| entry.workspaces.iter());
        let named = entries.filter_map(|(workspace, entry)| {
            Some(NamedFolder { workspace, path: entry.agent_path.as_ref()?, id: entry.agent_id.as_ref() })
        });
        named.collect()
    }

    fn rename_folder(&mut self, rename: &FolderRename) {
        for entry in self.numbers.values_mut().filter_map(|entry| entry.workspaces.get_mut(&rename.workspace)) {
            rename.follow(&mut entry.agent_path);
        }
    }
}

impl Keyed for NumbersFile {
    const NUMBERS: &'static str = "numbers";
    const SHAPE: Shape = Shape::List;
    const DERIVED: &'static [(&'static str, &'static str)] =
        &[("summary", r#"{"total":0,"assigned":0,"unassigned":0,"import_methods":{}}"#)];

    fn derive(&mut self, _three: &Three<'_, Self>, _folders: &AgentFolders) {
        derived::describe_registry(self);
        self.summary = crate::model::derive::summary(self);
    }

    fn adopt_derived(&mut self, other: &Self) {
        derived::describe_registry(self);
        self.summary.clone_from(&other.summary);
    }
}

impl Keyed for AssignmentsFile {
    const NUMBERS: &'static str = "assignments";
    const SHAPE: Shape = Shape::List;
    const DERIVED: &'static [(&'static str, &'static str)] = &[("by_agent", "{}"), ("unassigned", "[]")];

    fn derive(&mut self, three: &Three<'_, Self>, folders: &AgentFolders) {
        derived::assignments(self, three, folders);
    }

    fn adopt_derived(&mut self, other: &Self) {
        derived::drop_unbound(self);
        self.by_agent.clone_from(&other.by_agent);
        self.unassigned.clone_from(&other.unassigned);
    }

    fn named_folders(&self) -> Vec<NamedFolder<'_>> {
        let workspace = &self.workspace;
        let entries =
            self.assignments.iter().filter_map(|entry| Some((entry.agent_path.as_ref()?, entry.agent_id.as_ref())));
        let listed = self.by_agent.keys().map(|path| (path, None));
        entries.chain(listed).map(|(path, id)| NamedFolder { workspace, path, id }).collect()
    }

    fn rename_folder(&mut self, rename: &FolderRename) {
        if rename.workspace != self.workspace {
            return;
        }
        for entry in &mut self.assignments {
            rename.follow(&mut entry.agent_path);
        }
        if let Some(numbers) = self.by_agent.remove(&rename.from) {
            let listed = self.by_agent.entry(rename.to.clone()).or_default();
            listed.extend(numbers);
            listed.sort();
            listed.dedup();
        }
    }
}

impl Keyed for PoolsFile {
    const NUMBERS: &'static str = "members";
    const SHAPE: Shape = Shape::Object;
    const DERIVED: &'static [(&'static str, &'static str)] = &[];

    fn derive(&mut self, _three: &Three<'_, Self>, _folders: &AgentFolders) {}

    fn adopt_derived(&mut self, _other: &Self) {}
}

/// The file as an object without its derived members, its numbers as members of an object.
pub(super) fn to_keyed<T: Keyed>(file: &T) -> Result<Value> {
    let mut value =
        serde_json::to_value(file).map_err(|error| Error::failed("a file cannot be taken apart").caused_by(error))?;
    if let Value::Object(members) = &mut value {
        for (name, _) in T::DERIVED {
            members.shift_remove(*name);
        }
    }
    if T::SHAPE == Shape::List {
        let entries = by_number(value[T::NUMBERS].take())?;
        value[T::NUMBERS] = entries;
    }
    Ok(value)
}

fn by_number(list: Value) -> Result<Value> {
    let mut members = Map::new();
    let Value::Array(list) = list else { return Ok(list) };
    for entry in list {
        let number = entry["phone_number"].as_str().unwrap_or_default().to_owned();
        if members.contains_key(&number) {
            return Err(Error::failed(format!("`{number}` stands twice in one version of the file"))
                .hint("remove one of the two entries and commit that first"));
        }
        members.insert(number, entry);
    }
    Ok(Value::Object(members))
}

/// The way back; numbers in canonical order, derived members empty.
pub(super) fn from_keyed<T: Keyed>(view: Option<Value>) -> Result<T> {
    let mut value = view.unwrap_or_default();
    if T::SHAPE == Shape::List {
        let entries = listed(value[T::NUMBERS].take());
        value[T::NUMBERS] = entries;
    }
    if let Value::Object(members) = &mut value {
        for (name, empty) in T::DERIVED {
            let empty = serde_json::from_str(empty).expect("the table holds JSON");
            members.insert((*name).to_owned(), empty);
        }
    }
    serde_json::from_value(value)
        .map_err(|error| Error::failed("the merged fields do not make a valid file").caused_by(error))
}

fn listed(entries: Value) -> Value {
    let Value::Object(entries) = entries else { return entries };
    let mut entries: Vec<_> = entries.into_iter().collect();
    entries.sort_by(|one, other| one.0.cmp(&other.0));
    entries.into_iter().map(|(_, entry)| entry).collect()
}
