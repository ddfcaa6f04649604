//! Which commit a revision, a date or an operation under way means, and the names that lead to one.

use chrono::{DateTime, Utc};
use git2::{ErrorClass, ErrorCode, ObjectType, Oid, RepositoryState};

use super::{GitCommits, Head};
use crate::error::{Error, Result};
use crate::model::paths;
use crate::model::timestamp::utc_text;
use crate::store::git::{CommitId, UNSHALLOW, unexpected};
use crate::store::revision::{Revision, RevisionStep};

/// How many commits are looked at for the newest changes: a person waits for them.
const FARTHEST: usize = 500;

/// What libgit2 says of what is not there.
fn not_found() -> git2::Error {
    git2::Error::new(ErrorCode::NotFound, ErrorClass::Reference, "it is not there")
}

impl GitCommits<'_> {
    /// The newest commits on the first-parent line of HEAD that changed something below `phone-numbers/`.
    pub fn latest_changes(self, most: usize) -> Result<Vec<CommitId>> {
        let mut found = Vec::new();
        let Some(mut at) = self.head()?.commit() else { return Ok(found) };
        let mut files = self.directory_tree(&at)?;
        for _ in 0..FARTHEST {
            let parent = self.first_parent(&self.ancestor(&at)?)?.commit();
            let before = match &parent {
                Some(parent) => self.directory_tree(parent)?,
                None => None,
            };
            if files != before {
                found.push(at);
            }
            match parent {
                Some(parent) if found.len() < most => (at, files) = (parent, before),
                _ => break,
            }
        }
        Ok(found)
    }

    fn directory_tree(self, commit: &CommitId) -> Result<Option<Oid>> {
        let tree = self.git.objects().project_tree(commit)?;
        Ok(tree.and_then(|tree| tree.get_name(paths::FOLDER).map(|entry| entry.id())))
    }

    pub fn resolve(self, revision: &Revision) -> Result<CommitId> {
        let (start, steps) = revision.steps();
        if let Ok(reference) = self.git.repository.resolve_reference_from_short_name(start)
            && let Some(id) = reference.target()
        {
            self.git.objects().check_whole(id)?;
            if !self.has(&CommitId(id))? {
                return Err(self.git.objects().missing(id, &not_found()));
            }
        }
        let object = self.git.repository.revparse_single(start).map_err(|error| self.unresolved(revision, &error))?;
        let commit = object.peel(ObjectType::Commit).map_err(|error| match error.code() {
            ErrorCode::Peel | ErrorCode::InvalidSpec => Error::failed(format!("`{revision}` is not a commit")),
            _ => self.git.objects().missing(object.id(), &error),
        })?;
        // Commit by commit: each is looked at before libgit2 reads it.
        steps.into_iter().try_fold(CommitId(commit.id()), |commit, step| self.step(revision, commit, step))
    }

    fn step(self, revision: &Revision, mut commit: CommitId, step: RevisionStep) -> Result<CommitId> {
        let (count, parent) = match step {
            RevisionStep::Ancestor(count) => (count, 0),
            RevisionStep::Parent(0) => (0, 0),
            RevisionStep::Parent(parent) => (1, parent - 1),
        };
        for _ in 0..count {
            let parents = self.ancestor(&commit)?.parents;
            commit = *parents.get(parent).ok_or_else(|| self.unresolved(revision, &not_found()))?;
            if !self.has(&commit)? && self.is_shallow() {
                return Err(self.unresolved(revision, &not_found()));
            }
        }
        Ok(commit)
    }

    fn unresolved(self, revision: &Revision, error: &git2::Error) -> Error {
        if error.code() == ErrorCode::Ambiguous {
            return Error::failed(format!("`{revision}` is the start of several ids")).hint("give more of its digits");
        }
        if error.code() != ErrorCode::NotFound && error.code() != ErrorCode::InvalidSpec {
            return Error::cannot_tell(format!("what `{revision}` names cannot be read")).hint("run `git fsck`");
        }
        if self.is_shallow() {
            return Error::cannot_tell(format!("`{revision}` is not in this clone, whose history is shallow"))
                .hint(UNSHALLOW);
        }
        let is_of_head = revision.as_str().starts_with("HEAD") || revision.as_str().starts_with('@');
        if is_of_head && matches!(self.head(), Ok(Head::Unborn { .. })) {
            return Error::cannot_tell("this repository has no commit yet").hint("commit `phone-numbers/` first");
        }
        Error::failed(format!("`{revision}` is not a branch, tag or commit of this repository"))
            .hint("list them with `git branch --all` and `git log --oneline`")
    }

    /// The last commit on the first-parent line of HEAD that was made at or before `date`.
    ///
    /// When the history known here starts later, nothing can be told (exit code 3).
    pub fn commit_at(self, date: DateTime<Utc>) -> Result<CommitId> {
        let start = self.head()?.commit().ok_or_else(|| Error::cannot_tell("this repository has no commit yet"))?;
        self.first_parent_at(&start, date)?.ok_or_else(|| self.too_early(date))
    }

    fn too_early(self, date: DateTime<Utc>) -> Error {
        let date = utc_text(date);
        if self.is_shallow() {
            return Error::cannot_tell(format!("this clone is shallow, and its history starts after {date}"))
                .hint(UNSHALLOW);
        }
        Error::cannot_tell(format!("the history starts after {date}")).hint("see its start with `git log --reverse`")
    }

    /// The short names of all branches and tags, sorted; of another repository's branches, as `origin/main`.
    pub fn revision_names(self) -> Result<Vec<String>> {
        let failed = |error| unexpected("list the branches and tags", error);
        let mut names = Vec::new();
        for reference in self.git.repository.references().map_err(failed)? {
            let reference = reference.map_err(failed)?;
            if reference.is_branch() || reference.is_remote() || reference.is_tag() {
                names.extend(reference.shorthand().map(str::to_owned));
            }
        }
        names.sort_unstable();
        Ok(names)
    }

    /// The commit that comes in while a merge, cherry-pick, revert or rebase waits for a decision; none otherwise, as
    /// after `git stash pop`.
    pub fn incoming(self) -> Result<Option<CommitId>> {
        let name = match self.git.repository.state() {
            RepositoryState::Merge => "MERGE_HEAD",
            RepositoryState::CherryPick | RepositoryState::CherryPickSequence => "CHERRY_PICK_HEAD",
            // A revert brings in the state before the commit.
            RepositoryState::Revert | RepositoryState::RevertSequence => "REVERT_HEAD~1",
            RepositoryState::Rebase | RepositoryState::RebaseInteractive | RepositoryState::RebaseMerge => {
                "REBASE_HEAD"
            }
            _ => return Ok(None),
        };
        match self.git.repository.revparse_single(name) {
            Ok(object) => Ok(Some(CommitId(object.id()))),
            Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
            Err(error) => Err(unexpected(&format!("read `{name}`"), error)),
        }
    }
}
