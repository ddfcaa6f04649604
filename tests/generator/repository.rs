//! A real git repository of a generated history, in a sealed environment.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::rc::Rc;

use super::past::{Commit, Files};

/// Seals a command from the configuration, identity and repository of whoever runs the tests.
pub fn sealed<'c>(command: &'c mut Command, folder: &Path) -> &'c mut Command {
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
        command.env_remove(name);
    }
    command
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("HOME", folder)
        .envs([("GIT_AUTHOR_NAME", "Ada Example"), ("GIT_AUTHOR_EMAIL", "ada@example.com")])
        .envs([("GIT_COMMITTER_NAME", "Ada Example"), ("GIT_COMMITTER_EMAIL", "ada@example.com")])
        .env("PHONE_DIR_NOW", "2026-03-01T12:00:00Z")
        .env("NO_COLOR", "1")
}

/// Runs git in a folder and gives what it printed.
pub fn git(folder: &Path, words: &[&str]) -> String {
    let output = sealed(&mut Command::new("git"), folder).args(words).output().expect("git starts");
    assert!(output.status.success(), "git {words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("git prints UTF-8").trim_end().to_owned()
}

/// Writes commits into a new repository, one after the other.
pub struct Import {
    child: Child,
    stream: Option<BufWriter<std::process::ChildStdin>>,
    files: Vec<(Files, &'static str)>,
    keep: bool,
}

impl Import {
    /// Makes a repository in an empty folder.
    pub fn new(folder: &Path) -> Self {
        git(folder, &["init", "--quiet", "--initial-branch=main"]);
        let mut command = Command::new("git");
        let child = sealed(&mut command, folder)
            .args(["fast-import", "--quiet", "--date-format=raw"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn();
        let mut child = child.expect("git starts");
        let stream = child.stdin.take().map(BufWriter::new);
        Self { child, stream, files: Vec::new(), keep: true }
    }

    /// Remembers the files of the last commit only: enough for a history without branches, however long.
    pub fn linear(mut self) -> Self {
        self.keep = false;
        self
    }

    /// Adds a commit.
    pub fn add(&mut self, at: usize, commit: &Commit) {
        let out = self.stream.as_mut().expect("open until it is finished");
        let (author, committer, time) = (commit.author, commit.committer, commit.time);
        let message = format!("Commit {at}\n");
        write!(out, "commit refs/heads/main\nmark :{}\nauthor {author} {time} +0100\n", at + 1).expect("git reads");
        write!(out, "committer {committer} {time} +0000\ndata {}\n{message}", message.len()).expect("git reads");
        for (position, parent) in commit.parents.iter().enumerate() {
            writeln!(out, "{} :{}", if position == 0 { "from" } else { "merge" }, parent + 1).expect("git reads");
        }
        let empty = (BTreeMap::new(), commit.place);
        let before = match commit.parents.first() {
            None => &empty,
            Some(_) if !self.keep => &self.files[0],
            Some(parent) => &self.files[*parent],
        };
        if before.1 != commit.place {
            writeln!(out, "deleteall").expect("git reads");
        }
        let is_same_place = before.1 == commit.place;
        for path in before.0.keys().filter(|path| is_same_place && !commit.files.contains_key(*path)) {
            writeln!(out, "D {}{path}", commit.place).expect("git reads");
        }
        for (path, file) in &commit.files {
            if !(is_same_place && before.0.get(path).is_some_and(|old| Rc::ptr_eq(old, file) || old == file)) {
                writeln!(out, "M 100644 inline {}{path}\ndata {}", commit.place, file.len()).expect("git reads");
                out.write_all(file).expect("git reads");
                writeln!(out).expect("git reads");
            }
        }
        let files = (commit.files.clone(), commit.place);
        if self.keep { self.files.push(files) } else { self.files = vec![files] }
    }

    /// Ends the import and checks the last commit out.
    pub fn finish(mut self, folder: &Path) {
        drop(self.stream.take());
        assert!(self.child.wait().expect("git ends").success(), "git fast-import");
        git(folder, &["reset", "--quiet", "--hard", "main"]);
        fs::create_dir_all(folder.join("phone-numbers")).expect("a folder");
    }
}
