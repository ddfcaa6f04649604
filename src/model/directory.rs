//! The whole directory in memory, read from a snapshot of its files and written back to them.

mod failure;
mod foreign;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde::de::DeserializeOwned;

pub use self::failure::{FailureReason, Flaw, ReadFailure};
use super::agent_folders::{AgentFile, AgentFolders, AgentWorkspaceFiles};
use super::assignments::{Assignment, AssignmentsFile};
use super::canonical;
use super::master::{MasterFile, NumberEntry};
use super::paths::{self, FileKind};
use super::phone_number::PhoneNumber;
use super::pools::PoolsFile;
use super::prices::PricesFile;
use super::registry::{NumbersFile, RegistryEntry};
use super::sync_log::SyncLog;
use super::trunks::TrunksFile;
use super::workspace::WorkspaceName;
use super::workspaces_file::WorkspacesFile;
use crate::error::{Error, Result};
use crate::side_by_side;
use crate::snapshot::{Content, Snapshot};

/// The two files of a workspace.
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

    /// Puts the numbers into canonical order.
    pub fn sort(&mut self) {
        self.numbers.numbers.sort_by_key(|entry| entry.phone_number);
        self.assignments.assignments.sort_by_key(|assignment| assignment.phone_number);
    }

    /// The registry entry of a number.
    pub fn registered(&self, number: PhoneNumber) -> Option<&RegistryEntry> {
        find(&self.numbers.numbers, number, |entry| entry.phone_number)
    }

    /// The registry's entry of a number, to be changed.
    pub fn registered_mut(&mut self, number: PhoneNumber) -> Option<&mut RegistryEntry> {
        let numbers = &mut self.numbers.numbers;
        let at = numbers.binary_search_by_key(&number, |entry| entry.phone_number).ok()?;
        numbers.get_mut(at)
    }

    /// The assignment of a number.
    pub fn assignment(&self, number: PhoneNumber) -> Option<&Assignment> {
        find(&self.assignments.assignments, number, |assignment| assignment.phone_number)
    }
}

