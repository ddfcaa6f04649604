//! Whether a sync, or an apply, made a commit, as it stands: by its message, which has to say exactly what its files do.

use std::collections::BTreeSet;

use crate::diff::revisions;
use crate::error::Result;
use crate::model::commit_trailers::SyncExtent;
use crate::model::paths::{self, FileKind};
use crate::model::{Directory, WorkspaceName};
use crate::reconcile::{Complete, TwilioScope};
use crate::render::changes::commit_message;
use crate::snapshot::Snapshot;
use crate::store::git::{CommitId, GitRepository};
use crate::store::path::ProjectPath;

/// What a sync or an apply wrote down in a commit.
#[derive(Debug)]
pub struct SyncCommit {
    extent: SyncExtent,
    workspaces: BTreeSet<WorkspaceName>,
}

impl SyncCommit {
    /// Reads a commit; none where it is not, or no longer, one that a sync or an apply makes: with one parent, only files of the
    /// directory in the form in which they are written, and a message that tells their changes and no others.
    pub fn of(repository: &GitRepository, commit: &CommitId) -> Result<Option<Self>> {
        let Some(parent) = repository.commits().parents(commit)?.only() else { return Ok(None) };
        let Some(touched) = own_paths(repository, &parent, commit)? else { return Ok(None) };
        let (before, after) =
            (repository.objects().read_commit_id(&parent)?, repository.objects().read_commit_id(commit)?);
        let (Some(old), Some(new)) = (loaded(&before), loaded(&after)) else { return Ok(None) };
        let changes = revisions::between(&old, &new);
        let trailers = commit_message::of_reading(&repository.commits().message(commit)?, &changes);
        let Some(extent) = trailers.and_then(|trailers| trailers.found_again_by()) else { return Ok(None) };
        let written = new.to_files();
        let is_written =
            |path: &String| written.get(path).is_some_and(|text| after.bytes(path) == Some(text.as_bytes()));
        let workspaces = changes.list.iter().filter_map(|change| change.workspace.clone()).collect();
        Ok(touched.iter().all(is_written).then_some(Self { extent, workspaces }))
    }

    /// Whether everything that the commit wrote down was read again.
    pub fn is_read_again(&self, complete: &Complete, scope: &TwilioScope) -> bool {
        let twilio = complete.twilio.is_some()
            && match scope {
                TwilioScope::WholeAccount => true,
                TwilioScope::RegisteredIn(name) => self.extent.workspace.as_ref() == Some(name),
            };
        let retell = self.workspaces.iter().all(|name| complete.retell.contains_key(name));
        (twilio || !self.extent.twilio) && (retell || !self.extent.retell)
    }
}

/// The paths from the project's root that a commit changed; none where any other than a file of the directory is among
/// them.
fn own_paths(repository: &GitRepository, parent: &CommitId, commit: &CommitId) -> Result<Option<Vec<String>>> {
    let folder = repository.path_in_git(&ProjectPath::parse(paths::FOLDER)?);
    let prefix = folder.strip_suffix(paths::FOLDER).unwrap_or_default();
    let is_own = |path: &&str| {
        matches!(FileKind::of(path), Some(FileKind::Master | FileKind::Numbers(_) | FileKind::Assignments(_)))
    };
    let touched = repository.objects().paths_between(parent, commit)?;
    let own = touched.iter().map(|path| path.strip_prefix(prefix).filter(is_own).map(str::to_owned));
    Ok(own.collect())
}

/// The directory of a commit; none where it cannot be read, which no sync leaves behind.
fn loaded(snapshot: &Snapshot) -> Option<Directory> {
    if snapshot.has_directory() { Directory::load(snapshot).ok() } else { None }
}
