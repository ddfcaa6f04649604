//! How long `diff` and `history` take beside git itself, in ratios of one run.
//!
//! `cargo bench --bench speed`; `SPEED_COMMITS`, `SPEED_NUMBERS` and `SPEED_DIFF_NUMBERS` change the sizes, which are
//! those of the goals: a history of 10,000 commits over 1,000 numbers, and two revisions of 10,000 numbers with 1 %
//! changed. The history is measured as `git gc` packs it, and as `git repack -a -d -F` does; one of 300 commits over 2,000
//! numbers is measured as commits leave it, each object in a file of its own (`SPEED_LOOSE_COMMITS`,
//! `SPEED_LOOSE_NUMBERS`). Making the histories takes longer than measuring them: `SPEED_FOLDER` names a folder that keeps
//! the repositories for another run.
//!
//! `SPEED_REPOSITORY` names a repository of another origin that is measured instead, as it is: a project at the top of its
//! working tree, with its files checked out. What phone-dir keeps in its `.git/phone-dir/cache` is removed.

#![allow(clippy::unwrap_used, clippy::cast_precision_loss)] // a failing test should stop where it fails; megabytes with one decimal

#[path = "../tests/generator/mod.rs"]
mod generator;
mod peak;

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use generator::past::{Commit, files_of, linear};
use generator::random::Random;
use generator::repository::{Import, git, sealed};
use generator::world::World;
use phone_dir::diff::listed::Listed;
use phone_dir::diff::text;
use phone_dir::model::{AssignmentsFile, MasterFile, NumbersFile};
use phone_dir::store::git::GitRepository;
use phone_dir::store::revision::Revision;