/// Finds by bisection, which needs the canonical order that [`Directory::load`] sees to.
fn find<T>(list: &[T], number: PhoneNumber, key: impl Fn(&T) -> PhoneNumber) -> Option<&T> {
    list.binary_search_by_key(&number, key).ok().and_then(|at| list.get(at))
}

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

    /// The files of a workspace, made on first use.
    pub fn workspace_mut(&mut self, workspace: &WorkspaceName) -> &mut WorkspaceFiles {
        self.workspaces.entry(workspace.clone()).or_insert_with(|| WorkspaceFiles::empty(workspace))
    }

    /// Puts the lists of every file into canonical order, without changing a value.
    pub fn sort(&mut self) {
        self.workspaces.values_mut().for_each(WorkspaceFiles::sort);
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

/// How many bytes of `directory.json` make a second thread worth its start.
const WORTH_A_THREAD: usize = 1 << 20;

/// A directory as far as it could be read, and what could not be.
///
/// Lists are in the order of their file, so that a place in the list is a place in the file: sort before looking
/// a number up.
#[derive(Debug)]
pub struct Reading {
    /// What was read; a file that failed is empty here.
    pub directory: Directory,
    /// The files that failed, by path.
    pub failures: Vec<ReadFailure>,
    read: BTreeSet<String>,
}

impl AgentFolders {
    /// The folders as the agents' files of a project tell them, as far as they can be read.
    pub fn in_files(snapshot: &Snapshot) -> Self {
        let mut reading = Reading::empty();
        reading.read_files(snapshot, |kind| matches!(kind, FileKind::Agent(_) | FileKind::AgentWorkspace(..)));
        reading.directory.agents
    }
}

impl Reading {
    fn empty() -> Self {
        Self { directory: Directory::empty(), failures: Vec::new(), read: BTreeSet::new() }
    }

    /// Reads every file of a snapshot; each failure stands alone.
    pub fn of(snapshot: &Snapshot) -> Self {
        let mut reading = Self::empty();
        let bytes = snapshot.bytes(paths::MASTER).unwrap_or_default();
        if bytes.len() < WORTH_A_THREAD {
            reading.read_files(snapshot, |_| true);
        } else {
            // The master directory is as large as the other files together.
            let others = || reading.read_files(snapshot, |kind| *kind != FileKind::Master);
            let ((), master) = side_by_side::both(others, || master(bytes));
            let result = master.map(|file| reading.directory.master = file);
            reading.note(paths::MASTER, result);
        }
        reading.note_missing();
        reading.failures.sort_by(|left, right| left.path.cmp(&right.path));
        reading
    }

    /// Ends with the error of a file of a newer format, which nothing here may judge or rewrite.
    pub fn refuse_newer(&mut self) -> Result<()> {
        let is_newer = |failure: &ReadFailure| matches!(failure.reason, FailureReason::Newer(_));
        match self.failures.iter().position(is_newer) {
            Some(at) => Err(self.failures.swap_remove(at).into_error()),
            None => Ok(()),
        }
    }

    /// Whether the file at `path` was there and of its kind's shape.
    pub fn holds(&self, path: &str) -> bool {
        self.read.contains(path)
    }

    /// Reads a file that failed once more, from bytes that were repaired; says whether that went well.
    pub fn retry(&mut self, path: &str, bytes: &[u8]) -> bool {
        let read = FileKind::of(path).is_some_and(|kind| self.place(kind, bytes).is_ok());
        if read {
            self.failures.retain(|failure| failure.path != path);
            self.read.insert(path.to_owned());
        }
        read
    }

    /// Notes again what is missing, after [`Self::retry`] brought files that name others.
    pub fn note_missing_again(&mut self) {
        self.note_missing();
        self.failures.sort_by(|left, right| left.path.cmp(&right.path));
    }

    fn read_files(&mut self, snapshot: &Snapshot, wanted: impl Fn(&FileKind) -> bool) {
        for (path, content) in &snapshot.files {
            let Some(kind) = FileKind::of(path).filter(&wanted) else { continue };
            let result = match content {
                Content::Bytes(bytes) => self.place(kind, bytes),
                Content::Irregular(what) => Err(FailureReason::Irregular(what)),
            };
            self.note(path, result);
        }
    }

    fn note(&mut self, path: &str, result: Result<(), FailureReason>) {
        match result {
            Ok(()) => {
                self.read.insert(path.to_owned());
            }
            Err(reason) => self.failures.push(ReadFailure { path: path.to_owned(), reason }),
        }
    }

    fn place(&mut self, kind: FileKind, bytes: &[u8]) -> Result<(), FailureReason> {
        let directory = &mut self.directory;
        match kind {
            FileKind::Master => directory.master = master(bytes)?,
            FileKind::Numbers(name) => directory.workspace_mut(&name).numbers = typed(bytes)?,
            FileKind::Assignments(name) => directory.workspace_mut(&name).assignments = typed(bytes)?,
            FileKind::Pools => directory.pools = Some(typed(bytes)?),
            FileKind::Prices => directory.prices = Some(typed(bytes)?),
            FileKind::Trunks => directory.trunks = Some(typed(bytes)?),
            FileKind::Sync => directory.sync_log = Some(typed(bytes)?),
            FileKind::Workspaces => directory.settings = Some(typed(without_mark(bytes))?),
            FileKind::Agent(agent) => {
                let folder = directory.agents.folder(agent);
                folder.name = typed::<AgentFile>(without_mark(bytes))?.agent_name;
            }
            FileKind::AgentWorkspace(agent, workspace) => {
                // The folder is there even where its file is broken.
                directory.agents.folder(agent.clone());
                let AgentWorkspaceFiles(entries) = typed(without_mark(bytes))?;
                directory.agents.add_entries(&agent, &workspace, entries);
            }
        }
        Ok(())
    }

    fn note_missing(&mut self) {
        let mut expected = vec![paths::MASTER.to_owned()];
        for name in self.directory.workspaces.keys().chain(self.directory.master.metadata.by_workspace.keys()) {
            expected.extend([paths::numbers(name), paths::assignments(name)]);
        }
        expected.sort();
        expected.dedup();
        for path in expected {
            let failed = self.failures.iter().any(|failure| failure.path == path);
            if !failed && !self.read.contains(&path) {
                self.failures.push(ReadFailure { path, reason: FailureReason::Missing });
            }
        }
    }
}

/// Other tools' files, which some editors save with a mark that other readers skip.
fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes)
}

fn typed<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, FailureReason> {
    // The encoding of a whole text is checked faster than that of its strings, one by one.
    let parsed = std::str::from_utf8(bytes).map_or_else(|_| serde_json::from_slice(bytes), serde_json::from_str);
    parsed.map_err(|error| FailureReason::unreadable(bytes, &error))
}

fn master(bytes: &[u8]) -> Result<MasterFile, FailureReason> {
    let result = typed::<MasterFile>(bytes);
    let version = match &result {
        Ok(file) => Some(file.version.to_string()).filter(|_| !file.version.is_known()),
        // A newer format need not have today's shape, so its version is read on its own.
        Err(_) => newer_version(bytes),
    };
    version.map_or(result, |version| Err(FailureReason::Newer(version)))
}

fn newer_version(bytes: &[u8]) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Versioned {
        version: super::version::FormatVersion,
    }

    let version = serde_json::from_slice::<Versioned>(bytes).ok()?.version;
    (!version.is_known()).then(|| version.to_string())
}

#[cfg(test)]
mod tests;
