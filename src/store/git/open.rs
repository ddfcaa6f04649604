//! Opens the repository around a project, and explains the ones that cannot be opened.

use std::cell::{OnceCell, RefCell};
use std::env;
use std::path::{Path, PathBuf};
use std::sync::Once;

use git2::{Config, ErrorCode, Repository, RepositoryOpenFlags};

use super::program::{Git, first_line};
use super::special_files::refuse_in_git_folder;
use super::{FoundBy, GitRepository};
use crate::error::{Error, Result};
use crate::store::regular_file::{self, Links, MOST_TEXT};

pub(super) fn discover(root: &Path) -> Result<Option<GitRepository>> {
    trust_stored_objects();
    let root = root.canonicalize().map_err(|error| Error::io("find", root, error))?;
    refuse_in_git_folder(&root)?;
    // What git tells a hook holds for all of its variables together, or for none of them.
    let mut flags = RepositoryOpenFlags::FROM_ENV;
    if env::var_os("GIT_DIR").is_some() || env::var_os("GIT_INDEX_FILE").is_some() {
        if let Some(found) = from_environment(&root)? {
            return Ok(Some(found));
        }
        flags = RepositoryOpenFlags::empty();
    }
    match Repository::open_ext(&root, flags, std::iter::empty::<&Path>()) {
        Ok(repository) => {
            let found = by_looking(&repository, &root)?;
            place(repository, &root, found, None).map(Some)
        }
        Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
        Err(error) if error.code() == ErrorCode::Owner => {
            let repository = accepted_by_git(&root)?.ok_or_else(|| explain(&root, error))?;
            let found = by_looking(&repository, &root)?;
            place(repository, &root, found, None).map(Some)
        }
        Err(error) => Err(explain(&root, error)),
    }
}

/// A repository of another owner that git works in: libgit2 knows only some forms of `safe.directory`, and reads it in fewer places than
/// git, so git is asked. None where git does not work in it either.
fn accepted_by_git(root: &Path) -> Result<Option<Repository>> {
    let output = Git::anywhere(root, "rev-parse").args(["--absolute-git-dir", "--show-toplevel"]).output()?;
    let answer = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut lines = answer.lines();
    let (true, Some(git_folder), Some(top), None) = (output.status.success(), lines.next(), lines.next(), lines.next())
    else {
        return Ok(None);
    };
    // As a bare one it is opened without the question whose it is, which git has answered.
    let opened = Repository::open_bare(git_folder).and_then(|repository| {
        repository.set_workdir(Path::new(top), false)?;
        Ok(repository)
    });
    opened.map(Some).map_err(|error| explain(root, error))
}

/// How git itself comes to a repository that was found by looking.
///
/// Where the git folder is the `.git` of the working tree, git finds it in every call, by its own rules. Elsewhere it is
/// asked once: any contributor can commit a folder that is a bare repository, with hooks and configuration of its own, and
/// whether the user works in such is git's to say (`safe.bareRepository`).
fn by_looking(repository: &Repository, root: &Path) -> Result<FoundBy> {
    let git_folder = repository.path();
    let canonical = |place: &Path| place.canonicalize().map_err(|error| Error::io("find", place, error));
    let usual = repository.workdir().map(|workdir| workdir.join(".git")).filter(|place| place.is_dir());
    if let Some(place) = usual
        && canonical(&place)? == canonical(git_folder)?
    {
        return Ok(FoundBy::ByLooking);
    }
    let output = Git::anywhere(root, "rev-parse").args(["--absolute-git-dir"]).output()?;
    let answer = String::from_utf8_lossy(&output.stdout);
    let refusal = if !output.status.success() {
        first_line(&output)
    } else if canonical(Path::new(answer.trim_end_matches('\n')))? == canonical(git_folder)? {
        return Ok(FoundBy::Named);
    } else {
        format!("git finds `{}`, and `{}` is nearer", answer.trim_end(), git_folder.display())
    };
    Err(Error::cannot_tell(format!("git does not work in the repository around `{}`", root.display()))
        .hint("a repository inside of another one can hold programs that git would start; work in a clone of it")
        .caused_by(refusal))
}

/// Objects are not hashed again on every read: git itself does not do it, and it takes most of the time of a walk.
fn trust_stored_objects() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| git2::opts::strict_hash_verification(false));
}

/// The repository that git names to its hooks, if the project lies in it.
///
/// A hook may also run a command for a project elsewhere (`-C`); git's variables say nothing about that one.
fn from_environment(root: &Path) -> Result<Option<GitRepository>> {
    let repository = match Repository::open_from_env() {
        Ok(repository) => repository,
        Err(error) if error.code() == ErrorCode::NotFound => return Ok(None),
        Err(error) if error.code() == ErrorCode::Owner => accepted_by_git(root)?.ok_or_else(|| explain(root, error))?,
        Err(error) => return Err(explain(root, error)),
    };
    place_working_tree(&repository)?;
    let inside = repository
        .workdir()
        .and_then(|workdir| workdir.canonicalize().ok())
        .is_some_and(|workdir| root.starts_with(workdir));
    if !inside {
        return Ok(None);
    }
    let found = if env::var_os("GIT_DIR").is_some() { FoundBy::Named } else { by_looking(&repository, root)? };
    place(repository, root, found, env::var_os("GIT_INDEX_FILE").map(PathBuf::from)).map(Some)
}

