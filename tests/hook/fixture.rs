//! A repository with a valid, empty directory; git knows nothing of the machine, and PATH begins with phone-dir.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

pub const DIRECTORY: &str = "phone-numbers/directory.json";
pub const STAGING: &str = "phone-numbers/staging/numbers.json";

/// A repository in a temporary folder.
pub struct Repository {
    // Removes the folder at the end.
    folder: TempDir,
    /// The top of the working tree.
    pub top: PathBuf,
    /// The project's root.
    pub root: PathBuf,
}

impl Repository {
    /// A repository without a commit and without a project.
    pub fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let base = folder.path().canonicalize().unwrap();
        for name in ["home", "bin", "project"] {
            fs::create_dir(base.join(name)).unwrap();
        }
        symlink(env!("CARGO_BIN_EXE_phone-dir"), base.join("bin/phone-dir")).unwrap();
        let top = base.join("project");
        let repository = Self { folder, root: top.clone(), top };
        repository.git(&["init", "-q", "-b", "main"]);
        repository
    }

    /// A repository whose first commit has a valid directory and a file that is none of ours; no hook yet.
    pub fn committed() -> Self {
        Self::empty().with_project("")
    }

    /// The same, with the project in a folder below the top.
    pub fn with_project(mut self, folder: &str) -> Self {
        self.root = self.top.join(folder);
        fs::create_dir_all(self.root.join("phone-numbers")).unwrap();
        self.phone_dir(&["init", "-q"]);
        fs::write(self.top.join("README.md"), "one\n").unwrap();
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", "first"]);
        self
    }

    /// The same, with the hook installed.
    pub fn hooked() -> Self {
        let repository = Self::committed();
        repository.phone_dir(&["hook", "install", "-q"]);
        repository
    }

    /// The folder around everything, for what must not lie in the repository.
    pub fn outside(&self) -> PathBuf {
        self.folder.path().canonicalize().unwrap()
    }

    /// Runs `program` at `place` with nothing of the machine's git in its environment.
    pub fn command(&self, program: &str, place: &Path) -> Command {
        let mut command = Command::new(program);
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy().into_owned();
            if name.starts_with("GIT_")
                || name.starts_with("PRE_COMMIT")
                || ["XDG_CONFIG_HOME", "CARGO_HOME"].contains(&name.as_str())
            {
                command.env_remove(name);
            }
        }
        let path = format!("{}:{}", self.outside().join("bin").display(), std::env::var("PATH").unwrap());
        command.current_dir(place).env("PATH", path).env("HOME", self.outside().join("home")).env("LC_ALL", "C");
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_EDITOR", "true");
        for role in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{role}_NAME"), "Test").env(format!("GIT_{role}_EMAIL"), "test@example.com");
        }
        command.env("PHONE_DIR_NOW", "2026-02-03T04:05:06Z").stdin(Stdio::null());
        command
    }

    #[must_use]
    pub fn try_git(&self, arguments: &[&str]) -> Output {
        self.command("git", &self.top).args(arguments).output().unwrap()
    }

    /// Runs git, which has to succeed.
    pub fn git(&self, arguments: &[&str]) -> String {
        succeeded(&self.try_git(arguments), arguments)
    }

    #[must_use]
    pub fn try_phone_dir(&self, arguments: &[&str]) -> Output {
        self.command("phone-dir", &self.root).args(arguments).output().unwrap()
    }

    /// Runs phone-dir, which has to succeed.
    pub fn phone_dir(&self, arguments: &[&str]) -> String {
        succeeded(&self.try_phone_dir(arguments), arguments)
    }

    pub fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let place = self.root.join(path);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, content).unwrap();
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root.join(path)).unwrap()
    }

    /// Changes the directory to one that is right; each `day` is another content.
    pub fn edit_well(&self, day: u8) {
        self.write(DIRECTORY, directory(day, 0));
    }

    /// Changes the directory to one whose count is wrong.
    pub fn edit_badly(&self, day: u8) {
        self.write(DIRECTORY, directory(day, 7));
    }

    pub fn head(&self) -> String {
        self.git(&["rev-parse", "HEAD"])
    }

    /// Commits, which has to be refused by the hook and to leave everything as it was.
    pub fn refused(&self, arguments: &[&str]) -> String {
        let picture = || [self.head(), self.git(&["status", "--porcelain"]), self.git(&["ls-files", "-s"])];
        let before = picture();
        let output = self.try_git(&[&["commit", "-q"], arguments].concat());
        let said = said(&output);
        assert!(!output.status.success(), "committed: {arguments:?}\n{said}");
        assert_eq!(before, picture(), "{arguments:?}\n{said}");
        said
    }

    /// Commits, which the hook has to let through.
    pub fn accepted(&self, arguments: &[&str]) {
        let before = self.head();
        self.git(&[&["commit", "-q"], arguments].concat());
        assert_ne!(before, self.head(), "{arguments:?}");
    }

    /// Where git keeps hooks unless it is told otherwise.
    pub fn hooks(&self) -> PathBuf {
        self.top.join(".git/hooks")
    }
}

/// The text of a directory without numbers.
fn directory(day: u8, total: u32) -> String {
    format!(
        r#"{{
  "version": "1.0.0",
  "last_updated": "2026-01-{day:02}T00:00:00Z",
  "numbers": {{}},
  "metadata": {{
    "total_numbers": {total},
    "by_workspace": {{
      "staging": 0,
      "production": 0
    }},
    "by_type": {{}},
    "by_provider": {{}},
    "assigned": 0,
    "unassigned": 0
  }}
}}
"#
    )
}

/// Writes a script with a mode.
pub fn script(place: &Path, text: &str, mode: u32) {
    fs::create_dir_all(place.parent().unwrap()).unwrap();
    fs::write(place, text).unwrap();
    fs::set_permissions(place, fs::Permissions::from_mode(mode)).unwrap();
}

/// Everything that a process said, on both streams.
pub fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn succeeded(output: &Output, arguments: &[&str]) -> String {
    assert!(output.status.success(), "{arguments:?} ended with {}\n{}", output.status, said(output));
    String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
}
