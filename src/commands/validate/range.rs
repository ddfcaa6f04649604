//! Every commit of a range, oldest first.

use std::collections::HashSet;

use super::source;
use crate::error::{Error, Result};
use crate::model::{Timestamp, paths};
use crate::store::git::{CommitId, GitRepository, UNSHALLOW};
use crate::store::revision::{RangeKind, RevisionRange};
use crate::validate::{self, Occasion, Report, Settings, Source};

/// Checks every commit of a range that changes the project's files.
///
/// What the earlier side of the range has already is not told again: nobody in the range brought it.
pub fn report(
    git: &GitRepository,
    range: &RevisionRange,
    settings: Option<&Settings>,
    now: Timestamp,
) -> Result<Report> {
    let (from, to) = (git.resolve(&range.from)?, git.resolve(&range.to)?);
    let base = if range.kind == RangeKind::FromMergeBase { git.merge_base(&from, &to)? } else { from };
    let check = |commit: &CommitId| check(git, commit, settings, now);
    let before = check(&base)?;
    let mut reports = Vec::new();
    let mut last = git.stored_files(&base)?;
    let mut had_directory = before.is_some();
    for commit in commits(git, &base, &to)? {
        let files = git.stored_files(&commit)?;
        if files == last && git.never_committed_in(&commit)?.is_empty() && !reports.is_empty() {
            continue;
        }
        last = files;
        match check(&commit)? {
            Some(report) => reports.push(report),
            None if had_directory => return Err(removed(&commit)),
            None => continue,
        }
        had_directory = true;
    }
    let words = format!("{}{}{}", range.from, if range.kind == RangeKind::Direct { ".." } else { "..." }, range.to);
    if reports.is_empty() {
        return Err(Error::cannot_tell(format!("no commit of `{words}` has a phone number directory"))
            .hint("give a range that ends at a commit with `phone-numbers/`"));
    }
    Ok(Report::of_range(words, before.as_ref(), reports))
}

fn check(
    git: &GitRepository,
    commit: &CommitId,
    settings: Option<&Settings>,
    now: Timestamp,
) -> Result<Option<Report>> {
    let snapshot = source::committed(git, commit)?;
    if !snapshot.has_directory() {
        return Ok(None);
    }
    let own = || Settings::of(snapshot.bytes(paths::SETTINGS));
    let settings = settings.cloned().unwrap_or_else(own);
    validate::validate(&snapshot, &settings, &Occasion::new(Source::Commit(commit.to_string()), now)).map(Some)
}

fn removed(commit: &CommitId) -> Error {
    Error::cannot_tell(format!("commit {} removes the whole phone number directory", commit.short()))
        .hint("if that is meant, check the range without this commit")
}

/// The commits that `to` has and `base` has not, parents before children.
fn commits(git: &GitRepository, base: &CommitId, to: &CommitId) -> Result<Vec<CommitId>> {
    let mut known = HashSet::new();
    let mut open = vec![*base];
    while let Some(commit) = open.pop() {
        if known.insert(commit) {
            open.extend(parents_that_are_here(git, &commit)?);
        }
    }
    let mut ordered = Vec::new();
    let mut open = vec![(*to, false)];
    while let Some((commit, parents_done)) = open.pop() {
        if parents_done {
            ordered.push(commit);
        } else if known.insert(commit) {
            open.push((commit, true));
            open.extend(parents(git, &commit)?.into_iter().rev().map(|parent| (parent, false)));
        }
    }
    Ok(ordered)
}

/// The parents of a commit of the range: one that a shallow clone left out could have broken the directory.
fn parents(git: &GitRepository, commit: &CommitId) -> Result<Vec<CommitId>> {
    let parents = git.ancestor(commit)?.parents;
    if is_edge(git, &parents) {
        return Err(Error::cannot_tell(format!("this clone is shallow, and its history ends at {}", commit.short()))
            .hint(UNSHALLOW));
    }
    Ok(parents)
}

/// The parents of a commit before the range, as far as they are there.
fn parents_that_are_here(git: &GitRepository, commit: &CommitId) -> Result<Vec<CommitId>> {
    let parents = git.ancestor(commit)?.parents;
    Ok(if is_edge(git, &parents) { Vec::new() } else { parents })
}

/// Whether a shallow clone ends here: a commit's parents are then named, and not there.
fn is_edge(git: &GitRepository, parents: &[CommitId]) -> bool {
    git.is_shallow() && parents.iter().any(|parent| git.ancestor(parent).is_err())
}
