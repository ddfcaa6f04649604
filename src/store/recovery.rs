//! Ends a change that another process began: it died, or was killed, before it could.

use std::path::{Path, PathBuf};

use git2::Oid;

use super::change::undo;
use super::git::{CommitId, Entry, GitRepository};
use super::journal::{self, CommitRecord, IndexRecord, Journal};
use super::path::ProjectPath;
use super::transaction::Recovery;
use crate::error::{Error, Result};

/// Finishes or undoes the change in the journal, if there is one. The project's lock must be held.
///
/// `base` is the root of git's working tree, or of the project where there is no git.
pub fn recover(base: &Path, journal: &Journal) -> Result<Option<Recovery>> {
    let Some(entry) = journal.read()? else {
        // Killed before the first file was touched, or after the last: there is nothing to tell anybody.
        journal.clear()?;
        return Ok(None);
    };
    let root = root(base, &entry)?;
    let repository = if entry.commit.is_some() { GitRepository::discover(&root)? } else { None };
    if let Some(repository) = &repository {
        repository.release_index_lock(&entry.id)?;
    }
    let recovery = match (&repository, &entry.commit) {
        (Some(repository), Some(commit)) if has_happened(repository, commit)? => finish(repository, commit, &entry.id)?,
        _ => Recovery::Undone { left: undo(&root, journal, &entry)? },
    };
    journal.clear()?;
    Ok(Some(recovery))
}

/// Whether the commit of a change is on the branch: then the change must not be undone.
pub fn is_committed(root: &Path, entry: &journal::Entry) -> Result<bool> {
    let Some(commit) = &entry.commit else { return Ok(false) };
    match GitRepository::discover(root)? {
        Some(repository) => has_happened(&repository, commit),
        None => Ok(false),
    }
}

fn has_happened(repository: &GitRepository, commit: &CommitRecord) -> Result<bool> {
    let id = CommitId::parse(&commit.id)?;
    Ok(repository.has_in_history(&commit.reference, &id)? || repository.has_in_history("HEAD", &id)?)
}

/// Brings git's index along with a commit that was made. What the user staged since then stays.
fn finish(repository: &GitRepository, commit: &CommitRecord, id: &str) -> Result<Recovery> {
    let finished = Recovery::Finished { commit: commit.id.clone() };
    if !repository.has_in_history("HEAD", &CommitId::parse(&commit.id)?)? {
        // Another branch is checked out by now, and the index is that one's.
        return Ok(finished);
    }
    let before = commit.base.as_deref().map(CommitId::parse).transpose()?;
    let mut behind = Vec::new();
    for record in &commit.entries {
        let earlier = before.as_ref().map(|commit| repository.stored_at(commit, &record.path)).transpose()?.flatten();
        if repository.staged(&record.path)? == earlier {
            behind.push(entry(record)?);
        }
    }
    if !behind.is_empty() {
        repository.prepare_index(&behind, id)?.publish()?;
    }
    Ok(finished)
}

fn entry(record: &IndexRecord) -> Result<Entry> {
    let parse =
        |text: &str| Oid::from_str(text).map_err(|error| Error::failed("the journal is damaged").caused_by(error));
    let stored = record.stored.as_ref().map(|(mode, id)| parse(id).map(|id| (*mode, id))).transpose()?;
    Ok(Entry { path: record.path.clone(), stored })
}

/// The root of the project that the change belongs to, which may be another one in the same repository.
fn root(base: &Path, entry: &journal::Entry) -> Result<PathBuf> {
    if entry.root.is_empty() { Ok(base.to_owned()) } else { Ok(ProjectPath::parse(&entry.root)?.below(base)) }
}
