//! What the answering commands share: loading a directory, now or as of a commit, and naming a workspace in it.

use clap::Args;

use super::{Session, completing};
use crate::error::{Error, ErrorKind, Result};
use crate::model::moment::{self, EndOfDay};
use crate::model::{Directory, WorkspaceName};
use crate::snapshot::Snapshot;
use crate::store::git::{CommitId, GitRepository};
use crate::store::project::Project;
use crate::store::revision::Revision;
use crate::store::transaction::Transaction;
use crate::store::worktree;

/// As of when a question is asked.
#[derive(Args, Clone, Debug, Default)]
pub struct AsOf {
    /// Answer as of a commit (`HEAD~3`, `v1.2`), a date in UTC (`2026-03-01`), or a phrase (`yesterday`, `2 weeks ago`)
    #[arg(long, value_name = "REV|DATE", add = completing::revisions())]
    pub at: Option<String>,
}

/// Loads the directory of the working tree, or of the commit that `--at` names.
pub fn load(session: &Session, as_of: &AsOf) -> Result<Directory> {
    let (_, directory) = read(&find_project(session)?, as_of, session)?;
    session.note_unread(&directory);
    Ok(directory)
}

/// Reads the files of the working tree, or of the commit that `--at` names, and loads the directory in them.
pub fn read(project: &Project, as_of: &AsOf, session: &Session) -> Result<(Snapshot, Directory)> {
    let (snapshot, directory) = match &as_of.at {
        None => {
            let snapshot = worktree::read(project.root())?;
            let directory = Directory::load(&snapshot);
            (snapshot, directory)
        }
        Some(at) => {
            let (commit, snapshot) = read_at(project, at, session)?;
            let directory = load_of(&commit, &snapshot);
            (snapshot, directory)
        }
    };
    Ok((snapshot, directory?))
}

/// Loads the directory of a commit, whose problems are not those of the working tree.
fn load_of(commit: &CommitId, snapshot: &Snapshot) -> Result<Directory> {
    // A newer format has a hint of its own.
    Directory::read(snapshot)?;
    Directory::load(snapshot).map_err(|error| {
        error.hint(format!("`phone-dir validate --rev {}` shows every problem of that commit", commit.short()))
    })
}

/// Finds the project for a command that asks. A change that an earlier process did not finish is told, and left to a
/// command that changes something.
pub fn find_project(session: &Session) -> Result<Project> {
    let project = Project::find(&session.start)?;
    if let Some(unfinished) = Transaction::unfinished(&project) {
        session.note(&unfinished.to_string());
    }
    Ok(project)
}

fn read_at(project: &Project, at: &str, session: &Session) -> Result<(CommitId, Snapshot)> {
    let repository = repository(project)?;
    let commit = commit_at(&repository, at, session)?;
    let snapshot = repository.objects().read_commit_id(&commit)?;
    if snapshot.has_directory() {
        return Ok((commit, snapshot));
    }
    Err(Error::cannot_tell(format!("there was no phone number directory at `{at}`"))
        .hint("`git log --diff-filter=A -- phone-numbers/directory.json` shows when it began"))
}

/// The commit that `--at` names: by a date, by a revision, or by a phrase that no revision is called.
pub fn commit_at(repository: &GitRepository, at: &str, session: &Session) -> Result<CommitId> {
    if let Some(date) = moment::absolute(at, EndOfDay::Last) {
        return repository.commits().commit_at(date);
    }
    let found = Revision::parse(at).and_then(|revision| repository.commits().resolve(&revision));
    match (found, moment::relative(at, session.now.to_datetime())) {
        (Ok(commit), _) => Ok(commit),
        (Err(_), Some(date)) => repository.commits().commit_at(date),
        // What only a deeper clone can tell has its own advice.
        (Err(error), None) if error.kind() == ErrorKind::CannotTell => Err(error),
        (Err(error), None) => Err(error.hint(format!("give a branch, a tag or a commit id, or {}", moment::EXPECTED))),
    }
}

/// The git repository of a project, for questions that need history.
pub fn repository(project: &Project) -> Result<GitRepository> {
    GitRepository::discover(project.root())?.ok_or_else(|| {
        Error::cannot_tell(format!("`{}` is not in a git repository", project.root().display()))
            .hint("run `git init`, and commit `phone-numbers/`")
    })
}

/// Checks that a workspace is in force.
pub fn workspace(directory: &Directory, name: &str) -> Result<WorkspaceName> {
    let known = directory.workspace_names();
    let found = WorkspaceName::parse(name).ok().filter(|name| known.contains(name));
    found.ok_or_else(|| {
        let names: Vec<_> = known.iter().map(|name| format!("`{name}`")).collect();
        Error::failed(format!("unknown workspace `{name}`"))
            .hint(format!("the workspaces here are {}", names.join(", ")))
    })
}

pub fn optional_workspace(directory: &Directory, name: Option<&String>) -> Result<Option<WorkspaceName>> {
    name.map(|name| workspace(directory, name)).transpose()
}
