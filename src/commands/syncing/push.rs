//! `sync --push`: brings the branch up to its remote before a sync, and the sync's commits to the remote after it.
//!
//! Only commits that a sync made are ever made anew on top of others; nobody else's commit is rewritten or pushed,
//! and nothing is forced.

use std::io::IsTerminal;

use super::replay::{self, States};
use crate::commands::{Exit, Session};
use crate::error::{Error, Result};
use crate::model::paths;
use crate::render::failure;
use crate::store::git::{CommitId, GitRepository, Prompting, Pushed, Upstream};
use crate::store::path::ProjectPath;
use crate::store::project::Project;
use crate::store::transaction::Transaction;

/// How often a push is tried when the remote branch moves on meanwhile.
const ATTEMPTS: usize = 5;

/// A branch and the remote branch that it is kept together with.
pub struct Push<'a> {
    repository: GitRepository,
    upstream: Upstream,
    prompting: Prompting,
    session: &'a Session,
}

/// What became of the branch when it was brought up to its remote.
struct CaughtUp {
    tip: CommitId,
    /// The commits that the remote does not have yet.
    ahead: usize,
    /// How many values of the remote were kept against ours.
    kept: usize,
}

impl<'a> Push<'a> {
    /// Finds the remote branch, and brings the branch up to it.
    pub fn begin(
        remote: Option<&str>,
        project: &Project,
        session: &'a Session,
        transaction: &mut Transaction,
    ) -> Result<Self> {
        let repository = crate::commands::queries::repository(project)?;
        let upstream = repository.upstream(remote)?;
        let prompting = if std::io::stdin().is_terminal() { Prompting::Allowed } else { Prompting::Never };
        let push = Self { repository, upstream, prompting, session };
        // What the providers say is read anew in a moment, so that values kept here need no word.
        push.catch_up(transaction)?;
        Ok(push)
    }

    /// Pushes what the sync left, whatever it found; a sync that failed pushes nothing.
    ///
    /// Its report is printed by now, so that an error is told beside it.
    pub fn finish(&self, exit: Exit, transaction: &mut Transaction) -> Exit {
        if exit == Exit::Failed {
            return exit;
        }
        match self.attempts(transaction) {
            Ok(true) => exit,
            Ok(false) => Exit::CannotTell,
            Err(error) => {
                self.session.complain(&failure::human(&error));
                if error.kind().exit_code() == 3 { Exit::CannotTell } else { Exit::Failed }
            }
        }
    }

    /// Gives whether the remote branch now says what this sync read.
    fn attempts(&self, transaction: &mut Transaction) -> Result<bool> {
        let mut kept = 0;
        for _ in 0..ATTEMPTS {
            let caught_up = self.catch_up(transaction)?;
            kept += caught_up.kept;
            if caught_up.ahead == 0 {
                return Ok(self.told(kept));
            }
            if self.repository.push(&caught_up.tip, &self.upstream, self.prompting)? == Pushed::Done {
                let commits =
                    if caught_up.ahead == 1 { "1 commit".to_owned() } else { format!("{} commits", caught_up.ahead) };
                self.session.note(&format!("Pushed {commits} to {}.", self.upstream.short()));
                return Ok(self.told(kept));
            }
        }
        Err(Error::failed(format!("{} moved on {ATTEMPTS} times while it was pushed to", self.upstream.short()))
            .hint("the commits are here; the next `sync --push` brings them along"))
    }

    fn told(&self, kept: usize) -> bool {
        if kept > 0 {
            self.session.complain(&format!(
                "warning: {kept} values that {} had meanwhile were kept; run the same command again to read them anew",
                self.upstream.short()
            ));
        }
        kept == 0
    }

    /// Fetches, and puts our own commits on top of what came.
    fn catch_up(&self, transaction: &mut Transaction) -> Result<CaughtUp> {
        let here = self.repository.head()?.commit().ok_or_else(|| Error::failed("this branch has no commit yet"))?;
        let Some(there) = self.repository.fetch(&self.upstream, self.prompting)? else {
            return Err(Error::failed(format!("{} does not exist", self.upstream.short()))
                .hint(format!("push the branch once with `git push -u {} HEAD`", self.upstream.remote)));
        };
        let base = self.repository.merge_base(&here, &there)?;
        let own = self.repository.commits_since(&base, &here)?;
        own.iter().try_for_each(|commit| self.refuse_others(commit))?;
        let mut caught_up = CaughtUp { tip: there, ahead: 0, kept: 0 };
        if there == base {
            return Ok(CaughtUp { tip: here, ahead: own.len(), kept: 0 });
        }
        for commit in &own {
            self.put_on_top(commit, &mut caught_up)?;
        }
        transaction.move_branch(&self.repository, &here, &caught_up.tip)?;
        Ok(caught_up)
    }

    /// A commit is a sync's own when it has the sync's trailer, one parent, and changes nothing but the directory.
    fn refuse_others(&self, commit: &CommitId) -> Result<()> {
        let message = self.repository.message(commit)?;
        let is_sync = message.lines().any(|line| line.starts_with("Phone-Dir-Source: sync"));
        let parents = self.repository.ancestor(commit)?.parents;
        let folder = self.repository.path_in_git(&ProjectPath::parse(paths::FOLDER)?);
        let stays_inside = match parents.as_slice() {
            [parent] => self.repository.paths_between(parent, commit)?.iter().all(|path| is_below(path, &folder)),
            _ => false,
        };
        if is_sync && stays_inside {
            return Ok(());
        }
        Err(Error::failed(format!("the commit {} is not pushed yet, and no sync made it", commit.short()))
            .hint("push it yourself (`git pull --rebase && git push`), then run this again"))
    }

    fn put_on_top(&self, commit: &CommitId, caught_up: &mut CaughtUp) -> Result<()> {
        let parents = self.repository.ancestor(commit)?.parents;
        let parent = parents.first().ok_or_else(|| Error::failed("a commit of a sync has a parent"))?;
        let prefix = self.repository.path_in_git(&ProjectPath::parse(paths::FOLDER)?);
        let prefix = prefix.strip_suffix(paths::FOLDER).unwrap_or_default().to_owned();
        let touched = self.repository.paths_between(parent, commit)?;
        let touched: Vec<String> =
            touched.iter().filter_map(|path| path.strip_prefix(&prefix)).map(str::to_owned).collect();
        let [before, after, onto] = [parent, commit, &caught_up.tip].map(|id| self.repository.read_commit_id(id));
        let (before, after, onto) = (before?, after?, onto?);
        let replayed = replay::replay(&States { before: &before, after: &after, onto: &onto }, &touched)?;
        if !replayed.conflicts.is_empty() && self.carries_edits(commit)? {
            return Err(Error::failed(format!(
                "the commit {} carries edits of a person that are in conflict with {}",
                commit.short(),
                self.upstream.short()
            ))
            .hint("run `git pull --rebase`, decide with `phone-dir resolve`, then run this again"));
        }
        caught_up.kept += replayed.conflicts.len();
        let files = replayed.files.into_iter().map(|(path, text)| Ok((ProjectPath::parse(&path)?, text.into_bytes())));
        if let Some(made) = self.repository.recreate(commit, &caught_up.tip, &files.collect::<Result<Vec<_>>>()?)? {
            caught_up.tip = made;
            caught_up.ahead += 1;
        }
        Ok(())
    }

    /// Whether `--allow-dirty` put uncommitted edits into the commit.
    fn carries_edits(&self, commit: &CommitId) -> Result<bool> {
        Ok(self.repository.message(commit)?.contains("committed along:"))
    }
}

fn is_below(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}
