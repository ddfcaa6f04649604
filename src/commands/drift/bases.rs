//! Finds the newest ancestors that vouch for what differs: commits in which a provider's state was written down.

use std::collections::{BTreeSet, BinaryHeap, HashSet};

use chrono::{DateTime, Utc};

use crate::diff::Changes;
use crate::drift::vouching::{Candidate, Claim};
use crate::drift::{self, Base, Place};
use crate::error::Result;
use crate::model::Directory;
use crate::store::git::{Ancestor, CommitId, GitRepository};
use crate::store::project::Project;

/// Commits with a trailer whose content is looked at; a difference older than that is left without a culprit.
const MOST_CANDIDATES: usize = 200;

/// The commits that vouch, newest first.
#[derive(Debug, Default)]
pub struct Found {
    /// What each vouches for.
    pub bases: Vec<Base>,
    /// Why some differences have none.
    pub notes: Vec<String>,
}

/// Walks back from HEAD until every difference has a commit that vouches for it.
pub fn find(project: &Project, changes: &Changes) -> Result<Found> {
    let mut found = Found::default();
    let mut wanted: BTreeSet<Place> = changes.list.iter().map(drift::place).collect();
    if wanted.is_empty() {
        return Ok(found);
    }
    let Some(repository) = GitRepository::discover(project.root())? else {
        found.notes.push("this is not a git repository, so nothing tells which side moved".to_owned());
        return Ok(found);
    };
    let mut walk = Walk::from_head(&repository)?;
    let mut candidates = 0;
    while let Some((commit, ancestor)) = walk.next()? {
        // A merge brings changes of others; no sync makes one.
        if ancestor.parents.len() > 1 {
            continue;
        }
        let message = repository.message(&commit)?;
        let Some(claim) = Claim::of(&message) else { continue };
        candidates += 1;
        if let Some((parent, directory)) = both_sides(&repository, &commit, &ancestor)? {
            let candidate = Candidate { message: &message, parent: &parent, directory: &directory };
            let places = candidate.vouches(&claim, &wanted);
            wanted.retain(|place| !places.contains(place));
            if !places.is_empty() {
                found.bases.push(Base { commit: commit.to_string(), directory, places });
            }
        }
        if wanted.is_empty() || candidates == MOST_CANDIDATES {
            break;
        }
    }
    if walk.is_cut {
        found.notes.push("the history here is shallow, so older commits cannot tell which side moved".to_owned());
    }
    found.notes.extend(walk.unreadable.into_iter().map(|why| format!("a commit was left out: {why}")));
    Ok(found)
}

/// The directories of a commit's parent and of the commit; none where one of them cannot be read.
pub(in crate::commands) fn both_sides(
    repository: &GitRepository,
    commit: &CommitId,
    ancestor: &Ancestor,
) -> Result<Option<(Directory, Directory)>> {
    let before = match ancestor.parents.first() {
        Some(parent) if repository.has(parent)? => readable(repository, parent)?,
        Some(_) => None,
        None => Some(Directory::empty()),
    };
    Ok(before.zip(readable(repository, commit)?))
}

/// The directory of a commit; none where it cannot be read, because then it vouches for nothing.
pub(in crate::commands) fn readable(repository: &GitRepository, commit: &CommitId) -> Result<Option<Directory>> {
    let snapshot = repository.read_commit_id(commit)?;
    if !snapshot.has_directory() {
        return Ok(Some(Directory::empty()));
    }
    let mut reading = crate::model::directory::Reading::of(&snapshot);
    reading.set_foreign_aside();
    reading.directory.sort();
    Ok(reading.failures.is_empty().then_some(reading.directory))
}

/// The ancestors of HEAD, newest first.
pub(in crate::commands) struct Walk<'a> {
    repository: &'a GitRepository,
    waiting: BinaryHeap<(Option<DateTime<Utc>>, CommitId)>,
    seen: HashSet<CommitId>,
    is_cut: bool,
    unreadable: Vec<String>,
}

impl<'a> Walk<'a> {
    pub(in crate::commands) fn from_head(repository: &'a GitRepository) -> Result<Self> {
        let mut walk = Self {
            repository,
            waiting: BinaryHeap::new(),
            seen: HashSet::new(),
            is_cut: false,
            unreadable: Vec::new(),
        };
        if let Some(head) = repository.head()?.commit() {
            walk.add(head)?;
        }
        Ok(walk)
    }

    pub(in crate::commands) fn next(&mut self) -> Result<Option<(CommitId, Ancestor)>> {
        let Some((_, commit)) = self.waiting.pop() else { return Ok(None) };
        let ancestor = self.repository.ancestor(&commit)?;
        for parent in &ancestor.parents {
            self.add(*parent)?;
        }
        Ok(Some((commit, ancestor)))
    }

    fn add(&mut self, commit: CommitId) -> Result<()> {
        if !self.seen.insert(commit) {
            return Ok(());
        }
        if !self.repository.has(&commit)? && self.repository.is_shallow() {
            self.is_cut = true;
            return Ok(());
        }
        match self.repository.ancestor(&commit) {
            Ok(ancestor) => self.waiting.push((ancestor.committed, commit)),
            // One broken commit is not the end of the walk.
            Err(error) => self.unreadable.push(error.message().to_owned()),
        }
        Ok(())
    }
}
