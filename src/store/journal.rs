//! The journal of a change: the earlier contents, on disk before the first file is touched.
//!
//! Its rule is one sentence: until the last step (the commit where one is wanted, else the last rename) the change can
//! be undone from here, and after it nothing is left to do but to clear up.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::disk::{self, Standing};
use super::replace::sync_folder;
use crate::error::{Error, Result};

const FORMAT: u32 = 1;
const NAME: &str = "journal.json";

/// One file of a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The path from the project's root.
    pub path: String,
    /// The temporary name of the new content.
    pub temporary: String,
    /// The id of the earlier content, which is kept beside the journal; `None` when there was no file.
    pub before: Option<String>,
    /// The id of the new content; `None` when the file is to be removed.
    pub after: Option<String>,
}

/// One entry of git's index that belongs to the change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexRecord {
    /// The path from the root of git's tree.
    pub path: String,
    /// Mode and id; `None` removes the entry.
    pub stored: Option<(u32, String)>,
}

/// The commit that a change ends with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommitRecord {
    /// The commit's id.
    pub id: String,
    /// The ref that it is for, such as `refs/heads/main`.
    pub reference: String,
    /// The commit before it; `None` on a branch without commits.
    pub base: Option<String>,
    /// The index entries that follow it.
    pub entries: Vec<IndexRecord>,
}

/// A branch that a change moves to a commit that is there already, with the working tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoveRecord {
    /// The ref, such as `refs/heads/main`.
    pub reference: String,
    /// The commit before.
    pub from: String,
    /// The commit that it is moved to.
    pub to: String,
}

/// Hooks that a change puts in place or takes out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HooksRecord {
    /// The folder from which git runs them.
    pub folder: String,
    /// Those that are not ours once the change is undone, or that it takes out.
    pub names: Vec<String>,
}

/// A change under way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    format: u32,
    /// A name for this change that no other has; also the content of its index lock.
    pub id: String,
    /// The project's root, from the root of git's working tree.
    pub root: String,
    /// The files, in the order in which they are written.
    pub files: Vec<Record>,
    /// The folders that the change makes, outermost first.
    pub folders: Vec<String>,
    /// The commit, as soon as its object exists.
    pub commit: Option<CommitRecord>,
    /// The branch that is moved.
    #[serde(default)]
    pub moved: Option<MoveRecord>,
    /// The hooks that are changed.
    #[serde(default)]
    pub hooks: Option<HooksRecord>,
    /// Git's locks that the change may hold, with its name inside.
    #[serde(default)]
    pub locks: Vec<String>,
}

impl Entry {
    /// Begins the description of a change.
    pub fn new(id: String, root: String) -> Self {
        Self {
            format: FORMAT,
            id,
            root,
            files: Vec::new(),
            folders: Vec::new(),
            commit: None,
            moved: None,
            hooks: None,
            locks: Vec::new(),
        }
    }

    /// The ref and the commit that it is to point to: once it does, the change has happened.
    pub fn aim(&self) -> Option<(&str, &str)> {
        let commit = self.commit.as_ref().map(|commit| (commit.reference.as_str(), commit.id.as_str()));
        commit.or_else(|| self.moved.as_ref().map(|moved| (moved.reference.as_str(), moved.to.as_str())))
    }
}

/// The journal on disk.
#[derive(Debug)]
pub struct Journal {
    folder: PathBuf,
}

impl Journal {
    /// The journal in `folder`, which need not exist.
    pub fn at(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// Whether a change is under way, or was interrupted, be it before its description was written.
    pub fn is_there(&self) -> bool {
        self.folder.exists()
    }

    /// The change that was interrupted, if there was one.
    pub fn read(&self) -> Result<Option<Entry>> {
        let place = self.folder.join(NAME);
        let bytes = match fs::read(&place) {
            Ok(bytes) => bytes,
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(None),
            Err(error) => return Err(Error::io("read", &place, error)),
        };
        let unreadable = || {
            Error::failed(format!("the journal of an interrupted change, `{}`, cannot be understood", place.display()))
                .hint("a newer phone-dir may have written it: run that one, or look at the files and remove the folder")
        };
        let entry: Entry = serde_json::from_slice(&bytes).map_err(|error| unreadable().caused_by(error))?;
        if entry.format == FORMAT { Ok(Some(entry)) } else { Err(unreadable()) }
    }

    /// Keeps the earlier content of the `index`th file.
    pub fn keep(&self, index: usize, bytes: &[u8]) -> Result<()> {
        write_through(&self.kept(index), bytes)
    }

    /// The earlier content of the `index`th file.
    pub fn earlier(&self, index: usize) -> Result<Vec<u8>> {
        let place = self.kept(index);
        fs::read(&place).map_err(|error| Error::io("read", &place, error))
    }

    /// Makes the folder for a new change, without what an earlier one left.
    pub fn open(&self) -> Result<()> {
        self.clear()?;
        disk::create_dir_all(&self.folder).map_err(|error| Error::io("make", &self.folder, error))
    }

    /// Writes the description: from here on the change can be undone.
    pub fn write(&self, entry: &Entry) -> Result<()> {
        let place = self.folder.join(NAME);
        let next = self.folder.join("journal.next");
        let text = serde_json::to_vec_pretty(entry)
            .map_err(|error| Error::failed("cannot write the journal").caused_by(error))?;
        write_through(&next, &text)?;
        disk::rename(&next, &place).map_err(|error| Error::io("write", &place, error))?;
        sync_folder(&place)
    }

    /// Ends the change: the description goes first, so that what is left behind by a kill means nothing.
    pub fn clear(&self) -> Result<()> {
        let place = self.folder.join(NAME);
        let gone = |result: std::io::Result<()>, path: &Path| match result {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(Error::io("remove", path, error)),
            _ => Ok(()),
        };
        gone(disk::remove_file(&place), &place)?;
        gone(disk::remove_dir_all(&self.folder), &self.folder)
    }

    fn kept(&self, index: usize) -> PathBuf {
        self.folder.join(format!("before-{index}"))
    }
}

fn write_through(place: &Path, bytes: &[u8]) -> Result<()> {
    disk::write(place, bytes, Standing::Leftover, None).map_err(|error| Error::io("write", place, error))
}
