//! What is in conflict in the index, and git's own merge by lines for files that have no keys to merge by.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};

use super::GitIndex;
use crate::error::{Error, Result};
use crate::store::git::program::refused;
use crate::store::git::unexpected;
use crate::store::path::ProjectPath;

/// Three files on disk, as git hands them to a merge driver.
#[derive(Clone, Copy, Debug)]
pub struct MergeFiles<'a> {
    /// The common ancestor; empty where both sides added the file.
    pub base: &'a Path,
    /// Our version, which takes the result.
    pub ours: &'a Path,
    pub theirs: &'a Path,
}

/// Merges by lines, with markers where lines are in conflict, and writes the result over our version.
///
/// Gives whether lines are in conflict. `labels` name ours, the base and theirs.
pub fn merge_by_lines(files: MergeFiles<'_>, labels: [&str; 3], marker_size: usize) -> Result<bool> {
    let mut command = Command::new("git");
    command.args(["merge-file", "--quiet", &format!("--marker-size={marker_size}")]);
    for label in labels {
        command.args(["-L", label]);
    }
    command.arg("--").args([files.ours, files.base, files.theirs]).stdin(Stdio::null());
    let output = command.output().map_err(|error| Error::failed("cannot start `git`").caused_by(error))?;
    match output.status.code() {
        Some(0) => Ok(false),
        Some(1..=127) => Ok(true),
        _ => Err(refused("merge the file by lines", &output)),
    }
}

/// A path in conflict, and which versions of it the index holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stages {
    pub base: bool,
    pub ours: bool,
    pub theirs: bool,
}

impl GitIndex<'_> {
    /// The project's files that are in conflict, sorted.
    pub fn unmerged(self) -> Result<BTreeMap<ProjectPath, Stages>> {
        let index = self.open_index()?;
        let mut found = BTreeMap::new();
        let conflicts = index.conflicts().map_err(|error| unexpected("read the conflicts in git's index", error))?;
        for conflict in conflicts {
            let conflict = conflict.map_err(|error| unexpected("read the conflicts in git's index", error))?;
            let entry = conflict.our.as_ref().or(conflict.their.as_ref()).or(conflict.ancestor.as_ref());
            let Some(path) = entry.and_then(|entry| self.project_path(&entry.path)) else { continue };
            let stages = Stages {
                base: conflict.ancestor.is_some(),
                ours: conflict.our.is_some(),
                theirs: conflict.their.is_some(),
            };
            found.insert(path, stages);
        }
        Ok(found)
    }

    /// A path of the index, if it lies in the project and has a name that the project can have.
    fn project_path(self, path: &[u8]) -> Option<ProjectPath> {
        let inner = std::str::from_utf8(path).ok()?.strip_prefix(&self.git.prefix)?;
        ProjectPath::parse(inner).ok()
    }
}
