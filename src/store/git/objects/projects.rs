//! Which projects a commit has, wherever they are in its tree, and the settings that it has for a folder.

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use bytes::Bytes;
use git2::{Oid, Tree, TreeEntry};

use super::{Entry, FOLDER_MODE, GitObjects, StoredKind};
use crate::error::{Error, Result};
use crate::model::names::{Lookalike, are_one};
use crate::model::paths;
use crate::model::scope;
use crate::snapshot::Content;
use crate::store::git::CommitId;

/// Deeper than any path that a file system takes.
pub(in crate::store::git) const MAX_DEPTH: usize = 512;

/// The projects below each tree that was looked at: commits of one range have most of their trees in common.
#[derive(Default)]
pub struct KnownTrees(HashMap<Oid, Rc<[String]>>);

impl GitObjects<'_> {
    /// The folders with a `phone-numbers/directory.json` in a commit, in whatever letters, from the top of the working
    /// tree, each empty or ending in `/`. What lies inside another project's `phone-numbers/` is a copy, not a project.
    pub fn projects_in(self, commit: &CommitId, known: &mut KnownTrees) -> Result<BTreeSet<String>> {
        let top = self.root_tree(commit)?.id();
        Ok(self.projects_below(top, 0, known)?.iter().cloned().collect())
    }

    /// Whether a commit has the project's `phone-numbers`, or anything in its place.
    pub fn has_directory_in(self, commit: &CommitId) -> Result<bool> {
        Ok(self.project_tree(commit)?.is_some_and(|tree| tree.get_name(paths::FOLDER).is_some()))
    }

    /// Whether the project in `root`, from the top of the working tree, or what takes its names differs in two commits.
    pub fn is_touched(self, root: &str, left: &CommitId, right: &CommitId) -> Result<bool> {
        let is_same = self.is_same_folder(root, left, right)?;
        Ok(!is_same || self.lookalikes_in(left, root)? != self.lookalikes_in(right, root)?)
    }

    /// Whether a folder, from the top of the working tree, is the same in two commits.
    pub fn is_same_folder(self, folder: &str, left: &CommitId, right: &CommitId) -> Result<bool> {
        let id = |commit| Ok::<_, Error>(self.folder_in(commit, folder)?.map(|tree| tree.id()));
        Ok(id(left)? == id(right)?)
    }

    /// The text of `phone-dir.toml` in a folder, from the top of the working tree, as a commit has it.
    pub fn settings_in(self, commit: &CommitId, folder: &str) -> Result<Option<Bytes>> {
        self.file_in(commit, folder, paths::SETTINGS)
    }

    /// The content of a file at the project's root, as a commit has it.
    pub fn root_file_in(self, commit: &CommitId, name: &str) -> Result<Option<Bytes>> {
        self.file_in(commit, self.git.prefix(), name)
    }

    fn file_in(self, commit: &CommitId, folder: &str, name: &str) -> Result<Option<Bytes>> {
        let Some(tree) = self.folder_in(commit, folder)? else { return Ok(None) };
        let kind = |entry: TreeEntry<'_>| {
            Self::kind(&Entry { name: entry.name_bytes(), mode: entry.filemode(), id: entry.id() })
        };
        match tree.get_name(name).map(kind) {
            Some(StoredKind::File(id)) => Ok(bytes_of(self.stored_content(id)?)),
            _ => Ok(None),
        }
    }

    /// The names in a commit, wherever they are, that only look like those of the project in `root`.
    pub fn lookalikes_in(self, commit: &CommitId, root: &str) -> Result<BTreeSet<Lookalike>> {
        let folders: Vec<&str> = root.split_terminator('/').collect();
        let mut found = BTreeSet::new();
        let mut open = vec![(self.root_tree(commit)?.id(), String::new(), folders.as_slice())];
        while let Some((tree, path, folders)) = open.pop() {
            for entry in &self.tree(tree)? {
                let Ok(name) = std::str::from_utf8(entry.name_bytes()) else { continue };
                let full = format!("{path}{name}");
                match folders {
                    [folder, below @ ..] if entry.filemode() == FOLDER_MODE => {
                        if are_one(name, folder) {
                            open.push((entry.id(), full + "/", below));
                        }
                    }
                    _ => found.extend(scope::lookalike(root, &full)),
                }
            }
        }
        Ok(found)
    }

    fn projects_below(self, id: Oid, depth: usize, known: &mut KnownTrees) -> Result<Rc<[String]>> {
        if let Some(found) = known.0.get(&id) {
            return Ok(Rc::clone(found));
        }
        if depth > MAX_DEPTH {
            return Err(Error::cannot_tell("the commit has folders nested too deeply to look for projects in them"));
        }
        let tree = self.tree(id)?;
        let is_project = self.has_master(&tree)?;
        let mut found: Vec<String> = is_project.then(String::new).into_iter().collect();
        for entry in tree.iter().filter(|entry| entry.filemode() == FOLDER_MODE) {
            // A name that is not UTF-8 is in no project.
            let Ok(name) = std::str::from_utf8(entry.name_bytes()) else { continue };
            if !(is_project && are_one(name, paths::FOLDER)) {
                let below = self.projects_below(entry.id(), depth + 1, known)?;
                found.extend(below.iter().map(|root| format!("{name}/{root}")));
            }
        }
        let found: Rc<[String]> = found.into();
        known.0.insert(id, Rc::clone(&found));
        Ok(found)
    }

    fn has_master(self, tree: &Tree<'_>) -> Result<bool> {
        let is =
            |entry: &TreeEntry<'_>, name| std::str::from_utf8(entry.name_bytes()).is_ok_and(|it| are_one(it, name));
        for folder in tree.iter().filter(|entry| entry.filemode() == FOLDER_MODE && is(entry, paths::FOLDER)) {
            if self.tree(folder.id())?.iter().any(|entry| is(&entry, paths::MASTER_FILE)) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

pub(in crate::store::git) fn bytes_of(content: Content) -> Option<Bytes> {
    match content {
        Content::Bytes(bytes) => Some(bytes),
        Content::Irregular(_) => None,
    }
}
