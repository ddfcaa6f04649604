//! Many commands at once in one repository, and two clones that push: no update is lost, no commit is made twice, git's
//! index stays whole, and whoever gives up says so.

use std::fs;
use std::process::{Child, Output, Stdio};

use assert_cmd::cargo::cargo_bin;
use serde_json::Value;

use crate::dice;
use crate::fixture::{DIRECTORY, Place, Project, Run};

const LINES: [&str; 4] = ["+14155550101", "+14155550103", "+14155550104", "+12125550105"];

/// One of the things that happen at once.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Deed {
    Sync,
    /// Adds a tag that nobody else adds.
    Edit(&'static str, String),
    /// The user commits a file of their own.
    Commit(String),
    Hook,
    Validate,
    List,
}

impl Deed {
    fn of(number: usize, kind: usize) -> Self {
        match kind {
            0..=2 => Self::Edit(LINES[number % LINES.len()], format!("tag-{number}")),
            3 | 4 => Self::Sync,
            5 => Self::Commit(format!("file-{number}.txt")),
            6 => Self::Hook,
            7 => Self::Validate,
            _ => Self::List,
        }
    }

    fn start(&self, project: &Project) -> Child {
        let ours = |words: &[&str]| project.command(cargo_bin("phone-dir"), words);
        let mut command = match self {
            Self::Sync => ours(&["sync", "--all", "--json"]),
            Self::Edit(line, tag) => ours(&["edit", line, "--add-tag", tag, "--json"]),
            Self::Commit(file) => {
                let script = format!("echo mine > {file} && git add {file} && git commit --quiet -m {file} -- {file}");
                project.command("sh", &["-c", &script])
            }
            Self::Hook => ours(&["hook", "run"]),
            Self::Validate => ours(&["validate", "--staged"]),
            Self::List => ours(&["list", "--json"]),
        };
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// Whether it did what it was to do; if not, it has to have said why.
    fn judge(&self, run: &Run) -> bool {
        if run.code == 0 {
            return true;
        }
        assert!(!matches!(self, Self::List), "{self:?}: {run}");
        if !matches!(self, Self::Commit(_)) {
            let reasons = [
                "another phone-dir",
                "git is busy",
                "HEAD moved",
                "in the meantime",
                "uncommitted edits",
                "another git",
            ];
            let told = reasons.iter().any(|reason| run.stderr.contains(reason));
            assert!(run.code == 2 && told, "{self:?} ends without a reason: {run}");
        }
        false
    }
}

/// Lets so many deeds overlap, so many at a time, and judges what is left.
fn overlap(deeds: usize, at_a_time: usize) {
    let (project, mut dice) = (Project::synced(), dice());
    let mut commits = project.commits();
    let mut tags = Vec::new();
    let mut undone = 0;
    for start in (0..deeds).step_by(at_a_time) {
        let agent = *dice.choose(&["sales-agent", "survey", "customer-service"]);
        project.sandbox.reassign("production", LINES[0], agent).unwrap();
        let batch: Vec<Deed> =
            (start..deeds.min(start + at_a_time)).map(|number| Deed::of(number, dice.below(9))).collect();
        let running: Vec<(Deed, Child)> = batch.into_iter().map(|deed| (deed.clone(), deed.start(&project))).collect();
        for (deed, child) in running {
            let output: Output = child.wait_with_output().unwrap();
            let run = project.finish(&[&format!("{deed:?}")], &output);
            let done = deed.judge(&run);
            undone += usize::from(!done);
            match deed {
                Deed::Edit(line, tag) if done => tags.push((line, tag)),
                _ => {}
            }
            commits += usize::from(done && makes_a_commit(&run));
        }
    }
    eprintln!("{deeds} deeds, {at_a_time} at a time, {undone} gave up and said so, {commits} commits");
    assert_eq!(project.commits(), commits, "each commit was made once");
    nothing_is_lost(&project, &tags);
}

/// Whether a run made a commit: ours says so in its JSON, the user's prints nothing.
fn makes_a_commit(run: &Run) -> bool {
    let printed: Option<Value> = serde_json::from_str(&run.stdout).ok();
    printed.map_or(run.words.starts_with("Commit"), |value| value.get("commit").is_some_and(Value::is_string))
}

fn nothing_is_lost(project: &Project, tags: &[(&str, String)]) {
    let committed: Value = serde_json::from_str(&project.git(&["show", &format!("HEAD:{DIRECTORY}")])).unwrap();
    for (line, tag) in tags {
        let has = committed["numbers"][line]["tags"].as_array().unwrap().iter().any(|found| found == tag);
        assert!(has, "{line} has lost {tag}");
    }
    sound(&project.place);
    assert_eq!(project.git(&["status", "--porcelain", "phone-numbers"]), "");
    assert_eq!(project.run(&["validate"]).code, 0);
    let mut trees: Vec<_> = project.git(&["log", "--format=%T"]).lines().map(str::to_owned).collect();
    trees.dedup();
    assert_eq!(trees.len(), project.commits(), "no commit changes nothing");
}

fn sound(place: &Place) {
    let output = place.command("git", &["fsck", "--strict", "--no-dangling", "--no-progress"]).output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    place.git(&["ls-files", "--error-unmatch", DIRECTORY]);
    assert!(!place.path(".git/index.lock").exists());
}

#[test]
fn twenty_overlapping_commands_lose_nothing() {
    overlap(20, 10);
}

#[test]
#[ignore = "takes minutes: two hundred commands, ten times"]
fn two_hundred_overlapping_commands_lose_nothing() {
    for _ in 0..10 {
        overlap(200, 40);
    }
}

/// Lets two clones sync and push at the same time, so many times.
fn push_from_two_clones(rounds: usize) {
    let project = Project::synced();
    let bare = project.home.join("bare.git");
    let bare = bare.to_str().unwrap();
    project.git(&["clone", "--quiet", "--bare", ".", bare]);
    project.git(&["remote", "add", "origin", bare]);
    project.git(&["fetch", "--quiet", "origin"]);
    project.git(&["branch", "--quiet", "--set-upstream-to=origin/main"]);
    let other = project.home.join("other");
    let other = other.to_str().unwrap();
    project.git(&["clone", "--quiet", bare, other]);
    let words: [&[&str]; 2] = [&["sync", "--all", "--push"], &["-C", other, "sync", "--all", "--push"]];
    let count =
        || -> usize { project.git(&["--git-dir", bare, "rev-list", "--count", "main"]).trim().parse().unwrap() };
    for round in 0..rounds {
        let before = count();
        project.sandbox.reassign("production", LINES[0], ["survey", "sales-agent"][round % 2]).unwrap();
        let start = |words: &[&str]| {
            let mut command = project.command(cargo_bin("phone-dir"), words);
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        };
        let running = words.map(start);
        for child in running {
            let run = project.finish(&["sync --push"], &child.wait_with_output().unwrap());
            assert!(run.code == 0 || run.stderr.contains("error: "), "{run}");
        }
        // Whoever lost the race catches up.
        for words in words {
            project.succeed(words);
        }
        let tips: Vec<_> = [".", other, bare].map(|place| project.git(&["-C", place, "rev-parse", "main"])).to_vec();
        assert!(tips.iter().all(|tip| *tip == tips[0]), "round {round}: {tips:?}");
        assert_eq!(count(), before + 1, "round {round}: one change is one commit");
    }
    let read = |folder: &str| fs::read_to_string(project.path(folder).join(DIRECTORY)).unwrap();
    assert_eq!(read("."), read(other));
    sound(&project.place);
}

#[test]
fn two_clones_that_push_at_once_agree_in_the_end() {
    push_from_two_clones(2);
}

#[test]
#[ignore = "takes minutes: fifty races between two clones"]
fn fifty_races_between_two_clones() {
    push_from_two_clones(50);
}
