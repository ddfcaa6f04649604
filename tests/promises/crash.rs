//! Killed with SIGKILL at any point, a command leaves every file whole and the user's work alone, and the next command
//! finishes or undoes the write by itself.
//!
//! The points are not listed anywhere: a first run of each command names all that it reaches, after each write, rename,
//! removal, call of a git that changes something. A guard in `tests/architecture.rs` sees to it that nothing else writes.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use assert_cmd::cargo::cargo_bin;
use phone_dir::store::fault::POINT;

use crate::crash_courses::{COURSES, Course, Reaches, Writers, template};
use crate::dice;
use crate::fixture::{Project, differences};

type Files = BTreeMap<String, Vec<u8>>;

/// Records each run, and so differs by its duration.
const RUNS: &str = "phone-numbers/twilio/sync.json";

/// What a command does when nobody kills it.
pub struct Undisturbed {
    points: Vec<String>,
    time: Duration,
    code: i32,
    before: Files,
    after: Files,
    /// Git's hooks before and after.
    hooks: [Files; 2],
    commits: usize,
}

impl Undisturbed {
    pub fn run(course: &Course, template: &Project) -> Self {
        let project = course.begin(template);
        let before = files(&project);
        let hooks_before = hooks(&project);
        let mut command = project.command(cargo_bin("phone-dir"), course.words);
        let start = Instant::now();
        let output = command.env("PHONE_DIR_FAULT", "trace").output().unwrap();
        let time = start.elapsed();
        let told = String::from_utf8(output.stderr).unwrap();
        let points = told.lines().filter(|line| line.starts_with(POINT)).map(str::to_owned).collect();
        let code = output.status.code().unwrap();
        assert_eq!(code, 0, "{}: {told}", course.name);
        Self {
            points,
            time,
            code,
            before,
            after: files(&project),
            hooks: [hooks_before, hooks(&project)],
            commits: project.commits(),
        }
    }
}

/// All files but git's own, and but the record of runs.
fn files(project: &Project) -> Files {
    let mut files = project.files("");
    files.remove(RUNS);
    files
}

fn hooks(project: &Project) -> Files {
    let folder = project.path(".git/hooks");
    if folder.exists() { crate::fixture::files_below(&project.root, &folder) } else { Files::new() }
}

/// The user's own work: staged, unstaged, untracked.
fn work(project: &Project) -> [String; 3] {
    let mine = ["--", "README.md", "gone.txt", "notes.txt"];
    [["diff", "--cached"].as_slice(), &["diff"], &["status", "--porcelain"]]
        .map(|words| project.git(&[words, &mine].concat()))
}

/// Runs a command of a copy of the template, kills it in some way, and judges what is left.
pub fn survives(course: &Course, template: &Project, whole: &Undisturbed, kill: impl FnOnce(&Project) -> String) {
    let project = course.begin(template);
    let (work_before, commits_before) = (work(&project), project.commits());
    let place = format!("{}, {}", course.name, kill(&project));
    every_file_is_whole(&project, course, whole, &place);
    assert_eq!(work(&project), work_before, "{place}");

    let left = files(&project);
    let question = project.run(&["status"]);
    assert_eq!(differences(&left, &files(&project)), "", "{place}: a question changes nothing: {question}");
    let next = project.run(&["fmt", "--quiet"]);
    // What `init` has not made yet is missing until it runs again.
    assert!(next.code == 0 || course.name == "init", "{place}: the next command ends well: {next}");
    nothing_of_ours_is_left(&project, &place);
    assert!(whole.hooks.contains(&hooks(&project)), "{place}: the hooks are there by half");
    let now = files(&project);
    let done = project.commits() > commits_before || now == whole.after;
    let expected = if done { &whole.after } else { &whole.before };
    if course.reaches == Reaches::Files || !done {
        assert_eq!(differences(expected, &now), "", "{place}: all or nothing, done: {done}, {next}");
    }
    assert_eq!(work(&project), work_before, "{place}");

    let again = project.run(course.words);
    // A number that is gone already cannot be deleted once more.
    let is_gone = course.name == "phone delete" && again.code == 2;
    assert!(is_gone || again.code == whole.code, "{place}: {again}");
    nothing_of_ours_is_left(&project, &place);
    if course.reaches == Reaches::Files {
        assert_eq!(differences(&whole.after, &files(&project)), "", "{place}: {again}");
        assert_eq!(project.commits(), whole.commits, "{place}: once and no more");
    } else {
        let sync = project.run(&["sync", "--all"]);
        assert_eq!(sync.code, 0, "{place}: {sync}");
        assert!(!project.path(".git/phone-dir/requests").exists(), "{place}: a whole sync settles what was asked");
        assert_eq!(project.run(&["validate"]).code, 0, "{place}");
    }
    assert_eq!(work(&project), work_before, "{place}");
    sound(&project, &place);
}

