//! Completion in real shells: the scripts are sourced, the tab key is pressed, and the line is looked at.
//!
//! A shell that is not installed is skipped, with a line that says so; with `PHONE_DIR_SHELLS=required`, as CI sets it,
//! it is a failure.

#![cfg(unix)]
#![allow(clippy::unwrap_used)] // a failing test should stop where it fails

use std::path::Path;
use std::process::Command;

use crate::terminal::Terminal;
use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_phone-dir");
const NUMBERS: [&str; 2] = ["+14155550101", "+442079460113"];

/// A folder with a directory of two numbers, an agent and a tag.
fn project() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    let entries =
        NUMBERS.map(|number| format!("{number:?}: {{\"phone_number\": {number:?}, \"tags\": [\"night-shift\"]}}"));
    write(
        "phone-numbers/directory.json",
        &format!("{{\"version\": \"1.0.0\", \"numbers\": {{{}}}}}", entries.join(",")),
    );
    write("phone-numbers/staging/numbers.json", "{}");
    write("agents/sales-agent/agent.json", "{}");
    folder
}

fn environment(folder: &Path) -> Vec<(String, String)> {
    let own = Path::new(PROGRAM).parent().unwrap().to_str().unwrap();
    let path = format!("{own}:{}", std::env::var("PATH").unwrap());
    let home = folder.to_str().unwrap().to_owned();
    let variables = [("PATH", path), ("HOME", home), ("TERM", "dumb".to_owned()), ("LC_ALL", "C.UTF-8".to_owned())];
    variables.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn is_there(shell: &str) -> bool {
    let found = Command::new(shell).arg("--version").output().is_ok();
    assert!(
        found || std::env::var_os("PHONE_DIR_SHELLS").is_none_or(|value| value != "required"),
        "`{shell}` is not installed"
    );
    if !found {
        eprintln!("skipped: `{shell}` is not installed");
    }
    found
}

/// An interactive shell that was taught both programs' words.
fn taught(shell: &str, options: &[&str], folder: &Path, first: &str) -> Terminal {
    let mut terminal = Terminal::start(shell, options, folder, &environment(folder));
    terminal.press(&format!("PS1='> '; {first}\r"));
    for program in ["phone-dir", "retell"] {
        terminal.press(&format!("source <(phone-dir completions {shell} --for {program})\r"));
    }
    terminal.press("echo re''ady\r");
    terminal.wait_for("ready");
    terminal
}

/// Begins of lines, and what the tab key makes of them.
const LINES: [(&str, &str); 10] = [
    ("phone-dir agent-n", "agent-numbers "),
    ("phone-dir show +1415", "+14155550101"),
    ("phone-dir show 207946", "+442079460113"),
    ("phone-dir agent-numbers agents/s", "agents/sales-agent"),
    ("phone-dir list --workspace s", "staging"),
    ("phone-dir search --tag n", "night-shift"),
    ("phone-dir search --trunk n", "none"),
    ("retell phone-d", "phone-dir "),
    ("retell phone-dir show +44", "+442079460113"),
    ("retell phone update +1415", "+14155550101"),
];

/// Ctrl-U: nothing of the line is run.
const CLEAR_LINE: &str = "\u{15}";

/// Presses the tab key behind each beginning.
fn press_tab(mut terminal: Terminal) {
    // What takes the place of the typed word is drawn over it in every shell's own way.
    let grows = |line: &&(&str, &str)| line.1.starts_with(line.0.rsplit(' ').next().unwrap());
    for (position, (line, completed)) in LINES.iter().filter(grows).enumerate() {
        let (start, _) = line.rsplit_once(' ').unwrap();
        terminal.press(&format!("{line}\t"));
        terminal.wait_for(&format!("{start} {completed}"));
        terminal.press(CLEAR_LINE);
        terminal.press(&format!("echo ne''xt-{position}\r"));
        terminal.wait_for(&format!("next-{position}"));
        terminal.shown.clear();
    }
    terminal.press("exit\r");
    terminal.end();
}

#[test]
fn bash_completes_numbers_agents_workspaces_and_tags() {
    if is_there("bash") {
        let folder = project();
        press_tab(taught("bash", &["--norc", "--noprofile", "-i"], folder.path(), "bind 'set bell-style none'"));
    }
}

#[test]
fn zsh_completes_numbers_agents_workspaces_and_tags() {
    if is_there("zsh") {
        let folder = project();
        press_tab(taught("zsh", &["-f", "-i"], folder.path(), "autoload -U compinit; compinit -u; unsetopt prompt_sp"));
    }
}

#[test]
fn fish_completes_numbers_agents_workspaces_and_tags() {
    if !is_there("fish") {
        return;
    }
    let folder = project();
    for (line, completed) in LINES {
        let script = format!(
            "phone-dir completions fish | source; phone-dir completions fish --for retell | source; complete -C '{line}'"
        );
        let output = Command::new("fish")
            .args(["--no-config", "-c", &script])
            .current_dir(folder.path())
            .env_clear()
            .envs(environment(folder.path()))
            .output()
            .unwrap();
        let shown = String::from_utf8(output.stdout).unwrap();
        let words: Vec<_> = shown.lines().map(|line| line.split('\t').next().unwrap()).collect();
        assert!(words.contains(&completed.trim()), "{line}: {shown}{}", String::from_utf8_lossy(&output.stderr));
    }
}
