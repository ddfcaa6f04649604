//! Exchanges commits with a remote through the `git` program, with the user's own credentials; never by force.

use std::path::Path;
use std::process::Output;

use super::commits::release_own_lock;
use super::program::{Git, NO_SPACE, refused};
use super::{CommitId, GitRepository, Head};
use crate::error::{Error, Result};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upstream {
    pub remote: String,
    /// The full name of the branch there, such as `refs/heads/main`.
    pub branch: String,
}

impl Upstream {
    /// The branch as people write it: `origin/main`.
    pub fn short(&self) -> String {
        format!("{}/{}", self.remote, self.branch.trim_start_matches("refs/heads/"))
    }
}

/// Whether git may ask a person for a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prompting {
    /// A person is there to answer.
    Allowed,
    /// No person is, and a question would wait for ever.
    Never,
}

/// How a push ended that did not fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pushed {
    /// The remote branch is the pushed commit.
    Done,
    /// The remote branch got other commits in the meantime; nothing was changed there.
    Moved,
}

/// Where a fetch writes what it brings. `FETCH_HEAD` belongs to every fetch in this clone, whatever it fetches; here
/// only the holder of the project's lock writes.
const FETCHED: &str = "refs/phone-dir/fetched";

/// Removes the lock on what is fetched into, where a git was killed together with its phone-dir; `shared` is the folder that
/// git's working trees share. The caller holds the project's lock.
pub(in crate::store) fn release_fetch_lock(shared: &Path) -> Result<()> {
    release_own_lock(shared, FETCHED)
}

/// How git, and the server's git of different ages, say that the branch is not where it was a moment ago.
const RACES: [&str; 6] = [
    "(fetch first)",
    "(non-fast-forward)",
    "(stale info)",
    "cannot lock ref",
    "failed to update ref",
    "incorrect old value",
];

#[derive(Clone, Copy)]
pub struct GitRemote<'r> {
    pub(super) git: &'r GitRepository,
}

