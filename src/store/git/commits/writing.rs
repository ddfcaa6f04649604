//! Makes a commit of the project's own files on top of HEAD, whatever else is staged.

use git2::build::TreeUpdateBuilder;
use git2::{FileMode, Oid, Tree};

use super::{GitCommits, Head};
use crate::error::{Error, Result};
use crate::model::paths::is_never_committed;
use crate::store::fault;
use crate::store::git::index::{BranchMove, IndexUpdate};
use crate::store::git::preflight::Ready;
use crate::store::git::program::{Git, refused};
use crate::store::git::{CommitId, parse_id, unexpected};
use crate::store::lock::ProjectLock;
use crate::store::path::ProjectPath;

#[derive(Clone, Debug)]
pub struct CommitRequest<'a> {
    /// The checks that were made, and the commit that they were made on.
    pub ready: &'a Ready,
    /// The whole message: subject, body, trailers.
    pub message: &'a str,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Committed {
    pub id: CommitId,
    /// The files that it changed, sorted.
    pub files: Vec<ProjectPath>,
}

/// A commit object that no branch points to yet.
#[derive(Clone, Debug)]
pub(in crate::store) struct PreparedCommit {
    pub base: Head,
    pub id: CommitId,
    pub entries: Vec<IndexUpdate>,
    subject: String,
}

impl<'r> GitCommits<'r> {
    /// Stores `files` (`None` deletes) on top of the commit that was checked, and makes the commit object.
    ///
    /// Gives `None` when that commit has exactly these files already.
    pub(in crate::store) fn prepare_commit(
        self,
        request: &CommitRequest<'_>,
        files: &[(&ProjectPath, Option<&[u8]>)],
    ) -> Result<Option<PreparedCommit>> {
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
        Ok(Some(PreparedCommit { base: base.clone(), id, entries, subject }))
    }

    fn base_tree(self, base: &Head) -> Result<Tree<'r>> {
        if let Some(commit) = base.commit() {
            return self.git.objects().root_tree(&commit);
        }
        let empty = || self.git.repository.treebuilder(None)?.write();
        let id = empty().map_err(|error| unexpected("store an empty tree", error))?;
        self.git.objects().tree(id)
    }

    /// The entry for a file, or `None` when the tree has it already.
    fn entry(self, before: &Tree<'_>, path: &ProjectPath, bytes: Option<&[u8]>) -> Result<Option<IndexUpdate>> {
        let full = self.git.path_in_git(path);
        let earlier = self.git.objects().earlier(before, &full)?;
        let stored = match bytes {
            Some(bytes) => Some((earlier.map_or(0o100_644, |(mode, _)| mode), self.git.objects().store(&full, bytes)?)),
            None => None,
        };
        Ok((stored != earlier).then_some(IndexUpdate { path: full, stored }))
    }

    fn updated_tree(self, before: &Tree<'_>, entries: &[IndexUpdate]) -> Result<Oid> {
        let mut builder = TreeUpdateBuilder::new();
        for entry in entries {
            match entry.stored {
                Some((0o100_755, id)) => builder.upsert(entry.path.as_str(), id, FileMode::BlobExecutable),
                Some((_, id)) => builder.upsert(entry.path.as_str(), id, FileMode::Blob),
                None => builder.remove(entry.path.as_str()),
            };
        }
        builder.create_updated(&self.git.repository, before).map_err(|error| unexpected("store the new tree", error))
    }

    /// Author, committer, encoding and signature are git's own business, so git writes the object.
    fn commit_object(self, base: &Head, tree: Oid, message: &str) -> Result<CommitId> {
        let mut git = Git::new(self.git, "commit-tree").setting("i18n.commitEncoding=UTF-8").args([tree.to_string()]);
        if let Some(parent) = base.commit() {
            git = git.args(["-p".to_owned(), parent.to_string()]);
        }
        if self.git.configuration().config_bool("commit.gpgsign")? == Some(true) {
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
        self,
        parent: &CommitId,
        files: &[(&ProjectPath, Option<&[u8]>)],
        message: &str,
    ) -> Result<Option<CommitId>> {
        let ready = Ready { base: Head::Detached { id: *parent }, uncommitted: Vec::new() };
        let prepared = self.prepare_commit(&CommitRequest { ready: &ready, message }, files)?;
        Ok(prepared.map(|prepared| prepared.id))
    }

    /// Moves the branch to the prepared commit, if nothing moved it since the checks.
    pub(in crate::store) fn advance(self, prepared: &PreparedCommit, lock: &ProjectLock) -> Result<()> {
        self.refuse_moved_head(prepared)?;
        let old = prepared.base.commit().map_or(Oid::ZERO_SHA1, |id| id.0).to_string();
        // Through HEAD, as `git commit` does it: its reflog gets the entry too.
        let arguments =
            ["--create-reflog", "-m", &format!("commit: {}", prepared.subject), "HEAD", &prepared.id.to_string(), &old];
        let output = Git::new(self.git, "update-ref").args(arguments).holding(lock.share()?).output()?;
        if output.status.success() {
            return Ok(());
        }
        self.refuse_moved_head(prepared)?;
        Err(refused("move the branch to the new commit", &output)
            .hint("another git command may be at work; run this again when it is done"))
    }

    fn refuse_moved_head(self, prepared: &PreparedCommit) -> Result<()> {
        let now = self.head()?;
        if now == prepared.base {
            return Ok(());
        }
        let show = |head: &Head| head.commit().map_or_else(|| "no commit".to_owned(), |id| id.short());
        Err(Error::failed(format!("HEAD moved from {} to {} in the meantime", show(&prepared.base), show(&now)))
            .hint("nothing was committed; run this again"))
    }

    /// Whether the history of a ref has a commit.
    pub(in crate::store) fn has_in_history(self, reference: &str, commit: &CommitId) -> Result<bool> {
        match self.git.repository.refname_to_id(reference) {
            Ok(tip) => self.contains(&CommitId(tip), commit),
            Err(error) if error.code() == git2::ErrorCode::NotFound => Ok(false),
            Err(error) => Err(unexpected(&format!("read `{reference}`"), error)),
        }
    }

    /// BranchMoves the branch, if it is still where the move begins.
    pub(in crate::store) fn move_head(self, way: BranchMove, lock: &ProjectLock) -> Result<()> {
        let arguments = ["-m", "phone-dir: sync --push", "HEAD", &way.to.to_string(), &way.from.to_string()];
        let output = Git::new(self.git, "update-ref").args(arguments).holding(lock.share()?).output()?;
        if output.status.success() {
            return Ok(());
        }
        Err(refused("move the branch", &output).hint("another git command may be at work; run this again"))
    }
}
