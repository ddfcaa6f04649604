//! The locks on references that a git of ours leaves behind when it is killed together with the change that started it.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::thread;
use std::time::{Duration, SystemTime};

use super::GitCommits;
use crate::error::{Error, Result};
use crate::store::disk;
use crate::store::git::CommitId;
use crate::store::regular_file::{self, Links};

/// How long a lock has to stand unchanged before it counts as left behind: git holds one for an instant.
const STILLNESS: Duration = Duration::from_secs(1);

/// More than an id and a line feed have: such a lock is nothing of ours.
const LONGEST_LOCK: u64 = 4096;

/// A lock that may be one of ours.
#[derive(PartialEq)]
struct Trace {
    content: Vec<u8>,
    modified: Option<SystemTime>,
}

impl GitCommits<'_> {
    /// Removes the locks that `update-ref` took in order to move `reference` to `id`, and never gave back.
    ///
    /// That git held the project's lock for as long as it lived, and the caller of this holds it now. A lock is ours
    /// when it holds the very id that the change was about to write, or the beginning of it, and no process moves it.
    pub(in crate::store) fn release_reference_locks(self, reference: &str, id: &CommitId) -> Result<()> {
        let text = format!("{id}\n");
        let is_of_move = |content: &[u8]| text.as_bytes().starts_with(content);
        let head = self.git.git_folder().join("HEAD.lock");
        if reference != "HEAD" {
            let branch = self.git.shared_folder().join(format!("{reference}.lock"));
            // Git locks HEAD first: beside a branch that another process has locked, HEAD's lock is theirs too.
            if !release(&branch, is_of_move)? {
                return Ok(());
            }
        }
        release(&head, is_of_move).map(drop)
    }
}

/// Removes the lock that a git of ours left on a reference that only this program uses, in the folder that git's working
/// trees share. The caller holds the project's lock, so that no other phone-dir is at it.
pub(in crate::store::git) fn release_own_lock(shared: &Path, reference: &str) -> Result<()> {
    release(&shared.join(format!("{reference}.lock")), |_| true).map(drop)
}

/// Whether nothing stands there any more.
fn release(lock: &Path, is_ours: impl Fn(&[u8]) -> bool) -> Result<bool> {
    let Some(trace) = Trace::of(lock)? else { return Ok(true) };
    if !is_ours(&trace.content) {
        return Ok(false);
    }
    thread::sleep(STILLNESS);
    if Trace::of(lock)?.as_ref() != Some(&trace) {
        return Ok(Trace::of(lock)?.is_none());
    }
    disk::remove_if_there(lock).map_err(|error| Error::io("remove", lock, error))?;
    Ok(true)
}

impl Trace {
    fn of(lock: &Path) -> Result<Option<Self>> {
        let read = || -> std::io::Result<Self> {
            let content = regular_file::read(lock, Links::Refuse, LONGEST_LOCK)?;
            Ok(Self { content, modified: fs::symlink_metadata(lock)?.modified().ok() })
        };
        match read() {
            Ok(trace) => Ok(Some(trace)),
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
            Err(error) => Err(Error::io("read", lock, error)),
        }
    }
}
