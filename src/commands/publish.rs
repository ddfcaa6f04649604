//! How a command that changed the directory writes it down: files, and one commit where the directory is tracked.

use std::collections::BTreeMap;

use clap::Args;

use super::Session;
use crate::error::Result;
use crate::model::Directory;
use crate::model::directory::Reading;
use crate::model::paths::{self, FileKind};
use crate::snapshot::Snapshot;
use crate::store::git::{CommitRequest, Committed, GitRepository, Ready, Uncommitted};
use crate::store::path::ProjectPath;
use crate::store::project::Project;
use crate::store::revision::Revision;
use crate::store::transaction::{FileChange, Transaction};

/// Whether, and over what, to commit.
#[derive(Args, Clone, Debug, Default)]
pub struct CommitOptions {
    /// Write the files, and leave the commit to me
    #[arg(long, conflicts_with_all = ["commit", "allow_dirty"])]
    no_commit: bool,
    /// Commit, even if directory.json is not tracked yet
    #[arg(long)]
    commit: bool,
    /// Commit uncommitted edits of directory files along, instead of refusing
    #[arg(long)]
    allow_dirty: bool,
}

/// What will happen to the files, decided and checked before anything is changed.
pub enum Mode {
    /// They are committed.
    Commit(Box<GitRepository>, Ready),
    /// They are only written: why, and what to do next.
    WriteOnly(&'static str),
}

const OUTSIDE_GIT: &str = "Not committed: this is not a git repository.";
const TURNED_OFF: &str = "Not committed, as asked. Next: `git add phone-numbers/` and `git commit`.";
const NOT_TRACKED: &str = "Not committed: phone-numbers/directory.json is not tracked yet. \
    Review it, then `git add phone-numbers/` and `git commit`; from then on changes commit themselves.";

/// Loads the directory that is to be changed. Where it cannot be read because a merge stopped in it, that is the error.
pub fn load(project: &Project, snapshot: &Snapshot) -> Result<Directory> {
    Directory::load(snapshot).map_err(|error| match GitRepository::discover(project.root()) {
        Ok(Some(repository)) => repository.refuse_operation_in_progress().err().unwrap_or(error),
        // What git has to say comes when it is asked for more than this.
        Ok(None) | Err(_) => error,
    })
}

/// Decides how changes will be written, and checks that they can be.
pub fn prepare(project: &Project, options: &CommitOptions) -> Result<Mode> {
    // Before anything else, so that files can be written in a repository that cannot be committed to.
    if options.no_commit {
        return Ok(Mode::WriteOnly(TURNED_OFF));
    }
    let Some(repository) = GitRepository::discover(project.root())? else { return Ok(Mode::WriteOnly(OUTSIDE_GIT)) };
    if !options.commit && repository.config_bool("phone-dir.commit")? == Some(false) {
        return Ok(Mode::WriteOnly(TURNED_OFF));
    }
    let is_tracked = repository.tracked(&ProjectPath::parse(paths::MASTER)?)?;
    if !options.commit && !is_tracked {
        return Ok(Mode::WriteOnly(NOT_TRACKED));
    }
    let uncommitted = if options.allow_dirty { Uncommitted::CommitAlong } else { Uncommitted::Refuse };
    let mut ready = repository.preflight(uncommitted)?;
    if !is_tracked {
        ready.uncommitted.extend(created_by_init(&repository)?);
    }
    Ok(Mode::Commit(Box::new(repository), ready))
}

/// The directory's files that nothing has committed yet: the first commit takes them along.
fn created_by_init(repository: &GitRepository) -> Result<Vec<ProjectPath>> {
    let is_ours = |path: &ProjectPath| FileKind::of(path.as_str()).is_some() || path.as_str() == paths::FOLDER_IGNORE;
    Ok(repository.untracked()?.into_iter().filter(is_ours).collect())
}

impl Mode {
    /// The files with edits of a person that will be committed along.
    pub fn along(&self) -> Vec<String> {
        match self {
            Self::Commit(_, ready) => ready.uncommitted.iter().map(ToString::to_string).collect(),
            Self::WriteOnly(_) => Vec::new(),
        }
    }

    /// The directory as it is committed, where its files have uncommitted edits that will be committed along.
    pub fn edited_since(&self) -> Result<Option<Directory>> {
        let Self::Commit(repository, ready) = self else { return Ok(None) };
        if ready.uncommitted.is_empty() {
            return Ok(None);
        }
        if ready.base().commit().is_none() {
            return Ok(Some(Directory::empty()));
        }
        let snapshot = repository.read_commit(&Revision::head())?;
        if !snapshot.has_directory() {
            return Ok(Some(Directory::empty()));
        }
        let mut reading = Reading::of(&snapshot);
        reading.set_foreign_aside();
        // A committed directory that cannot be read is nothing to compare with: the edits are its repair.
        let mut committed = Some(reading.directory).filter(|_| reading.failures.is_empty());
        committed.iter_mut().for_each(Directory::sort);
        Ok(committed)
    }

    /// Writes the files, and commits those that may be committed; says what was not done.
    pub fn write(
        &self,
        session: &Session,
        transaction: &mut Transaction,
        files: &BTreeMap<String, String>,
        message: &str,
    ) -> Result<Option<Committed>> {
        let changes =
            files.iter().map(|(path, text)| FileChange::write(path, text.as_bytes())).collect::<Result<Vec<_>>>()?;
        match self {
            Self::Commit(repository, ready) => {
                transaction.write_and_commit(&changes, repository, &CommitRequest { ready, message })
            }
            Self::WriteOnly(why) => {
                if !transaction.write(&changes)?.is_empty() {
                    session.note(why);
                }
                Ok(None)
            }
        }
    }
}