/// git means `GIT_WORK_TREE` from the current folder (hooks get `.`), libgit2 from the git folder.
fn place_working_tree(repository: &Repository) -> Result<()> {
    let Some(named) = env::var_os("GIT_WORK_TREE").filter(|_| !repository.is_worktree()) else { return Ok(()) };
    let failed = |error| Error::io("find", Path::new(&named), error);
    let folder = Path::new(&named).canonicalize().map_err(failed)?;
    repository.set_workdir(&folder, false).map_err(|error| super::unexpected("use `GIT_WORK_TREE`", error))
}

fn place(repository: Repository, root: &Path, found: FoundBy, index: Option<PathBuf>) -> Result<GitRepository> {
    let Some(workdir) = repository.workdir() else {
        return Err(Error::cannot_tell(format!(
            "`{}` is a bare repository, without files",
            repository.path().display()
        ))
        .hint("make a working tree with `git worktree add DIR` and run phone-dir there"));
    };
    let workdir = workdir.canonicalize().map_err(|error| Error::io("find", workdir, error))?;
    let prefix = prefix(&workdir, root)?;
    let index_path = index.map_or_else(|| repository.path().join("index"), |path| beside(&workdir, path));
    let (packs, loose) = (OnceCell::new(), OnceCell::new());
    let unwanted = RefCell::default();
    let opened = GitRepository { repository, workdir, prefix, index_path, found, packs, loose, unwanted };
    opened.refuse_special_files()?;
    Ok(opened)
}

/// git's hooks start at the top of the working tree, and a relative index is named from there.
fn beside(workdir: &Path, index: PathBuf) -> PathBuf {
    if index.is_absolute() { index } else { workdir.join(index) }
}

fn prefix(workdir: &Path, root: &Path) -> Result<String> {
    let outside = || Error::failed(format!("`{}` is not in the working tree `{}`", root.display(), workdir.display()));
    let inner = root.strip_prefix(workdir).map_err(|_| outside())?;
    let mut prefix = String::new();
    for part in inner {
        let part = part.to_str().ok_or_else(|| Error::failed(format!("`{}` is not UTF-8", root.display())))?;
        prefix.push_str(part);
        prefix.push('/');
    }
    Ok(prefix)
}

/// Turns a failure to open into what is unusual about the repository, and what to do about it.
fn explain(root: &Path, error: git2::Error) -> Error {
    if error.code() == ErrorCode::Owner {
        return Error::cannot_tell(format!("the repository around `{}` belongs to somebody else", root.display()))
            .hint(format!(
                "if you trust it, run `git config --global --add safe.directory {}`",
                owner_root(root).display()
            ));
    }
    let extensions = extensions(root);
    let value = |name: &str| extensions.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    if let Some(format) = value("extensions.objectformat").filter(|format| *format != "sha1") {
        return Error::cannot_tell(format!(
            "this repository names its objects by `{format}`, which phone-dir cannot read yet"
        ))
        .hint("move the project to a repository made with `git init --object-format=sha1`");
    }
    if value("extensions.refstorage").is_some_and(|storage| storage != "files") {
        return Error::cannot_tell("this repository keeps its refs in a `reftable`, which phone-dir cannot read yet")
            .hint("run `git refs migrate --ref-format=files`");
    }
    if value("extensions.partialclone").is_some() {
        return Error::cannot_tell("this partial clone is marked in a way that phone-dir cannot read yet")
            .hint("run `git fetch --refetch --no-filter && git config --unset extensions.partialClone`");
    }
    let unknown = extensions.iter().find(|(name, _)| !KNOWN_EXTENSIONS.contains(&name.as_str()));
    if let Some((name, _)) = unknown {
        return Error::cannot_tell(format!("this repository uses `{name}`, which phone-dir cannot read yet"))
            .hint(format!("see what it is for with `git config --show-origin {name}`"));
    }
    Error::cannot_tell(format!("the git repository around `{}` cannot be opened", root.display()))
        .hint("run `git status` there: it says what is wrong with it")
        .caused_by(super::Words(error))
}

/// What libgit2 1.9 accepts.
const KNOWN_EXTENSIONS: [&str; 5] = [
    "extensions.noop",
    "extensions.objectformat",
    "extensions.preciousobjects",
    "extensions.relativeworktrees",
    "extensions.worktreeconfig",
];

fn extensions(root: &Path) -> Vec<(String, String)> {
    // An error while looking for an explanation leaves the general explanation.
    read_extensions(root).unwrap_or_default()
}

fn read_extensions(root: &Path) -> Result<Vec<(String, String)>, git2::Error> {
    let git = Repository::discover_path(root, std::iter::empty::<&Path>())?;
    let shared = regular_file::read_text(&git.join("commondir"), Links::Follow, MOST_TEXT)
        .map_or(git.clone(), |text| git.join(text.trim_end()));
    let config = Config::open(&shared.join("config"))?;
    let mut found = Vec::new();
    let mut entries = config.entries(Some("extensions.*"))?;
    while let Some(entry) = entries.next() {
        let entry = entry?;
        found.push((entry.name()?.to_owned(), entry.value().unwrap_or_default().to_ascii_lowercase()));
    }
    Ok(found)
}

/// The folder that `safe.directory` has to name.
fn owner_root(root: &Path) -> PathBuf {
    root.ancestors().find(|folder| folder.join(".git").exists()).unwrap_or(root).to_owned()
}
