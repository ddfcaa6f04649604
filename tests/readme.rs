//! The README shows what the programs print: every `console` block is run, in order, and compared.
//!
//! `UPDATE_README=1 cargo test --test end_to_end readme::` writes what is printed now. A block's lines that begin with `$ ` are
//! commands of the shell; what follows each is its output, both streams together. All blocks share one folder, one
//! sandbox and one fixed clock, in the folder where `phone-dir demo` has run. What stands between `<!-- NAME -->` and
//! `<!-- /NAME -->` comes from the program as well.

#![cfg(unix)]
#![allow(clippy::unwrap_used)] // a failing test should stop where it fails

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use assert_cmd::cargo::cargo_bin;
use clap::CommandFactory;
use phone_dir::cli::Cli;
use phone_dir::reconcile::rails::COVERED;
use phone_dir::sandbox::{self, Clock, FAULT_KINDS, RunningSandbox, Sandbox, SandboxOptions};
use phone_dir::validate::RULES;
use tempfile::TempDir;

const NOW: &str = "2025-11-19T12:00:00Z";
const FENCE: &str = "```";

/// The reader's terminal: a folder that `cd` changes, the programs on the PATH, a sandbox in another terminal.
struct Terminal {
    home: TempDir,
    folder: PathBuf,
    sandbox: RunningSandbox,
}

impl Terminal {
    fn open() -> Self {
        let home = tempfile::tempdir().unwrap();
        let clock = Clock::Stepping(NOW.parse().unwrap());
        let sandbox = Sandbox::start(SandboxOptions { clock, ..SandboxOptions::default() }).unwrap();
        Self { folder: home.path().canonicalize().unwrap(), home, sandbox }
    }

    /// Runs a line of the shell and gives both of its streams.
    fn run(&mut self, line: &str) -> String {
        if let Some(folder) = line.strip_prefix("cd ") {
            self.folder = self.folder.join(folder);
            assert!(self.folder.is_dir(), "`{line}`: there is no such folder");
            return String::new();
        }
        let output = self.shell(line).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines().fold(String::new(), |text, line| text + line.trim_end() + "\n")
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
fn with_real_output(text: &str, terminal: &mut Terminal) -> String {
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

/// Replaces what stands between the two marks of a name.
fn with_section(text: &str, name: &str, content: &str) -> String {
    let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let (before, rest) = text.split_once(&begin).unwrap_or_else(|| panic!("the README has no `{begin}`"));
    let (_, after) = rest.split_once(&end).unwrap_or_else(|| panic!("the README has no `{end}`"));
    format!("{before}{begin}\n{content}\n{end}{after}")
}

/// A table cell: what GitHub's Markdown would read as something else is kept as text.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "&lt;")
}

fn commands() -> String {
    let mut table = "| Command | |\n| --- | --- |\n".to_owned();
    let cli = Cli::command();
    for command in cli.get_subcommands() {
        let about = command.get_about().map(ToString::to_string).unwrap_or_default();
        writeln!(table, "| `{}` | {} |", command.get_name(), cell(&about)).unwrap();
    }
    table
}

fn rules() -> String {
    let mut table = "| Rule | | |\n| --- | --- | --- |\n".to_owned();
    for rule in RULES {
        writeln!(table, "| `{}` | {} | {} |", rule.code, rule.severity, cell(rule.summary)).unwrap();
    }
    table
}

fn rails() -> String {
    let mut table =
        "| A sync is refused that would leave | Flag | Share in `[rails]` |\n| --- | --- | --- |\n".to_owned();
    for rail in COVERED {
        let setting = rail.setting.map_or_else(|| "–".to_owned(), |name| format!("`{name}`"));
        writeln!(table, "| {} | `{}` | {setting} |", cell(rail.what), rail.flag).unwrap();
    }
    table
}

fn faults() -> String {
    let mut table = "| Fault | |\n| --- | --- |\n".to_owned();
    for (kind, effect) in FAULT_KINDS {
        writeln!(table, "| `{kind}` | {} |", cell(effect)).unwrap();
    }
    table
}

#[test]
fn the_readme_shows_what_the_program_prints() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let text = fs::read_to_string(&path).unwrap();
    let mut terminal = Terminal::open();
    let demo = format!("{FENCE}text\n{}{FENCE}\n", terminal.run("phone-dir demo").trim_start());
    let mut real = with_real_output(&text, &mut terminal);
    let tables = [("commands", commands()), ("rails", rails()), ("rules", rules()), ("faults", faults())];
    for (name, content) in tables.into_iter().chain([("demo", demo)]) {
        real = with_section(&real, name, &content);
    }
    if std::env::var_os("UPDATE_README").is_some() {
        fs::write(&path, real).unwrap();
        return;
    }
    for (number, (written, real)) in (1..).zip(text.lines().zip(real.lines())) {
        assert_eq!(written, real, "README.md:{number} is not what is printed; `UPDATE_README=1` writes it anew");
    }
    assert_eq!(text, real, "the README ends too early or too late; `UPDATE_README=1` writes it anew");
}

#[test]
fn a_block_that_says_something_else_is_seen() {
    let text = "```console\n$ echo one\ntwo\n```\nkept\n";
    assert_eq!(with_real_output(text, &mut Terminal::open()), "```console\n$ echo one\none\n```\nkept\n");
}
