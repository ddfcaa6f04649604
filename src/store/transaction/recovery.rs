//! Ends a change that another process began: it died, or was killed, before it could.

use std::path::{Path, PathBuf};

use git2::Oid;

use super::Recovery;
use super::change::undo;
use super::journal::{self, Begun, CommitRecord, IndexRecord, Journal, MoveRecord};
use crate::error::{Error, Result};
use crate::store::git::{BranchMove, CommitId, GitRepository, IndexUpdate};
use crate::store::hooks_folder::HooksFolder;
use crate::store::path::ProjectPath;

/// Finishes or undoes the change in the journal, if there is one. The project's lock must be held.
///
/// `base` is the root of git's working tree, or of the project where there is no git.
pub fn recover(base: &Path, journal: &Journal) -> Result<Option<Recovery>> {
    let entry = match journal.read()? {
        Begun::Here(entry) => entry,
        // Killed before the first file was touched, or after the last: there is nothing to tell.
        Begun::Nothing => {
            journal.clear()?;
            return Ok(None);
        }
        Begun::Elsewhere => {
            journal.clear()?;
            return Ok(Some(Recovery::NotFollowed));
        }
    };
    let root = root(base, &entry)?;
    let repository = repository(&root, &entry)?;
    if let (Some(repository), Some((reference, id))) = (&repository, entry.aim()) {
        repository.commits().release_reference_locks(reference, &CommitId::parse(id)?)?;
    }
    let recovery = match &repository {
        Some(repository) if has_happened(Some(repository), &entry)? => finish(repository, &entry)?,
        _ => take_back(repository.as_ref(), &root, journal, &entry)?,
    };
    if let Some(repository) = &repository {
        repository.release_locks(&entry.id, &entry.locks)?;
    }
    journal.clear()?;
    Ok(Some(recovery))
}

/// The repository, where the change is about one.
pub fn repository(root: &Path, entry: &journal::JournalEntry) -> Result<Option<GitRepository>> {
    let is_about_git = entry.aim().is_some() || !entry.locks.is_empty() || entry.hooks.is_some();
    if is_about_git { GitRepository::discover(root) } else { Ok(None) }
}

/// Whether the branch is where the change was to bring it: then the change must not be undone.
pub fn has_happened(repository: Option<&GitRepository>, entry: &journal::JournalEntry) -> Result<bool> {
    let (Some(repository), Some((reference, id))) = (repository, entry.aim()) else { return Ok(false) };
    let id = CommitId::parse(id)?;
    Ok(repository.commits().has_in_history(reference, &id)? || repository.commits().has_in_history("HEAD", &id)?)
}

/// Gives the files of a change their earlier contents.
pub fn take_back(
    repository: Option<&GitRepository>,
    root: &Path,
    journal: &Journal,
    entry: &journal::JournalEntry,
) -> Result<Recovery> {
    if let (Some(hooks), Some(repository)) = (&entry.hooks, repository) {
        // Another one by now is left alone: hooks in it were put there by others.
        HooksFolder::of(repository)?.take_out(hooks)?;
    }
    if entry.files.is_empty() && entry.aim().is_none() {
        return Ok(Recovery::Released);
    }
    let mut left = undo(root, journal, entry)?;
    if let (Some(repository), Some(moved)) = (repository, &entry.moved) {
        let written = entry.files.iter().map(|record| Ok(repository.path_in_git(&ProjectPath::parse(&record.path)?)));
        let edited = repository.index().undo_move(way(moved)?, &written.collect::<Result<_>>()?)?;
        left.extend(edited.iter().filter_map(|path| ProjectPath::parse(path).ok()));
    }
    Ok(Recovery::Undone { left })
}

fn way(moved: &MoveRecord) -> Result<BranchMove> {
    Ok(BranchMove { from: CommitId::parse(&moved.from)?, to: CommitId::parse(&moved.to)? })
}

/// Brings git's index along with a branch that was moved. What the user staged since then stays.
fn finish(repository: &GitRepository, entry: &journal::JournalEntry) -> Result<Recovery> {
    let behind = match (&entry.commit, &entry.moved) {
        (Some(commit), _) => behind_commit(repository, commit)?,
        // It was prepared to its end before the branch was moved.
        (None, Some(_)) if repository.index().publish_prepared_index(&entry.id)? => Vec::new(),
        (None, Some(moved)) => repository.index().entries_behind(way(moved)?)?,
        (None, None) => Vec::new(),
    };
    repository.release_locks(&entry.id, &entry.locks)?;
    if !behind.is_empty() {
        repository.index().prepare_index(&behind, &entry.id)?.publish()?;
    }
    let commit = entry.aim().map(|(_, id)| id.to_owned()).unwrap_or_default();
    Ok(Recovery::Finished { commit })
}

/// The entries of the index that a commit left behind, as far as nothing was staged there since.
fn behind_commit(repository: &GitRepository, commit: &CommitRecord) -> Result<Vec<IndexUpdate>> {
    let mut behind = Vec::new();
    if !repository.commits().has_in_history("HEAD", &CommitId::parse(&commit.id)?)? {
        // Another branch is checked out by now, and the index is that one's.
        return Ok(behind);
    }
    let before = commit.base.as_deref().map(CommitId::parse).transpose()?;
    for record in &commit.entries {
        let earlier =
            before.as_ref().map(|commit| repository.objects().stored_at(commit, &record.path)).transpose()?.flatten();
        if repository.index().staged(&record.path)? == earlier {
            behind.push(entry(record)?);
        }
    }
    Ok(behind)
}

fn entry(record: &IndexRecord) -> Result<IndexUpdate> {
    let parse =
        |text: &str| Oid::from_str(text).map_err(|error| Error::failed("the journal is damaged").caused_by(error));
    let stored = record.stored.as_ref().map(|(mode, id)| parse(id).map(|id| (*mode, id))).transpose()?;
    Ok(IndexUpdate { path: record.path.clone(), stored })
}

/// The root of the project that the change belongs to, which may be another one in the same repository.
fn root(base: &Path, entry: &journal::JournalEntry) -> Result<PathBuf> {
    if entry.root.is_empty() {
        return Ok(base.to_owned());
    }
    let place = ProjectPath::parse(&entry.root)?.below(base);
    match place.canonicalize() {
        Ok(found) if found == place => Ok(place),
        Ok(_) => Err(Error::failed(format!("`{}` is behind a link, and nothing is recovered there", place.display()))
            .hint("move the link away, then run this again")),
        Err(error) => Err(Error::io("find", &place, error)),
    }
}
