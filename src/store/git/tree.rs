//! Reads commits: which files they hold, and their contents.

use std::cell::RefCell;
use std::rc::Rc;

use bytes::Bytes;
use git2::{ErrorCode, Oid, Tree, TreeEntry};

use super::index::irregular_mode;
use super::packs::{Expecting, Fault, Packs};
use super::projects::MAX_DEPTH;
use super::{CommitId, ContentId, GitRepository, UNSHALLOW, unexpected};
use crate::error::{Error, Result};
use crate::model::key_files::may_hold_keys;
use crate::model::names::are_one;
use crate::model::paths::{self, is_backup, is_never_committed};
use crate::snapshot::{Content, MAX_FILE_BYTES, Snapshot};
use crate::store::revision::Revision;
use crate::store::scope::{self, Interest, reason};

/// A path of a snapshot as a commit stores it, without its content.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct StoredFile {
    /// The path from the project's root.
    pub path: String,
    /// What is stored there.
    pub kind: StoredKind,
}

/// What a commit stores at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StoredKind {
    /// A regular file.
    File(ContentId),
    /// Something that is not read, and why.
    Irregular(&'static str),
}

impl GitRepository {
    /// Reads the project's files as a revision has them.
    pub fn read_commit(&self, revision: &Revision) -> Result<Snapshot> {
        self.read_commit_id(&self.resolve(revision)?)
    }

    /// Reads the project's files as a commit has them.
    pub fn read_commit_id(&self, commit: &CommitId) -> Result<Snapshot> {
        let mut snapshot = Snapshot::default();
        for file in self.stored_files(commit)? {
            let content = match file.kind {
                StoredKind::File(id) => self.content(id.0)?,
                StoredKind::Irregular(reason) => Content::Irregular(reason),
            };
            snapshot.files.insert(file.path, content);
        }
        Ok(snapshot)
    }

    /// Reads the agents' folders as a commit has them.
    pub fn read_agents(&self, commit: &CommitId) -> Result<Snapshot> {
        let mut snapshot = Snapshot::default();
        for file in self.stored_files(commit)?.into_iter().filter(|file| file.path.starts_with("agents/")) {
            if let StoredKind::File(id) = file.kind {
                snapshot.files.insert(file.path, self.content(id.0)?);
            }
        }
        Ok(snapshot)
    }

    /// Lists the project's files in a commit, with the ids of their contents: a walk over many commits reads only
    /// the contents whose id is new.
    pub fn stored_files(&self, commit: &CommitId) -> Result<Vec<StoredFile>> {
        let mut files = Vec::new();
        if let Some(root) = self.project_tree(commit)? {
            for entry in &root {
                self.collect(&entry, "", 0, &mut files)?;
            }
        }
        Ok(files)
    }

    /// Whether the commit that is checked out has a directory, whatever the working tree has.
    pub fn has_committed_directory(&self) -> Result<bool> {
        let Some(commit) = self.head()?.commit() else { return Ok(false) };
        let tree = self.project_tree(&commit)?;
        Ok(tree.is_some_and(|tree| tree.get_name(paths::FOLDER).is_some_and(|entry| entry.filemode() == 0o040_000)))
    }

    /// A stored content's bytes, or why it is not read.
    pub fn stored_content(&self, id: ContentId) -> Result<Content> {
        self.content(id.0)
    }

