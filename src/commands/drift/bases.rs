//! Commits with their directories.

use crate::error::Result;
use crate::model::Directory;
use crate::store::git::{Ancestor, CommitId, GitRepository};

/// The directories of a commit's parent and of the commit; none where one of them cannot be read.
pub(in crate::commands) fn both_sides(
    repository: &GitRepository,
    commit: &CommitId,
    ancestor: &Ancestor,
) -> Result<Option<(Directory, Directory)>> {
    let before = match ancestor.parents.first() {
        Some(parent) if repository.commits().has(parent)? => readable(repository, parent)?,
        Some(_) => None,
        None => Some(Directory::empty()),
    };
    Ok(before.zip(readable(repository, commit)?))
}

/// The directory of a commit; none where it cannot be read, because then it vouches for nothing.
pub(in crate::commands) fn readable(repository: &GitRepository, commit: &CommitId) -> Result<Option<Directory>> {
    let snapshot = repository.objects().read_commit_id(commit)?;
    if !snapshot.has_directory() {
        return Ok(Some(Directory::empty()));
    }
    let mut reading = crate::model::directory::Reading::of(&snapshot);
    reading.set_foreign_aside();
    reading.directory.sort();
    Ok(reading.failures.is_empty().then_some(reading.directory))
}
