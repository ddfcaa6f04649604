//! What the repository stores: contents and folders by their ids, read and written.
//!
//! Contents, and the commits and trees of a walk, are read by readers of our own ([`packs`] and [`loose_contents`] say why);
//! everything else, and what is not as git writes it, through libgit2, which is asked only for what is whole ([`loose`]).

mod ahead;
mod files;
mod folders;
mod loose;
mod loose_contents;
mod memory;
mod packs;
mod projects;
mod tree_entries;

use std::cell::RefCell;
use std::path::Path;

use bytes::Bytes;
use git2::{ErrorCode, Oid, Tree};

pub use self::ahead::ReaderAhead;
pub use self::files::{StoredFile, StoredKind};
pub(super) use self::folders::DirectoryFolder;
pub(in crate::store::git) use self::loose_contents::LooseContents;
pub(in crate::store::git) use self::packs::Packs;
use self::packs::{Expecting, Fault};
pub use self::projects::KnownTrees;
pub(super) use self::projects::bytes_of;
pub(super) use self::tree_entries::Entry;
use super::index::irregular_mode;
use super::program::Git;
use super::{CommitId, ContentId, GitRepository, UNSHALLOW, parse_id, unexpected};
use crate::error::{Error, Result};
use crate::model::scope::reason;
use crate::snapshot::{Content, MAX_FILE_BYTES};

/// The mode of a folder in a tree.
const FOLDER_MODE: i32 = 0o040_000;

/// The most bytes that zlib makes of so many: an object that claims more is none, and its claim asks for no memory
/// (<https://zlib.net/zlib_tech.html>, "Maximum Compression Factor").
fn most_inflated(packed: usize) -> usize {
    packed.saturating_mul(1_032)
}

/// Mode and id of what a tree or an index has at a path.
pub(super) type StoredEntry = Option<(u32, Oid)>;

/// What an object is, as far as it is read here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ObjectKind {
    Commit,
    Tree,
    Blob,
}

#[derive(Clone, Copy)]
pub struct GitObjects<'r> {
    pub(super) git: &'r GitRepository,
}