    /// The paths in a commit that no commit may hold, sorted.
    pub fn never_committed_in(&self, commit: &CommitId) -> Result<Vec<String>> {
        let Some(root) = self.project_tree(commit)? else { return Ok(Vec::new()) };
        let mut found = self.unwanted_below(root.id(), 0)?.to_vec();
        for entry in root.iter().filter(|entry| are_one(&name_of(entry), scope::DIRECTORY)) {
            if entry.filemode() == 0o040_000 {
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
    fn unwanted_below(&self, tree: Oid, depth: usize) -> Result<Rc<[String]>> {
        if let Some(known) = self.unwanted.borrow().get(&tree) {
            return Ok(Rc::clone(known));
        }
        let mut found = Vec::new();
        for entry in &self.tree(tree)? {
            let name = name_of(&entry);
            if entry.filemode() != 0o040_000 {
                found.extend(may_hold_keys(&name).then_some(name));
            } else if is_backup(&name) {
                self.files_below(entry.id(), &name, 0, &mut found)?;
            } else if depth < MAX_DEPTH {
                let below = self.unwanted_below(entry.id(), depth + 1)?;
                found.extend(below.iter().map(|path| format!("{name}/{path}")));
            }
        }
        let found: Rc<[String]> = found.into();
        self.unwanted.borrow_mut().insert(tree, Rc::clone(&found));
        Ok(found)
    }

    fn files_below(&self, tree: Oid, path: &str, depth: usize, found: &mut Vec<String>) -> Result<()> {
        for entry in &self.tree(tree)? {
            let path = format!("{path}/{}", name_of(&entry));
            if entry.filemode() == 0o040_000 && depth < scope::MAX_DEPTH {
                self.files_below(entry.id(), &path, depth + 1, found)?;
            } else {
                found.push(path);
            }
        }
        Ok(())
    }

    fn collect(&self, entry: &TreeEntry<'_>, parent: &str, depth: usize, files: &mut Vec<StoredFile>) -> Result<()> {
        let path = format!("{parent}{}", name_of(entry));
        if entry.filemode() == 0o040_000 {
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

    fn collect_folder(&self, id: Oid, path: String, depth: usize, files: &mut Vec<StoredFile>) -> Result<()> {
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

    /// The tree of the project's root in a commit; `None` when the commit does not have that folder.
    pub(super) fn project_tree(&self, commit: &CommitId) -> Result<Option<Tree<'_>>> {
        let mut tree = self.tree(self.ancestor(commit)?.tree)?;
        for part in self.prefix.split_terminator('/') {
            let Some(id) = tree.get_name(part).filter(|entry| entry.filemode() == 0o040_000).map(|entry| entry.id())
            else {
                return Ok(None);
            };
            tree = self.tree(id)?;
        }
        Ok(Some(tree))
    }

    pub(super) fn tree(&self, id: Oid) -> Result<Tree<'_>> {
        self.check_whole(id)?;
        self.repository.find_tree(id).map_err(|error| self.missing(id, &error))
    }

    /// A blob's bytes; a huge one is not loaded.
    pub(super) fn content(&self, id: Oid) -> Result<Content> {
        let packed = self.packs(Expecting::Few).borrow_mut().read(id);
        if packed.is_none() {
            self.check_whole(id)?;
        }
        match packed {
            Some(Ok(bytes)) => return Ok(Content::Bytes(bytes)),
            Some(Err(Fault::Huge)) => return Ok(Content::Irregular(reason::HUGE)),
            None if self.blob_size(id)? > MAX_FILE_BYTES => return Ok(Content::Irregular(reason::HUGE)),
            Some(Err(Fault::Broken)) | None => {}
        }
        let blob = self.repository.find_blob(id).map_err(|error| self.missing(id, &error))?;
        Ok(Content::Bytes(Bytes::copy_from_slice(blob.content())))
    }

    /// The packs, opened by whoever needs them first.
    pub(super) fn packs(&self, expecting: Expecting) -> &RefCell<Packs> {
        let objects = || self.shared_folder().join("objects");
        self.packs.get_or_init(|| RefCell::new(Packs::open(&objects(), expecting)))
    }

    /// The size of a blob that is in no pack: of what is broken in a pack, git2 cannot tell the kind, and panics.
    fn blob_size(&self, id: Oid) -> Result<u64> {
        let odb = self.repository.odb().map_err(|error| unexpected("open git's object store", error))?;
        let (size, _) = odb.read_header(id).map_err(|error| self.missing(id, &error))?;
        Ok(size as u64)
    }

    /// Explains an object that is not there: left on the server by a partial clone, or lost.
    pub(super) fn missing(&self, id: Oid, error: &git2::Error) -> Error {
        if error.code() != ErrorCode::NotFound {
            return Error::cannot_tell(format!("the git object `{id}` cannot be read"))
                .hint("run `git fsck`, and bring it back with a fetch or from another clone");
        }
        Error::cannot_tell(format!("the git object `{id}` is not in this clone")).hint(self.how_to_complete())
    }

    /// What brings the objects that are not in this clone.
    pub fn how_to_complete(&self) -> &'static str {
        if self.is_shallow() {
            UNSHALLOW
        } else if self.is_partial_clone() {
            "this is a partial clone; bring the rest with `git fetch --refetch --no-filter`"
        } else {
            "run `git fsck`, and fetch again what is missing"
        }
    }

    /// Whether the clone left files or trees on the server (`git clone --filter`).
    pub fn is_partial_clone(&self) -> bool {
        let promised = |pattern: &str| -> Result<bool, git2::Error> {
            let config = self.repository.config()?;
            let mut entries = config.entries(Some(pattern))?;
            Ok(entries.next().is_some())
        };
        // This only chooses the wording of an error: a configuration that cannot be read gives the general one.
        promised("remote\\..*\\.promisor").unwrap_or(false)
    }
}

fn name_of(entry: &TreeEntry<'_>) -> String {
    String::from_utf8_lossy(entry.name_bytes()).into_owned()
}
