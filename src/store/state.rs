//! Where a project keeps what is neither the user's nor git's: the lock, the journal, the record of open requests.
//!
//! In a repository that is `phone-dir/` in git's own folder. Elsewhere it is the user's state folder, never the project's:
//! a folder that came from another machine brings no state.

use std::env;
use std::fmt::Write;
use std::fs::{self, Metadata};
use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::disk;
use super::regular_file::{self, Links};
use crate::error::{Error, Result};

/// How the names of files that are about to take another's place start.
const TEMPORARY_PREFIX: &str = ".phone-dir.tmp-";
/// Where versions before this one kept their state outside of git. Such a thing is neither read nor followed.
const FORMER_NAMES: [&str; 2] = [".phone-dir.lock", ".phone-dir.journal"];
/// A path in one of git's own files.
const LONGEST_POINTER: u64 = 64 << 10;

/// Whether a name directly below `phone-numbers/` is one under which earlier versions kept their state.
pub fn is_former_name(name: &str) -> bool {
    FORMER_NAMES.contains(&name)
}

/// Whether a name is that of a half-written file.
pub fn is_temporary_name(name: &str) -> bool {
    name.starts_with(TEMPORARY_PREFIX)
}

/// The name of the `index`th temporary file of the change `id`.
pub fn temporary_name(id: &str, index: usize) -> String {
    format!("{TEMPORARY_PREFIX}{id}-{index}")
}

/// Which folder on this machine something was written for. What git or an archive copies is another folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FolderIdentity {
    /// The number that the file system gave it.
    number: Option<u64>,
    /// When it was made, in nanoseconds since 1970.
    made: Option<u64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StateOwner {
    /// Git's folder; none outside of git, where the state folder itself is the user's own.
    git: Option<FolderIdentity>,
    /// The root of the working tree, or of the project.
    base: Option<u64>,
}

/// The places of a project's state.
#[derive(Clone, Debug)]
pub struct State {
    /// The folder of what all working trees of a repository share.
    pub shared: PathBuf,
    /// The folder of this working tree's own.
    own: PathBuf,
    /// The root of git's working tree, or of the project where there is no git.
    pub base: PathBuf,
    git: Option<PathBuf>,
}

impl State {
    /// Finds the places for the project at `root`, without opening the repository: even one that cannot be opened
    /// has a folder to keep them in.
    pub fn of(root: &Path) -> Result<Self> {
        match git_folder(root)? {
            Some((base, git)) => {
                let shared = shared_folder(&git)?.join("phone-dir");
                Ok(Self { shared, own: git.join("phone-dir"), base, git: Some(git) })
            }
            None => Self::of_user(root),
        }
    }

    fn of_user(root: &Path) -> Result<Self> {
        let folder = user_folder()?.join("phone-dir").join(hash(root));
        Ok(Self { shared: folder.clone(), own: folder, base: root.to_owned(), git: None })
    }

    /// The lock file: one for all working trees of a repository.
    pub fn lock(&self) -> PathBuf {
        self.shared.join("lock")
    }

    /// The journal's folder: one for each working tree.
    pub fn journal(&self) -> PathBuf {
        self.own.join("journal")
    }

    /// The folder of what was asked of a provider and is not settled: one for all working trees of a repository.
    pub fn requests(&self) -> PathBuf {
        self.shared.join("requests")
    }

    /// The record of what syncs took: one for each working tree.
    pub fn losses(&self) -> PathBuf {
        self.own.join("losses.json")
    }

    /// Whether the state lies in the user's own folder, where nothing stays that is not needed.
    pub fn is_of_user(&self) -> bool {
        self.git.is_none()
    }

    /// Makes the folders. Where a link stands in the place of one, the lock would be another file.
    pub fn make_folders(&self) -> Result<()> {
        match self.shared.parent().filter(|_| self.is_of_user()) {
            Some(parent) => [parent, &self.shared].into_iter().try_for_each(make_private),
            None => [&self.shared, &self.own].into_iter().try_for_each(|folder| make_shared(folder)),
        }
    }

    /// Whose state this is, from the moment at which the folders are there.
    pub fn owner(&self) -> Result<StateOwner> {
        let git = self.git.as_deref().map(FolderIdentity::at).transpose()?;
        Ok(StateOwner { git, base: number(&look_at(&self.base)?) })
    }

    /// Whose state is shared: the repository with all its working trees.
    pub fn shared_owner(&self) -> Result<StateOwner> {
        match (&self.git, self.shared.parent()) {
            (Some(_), Some(git)) => Ok(StateOwner { git: Some(FolderIdentity::at(git)?), base: None }),
            _ => self.owner(),
        }
    }

    /// The project's root from the root of git's working tree; empty when they are the same.
    pub fn prefix(&self, root: &Path) -> Result<String> {
        let inner = root.strip_prefix(&self.base).unwrap_or(Path::new(""));
        let text = inner.to_str().ok_or_else(|| Error::failed(format!("`{}` is not UTF-8", root.display())))?;
        Ok(text.replace('\\', "/"))
    }
}

