//! Questions start no program that the repository's configuration names, and fetch nothing.
//!
//! Every setting that names a program names a canary, which leaves a file when it is started.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use crate::fixture::{DIRECTORY, Place, Project};

const LINE: &str = "+14155550101";

/// What a person asks before trusting a repository.
const QUESTIONS: [&[&str]; 22] = [
    &["validate"],
    &["validate", "--staged"],
    &["validate", "--rev", "HEAD"],
    &["validate", "--range", "HEAD~1..HEAD"],
    &["list"],
    &["list", "--at", "HEAD~1"],
    &["show", LINE],
    &["search", "--type", "local"],
    &["unassigned"],
    &["agent-numbers", "agents/survey"],
    &["diff", "staging", "production"],
    &["diff", "--staged"],
    &["diff", "HEAD~1", "HEAD"],
    &["diff", "HEAD", "@worktree"],
    &["history"],
    &["blame", LINE],
    &["report"],
    &["status"],
    &["status", "--json"],
    &["doctor"],
    &["hook", "status"],
    &["hook", "run"],
];

/// Settings that name a program or a place with programs.
const SETTINGS: [&str; 30] = [
    "core.fsmonitor",
    "core.pager",
    "core.editor",
    "core.askPass",
    "core.sshCommand",
    "core.gitProxy",
    "core.alternateRefsCommand",
    "sequence.editor",
    "pager.diff",
    "pager.status",
    "pager.config",
    "pager.show",
    "diff.external",
    "diff.evil.command",
    "diff.evil.textconv",
    "merge.evil.driver",
    "filter.evil.clean",
    "filter.evil.smudge",
    "filter.evil.process",
    "credential.helper",
    "gpg.program",
    "gpg.ssh.program",
    "gpg.ssh.defaultKeyCommand",
    "interactive.diffFilter",
    "uploadpack.packObjectsHook",
    "remote.origin.uploadpack",
    "remote.origin.receivepack",
    "remote.origin.proxy",
    "browser.evil.cmd",
    "trailer.evil.cmd",
];

const ALIASES: [&str; 9] = ["status", "diff", "config", "cat-file", "rev-parse", "show", "version", "var", "log"];

const HOOKS: [&str; 8] = [
    "pre-commit",
    "post-index-change",
    "reference-transaction",
    "post-checkout",
    "pre-auto-gc",
    "fsmonitor-watchman",
    "post-commit",
    "pre-merge-commit",
];

/// A repository that tries to have the canary started.
struct Trap {
    place: Place,
    canary: PathBuf,
}

impl Trap {
    fn set(project: &Project) -> Self {
        let place = project.place.copy();
        let (program, canary) = (place.home.join("canary"), place.home.join("sang"));
        executable(&program, &format!("#!/bin/sh\necho \"$0 $*\" >> '{}'\nexit 1\n", canary.display()));
        let hooks = place.home.join("hooks");
        fs::create_dir(&hooks).unwrap();
        for hook in HOOKS {
            fs::copy(&program, hooks.join(hook)).unwrap();
        }
        let program = program.to_str().unwrap();
        for setting in SETTINGS {
            place.git(&["config", setting, program]);
        }
        for alias in ALIASES {
            place.git(&["config", &format!("alias.{alias}"), &format!("!{program}")]);
        }
        for (name, value) in [
            ("filter.evil.required", "true"),
            ("log.showSignature", "true"),
            ("commit.gpgSign", "true"),
            ("core.untrackedCache", "true"),
            ("remote.origin.url", "file:///nowhere"),
            ("remote.origin.promisor", "true"),
            ("protocol.allow", "always"),
            ("core.hooksPath", hooks.to_str().unwrap()),
        ] {
            place.git(&["config", name, value]);
        }
        // Git has to look into these files, because their times are not those of the index.
        for path in [DIRECTORY, "phone-numbers/staging/numbers.json"] {
            place.write(path, &place.read(path));
        }
        place.write(".git/info/attributes", "* filter=evil diff=evil merge=evil\n");
        Self { place, canary }
    }

    /// What the canary was started with since the last time.
    fn song(&self) -> Option<String> {
        let song = fs::read_to_string(&self.canary).ok();
        if song.is_some() {
            fs::remove_file(&self.canary).unwrap();
        }
        song
    }
}

fn executable(path: &PathBuf, text: &str) {
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// A project with two commits, whose directory is so large that git itself reads its versions.
fn project() -> Project {
    let project = Project::synced();
    let notes = "a long story ".repeat(100_000);
    project.edit(DIRECTORY, "\"notes\": \"\"", &format!("\"notes\": \"{notes}\""));
    project.git(&["commit", "--quiet", "--all", "--message", "Long"]);
    project
}

#[test]
fn no_question_starts_a_program_that_the_repository_names() {
    let trap = Trap::set(&project());
    trap.place.command("git", &["status"]).output().unwrap();
    assert!(trap.song().is_some(), "the trap works: git itself starts the canary");
    for words in QUESTIONS {
        let run = trap.place.run(words);
        assert_eq!(trap.song(), None, "{run}");
        assert!(run.code <= 1 && !run.stdout.is_empty() || words[0] == "hook" || words[0] == "diff", "{run}");
    }
}

#[test]
fn no_question_fetches_what_a_partial_clone_left_out() {
    let trap = Trap::set(&project());
    let id = trap.place.git(&["rev-parse", &format!("HEAD~1:{DIRECTORY}")]);
    let object = format!(".git/objects/{}/{}", &id[..2], id[2..].trim());
    fs::remove_file(trap.place.path(&object)).unwrap();
    trap.place.git(&["config", "core.repositoryFormatVersion", "1"]);
    trap.place.command("git", &["cat-file", "-p", id.trim()]).output().unwrap();
    assert!(trap.song().is_some(), "the trap works: git itself tries to fetch");
    for words in QUESTIONS {
        let run = trap.place.run(words);
        assert_eq!(trap.song(), None, "{run}");
        let asks_past = words.iter().any(|word| word.contains("HEAD~1")) || ["history", "blame"].contains(&words[0]);
        assert_eq!(run.code == 3, asks_past, "{run}");
    }
}
