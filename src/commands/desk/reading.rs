//! Loading the directory of the working tree, or of the commit that `--at` names.

use std::borrow::Cow;

use clap::Args;

use super::Desk;
use crate::commands::{Session, completing};
use crate::error::{Error, ErrorKind, Result};
use crate::model::Directory;
use crate::model::moment::{self, EndOfDay};
use crate::snapshot::Snapshot;
use crate::store::git::CommitId;
use crate::store::revision::Revision;

/// As of when a question is asked.
#[derive(Args, Clone, Debug, Default)]
pub struct AsOf {
    /// Answer as of a commit (`HEAD~3`, `v1.2`), a date in UTC (`2026-03-01`), or a phrase (`yesterday`, `2 weeks ago`)
    #[arg(long, value_name = "REV|DATE", add = completing::revisions())]
    pub at: Option<String>,
}

/// Loads the directory for a command that asks nothing else of the project.
pub fn load(session: &Session, as_of: &AsOf) -> Result<Directory> {
    Desk::to_ask(session)?.directory(as_of)
}

impl Desk<'_> {
    /// Loads the directory of the working tree, or of the commit that `--at` names, and tells what of it is unread.
    pub fn directory(&self, as_of: &AsOf) -> Result<Directory> {
        let (_, directory) = self.read(as_of)?;
        self.session.note_unread(&directory);
        Ok(directory)
    }

    /// The same with the files that it stands in.
    pub fn read(&self, as_of: &AsOf) -> Result<(Cow<'_, Snapshot>, Directory)> {
        let Some(at) = &as_of.at else {
            let files = self.files()?;
            return Ok((Cow::Borrowed(files), Directory::load(files)?));
        };
        let commit = self.commit_at(at)?;
        let snapshot = self.repository()?.objects().read_commit_id(&commit)?;
        if !snapshot.has_directory() {
            return Err(Error::cannot_tell(format!("there was no phone number directory at `{at}`"))
                .hint("`git log --diff-filter=A -- phone-numbers/directory.json` shows when it began"));
        }
        let directory = load_of(&commit, &snapshot)?;
        Ok((Cow::Owned(snapshot), directory))
    }

    /// The commit that `--at` names: by a date, by a revision, or by a phrase that no revision is called.
    pub fn commit_at(&self, at: &str) -> Result<CommitId> {
        let repository = self.repository()?;
        if let Some(date) = moment::absolute(at, EndOfDay::Last) {
            return repository.commits().commit_at(date);
        }
        let found = Revision::parse(at).and_then(|revision| repository.commits().resolve(&revision));
        match (found, moment::relative(at, self.session.now.to_datetime())) {
            (Ok(commit), _) => Ok(commit),
            (Err(_), Some(date)) => repository.commits().commit_at(date),
            // What only a deeper clone can tell has its own advice.
            (Err(error), None) if error.kind() == ErrorKind::CannotTell => Err(error),
            (Err(error), None) => {
                Err(error.hint(format!("give a branch, a tag or a commit id, or {}", moment::EXPECTED)))
            }
        }
    }
}

/// Loads the directory of a commit, whose problems are not those of the working tree.
fn load_of(commit: &CommitId, snapshot: &Snapshot) -> Result<Directory> {
    // A newer format has a hint of its own.
    Directory::read(snapshot)?;
    Directory::load(snapshot).map_err(|error| {
        error.hint(format!("`phone-dir validate --rev {}` shows every problem of that commit", commit.short()))
    })
}
