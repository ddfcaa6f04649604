//! Which files `validate` looks at: the working tree, the index, a commit, or a range of commits.

use bytes::Bytes;
use clap::Args;

use super::range;
use crate::error::{Error, Result};
use crate::model::{Timestamp, paths};
use crate::snapshot::{Content, Snapshot};
use crate::store::git::{CommitId, GitRepository};
use crate::store::project::Project;
use crate::store::revision::{Revision, RevisionRange};
use crate::store::worktree;
use crate::validate::{self, Occasion, Report, Settings, Source};

/// What is looked at; the working tree without any of these.
#[derive(Args, Debug)]
pub struct Look {
    /// Check what is staged for the next commit
    #[arg(long, conflicts_with_all = ["rev", "range"])]
    staged: bool,
    /// Check a commit
    #[arg(long, value_name = "REV", value_parser = revision, conflicts_with = "range")]
    rev: Option<Revision>,
    /// Check every commit of a range, and say which one broke what
    #[arg(long, value_name = "A..B", value_parser = range)]
    range: Option<RevisionRange>,
    /// Take rules and waivers from another revision's phone-dir.toml, as CI does from the base branch
    #[arg(long, value_name = "REV", value_parser = revision)]
    settings_from: Option<Revision>,
}

fn revision(text: &str) -> std::result::Result<Revision, String> {
    Revision::parse(text).map_err(|error| error.message().to_owned())
}

fn range(text: &str) -> std::result::Result<RevisionRange, String> {
    let range = RevisionRange::parse(text).ok_or("expected `A..B` or `A...B`")?;
    range.map_err(|error| error.message().to_owned())
}

impl Look {
    /// Whether the index is looked at.
    pub fn is_staged(&self) -> bool {
        self.staged
    }

    /// Reads the files and checks them.
    pub fn report(&self, project: &Project, now: Timestamp) -> Result<Report> {
        let git = GitRepository::discover(project.root())?;
        let settings = self.settings(git.as_ref())?;
        if let Some(range) = &self.range {
            return range::report(needed(git.as_ref())?, range, settings.as_ref(), now);
        }
        let (snapshot, occasion) = if self.staged {
            (staged(needed(git.as_ref())?)?, Occasion::new(Source::Index, now))
        } else if let Some(revision) = &self.rev {
            let git = needed(git.as_ref())?;
            let commit = git.resolve(revision)?;
            (committed(git, &commit)?, Occasion::new(Source::Commit(commit.to_string()), now))
        } else {
            on_disk(project, git.as_ref(), now)?
        };
        let settings = settings.unwrap_or_else(|| Settings::of(snapshot.bytes(paths::SETTINGS)));
        validate::validate(&snapshot, &settings, &occasion)
    }

    /// The settings of another revision; none where each set of files brings its own.
    fn settings(&self, git: Option<&GitRepository>) -> Result<Option<Settings>> {
        let Some(revision) = &self.settings_from else { return Ok(None) };
        let snapshot = needed(git)?.read_commit(revision)?;
        Ok(Some(Settings::of(snapshot.bytes(paths::SETTINGS))))
    }
}

fn needed(git: Option<&GitRepository>) -> Result<&GitRepository> {
    git.ok_or_else(|| {
        Error::failed("this folder is in no git repository").hint("run `git init`, or check the files on disk")
    })
}

fn on_disk(project: &Project, git: Option<&GitRepository>, now: Timestamp) -> Result<(Snapshot, Occasion)> {
    let mut snapshot = worktree::read(project.root())?;
    let mut occasion = Occasion::new(Source::Worktree, now);
    if let Some(git) = git {
        occasion.tracked = git.never_committed_in_index()?;
        let left_out = git.left_out_of_worktree()?;
        if !left_out.is_empty() {
            // What a sparse checkout leaves out is not missing.
            let mut index = git.read_index()?;
            snapshot.files.extend(left_out.into_iter().filter_map(|path| index.files.remove_entry(&path)));
        }
    }
    Ok((snapshot, occasion))
}

/// The project's files in the index, those that should not be there included.
pub fn staged(git: &GitRepository) -> Result<Snapshot> {
    Ok(with_forbidden(git.read_index()?, git.never_committed_in_index()?))
}

/// The project's files in a commit, those that should not be there included.
pub fn committed(git: &GitRepository, commit: &CommitId) -> Result<Snapshot> {
    Ok(with_forbidden(git.read_commit_id(commit)?, git.never_committed_in(commit)?))
}

/// Adds the files that no commit may hold; that they are there says enough, so their content is not read.
fn with_forbidden(mut snapshot: Snapshot, paths: Vec<String>) -> Snapshot {
    for path in paths {
        snapshot.files.entry(path).or_insert_with(|| Content::Bytes(Bytes::new()));
    }
    snapshot
}
