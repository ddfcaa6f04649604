//! A project in a sealed environment, with git, agents and a sandbox.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use assert_cmd::cargo::cargo_bin;
use phone_dir::sandbox::{self, Clock, RunningSandbox, Sandbox, SandboxOptions};
use serde_json::Value;
use tempfile::TempDir;

pub const DIRECTORY: &str = "phone-numbers/directory.json";
pub const NOW: &str = "2025-11-19T12:00:00Z";
pub const LATER: &str = "2025-11-20T12:00:00Z";

/// A folder to run the programs in; nothing of the machine but the PATH reaches them.
pub struct Place {
    // Removes everything at the end.
    _temporary: TempDir,
    pub home: PathBuf,
    pub root: PathBuf,
    pub variables: BTreeMap<String, String>,
}

impl Place {
    /// An empty folder, without git.
    pub fn empty() -> Self {
        let temporary = tempfile::tempdir().unwrap();
        let base = temporary.path().canonicalize().unwrap();
        let (home, root) = (base.join("home"), base.join("project"));
        fs::create_dir_all(&home).unwrap();
        fs::create_dir_all(&root).unwrap();
        let mut variables = BTreeMap::from([
            ("PATH", std::env::var("PATH").unwrap()),
            ("HOME", home.to_str().unwrap().to_owned()),
            ("GIT_CONFIG_GLOBAL", "/dev/null".to_owned()),
            ("GIT_CONFIG_NOSYSTEM", "1".to_owned()),
            ("LC_ALL", "C".to_owned()),
            ("PHONE_DIR_NOW", NOW.to_owned()),
        ]);
        for role in ["AUTHOR", "COMMITTER"] {
            let name = |what: &str| -> &'static str { format!("GIT_{role}_{what}").leak() };
            variables.insert(name("NAME"), "Test Author".to_owned());
            variables.insert(name("EMAIL"), "author@example.com".to_owned());
            variables.insert(name("DATE"), NOW.to_owned());
        }
        let variables = variables.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Self { _temporary: temporary, home, root, variables }
    }

    /// The same with a git repository.
    pub fn with_git() -> Self {
        let place = Self::empty();
        place.git(&["init", "--quiet", "--initial-branch=main", "--template="]);
        place
    }

    /// The same in another folder.
    pub fn copy(&self) -> Self {
        let mut place = Self::empty();
        let status = Command::new("cp").arg("-a").arg(self.root.join(".")).arg(&place.root).status().unwrap();
        assert!(status.success());
        let own = place.variables["HOME"].clone();
        place.variables.clone_from(&self.variables);
        place.set("HOME", own);
        place
    }

    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.variables.insert(name.to_owned(), value.into());
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    pub fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub fn write_bytes(&self, path: &str, bytes: &[u8]) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Replaces a text that has to be in the file.
    pub fn edit(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        assert!(text.contains(from), "`{from}` is not in {path}");
        self.write(path, &text.replacen(from, to, 1));
    }

    /// Every file below a folder with its bytes, by its path from the project's root; git's own are left out.
    pub fn files(&self, folder: &str) -> BTreeMap<String, Vec<u8>> {
        files_below(&self.root, &self.path(folder))
    }

    pub fn command(&self, program: impl AsRef<Path>, words: &[&str]) -> Command {
        let mut command = Command::new(program.as_ref());
        command.args(words).current_dir(&self.root).env_clear().envs(&self.variables).stdin(Stdio::null());
        command
    }

    /// Runs phone-dir.
    pub fn run(&self, words: &[&str]) -> Run {
        self.finish(words, &self.command(cargo_bin("phone-dir"), words).output().unwrap())
    }

    /// Runs phone-dir, which has to succeed, and gives what it printed.
    pub fn succeed(&self, words: &[&str]) -> String {
        let run = self.run(words);
        assert_eq!(run.code, 0, "{run}");
        run.stdout
    }

    /// Runs phone-dir with `--json` and reads what it printed, however it ended.
    pub fn json(&self, words: &[&str]) -> (i32, Value) {
        let run = self.run(&[words, &["--json"]].concat());
        let value = serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run}"));
        (run.code, value)
    }

    /// Runs git, which has to succeed.
    pub fn git(&self, words: &[&str]) -> String {
        let output = self.command("git", words).output().unwrap();
        assert!(output.status.success(), "git {words:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs a script of the shell, as a user's would be run, with both programs on the PATH.
    pub fn shell(&self, script: &str) -> Run {
        let programs = cargo_bin("retell");
        let path = format!("{}:{}", programs.parent().unwrap().display(), self.variables["PATH"]);
        let output = self.command("sh", &["-c", script]).env("PATH", path).output().unwrap();
        self.finish(&["sh"], &output)
    }

    pub fn commits(&self) -> usize {
        self.git(&["rev-list", "--count", "HEAD"]).trim().parse().unwrap()
    }

    pub fn finish(&self, words: &[&str], output: &Output) -> Run {
        let text =
            |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap().replace(self.root.to_str().unwrap(), "[project]");
        Run {
            words: words.join(" "),
            code: output.status.code().unwrap_or(-1),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
        }
    }
}

pub fn files_below(root: &Path, folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != ".git") {
                found.extend(files_below(root, &path));
            }
        } else {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            found.insert(name, fs::read(&path).unwrap());
        }
    }
    found
}

