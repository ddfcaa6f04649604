//! The whole directory in memory, read from a snapshot of its files and written back to them.

mod failure;
mod foreign;
mod reading;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

pub use self::failure::{FailureReason, Flaw, ReadFailure};
pub use self::reading::Reading;
use super::agent::AgentId;
use super::agent_folders::AgentFolders;
use super::assignments::{Assignment, AssignmentsFile};
use super::canonical;
use super::master::{MasterFile, NumberEntry};
use super::paths;
use super::phone_number::PhoneNumber;
use super::pools::PoolsFile;
use super::prices::PricesFile;
use super::registry::{NumbersFile, RegistryEntry};
use super::sync_log::SyncLog;
use super::trunks::TrunksFile;
use super::workspace::WorkspaceName;
use super::workspaces_file::WorkspacesFile;
use crate::error::{Error, Result};
use crate::snapshot::Snapshot;

#[derive(Clone, Debug, PartialEq)]
pub struct WorkspaceFiles {
    /// `numbers.json`
    pub numbers: NumbersFile,
    /// `assignments.json`
    pub assignments: AssignmentsFile,
}

impl WorkspaceFiles {
    /// The files of a workspace that has no numbers yet.
    pub fn empty(workspace: &WorkspaceName) -> Self {
        Self { numbers: NumbersFile::empty(workspace.clone()), assignments: AssignmentsFile::empty(workspace.clone()) }
    }

    /// Whether the numbers are in canonical order.
    fn is_sorted(&self) -> bool {
        self.numbers.numbers.is_sorted_by_key(|entry| entry.phone_number)
            && self.assignments.assignments.is_sorted_by_key(|assignment| assignment.phone_number)
    }

    /// Puts the numbers into canonical order.
    pub fn sort(&mut self) {
        self.numbers.numbers.sort_by_key(|entry| entry.phone_number);
        self.assignments.assignments.sort_by_key(|assignment| assignment.phone_number);
    }

    pub fn registered(&self, number: PhoneNumber) -> Option<&RegistryEntry> {
        find(&self.numbers.numbers, number, |entry| entry.phone_number)
    }

    /// The registry's entry of a number, to be changed.
    pub fn registered_mut(&mut self, number: PhoneNumber) -> Option<&mut RegistryEntry> {
        let numbers = &mut self.numbers.numbers;
        let at = numbers.binary_search_by_key(&number, |entry| entry.phone_number).ok()?;
        numbers.get_mut(at)
    }

    pub fn assignment(&self, number: PhoneNumber) -> Option<&Assignment> {
        find(&self.assignments.assignments, number, |assignment| assignment.phone_number)
    }
}

/// Finds by bisection, which needs the canonical order that [`Directory::load`] sees to.
fn find<T>(list: &[T], number: PhoneNumber, key: impl Fn(&T) -> PhoneNumber) -> Option<&T> {
    list.binary_search_by_key(&number, key).ok().and_then(|at| list.get(at))
}

/// The names at Retell of agents that no folder has, by workspace and id.
pub type StrangerNames<'a> = BTreeMap<(&'a WorkspaceName, &'a AgentId), &'a str>;

/// Everything the files of a project say.
#[derive(Clone, Debug, PartialEq)]
pub struct Directory {
    /// `directory.json`
    pub master: MasterFile,
    /// The files of each workspace that has a folder.
    pub workspaces: BTreeMap<WorkspaceName, WorkspaceFiles>,
    /// `pools.json`; absent until the first pool is made.
    pub pools: Option<PoolsFile>,
    /// `prices.json`, where there is one.
    pub prices: Option<PricesFile>,
    /// `twilio/trunks.json`, absent in every clone.
    pub trunks: Option<TrunksFile>,
    /// `twilio/sync.json`, absent in every clone.
    pub sync_log: Option<SyncLog>,
    pub agents: AgentFolders,
    /// `workspaces.json`, absent in every clone.
    pub settings: Option<WorkspacesFile>,
    /// The files of other tools that are there and could not be read.
    pub unread: Vec<ReadFailure>,
}

impl Directory {
    /// A directory without numbers or workspaces.
    pub fn empty() -> Self {
        Self {
            master: MasterFile::empty(),
            workspaces: BTreeMap::new(),
            pools: None,
            prices: None,
            trunks: None,
            sync_log: None,
            agents: AgentFolders::default(),
            settings: None,
            unread: Vec::new(),
        }
    }

    /// The workspaces in force: those counted in `metadata.by_workspace`, those with a folder, and those of
    /// `workspaces.json`.
    pub fn workspace_names(&self) -> BTreeSet<WorkspaceName> {
        let configured = self.settings.iter().flat_map(|file| file.workspaces.keys());
        self.master.metadata.by_workspace.keys().chain(self.workspaces.keys()).chain(configured).cloned().collect()
    }

