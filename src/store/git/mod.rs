//! A project's git repository. [`GitRepository`] is the handle: it is opened once, and gives the five things that git is.
//!
//! - [`GitObjects`]: contents and folders by their ids, and what a commit's folders hold of a project.
//! - [`GitCommits`]: HEAD, what revisions mean, walks, and making a commit.
//! - [`GitIndex`]: what is staged, edited or in conflict, and changing it under git's lock.
//! - [`GitRemote`]: fetching and pushing.
//! - [`GitConfiguration`]: settings, attributes, ignore rules, and from where hooks run.
//!
//! Objects are read and written through libgit2, but for the contents in packs. Where git's configuration, filters, signing
//! or locking decide the outcome, the `git` program does the work (`program.rs`), because libgit2 ignores parts of each.

mod commits;
mod configuration;
mod index;
mod locked_file;
mod objects;
mod open;
mod preflight;
mod program;
mod question;
mod remote;
mod special_files;

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use git2::{Oid, Repository};

pub use self::commits::{
    CommitRequest, Committed, GitCommits, Head, Header, LinePosition, Parents, Walk, WalkedCommit, WalkedFiles,
};
pub use self::configuration::{ConfigChange, GitConfiguration, user_setting};
pub use self::index::{Absence, GitIndex, IgnoringRule, MergeFiles, Stages, merge_by_lines};
pub(in crate::store) use self::index::{BranchMove, IndexUpdate};
pub(in crate::store) use self::locked_file::LockedFile;
pub use self::objects::{GitObjects, KnownTrees, ReaderAhead, StoredFile, StoredKind};
use self::objects::{LooseContents, Packs};
pub use self::preflight::{Ready, Uncommitted};
pub use self::program::withhold;
pub(in crate::store) use self::remote::release_fetch_lock;
pub use self::remote::{GitRemote, Prompting, Pushed, Upstream};
use super::fault;
use super::path::ProjectPath;
use crate::error::{Error, Result};

/// What brings the part of the history that a shallow clone left out.
pub const UNSHALLOW: &str = "bring the rest with `git fetch --unshallow` (in CI: `fetch-depth: 0`)";

/// The repository that a project lies in. The project may be a folder inside it; paths are from the project's root.
pub struct GitRepository {
    repository: Repository,
    /// The root of the working tree, free of links.
    workdir: PathBuf,
    /// The project's root from there: empty, or ending in `/`.
    prefix: String,
    /// The index in force, which in a hook is not `.git/index`.
    index_path: PathBuf,
    found: FoundBy,
    /// Its packs, from the first content that is read.
    packs: OnceCell<RefCell<Packs>>,
    /// The reader of what is in none, from the first such content.
    loose: OnceCell<RefCell<LooseContents>>,
    /// What no commit may hold below each tree that was looked at.
    unwanted: RefCell<HashMap<Oid, Rc<[String]>>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum FoundBy {
    /// By looking from the top of the working tree.
    ByLooking,
    /// It is named to git: by git or the user in the environment, or because git was asked about it.
    Named,
}

impl GitRepository {
    /// Opens the repository around a project's `root`; `None` when there is none.
    ///
    /// In a hook this is the repository and the index that git names in the environment. What cannot be read
    /// (SHA-256, reftable, another owner, bare) is an error with exit code 3 and the command that helps.
    pub fn discover(root: &Path) -> Result<Option<Self>> {
        fault::opened("repository", root);
        open::discover(root)
    }

    /// The same repository, seen from another project in it: a folder from the top of the working tree, ending in
    /// `/`, or empty. The folder need not exist on disk.
    pub fn of_project(self, root: &str) -> Result<Self> {
        if !root.is_empty() {
            ProjectPath::parse(root.strip_suffix('/').unwrap_or(root))?;
        }
        let project = Self { prefix: root.to_owned(), ..self };
        project.refuse_special_files()?;
        Ok(project)
    }

    pub fn objects(&self) -> GitObjects<'_> {
        GitObjects { git: self }
    }

    pub fn commits(&self) -> GitCommits<'_> {
        GitCommits { git: self }
    }

    /// What is staged, and what is edited.
    pub fn index(&self) -> GitIndex<'_> {
        GitIndex { git: self }
    }

    pub fn remote(&self) -> GitRemote<'_> {
        GitRemote { git: self }
    }

    /// Settings, attributes, ignore rules.
    pub fn configuration(&self) -> GitConfiguration<'_> {
        GitConfiguration { git: self }
    }

    /// The root of git's working tree.
    pub fn workdir(&self) -> &Path {
        &self.workdir
    }

    /// This working tree's own git folder.
    pub fn git_folder(&self) -> &Path {
        self.repository.path()
    }

    /// The git folder that all working trees of the repository share.
    pub fn shared_folder(&self) -> &Path {
        self.repository.commondir()
    }

    /// The project's root from the root of the working tree: empty, or ending in `/`.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// A path as git has it: from the root of the working tree.
    pub fn path_in_git(&self, path: &ProjectPath) -> String {
        format!("{}{path}", self.prefix)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CommitId(pub(super) Oid);

impl CommitId {
    /// Parses 40 hexadecimal digits.
    pub fn parse(text: &str) -> Result<Self> {
        match Oid::from_str(text) {
            Ok(id) if text.len() == 40 => Ok(Self(id)),
            _ => Err(Error::failed(format!("`{}` is not a full commit id", text.escape_debug()))),
        }
    }

    /// The first 10 digits, for people.
    pub fn short(&self) -> String {
        let mut text = self.to_string();
        text.truncate(10);
        text
    }
}

impl fmt::Display for CommitId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// The id of a file's stored content: equal ids mean equal bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContentId(pub(super) Oid);

impl ContentId {
    pub fn bytes(self) -> [u8; 20] {
        self.0.as_bytes().try_into().unwrap_or_default()
    }
}

/// What libgit2 says, without the classes and codes that mean something to programmers only.
#[derive(Debug)]
struct Words(git2::Error);

impl fmt::Display for Words {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0.message())
    }
}

impl std::error::Error for Words {}

/// An error that has no better explanation than libgit2's own.
fn unexpected(action: &str, error: git2::Error) -> Error {
    Error::failed(format!("cannot {action}")).caused_by(Words(error))
}

fn parse_id(output: &[u8]) -> Result<Oid> {
    let text = String::from_utf8_lossy(output);
    Oid::from_str(text.trim())
        .map_err(|error| Error::failed("`git` printed something that is not an id").caused_by(error))
}
