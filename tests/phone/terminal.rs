//! What happens on a terminal: the question, the answer, and Ctrl-C. A real pseudo-terminal, so unix only.

#![cfg(unix)]

use std::io::{Read, Write};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use phone_dir::sandbox::SandboxOptions;
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

use crate::fixture::{LINE, PROGRAM, Project, agent};

const LIST: &str = "phone_number,workspace,agent\n\
    +14155550101,production,agents/survey\n\
    +14155550104,production,agents/survey\n";
/// After so long without the awaited text, a test fails.
const PATIENCE: Duration = Duration::from_secs(60);

/// The program on a terminal of its own.
struct Terminal {
    child: Box<dyn Child + Send + Sync>,
    keyboard: Box<dyn Write + Send>,
    output: Receiver<Vec<u8>>,
    shown: String,
    _screen: Box<dyn MasterPty + Send>,
}

impl Terminal {
    fn of(project: &Project, words: &[&str]) -> Self {
        let size = PtySize { rows: 24, cols: 80, ..PtySize::default() };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(PROGRAM);
        command.args(words);
        command.cwd(project.path());
        command.env_clear();
        for (name, value) in project.environment() {
            command.env(name, value);
        }
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let (sender, output) = channel();
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            // A terminal that nobody holds any more ends with an error.
            while let Ok(count @ 1..) = reader.read(&mut bytes) {
                if sender.send(bytes[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        let keyboard = pair.master.take_writer().unwrap();
        Self { child, keyboard, output, shown: String::new(), _screen: pair.master }
    }

    fn wait_for(&mut self, text: &str) {
        let end = Instant::now() + PATIENCE;
        while !self.shown.contains(text) {
            let left = end.saturating_duration_since(Instant::now());
            let bytes = self.output.recv_timeout(left).unwrap_or_else(|_| panic!("no `{text}` in\n{}", self.shown));
            self.shown.push_str(&String::from_utf8_lossy(&bytes));
        }
    }

    fn press(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).unwrap();
        self.keyboard.flush().unwrap();
    }

    /// Waits for the end, and gives the exit code and everything that was shown.
    fn end(mut self) -> (u32, String) {
        let status = self.child.wait().unwrap();
        while let Ok(bytes) = self.output.recv_timeout(PATIENCE) {
            self.shown.push_str(&String::from_utf8_lossy(&bytes));
        }
        (status.exit_code(), self.shown)
    }
}

fn asked(project: &Project) -> Terminal {
    project.write("list.csv", LIST);
    let mut terminal = Terminal::of(project, &["bulk-assign", "list.csv"]);
    terminal.wait_for("Make these changes? [y/N] ");
    assert!(terminal.shown.contains("Would change: 2 reassigned"), "{}", terminal.shown);
    assert_eq!(project.changes_sent(), 0, "nothing is sent before the answer");
    terminal
}

#[test]
fn a_yes_makes_the_changes_that_were_shown() {
    let project = Project::synced();
    let commits = project.commits();
    let mut terminal = asked(&project);
    terminal.press("y\r");
    let (code, shown) = terminal.end();
    assert!(code == 0 && shown.contains("Changed: 2 reassigned"), "{shown}");
    assert_eq!((project.changes_sent(), project.commits()), (2, commits + 1));
    assert_eq!(project.assignment("production", LINE)["agent_id"], agent("production", "survey"));
}

#[test]
fn anything_but_a_yes_changes_nothing() {
    for keys in ["n\r", "\r", "yess\r", "\u{4}"] {
        let project = Project::synced();
        let commits = project.commits();
        let mut terminal = asked(&project);
        terminal.press(keys);
        let (code, shown) = terminal.end();
        assert!(code == 2 && shown.contains("nothing was changed, as you said"), "{keys:?}: {code}\n{shown}");
        assert_eq!((project.changes_sent(), project.commits()), (0, commits));
    }
}

#[test]
fn ctrl_c_at_the_question_ends_it_and_leaves_nothing_behind() {
    let project = Project::synced();
    let mut terminal = asked(&project);
    terminal.press("\u{3}");
    let (code, shown) = terminal.end();
    assert_ne!(code, 0, "{shown}");
    assert_eq!(project.changes_sent(), 0);
    project.done(&["bulk-assign", "list.csv", "--yes"]);
    assert_eq!(project.changes_sent(), 2, "the lock went with the process");
}

#[test]
fn deleting_a_number_asks_too() {
    let project = Project::synced();
    let mut terminal = Terminal::of(&project, &["phone", "delete", LINE, "-w", "staging"]);
    terminal.wait_for("Make these changes? [y/N] ");
    assert!(terminal.shown.contains(&format!("{LINE} removed")), "{}", terminal.shown);
    terminal.press("yes\r");
    assert_eq!(terminal.end().0, 0);
    assert!(project.registered("staging", LINE).is_null());
}

#[test]
fn ctrl_c_amid_a_bulk_run_stops_cleanly_and_a_repeated_run_does_only_what_is_left() {
    let options = SandboxOptions { numbers: 60, latency: Duration::from_millis(60), ..SandboxOptions::default() };
    let project = Project::with(options);
    let commits = project.commits();
    let (list, rows) = project.everything();
    project.write("list.csv", &list);
    let words = ["bulk-assign", "list.csv", "-w", "production"];
    let mut terminal = Terminal::of(&project, &words);
    terminal.wait_for("Make these changes? [y/N] ");
    terminal.press("y\r");
    while project.changes_sent() < 10 {
        std::thread::sleep(Duration::from_millis(2));
    }
    terminal.press("\u{3}");
    let (code, shown) = terminal.end();
    let sent = project.changes_sent();
    assert_eq!(code, 3, "{shown}");
    assert!(sent < rows && shown.contains(&format!("interrupted: {} of {rows}", rows - sent)), "{shown}");
    assert_eq!(project.commits(), commits + 1, "what was done is one commit");
    assert_eq!(project.git(&["status", "--porcelain", "phone-numbers"]), "");
    project.done(&[words.as_slice(), &["--yes"]].concat());
    assert_eq!((project.changes_sent(), project.commits()), (rows, commits + 2), "each number is sent once");
    std::fs::remove_file(project.path().join("list.csv")).unwrap();
    project.assert_in_step();
}
