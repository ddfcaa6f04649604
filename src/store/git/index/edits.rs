//! Which of the directory's files have edits that are not committed.

use super::GitIndex;
use crate::error::{Error, Result};
use crate::model::paths::is_never_committed;
use crate::model::scope;
use crate::store::git::program::Git;
use crate::store::path::ProjectPath;

impl GitIndex<'_> {
    /// The tracked files below `phone-numbers/` whose content is not what HEAD has, staged or not, and those that a merge left
    /// in conflict; sorted.
    ///
    /// Nothing that the repository's configuration names is started for it; [`Ready::uncommitted`] asks its filters.
    pub fn uncommitted(self) -> Result<Vec<ProjectPath>> {
        self.listed(self.git.question("status")?, "--untracked-files=no", InConflict::Listed)
    }

    /// The files below `phone-numbers/` that git neither tracks nor ignores; sorted.
    ///
    /// A first commit takes them along when they are added to [`Ready::uncommitted`].
    pub fn untracked(self) -> Result<Vec<ProjectPath>> {
        let tracked = self.uncommitted()?;
        let mut all = self.listed(self.git.question("status")?, "--untracked-files=all", InConflict::Listed)?;
        all.retain(|path| !tracked.contains(path));
        Ok(all)
    }

    pub(in crate::store::git) fn listed(
        self,
        status: Git<'_>,
        untracked: &str,
        in_conflict: InConflict,
    ) -> Result<Vec<ProjectPath>> {
        let folder = format!("{}{}", self.git.prefix, scope::DIRECTORY);
        let options = ["--porcelain=v1", "-z", "--no-renames", "--ignore-submodules=all", untracked, "--"];
        let output = status.without_locks().args(options).args([folder]).output()?;
        if !output.status.success() {
            return Err(Error::cannot_tell("git cannot say which files have uncommitted edits")
                .hint("run `git status`: it says what is wrong")
                .caused_by(String::from_utf8_lossy(&output.stderr).trim().to_owned()));
        }
        let listing = output.stdout;
        let mut edits = Vec::new();
        for record in listing.split(|byte| *byte == 0).filter(|record| record.len() > 3) {
            let path = String::from_utf8_lossy(&record[3..]);
            let path = path.strip_prefix(&self.git.prefix).unwrap_or(&path);
            if in_conflict == InConflict::Refused && is_unmerged(&record[..2]) {
                return Err(Error::failed(format!("`{path}` is in conflict"))
                    .hint("resolve it and `git add` it, then run this again"));
            }
            if !is_never_committed(path) {
                edits.push(ProjectPath::parse(path)?);
            }
        }
        edits.sort();
        Ok(edits)
    }
}

/// What becomes of files that a merge left in conflict, where edits are listed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::store::git) enum InConflict {
    /// They are edits like others.
    Listed,
    /// Nothing can be committed beside them.
    Refused,
}

fn is_unmerged(status: &[u8]) -> bool {
    status.contains(&b'U') || status == b"AA" || status == b"DD"
}
