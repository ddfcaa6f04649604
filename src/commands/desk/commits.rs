//! The directories of commits: whole, or as far as they can be read.

use crate::error::Result;
use crate::model::Directory;
use crate::model::directory::Reading;
use crate::store::git::{CommitId, GitRepository};

/// The directories before and after a commit; none where one of them cannot be read.
pub fn both_sides(
    repository: &GitRepository,
    before: &CommitId,
    after: &CommitId,
) -> Result<Option<(Directory, Directory)>> {
    Ok(readable(repository, before)?.zip(readable(repository, after)?))
}

/// The directory of a commit; none where it cannot be read: then nothing can be concluded from it.
pub fn readable(repository: &GitRepository, commit: &CommitId) -> Result<Option<Directory>> {
    let snapshot = repository.objects().read_commit_id(commit)?;
    if !snapshot.has_directory() {
        return Ok(Some(Directory::empty()));
    }
    let mut reading = Reading::of(&snapshot);
    reading.set_foreign_aside();
    reading.directory.sort();
    Ok(reading.failures.is_empty().then_some(reading.directory))
}

/// The directory of a commit, sorted, as far as it can be read; none where the commit has none.
pub fn as_far_as_readable(repository: &GitRepository, commit: &CommitId) -> Result<Option<Directory>> {
    let snapshot = repository.objects().read_commit_id(commit)?;
    if !snapshot.has_directory() {
        return Ok(None);
    }
    let mut directory = Reading::of(&snapshot).directory;
    directory.sort();
    Ok(Some(directory))
}
