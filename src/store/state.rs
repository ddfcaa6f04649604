//! Where the lock and the journal of a project are kept, and the names of the tool's own working files.

use std::fs;
use std::path::{Path, PathBuf};

use super::disk;
use crate::error::{Error, Result};

/// The lock's name where there is no git folder to keep it in.
const LOCK_NAME: &str = ".phone-dir.lock";
/// The journal's name where there is no git folder to keep it in.
const JOURNAL_NAME: &str = ".phone-dir.journal";
/// How the names of files that are about to take another's place start.
const TEMPORARY_PREFIX: &str = ".phone-dir.tmp-";

/// Whether a name directly below `phone-numbers/` is the lock or the journal.
pub fn is_own_name(name: &str) -> bool {
    matches!(name, LOCK_NAME | JOURNAL_NAME)
}

/// Whether a name is that of a half-written file.
pub fn is_temporary_name(name: &str) -> bool {
    name.starts_with(TEMPORARY_PREFIX)
}

/// The name of the `index`th temporary file of the change `id`.
pub fn temporary_name(id: &str, index: usize) -> String {
    format!("{TEMPORARY_PREFIX}{id}-{index}")
}

/// The places of a project's lock and journal.
#[derive(Clone, Debug)]
pub struct State {
    /// The lock file: one for all working trees of a repository.
    pub lock: PathBuf,
    /// The journal's folder: one for each working tree.
    pub journal: PathBuf,
    /// The root of git's working tree, or of the project where there is no git.
    pub base: PathBuf,
    /// Whether the lock lies among the user's files, and so must not stay.
    pub lock_is_visible: bool,
}

impl State {
    /// Makes the folder that the lock needs, where that is git's.
    pub fn make_folder(&self) -> Result<()> {
        match self.lock.parent() {
            Some(folder) if !self.lock_is_visible => {
                disk::create_dir_all(folder).map_err(|error| Error::io("make", folder, error))
            }
            _ => Ok(()),
        }
    }

    /// Finds the places for the project at `root`, without opening the repository: even one that cannot be opened
    /// has a folder to keep them in.
    pub fn of(root: &Path) -> Result<Self> {
        match git_folder(root)? {
            Some((base, git)) => Self::in_git(base, &git),
            None => Ok(Self::among_the_files(root)),
        }
    }

    fn in_git(base: PathBuf, git: &Path) -> Result<Self> {
        let folder = shared_folder(git)?.join("phone-dir");
        Ok(Self { lock: folder.join("lock"), journal: git.join("phone-dir/journal"), base, lock_is_visible: false })
    }

    fn among_the_files(root: &Path) -> Self {
        let folder = root.join("phone-numbers");
        Self {
            lock: folder.join(LOCK_NAME),
            journal: folder.join(JOURNAL_NAME),
            base: root.to_owned(),
            lock_is_visible: true,
        }
    }
}

/// The nearest working tree at or above `root`, and its git folder (a `.git` file names another place).
fn git_folder(root: &Path) -> Result<Option<(PathBuf, PathBuf)>> {
    for folder in root.ancestors() {
        let git = folder.join(".git");
        if git.join("HEAD").is_file() {
            return Ok(Some((folder.to_owned(), git)));
        }
        if git.is_file() {
            let text = fs::read_to_string(&git).map_err(|error| Error::io("read", &git, error))?;
            return Ok(text.trim_end().strip_prefix("gitdir: ").map(|place| (folder.to_owned(), folder.join(place))));
        }
    }
    Ok(None)
}

/// The folder that all working trees of a repository share.
fn shared_folder(git: &Path) -> Result<PathBuf> {
    let pointer = git.join("commondir");
    if !pointer.is_file() {
        return Ok(git.to_owned());
    }
    let text = fs::read_to_string(&pointer).map_err(|error| Error::io("read", &pointer, error))?;
    Ok(git.join(text.trim_end()))
}
