//! Makes a commit of the project's own files on top of HEAD, whatever else is staged.

use git2::build::TreeUpdateBuilder;
use git2::{AttrCheckFlags, AttrValue, FileMode, Oid, Tree};

use super::index::irregular_mode;
use super::preflight::Ready;
use super::program::{Git, refused};
use super::{CommitId, GitRepository, Head, unexpected};
use crate::error::{Error, Result};
use crate::model::paths::is_never_committed;
use crate::store::fault;
use crate::store::lock::ProjectLock;
use crate::store::path::ProjectPath;

/// What a commit says.
#[derive(Clone, Debug)]
pub struct CommitRequest<'a> {
    /// The checks that were made, and the commit that they were made on.
    pub ready: &'a Ready,
    /// The whole message: subject, body, trailers.
    pub message: &'a str,
}

/// A commit that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Committed {
    /// Its id.
    pub id: CommitId,
    /// The files that it changed, sorted.
    pub files: Vec<ProjectPath>,
}

/// A path, from the root of git's tree, with the mode and id to store there; `None` removes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::store) struct Entry {
    pub path: String,
    pub stored: Option<(u32, Oid)>,
}

/// A commit object that no branch points to yet.
#[derive(Clone, Debug)]
pub(in crate::store) struct Prepared {
    pub base: Head,
    pub id: CommitId,
    pub entries: Vec<Entry>,
    subject: String,
}

impl GitRepository {
    /// Stores `files` (`None` deletes) on top of the commit that was checked, and makes the commit object.
    ///
    /// Gives `None` when that commit has exactly these files already.
    pub(in crate::store) fn prepare_commit(
        &self,
        request: &CommitRequest<'_>,
        files: &[(&ProjectPath, Option<&[u8]>)],
    ) -> Result<Option<Prepared>> {
        let base = &request.ready.base;
        let before = self.base_tree(base)?;
        let mut entries = Vec::new();
        for (path, bytes) in files {
            debug_assert!(!is_never_committed(path.as_str()), "{path}");
            entries.extend(self.entry(&before, path, *bytes)?);
        }
        if entries.is_empty() {
            return Ok(None);
        }
        fault::reached("store", "contents");
        let tree = self.updated_tree(&before, &entries)?;
        fault::reached("store", "tree");
        let id = self.commit_object(base, tree, request.message)?;
        let subject = request.message.lines().next().unwrap_or_default().to_owned();
        Ok(Some(Prepared { base: base.clone(), id, entries, subject }))
    }

    /// What a commit has at a path from the root of git's tree.
    pub(in crate::store) fn stored_at(&self, commit: &CommitId, full: &str) -> Result<Option<(u32, Oid)>> {
        self.earlier(&self.tree(self.ancestor(commit)?.tree)?, full)
    }

