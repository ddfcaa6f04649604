//! The project's files as `validate` and the hook judge them, wherever they are: with what no commit may hold.

use std::collections::BTreeSet;
use std::sync::Arc;

use bytes::Bytes;

use super::Desk;
use super::commits::as_far_as_readable;
use crate::error::Result;
use crate::model::directory::Reading;
use crate::model::paths::FileKind;
use crate::model::{Directory, Timestamp, WorkspaceName};
use crate::snapshot::{Content, Snapshot};
use crate::store::git::{CommitId, GitRepository};
use crate::store::worktree;
use crate::validate::{Occasion, Source};

/// The directory of the commit before what is on disk or staged; none where there is none.
pub fn head(git: &GitRepository) -> Result<Option<Directory>> {
    let head = git.commits().head()?.commit();
    Ok(head.map(|head| as_far_as_readable(git, &head)).transpose()?.flatten())
}

/// What the commit before what is on disk has of the workspaces whose files are other ones there.
fn before_disk(git: &GitRepository) -> Result<Vec<Arc<Directory>>> {
    before(git, |head| git.index().unlike_on_disk(head))
}

/// What the commit before what is staged has of the workspaces whose files are staged otherwise.
pub fn before_index(git: &GitRepository) -> Result<Vec<Arc<Directory>>> {
    before(git, |head| git.index().unlike(head))
}

/// Most files are as HEAD has them, and reading them there takes longer than judging them.
fn before(git: &GitRepository, unlike: impl Fn(&CommitId) -> Result<BTreeSet<String>>) -> Result<Vec<Arc<Directory>>> {
    let Some(head) = git.commits().head()?.commit() else { return Ok(Vec::new()) };
    let unlike: BTreeSet<WorkspaceName> = unlike(&head)?.iter().filter_map(|path| workspace_of(path)).collect();
    if unlike.is_empty() {
        return Ok(Vec::new());
    }
    let is_wanted = |path: &str| workspace_of(path).is_some_and(|workspace| unlike.contains(&workspace));
    let mut directory = Reading::of(&git.objects().read_commit_where(&head, is_wanted)?).directory;
    directory.sort();
    Ok(vec![Arc::new(directory)])
}

/// The workspace of which a path is one of the two files.
fn workspace_of(path: &str) -> Option<WorkspaceName> {
    match FileKind::of(path)? {
        FileKind::Numbers(name) | FileKind::Assignments(name) => Some(name),
        _ => None,
    }
}

/// The directory of a commit, as far as it can be read; none where it has none.
pub fn directory_of(git: &GitRepository, commit: &CommitId) -> Result<Option<Arc<Directory>>> {
    Ok(as_far_as_readable(git, commit)?.map(Arc::new))
}

/// The project's files in the index, those that should not be there included.
pub fn staged(git: &GitRepository, now: Timestamp) -> Result<(Snapshot, Occasion)> {
    let mut occasion = Occasion::new(Source::Index, now);
    occasion.lookalikes = git.index().lookalikes_in_index()?;
    Ok((with_names(git.index().read_index()?, git.index().never_committed_in_index()?), occasion))
}

/// The project's files in a commit, those that should not be there included.
pub fn committed(git: &GitRepository, commit: &CommitId, now: Timestamp) -> Result<(Snapshot, Occasion)> {
    let mut occasion = Occasion::new(Source::Commit(commit.to_string()), now);
    occasion.lookalikes = git.objects().lookalikes_in(commit, git.prefix())?;
    Ok((with_names(git.objects().read_commit_id(commit)?, git.objects().never_committed_in(commit)?), occasion))
}

/// The project's files on disk, with what git says of them: what it tracks and should not, and what it left out.
pub fn on_disk(desk: &Desk<'_>, git: Option<&GitRepository>) -> Result<(Snapshot, Occasion)> {
    let mut snapshot = desk.files()?.clone();
    let mut occasion = Occasion::new(Source::Worktree, desk.session.now);
    occasion.lookalikes = worktree::lookalikes(desk.root(), git.map_or("", GitRepository::prefix))?;
    if let Some(git) = git {
        occasion.before = before_disk(git)?;
        occasion.tracked = git.index().never_committed_in_index()?;
        occasion.lookalikes.append(&mut git.index().lookalikes_in_index()?);
        let left_out = git.index().left_out_of_worktree()?;
        if !left_out.is_empty() {
            // What a sparse checkout leaves out is not missing.
            let mut index = git.index().read_index()?;
            snapshot.files.extend(left_out.into_iter().filter_map(|path| index.files.remove_entry(&path)));
        }
    }
    Ok((snapshot, occasion))
}

/// Adds what no commit may hold; that it is there says enough, so its content is not read.
fn with_names(mut snapshot: Snapshot, paths: Vec<String>) -> Snapshot {
    for path in paths {
        snapshot.files.entry(path).or_insert_with(|| Content::Bytes(Bytes::new()));
    }
    snapshot
}
