//! How long `diff` and `history` take beside git itself, in ratios of one run.
//!
//! `cargo bench --bench speed`; `SPEED_COMMITS`, `SPEED_NUMBERS` and `SPEED_DIFF_NUMBERS` change the sizes, which are
//! those of the goals: a history of 10,000 commits over 1,000 numbers, and two revisions of 10,000 numbers with 1 %
//! changed.

#[path = "../tests/generator/mod.rs"]
mod generator;

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use generator::past::{Commit, files_of, linear};
use generator::random::Random;
use generator::repository::{Import, git, sealed};
use generator::world::{World, number};
use phone_dir::diff::text::{self, Listed};
use phone_dir::model::{AssignmentsFile, MasterFile, NumbersFile};

fn size(name: &str, usual: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

fn main() {
    differences();
    history();
}

/// The quickest of a few runs: the others measure what else the machine did.
fn time(folder: &Path, runs: usize, program: &str, words: &[&str]) -> Duration {
    let run = || {
        let start = Instant::now();
        let mut command = Command::new(program);
        let status = sealed(&mut command, folder).args(words).stdout(Stdio::null()).status();
        assert!(status.expect("it starts").success(), "{program} {words:?}");
        start.elapsed()
    };
    (0..runs).map(|_| run()).min().expect("at least one run")
}

fn report(what: &str, ours: Duration, theirs: &[(&str, Duration)]) {
    println!("{what}: {ours:.1?}");
    for (name, theirs) in theirs {
        println!("  {name}: {theirs:.1?}, {:.2} times as long", theirs.as_secs_f64() / ours.as_secs_f64());
    }
}

const PROGRAM: &str = env!("CARGO_BIN_EXE_phone-dir");

fn differences() {
    let count = size("SPEED_DIFF_NUMBERS", 10_000);
    let folder = tempfile::tempdir().expect("a folder");
    let mut random = Random::new(1);
    let mut world = World::new(count, &mut random);
    let mut import = Import::new(folder.path());
    let commit = |at: usize, world: &World| Commit {
        parents: at.checked_sub(1).into_iter().collect(),
        files: files_of(world),
        place: "",
        author: "Ada Example <ada@example.com>",
        committer: "Ada Example <ada@example.com>",
        time: 1_700_000_000,
    };
    let before = files_of(&world);
    import.add(0, &commit(0, &world));
    world.change(count / 100, &mut random);
    let after = files_of(&world);
    import.add(1, &commit(1, &world));
    import.finish(folder.path());
    git(folder.path(), &["gc", "--quiet"]);
    let ours = time(folder.path(), 5, PROGRAM, &["diff", "HEAD~1", "HEAD"]);
    let lines = time(folder.path(), 5, "git", &["diff", "HEAD~1", "HEAD", "--", "phone-numbers"]);
    let floor = (0..5).map(|_| floor(&before, &after)).min().expect("at least one run");
    report(&format!("diff of {count} numbers"), ours, &[("git diff", lines), ("the floor, in memory", floor)]);
}

/// Skips what each two files share, and parses the rest: no reading, no check that the first file is whole.
fn floor(before: &generator::past::Files, after: &generator::past::Files) -> Duration {
    let start = Instant::now();
    for (path, file) in before {
        let other = &after[path];
        match path.rsplit('/').next() {
            Some("numbers.json") => skip::<NumbersFile>(file, other),
            Some("assignments.json") => skip::<AssignmentsFile>(file, other),
            _ => skip::<MasterFile>(file, other),
        }
    }
    start.elapsed()
}

fn skip<F: Listed>(file: &[u8], other: &[u8]) {
    std::hint::black_box(text::pairs::<F>(file, other).expect("canonical"));
}

fn history() {
    let (commits, numbers) = (size("SPEED_COMMITS", 10_000), size("SPEED_NUMBERS", 1_000));
    let folder = tempfile::tempdir().expect("a folder");
    let mut import = Import::new(folder.path()).linear();
    let mut at = 0;
    linear(2, numbers, commits, |commit| {
        import.add(at, &commit);
        at += 1;
    });
    import.finish(folder.path());
    git(folder.path(), &["-c", "pack.threads=2", "repack", "-a", "-d", "-f", "--quiet"]);
    let one = number(numbers / 2).to_string();
    let all = time(folder.path(), 2, PROGRAM, &["history", "--json"]);
    let of_number = time(folder.path(), 2, PROGRAM, &["history", &one, "--json"]);
    let log = time(folder.path(), 1, "git", &["log", "-p", "--", "phone-numbers"]);
    let search = time(folder.path(), 1, "git", &["log", "-S", &one, "--", "phone-numbers"]);
    report(&format!("history of {commits} commits, {numbers} numbers"), all, &[("git log -p", log)]);
    report("history of one number", of_number, &[("git log -S", search)]);
}
