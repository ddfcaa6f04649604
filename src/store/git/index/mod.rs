//! Git's index: what is staged for the project, and how its entries are changed.

mod branch_move;
mod conflicts;
mod edits;
mod ignored;
mod staging;
mod unlike;

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use git2::{Index, IndexEntry, Oid};

use super::objects::{StoredKind, bytes_of};
use super::{GitRepository, unexpected};
use crate::error::{Error, Result};
use crate::model::names::Lookalike;
use crate::model::paths::{self, is_never_committed};
use crate::model::scope::{self, Interest, reason};
use crate::snapshot::MAX_FILE_BYTES;
use crate::snapshot::{Content, Snapshot};
use crate::store::path::ProjectPath;
use crate::store::regular_file::{self, Links};

pub(in crate::store) use self::branch_move::BranchMove;
pub use self::conflicts::{MergeFiles, Stages, merge_by_lines};
pub(in crate::store::git) use self::edits::InConflict;
pub use self::ignored::IgnoringRule;

/// Bits of an entry's flags, as gitformat-index(5) has them.
mod bits {
    pub const STAGE: u16 = 0x3000;
    pub const INTENT_TO_ADD: u16 = 1 << 13;
    pub const SKIP_WORKTREE: u16 = 1 << 14;
}

/// Why a file that git has is not in the working tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absence {
    /// A sparse checkout leaves it out.
    Sparse,
    /// Its submodule was not fetched.
    Submodule,
    /// It was removed, and that is not committed.
    Removed,
}

/// The index in force, which in a hook is not `.git/index`.
#[derive(Clone, Copy)]
pub struct GitIndex<'r> {
    pub(super) git: &'r GitRepository,
}

/// A path, from the root of git's tree, with the mode and id to store there; `None` removes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::store) struct IndexUpdate {
    pub path: String,
    pub stored: Option<(u32, Oid)>,
}