    /// The workspace of which this one's folder is a copy, as its own files say: `staging` for `phone-numbers/staging.bak/`.
    pub fn copied_from(&self, workspace: &WorkspaceName) -> Option<&WorkspaceName> {
        let written = &self.workspaces.get(workspace)?.numbers.workspace;
        (written != workspace && self.workspaces.contains_key(written)).then_some(written)
    }

    /// The entry of a number in `directory.json`.
    pub fn number(&self, number: PhoneNumber) -> Option<&NumberEntry> {
        self.master.numbers.get(&number)
    }

    /// The names of agents that no folder has, by workspace and id, as they are at Retell.
    pub fn stranger_names(&self) -> StrangerNames<'_> {
        let mut names = BTreeMap::new();
        for (workspace, files) in &self.workspaces {
            let strangers = files.assignments.assignments.iter().filter_map(Assignment::stranger);
            names.extend(strangers.map(|(id, name)| ((workspace, id), name)));
        }
        names
    }

    /// The files of a workspace, made on first use.
    pub fn workspace_mut(&mut self, workspace: &WorkspaceName) -> &mut WorkspaceFiles {
        self.workspaces.entry(workspace.clone()).or_insert_with(|| WorkspaceFiles::empty(workspace))
    }

    /// Puts the lists of every file into canonical order, without changing a value.
    pub fn sort(&mut self) {
        self.workspaces.values_mut().for_each(WorkspaceFiles::sort);
    }

    /// The same with its lists in canonical order, in which numbers are looked up.
    pub fn sorted(&self) -> Cow<'_, Self> {
        if self.workspaces.values().all(WorkspaceFiles::is_sorted) {
            return Cow::Borrowed(self);
        }
        let mut sorted = self.clone();
        sorted.sort();
        Cow::Owned(sorted)
    }

    /// Every file that this tool owns, by path, in canonical form.
    pub fn to_files(&self) -> BTreeMap<String, String> {
        self.files_unlike(None)
    }

    /// The files whose content is not that of `other`, by path, in canonical form.
    ///
    /// A file with the same values in another form is left as it stands.
    pub fn files_changed_since(&self, other: &Self) -> BTreeMap<String, String> {
        self.files_unlike(Some(other))
    }

    fn files_unlike(&self, other: Option<&Self>) -> BTreeMap<String, String> {
        let mut files = Unlike::default();
        files.add(paths::MASTER.to_owned(), Some(&self.master), other.map(|other| &other.master));
        for (name, workspace) in &self.workspaces {
            let other = other.and_then(|other| other.workspaces.get(name));
            files.add(paths::numbers(name), Some(&workspace.numbers), other.map(|other| &other.numbers));
            files.add(paths::assignments(name), Some(&workspace.assignments), other.map(|other| &other.assignments));
        }
        files.add(paths::POOLS.to_owned(), self.pools.as_ref(), other.and_then(|other| other.pools.as_ref()));
        files.add(paths::PRICES.to_owned(), self.prices.as_ref(), other.and_then(|other| other.prices.as_ref()));
        files.add(paths::TRUNKS.to_owned(), self.trunks.as_ref(), other.and_then(|other| other.trunks.as_ref()));
        files.add(paths::SYNC.to_owned(), self.sync_log.as_ref(), other.and_then(|other| other.sync_log.as_ref()));
        files.0
    }

    /// Reads a directory whose own files have to be whole, for every command but `validate`, which wants all failures.
    ///
    /// Its lists are in canonical order, in whatever order a hand left them in the file.
    pub fn load(snapshot: &Snapshot) -> Result<Self> {
        let mut reading = Self::read(snapshot)?;
        reading.set_foreign_aside();
        if let Some(error) = ReadFailure::all_as_error(std::mem::take(&mut reading.failures)) {
            return Err(error);
        }
        reading.directory.sort();
        Ok(reading.directory)
    }

    /// Reads a directory as far as it can be read, for what goes on without some of its files.
    ///
    /// # Errors
    /// Cannot tell (exit 3) where there is none; fails for a newer format, of which nothing is known.
    pub fn read(snapshot: &Snapshot) -> Result<Reading> {
        if !snapshot.has_directory() {
            return Err(Error::cannot_tell("no phone number directory here").hint("run `phone-dir init` to create one"));
        }
        let mut reading = Reading::of(snapshot);
        reading.refuse_newer()?;
        Ok(reading)
    }
}

/// Collects the texts of files that are there and differ.
#[derive(Default)]
struct Unlike(BTreeMap<String, String>);

impl Unlike {
    fn add<T: Serialize + PartialEq>(&mut self, path: String, file: Option<&T>, other: Option<&T>) {
        if let Some(file) = file.filter(|file| Some(*file) != other) {
            self.0.insert(path, canonical::to_text(file));
        }
    }
}

#[cfg(test)]
mod tests;