fn every_file_is_whole(project: &Project, course: &Course, whole: &Undisturbed, place: &str) {
    for (path, bytes) in project.files("") {
        let name = Path::new(&path).file_name().unwrap().to_string_lossy().into_owned();
        if name.starts_with(".phone-dir.") {
            continue;
        }
        // Git writes the files of others in place, and the next command ends that.
        if course.writers == Writers::GitToo && !path.starts_with("phone-numbers/") {
            continue;
        }
        if Path::new(&path).extension().is_some_and(|kind| kind == "json") {
            let json: Result<serde_json::Value, _> = serde_json::from_slice(&bytes);
            assert!(json.is_ok(), "{place}: {path} is half written");
        }
        let known = [whole.before.get(&path), whole.after.get(&path)];
        // What Retell dates itself differs from run to run.
        assert!(path == RUNS || known.contains(&Some(&bytes)) || path.starts_with("phone-numbers/"), "{place}: {path}");
    }
    sound(project, place);
}

/// What `git fsck` says; objects that nobody needs are no damage.
fn sound(project: &Project, place: &str) {
    let output = project.command("git", &["fsck", "--strict", "--no-dangling", "--no-progress"]).output().unwrap();
    let told = [output.stdout, output.stderr].concat();
    assert!(output.status.success() && told.is_empty(), "{place}: {}", String::from_utf8_lossy(&told));
    project.git(&["status", "--porcelain"]);
}

/// No lock, journal or half-written file, in the project or in git's folder.
fn nothing_of_ours_is_left(project: &Project, place: &str) {
    let found = project.command("find", &[".", "-not", "-type", "d"]).output().unwrap();
    for path in String::from_utf8(found.stdout).unwrap().lines() {
        let name = Path::new(path).file_name().unwrap().to_str().unwrap();
        let is_ours = name.starts_with(".phone-dir.") || name.ends_with(".phone-dir") || path.contains("/phone-dir/");
        let is_lock = Path::new(name).extension().is_some_and(|kind| kind == "lock") || name.contains("index-lock");
        // What a fetch brought is named until it is read; what was asked of Retell is open until a sync has seen the
        // numbers; what syncs took is remembered for a day. A cache stays, and what was half-written of it is written over.
        let named = ["./.git/phone-dir/lock", "./.git/phone-dir/losses.json", "./.git/refs/phone-dir/fetched"];
        let named = named.contains(&path);
        let kept = ["./.git/phone-dir/requests/", "./.git/phone-dir/cache/"];
        let may_stay = named || kept.iter().any(|folder| path.starts_with(folder));
        assert!(may_stay || !(is_ours || is_lock), "{place}: {path} is left");
    }
}

/// Starts the command in a process group of its own.
fn start(course: &Course, project: &Project, fault: &str) -> Child {
    let mut command = project.command(cargo_bin("phone-dir"), course.words);
    command.env("PHONE_DIR_FAULT", fault).stdout(Stdio::null()).stderr(Stdio::piped()).process_group(0);
    command.spawn().unwrap()
}