    fn base_tree(&self, base: &Head) -> Result<Tree<'_>> {
        if let Some(commit) = base.commit() {
            return self.tree(self.ancestor(&commit)?.tree);
        }
        let empty = || self.repository.treebuilder(None)?.write();
        let id = empty().map_err(|error| unexpected("store an empty tree", error))?;
        self.tree(id)
    }

    /// The entry for a file, or `None` when the tree has it already.
    fn entry(&self, before: &Tree<'_>, path: &ProjectPath, bytes: Option<&[u8]>) -> Result<Option<Entry>> {
        let full = self.path_in_git(path);
        let earlier = self.earlier(before, &full)?;
        let stored = match bytes {
            Some(bytes) => Some((earlier.map_or(0o100_644, |(mode, _)| mode), self.store(&full, bytes)?)),
            None => None,
        };
        Ok((stored != earlier).then_some(Entry { path: full, stored }))
    }

    /// What the tree has at a path; a link or a submodule on the way is refused rather than replaced.
    fn earlier(&self, tree: &Tree<'_>, full: &str) -> Result<Option<(u32, Oid)>> {
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
            if is_last || mode != 0o040_000 {
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
    fn store(&self, full: &str, bytes: &[u8]) -> Result<Oid> {
        if !bytes.contains(&b'\r') && !self.is_filtered(full)? {
            return self.store_as_it_is(full, bytes);
        }
        let git = Git::new(self, "hash-object").args(["-w", "--stdin", "--path", full]).input(bytes);
        parse_id(&git.run(&format!("store `{full}`"))?)
    }

    /// Stores a content without filters. Git is asked again where libgit2 fails, because it says why.
    pub(super) fn store_as_it_is(&self, full: &str, bytes: &[u8]) -> Result<Oid> {
        if let Ok(id) = self.repository.blob(bytes) {
            return Ok(id);
        }
        let git = Git::new(self, "hash-object").args(["-w", "--stdin"]).input(bytes);
        parse_id(&git.run(&format!("store `{full}`"))?)
    }

    /// Whether attributes change the content on its way into git, other than by its line ends.
    pub(super) fn is_filtered(&self, full: &str) -> Result<bool> {
        for name in ["filter", "ident", "working-tree-encoding"] {
            let value = self.repository.get_attr_bytes(full.as_ref(), name, AttrCheckFlags::FILE_THEN_INDEX);
            let value = value.map_err(|error| unexpected(&format!("read the git attributes of `{full}`"), error))?;
            if !matches!(AttrValue::from_bytes(value), AttrValue::Unspecified | AttrValue::False) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn updated_tree(&self, before: &Tree<'_>, entries: &[Entry]) -> Result<Oid> {
        let mut builder = TreeUpdateBuilder::new();
        for entry in entries {
            match entry.stored {
                Some((0o100_755, id)) => builder.upsert(entry.path.as_str(), id, FileMode::BlobExecutable),
                Some((_, id)) => builder.upsert(entry.path.as_str(), id, FileMode::Blob),
                None => builder.remove(entry.path.as_str()),
            };
        }
        builder.create_updated(&self.repository, before).map_err(|error| unexpected("store the new tree", error))
    }

    /// Author, committer, encoding and signature are git's own business, so git writes the object.
    fn commit_object(&self, base: &Head, tree: Oid, message: &str) -> Result<CommitId> {
        let mut git = Git::new(self, "commit-tree").setting("i18n.commitEncoding=UTF-8").args([tree.to_string()]);
        if let Some(parent) = base.commit() {
            git = git.args(["-p".to_owned(), parent.to_string()]);
        }
        if self.config_bool("commit.gpgsign")? == Some(true) {
            git = git.args(["-S"]);
        }
        let output = git.args(["-F", "-"]).input(message.as_bytes()).output()?;
        if !output.status.success() {
            return Err(refused("make the commit", &output).hint("`--no-commit` writes the files only"));
        }
        parse_id(&output.stdout).map(CommitId)
    }

    /// Makes a commit of `files` on top of `parent`, which no branch points to yet.
    ///
    /// Gives `None` when the parent has exactly these files already.
    pub fn commit_onto(
        &self,
        parent: &CommitId,
        files: &[(&ProjectPath, Option<&[u8]>)],
        message: &str,
    ) -> Result<Option<CommitId>> {
        let ready = Ready { base: Head::Detached { id: *parent }, uncommitted: Vec::new() };
        let prepared = self.prepare_commit(&CommitRequest { ready: &ready, message }, files)?;
        Ok(prepared.map(|prepared| prepared.id))
    }

    /// Moves the branch to the prepared commit, if nothing moved it since the checks.
    pub(in crate::store) fn advance(&self, prepared: &Prepared, lock: &ProjectLock) -> Result<()> {
        self.refuse_moved_head(prepared)?;
        let old = prepared.base.commit().map_or(Oid::ZERO_SHA1, |id| id.0).to_string();
        // Through HEAD, as `git commit` does it: its reflog gets the entry too.
        let arguments =
            ["--create-reflog", "-m", &format!("commit: {}", prepared.subject), "HEAD", &prepared.id.to_string(), &old];
        let output = Git::new(self, "update-ref").args(arguments).holding(lock.share()?).output()?;
        if output.status.success() {
            return Ok(());
        }
        self.refuse_moved_head(prepared)?;
        Err(refused("move the branch to the new commit", &output)
            .hint("another git command may be at work; run this again when it is done"))
    }

    fn refuse_moved_head(&self, prepared: &Prepared) -> Result<()> {
        let now = self.head()?;
        if now == prepared.base {
            return Ok(());
        }
        let show = |head: &Head| head.commit().map_or_else(|| "no commit".to_owned(), |id| id.short());
        Err(Error::failed(format!("HEAD moved from {} to {} in the meantime", show(&prepared.base), show(&now)))
            .hint("nothing was committed; run this again"))
    }

    /// Lets git collect garbage when enough of it has gathered, as `git commit` does; it decides that at once, and
    /// works in the background.
    pub(in crate::store) fn maintain(&self) {
        // Nothing depends on it: an old git without this subcommand, or a failure, changes nothing about the commit.
        let _not_needed = Git::new(self, "maintenance").args(["run", "--auto", "--quiet"]).output();
    }

    /// Whether the history of a ref has a commit.
    pub(in crate::store) fn has_in_history(&self, reference: &str, commit: &CommitId) -> Result<bool> {
        match self.repository.refname_to_id(reference) {
            Ok(tip) => self.contains(&CommitId(tip), commit),
            Err(error) if error.code() == git2::ErrorCode::NotFound => Ok(false),
            Err(error) => Err(unexpected(&format!("read `{reference}`"), error)),
        }
    }
}

fn parse_id(output: &[u8]) -> Result<Oid> {
    let text = String::from_utf8_lossy(output);
    Oid::from_str(text.trim())
        .map_err(|error| Error::failed("`git` printed something that is not an id").caused_by(error))
}
