//! The project: the folder that has `phone-numbers/`. Finding it reads no file; only where there is none, git is asked why.

use std::fs;
use std::path::{Path, PathBuf};

use super::git::GitRepository;
use crate::error::{Error, Result};

/// A project, by its root folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    root: PathBuf,
}

impl Project {
    /// Finds the nearest folder at or above `start` that has `phone-numbers/`.
    ///
    /// A link of that name counts: what stands behind it is then reported, rather than some folder further up.
    /// Without one, nothing can be told (exit code 3).
    pub fn find(start: &Path) -> Result<Self> {
        let start = absolute(start)?;
        match nearest(&start, has_directory) {
            Some(root) => Ok(Self::at(root)),
            None => Err(absent(&start)?),
        }
    }

    /// Chooses the root for a new directory: where `phone-numbers/` is, else the git root, else `start` itself.
    pub fn for_init(start: &Path) -> Result<Self> {
        let start = absolute(start)?;
        if let Some(root) = nearest(&start, has_directory) {
            return Ok(Self::at(root));
        }
        let top = nearest(&start, |folder| folder.join(".git").exists());
        match top.as_deref().map(not_checked_out).transpose()?.flatten() {
            Some(error) => Err(error),
            None => Ok(Self::at(top.unwrap_or(start))),
        }
    }

    /// The root folder, absolute and free of links.
    pub fn root(&self) -> &Path {
        &self.root
    }

    fn at(root: PathBuf) -> Self {
        Self { root }
    }
}

/// Why there is no project around a folder; an error of the repository around it comes first.
fn absent(start: &Path) -> Result<Error> {
    let folders =
        [nearest(start, |folder| folder.join(".git").exists()).unwrap_or_else(|| start.to_owned()), start.to_owned()];
    for folder in &folders {
        if let Some(error) = not_checked_out(folder)? {
            return Ok(error);
        }
    }
    Ok(Error::cannot_tell(format!("no `phone-numbers/` in `{}` or in a folder above it", start.display()))
        .hint("run `phone-dir init` to make one here, or choose the project with `-C DIR`"))
}

/// An empty directory in place of one that is merely not checked out would be committed as the loss of everything.
fn not_checked_out(root: &Path) -> Result<Option<Error>> {
    let repository = GitRepository::discover(root)?;
    let has_directory = repository.map(|repository| repository.has_committed_directory()).transpose()?;
    Ok(has_directory.filter(|has| *has).map(|_| {
        Error::cannot_tell("`phone-numbers/` is in the commit that is checked out, and not in the working tree")
            .hint("bring it back with `git checkout HEAD -- phone-numbers`; in a sparse checkout, `git sparse-checkout add phone-numbers`")
    }))
}

/// Resolves links, so that the root and git's working tree can be compared part by part.
fn absolute(start: &Path) -> Result<PathBuf> {
    start.canonicalize().map_err(|error| Error::io("find", start, error))
}

fn nearest(start: &Path, accepts: impl Fn(&Path) -> bool) -> Option<PathBuf> {
    start.ancestors().find(|folder| accepts(folder)).map(Path::to_owned)
}

fn has_directory(folder: &Path) -> bool {
    fs::symlink_metadata(folder.join("phone-numbers")).is_ok_and(|found| found.is_dir() || found.is_symlink())
}
