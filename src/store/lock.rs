//! One change at a time: a lock that the system releases when its process ends, however it ends.

use std::fs::{self, File};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use fs4::{FileExt, TryLockError};

use super::{disk, fault};
use crate::error::{Error, Result};

/// How long a second process waits for the first: long enough for a write, too short for a whole sync.
pub const PATIENCE: Duration = Duration::from_secs(2);

const PAUSE: Duration = Duration::from_millis(20);

/// What becomes of the lock's file when the lock is released.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Afterwards {
    /// It stays, out of sight.
    Keep,
    /// It is removed, because it lies among the user's files.
    Remove,
}

/// The lock, held until it is dropped.
#[derive(Debug)]
pub struct ProjectLock {
    // Closing the file releases the lock.
    file: File,
    path: PathBuf,
    afterwards: Afterwards,
}

impl ProjectLock {
    /// The lock for a child process too: it is released when both have ended. So a child that outlives a killed
    /// phone-dir has done its work before anybody judges what became of it.
    pub fn share(&self) -> Result<File> {
        self.file.try_clone().map_err(|error| Error::io("share", &self.path, error))
    }

    /// Takes the lock at `path`; waits up to `patience`, then gives up and names the process that holds it.
    pub fn acquire(path: &Path, afterwards: Afterwards, patience: Duration) -> Result<Self> {
        let deadline = Instant::now() + patience;
        loop {
            if let Some(file) = try_acquire(path)? {
                return Ok(Self { file, path: path.to_owned(), afterwards });
            }
            if Instant::now() >= deadline {
                return Err(busy(path));
            }
            thread::sleep(PAUSE);
        }
    }
}

impl Drop for ProjectLock {
    fn drop(&mut self) {
        if self.afterwards == Afterwards::Remove {
            // Still held here, so nobody else can be using the file; one that stays is taken over by the next.
            let _stays_on_failure = disk::remove_file(&self.path);
        }
    }
}

fn try_acquire(path: &Path) -> Result<Option<File>> {
    let failed = |error| Error::io("lock", path, error);
    let mut file = File::options().read(true).write(true).create(true).truncate(false).open(path).map_err(failed)?;
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
    let mut text = String::new();
    File::open(path).and_then(|file| file.take(32).read_to_string(&mut text)).ok()?;
    text.trim().parse().ok()
}
