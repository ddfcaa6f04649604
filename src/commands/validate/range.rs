//! Every commit of a range, oldest first.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use crate::commands::desk::{judged, trusted};
use crate::error::{Error, Result};
use crate::model::{Directory, Timestamp};
use crate::store::git::{CommitId, GitRepository, KnownTrees, UNSHALLOW};
use crate::store::revision::{RangeKind, RevisionRange};
use crate::validate::{self, Settings, ValidationReport};

/// Checks every commit of a range that changes the project's files.
///
/// What the earlier side of the range has already is not told again: no commit of the range brought it. The settings are
/// those of the earlier side, unless others are given; where it has no project yet, those that came with the project.
pub fn report(
    git: &GitRepository,
    range: &RevisionRange,
    settings: Option<&Settings>,
    now: Timestamp,
) -> Result<ValidationReport> {
    let (base, to) = ends(git, range)?;
    let mut settings = match settings {
        Some(settings) => Some(settings.clone()),
        None => trusted::settings_before(git, &base)?,
    };
    let mut known = KnownDirectories::default();
    let mut check = |commit: &CommitId, before| check(git, commit, (&mut settings, before), now);
    let before = check(&base, Vec::new())?;
    let mut reports = Vec::new();
    let mut last = git.objects().stored_files(&base)?;
    let mut had_directory = before.is_some();
    for commit in commits(git, &base, &to)? {
        let files = git.objects().stored_files(&commit)?;
        if files == last && !has_unwanted_names(git, &commit)? && !reports.is_empty() {
            continue;
        }
        last = files;
        match check(&commit, known.before(git, &commit)?)? {
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
    Ok(ValidationReport::of_range(words, before.as_ref(), reports))
}

fn check(
    git: &GitRepository,
    commit: &CommitId,
    (settings, before): (&mut Option<Settings>, Vec<Arc<Directory>>),
    now: Timestamp,
) -> Result<Option<ValidationReport>> {
    let (snapshot, occasion) = judged::committed(git, commit, now)?;
    if !occasion.has_project(&snapshot) {
        return Ok(None);
    }
    let settings = settings.get_or_insert_with(|| Settings::in_snapshot(&snapshot));
    validate::validate(&snapshot, settings, &occasion.after(before)).map(Some)
}

/// The directories that were read last: the next commit's parent is mostly among them.
#[derive(Default)]
struct KnownDirectories(VecDeque<(CommitId, Option<Arc<Directory>>)>);

const KEPT: usize = 4;

impl KnownDirectories {
    /// The directories of a commit's parents.
    fn before(&mut self, git: &GitRepository, commit: &CommitId) -> Result<Vec<Arc<Directory>>> {
        let parents = git.commits().parents(commit)?.ids;
        let directories = parents.iter().map(|parent| self.of(git, parent)).collect::<Result<Vec<_>>>()?;
        Ok(directories.into_iter().flatten().collect())
    }

    fn of(&mut self, git: &GitRepository, commit: &CommitId) -> Result<Option<Arc<Directory>>> {
        if let Some((_, known)) = self.0.iter().find(|(id, _)| id == commit) {
            return Ok(known.clone());
        }
        let directory = judged::directory_of(git, commit)?;
        self.0.push_back((*commit, directory.clone()));
        if self.0.len() > KEPT {
            self.0.pop_front();
        }
        Ok(directory)
    }
}

fn has_unwanted_names(git: &GitRepository, commit: &CommitId) -> Result<bool> {
    Ok(!git.objects().never_committed_in(commit)?.is_empty()
        || !git.objects().lookalikes_in(commit, git.prefix())?.is_empty())
}

/// Where the range begins, and where it ends.
fn ends(git: &GitRepository, range: &RevisionRange) -> Result<(CommitId, CommitId)> {
    let (from, to) = (git.commits().resolve(&range.from)?, git.commits().resolve(&range.to)?);
    let base = if range.kind == RangeKind::FromMergeBase { git.commits().merge_base(&from, &to)? } else { from };
    Ok((base, to))
}

/// Where the range begins, and the projects anywhere in the repository that a commit of it touches.
pub fn projects(git: &GitRepository, range: &RevisionRange) -> Result<(Option<CommitId>, BTreeSet<String>)> {
    let (base, to) = ends(git, range)?;
    let mut known = KnownTrees::default();
    let standing = git.objects().projects_in(&base, &mut known)?;
    let mut touched = BTreeSet::new();
    for commit in commits(git, &base, &to)? {
        for root in standing.union(&git.objects().projects_in(&commit, &mut known)?) {
            if !touched.contains(root) && git.objects().is_touched(root, &base, &commit)? {
                touched.insert(root.clone());
            }
        }
    }
    Ok((Some(base), touched))
}

fn removed(commit: &CommitId) -> Error {
    Error::cannot_tell(format!("commit {} removes the whole phone number directory", commit.short()))
        .hint("if that is meant, check the range without this commit")
}

/// The commits that `to` has and `base` has not, parents before children. One that a shallow clone left out could have
/// broken the directory.
fn commits(git: &GitRepository, base: &CommitId, to: &CommitId) -> Result<Vec<CommitId>> {
    let commits = git.commits().commits_since(base, to)?;
    if git.commits().is_shallow() {
        for commit in &commits {
            if git.commits().parents(commit)?.is_cut_off {
                let why = format!("this clone is shallow, and its history ends at {}", commit.short());
                return Err(Error::cannot_tell(why).hint(UNSHALLOW));
            }
        }
    }
    Ok(commits)
}
