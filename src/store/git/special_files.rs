//! Refuses devices and pipes where git and libgit2 look for their own files: each opens them without asking what they are,
//! and waits. Looked at once, when a repository is opened, for everything that is done with it afterwards.

use std::env;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::{GitRepository, unexpected};
use crate::error::{Error, Result};
use crate::model::scope;
use crate::store::regular_file::{self, Links, MOST_TEXT, refuse_irregular_if_there};

/// Files of a working tree's own git folder.
const OF_WORKTREE: [&str; 4] = ["HEAD", "config.worktree", "index", "commondir"];
/// Files of the git folder that all working trees share.
const SHARED: [&str; 9] = [
    "config",
    "packed-refs",
    "shallow",
    "info/attributes",
    "info/exclude",
    "info/grafts",
    "info/sparse-checkout",
    "objects/info/alternates",
    "objects/info/commit-graph",
];
/// Files that may lie in every folder.
const OF_FOLDERS: [&str; 2] = [".gitattributes", ".gitignore"];
/// Settings that name further files.
const NAMED_BY_SETTINGS: [&str; 2] = ["core.attributesfile", "core.excludesfile"];

/// Looks at the files of the git folder that is found from `root`, before anything opens them.
pub(super) fn refuse_in_git_folder(root: &Path) -> Result<()> {
    let named = env::var_os("GIT_DIR").and_then(|named| std::path::absolute(named).ok());
    let found = || root.ancestors().map(|folder| folder.join(".git")).find(|git| git.exists());
    let Some(place) = named.or_else(found) else { return Ok(()) };
    let git = if place.is_dir() { place } else { behind(&place, "gitdir: ")?.unwrap_or(place) };
    refuse(&git, &OF_WORKTREE)?;
    let shared = behind(&git.join("commondir"), "")?.unwrap_or_else(|| git.clone());
    refuse(&shared, &SHARED)?;
    included(&shared.join("config"))?.iter().try_for_each(|place| refuse_one(place))?;
    match behind(&git.join("HEAD"), "ref: ")? {
        // A branch is a file below the shared folder, wherever HEAD itself is.
        Some(branch) => refuse_one(&shared.join(branch.strip_prefix(&git).unwrap_or(&branch))),
        None => Ok(()),
    }
}

/// The place that a file of git names behind `mark`, from the file's folder; none where it names none.
fn behind(file: &Path, mark: &str) -> Result<Option<PathBuf>> {
    let text = text_of(file)?;
    let named = text.as_deref().and_then(|text| text.strip_prefix(mark)).map(str::trim_end);
    Ok(named.filter(|named| !named.is_empty()).map(|named| beside(file, named)))
}

/// The files that a configuration takes in. What git does not take for a setting may be among them: that is harmless.
fn included(config: &Path) -> Result<Vec<PathBuf>> {
    let text = text_of(config)?.unwrap_or_default();
    let path = |line: &str| {
        let (name, value) = line.trim().split_once('=')?;
        name.trim().eq_ignore_ascii_case("path").then(|| beside(config, value.trim().trim_matches('"')))
    };
    Ok(text.lines().filter_map(path).collect())
}

fn beside(file: &Path, named: &str) -> PathBuf {
    file.parent().unwrap_or(file).join(named)
}

/// A text of git; none where there is none, and where it is no text: what git makes of it is git's to say.
fn text_of(file: &Path) -> Result<Option<String>> {
    refuse_one(file)?;
    Ok(regular_file::read_text(file, Links::Follow, MOST_TEXT).ok())
}

impl GitRepository {
    /// Looks at the attributes and ignore rules of the folders that lead to the project, and of its own.
    pub(super) fn refuse_special_files(&self) -> Result<()> {
        let root = self.workdir.join(&self.prefix);
        let above = root.ancestors().take_while(|folder| folder.starts_with(&self.workdir));
        above.into_iter().try_for_each(|folder| refuse(folder, &OF_FOLDERS))?;
        for folder in [scope::DIRECTORY, scope::AGENTS].map(|name| root.join(name)) {
            refuse(&folder, &OF_FOLDERS)?;
            // A folder that is not there, or is none, has nothing in it.
            let inner = fs::read_dir(&folder).into_iter().flatten().filter_map(Result::ok);
            inner
                .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
                .try_for_each(|entry| refuse(&entry.path(), &OF_FOLDERS))?;
        }
        let config = self.repository.config().map_err(|error| unexpected("read git's configuration", error))?;
        let named = NAMED_BY_SETTINGS.iter().filter_map(|name| config.get_path(name).ok());
        named.into_iter().try_for_each(|named| refuse_one(&self.workdir.join(named)))
    }
}

fn refuse(folder: &Path, names: &[&str]) -> Result<()> {
    names.iter().try_for_each(|name| refuse_one(&folder.join(name)))
}

fn refuse_one(place: &Path) -> Result<()> {
    match refuse_irregular_if_there(place) {
        // Nothing opens what lies in a folder that is closed to this user.
        Err(error) if error.kind() == ErrorKind::PermissionDenied => Ok(()),
        looked => looked.map_err(|error| Error::io("read", place, error).hint("move it away")),
    }
}
