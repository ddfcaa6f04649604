//! Gives staged files another content, in the index alone.

use super::GitRepository;
use super::program::Git;
use crate::error::Result;
use crate::store::path::ProjectPath;

impl GitRepository {
    /// Stages `files` with new contents and the modes that they have; one that is not in the index is left out.
    ///
    /// All of them or none: git writes the index once. Unstaged edits stay what they are.
    pub fn restage(&self, files: &[(ProjectPath, &[u8])]) -> Result<()> {
        let mut records = Vec::new();
        for (path, bytes) in files {
            let full = self.path_in_git(path);
            let Some((mode, _)) = self.staged(&full)? else { continue };
            // What is in the index went through git's filters already.
            let id = self.store_as_it_is(&full, bytes)?;
            records.extend_from_slice(format!("{mode:06o} {id}\t{full}\0").as_bytes());
        }
        if records.is_empty() {
            return Ok(());
        }
        let git = Git::new(self, "update-index").args(["-z", "--index-info"]).index(&self.index_path).input(&records);
        git.run("update git's index").map(drop)
    }
}
