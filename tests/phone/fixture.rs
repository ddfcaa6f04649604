//! A synced and committed project in a folder of its own, with a sandbox behind it and git's environment sealed.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use phone_dir::sandbox::{self, RunningSandbox, Sandbox, SandboxOptions};
use serde_json::Value;
use tempfile::TempDir;

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_phone-dir");
/// A number of both workspaces, bound to customer-service for inbound and outbound calls.
pub const LINE: &str = "+14155550101";

pub struct Project {
    pub folder: TempDir,
    pub sandbox: RunningSandbox,
}

impl Project {
    /// The sandbox's small account, synced and committed.
    pub fn synced() -> Self {
        Self::with(SandboxOptions::default())
    }

    pub fn with(options: SandboxOptions) -> Self {
        let project = Self { folder: TempDir::new().unwrap(), sandbox: Sandbox::start(options).unwrap() };
        project.git(&["init", "--quiet", "--initial-branch=main"]);
        for agent in sandbox::agent_folders() {
            project.write_json(&format!("{}/agent.json", agent.path), &serde_json::json!({"agent_name": agent.name}));
            for (workspace, id) in &agent.ids {
                project.write_json(&format!("{}/{workspace}.json", agent.path), &serde_json::json!({"agent_id": id}));
            }
        }
        project.done(&["init", "--quiet"]);
        project.done(&["sync", "--all", "--quiet"]);
        project.git(&["add", "."]);
        project.git(&["commit", "--quiet", "--message", "start"]);
        project.sandbox.clear_requests();
        project
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn write_json(&self, path: &str, value: &Value) {
        self.write(path, &serde_json::to_string_pretty(value).unwrap());
    }

    pub fn write(&self, path: &str, text: &str) {
        let path = self.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        command.args(words);
        self.seal(&mut command);
        command
    }

    fn seal(&self, command: &mut Command) {
        command.current_dir(self.path()).env_clear().envs(self.environment());
    }

    /// What the program and git see: the sandbox, and nothing of this machine's.
    pub fn environment(&self) -> Vec<(String, String)> {
        let nobody = self.path().join("../nobody");
        let time = "2026-03-01T12:00:00Z";
        let variables = [
            ("PATH", std::env::var("PATH").unwrap()),
            ("HOME", nobody.to_str().unwrap().to_owned()),
            ("GIT_CONFIG_GLOBAL", "/dev/null".to_owned()),
            ("GIT_CONFIG_NOSYSTEM", "1".to_owned()),
            ("PHONE_DIR_NOW", time.to_owned()),
        ];
        let mut variables: Vec<_> = variables.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        for who in ["AUTHOR", "COMMITTER"] {
            for (what, value) in [("NAME", "Ada"), ("EMAIL", "ada@example.com"), ("DATE", time)] {
                variables.push((format!("GIT_{who}_{what}"), value.to_owned()));
            }
        }
        variables.extend(sandbox::environment(&self.sandbox).into_iter().map(|(name, value)| (name.to_owned(), value)));
        variables
    }

    #[must_use]
    pub fn run(&self, words: &[&str]) -> Output {
        self.command(words).stdin(Stdio::null()).output().unwrap()
    }

    #[must_use]
    pub fn run_with_input(&self, words: &[&str], input: &str) -> Output {
        let mut child =
            self.command(words).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    }

    /// Runs a command that has to end well, and gives its standard output.
    pub fn done(&self, words: &[&str]) -> String {
        let output = self.run(words);
        assert!(output.status.success(), "{words:?}\n{}{}", stdout(&output), stderr(&output));
        stdout(&output)
    }

    /// Runs a command that has to end with `code`, and gives what it said on standard error.
    pub fn refused(&self, code: i32, words: &[&str]) -> String {
        let output = self.run(words);
        assert_eq!(output.status.code(), Some(code), "{words:?}\n{}{}", stdout(&output), stderr(&output));
        stderr(&output)
    }

    /// Runs a command with `--json`, whatever its end, and gives its code and its output.
    #[must_use]
    pub fn json(&self, words: &[&str]) -> (i32, Value) {
        let words: Vec<_> = words.iter().copied().chain(["--json"]).collect();
        let output = self.run(&words);
        let value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{error}\n{}{}", stdout(&output), stderr(&output)));
        (output.status.code().unwrap(), value)
    }

    pub fn git(&self, words: &[&str]) -> String {
        let mut command = Command::new("git");
        command.args(words);
        self.seal(&mut command);
        let output = command.output().unwrap();
        assert!(output.status.success(), "git {words:?}\n{}", stderr(&output));
        stdout(&output).trim_end().to_owned()
    }

    pub fn file(&self, path: &str) -> Value {
        serde_json::from_slice(&std::fs::read(self.path().join(path)).unwrap()).unwrap()
    }

    /// The assignment of a number; null where there is none.
    pub fn assignment(&self, workspace: &str, number: &str) -> Value {
        entry(&self.file(&format!("phone-numbers/{workspace}/assignments.json"))["assignments"], number)
    }

    /// The registry entry of a number; null where there is none.
    pub fn registered(&self, workspace: &str, number: &str) -> Value {
        entry(&self.file(&format!("phone-numbers/{workspace}/numbers.json"))["numbers"], number)
    }

    /// A list of every production number, and how many rows it has.
    pub fn everything(&self) -> (String, usize) {
        let file = self.file("phone-numbers/production/numbers.json");
        let numbers = file["numbers"].as_array().unwrap();
        let rows: String = numbers
            .iter()
            .map(|entry| format!("{},agents/survey@7\n", entry["phone_number"].as_str().unwrap()))
            .collect();
        (format!("phone_number,agent\n{rows}"), numbers.len())
    }

    /// `METHOD PATH` of every request since the sync, without queries.
    pub fn requests(&self) -> Vec<String> {
        let path = |path: &str| path.split('?').next().unwrap().to_owned();
        self.sandbox.requests().iter().map(|request| format!("{} {}", request.method, path(&request.path))).collect()
    }

    /// How many requests changed something.
    pub fn changes_sent(&self) -> usize {
        let changes = ["PATCH", "DELETE", "POST /import-phone-number"];
        self.requests().iter().filter(|request| changes.iter().any(|start| request.starts_with(start))).count()
    }

    pub fn commits(&self) -> usize {
        self.git(&["rev-list", "--count", "HEAD"]).parse().unwrap()
    }

    pub fn last_message(&self) -> String {
        self.git(&["log", "-1", "--format=%B"])
    }

    /// Asserts that nothing is left to commit, and that a sync finds the directory in step with Retell.
    pub fn assert_in_step(&self) {
        assert_eq!(self.git(&["status", "--porcelain", "phone-numbers"]), "");
        let (code, report) = self.json(&["sync", "--all"]);
        assert_eq!((code, &report["status"]), (0, &"unchanged".into()), "{report:#}");
    }
}

fn entry(list: &Value, number: &str) -> Value {
    list.as_array().unwrap().iter().find(|entry| entry["phone_number"] == number).cloned().unwrap_or_default()
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// The id of a folder's agent.
pub fn agent(workspace: &str, folder: &str) -> String {
    sandbox::agent_id(workspace, folder)
}