impl GitIndex<'_> {
    /// Reads the project's files as they are staged.
    ///
    /// Announced files (`git add -N`), files in conflict, links and submodules are irregular.
    pub fn read_index(self) -> Result<Snapshot> {
        self.read_where(|_| true)
    }

    /// The agents' files that are staged.
    pub fn read_agents(self) -> Result<Snapshot> {
        self.read_where(is_of_agents)
    }

    fn read_where(self, is_wanted: impl Fn(&str) -> bool) -> Result<Snapshot> {
        let index = self.open_index()?;
        let mut snapshot = Snapshot::default();
        for entry in self.entries(&index) {
            if !self.inside(&entry.path).is_some_and(|path| is_wanted(&path)) {
                continue;
            }
            let Some((path, content)) = self.content_of(&entry)? else { continue };
            snapshot.files.insert(path, content);
        }
        Ok(snapshot)
    }

    /// Whether a file's content is in the index: in conflict counts, announced only does not.
    pub fn tracked(self, path: &ProjectPath) -> Result<bool> {
        let full = self.git.path_in_git(path);
        let index = self.open_index()?;
        let found = (0..4).filter_map(|stage| index.get_path(full.as_ref(), stage));
        Ok(found.into_iter().any(|entry| entry.flags_extended & bits::INTENT_TO_ADD == 0))
    }

    /// The paths in the index that no commit may hold (`workspaces.json`, `.env`, …), sorted.
    pub fn never_committed_in_index(self) -> Result<Vec<String>> {
        let index = self.open_index()?;
        let mut found: Vec<String> = index.iter().filter_map(|entry| self.inside(&entry.path)).collect();
        found.retain(|path| is_never_committed(path));
        found.dedup();
        Ok(found)
    }

    /// Whether the project's directory is in the index.
    pub fn has_staged_directory(self) -> Result<bool> {
        let folder = format!("{}{}/", self.git.prefix, scope::DIRECTORY);
        Ok(below(&self.open_index()?, folder).next().is_some())
    }

    /// The names in the index, wherever they are, that only look like the project's.
    pub fn lookalikes_in_index(self) -> Result<BTreeSet<Lookalike>> {
        let index = self.open_index()?;
        let look = |entry: IndexEntry| scope::lookalike(&self.git.prefix, &String::from_utf8_lossy(&entry.path));
        Ok(index.iter().filter_map(look).collect())
    }

    /// The project's files that a sparse checkout leaves out of the working tree, sorted: their absence from disk
    /// says nothing.
    pub fn left_out_of_worktree(self) -> Result<Vec<String>> {
        let index = self.open_index()?;
        let left_out = |entry: &IndexEntry| entry.flags_extended & bits::SKIP_WORKTREE != 0;
        Ok(self.entries(&index).filter(left_out).filter_map(|entry| self.inside(&entry.path)).collect())
    }

    /// The agents' files that the index or HEAD has and `worktree` has not, sorted, with why they are not there.
    pub fn absent_agents(self, worktree: &Snapshot) -> Result<Vec<(String, Absence)>> {
        let index = self.open_index()?;
        let mut absent = BTreeMap::new();
        for entry in self.entries(&index) {
            let Some(path) = self.inside(&entry.path).filter(|path| is_of_agents(path)) else { continue };
            let why = match irregular_mode(entry.mode) {
                Some(reason::SUBMODULE)
                    if !self.git.workdir().join(format!("{}{path}/.git", self.git.prefix)).exists() =>
                {
                    Absence::Submodule
                }
                Some(_) => continue,
                None if worktree.files.contains_key(&path) => continue,
                None if entry.flags_extended & bits::SKIP_WORKTREE != 0 => Absence::Sparse,
                None => Absence::Removed,
            };
            absent.insert(path, why);
        }
        let head =
            self.git.commits().head()?.commit().map(|commit| self.git.objects().stored_files(&commit)).transpose()?;
        for file in head.unwrap_or_default() {
            let is_file = matches!(file.kind, StoredKind::File(_)) && is_of_agents(&file.path);
            if is_file && !worktree.files.contains_key(&file.path) {
                absent.entry(file.path).or_insert(Absence::Removed);
            }
        }
        Ok(absent.into_iter().collect())
    }

    /// Those of the paths that this repository leaves to others: git ignores them, or they lie in a submodule.
    pub fn kept_elsewhere(self, paths: BTreeSet<String>) -> Result<BTreeSet<String>> {
        let index = if paths.is_empty() { Index::new().map_err(failed)? } else { self.open_index()? };
        let is_submodule =
            |folder: &str| index.get_path(folder.as_ref(), 0).is_some_and(|entry| entry.mode == 0o160_000);
        let mut kept = BTreeSet::new();
        for path in paths {
            let full = format!("{}{path}", self.git.prefix);
            let is_in_submodule = full.match_indices('/').any(|(end, _)| is_submodule(&full[..end]));
            if is_in_submodule || self.git.repository.is_path_ignored(&full).map_err(failed)? {
                kept.insert(path);
            }
        }
        Ok(kept)
    }

    /// Reads the index afresh. An absent one is empty, as for git.
    pub(super) fn open_index(self) -> Result<Index> {
        Index::open(&self.git.index_path).map_err(|error| {
            let bytes = regular_file::read(&self.git.index_path, Links::Follow, MAX_FILE_BYTES).unwrap_or_default();
            let has = |signature: &[u8]| bytes.windows(4).any(|window| window == signature);
            if has(b"sdir") {
                return Error::cannot_tell("the git index is sparse, which phone-dir cannot read yet")
                    .hint("run `git sparse-checkout reapply --no-sparse-index`");
            }
            if has(b"link") {
                return Error::cannot_tell("the git index is split, which phone-dir cannot read yet")
                    .hint("run `git update-index --no-split-index`");
            }
            Error::cannot_tell("the git index cannot be read")
                .hint("run `git status`: it says what is wrong")
                .caused_by(super::Words(error))
        })
    }

    /// The entries that may belong to a snapshot; the rest of a large repository is not looked at.
    fn entries(self, index: &Index) -> impl Iterator<Item = IndexEntry> + use<'_> {
        let folders = [scope::DIRECTORY, scope::AGENTS].map(|name| format!("{}{name}/", self.git.prefix));
        let files = [scope::DIRECTORY, scope::AGENTS].into_iter().chain(scope::ROOT_FILES);
        let files: Vec<String> = files.map(|name| format!("{}{name}", self.git.prefix)).collect();
        let single = files
            .into_iter()
            .flat_map(move |path| (0..4).filter_map(move |stage| index.get_path(path.as_ref(), stage)));
        single.chain(folders.into_iter().flat_map(|folder| below(index, folder)))
    }

    fn content_of(self, entry: &IndexEntry) -> Result<Option<(String, Content)>> {
        let Some(path) = self.inside(&entry.path) else { return Ok(None) };
        let irregular = irregular(entry);
        let content = match (scope::interest(&path), irregular) {
            (Interest::None, _) => return Ok(None),
            // A file directly in `agents/` belongs to no agent; a file in place of a folder hides what should be there.
            (Interest::Folder, None) if path.contains('/') => return Ok(None),
            (Interest::Folder, None) => Content::Irregular(reason::FILE),
            (_, Some(reason)) => Content::Irregular(reason),
            (Interest::Content, None) => self.git.objects().content(entry.id)?,
        };
        Ok(Some((path, content)))
    }

    /// A path from the project's root; what is not UTF-8 is shown as well as it can be.
    fn inside(self, path: &[u8]) -> Option<String> {
        path.strip_prefix(self.git.prefix.as_bytes()).map(|rest| String::from_utf8_lossy(rest).into_owned())
    }

    /// The paths, from the top of the working tree, at which the index differs from HEAD: what a commit would change.
    pub fn staged_paths(self) -> Result<Vec<String>> {
        let options = ["--cached", "--name-only", "-z", "--no-renames", "--no-ext-diff", "--no-relative"];
        let listing =
            self.git.question("diff")?.args(options).index(&self.git.index_path).run("ask git what is staged")?;
        let names = listing.split(|byte| *byte == 0).filter(|name| !name.is_empty());
        Ok(names.map(|name| String::from_utf8_lossy(name).into_owned()).collect())
    }

    /// Every path of the index, from the top of the working tree.
    pub fn indexed_paths(self) -> Result<Vec<String>> {
        let index = self.open_index()?;
        Ok(index.iter().map(|entry| String::from_utf8_lossy(&entry.path).into_owned()).collect())
    }

    pub fn staged_settings(self, folder: &str) -> Result<Option<Bytes>> {
        let staged = self.open_index()?.get_path(format!("{folder}{}", paths::SETTINGS).as_ref(), 0);
        match staged.filter(|entry| irregular_mode(entry.mode).is_none()) {
            Some(entry) => Ok(bytes_of(self.git.objects().content(entry.id)?)),
            None => Ok(None),
        }
    }
}