#[cfg(test)]
impl StateOwner {
    pub fn none() -> Self {
        Self { git: None, base: None }
    }
}

impl FolderIdentity {
    /// The identity of a folder that is there.
    pub fn at(folder: &Path) -> Result<Self> {
        Ok(Self::of(&look_at(folder)?))
    }

    fn of(found: &Metadata) -> Self {
        let made = found.created().ok().and_then(|made| made.duration_since(std::time::UNIX_EPOCH).ok());
        Self { number: number(found), made: made.and_then(|since| u64::try_from(since.as_nanos()).ok()) }
    }
}

#[cfg(unix)]
#[allow(clippy::unnecessary_wraps)] // elsewhere there is no such number
fn number(found: &Metadata) -> Option<u64> {
    use std::os::unix::fs::MetadataExt;
    Some(found.ino())
}

#[cfg(not(unix))]
fn number(_found: &Metadata) -> Option<u64> {
    None
}

fn look_at(folder: &Path) -> Result<Metadata> {
    fs::metadata(folder).map_err(|error| Error::io("look at", folder, error))
}

/// Makes a folder that only this user may look into.
fn make_private(folder: &Path) -> Result<()> {
    require_folder(folder)?;
    disk::create_private_dir(folder).map_err(|error| {
        Error::io("make", folder, error).hint("set `XDG_STATE_HOME` to a folder that you may write to")
    })
}

/// Makes a folder in git's, as open to others as git's own are: a repository may be a group's.
fn make_shared(folder: &Path) -> Result<()> {
    require_folder(folder)?;
    disk::create_dir_all(folder).map_err(|error| Error::io("make", folder, error))
}

/// Refuses a link, or anything else, in the place of a folder of ours. Nothing at all is fine.
pub fn require_folder(folder: &Path) -> Result<()> {
    match fs::symlink_metadata(folder) {
        Ok(found) if !found.is_dir() => Err(Error::failed(format!("`{}` is not a folder", folder.display()))
            .hint("phone-dir keeps its own state there, and never behind a link: move it away, then run this again")),
        Err(error) if !is_absence(&error) => Err(Error::io("look at", folder, error)),
        _ => Ok(()),
    }
}

fn is_absence(error: &std::io::Error) -> bool {
    matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory)
}

/// `$XDG_STATE_HOME`, which counts only where it is absolute (XDG Base Directory Specification), or its default.
fn user_folder() -> Result<PathBuf> {
    let absolute = |name: &str| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let standard = || if cfg!(windows) { absolute("LOCALAPPDATA") } else { None };
    let home = || env::home_dir().filter(|home| home.is_absolute()).map(|home| home.join(".local/state"));
    absolute("XDG_STATE_HOME").or_else(standard).or_else(home).ok_or_else(|| {
        Error::failed("there is no folder for the state of a project outside of git")
            .hint("set `HOME`, or `XDG_STATE_HOME` to a folder that you may write to")
    })
}

fn hash(root: &Path) -> String {
    Sha256::digest(root.as_os_str().as_encoded_bytes()).iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The nearest working tree at or above `root`, and its git folder (a `.git` file names another place).
fn git_folder(root: &Path) -> Result<Option<(PathBuf, PathBuf)>> {
    for folder in root.ancestors() {
        let git = folder.join(".git");
        if git.join("HEAD").is_file() {
            return Ok(Some((folder.to_owned(), resolved(&git)?)));
        }
        if git.is_file() {
            let text = pointer(&git)?;
            let Some(place) = text.trim_end().strip_prefix("gitdir: ") else { return Ok(None) };
            let git = folder.join(place);
            return if git.join("HEAD").is_file() { Ok(Some((folder.to_owned(), resolved(&git)?))) } else { Ok(None) };
        }
    }
    Ok(None)
}

/// The folder that all working trees of a repository share.
///
/// Git keeps what belongs to a linked working tree in `worktrees/<name>` of that folder. A `commondir` that names any
/// other place is not one that git wrote.
fn shared_folder(git: &Path) -> Result<PathBuf> {
    let file = git.join("commondir");
    if !file.is_file() {
        return Ok(git.to_owned());
    }
    let shared = resolved(&git.join(pointer(&file)?.trim_end()))?;
    let inner: Vec<_> = git.strip_prefix(&shared).map(|inner| inner.components().collect()).unwrap_or_default();
    match inner.as_slice() {
        [Component::Normal(first), Component::Normal(_)] if *first == "worktrees" => Ok(shared),
        _ => Err(Error::failed(format!("`{}` names a folder that this working tree is not part of", file.display()))
            .hint("run `git worktree repair` in the main working tree")),
    }
}

fn pointer(file: &Path) -> Result<String> {
    regular_file::read_text(file, Links::Follow, LONGEST_POINTER).map_err(|error| Error::io("read", file, error))
}

fn resolved(folder: &Path) -> Result<PathBuf> {
    folder.canonicalize().map_err(|error| Error::io("find", folder, error))
}
