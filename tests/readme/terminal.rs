//! The reader's terminal: every `console` block of a page is run, in order, and compared with what stands there.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use assert_cmd::cargo::cargo_bin;
use phone_dir::sandbox::{self, Clock, RunningSandbox, Sandbox, SandboxOptions};
use tempfile::TempDir;

const NOW: &str = "2025-11-19T12:00:00Z";
pub const FENCE: &str = "```";

/// A folder that `cd` changes, the programs on the PATH, and a sandbox in another terminal.
pub struct Terminal {
    home: TempDir,
    folder: PathBuf,
    sandbox: RunningSandbox,
}

impl Terminal {
    pub fn open() -> Self {
        let home = tempfile::tempdir().unwrap();
        let clock = Clock::Stepping(NOW.parse().unwrap());
        let sandbox = Sandbox::start(SandboxOptions { clock, ..SandboxOptions::default() }).unwrap();
        Self { folder: home.path().canonicalize().unwrap(), home, sandbox }
    }

    /// Runs a line of the shell and gives both of its streams.
    pub fn run(&mut self, line: &str) -> String {
        if let Some(folder) = line.strip_prefix("cd ") {
            self.folder = self.folder.join(folder);
            assert!(self.folder.is_dir(), "`{line}`: there is no such folder");
            return String::new();
        }
        self.finish(line).1
    }

    /// The folder that the next command starts in.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Runs a program's line and gives its exit code and both of its streams.
    pub fn finish(&self, line: &str) -> (Option<i32>, String) {
        let output = self.shell(line).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        (output.status.code(), text.lines().fold(String::new(), |text, line| text + line.trim_end() + "\n"))
    }

    fn shell(&self, line: &str) -> Command {
        let programs = cargo_bin("phone-dir").parent().unwrap().to_owned();
        let path = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap());
        let mut command = Command::new("sh");
        command.args(["-c", &format!("{{ {line}\n}} 2>&1")]).current_dir(&self.folder).env_clear().stdin(Stdio::null());
        command.env("PATH", path).env("HOME", self.home.path()).env("LC_ALL", "C.UTF-8").env("PHONE_DIR_NOW", NOW);
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_PAGER", "cat");
        for role in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{role}_NAME"), "Ada").env(format!("GIT_{role}_EMAIL"), "ada@example.com");
            command.env(format!("GIT_{role}_DATE"), NOW);
        }
        command.envs(sandbox::environment(&self.sandbox));
        command
    }
}

/// Rewrites every console block with what its commands print.
pub fn with_real_output(text: &str, terminal: &mut Terminal) -> String {
    let mut written = String::new();
    let mut in_console = false;
    for line in text.lines() {
        if let Some(command) = line.strip_prefix("$ ").filter(|_| in_console) {
            writeln!(written, "{line}").unwrap();
            written.push_str(&terminal.run(command));
            continue;
        }
        let is_fence = line.starts_with(FENCE);
        if is_fence || !in_console {
            writeln!(written, "{line}").unwrap();
        }
        if is_fence {
            in_console = line == "```console";
        }
    }
    written
}

#[test]
fn a_block_that_says_something_else_is_seen() {
    let text = "```console\n$ echo one\ntwo\n```\nkept\n";
    assert_eq!(with_real_output(text, &mut Terminal::open()), "```console\n$ echo one\none\n```\nkept\n");
}
