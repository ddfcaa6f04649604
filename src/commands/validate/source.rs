//! Which files `validate` looks at: the working tree, the index, a commit, or a range of commits.

use std::collections::BTreeSet;

use clap::Args;

use super::range;
use crate::clone::hook::{all_roots, touched_roots};
use crate::commands::desk::judged::{before_index, committed, on_disk, staged};
use crate::commands::desk::{Desk, decided_in, trusted};
use crate::error::{Error, Result};
use crate::model::directory::Reading;
use crate::model::paths;
use crate::store::git::{CommitId, GitRepository, KnownTrees};
use crate::store::revision::{Revision, RevisionRange};
use crate::validate::{self, Settings, Source, ValidationReport};

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
    ///
    /// Without it they are HEAD's for `--staged`, those of the range's start for `--range`, and otherwise the files' own.
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
    pub fn report(&self, desk: &Desk<'_>) -> Result<ValidationReport> {
        let git = desk.git()?;
        let mut report = self.report_of(desk, git.as_deref())?;
        let Some(git) = git else { return Ok(report) };
        let own = git.prefix().to_owned();
        for root in self.inner_projects(&git)? {
            let inner = GitRepository::discover(desk.root())?.map(|inner| inner.of_project(&root)).transpose()?;
            report.include(self.report_of(desk, inner.as_ref())?, &root[own.len()..]);
        }
        Ok(report)
    }

    /// The projects inside of this one that the change touches, and that nothing further out ignores. The files on disk
    /// are no change: there, each project is asked for by name.
    fn inner_projects(&self, git: &GitRepository) -> Result<BTreeSet<String>> {
        let named = self.settings_from.as_ref().map(|revision| git.commits().resolve(revision)).transpose()?;
        let (before, roots) = if self.staged {
            (git.commits().head()?.commit(), staged_projects(git)?)
        } else if let Some(range) = &self.range {
            range::projects(git, range)?
        } else if let Some(revision) = &self.rev {
            let commit = git.commits().resolve(revision)?;
            (Some(commit), committed_projects(git, &commit, named.as_ref())?)
        } else {
            return Ok(BTreeSet::new());
        };
        let is_inner = |root: &String| root.len() > git.prefix().len() && root.starts_with(git.prefix());
        trusted::judged(git, named.or(before).as_ref(), roots.into_iter().filter(is_inner))
    }

    fn report_of(&self, desk: &Desk<'_>, git: Option<&GitRepository>) -> Result<ValidationReport> {
        let now = desk.session.now;
        let settings = self.settings(git)?;
        if let Some(range) = &self.range {
            return range::report(needed(git)?, range, settings.as_ref(), now);
        }
        let (snapshot, mut occasion) = if self.staged {
            let git = needed(git)?;
            let (snapshot, occasion) = staged(git, now)?;
            (snapshot, occasion.after(before_index(git)?))
        } else if let Some(revision) = &self.rev {
            let git = needed(git)?;
            let commit = git.commits().resolve(revision)?;
            committed(git, &commit, now)?
        } else {
            on_disk(desk, git)?
        };
        if self.staged && !occasion.has_project(&snapshot) && needed(git)?.objects().head_has_folder(paths::FOLDER)? {
            return Err(Error::cannot_tell(format!(
                "`{}{}/` is not staged any more",
                needed(git)?.prefix(),
                paths::FOLDER
            ))
            .hint("if removing the whole directory is meant, commit with `git commit --no-verify`"));
        }
        let settings = match settings {
            Some(settings) => settings,
            None if self.staged => {
                trusted::settings(needed(git)?, needed(git)?.commits().head()?.commit().as_ref(), &snapshot)?
            }
            None => Settings::in_snapshot(&snapshot),
        };
        let reading = Reading::of(&snapshot);
        if occasion.source == Source::Worktree {
            occasion.decided = Some(decided_in::dates(desk, &reading.directory)?);
        }
        validate::validate_reading((&snapshot, reading), &settings, &occasion)
    }

    /// The settings of another revision; none where each set of files brings its own.
    fn settings(&self, git: Option<&GitRepository>) -> Result<Option<Settings>> {
        let Some(revision) = &self.settings_from else { return Ok(None) };
        let snapshot = needed(git)?.objects().read_commit(revision)?;
        Ok(Some(Settings::in_snapshot(&snapshot)))
    }
}

fn needed(git: Option<&GitRepository>) -> Result<&GitRepository> {
    git.ok_or_else(|| {
        Error::failed("this folder is in no git repository").hint("run `git init`, or check the files on disk")
    })
}

/// The projects of the index and HEAD that what is staged touches.
fn staged_projects(git: &GitRepository) -> Result<BTreeSet<String>> {
    let (indexed, staged) = (git.index().indexed_paths()?, git.index().staged_paths()?);
    let roots = all_roots(indexed.iter().chain(&staged).map(String::as_str));
    Ok(touched_roots(&roots, &staged).into_iter().collect())
}

/// The projects of a commit; where another one is named, those of both that differ.
fn committed_projects(git: &GitRepository, commit: &CommitId, before: Option<&CommitId>) -> Result<BTreeSet<String>> {
    let mut known = KnownTrees::default();
    let mut found = git.objects().projects_in(commit, &mut known)?;
    let Some(before) = before else { return Ok(found) };
    found.append(&mut git.objects().projects_in(before, &mut known)?);
    let mut touched = BTreeSet::new();
    for root in found {
        if git.objects().is_touched(&root, before, commit)? {
            touched.insert(root);
        }
    }
    Ok(touched)
}
