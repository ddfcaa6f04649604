//! Puts files into git's index, so that `git status` is clean, and leaves every other entry alone.

use std::path::Path;

use git2::Oid;

use super::{GitIndex, IndexUpdate};
use crate::error::Result;
use crate::store::git::locked_file::LockedFile;
use crate::store::git::program::Git;
use crate::store::path::ProjectPath;

impl GitIndex<'_> {
    /// Locks the index and prepares one that differs in `entries` only.
    ///
    /// `token` is written into the lock, by which [`GitRepository::release_locks`] knows it again.
    pub(in crate::store) fn prepare_index(self, entries: &[IndexUpdate], token: &str) -> Result<LockedFile> {
        let index = self.replace_index(token)?;
        self.enter(entries, index.next())?;
        Ok(index)
    }

    /// The entries that give staged files new contents, with the modes that they have; a file that is not in the index
    /// is left out.
    pub(in crate::store) fn restaged(self, files: &[(ProjectPath, &[u8])]) -> Result<Vec<IndexUpdate>> {
        let mut entries = Vec::new();
        for (path, bytes) in files {
            let full = self.git.path_in_git(path);
            let Some((mode, _)) = self.staged(&full)? else { continue };
            // What is in the index went through git's filters already.
            let id = self.git.objects().store_as_it_is(&full, bytes)?;
            entries.push(IndexUpdate { path: full, stored: Some((mode, id)) });
        }
        Ok(entries)
    }

    pub(in crate::store::git) fn enter(self, entries: &[IndexUpdate], index: &Path) -> Result<()> {
        let mut records = Vec::new();
        for entry in entries {
            let (mode, id) = entry.stored.unwrap_or((0, Oid::ZERO_SHA1));
            records.extend_from_slice(format!("{mode:06o} {id}\t{}\0", entry.path).as_bytes());
        }
        Git::new(self.git, "update-index")
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
        Git::new(self.git, "add").args(["--refresh", "--"]).args(paths).index(index).output().map(drop)
    }

    /// What the index has for a path: mode and id, at stage 0.
    pub(in crate::store) fn staged(self, path: &str) -> Result<Option<(u32, Oid)>> {
        Ok(self.open_index()?.get_path(path.as_ref(), 0).map(|entry| (entry.mode, entry.id)))
    }

    /// Locks the index and copies it; `token` is written into the lock.
    pub(super) fn replace_index(self, token: &str) -> Result<LockedFile> {
        LockedFile::begin(self.git.index_path.clone(), &self.git.git_folder().join("phone-dir"), "index", token)
    }

    /// Puts an index in place that was prepared to its end by a process that was killed then, if its lock still stands.
    pub(in crate::store) fn publish_prepared_index(self, token: &str) -> Result<bool> {
        LockedFile::publish_prepared(&self.git.index_path, &self.git.git_folder().join("phone-dir"), "index", token)
    }
}
