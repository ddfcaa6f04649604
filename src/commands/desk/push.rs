//! `sync --push`: brings the branch up to its remote before a sync, and the sync's commit to the remote after it.
//!
//! No commit is ever moved. Where the remote branch went on, commits that syncs made here and did not push are left
//! aside, and what was read is written down anew on top of it; other commits are neither left aside nor
//! pushed, and nothing is forced.

use std::io::IsTerminal;
use std::rc::Rc;

use super::Desk;
use super::sync_commit::SyncCommit;
use crate::commands::Session;
use crate::error::{Error, Result};
use crate::plural::counted;
use crate::reconcile::{Complete, TwilioScope};
use crate::store::git::{CommitId, Committed, GitRepository, Prompting, Pushed, Upstream};
use crate::store::transaction::{FileChange, Transaction};

/// How often a push is tried when the remote branch moves on meanwhile.
pub const ATTEMPTS: usize = 5;

/// A branch and the remote branch that it is kept together with.
pub struct Push<'a> {
    pub repository: Rc<GitRepository>,
    upstream: Upstream,
    prompting: Prompting,
    session: &'a Session,
    /// The last commit of the remote branch, as far as it is known.
    pub tip: CommitId,
}

impl<'a> Push<'a> {
    /// Finds the remote branch, refuses commits that are not a sync's to push, and brings the branch up to the remote's
    /// where it has no commit of its own.
    pub fn begin(desk: &Desk<'a>, remote: Option<&str>, transaction: &mut Transaction) -> Result<Self> {
        let (session, repository) = (desk.session, desk.repository()?);
        let upstream = repository.remote().upstream(remote)?;
        let prompting = if std::io::stdin().is_terminal() { Prompting::Allowed } else { Prompting::Never };
        let tip = fetched(&repository, &upstream, prompting)?;
        let push = Self { repository, upstream, prompting, session, tip };
        let (here, unpushed) = (push.here()?, push.unpushed()?);
        unpushed.iter().try_for_each(|commit| push.own(commit).map(drop))?;
        if unpushed.is_empty() && here != push.tip {
            transaction.move_branch(&push.repository, &here, &push.tip)?;
        }
        Ok(push)
    }

    /// Whether the remote branch has commits that are not here.
    pub fn is_overtaken(&self) -> Result<bool> {
        Ok(self.repository.commits().merge_base(&self.here()?, &self.tip)? != self.tip)
    }

    /// Looks at the remote branch again.
    pub fn look_again(&mut self) -> Result<()> {
        self.tip = fetched(&self.repository, &self.upstream, self.prompting)?;
        Ok(())
    }

    /// The last commit here, if everything that is not pushed was made by syncs and is read again by this one: then it
    /// may be left aside.
    pub fn to_be_left_aside(&self, complete: &Complete, scope: &TwilioScope) -> Result<CommitId> {
        for commit in self.unpushed()? {
            if !self.own(&commit)?.is_read_again(complete, scope) {
                return Err(Error::cannot_tell(format!(
                    "the commit {} is not pushed yet, {} moved on, and this sync did not read everything that the commit records",
                    commit.short(),
                    self.upstream.short()
                ))
                .hint("run `phone-dir sync --all --push`"));
            }
        }
        self.here()
    }

    /// Makes a commit on top of the remote branch's last one; none where that has exactly these files.
    pub fn commit_on_tip(&self, files: &[FileChange], message: &str) -> Result<Option<Committed>> {
        let contents: Vec<_> = files.iter().map(|file| (&file.path, file.content.as_deref())).collect();
        let id = self.repository.commits().commit_onto(&self.tip, &contents, message)?;
        Ok(id.map(|id| Committed { id, files: files.iter().map(|file| file.path.clone()).collect() }))
    }

    /// Pushes what is here and not there; `made` is the commit of this very run.
    pub fn send(&self, made: Option<&CommitId>) -> Result<Pushed> {
        let (here, unpushed) = (self.here()?, self.unpushed()?);
        unpushed.iter().filter(|commit| Some(*commit) != made).try_for_each(|commit| self.own(commit).map(drop))?;
        if unpushed.is_empty() {
            return Ok(Pushed::Done);
        }
        let pushed = self.repository.remote().push(&here, &self.tip, &self.upstream, self.prompting)?;
        if pushed == Pushed::Done {
            let commits = counted(unpushed.len(), "commit");
            self.session.note(&format!("Pushed {commits} to {}.", self.upstream.short()));
        }
        Ok(pushed)
    }

    /// Pushes what earlier runs committed here and did not push.
    pub fn send_earlier(&self) -> Result<()> {
        match self.send(None)? {
            Pushed::Done => Ok(()),
            Pushed::Moved => {
                Err(Error::failed(format!("{} moved on, and commits here are not pushed", self.upstream.short()))
                    .hint("`phone-dir sync --all --push` writes down on top of it what they say"))
            }
        }
    }

    /// Pushes the commit that was made here; where others were faster, what it says is written anew on top of theirs.
    pub fn send_or_write_anew(
        mut self,
        mut made: CommitId,
        transaction: &mut Transaction,
        anew: &mut dyn FnMut(&Self) -> Result<Option<Committed>>,
    ) -> Result<CommitId> {
        for _ in 0..ATTEMPTS {
            if self.send(Some(&made))? == Pushed::Done {
                return Ok(made);
            }
            self.look_again()?;
            if self.unpushed()? != [made] {
                return Err(Error::failed(format!(
                    "{} moved on, and more than one commit here is not pushed",
                    self.upstream.short()
                ))
                .hint("push them yourself: `git pull --rebase && git push`"));
            }
            let here = self.here()?;
            made = anew(&self)?.map_or(self.tip, |commit| commit.id);
            transaction.move_branch(&self.repository, &here, &made)?;
        }
        Err(self.gave_up())
    }

    /// The error of a push that lost every race.
    pub fn gave_up(&self) -> Error {
        Error::failed(format!("{} moved on {ATTEMPTS} times while it was pushed to", self.upstream.short()))
            .hint("the commits are here; the next `sync --push` brings them along")
    }

    fn here(&self) -> Result<CommitId> {
        self.repository.commits().head()?.commit().ok_or_else(|| Error::failed("this branch has no commit yet"))
    }

    /// The commits that the remote branch does not have, oldest first.
    fn unpushed(&self) -> Result<Vec<CommitId>> {
        self.repository.commits().commits_since(&self.tip, &self.here()?)
    }

    /// What a sync wrote down in the commit; an error where no sync and no apply made it as it stands.
    fn own(&self, commit: &CommitId) -> Result<SyncCommit> {
        SyncCommit::of(&self.repository, commit)?.ok_or_else(|| {
            Error::failed(format!(
                "the commit {} is not pushed yet, and no sync and no apply made it as it stands",
                commit.short()
            ))
            .hint("push it yourself (`git pull --rebase && git push`), then run this again")
        })
    }
}

fn fetched(repository: &GitRepository, upstream: &Upstream, prompting: Prompting) -> Result<CommitId> {
    repository.remote().fetch(upstream, prompting)?.ok_or_else(|| {
        Error::failed(format!("{} does not exist", upstream.short()))
            .hint(format!("push the branch once with `git push -u {} HEAD`", upstream.remote))
    })
}