impl<'r> GitObjects<'r> {
    pub(super) fn tree(self, id: Oid) -> Result<Tree<'r>> {
        self.check_whole(id)?;
        self.git.repository.find_tree(id).map_err(|error| self.missing(id, &error))
    }

    /// The tree at the top of a commit.
    pub(super) fn root_tree(self, commit: &CommitId) -> Result<Tree<'r>> {
        self.tree(self.git.commits().ancestor(commit)?.tree)
    }

    /// The folder at a path below a tree; none where it is not there, or is no folder.
    pub(super) fn folder_below(self, root: Tree<'r>, path: &str) -> Result<Option<Tree<'r>>> {
        let mut tree = root;
        for part in path.split_terminator('/') {
            let below = tree.get_name(part).filter(|entry| entry.filemode() == FOLDER_MODE).map(|entry| entry.id());
            let Some(id) = below else { return Ok(None) };
            tree = self.tree(id)?;
        }
        Ok(Some(tree))
    }

    /// A folder of a commit, from the top of the working tree.
    pub(super) fn folder_in(self, commit: &CommitId, folder: &str) -> Result<Option<Tree<'r>>> {
        self.folder_below(self.root_tree(commit)?, folder)
    }

    /// The tree of the project's root in a commit; `None` when the commit does not have that folder.
    pub(super) fn project_tree(self, commit: &CommitId) -> Result<Option<Tree<'r>>> {
        self.folder_in(commit, &self.git.prefix)
    }

    /// A blob's bytes; a huge one is not loaded.
    pub(super) fn content(self, id: Oid) -> Result<Content> {
        let packed = self.packs(Expecting::Few).borrow_mut().read(id, ObjectKind::Blob);
        match packed {
            Some(Ok(bytes)) => return Ok(Content::Bytes(bytes)),
            Some(Err(Fault::Huge)) => return Ok(Content::Irregular(reason::HUGE)),
            Some(Err(Fault::Broken)) => {}
            None => {
                if let Some(bytes) = self.loose(id, ObjectKind::Blob) {
                    return Ok(Content::Bytes(bytes));
                }
                self.check_whole(id)?;
                if self.blob_size(id)? > MAX_FILE_BYTES {
                    return Ok(Content::Irregular(reason::HUGE));
                }
            }
        }
        let blob = self.git.repository.find_blob(id).map_err(|error| self.missing(id, &error))?;
        Ok(Content::Bytes(Bytes::copy_from_slice(blob.content())))
    }

    /// An object's bytes; none where it is for libgit2 to say what is there instead.
    pub(super) fn data(self, id: Oid, kind: ObjectKind) -> Option<Bytes> {
        let packed = self.packs(Expecting::Few).borrow_mut().read(id, kind);
        packed.map_or_else(|| self.loose(id, kind), Result::ok)
    }

    /// The packs, opened when the first content is read.
    fn packs(self, expecting: Expecting) -> &'r RefCell<Packs> {
        let objects = || self.git.shared_folder().join("objects");
        self.git.packs.get_or_init(|| RefCell::new(Packs::open(&objects(), expecting)))
    }

    fn is_packed(self, id: Oid) -> bool {
        self.packs(Expecting::Few).borrow().has(id)
    }

    /// The size of a blob that is in no pack: of what is broken in a pack, git2 cannot tell the kind, and panics.
    fn blob_size(self, id: Oid) -> Result<u64> {
        let odb = self.git.repository.odb().map_err(|error| unexpected("open git's object store", error))?;
        let (size, _) = odb.read_header(id).map_err(|error| self.missing(id, &error))?;
        Ok(size as u64)
    }

    /// Explains an object that is not there: left on the server by a partial clone, or lost.
    pub(super) fn missing(self, id: Oid, error: &git2::Error) -> Error {
        if error.code() != ErrorCode::NotFound {
            return Error::cannot_tell(format!("the git object `{id}` cannot be read"))
                .hint("run `git fsck`, and bring it back with a fetch or from another clone");
        }
        Error::cannot_tell(format!("the git object `{id}` is not in this clone")).hint(self.how_to_complete())
    }

    /// What brings the objects that are not in this clone.
    pub fn how_to_complete(self) -> &'static str {
        if self.git.commits().is_shallow() {
            UNSHALLOW
        } else if self.git.configuration().is_partial_clone() {
            "this is a partial clone; bring the rest with `git fetch --refetch --no-filter`"
        } else {
            "run `git fsck`, and fetch again what is missing"
        }
    }

    /// A stored content's bytes, or why it is not read.
    pub fn stored_content(self, id: ContentId) -> Result<Content> {
        self.content(id.0)
    }

    /// Whether HEAD has anything at a folder of the project.
    pub fn head_has_folder(self, folder: &str) -> Result<bool> {
        let Some(commit) = self.git.commits().head()?.commit() else { return Ok(false) };
        let Some(tree) = self.project_tree(&commit)? else { return Ok(false) };
        Ok(tree.get_name(folder).is_some())
    }

    /// What a commit has at a path from the root of git's tree.
    pub(in crate::store) fn stored_at(self, commit: &CommitId, full: &str) -> Result<Option<(u32, Oid)>> {
        self.earlier(&self.root_tree(commit)?, full)
    }

    /// What the tree has at a path; a link or a submodule on the way is refused rather than replaced.
    pub(super) fn earlier(self, tree: &Tree<'_>, full: &str) -> Result<Option<(u32, Oid)>> {
        let mut folder = tree.clone();
        let mut parts = full.split('/').peekable();
        while let Some(part) = parts.next() {
            let Some(found) = folder.get_name(part).map(|entry| (entry.filemode(), entry.id())) else {
                return Ok(None);
            };
            let (mode, id) = (u32::try_from(found.0).unwrap_or(0), found.1);
            let is_last = parts.peek().is_none();
            if is_last && irregular_mode(mode).is_none() {
                return Ok(Some((mode, id)));
            }
            if is_last || found.0 != FOLDER_MODE {
                return Err(Error::failed(format!(
                    "`{full}` cannot be committed: the last commit has something else there"
                ))
                .hint(format!("see what with `git ls-tree HEAD {part}`")));
            }
            folder = self.tree(id)?;
        }
        Ok(None)
    }

    /// Stores a content as git would: through the filters that the path's attributes ask for.
    pub(super) fn store(self, full: &str, bytes: &[u8]) -> Result<Oid> {
        if !bytes.contains(&b'\r') && !self.git.configuration().is_filtered(full)? {
            return self.store_as_it_is(full, bytes);
        }
        let git = Git::new(self.git, "hash-object").args(["-w", "--stdin", "--path", full]).input(bytes);
        parse_id(&git.run(&format!("store `{full}`"))?)
    }

    /// Stores a content without filters. Git is asked again where libgit2 fails, because it says why.
    pub(super) fn store_as_it_is(self, full: &str, bytes: &[u8]) -> Result<Oid> {
        if let Ok(id) = self.git.repository.blob(bytes) {
            return Ok(id);
        }
        let git = Git::new(self.git, "hash-object").args(["-w", "--stdin"]).input(bytes);
        parse_id(&git.run(&format!("store `{full}`"))?)
    }

    /// Lets git collect garbage when enough of it has gathered, as `git commit` does; it decides that at once, and
    /// works in the background.
    pub(in crate::store) fn maintain(self) {
        // Nothing depends on it: an old git without this subcommand, or a failure, changes nothing about the commit.
        let _not_needed = Git::new(self.git, "maintenance").args(["run", "--auto", "--quiet"]).output();
    }

    pub(super) fn blob(self, id: Oid) -> Result<Vec<u8>> {
        self.check_whole(id)?;
        let blob = self.git.repository.find_blob(id).map_err(|error| self.missing(id, &error))?;
        Ok(blob.content().to_vec())
    }

    /// What a commit has at a path, whatever it is; a folder counts as nothing.
    pub(super) fn stored_in(self, commit: &CommitId, full: &str) -> Result<StoredEntry> {
        let tree = self.root_tree(commit)?;
        match tree.get_path(Path::new(full)) {
            Ok(entry) if entry.filemode() == FOLDER_MODE => Ok(None),
            Ok(entry) => Ok(Some((u32::try_from(entry.filemode()).unwrap_or(0), entry.id()))),
            Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
            Err(error) => Err(unexpected(&format!("read `{full}` of a commit"), error)),
        }
    }

    /// The paths from the root of git's tree that differ between two commits.
    pub fn paths_between(self, from: &CommitId, to: &CommitId) -> Result<Vec<String>> {
        let arguments = ["-r", "-z", "--name-only", "--no-renames", &from.to_string(), &to.to_string()];
        let listed = Git::new(self.git, "diff-tree").args(arguments).run("compare two commits")?;
        let names = listed.split(|byte| *byte == 0).filter(|name| !name.is_empty());
        Ok(names.map(|name| String::from_utf8_lossy(name).into_owned()).collect())
    }
}
