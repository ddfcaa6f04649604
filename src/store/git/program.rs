//! Calls the `git` program, where only it knows the answer: its configuration, filters, signing and index.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::{Mutex, PoisonError};

use super::{FoundBy, GitRepository};
use crate::error::{Error, Result};
use crate::store::fault;

/// The variables by which git tells its hooks which repository and index they are in.
///
/// A child must not inherit them (the list is `git rev-parse --local-env-vars`), except those that carry
/// configuration: a user's `git -c user.name=…` is meant for the commits made below it.
const PLACES: [&str; 12] = [
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_GRAFT_FILE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_INTERNAL_SUPER_PREFIX",
    "GIT_NO_REPLACE_OBJECTS",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
];

/// How the names of variables begin that hold the providers' keys: none of git's business, nor of what git starts.
const KEYS: [&str; 2] = ["TWILIO_", "RETELL_"];

/// Further variables of this process that no git may see.
static WITHHELD: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// Keeps a variable that holds a secret from every git that is started from now on, and so from its hooks.
pub fn withhold(variable: &str) {
    WITHHELD.lock().unwrap_or_else(PoisonError::into_inner).insert(variable.to_owned());
}

fn withheld() -> Vec<OsString> {
    let named = WITHHELD.lock().unwrap_or_else(PoisonError::into_inner).iter().map(OsString::from).collect::<Vec<_>>();
    let is_key = |name: &OsString| KEYS.iter().any(|start| name.to_string_lossy().starts_with(start));
    std::env::vars_os().map(|(name, _)| name).filter(is_key).chain(named).collect()
}

/// The subcommands, of those called here, after which a repository may be another one.
const CHANGING: [&str; 10] = [
    "add",
    "checkout-index",
    "commit-tree",
    "fetch",
    "hash-object",
    "maintenance",
    "push",
    "read-tree",
    "update-index",
    "update-ref",
];

/// One call of `git` for a repository.
pub(super) struct Git<'a> {
    command: Command,
    subcommand: &'a str,
    settings: Vec<&'a str>,
    arguments: Vec<OsString>,
    input: Option<&'a [u8]>,
    held: Option<File>,
    knows_literal_paths: bool,
}

impl<'a> Git<'a> {
    /// Starts a call: `git --literal-pathspecs <subcommand>`.
    ///
    /// git looks for the repository itself, unless it told us: a repository that is named to git counts as trusted, and
    /// git then asks neither whose it is nor whether the user works in embedded bare repositories.
    pub(super) fn new(repository: &GitRepository, subcommand: &'a str) -> Self {
        let mut git = Self::anywhere(repository.workdir(), subcommand);
        let command = &mut git.command;
        command.env("GIT_INDEX_FILE", &repository.index_path);
        if repository.found == FoundBy::Named {
            command.env("GIT_DIR", absolute(repository)).env("GIT_WORK_TREE", repository.workdir());
        }
        git
    }

    /// Starts a call in a folder, whatever git finds there.
    pub(super) fn anywhere(folder: &Path, subcommand: &'a str) -> Self {
        let mut command = Command::new("git");
        for name in PLACES {
            command.env_remove(name);
        }
        for name in withheld() {
            command.env_remove(name);
        }
        command.current_dir(folder);
        Self {
            command,
            subcommand,
            settings: Vec::new(),
            arguments: Vec::new(),
            input: None,
            held: None,
            knows_literal_paths: true,
        }
    }

    /// Overrides one of git's settings for this call.
    pub(super) fn setting(mut self, setting: &'a str) -> Self {
        self.settings.push(setting);
        self
    }

    /// Keeps git from writing a refreshed index on the side.
    pub(super) fn without_locks(mut self) -> Self {
        self.command.env("GIT_OPTIONAL_LOCKS", "0");
        self
    }

    /// For a subcommand that refuses to be told that paths are no patterns: it takes them as they are where they begin with `./`.
    pub(super) fn without_literal_paths(mut self) -> Self {
        self.command.env("GIT_LITERAL_PATHSPECS", "0");
        self.knows_literal_paths = false;
        self
    }

    pub(super) fn args<S: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = S>) -> Self {
        self.arguments.extend(arguments.into_iter().map(|argument| argument.as_ref().to_owned()));
        self
    }

    /// Works on another index file than the repository's own.
    pub(super) fn index(mut self, path: &Path) -> Self {
        self.command.env("GIT_INDEX_FILE", path);
        self
    }

    /// Sets a variable of git's environment.
    pub(super) fn variable(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    pub(super) fn input(mut self, bytes: &'a [u8]) -> Self {
        self.input = Some(bytes);
        self
    }

    /// Lets git hold an open file for as long as it runs, in place of an input.
    pub(super) fn holding(mut self, file: File) -> Self {
        self.held = Some(file);
        self
    }

    /// Runs git to its end, whatever it answers.
    pub(super) fn output(mut self) -> Result<Output> {
        // A monitor only saves time, and it is a program that the repository names.
        self.command.args(self.knows_literal_paths.then_some("--literal-pathspecs"));
        self.command.args(["-c", "core.fsmonitor=false"]);
        for setting in &self.settings {
            self.command.args(["-c", setting]);
        }
        self.command.arg(self.subcommand).args(&self.arguments);
        self.command.stdin(match self.held.take() {
            Some(file) => Stdio::from(file),
            None if self.input.is_some() => Stdio::piped(),
            None => Stdio::null(),
        });
        let mut child = self.command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().map_err(not_started)?;
        if let (Some(mut pipe), Some(bytes)) = (child.stdin.take(), self.input) {
            match pipe.write_all(bytes) {
                // It ended early; its status and its own words say why.
                Err(error) if error.kind() == ErrorKind::BrokenPipe => {}
                other => other.map_err(|error| Error::failed("cannot talk to `git`").caused_by(error))?,
            }
        }
        let output =
            child.wait_with_output().map_err(|error| Error::failed("cannot talk to `git`").caused_by(error))?;
        if CHANGING.contains(&self.subcommand) {
            fault::reached("git", self.subcommand);
        }
        Ok(output)
    }

    /// Runs git and gives what it printed; a failure is an error that begins with `action` ("cannot …").
    pub(super) fn run(self, action: &str) -> Result<Vec<u8>> {
        let output = self.output()?;
        if output.status.success() { Ok(output.stdout) } else { Err(refused(action, &output)) }
    }
}

/// How git says that the disk is full.
pub(super) const NO_SPACE: [&str; 2] = ["No space left", "Out of diskspace"];

/// The error of a git that answered no, in git's words.
pub(super) fn refused(action: &str, output: &Output) -> Error {
    let words = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    let mut error = Error::failed(format!("cannot {action}"));
    if NO_SPACE.iter().any(|reason| words.contains(reason)) {
        error = error.hint("free some space, then run the command again");
    }
    if words.is_empty() {
        error.caused_by(format!("`git` ended with {}", output.status))
    } else {
        error.caused_by(words)
    }
}

pub(super) fn first_line(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).lines().next().unwrap_or_default().to_owned()
}

fn not_started(error: std::io::Error) -> Error {
    let failed = Error::failed("the `git` program cannot be started, and a commit needs it");
    failed.hint("install git, or write the files only with `--no-commit`").caused_by(error)
}

/// The git folder as an absolute path: in a hook git may have named it from its own working folder.
fn absolute(repository: &GitRepository) -> std::path::PathBuf {
    let folder = repository.git_folder();
    std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned())
}
