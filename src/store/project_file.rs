//! Replaces single files so that each is whole at every moment: the new content under a temporary name in the same
//! folder, then a rename. Links on the way are refused.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use git2::{ObjectType, Oid};

use super::disk;
use super::path::ProjectPath;
use super::regular_file::{self, Links};
use crate::error::{Error, Result};
use crate::snapshot::MAX_FILE_BYTES;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileChange {
    pub path: ProjectPath,
    /// Its whole content, which everything on the way to the disk and to git shares; `None` removes it.
    pub content: Option<Bytes>,
}

impl FileChange {
    /// Writes `bytes` to the file at `path`, as `/`-separated text from the project's root.
    pub fn write(path: &str, bytes: impl Into<Bytes>) -> Result<Self> {
        Ok(Self { path: ProjectPath::parse(path)?, content: Some(bytes.into()) })
    }

    /// Writes each text to the file at its path.
    pub fn writes(texts: BTreeMap<String, String>) -> Result<Vec<Self>> {
        texts.into_iter().map(|(path, text)| Self::write(&path, text)).collect()
    }

    /// Removes the file at `path`; one that is not there stays so.
    pub fn remove(path: &str) -> Result<Self> {
        Ok(Self { path: ProjectPath::parse(path)?, content: None })
    }
}

/// What stands where a file is to be written.
#[derive(Debug)]
pub enum StandingFile {
    Absent,
    File(fs::Metadata),
}

/// Looks at the place of `path` below `root`: every folder on the way must be a folder or absent, and the place itself
/// absent or a regular file.
pub fn inspect(root: &Path, path: &ProjectPath) -> Result<StandingFile> {
    let mut place = root.to_owned();
    let mut parts = path.parts().peekable();
    while let Some(part) = parts.next() {
        place.push(part);
        let found = match fs::symlink_metadata(&place) {
            Ok(found) => found,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(StandingFile::Absent),
            Err(error) => return Err(Error::io("write", &place, error)),
        };
        let is_last = parts.peek().is_none();
        match (is_last, found.is_dir(), found.is_file()) {
            (true, _, true) => return Ok(StandingFile::File(found)),
            (false, true, _) => {}
            _ => return Err(in_the_way(&place, is_last)),
        }
    }
    Ok(StandingFile::Absent)
}

fn in_the_way(place: &Path, is_last: bool) -> Error {
    let wanted = if is_last { "a regular file" } else { "a folder" };
    Error::failed(format!(
        "`{}` is not {wanted}, and phone-dir does not write through links or over other things",
        place.display()
    ))
    .hint("move it away, then run this again")
}

/// The bytes of the regular file at `path`, or `None` when nothing is there.
pub fn current(root: &Path, path: &ProjectPath) -> Result<Option<Vec<u8>>> {
    match inspect(root, path)? {
        StandingFile::Absent => Ok(None),
        StandingFile::File(_) => {
            let place = path.below(root);
            let bytes = regular_file::read(&place, Links::Refuse, MAX_FILE_BYTES);
            bytes.map(Some).map_err(|error| Error::io("read", &place, error))
        }
    }
}

/// A content's identity: git's id of a blob with these bytes.
pub fn fingerprint(bytes: &[u8]) -> Result<Oid> {
    Oid::hash_object(ObjectType::Blob, bytes).map_err(|error| Error::failed("cannot hash a file").caused_by(error))
}

/// Writes `bytes` under a temporary name beside `path`, with the mode of the file that stands there.
pub fn prepare(root: &Path, path: &ProjectPath, name: &str, bytes: &[u8]) -> Result<()> {
    let place = temporary(root, path, name);
    let permissions = match inspect(root, path)? {
        StandingFile::File(found) => Some(found.permissions()),
        StandingFile::Absent => None,
    };
    let written = disk::write(&place, bytes, disk::Overwriting::Nothing, permissions);
    written.map_err(|error| Error::io("write", &place, error))
}

/// Gives the prepared content its place.
pub fn put_in_place(root: &Path, path: &ProjectPath, name: &str) -> Result<()> {
    let place = path.below(root);
    disk::rename(&temporary(root, path, name), &place).map_err(|error| Error::io("write", &place, error))?;
    sync_folder(&place)
}

pub fn remove(root: &Path, path: &ProjectPath) -> Result<()> {
    let place = path.below(root);
    disk::remove_file(&place).map_err(|error| Error::io("remove", &place, error))?;
    sync_folder(&place)
}

/// Removes what [`prepare`] wrote, if it is still there.
pub fn discard(root: &Path, path: &ProjectPath, name: &str) -> Result<()> {
    let place = temporary(root, path, name);
    match disk::remove_file(&place) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(Error::io("remove", &place, error)),
        _ => Ok(()),
    }
}

/// The folders above `path` that do not exist yet, outermost first.
pub fn missing_folders(root: &Path, path: &ProjectPath) -> Vec<String> {
    let ends = path.as_str().match_indices('/').map(|(end, _)| path.as_str()[..end].to_owned());
    ends.filter(|folder| fs::symlink_metadata(root.join(folder)).is_err()).collect()
}

/// Makes the folders above `path`.
pub fn make_folders(root: &Path, path: &ProjectPath) -> Result<()> {
    let place = path.below(root);
    let folder = place.parent().unwrap_or(root);
    disk::create_dir_all(folder).map_err(|error| Error::io("make", folder, error))
}

/// Removes a folder that a change made, if nothing is in it.
pub fn remove_folder_if_empty(root: &Path, folder: &str) -> Result<()> {
    let place = root.join(folder);
    match disk::remove_dir(&place) {
        Err(error) if !matches!(error.kind(), ErrorKind::NotFound | ErrorKind::DirectoryNotEmpty) => {
            Err(Error::io("remove", &place, error))
        }
        _ => Ok(()),
    }
}

fn temporary(root: &Path, path: &ProjectPath, name: &str) -> PathBuf {
    path.below(root).with_file_name(name)
}

/// Makes a rename in the folder of `place` last through a power cut.
pub fn sync_folder(place: &Path) -> Result<()> {
    let folder = place.parent().unwrap_or(Path::new("/"));
    disk::sync_folder(folder).map_err(|error| Error::io("write", folder, error))
}