fn size(name: &str, usual: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

fn main() {
    if let Some(folder) = std::env::var_os(FLOOR) {
        return floor(Path::new(&folder));
    }
    println!("beside {}", git(&std::env::temp_dir(), &["--version"]));
    if let Some(folder) = std::env::var_os("SPEED_REPOSITORY") {
        return questions("the repository that is named", Path::new(&folder));
    }
    differences();
    histories();
}

/// Names a repository to the floor, which is a program of its own: its memory is as fresh as ours.
const FLOOR: &str = "SPEED_FLOOR";

/// As [`time`], of a question about the past that nothing was kept for.
fn time_anew(folder: &Path, runs: usize, words: &[&str]) -> Duration {
    let run = |_| {
        forget(folder);
        time(folder, 1, PROGRAM, words)
    };
    (0..runs).map(run).min().expect("at least one run")
}

/// Removes what earlier questions kept.
fn forget(folder: &Path) {
    let cache = folder.join(".git/phone-dir/cache");
    if cache.exists() {
        fs::remove_dir_all(cache).expect("it is a folder");
    }
}

/// The quickest of a few runs: the others measure what else the machine did.
fn time(folder: &Path, runs: usize, program: &str, words: &[&str]) -> Duration {
    let run = || {
        let start = Instant::now();
        let mut command = Command::new(program);
        // What was learned is kept by the clock of git's files.
        let command = sealed(&mut command, folder).env_remove("PHONE_DIR_NOW").args(words);
        let status = command.stdout(Stdio::null()).status();
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

/// A repository that is made once, and kept where `SPEED_FOLDER` says.
struct Kept {
    folder: PathBuf,
    _temporary: Option<tempfile::TempDir>,
}

impl Kept {
    fn new(name: &str, make: impl FnOnce(&Path)) -> Self {
        let temporary = std::env::var_os("SPEED_FOLDER").is_none().then(|| tempfile::tempdir().expect("a folder"));
        let kept = temporary.as_ref().map_or_else(
            || PathBuf::from(std::env::var_os("SPEED_FOLDER").unwrap_or_default()),
            |folder| folder.path().to_owned(),
        );
        let (folder, unfinished) = (kept.join(name), kept.join(format!("{name}.unfinished")));
        if !folder.exists() {
            fs::create_dir_all(&unfinished).expect("a folder");
            make(&unfinished);
            fs::rename(&unfinished, &folder).expect("both are beside each other");
        }
        Self { folder, _temporary: temporary }
    }
}

/// Two states of a directory, of which the second has one number in a hundred changed.
fn two_states(count: usize) -> [World; 2] {
    let mut random = Random::new(1);
    let before = World::new(count, &mut random);
    let mut after = before.clone();
    after.change(count / 100, &mut random);
    [before, after]
}

fn differences() {
    let count = size("SPEED_DIFF_NUMBERS", 10_000);
    let states = two_states(count);
    let [before, after] = [&states[0], &states[1]].map(files_of);
    let kept = Kept::new(&format!("diff-{count}"), |folder| {
        let mut import = Import::new(folder);
        for (at, files) in [&before, &after].into_iter().enumerate() {
            let commit = Commit {
                parents: at.checked_sub(1).into_iter().collect(),
                files: files.clone(),
                place: "",
                author: "Ada Example <ada@example.com>",
                committer: "Ada Example <ada@example.com>",
                time: 1_700_000_000,
            };
            import.add(at, &commit);
        }
        import.finish(folder);
        git(folder, &["gc", "--quiet"]);
    });
    let folder = &kept.folder;
    let ours = time(folder, 9, PROGRAM, &["diff", "HEAD~1", "HEAD"]);
    let lines = time(folder, 9, "git", &["diff", "HEAD~1", "HEAD", "--", "phone-numbers"]);
    let floor = (0..9).map(|_| time_of_floor(folder)).min().expect("at least one run");
    report(&format!("diff of {count} numbers"), ours, &[("git diff", lines), ("the floor", floor)]);
    forget(folder);
    memory("history of it", folder, &["history"]);
}

fn time_of_floor(folder: &Path) -> Duration {
    let start = Instant::now();
    let mut command = Command::new(std::env::current_exe().expect("its own path"));
    let status = sealed(&mut command, folder).env(FLOOR, folder).status();
    assert!(status.expect("it starts").success());
    start.elapsed()
}

/// Reads both revisions, skips what each two files share, and parses the rest: no check that either file is whole, no
/// meaning, no words.
fn floor(folder: &Path) {
    let repository = GitRepository::discover(folder).expect("it opens").expect("it is there");
    let read = |revision| {
        let revision = Revision::parse(revision).expect("a revision");
        repository.objects().read_commit(&revision).expect("it is whole")
    };
    let (before, after) = (read("HEAD~1"), read("HEAD"));
    for path in before.files.keys() {
        let [file, other] = [&before, &after].map(|snapshot| snapshot.bytes(path).expect("a file"));
        match path.rsplit('/').next() {
            Some("numbers.json") => skip::<NumbersFile>(file, other),
            Some("assignments.json") => skip::<AssignmentsFile>(file, other),
            _ => skip::<MasterFile>(file, other),
        }
    }
}

fn skip<F: Listed>(file: &[u8], other: &[u8]) {
    std::hint::black_box(text::pairs::<F>(file, other).expect("canonical"));
}

fn histories() {
    let (commits, numbers) = (size("SPEED_COMMITS", 10_000), size("SPEED_NUMBERS", 1_000));
    let name = format!("history-{commits}-{numbers}");
    let packed = Kept::new(&name, |folder| {
        import(folder, commits, numbers);
        // `git gc` would keep the deltas of the import, which point from the new to the old: nobody's repository does.
        git(folder, &["repack", "-a", "-d", "-f", "--window=4", "--quiet"]);
        git(folder, &["gc", "--quiet"]);
    });
    let size_of_it = format!("{commits} commits, {numbers} numbers");
    questions(&format!("{size_of_it}, packed by `git gc`"), &packed.folder);
    let repacked = Kept::new(&format!("{name}-repacked"), |folder| {
        git(folder, &["clone", "--quiet", packed.folder.to_str().expect("UTF-8"), "."]);
        git(folder, &["repack", "-a", "-d", "-F", "--quiet"]);
    });
    questions(&format!("{size_of_it}, packed by `git repack -a -d -F`"), &repacked.folder);
    let (commits, numbers) = (size("SPEED_LOOSE_COMMITS", 300), size("SPEED_LOOSE_NUMBERS", 2_000));
    let loose = Kept::new(&format!("loose-{commits}-{numbers}"), |folder| {
        import(folder, commits, numbers);
        unpack(folder);
    });
    questions(&format!("{commits} commits, {numbers} numbers, never packed"), &loose.folder);
}

/// Makes a repository of a linear history, packed as the import leaves it.
fn import(folder: &Path, commits: usize, numbers: usize) {
    let mut import = Import::new(folder).linear();
    let mut at = 0;
    linear(2, numbers, commits, |commit| {
        import.add(at, &commit);
        at += 1;
    });
    import.finish(folder);
}

/// Puts every object into a file of its own, as the commits of a sync do.
fn unpack(folder: &Path) {
    let (packs, aside) = (folder.join(".git/objects/pack"), folder.join(".git/packed"));
    fs::rename(&packs, &aside).expect("the import made it");
    fs::create_dir(&packs).expect("it was moved away");
    let files = fs::read_dir(&aside).expect("it is there").map(|entry| entry.expect("it can be read").path());
    for pack in files.filter(|path| path.extension().is_some_and(|end| end == "pack")) {
        let mut command = Command::new("git");
        let pack = File::open(pack).expect("it is there");
        let status = sealed(&mut command, folder).args(["unpack-objects", "-q"]).stdin(pack).status();
        assert!(status.expect("git starts").success(), "git unpack-objects");
    }
    fs::remove_dir_all(aside).expect("nothing else is in it");
}

/// Asks a repository about its past, for the first time and again.
fn questions(which: &str, folder: &Path) {
    println!("\n{which}");
    let one = a_number(folder);
    let all = time_anew(folder, 2, &["history", "--json"]);
    let of_number = time_anew(folder, 2, &["history", &one, "--json"]);
    let blame = time_anew(folder, 2, &["blame", &one]);
    time(folder, 1, PROGRAM, &["history", "--json"]);
    let again = time(folder, 3, PROGRAM, &["history", "--json"]);
    let of_number_again = time(folder, 3, PROGRAM, &["history", &one, "--json"]);
    let blame_again = time(folder, 3, PROGRAM, &["blame", &one]);
    let log = time(folder, 1, "git", &["log", "-p", "--", "phone-numbers"]);
    let search = time(folder, 1, "git", &["log", "-S", &one, "--", "phone-numbers"]);
    report("the whole history", all, &[("git log -p", log)]);
    report("history of one number", of_number, &[("git log -S", search)]);
    report("blame of one number", blame, &[("git log -S", search)]);
    report("the whole history, asked again", again, &[("the first time", all)]);
    report("history of one number, asked again", of_number_again, &[("the first time", of_number)]);
    report("blame of one number, asked again", blame_again, &[("the first time", blame)]);
    memory("the whole history, asked again", folder, &["history", "--json"]);
    forget(folder);
    memory("the whole history", folder, &["history", "--json"]);
    forget(folder);
    memory("blame", folder, &["blame", &one]);
}

/// One of the numbers that the last commit has.
fn a_number(folder: &Path) -> String {
    let text = fs::read(folder.join("phone-numbers/directory.json")).expect("it is checked out");
    let file: MasterFile = serde_json::from_slice(&text).expect("the generator writes it");
    let middle = file.numbers.len() / 2;
    file.numbers.keys().nth(middle).expect("there are numbers").to_string()
}

/// Prints the most memory that a run of the program had, pages of mapped packs included; on Linux only.
fn memory(what: &str, folder: &Path, words: &[&str]) {
    let mut command = Command::new(PROGRAM);
    let command = sealed(&mut command, folder).env_remove("PHONE_DIR_NOW").args(words);
    let mut child = command.stdout(Stdio::null()).spawn().expect("it starts");
    let mut most = None;
    while child.try_wait().expect("it is ours").is_none() {
        most = peak::of_process(&child.id().to_string()).or(most);
        std::thread::sleep(Duration::from_millis(5));
    }
    let most = most.map(|bytes| format!("{:.1} MB", bytes as f64 / 1e6));
    println!("{what}: at most {}", most.unwrap_or_else(|| "an unknown amount".to_owned()));
}