/// How a program ended, and what it printed: what nobody looks at may be anything.
#[must_use]
pub struct Run {
    pub words: String,
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl std::fmt::Display for Run {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(formatter, "$ phone-dir {}", self.words)?;
        writeln!(formatter, "exit code: {}", self.code)?;
        for (name, text) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if !text.is_empty() {
                write!(formatter, "--- {name}\n{text}")?;
            }
        }
        Ok(())
    }
}

/// A project of git whose providers are a sandbox.
pub struct Project {
    pub place: Place,
    pub sandbox: RunningSandbox,
}

impl std::ops::Deref for Project {
    type Target = Place;

    fn deref(&self) -> &Place {
        &self.place
    }
}

impl Project {
    /// With the sandbox's agents in their folders, and nothing else yet.
    pub fn new(options: SandboxOptions) -> Self {
        let clock = Clock::Stepping(NOW.parse().unwrap());
        let sandbox = Sandbox::start(SandboxOptions { clock, ..options }).unwrap();
        let mut place = Place::with_git();
        for (name, value) in sandbox::environment(&sandbox) {
            place.set(name, value);
        }
        write_agents(&place);
        Self { place, sandbox }
    }

    /// Initialised, synced and committed by hand, as a new user leaves it.
    pub fn synced() -> Self {
        Self::synced_with(SandboxOptions::default())
    }

    pub fn synced_with(options: SandboxOptions) -> Self {
        let mut project = Self::new(options);
        project.succeed(&["init", "--quiet"]);
        project.succeed(&["sync", "--all", "--quiet"]);
        project.git(&["add", "."]);
        project.git(&["commit", "--quiet", "--message", "Start the phone number directory"]);
        project.place.set("PHONE_DIR_NOW", LATER);
        project.sandbox.clear_requests();
        project
    }

    /// The same in another folder, with a sandbox of its own in which nobody has changed anything.
    pub fn copy(&self, options: SandboxOptions) -> Self {
        let clock = Clock::Stepping(NOW.parse().unwrap());
        let sandbox = Sandbox::start(SandboxOptions { clock, ..options }).unwrap();
        let mut place = self.place.copy();
        for (name, value) in sandbox::environment(&sandbox) {
            place.set(name, value);
        }
        Self { place, sandbox }
    }

    /// Adds a fault by its line.
    pub fn fault(&self, line: &str) {
        self.sandbox.add_fault(line.parse().unwrap());
    }

    /// The changes of a sync's JSON as `number kind workspace`.
    pub fn changes(report: &Value) -> Vec<String> {
        let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
        let changes = report["changes"].as_array().unwrap();
        let row = |change: &Value| {
            format!("{} {} {}", text(&change["phone_number"]), text(&change["kind"]), text(&change["workspace"]))
        };
        changes.iter().map(row).collect()
    }
}

/// Lays out the folders of the sandbox's agents, as the tool that owns them does.
pub fn write_agents(place: &Place) {
    for agent in sandbox::agent_folders() {
        place.write(&format!("{}/agent.json", agent.path), &format!("{{\"agent_name\": \"{}\"}}\n", agent.name));
        for (workspace, id) in &agent.ids {
            place.write(&format!("{}/{workspace}.json", agent.path), &format!("{{\"agent_id\": \"{id}\"}}\n"));
        }
    }
}

/// Lists how two states of a folder differ, for an assertion that says which files.
pub fn differences(before: &BTreeMap<String, Vec<u8>>, after: &BTreeMap<String, Vec<u8>>) -> String {
    let mut text = String::new();
    for path in before.keys().chain(after.keys().filter(|path| !before.contains_key(*path))) {
        match (before.get(path), after.get(path)) {
            (Some(_), None) => writeln!(text, "deleted {path}").unwrap(),
            (None, Some(_)) => writeln!(text, "added {path}").unwrap(),
            (old, new) if old != new => writeln!(text, "changed {path}").unwrap(),
            _ => {}
        }
    }
    text
}
