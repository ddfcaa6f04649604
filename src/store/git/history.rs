//! Commits in time: where HEAD is, what a revision means, what was there at a date.

use chrono::{DateTime, Utc};
use git2::{ErrorClass, ErrorCode, ObjectType, Oid};

use super::{CommitId, GitRepository, UNSHALLOW, unexpected};
use crate::error::{Error, Result};
use crate::model::paths;
use crate::store::revision::{Revision, Step};

/// Where HEAD is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Head {
    /// On a branch that has no commit yet.
    Unborn {
        /// The full ref name, such as `refs/heads/main`.
        reference: String,
    },
    /// On a branch.
    Branch {
        /// The full ref name, such as `refs/heads/main`.
        reference: String,
        /// Its last commit.
        id: CommitId,
    },
    /// On a commit, without a branch.
    Detached {
        /// The commit.
        id: CommitId,
    },
}

impl Head {
    /// The commit, unless there is none yet.
    pub fn commit(&self) -> Option<CommitId> {
        match self {
            Self::Unborn { .. } => None,
            Self::Branch { id, .. } | Self::Detached { id } => Some(*id),
        }
    }

    /// The full name of the ref that a commit moves.
    pub fn reference(&self) -> &str {
        match self {
            Self::Unborn { reference } | Self::Branch { reference, .. } => reference,
            Self::Detached { .. } => "HEAD",
        }
    }
}

/// The part of a commit that a walk needs, read leniently: a broken author or an absurd date does not end a walk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ancestor {
    /// The commit's root tree.
    pub(super) tree: Oid,
    /// Its parents, in order; in a shallow clone they may not be there.
    pub parents: Vec<CommitId>,
    /// The committer's time, unless it makes no sense.
    pub committed: Option<DateTime<Utc>>,
}

/// How many commits are looked at for the newest changes: somebody waits for them.
const FARTHEST: usize = 500;

/// What libgit2 says of what is not there.
fn not_found() -> git2::Error {
    git2::Error::new(ErrorCode::NotFound, ErrorClass::Reference, "it is not there")
}

impl GitRepository {
    /// Where HEAD is.
    pub fn head(&self) -> Result<Head> {
        let failed = |error| unexpected("read HEAD", error);
        let head = self.repository.find_reference("HEAD").map_err(failed)?;
        let Some(reference) = head.symbolic_target_bytes() else {
            let id = head.target().ok_or_else(|| Error::failed("HEAD points nowhere"))?;
            return Ok(Head::Detached { id: CommitId(id) });
        };
        let reference = String::from_utf8(reference.to_vec())
            .map_err(|error| Error::failed("the branch's name is not UTF-8").caused_by(error))?;
        match self.repository.refname_to_id(&reference) {
            Ok(id) => Ok(Head::Branch { reference, id: CommitId(id) }),
            Err(error) if error.code() == ErrorCode::NotFound => Ok(Head::Unborn { reference }),
            Err(error) => Err(failed(error)),
        }
    }

    /// The short names of all branches and tags, sorted; of another repository's branches, as `origin/main`.
    pub fn revision_names(&self) -> Result<Vec<String>> {
        let failed = |error| unexpected("list the branches and tags", error);
        let mut names = Vec::new();
        for reference in self.repository.references().map_err(failed)? {
            let reference = reference.map_err(failed)?;
            if reference.is_branch() || reference.is_remote() || reference.is_tag() {
                names.extend(reference.shorthand().map(str::to_owned));
            }
        }
        names.sort_unstable();
        Ok(names)
    }

