//! The project: the folder that has `phone-numbers/`. Finding it reads no file; only where there is none, git is asked why.

use std::fs;
use std::path::{Path, PathBuf};

use super::git::GitRepository;
use crate::error::{Error, Result};
use crate::model::paths;

/// A project, by its root folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    root: PathBuf,
}

impl Project {
    /// Finds the nearest folder at or above `start` that has `phone-numbers/`.
    ///
    /// A link of that name counts: what stands behind it is then reported, rather than some folder further up.
    /// Without one, nothing can be told (exit code 3); nor where a nearer one is in git, and not on disk.
    pub fn find(start: &Path) -> Result<Self> {
        let start = absolute(start)?;
        match nearest(&start, has_directory) {
            Some(root) if root != start => match lost_between(&start, &root)? {
                Some(error) => Err(error),
                None => Ok(Self::at(root)),
            },
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

/// The error of a project between a folder and the root that was found, itself included: git has it, and the disk has not.
/// The one further out would answer in its place.
fn lost_between(start: &Path, root: &Path) -> Result<Option<Error>> {
    for folder in start.ancestors().take_while(|folder| *folder != root) {
        if let Some(error) = not_checked_out(folder)? {
            return Ok(Some(error));
        }
    }
    Ok(None)
}

/// An empty directory in place of one that is merely not checked out would be committed as the loss of everything.
fn not_checked_out(root: &Path) -> Result<Option<Error>> {
    let Some(repository) = GitRepository::discover(root)? else { return Ok(None) };
    let folder = format!("{}{}", repository.prefix(), paths::FOLDER);
    let (place, source) = if repository.objects().has_committed_directory()? {
        ("in the commit that is checked out", "HEAD -- ")
    } else if repository.index().has_staged_directory()? {
        ("staged", "-- ")
    } else {
        return Ok(None);
    };
    let message = format!("`{folder}/` is {place}, and not in the working tree");
    let back = format!("bring it back with `git checkout {source}{folder}` at the top of the repository");
    Ok(Some(
        Error::cannot_tell(message).hint(format!(
            "{back}; in a sparse checkout, `git sparse-checkout add {folder}`; or commit that it is gone"
        )),
    ))
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