/// Kills the command at the `number`th point, counted from 1.
fn kill_at(course: &Course, project: &Project, number: usize) -> String {
    let mut child = start(course, project, &format!("stop:{number}"));
    let lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let point = lines.map(Result::unwrap).find(|line| line.starts_with(POINT));
    child.kill().unwrap();
    assert_eq!(child.wait().unwrap().signal(), Some(9), "{}: {point:?}", course.name);
    point.unwrap_or_else(|| panic!("{}: point {number} is not reached", course.name))
}

/// Who is killed at a random moment.
#[derive(Clone, Copy, Debug)]
enum Victim {
    Process,
    /// With every git that it has started, as when a container is stopped.
    Group,
}

fn kill_after(course: &Course, project: &Project, moment: Duration, victim: Victim) -> String {
    let mut child = start(course, project, "");
    thread::sleep(moment);
    match victim {
        Victim::Process => child.kill().unwrap(),
        Victim::Group => {
            let group = format!("-{}", child.id());
            project.command("kill", &["-KILL", "--", &group]).output().unwrap();
        }
    }
    let ended = child.wait().unwrap();
    // A git that outlived its parent holds this pipe until it is done.
    std::io::copy(&mut child.stderr.take().unwrap().by_ref(), &mut std::io::sink()).unwrap();
    format!("{victim:?} killed after {moment:?}, {ended}")
}

/// The commands that `PHONE_DIR_COURSES` names, with commas between them, or all.
pub fn chosen() -> Vec<&'static Course> {
    let names = std::env::var("PHONE_DIR_COURSES").ok();
    let is_chosen = |course: &&Course| names.as_ref().is_none_or(|names| names.split(',').any(|it| it == course.name));
    COURSES.iter().filter(is_chosen).collect()
}

#[test]
#[ignore = "takes a minute: one point of every command"]
fn one_point_of_every_command() {
    let (template, mut dice) = (template(), dice());
    for course in chosen() {
        let whole = Undisturbed::run(course, &template);
        let number = dice.below(whole.points.len()) + 1;
        survives(course, &template, &whole, |project| kill_at(course, project, number));
    }
}

#[test]
fn a_sample_of_kills_at_points_and_at_random_moments() {
    let (template, mut dice) = (template(), dice());
    for course in COURSES.iter().take(1).chain([dice.choose(&COURSES), dice.choose(&COURSES), dice.choose(&COURSES)]) {
        let whole = Undisturbed::run(course, &template);
        assert!(whole.points.len() >= 2, "{}: {:?}", course.name, whole.points);
        let number = dice.below(whole.points.len()) + 1;
        survives(course, &template, &whole, |project| kill_at(course, project, number));
    }
    let course = &COURSES[0];
    let whole = Undisturbed::run(course, &template);
    for victim in [Victim::Process, Victim::Group] {
        let moment = whole.time * u32::try_from(dice.below(100)).unwrap() / 100;
        survives(course, &template, &whole, |project| kill_after(course, project, moment, victim));
    }
}

#[test]
#[ignore = "takes minutes: every point of every command"]
fn every_point_of_every_command() {
    let template = template();
    let mut kills = 0;
    for course in chosen() {
        let whole = Undisturbed::run(course, &template);
        for number in 1..=whole.points.len() {
            survives(course, &template, &whole, |project| kill_at(course, project, number));
        }
        kills += whole.points.len();
        eprintln!("{}: {} points", course.name, whole.points.len());
    }
    eprintln!("{kills} kills");
}

#[test]
#[ignore = "takes minutes: hundreds of random moments"]
fn hundreds_of_random_moments() {
    const MOMENTS: usize = 300;
    let (template, mut dice) = (template(), dice());
    let undisturbed: Vec<_> = COURSES.iter().map(|course| Undisturbed::run(course, &template)).collect();
    for round in 0..MOMENTS {
        let (course, whole) = (&COURSES[round % COURSES.len()], &undisturbed[round % COURSES.len()]);
        let moment = whole.time * u32::try_from(dice.below(1000)).unwrap() / 900;
        let victim = if dice.once_in(2) { Victim::Group } else { Victim::Process };
        survives(course, &template, whole, |project| kill_after(course, project, moment, victim));
    }
}