    /// The newest commits on the first-parent line of HEAD that changed something below `phone-numbers/`.
    pub fn latest_changes(&self, most: usize) -> Result<Vec<CommitId>> {
        let mut found = Vec::new();
        let Some(mut at) = self.head()?.commit() else { return Ok(found) };
        let mut files = self.directory_tree(&at)?;
        for _ in 0..FARTHEST {
            let parent = self.first_parent(&self.ancestor(&at)?)?;
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

    fn directory_tree(&self, commit: &CommitId) -> Result<Option<Oid>> {
        let tree = self.project_tree(commit)?;
        Ok(tree.and_then(|tree| tree.get_name(paths::FOLDER).map(|entry| entry.id())))
    }

    /// Whether the history ends early (`git clone --depth`): its last commits look as if they had no parents.
    pub fn is_shallow(&self) -> bool {
        self.repository.is_shallow()
    }

    /// The commit that a revision names.
    pub fn resolve(&self, revision: &Revision) -> Result<CommitId> {
        let (start, steps) = revision.steps();
        if let Ok(reference) = self.repository.resolve_reference_from_short_name(start)
            && let Some(id) = reference.target()
        {
            self.check_whole(id)?;
            if !self.has(&CommitId(id))? {
                return Err(self.missing(id, &not_found()));
            }
        }
        let object = self.repository.revparse_single(start).map_err(|error| self.unresolved(revision, &error))?;
        let commit = object.peel(ObjectType::Commit).map_err(|error| match error.code() {
            ErrorCode::Peel | ErrorCode::InvalidSpec => Error::failed(format!("`{revision}` is not a commit")),
            _ => self.missing(object.id(), &error),
        })?;
        // Commit by commit: each is looked at before libgit2 reads it.
        steps.into_iter().try_fold(CommitId(commit.id()), |commit, step| self.step(revision, commit, step))
    }

    fn step(&self, revision: &Revision, mut commit: CommitId, step: Step) -> Result<CommitId> {
        let (count, parent) = match step {
            Step::Ancestor(count) => (count, 0),
            Step::Parent(0) => (0, 0),
            Step::Parent(parent) => (1, parent - 1),
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

    fn unresolved(&self, revision: &Revision, error: &git2::Error) -> Error {
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
    pub fn commit_at(&self, date: DateTime<Utc>) -> Result<CommitId> {
        let start = self.head()?.commit().ok_or_else(|| Error::cannot_tell("this repository has no commit yet"))?;
        self.first_parent_at(&start, date)?.ok_or_else(|| self.too_early(date))
    }

    /// The last commit on the first-parent line of `tip` that was made at or before `date`; none where no commit that is
    /// known here is as old.
    pub(super) fn first_parent_at(&self, tip: &CommitId, date: DateTime<Utc>) -> Result<Option<CommitId>> {
        let mut at = Some(*tip);
        while let Some(commit) = at {
            let ancestor = self.ancestor(&commit)?;
            if ancestor.committed.is_some_and(|committed| committed <= date) {
                return Ok(at);
            }
            at = self.first_parent(&ancestor)?;
        }
        Ok(None)
    }

    fn first_parent(&self, commit: &Ancestor) -> Result<Option<CommitId>> {
        let Some(parent) = commit.parents.first() else { return Ok(None) };
        let odb = self.repository.odb().map_err(|error| unexpected("open git's object store", error))?;
        // Beyond the edge of a shallow clone the parent is named, and not there.
        Ok((odb.exists(parent.0) || !self.is_shallow()).then_some(*parent))
    }

    fn too_early(&self, date: DateTime<Utc>) -> Error {
        let date = date.format("%Y-%m-%dT%H:%M:%SZ");
        if self.is_shallow() {
            return Error::cannot_tell(format!("this clone is shallow, and its history starts after {date}"))
                .hint(UNSHALLOW);
        }
        Error::cannot_tell(format!("the history starts after {date}")).hint("see its start with `git log --reverse`")
    }

    /// The best common ancestor of two commits; without one, or in a shallow clone that hides it, exit code 3.
    pub fn merge_base(&self, one: &CommitId, other: &CommitId) -> Result<CommitId> {
        match self.repository.merge_base(one.0, other.0) {
            Ok(id) => Ok(CommitId(id)),
            Err(error) if error.code() == ErrorCode::NotFound && self.is_shallow() => {
                Err(Error::cannot_tell("this clone is shallow, and has no merge base of the two revisions")
                    .hint(UNSHALLOW))
            }
            Err(error) if error.code() == ErrorCode::NotFound => {
                Err(Error::cannot_tell(format!("{} and {} have no common ancestor", one.short(), other.short())))
            }
            Err(error) => Err(unexpected("find the merge base", error)),
        }
    }

    /// Reads the part of a commit that a walk needs.
    pub fn ancestor(&self, commit: &CommitId) -> Result<Ancestor> {
        let odb = self.repository.odb().map_err(|error| unexpected("open git's object store", error))?;
        self.check_whole(commit.0)?;
        let object = odb.read(commit.0).map_err(|error| self.missing(commit.0, &error))?;
        if object.kind() != ObjectType::Commit {
            return Err(Error::failed(format!("`{commit}` is not a commit")));
        }
        parse(object.data())
            .ok_or_else(|| Error::failed(format!("the commit `{commit}` is malformed")).hint("run `git fsck`"))
    }

    /// Whether the commit is in this clone: beyond the edge of a shallow one it is not.
    pub fn has(&self, commit: &CommitId) -> Result<bool> {
        let odb = self.repository.odb().map_err(|error| unexpected("open git's object store", error))?;
        Ok(odb.exists(commit.0))
    }

    /// The commit's message, read leniently: what is not UTF-8 is replaced.
    pub fn message(&self, commit: &CommitId) -> Result<String> {
        let odb = self.repository.odb().map_err(|error| unexpected("open git's object store", error))?;
        self.check_whole(commit.0)?;
        let object = odb.read(commit.0).map_err(|error| self.missing(commit.0, &error))?;
        let text = String::from_utf8_lossy(object.data());
        Ok(text.split_once("\n\n").map(|(_, message)| message.to_owned()).unwrap_or_default())
    }

    /// Whether `commit` is `tip` or one of its ancestors.
    pub(super) fn contains(&self, tip: &CommitId, commit: &CommitId) -> Result<bool> {
        let descends = || self.repository.graph_descendant_of(tip.0, commit.0);
        Ok(tip == commit || descends().map_err(|error| unexpected("walk the history", error))?)
    }
}

/// Reads the header lines of a commit object; its message and its people may be anything.
fn parse(data: &[u8]) -> Option<Ancestor> {
    let mut ancestor = Ancestor { tree: Oid::ZERO_SHA1, parents: Vec::new(), committed: None };
    let mut tree = None;
    for line in data.split(|byte| *byte == b'\n').take_while(|line| !line.is_empty()) {
        let Some(space) = line.iter().position(|byte| *byte == b' ') else { continue };
        let (key, value) = line.split_at(space);
        let value = String::from_utf8_lossy(&value[1..]);
        match key {
            b"tree" => tree = Oid::from_str(&value).ok(),
            b"parent" => ancestor.parents.push(CommitId(Oid::from_str(&value).ok()?)),
            b"committer" => ancestor.committed = time(&value),
            _ => {}
        }
    }
    ancestor.tree = tree?;
    Some(ancestor)
}

/// The time in `Name <mail> 1700000000 +0100`.
pub(super) fn time(person: &str) -> Option<DateTime<Utc>> {
    let (_, after) = person.rsplit_once('>')?;
    let seconds = after.split_whitespace().next()?.parse().ok()?;
    DateTime::from_timestamp(seconds, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TREE: &str = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

    #[test]
    fn a_commit_with_an_absurd_date_and_no_mail_still_has_its_tree_and_parents() {
        let text = format!(
            "tree {TREE}\nparent {TREE}\nauthor x\ncommitter <<> 99999999999999999999 +9999\n\nmessage\nparent no\n"
        );
        let commit = parse(text.as_bytes()).expect("a tree");
        assert_eq!((commit.parents.len(), commit.committed), (1, None));
    }

    #[test]
    fn a_commit_without_a_tree_is_malformed() {
        assert_eq!(parse(b"author x\n\nmessage"), None);
    }

    #[test]
    fn the_time_is_the_committers() {
        let text = format!("tree {TREE}\nauthor A <a@b> 5 +0000\ncommitter C <c@d> 1700000000 +0100\n\nm");
        let time = parse(text.as_bytes()).and_then(|commit| commit.committed).expect("a time");
        assert_eq!(time.timestamp(), 1_700_000_000);
    }
}
