//! A project in a temporary folder, and git without any configuration but its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use phone_dir::store::git::{CommitRequest, Committed, GitRepository, Uncommitted};
use phone_dir::store::project::Project;
use phone_dir::store::transaction::{FileChange, Transaction};
use tempfile::TempDir;

pub const DIRECTORY: &str = "phone-numbers/directory.json";
pub const STAGING: &str = "phone-numbers/staging/numbers.json";

/// Everything by which git could learn of the machine that the tests run on.
pub fn seal(command: &mut Command, home: &Path) {
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("GIT_") || name == "EMAIL" || name == "XDG_CONFIG_HOME" {
            command.env_remove(name);
        }
    }
    command.env("XDG_STATE_HOME", state_home());
    command.env("HOME", home).env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1").env("LC_ALL", "C");
}

/// Where this very process keeps the state of projects outside of git, so that another one finds it there.
pub fn state_home() -> PathBuf {
    let set = std::env::var_os("XDG_STATE_HOME").map(PathBuf::from).filter(|place| place.is_absolute());
    set.unwrap_or_else(|| std::env::home_dir().unwrap().join(".local/state"))
}

/// A folder with a git repository and a project in it.
pub struct Fixture {
    // Removes the folder at the end.
    _folder: TempDir,
    home: PathBuf,
    top: PathBuf,
    pub root: PathBuf,
}

impl Fixture {
    /// A folder without git.
    pub fn plain() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let base = folder.path().canonicalize().unwrap();
        let (home, top) = (base.join("home"), base.join("project"));
        fs::create_dir_all(&home).unwrap();
        fs::create_dir_all(&top).unwrap();
        Self { _folder: folder, home, root: top.clone(), top }
    }

    /// A repository without a commit.
    pub fn unborn() -> Self {
        Self::plain().with_git(&[])
    }

    /// A repository whose first commit has a directory, an agent and a file that is none of ours.
    pub fn committed() -> Self {
        let fixture = Self::unborn();
        fixture.write(DIRECTORY, "{\"v\": 1}\n");
        fixture.write(STAGING, "[1]\n");
        fixture.write("agents/sales/staging.json", "{}\n");
        fixture.write("README.md", "one\n");
        fixture.commit_all("first");
        fixture
    }

    /// A repository whose project is a folder inside it.
    pub fn in_subfolder() -> Self {
        let mut fixture = Self::unborn();
        fixture.root = fixture.top.join("apps/voice");
        fixture.write(DIRECTORY, "{\"v\": 1}\n");
        fixture.write(STAGING, "[1]\n");
        fs::write(fixture.top.join("workspaces.json"), "outside").unwrap();
        fixture.commit_all("first");
        fixture
    }

    pub fn with_git(self, options: &[&str]) -> Self {
        self.git(&[&["init", "-q", "-b", "main"], options].concat());
        for (name, value) in [
            ("user.name", "Test Author"),
            ("user.email", "author@example.com"),
            ("commit.gpgsign", "false"),
            ("core.autocrlf", "false"),
            ("core.hooksPath", ".git/hooks"),
        ] {
            self.git(&["config", name, value]);
        }
        self
    }

    /// The top of git's working tree.
    pub fn top(&self) -> &Path {
        &self.top
    }

    pub fn home(&self) -> &Path {
        &self.home
    }

    pub fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let place = self.root.join(path);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, content).unwrap();
    }

    pub fn read(&self, path: &str) -> Option<String> {
        fs::read_to_string(self.root.join(path)).ok()
    }

    #[must_use]
    pub fn try_git(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new("git");
        seal(&mut command, &self.home);
        command.args(arguments).current_dir(&self.top).output().unwrap()
    }

    /// Runs git and gives what it printed.
    pub fn git(&self, arguments: &[&str]) -> String {
        let output = self.try_git(arguments);
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
    }

    /// Runs git, which has to stop at a conflict.
    pub fn stops(&self, arguments: &[&str]) {
        let output = self.try_git(arguments);
        assert_eq!(output.status.code(), Some(1), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    pub fn commit_all(&self, message: &str) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", message]);
    }

    pub fn project(&self) -> Project {
        Project::find(&self.root).unwrap()
    }

    pub fn repository(&self) -> GitRepository {
        GitRepository::discover(&self.root).unwrap().unwrap()
    }

    /// Writes and commits as a command would.
    pub fn change(&self, changes: &[FileChange]) -> phone_dir::error::Result<Option<Committed>> {
        let mut transaction = Transaction::begin(&self.project())?;
        let repository = self.repository();
        let ready = repository.preflight(Uncommitted::Refuse)?;
        transaction.write_and_commit(changes, &repository, &request(&ready))
    }

    /// What git knows of every path: entries with flags, and the differences of index and working tree.
    pub fn picture(&self, pathspec: &[&str]) -> String {
        let ask = |arguments: &[&str]| self.git(&[arguments, &["--"], pathspec].concat());
        [
            ask(&["ls-files", "-s", "-v", "-t"]),
            ask(&["diff", "--cached", "--binary"]),
            ask(&["diff", "--binary"]),
            ask(&["status", "--porcelain", "--untracked-files=all"]),
        ]
        .join("\n---\n")
    }
}

pub fn request(ready: &phone_dir::store::git::Ready) -> CommitRequest<'_> {
    CommitRequest {
        ready,
        message: "phone-dir: sync staging (1 reassigned)\n\n+14155550123 reassigned\n\nPhone-Dir-Source: sync\n",
    }
}

pub fn write(path: &str, content: &str) -> FileChange {
    FileChange::write(path, content.to_owned()).unwrap()
}

pub fn remove(path: &str) -> FileChange {
    FileChange::remove(path).unwrap()
}
