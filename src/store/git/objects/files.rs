//! Reads commits: which files they hold, and their contents.

use std::rc::Rc;

use git2::{Oid, TreeEntry};

use super::projects::MAX_DEPTH;
use super::{FOLDER_MODE, GitObjects};
use crate::error::Result;
use crate::model::key_files::may_hold_keys;
use crate::model::names::are_one;
use crate::model::paths::{self, is_backup, is_never_committed};
use crate::model::scope::{self, Interest, reason};
use crate::snapshot::{Content, Snapshot};
use crate::store::git::index::irregular_mode;
use crate::store::git::{CommitId, ContentId};
use crate::store::revision::Revision;

/// A path of a snapshot as a commit stores it, without its content.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct StoredFile {
    /// The path from the project's root.
    pub path: String,
    pub kind: StoredKind,
}

/// What a commit stores at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StoredKind {
    File(ContentId),
    /// Something that is not read, and why.
    Irregular(&'static str),
}

impl GitObjects<'_> {
    /// Reads the project's files as a revision has them.
    pub fn read_commit(self, revision: &Revision) -> Result<Snapshot> {
        self.read_commit_id(&self.git.commits().resolve(revision)?)
    }

    /// Reads the project's files as a commit has them.
    pub fn read_commit_id(self, commit: &CommitId) -> Result<Snapshot> {
        self.read_commit_where(commit, |_| true)
    }

    /// Reads those of the project's files in a commit whose paths are wanted.
    pub fn read_commit_where(self, commit: &CommitId, is_wanted: impl Fn(&str) -> bool) -> Result<Snapshot> {
        let mut snapshot = Snapshot::default();
        for file in self.stored_files(commit)?.into_iter().filter(|file| is_wanted(&file.path)) {
            let content = match file.kind {
                StoredKind::File(id) => self.content(id.0)?,
                StoredKind::Irregular(reason) => Content::Irregular(reason),
            };
            snapshot.files.insert(file.path, content);
        }
        Ok(snapshot)
    }

    /// Reads the agents' folders as a commit has them.
    pub fn read_agents(self, commit: &CommitId) -> Result<Snapshot> {
        let mut snapshot = self.read_commit_where(commit, |path| path.starts_with("agents/"))?;
        snapshot.files.retain(|_, content| matches!(content, Content::Bytes(_)));
        Ok(snapshot)
    }

    /// Lists the project's files in a commit, with the ids of their contents: a walk over many commits reads only
    /// the contents whose id is new.
    pub fn stored_files(self, commit: &CommitId) -> Result<Vec<StoredFile>> {
        let mut files = Vec::new();
        if let Some(root) = self.project_tree(commit)? {
            for entry in &root {
                self.collect(&entry, "", 0, &mut files)?;
            }
        }
        Ok(files)
    }

    /// Whether the commit that is checked out has a directory, whatever the working tree has.
    pub fn has_committed_directory(self) -> Result<bool> {
        let Some(commit) = self.git.commits().head()?.commit() else { return Ok(false) };
        let tree = self.project_tree(&commit)?;
        Ok(tree.is_some_and(|tree| tree.get_name(paths::FOLDER).is_some_and(|entry| entry.filemode() == FOLDER_MODE)))
    }

    /// The paths in a commit that no commit may hold, sorted.
    pub fn never_committed_in(self, commit: &CommitId) -> Result<Vec<String>> {
        let Some(root) = self.project_tree(commit)? else { return Ok(Vec::new()) };
        let mut found = self.unwanted_below(root.id(), 0)?.to_vec();
        for entry in root.iter().filter(|entry| are_one(&name_of(entry), scope::DIRECTORY)) {
            if entry.filemode() == FOLDER_MODE {
                self.files_below(entry.id(), &name_of(&entry), 0, &mut found)?;
            }
        }
        found.retain(|path| is_never_committed(path));
        found.sort();
        found.dedup();
        Ok(found)
    }

    /// The paths below a tree that no commit may hold wherever the tree stands. Commits have most of their trees in
    /// common, and each is looked at once.
    fn unwanted_below(self, tree: Oid, depth: usize) -> Result<Rc<[String]>> {
        if let Some(known) = self.git.unwanted.borrow().get(&tree) {
            return Ok(Rc::clone(known));
        }
        let mut found = Vec::new();
        for entry in &self.tree(tree)? {
            let name = name_of(&entry);
            if entry.filemode() != FOLDER_MODE {
                found.extend(may_hold_keys(&name).then_some(name));
            } else if is_backup(&name) {
                self.files_below(entry.id(), &name, 0, &mut found)?;
            } else if depth < MAX_DEPTH {
                let below = self.unwanted_below(entry.id(), depth + 1)?;
                found.extend(below.iter().map(|path| format!("{name}/{path}")));
            }
        }
        let found: Rc<[String]> = found.into();
        self.git.unwanted.borrow_mut().insert(tree, Rc::clone(&found));
        Ok(found)
    }

    fn files_below(self, tree: Oid, path: &str, depth: usize, found: &mut Vec<String>) -> Result<()> {
        for entry in &self.tree(tree)? {
            let path = format!("{path}/{}", name_of(&entry));
            if entry.filemode() == FOLDER_MODE && depth < scope::MAX_DEPTH {
                self.files_below(entry.id(), &path, depth + 1, found)?;
            } else {
                found.push(path);
            }
        }
        Ok(())
    }

    fn collect(self, entry: &TreeEntry<'_>, parent: &str, depth: usize, files: &mut Vec<StoredFile>) -> Result<()> {
        let path = format!("{parent}{}", name_of(entry));
        if entry.filemode() == FOLDER_MODE {
            return self.collect_folder(entry.id(), path, depth, files);
        }
        let irregular = irregular_mode(u32::try_from(entry.filemode()).unwrap_or(0))
            .or_else(|| std::str::from_utf8(entry.name_bytes()).is_err().then_some(reason::NAME));
        let kind = match (scope::interest(&path), irregular) {
            (Interest::None, _) => return Ok(()),
            (Interest::Folder, None) if path.contains('/') => return Ok(()),
            (Interest::Folder, None) => StoredKind::Irregular(reason::FILE),
            (_, Some(reason)) => StoredKind::Irregular(reason),
            (Interest::Content, None) => StoredKind::File(ContentId(entry.id())),
        };
        files.push(StoredFile { path, kind });
        Ok(())
    }

    fn collect_folder(self, id: Oid, path: String, depth: usize, files: &mut Vec<StoredFile>) -> Result<()> {
        let followed = path == scope::DIRECTORY || path == scope::AGENTS || path.starts_with("phone-numbers/");
        let agent = path.strip_prefix("agents/").is_some_and(|name| !name.contains('/'));
        if !followed && !agent {
            if scope::interest(&path) == Interest::Content {
                files.push(StoredFile { path, kind: StoredKind::Irregular(reason::FOLDER) });
            }
            return Ok(());
        }
        if depth > scope::MAX_DEPTH {
            files.push(StoredFile { path, kind: StoredKind::Irregular(reason::DEEP) });
            return Ok(());
        }
        let parent = format!("{path}/");
        for entry in &self.tree(id)? {
            self.collect(&entry, &parent, depth + 1, files)?;
        }
        Ok(())
    }
}

fn name_of(entry: &TreeEntry<'_>) -> String {
    String::from_utf8_lossy(entry.name_bytes()).into_owned()
}
