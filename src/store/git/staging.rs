//! Puts committed files into git's index, so that `git status` is clean, and leaves every other entry alone.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use git2::Oid;

use super::preflight::held;
use super::program::Git;
use super::{Entry, GitRepository};
use crate::error::{Error, Result};
use crate::store::disk;

/// Git's index, locked, with its replacement prepared beside it.
///
/// Dropped before [`IndexUpdate::publish`], it changes nothing.
pub(in crate::store) struct IndexUpdate {
    lock: PathBuf,
    index: PathBuf,
    replacement: PathBuf,
}

impl GitRepository {
    /// Locks the index and prepares one that differs in `entries` only.
    ///
    /// `token` is written into the lock, by which [`GitRepository::release_index_lock`] knows it again.
    pub(in crate::store) fn prepare_index(&self, entries: &[Entry], token: &str) -> Result<IndexUpdate> {
        let lock = self.index_lock_path();
        take(&lock, token)?;
        let update = IndexUpdate { lock, index: self.index_path.clone(), replacement: self.index_replacement() };
        let folder = self.git_folder().join("phone-dir");
        disk::create_dir_all(&folder).map_err(|error| Error::io("make", &folder, error))?;
        self.remove_replacement()?;
        copy_with_time(&update.index, &update.replacement)?;
        self.enter(entries, &update.replacement)?;
        Ok(update)
    }

    fn enter(&self, entries: &[Entry], index: &Path) -> Result<()> {
        let mut records = Vec::new();
        for entry in entries {
            let (mode, id) = entry.stored.unwrap_or((0, Oid::ZERO_SHA1));
            records.extend_from_slice(format!("{mode:06o} {id}\t{}\0", entry.path).as_bytes());
        }
        Git::new(self, "update-index")
            .args(["--add", "-z", "--index-info"])
            .index(index)
            .input(&records)
            .run("update git's index")?;
        // The files' times go into the index too: scripts take `git diff-index` at its word without a refresh.
        let written = entries.iter().filter(|entry| entry.stored.is_some()).map(|entry| entry.path.as_str());
        let paths: Vec<&str> = written.collect();
        if paths.is_empty() {
            return Ok(());
        }
        // It ends with 1 when a file was edited meanwhile: that edit stays unstaged, as it should.
        Git::new(self, "add").args(["--refresh", "--"]).args(paths).index(index).output().map(drop)
    }

    /// Where the next index is prepared: in the same file system, so that a rename puts it in place.
    fn index_replacement(&self) -> PathBuf {
        self.git_folder().join("phone-dir/index")
    }

    /// Removes an index that was prepared and never used, and the lock of a git that was killed while preparing it.
    fn remove_replacement(&self) -> Result<()> {
        let replacement = self.index_replacement();
        remove_if_there(&replacement.with_extension("lock"))?;
        remove_if_there(&replacement)
    }

    /// Removes what a killed process of ours left behind: its index lock, and the index that it prepared.
    pub(in crate::store) fn release_index_lock(&self, token: &str) -> Result<()> {
        self.remove_replacement()?;
        let lock = self.index_lock_path();
        remove_if_there(&token_of(&lock))?;
        match fs::read(&lock) {
            Ok(content) if content == token.as_bytes() => {
                disk::remove_file(&lock).map_err(|error| Error::io("remove", &lock, error))
            }
            Ok(_) => Ok(()),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            Err(error) => Err(Error::io("read", &lock, error)),
        }
    }

    /// What the index has for a path: mode and id, at stage 0.
    pub(in crate::store) fn staged(&self, path: &str) -> Result<Option<(u32, Oid)>> {
        Ok(self.open_index()?.get_path(path.as_ref(), 0).map(|entry| (entry.mode, entry.id)))
    }
}

impl IndexUpdate {
    /// Puts the prepared index in place; the lock is still held.
    pub(in crate::store) fn publish(&self) -> Result<()> {
        disk::rename(&self.replacement, &self.index).map_err(|error| Error::io("replace", &self.index, error))
    }
}

impl Drop for IndexUpdate {
    fn drop(&mut self) {
        for path in [&self.replacement, &self.lock] {
            if let Err(error) = disk::remove_file(path) {
                // A published replacement is gone, as is a lock that an impatient user removed; for the rest, the
                // next change finds the lock by its token.
                debug_assert_eq!(error.kind(), ErrorKind::NotFound, "{}", path.display());
            }
        }
    }
}

/// Creates the lock with its token inside at once, so that no kill can leave one that nobody knows.
fn take(lock: &Path, token: &str) -> Result<()> {
    let failed = |error| Error::io("lock", lock, error);
    let prepared = token_of(lock);
    disk::write(&prepared, token.as_bytes(), disk::Standing::Leftover, None).map_err(failed)?;
    match disk::rename_to_new(&prepared, lock) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(held(lock)),
        other => other.map_err(failed),
    }
}

/// Where a lock is written before it takes its place; only the holder of the project's lock writes there.
fn token_of(lock: &Path) -> PathBuf {
    lock.with_file_name("phone-dir.index-lock")
}

/// Copies the index with its time: git compares it with the files' times to find those that were edited in the same
/// instant in which they were staged. A fresh repository has no index yet.
fn copy_with_time(from: &Path, to: &Path) -> Result<()> {
    match disk::copy(from, to) {
        Err(error) if error.kind() == ErrorKind::NotFound && !from.exists() => remove_if_there(to),
        other => other.map_err(|error| Error::io("write", to, error)),
    }
}

fn remove_if_there(path: &Path) -> Result<()> {
    disk::remove_if_there(path).map_err(|error| Error::io("remove", path, error))
}
