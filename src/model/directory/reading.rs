//! A directory read from its files, as far as each of them can be read.

use std::collections::BTreeSet;

use serde::de::DeserializeOwned;

use super::super::agent_folders::{AgentFile, AgentFolders, AgentWorkspaceFiles};
use super::super::master::MasterFile;
use super::super::paths::{self, FileKind};
use super::super::version::FormatVersion;
use super::{Directory, FailureReason, ReadFailure};
use crate::error::Result;
use crate::side_by_side;
use crate::snapshot::{Content, Snapshot};

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
    pub(super) read: BTreeSet<String>,
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
        version: FormatVersion,
    }

    let version = serde_json::from_slice::<Versioned>(bytes).ok()?.version;
    (!version.is_known()).then(|| version.to_string())
}
