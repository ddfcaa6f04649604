//! The journal of a change: the earlier contents, on disk before the first file is touched.
//!
//! Its rule is one sentence: until the last step (the commit where one is wanted, else the last rename) the change can
//! be undone from here, and after it nothing is left to do but to clear up.
//!
//! A journal can come along with a folder that was sent. It counts only where it says that it belongs to this very
//! repository, and only as far as it names what phone-dir itself would write ([`own_form`]).

mod own_form;

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::model::paths;
use crate::snapshot::MAX_FILE_BYTES;
use crate::store::disk::{self, Overwriting};
use crate::store::project_file::{fingerprint, sync_folder};
use crate::store::regular_file::{self, Links};
use crate::store::state::{self, StateOwner};

/// 2 says whose it is; what an earlier version left behind is not followed.
const FORMAT: u32 = 2;
/// The largest description that is read, in bytes.
const LARGEST: u64 = 256 << 20;
const NAME: &str = "journal.json";

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRecord {
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

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalEntry {
    format: u32,
    /// The repository and working tree that it belongs to.
    owner: StateOwner,
    /// A name for this change that no other has; also the content of its index lock.
    pub id: String,
    /// The project's root, from the root of git's working tree.
    pub root: String,
    /// The files, in the order in which they are written.
    pub files: Vec<FileRecord>,
    /// The folders that the change makes, outermost first.
    pub folders: Vec<String>,
    /// The commit, as soon as its object exists.
    pub commit: Option<CommitRecord>,
    #[serde(default)]
    pub moved: Option<MoveRecord>,
    #[serde(default)]
    pub hooks: Option<HooksRecord>,
    /// Git's locks that the change may hold, with its name inside.
    #[serde(default)]
    pub locks: Vec<String>,
}

impl JournalEntry {
    /// Begins the description of a change.
    pub fn new(owner: StateOwner, id: String, root: String) -> Self {
        Self {
            format: FORMAT,
            owner,
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

    /// Whether the change is of the directory. What stands around it, hooks and attributes, is not.
    pub fn is_of_directory(&self) -> bool {
        let is_inside = |record: &FileRecord| record.path.starts_with(paths::FOLDER);
        self.aim().is_some() || self.files.iter().any(is_inside)
    }

    /// The ref and the commit that it is to point to: once it does, the change has happened.
    pub fn aim(&self) -> Option<(&str, &str)> {
        let commit = self.commit.as_ref().map(|commit| (commit.reference.as_str(), commit.id.as_str()));
        commit.or_else(|| self.moved.as_ref().map(|moved| (moved.reference.as_str(), moved.to.as_str())))
    }
}

#[derive(Debug)]
pub enum Begun {
    Nothing,
    /// Something, of another repository or by an earlier version: nothing of it may be followed.
    Elsewhere,
    /// A change of this one.
    Here(Box<JournalEntry>),
}

#[derive(Debug)]
pub struct Journal {
    folder: PathBuf,
    owner: StateOwner,
}

/// As much of a description as every version of it has.
#[derive(Deserialize)]
struct JournalHeading {
    format: u32,
    #[serde(default)]
    owner: Option<StateOwner>,
}

impl Journal {
    /// The journal of `owner` in `folder`, which need not exist.
    pub fn at(folder: &Path, owner: StateOwner) -> Self {
        Self { folder: folder.to_owned(), owner }
    }

    pub fn owner(&self) -> &StateOwner {
        &self.owner
    }

    /// The change that was interrupted, if there was one. Whatever stands in it was checked: it is a stranger's, until
    /// it shows that it is ours.
    pub fn read(&self) -> Result<Begun> {
        state::require_folder(&self.folder)?;
        let place = self.folder.join(NAME);
        let bytes = match regular_file::read(&place, Links::Refuse, LARGEST) {
            Ok(bytes) => bytes,
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                return Ok(Begun::Nothing);
            }
            Err(error) => return Err(Error::io("read", &place, error)),
        };
        let heading: JournalHeading =
            serde_json::from_slice(&bytes).map_err(|error| self.unreadable().caused_by(error))?;
        if heading.format > FORMAT {
            return Err(self.unreadable());
        }
        if heading.format < FORMAT || heading.owner.as_ref() != Some(&self.owner) {
            return Ok(Begun::Elsewhere);
        }
        let entry: JournalEntry = serde_json::from_slice(&bytes).map_err(|error| self.unreadable().caused_by(error))?;
        own_form::check(&entry).map_err(|error| self.unreadable().caused_by(error))?;
        Ok(Begun::Here(Box::new(entry)))
    }

    fn unreadable(&self) -> Error {
        let folder = self.folder.display();
        Error::failed(format!("the journal of an interrupted change, `{folder}`, cannot be understood"))
            .hint("a newer phone-dir may have written it: run that one, or look at the files and remove the folder")
    }

    /// Keeps the earlier content of the `index`th file.
    pub fn keep(&self, index: usize, bytes: &[u8]) -> Result<()> {
        write_through(&self.kept(index), bytes)
    }

    /// The earlier content of the `index`th file, which has the id `before`.
    pub fn earlier(&self, index: usize, before: &str) -> Result<Vec<u8>> {
        let place = self.kept(index);
        let bytes = regular_file::read(&place, Links::Refuse, MAX_FILE_BYTES);
        let bytes = bytes.map_err(|error| Error::io("read", &place, error))?;
        if fingerprint(&bytes)?.to_string() != before {
            return Err(Error::failed(format!("`{}` is not what the journal says that it is", place.display()))
                .hint(format!("look at the files, then remove `{}`", self.folder.display())));
        }
        Ok(bytes)
    }

    /// Makes the folder for a new change, without what an earlier one left.
    pub fn open(&self) -> Result<()> {
        self.clear()?;
        disk::create_dir_all(&self.folder).map_err(|error| Error::io("make", &self.folder, error))
    }

    /// Writes the description: from here on the change can be undone.
    pub fn write(&self, entry: &JournalEntry) -> Result<()> {
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
        state::require_folder(&self.folder)?;
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
    disk::write(place, bytes, Overwriting::Leftover, None).map_err(|error| Error::io("write", place, error))
}
