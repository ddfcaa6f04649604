//! The folder from which git runs hooks, and whole-or-nothing changes in it.
//!
//! It may be git's own, one inside the working tree, or one that many repositories share: `core.hooksPath` says. Each
//! change here is one rename; what takes several is a [`Transaction`](super::transaction)'s.

use std::fs::{self, Metadata};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::git::GitRepository;
use super::regular_file::{self, Links};
use super::transaction::HooksRecord;
use super::{disk, project_file};
use crate::clone::hook::{BEFORE, HookStanding, HooksReach, NAMES};
use crate::error::{Error, Result};

/// The largest hook that is read, in bytes: some are programs.
const LARGEST: u64 = 256 << 20;

/// The folder from which git runs a repository's hooks.
#[derive(Clone, Debug)]
pub struct HooksFolder {
    place: PathBuf,
    reach: HooksReach,
}

/// A file in the hooks folder.
#[derive(Clone, Debug)]
pub struct HookFile {
    /// Its content; that of the file behind it for a link, and empty for a link that leads nowhere.
    pub content: Vec<u8>,
    /// Whether git would run it.
    pub runs: bool,
}

impl HooksFolder {
    /// Asks git for the folder; it need not exist.
    pub fn of(repository: &GitRepository) -> Result<Self> {
        let place = resolved(&repository.configuration().hooks_path()?);
        let inside = |folder: &Path| place.starts_with(resolved(folder));
        let reach = if inside(repository.shared_folder()) || inside(repository.git_folder()) {
            HooksReach::Repository
        } else if inside(repository.workdir()) {
            HooksReach::Team
        } else if repository.configuration().hooks_path_is_global()? {
            HooksReach::Everywhere
        } else {
            HooksReach::Shared
        };
        Ok(Self { place, reach })
    }

    /// Where it is, absolute.
    pub fn place(&self) -> &Path {
        &self.place
    }

    pub fn reach(&self) -> HooksReach {
        self.reach
    }

    /// The change that puts in place or takes out the hooks of these names, for its journal.
    pub(super) fn record(&self, names: Vec<String>) -> HooksRecord {
        HooksRecord { folder: self.place.to_string_lossy().into_owned(), names }
    }

    /// Takes the hooks of an interrupted change out, and puts those that were there before back; none where the change
    /// was about another folder.
    pub(super) fn take_out(&self, record: &HooksRecord) -> Result<()> {
        if self.record(Vec::new()).folder != record.folder {
            return Ok(());
        }
        for name in NAMES {
            let temporary = self.temporary(name);
            if standing(&temporary)?.is_some() {
                disk::remove_file(&temporary).map_err(|error| Error::io("remove", &temporary, error))?;
            }
        }
        record.names.iter().try_for_each(|name| self.put_back(name))
    }

    fn put_back(&self, name: &str) -> Result<()> {
        let found = self.read(name)?;
        if found.is_some_and(|hook| HookStanding::of(Some(&hook.content)) == HookStanding::Installed) {
            self.remove(name)?;
        }
        let before = format!("{name}{BEFORE}");
        let is_gone = standing(&self.place.join(name))?.is_none();
        if is_gone && standing(&self.place.join(&before))?.is_some() {
            self.rename(&before, name)?;
        }
        Ok(())
    }

    /// Always the same name, so that what a kill leaves behind is known.
    fn temporary(&self, name: &str) -> PathBuf {
        self.place.join(format!(".{name}.phone-dir"))
    }

    /// The hook of a name; `None` when there is none.
    pub fn read(&self, name: &str) -> Result<Option<HookFile>> {
        let place = self.place.join(name);
        let Some(found) = standing(&place)? else { return Ok(None) };
        let content = match regular_file::read(&place, Links::Follow, LARGEST) {
            Ok(content) => content,
            Err(error) if error.kind() == ErrorKind::NotFound && found.is_symlink() => Vec::new(),
            Err(error) => return Err(Error::io("read", &place, error)),
        };
        let runs = fs::metadata(&place).is_ok_and(|found| is_executable(&found));
        Ok(Some(HookFile { content, runs }))
    }

    /// Puts an executable script in place, whole at every moment; it replaces what `name` names only where
    /// `replacing` allows it.
    pub fn put(&self, name: &str, content: &[u8], replacing: Replacing) -> Result<()> {
        let place = self.place.join(name);
        let temporary = self.temporary(name);
        disk::create_dir_all(&self.place).map_err(|error| self.unwritable(error))?;
        disk::remove_if_there(&temporary).map_err(|error| self.unwritable(error))?;
        disk::write(&temporary, content, disk::Overwriting::Nothing, executable())
            .map_err(|error| self.unwritable(error))?;
        let placed = match replacing {
            Replacing::Nothing => disk::rename_to_new(&temporary, &place),
            Replacing::Ours => disk::rename(&temporary, &place),
        };
        placed.map_err(|error| Error::io("write", &place, error))?;
        project_file::sync_folder(&place)
    }

    /// Gives a hook another name, with its bytes, mode and links as they are. Nothing is overwritten.
    pub fn rename(&self, from: &str, to: &str) -> Result<()> {
        let (from, to) = (self.place.join(from), self.place.join(to));
        if standing(&to)?.is_some() {
            return Err(Error::failed(format!("`{}` is in the way", to.display())));
        }
        disk::rename(&from, &to).map_err(|error| self.unwritable(error))?;
        project_file::sync_folder(&to)
    }

    pub fn remove(&self, name: &str) -> Result<()> {
        let place = self.place.join(name);
        disk::remove_file(&place).map_err(|error| self.unwritable(error))?;
        project_file::sync_folder(&place)
    }

    fn unwritable(&self, error: std::io::Error) -> Error {
        let is_full = matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded);
        let error = Error::io("write to git's hooks folder", &self.place, error);
        if is_full {
            return error;
        }
        error.hint(
            "let whoever owns it call `phone-dir hook run` in its `pre-commit`, or choose a folder of your own: \
             `git config core.hooksPath .githooks`",
        )
    }
}

/// What a new script may replace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replacing {
    /// Nothing: a hook that appeared in the meantime is an error.
    Nothing,
    /// A script of our own.
    Ours,
}

/// A path without links, as far as it exists, so that paths can be compared part by part.
fn resolved(path: &Path) -> PathBuf {
    if let Ok(found) = path.canonicalize() {
        return found;
    }
    match (path.parent(), path.file_name()) {
        (Some(parent), Some(name)) => resolved(parent).join(name),
        _ => path.to_owned(),
    }
}

/// What stands at a place: a regular file or a link, or nothing.
fn standing(place: &Path) -> Result<Option<Metadata>> {
    match fs::symlink_metadata(place) {
        Ok(found) if found.is_file() || found.is_symlink() => Ok(Some(found)),
        Ok(_) => Err(Error::failed(format!("`{}` is not a file", place.display())).hint("move it away")),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(Error::io("read", place, error)),
    }
}

#[cfg(unix)]
fn is_executable(found: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    found.is_file() && found.permissions().mode() & 0o111 != 0
}

/// Without executable bits git runs every hook.
#[cfg(not(unix))]
fn is_executable(found: &Metadata) -> bool {
    found.is_file()
}

#[cfg(unix)]
#[allow(clippy::unnecessary_wraps)] // elsewhere there is nothing to set
fn executable() -> Option<fs::Permissions> {
    use std::os::unix::fs::PermissionsExt;
    Some(fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn executable() -> Option<fs::Permissions> {
    None
}
