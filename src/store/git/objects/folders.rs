//! Finds the directory's folder in a commit, and where it was before it moved.

use git2::{ObjectType, Oid, Tree, TreeEntry, TreeWalkMode, TreeWalkResult};

use super::{Entry, FOLDER_MODE, GitObjects, StoredKind};
use crate::error::Result;
use crate::model::scope;
use crate::store::git::index::irregular_mode;
use crate::store::git::{ContentId, unexpected};

/// The name of the file by which a directory's folder is known.
const MASTER: &str = "directory.json";

/// The path of the directory's folder from the root of the working tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::store::git) struct DirectoryFolder(String);

impl DirectoryFolder {
    /// The folder of a project whose root is at `prefix`: empty, or ending in `/`.
    pub(in crate::store::git) fn new(prefix: &str) -> Self {
        Self(format!("{prefix}{}", scope::DIRECTORY))
    }
}

impl GitObjects<'_> {
    /// The tree of the directory's folder in a root tree; none where there is no such folder.
    pub(in crate::store::git) fn folder(self, root: Oid, place: &DirectoryFolder) -> Result<Option<Oid>> {
        let mut folder = root;
        for part in place.0.split('/') {
            let mut below = None;
            self.entries(folder, |entry| {
                below = below.or((entry.name == part.as_bytes()).then_some((entry.is_folder(), entry.id)));
            })?;
            let Some((true, id)) = below else { return Ok(None) };
            folder = id;
        }
        Ok(Some(folder))
    }

    /// The folder that a directory came from: gone in the child, and with a file in common with the one that is new.
    ///
    /// It is known by its `directory.json`, or by its name where that file is missing.
    pub(in crate::store::git) fn moved_from(self, parent: Oid, child: Oid, here: Oid) -> Option<DirectoryFolder> {
        let wanted = self.contents(&self.tree(here).ok()?);
        let mut best: Option<(usize, String)> = None;
        let root = self.tree(parent).ok()?;
        let child = self.tree(child).ok()?;
        let visit = |above: &str, entry: &TreeEntry<'_>| {
            let (Some(ObjectType::Tree), Ok(name)) = (entry.kind(), entry.name()) else { return TreeWalkResult::Ok };
            let path = format!("{above}{name}");
            let has_main = self.tree(entry.id()).is_ok_and(|folder| folder.get_name(MASTER).is_some());
            if !has_main && name != scope::DIRECTORY {
                return TreeWalkResult::Ok;
            }
            let kept = if has_main { format!("{path}/{MASTER}") } else { path.clone() };
            let is_gone = child.get_path(kept.as_ref()).is_err();
            let shared = if is_gone { self.shared(&root, &path, &wanted) } else { 0 };
            if shared > best.as_ref().map_or(0, |(shared, _)| *shared) {
                best = Some((shared, path));
            }
            TreeWalkResult::Ok
        };
        // A tree that cannot be read whole only hides where the folder was; its commit says so itself.
        root.walk(TreeWalkMode::PreOrder, visit).ok()?;
        best.map(|(_, path)| DirectoryFolder(path))
    }

    fn shared(self, root: &Tree<'_>, path: &str, wanted: &[Oid]) -> usize {
        let folder = root.get_path(path.as_ref()).map_err(|error| unexpected("read a folder", error));
        let tree = folder.and_then(|entry| self.tree(entry.id()));
        tree.map_or(0, |tree| self.contents(&tree).iter().filter(|id| wanted.contains(id)).count())
    }

    /// The ids of the JSON files in a folder and in the folders right below it.
    fn contents(self, folder: &Tree<'_>) -> Vec<Oid> {
        let is_json = |entry: &TreeEntry<'_>| entry.name_bytes().ends_with(b".json");
        let mut found: Vec<Oid> = folder.iter().filter(is_json).map(|entry| entry.id()).collect();
        for entry in folder.iter().filter(|entry| entry.filemode() == FOLDER_MODE) {
            if let Ok(inner) = self.tree(entry.id()) {
                found.extend(inner.iter().filter(is_json).map(|entry| entry.id()));
            }
        }
        found
    }

    /// What a tree stores as a file.
    pub(in crate::store::git) fn kind(entry: &Entry<'_>) -> StoredKind {
        match irregular_mode(u32::try_from(entry.mode).unwrap_or(0)) {
            _ if entry.is_folder() => StoredKind::Irregular(scope::reason::FOLDER),
            Some(reason) => StoredKind::Irregular(reason),
            None => StoredKind::File(ContentId(entry.id)),
        }
    }
}