fn below(index: &Index, folder: String) -> impl Iterator<Item = IndexEntry> + '_ {
    // No entry below the folder is libgit2's "not found".
    let first = index.find_prefix(folder.as_str()).unwrap_or(index.len());
    let listed = (first..index.len()).map_while(|position| index.get(position));
    listed.take_while(move |entry| entry.path.starts_with(folder.as_bytes()))
}

fn failed(error: git2::Error) -> Error {
    unexpected("ask which files git ignores", error)
}

/// Whether a path is an agent's file, or a place where submodules with such files may be.
fn is_of_agents(path: &str) -> bool {
    let is_below = path.strip_prefix(scope::AGENTS).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    is_below && scope::interest(path) != Interest::None
}

fn irregular(entry: &IndexEntry) -> Option<&'static str> {
    if entry.flags & bits::STAGE != 0 {
        return Some(reason::CONFLICT);
    }
    if entry.flags_extended & bits::INTENT_TO_ADD != 0 {
        return Some(reason::INTENT);
    }
    if std::str::from_utf8(&entry.path).is_err() {
        return Some(reason::NAME);
    }
    irregular_mode(entry.mode)
}

/// The reason for a mode that is not a regular file's.
pub(super) fn irregular_mode(mode: u32) -> Option<&'static str> {
    match mode {
        0o100_644 | 0o100_755 | 0o100_664 => None,
        0o120_000 => Some(reason::LINK),
        0o160_000 => Some(reason::SUBMODULE),
        _ => Some(reason::SPECIAL),
    }
}
