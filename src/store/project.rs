//! The project: the folder that has `phone-numbers/`. Finding it reads no file and opens no repository.

use std::fs;
use std::path::{Path, PathBuf};

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
        nearest(&start, has_directory).map(Self::at).ok_or_else(|| {
            Error::cannot_tell(format!("no `phone-numbers/` in `{}` or in a folder above it", start.display()))
                .hint("run `phone-dir init` to make one here, or choose the project with `-C DIR`")
        })
    }

    /// Chooses the root for a new directory: where `phone-numbers/` is, else the git root, else `start` itself.
    pub fn for_init(start: &Path) -> Result<Self> {
        let start = absolute(start)?;
        let root = nearest(&start, has_directory).or_else(|| nearest(&start, |folder| folder.join(".git").exists()));
        Ok(Self::at(root.unwrap_or(start)))
    }

    /// The root folder, absolute and free of links.
    pub fn root(&self) -> &Path {
        &self.root
    }

    fn at(root: PathBuf) -> Self {
        Self { root }
    }
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
