//! What commands asked of Retell, written down before the first request, until it is known what became of it.
//!
//! A process that is killed between its requests and its commit leaves such a record. It says which numbers may differ
//! from what the directory says; a complete sync of their workspace, which sees them all, settles it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::disk;
use super::lock;
use super::project::Project;
use super::project_file::sync_folder;
use super::regular_file::{self, Links};
use super::state::{self, State, StateOwner};
use super::transaction::fresh_id;
use crate::error::{Error, Result};
use crate::model::{PhoneNumber, Timestamp, WorkspaceName};

const FORMAT: u32 = 1;
/// How the name of a record ends, and of one that is being written.
const WRITTEN: &str = "json";
const HALF_WRITTEN: &str = "next";
/// The largest record that is read, in bytes.
const LARGEST: u64 = 64 << 20;

/// The numbers that a command asks about, by workspace.
pub type NumbersByWorkspace = BTreeMap<WorkspaceName, BTreeSet<PhoneNumber>>;

/// What one command asked of Retell, as far as it is not known yet what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutstandingRequests {
    pub source: String,
    /// When it began to ask.
    pub asked_at: Timestamp,
    pub numbers: NumbersByWorkspace,
}

#[derive(Serialize, Deserialize)]
struct StoredRequests {
    format: u32,
    owner: StateOwner,
    /// The project's root, from the root of git's working tree.
    root: String,
    source: String,
    asked_at: Timestamp,
    numbers: NumbersByWorkspace,
}

/// The records of a project, to be changed by the holder of its lock.
#[derive(Debug)]
pub struct OutstandingStore {
    folder: PathBuf,
    owner: StateOwner,
    root: String,
}

/// What an interrupted command of a project asked, oldest first; nothing while another process is at work, whose own
/// record that may be.
pub fn of_project(project: &Project) -> Result<Vec<OutstandingRequests>> {
    // A project whose places cannot be found has no records there; what is wrong is told to those who change something.
    let Ok(state) = State::of(project.root()) else { return Ok(Vec::new()) };
    if !state.requests().exists() || lock::is_held(&state.lock()) {
        return Ok(Vec::new());
    }
    OutstandingStore::of(&state, &state.prefix(project.root())?)?.list()
}

impl OutstandingStore {
    pub(super) fn of(state: &State, root: &str) -> Result<Self> {
        Ok(Self { folder: state.requests(), owner: state.shared_owner()?, root: root.to_owned() })
    }

    /// Writes down what is about to be asked.
    pub fn record(&self, requests: OutstandingRequests) -> Result<()> {
        state::require_folder(&self.folder)?;
        disk::create_dir_all(&self.folder).map_err(|error| Error::io("make", &self.folder, error))?;
        self.store(&self.folder.join(format!("{}.{WRITTEN}", fresh_id())), requests)
    }

    /// All records, oldest first.
    pub fn list(&self) -> Result<Vec<OutstandingRequests>> {
        let mut list: Vec<_> = self.records()?.into_iter().map(|(_, requests)| requests).collect();
        list.sort_by_key(|requests| requests.asked_at);
        Ok(list)
    }

    /// Takes out what is known by now: the numbers for which `is_settled` holds.
    pub fn settle(&self, is_settled: impl Fn(&WorkspaceName, PhoneNumber) -> bool) -> Result<()> {
        for (place, mut requests) in self.records()? {
            let before = requests.numbers.clone();
            for (workspace, numbers) in &mut requests.numbers {
                numbers.retain(|number| !is_settled(workspace, *number));
            }
            requests.numbers.retain(|_, numbers| !numbers.is_empty());
            if requests.numbers.is_empty() {
                disk::remove_if_there(&place).map_err(|error| Error::io("remove", &place, error))?;
            } else if requests.numbers != before {
                self.store(&place, requests)?;
            }
        }
        for half_written in self.places(HALF_WRITTEN)? {
            disk::remove_if_there(&half_written).map_err(|error| Error::io("remove", &half_written, error))?;
        }
        // It stays as long as something is in it.
        let _holds_records = disk::remove_dir(&self.folder);
        Ok(())
    }

    fn store(&self, place: &Path, requests: OutstandingRequests) -> Result<()> {
        let OutstandingRequests { source, asked_at, numbers } = requests;
        let (owner, root) = (self.owner.clone(), self.root.clone());
        let text =
            serde_json::to_vec_pretty(&StoredRequests { format: FORMAT, owner, root, source, asked_at, numbers })
                .map_err(|error| Error::failed("cannot write down what is asked of Retell").caused_by(error))?;
        disk::replace(place, &place.with_extension(HALF_WRITTEN), &text)
            .map_err(|error| Error::io("write", place, error))?;
        sync_folder(place)
    }

    /// The records of this project: what came along with a folder from elsewhere is not one.
    fn records(&self) -> Result<Vec<(PathBuf, OutstandingRequests)>> {
        let mut found = Vec::new();
        for place in self.places(WRITTEN)? {
            found.extend(self.read(&place)?.map(|requests| (place, requests)));
        }
        Ok(found)
    }

    /// The files in the folder that end in `extension`.
    fn places(&self, extension: &str) -> Result<Vec<PathBuf>> {
        state::require_folder(&self.folder)?;
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                return Ok(Vec::new());
            }
            Err(error) => return Err(Error::io("read", &self.folder, error)),
        };
        let places: Vec<_> = entries
            .map(|entry| entry.map(|entry| entry.path()).map_err(|error| Error::io("read", &self.folder, error)))
            .collect::<Result<_>>()?;
        Ok(places.into_iter().filter(|place| place.extension().is_some_and(|it| it == extension)).collect())
    }

    fn read(&self, place: &Path) -> Result<Option<OutstandingRequests>> {
        let bytes =
            regular_file::read(place, Links::Refuse, LARGEST).map_err(|error| Error::io("read", place, error))?;
        let stored: StoredRequests = serde_json::from_slice(&bytes).map_err(|error| {
            Error::failed(format!("`{}`, a record of what was asked of Retell, cannot be understood", place.display()))
                .caused_by(error)
                .hint("a newer phone-dir may have written it: run that one, or look at the file and remove it")
        })?;
        let StoredRequests { format, owner, root, source, asked_at, numbers } = stored;
        let is_ours = format == FORMAT && owner == self.owner && root == self.root;
        Ok(is_ours.then_some(OutstandingRequests { source, asked_at, numbers }))
    }
}
