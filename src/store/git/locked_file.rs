//! Files of git's that are replaced under git's own lock: the next version is prepared beside them, and one rename puts
//! it in place.
//!
//! Git itself works on the copy only, and so holds no lock of the repository that it could leave behind when it is
//! killed. The lock that is held names the change in the journal, by which the next command knows it again.

use std::ffi::OsString;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::GitRepository;
use super::preflight::held;
use crate::error::{Error, Result};
use crate::store::disk;
use crate::store::regular_file::{self, Links};
use crate::store::state::require_folder;

/// A file of git's, locked, with its replacement prepared.
///
/// Dropped before [`LockedFile::publish`], it changes nothing.
pub(in crate::store) struct LockedFile {
    lock: PathBuf,
    place: PathBuf,
    next: PathBuf,
}

/// More than the name of a change has, by which a lock is known.
const LONGEST_TOKEN: u64 = 256;

/// The files that are replaced, by which their copies are called.
const NAMES: [&str; 2] = ["index", "config"];

impl GitRepository {
    /// The locks that a change may take, for its journal: in a hook the index in force is another one than later.
    pub(in crate::store) fn lock_places(&self) -> Vec<String> {
        let locks = [&self.index_path, &self.configuration().config_file()].map(|place| lock_of(place));
        locks.iter().filter_map(|lock| lock.to_str()).map(str::to_owned).collect()
    }

    /// Removes what a killed process of ours left behind: the locks with its token, and what it prepared.
    pub(in crate::store) fn release_locks(&self, token: &str, places: &[String]) -> Result<()> {
        for folder in [self.git_folder(), self.shared_folder()] {
            NAMES.iter().try_for_each(|name| sweep(&folder.join("phone-dir"), name))?;
        }
        let own = self.lock_places();
        let folders = [self.git_folder(), self.shared_folder()].map(|folder| folder.canonicalize().ok());
        let is_of_git = |lock: &&String| {
            let folder = Path::new(lock).parent().and_then(|folder| folder.canonicalize().ok());
            folder.is_some() && folders.contains(&folder)
        };
        // The index of a hook's own lies beside git's.
        let noted = places.iter().filter(is_of_git);
        noted.chain(&own).try_for_each(|lock| release(Path::new(lock), token))
    }
}

impl LockedFile {
    pub(super) fn begin(place: PathBuf, folder: &Path, name: &str, token: &str) -> Result<Self> {
        let lock = lock_of(&place);
        take(&lock, token)?;
        let replacement = Self { lock, place, next: next_version(folder, name, token) };
        require_folder(folder)?;
        disk::create_dir_all(folder).map_err(|error| Error::io("make", folder, error))?;
        sweep(folder, name)?;
        copy_with_time(&replacement.place, &replacement.next)?;
        Ok(replacement)
    }

    /// Puts a file in place that was prepared to its end by a process that was killed then, if its lock still stands.
    pub(super) fn publish_prepared(place: &Path, folder: &Path, name: &str, token: &str) -> Result<bool> {
        let (lock, next) = (lock_of(place), next_version(folder, name, token));
        if !is_held_by(&lock, token)? || !next.is_file() {
            return Ok(false);
        }
        Self { lock, place: place.to_owned(), next }.publish()?;
        Ok(true)
    }

    /// The copy that becomes the file.
    pub(super) fn next(&self) -> &Path {
        &self.next
    }

    /// Puts the prepared file in place; the lock is still held.
    pub(in crate::store) fn publish(&self) -> Result<()> {
        disk::rename(&self.next, &self.place).map_err(|error| Error::io("replace", &self.place, error))
    }
}

impl Drop for LockedFile {
    fn drop(&mut self) {
        for path in [&self.next, &self.lock] {
            if let Err(error) = disk::remove_file(path) {
                // A published replacement is gone, as is a lock that an impatient user removed; for the rest, the
                // next change finds the lock by its token.
                debug_assert_eq!(error.kind(), ErrorKind::NotFound, "{}", path.display());
            }
        }
    }
}

/// The file whose existence means that a process is writing `place`.
pub(super) fn lock_of(place: &Path) -> PathBuf {
    let mut name = place.to_owned().into_os_string();
    name.push(".lock");
    name.into()
}

/// In the same file system as the file, so that a rename puts it in place; with the token in its name, so that a git
/// that outlives its parent writes over nothing of the next one's.
fn next_version(folder: &Path, name: &str, token: &str) -> PathBuf {
    folder.join(format!("{name}-{token}"))
}

/// Creates the lock with its token inside at once, so that no kill can leave one without its token.
fn take(lock: &Path, token: &str) -> Result<()> {
    let failed = |error| Error::io("lock", lock, error);
    let prepared = token_of(lock);
    disk::write(&prepared, token.as_bytes(), disk::Overwriting::Leftover, None).map_err(failed)?;
    match disk::rename_to_new(&prepared, lock) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(held(lock)),
        other => other.map_err(failed),
    }
}

/// Where a lock is written before it takes its place; only the holder of the project's lock writes there.
fn token_of(lock: &Path) -> PathBuf {
    let mut name = OsString::from("phone-dir.");
    name.push(lock.file_stem().unwrap_or_default());
    name.push("-lock");
    lock.with_file_name(name)
}

fn release(lock: &Path, token: &str) -> Result<()> {
    remove_if_there(&token_of(lock))?;
    if is_held_by(lock, token)? { remove_if_there(lock) } else { Ok(()) }
}

fn is_held_by(lock: &Path, token: &str) -> Result<bool> {
    match regular_file::read(lock, Links::Refuse, LONGEST_TOKEN) {
        Ok(content) => Ok(content == token.as_bytes()),
        // What is no regular file, or longer, is not ours, and stays.
        Err(error)
            if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::InvalidInput) =>
        {
            Ok(false)
        }
        Err(error) => Err(Error::io("read", lock, error)),
    }
}

/// Removes what was prepared and never used, and the lock of a git that was killed while preparing it.
fn sweep(folder: &Path, name: &str) -> Result<()> {
    require_folder(folder)?;
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(()),
        Err(error) => return Err(Error::io("read", folder, error)),
    };
    for entry in entries {
        let entry = entry.map_err(|error| Error::io("read", folder, error))?;
        if entry.file_name().to_string_lossy().starts_with(name) {
            remove_if_there(&entry.path())?;
        }
    }
    Ok(())
}

/// Copies a file with its time: git compares the index's with the files' times to find those that were edited in the
/// same instant in which they were staged. A fresh repository has no index yet.
fn copy_with_time(from: &Path, to: &Path) -> Result<()> {
    regular_file::refuse_irregular_if_there(from).map_err(|error| Error::io("read", from, error))?;
    match disk::copy(from, to) {
        Err(error) if error.kind() == ErrorKind::NotFound && !from.exists() => Ok(()),
        other => other.map_err(|error| Error::io("write", to, error)),
    }
}

fn remove_if_there(path: &Path) -> Result<()> {
    disk::remove_if_there(path).map_err(|error| Error::io("remove", path, error))
}
