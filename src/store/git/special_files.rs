//! Refuses devices and pipes where git and libgit2 look for their own files: each opens them without asking what they are,
//! and waits.

use std::path::Path;

use super::GitRepository;
use crate::error::{Error, Result};
use crate::store::regular_file::refuse_irregular_if_there;
use crate::store::scope;

/// Files of a git folder that are read whenever a repository is opened.
const OF_GIT: [&str; 7] = ["HEAD", "config", "config.worktree", "index", "packed-refs", "commondir", "info/attributes"];
/// Files that may lie in every folder.
const OF_FOLDERS: [&str; 2] = [".gitattributes", ".gitignore"];

/// Looks at the files of the git folder at or above `root`, before anything opens them.
pub(super) fn refuse_in_git_folder(root: &Path) -> Result<()> {
    let Some(git) = root.ancestors().map(|folder| folder.join(".git")).find(|git| git.exists()) else { return Ok(()) };
    if git.is_dir() { refuse(&git, &OF_GIT) } else { refuse_one(&git) }
}

impl GitRepository {
    /// Looks at the attributes and ignore rules of the folders that lead to the directory.
    pub(super) fn refuse_special_files(&self) -> Result<()> {
        let folder = self.workdir.join(&self.prefix).join(scope::DIRECTORY);
        let below_top = folder.ancestors().take_while(|folder| folder.starts_with(&self.workdir));
        below_top.into_iter().try_for_each(|folder| refuse(folder, &OF_FOLDERS))?;
        refuse(self.shared_folder(), &["info/attributes", "info/exclude"])
    }
}

fn refuse(folder: &Path, names: &[&str]) -> Result<()> {
    names.iter().try_for_each(|name| refuse_one(&folder.join(name)))
}

fn refuse_one(place: &Path) -> Result<()> {
    refuse_irregular_if_there(place).map_err(|error| Error::io("read", place, error).hint("move it away"))
}
