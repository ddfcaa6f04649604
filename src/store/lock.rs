//! One change at a time: a lock that the system releases when its process ends, however it ends.

use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind, Seek, Write};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use fs4::{FileExt, TryLockError};

use super::regular_file::{self, Links};
use super::state::State;
use super::{disk, fault};
use crate::error::{Error, Result};

/// How long a second process waits for the first: long enough for a write, too short for a whole sync.
pub const PATIENCE: Duration = Duration::from_secs(2);

const PAUSE: Duration = Duration::from_millis(20);

/// The lock, held until it is dropped.
#[derive(Debug)]
pub struct ProjectLock {
    // Closing the file releases the lock.
    file: File,
    state: State,
}

impl ProjectLock {
    /// The lock for a child process too: it is released when both have ended. So a child that outlives a killed
    /// phone-dir has done its work before the next command judges what became of it.
    pub fn share(&self) -> Result<File> {
        self.file.try_clone().map_err(|error| Error::io("share", &self.state.lock(), error))
    }

    /// Takes a project's lock, and makes the folder for it; waits up to `patience`, then gives up and names the process
    /// that holds it.
    pub fn acquire(state: &State, patience: Duration) -> Result<Self> {
        let deadline = Instant::now() + patience;
        loop {
            state.make_folders()?;
            if let Some(file) = try_acquire(&state.lock())? {
                return Ok(Self { file, state: state.clone() });
            }
            if Instant::now() >= deadline {
                return Err(busy(&state.lock()));
            }
            thread::sleep(PAUSE);
        }
    }
}

impl Drop for ProjectLock {
    fn drop(&mut self) {
        if self.state.is_of_user() {
            // Still held here, so no other process can be using the file; one that stays is taken over by the next, and a
            // folder stays as long as something is in it.
            let _stays_on_failure = disk::remove_file(&self.state.lock());
            let _holds_state = disk::remove_dir(&self.state.shared);
        }
    }
}

/// Whether a process is changing the project right now. Asking leaves no trace.
pub fn is_held(path: &Path) -> bool {
    let Ok(file) = regular_file::open(path, Links::Refuse) else { return false };
    matches!(FileExt::try_lock_shared(&file), Err(TryLockError::WouldBlock))
}

fn try_acquire(path: &Path) -> Result<Option<File>> {
    let failed = |error| Error::io("lock", path, error);
    let mut file = match open(path) {
        Ok(file) => file,
        // The holder before may have removed the folder since it was made.
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    match FileExt::try_lock(&file) {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(None),
        Err(TryLockError::Error(error)) => return Err(failed(error)),
    }
    // The holder before may have removed the file while this one was being opened: then the lock is on nothing.
    if !is_same_file(&file, path) {
        return Ok(None);
    }
    file.set_len(0).map_err(failed)?;
    file.rewind().map_err(failed)?;
    writeln!(file, "{}", std::process::id()).map_err(failed)?;
    fault::reached("lock", path);
    Ok(Some(file))
}

/// Opens the lock's file, or makes it: a regular file that has no other name, since it is written to.
fn open(path: &Path) -> io::Result<File> {
    match regular_file::options(Links::Refuse).read(true).write(true).create_new(true).open(path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        made => return made,
    }
    regular_file::refuse_irregular(&fs::symlink_metadata(path)?)?;
    let file = regular_file::options(Links::Refuse).read(true).write(true).open(path)?;
    let found = file.metadata()?;
    regular_file::refuse_irregular(&found)?;
    if has_other_names(&found) {
        return Err(io::Error::new(ErrorKind::InvalidInput, "it has a second name elsewhere (a hard link)"));
    }
    Ok(file)
}

#[cfg(unix)]
fn has_other_names(found: &Metadata) -> bool {
    std::os::unix::fs::MetadataExt::nlink(found) > 1
}

#[cfg(not(unix))]
fn has_other_names(_found: &Metadata) -> bool {
    false
}

#[cfg(unix)]
fn is_same_file(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let (Ok(opened), Ok(named)) = (file.metadata(), fs::symlink_metadata(path)) else { return false };
    (opened.dev(), opened.ino()) == (named.dev(), named.ino())
}

#[cfg(not(unix))]
fn is_same_file(_file: &File, path: &Path) -> bool {
    // An open file cannot be removed there.
    path.exists()
}

fn busy(path: &Path) -> Error {
    let holder = holder(path).map_or_else(|| "another process".to_owned(), |id| format!("process {id}"));
    Error::failed(format!("another phone-dir ({holder}) is changing this directory"))
        .hint("wait until it is done, then run this again")
}

/// The id that the holder wrote; between taking the lock and writing it there is none.
fn holder(path: &Path) -> Option<u32> {
    regular_file::read_text(path, Links::Refuse, 32).ok()?.trim().parse().ok()
}