impl GitRemote<'_> {
    /// The remote branch that the current branch belongs to; `remote` chooses another remote.
    pub fn upstream(self, remote: Option<&str>) -> Result<Upstream> {
        let head = self.git.commits().head()?;
        let Head::Branch { reference, .. } = &head else {
            return Err(Error::failed("HEAD is not on a branch with commits, so there is nothing to push it to")
                .hint("`git switch BRANCH` first"));
        };
        let name = reference.trim_start_matches("refs/heads/");
        let configured = self.git.configuration().config_text(&format!("branch.{name}.remote"))?;
        let merges = self.git.configuration().config_text(&format!("branch.{name}.merge"))?;
        let chosen = remote.map(str::to_owned).or_else(|| configured.clone()).filter(|remote| remote != ".");
        let Some(chosen) = chosen else {
            return Err(Error::failed(format!("the branch `{name}` has no upstream to push to"))
                .hint(format!("set it once with `git push -u origin {name}`, or name the remote with `--remote`")));
        };
        if self.git.configuration().config_text(&format!("remote.{chosen}.url"))?.is_none() {
            return Err(Error::failed(format!("there is no remote `{}`", chosen.escape_debug()))
                .hint("`git remote -v` lists the remotes"));
        }
        let branch = merges.filter(|_| configured.as_deref() == Some(&chosen)).unwrap_or_else(|| reference.clone());
        Ok(Upstream { remote: chosen, branch })
    }

    /// Fetches the remote branch and gives its last commit; `None` when the remote does not have the branch.
    pub fn fetch(self, upstream: &Upstream, prompting: Prompting) -> Result<Option<CommitId>> {
        let refspec = format!("+{}:{FETCHED}", upstream.branch);
        let options = ["--no-tags", "--no-recurse-submodules", "--no-write-fetch-head", "--quiet", "--"];
        let fetch = Git::new(self.git, "fetch").args(options).args([&upstream.remote, &refspec]);
        let output = talking(fetch, prompting).output()?;
        let words = String::from_utf8_lossy(&output.stderr);
        if !output.status.success() && words.contains("couldn't find remote ref") {
            return Ok(None);
        }
        if !output.status.success() {
            return Err(explained(&format!("fetch {}", upstream.short()), &output));
        }
        let fetched = format!("{FETCHED}^{{commit}}");
        let id = Git::new(self.git, "rev-parse").args(["--verify", &fetched]).run("read what was fetched")?;
        let id = CommitId::parse(String::from_utf8_lossy(&id).trim())?;
        // Its reader has it now; left there, it would show in everybody's `git log --all`.
        Git::new(self.git, "update-ref").args(["-d", FETCHED]).run("forget what was fetched")?;
        Ok(Some(id))
    }

    /// Pushes a commit to the remote branch, which has to be at `known`, an ancestor of it: so that nothing is pushed
    /// but what lies between the two, and nothing is forced.
    pub fn push(self, commit: &CommitId, known: &CommitId, to: &Upstream, prompting: Prompting) -> Result<Pushed> {
        if !self.git.commits().contains(commit, known)? {
            return Err(Error::failed(format!("{} does not come after {}", commit.short(), known.short())));
        }
        let upstream = to;
        let refspec = format!("{commit}:{}", upstream.branch);
        // What a configuration adds is not ours to push: neither tags nor submodules' commits.
        let options = ["--porcelain", "--no-follow-tags", "--recurse-submodules=no"];
        let lease = format!("--force-with-lease={}:{known}", upstream.branch);
        let push = Git::new(self.git, "push").args(options).args([&lease, "--", &upstream.remote, &refspec]);
        let output = talking(push, prompting).output()?;
        if output.status.success() {
            return Ok(Pushed::Done);
        }
        let answer = String::from_utf8_lossy(&output.stdout);
        let rejected = answer.lines().find(|line| line.starts_with('!')).unwrap_or_default();
        if RACES.iter().any(|reason| rejected.contains(reason)) {
            return Ok(Pushed::Moved);
        }
        let error = explained(&format!("push to {}", upstream.short()), &output);
        let reason = rejected.rsplit('\t').next().unwrap_or_default();
        if reason.contains("[remote rejected]") {
            return Err(error.hint(format!(
                "the remote said: {}; a protected branch takes a pull request instead",
                reason.escape_debug()
            )));
        }
        Err(error)
    }

    /// Whether HEAD is in the remote branch that the current branch belongs to, as far as this clone knows it; none where
    /// there is no such branch.
    pub fn is_in_upstream(self) -> Result<Option<bool>> {
        let head = self.git.commits().head()?;
        let (Head::Branch { .. }, Some(commit)) = (&head, head.commit()) else { return Ok(None) };
        let arguments = ["--verify", "--quiet", "@{upstream}^{commit}"];
        let output = Git::new(self.git, "rev-parse").args(arguments).output()?;
        if !output.status.success() {
            return Ok(None);
        }
        let upstream = CommitId::parse(String::from_utf8_lossy(&output.stdout).trim())?;
        self.git.commits().contains(&upstream, &commit).map(Some)
    }
}

/// Messages in English, because one of them decides, and no question where no person answers.
fn talking(git: Git<'_>, prompting: Prompting) -> Git<'_> {
    let git = git.variable("LC_ALL", "C");
    if prompting == Prompting::Never { git.variable("GIT_TERMINAL_PROMPT", "0") } else { git }
}

fn explained(action: &str, output: &Output) -> Error {
    let error = refused(action, output);
    let words = String::from_utf8_lossy(&output.stderr);
    let is_about = |texts: &[&str]| texts.iter().any(|text| words.contains(text));
    if is_about(&["Authentication failed", "could not read Username", "could not read Password", "Permission denied"]) {
        return error.hint("git needs credentials for the remote: `git fetch` must work here without a question");
    }
    if is_about(&NO_SPACE) {
        return error;
    }
    if is_about(&["hook declined", "pre-push", "protected branch"]) {
        return error
            .hint("a hook or a rule of the remote refused it; a protected branch takes a pull request instead");
    }
    error.hint("try the same with `git fetch` and `git push`; nothing was changed on the remote")
}
