//! What syncs took in this working tree, remembered beside git: a commit may be amended, squashed, or never made.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::disk;
use super::project_file::sync_folder;
use super::regular_file::{self, Links};
use super::state::{State, StateOwner};
use crate::error::{Error, Result};
use crate::model::Timestamp;
use crate::reconcile::rails::LostNumbers;

const FORMAT: u32 = 1;
const HALF_WRITTEN: &str = "next";
/// The largest record that is read, in bytes.
const LARGEST: u64 = 64 << 20;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedLoss {
    pub at: Timestamp,
    pub lost: LostNumbers,
    /// The flags of the rails that it was allowed by.
    pub allowed: Vec<String>,
}

/// What is remembered of a project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LossRecord {
    /// The first sync that was remembered.
    pub since: Timestamp,
    pub steps: Vec<RecordedLoss>,
}

#[derive(Serialize, Deserialize)]
struct StoredLosses {
    format: u32,
    owner: StateOwner,
    /// By the project's root, from the root of git's working tree.
    projects: BTreeMap<String, LossRecord>,
}

/// The record of a working tree, to be changed by the process that holds its lock.
#[derive(Debug)]
pub struct LossStore {
    place: PathBuf,
    owner: StateOwner,
    root: String,
}

impl LossStore {
    pub(super) fn of(state: &State, root: &str) -> Result<Self> {
        Ok(Self { place: state.losses(), owner: state.owner()?, root: root.to_owned() })
    }

    /// Removes what a process that was killed had written of a record.
    pub(super) fn sweep(&self) -> Result<()> {
        let next = self.place.with_extension(HALF_WRITTEN);
        disk::remove_if_there(&next).map_err(|error| Error::io("remove", &next, error))
    }

    /// What is remembered of the project; none before its first sync that took something.
    pub fn read(&self) -> Result<Option<LossRecord>> {
        Ok(self.stored()?.and_then(|mut stored| stored.projects.remove(&self.root)))
    }

    /// Adds what a sync is about to take, and forgets what was taken before `keep`.
    pub fn add(&self, step: RecordedLoss, keep: Timestamp) -> Result<()> {
        let empty = || StoredLosses { format: FORMAT, owner: self.owner.clone(), projects: BTreeMap::new() };
        let mut stored = self.stored()?.unwrap_or_else(empty);
        let new = || LossRecord { since: step.at, steps: Vec::new() };
        let record = stored.projects.entry(self.root.clone()).or_insert_with(new);
        record.steps.retain(|old| old.at > keep);
        if !step.lost.is_empty() {
            record.steps.push(step);
        }
        self.write(&stored)
    }

    fn write(&self, stored: &StoredLosses) -> Result<()> {
        let text = serde_json::to_vec_pretty(stored)
            .map_err(|error| Error::failed("cannot write down what the sync takes").caused_by(error))?;
        disk::replace(&self.place, &self.place.with_extension(HALF_WRITTEN), &text)
            .map_err(|error| Error::io("write", &self.place, error))?;
        sync_folder(&self.place)
    }

    /// The record, where it is this folder's: what came along with a folder from elsewhere is not.
    fn stored(&self) -> Result<Option<StoredLosses>> {
        let bytes = match regular_file::read(&self.place, Links::Refuse, LARGEST) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Error::io("read", &self.place, error)),
        };
        let stored: StoredLosses = serde_json::from_slice(&bytes).map_err(|error| {
            Error::failed(format!("`{}`, a record of what syncs took, cannot be understood", self.place.display()))
                .caused_by(error)
                .hint("a newer phone-dir may have written it: run that one, or look at the file and remove it")
        })?;
        Ok(Some(stored).filter(|stored| stored.format == FORMAT && stored.owner == self.owner))
    }
}
