//! How quick the answers are, as ratios from one run: each command, as a whole program, beside a typed parse of the same
//! files in this process (`Directory::load`, on as many threads as the commands have).
//!
//! `cargo bench --bench queries`. It prints a table and ends with 1 where a goal is missed by more than the noise of a
//! shared machine. The best of several runs counts, because only that one was not disturbed. `QUERIES_FOLDER=DIR` measures
//! a project that somebody else made, too.

#![allow(clippy::unwrap_used)] // a failing test should stop where it fails

#[allow(dead_code)] // a bench needs less of it than the tests
#[path = "../tests/queries/project.rs"]
mod project;

use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use phone_dir::model::{AssignmentType, Directory};
use phone_dir::store::worktree;
use project::{Builder, Import, Project};

const MANY: usize = 10_000;
const FEW: usize = 50;
const ROUNDS: usize = 9;

/// A command, its goal, and the best of its runs so far.
struct Line {
    name: &'static str,
    command: Command,
    goal: Goal,
    took: Duration,
}

impl Line {
    fn new(name: &'static str, command: Command, goal: Goal) -> Self {
        Self { name, command, goal, took: Duration::MAX }
    }

    fn measure(&mut self) {
        let command = &mut self.command;
        self.took = self.took.min(timed(|| assert!(command.status().unwrap().success())));
    }

    /// Prints the measurement, and says whether it met its goal.
    fn report(&self, parse: Duration) -> bool {
        let ratio = self.took.as_secs_f64() / parse.as_secs_f64();
        let (goal, met) = match self.goal {
            Goal::TimesTheParse(times) => (format!("{times} times"), ratio <= times),
            Goal::Within(time) => (format!("{} ms", time.as_millis()), self.took <= time),
        };
        let verdict = if met { "met" } else { "MISSED" };
        let took = self.took.as_secs_f64() * 1e3;
        println!("{:40} {took:7.1} ms {ratio:6.2} times the parse   goal {goal}: {verdict}", self.name);
        met
    }
}

/// So many times the parse, or so much time.
#[derive(Clone, Copy)]
enum Goal {
    TimesTheParse(f64),
    Within(Duration),
}

fn main() -> ExitCode {
    let (many, few) = (project_of(MANY), project_of(FEW));
    println!("{MANY} made-up numbers");
    let mut are_met = measure(many.root(), lines(&many, &few));
    if let Some(folder) = std::env::var_os("QUERIES_FOLDER") {
        let folder = Path::new(&folder);
        println!("{}", folder.display());
        are_met &= measure(folder, lines_of(folder));
    }
    if are_met { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Prints what the commands take in a project, and says whether they met their goals.
fn measure(root: &Path, mut lines: Vec<Line>) -> bool {
    let root = root.canonicalize().unwrap();
    let mut parse = Duration::MAX;
    // Side by side in every round, so that what else the machine does meets all of them alike.
    for _ in 0..ROUNDS {
        parse = parse.min(timed(|| drop(load(&root))));
        lines.iter_mut().for_each(Line::measure);
    }
    println!("typed parse of the same files: {:.1} ms", parse.as_secs_f64() * 1e3);
    lines.iter().filter(|line| !line.report(parse)).count() == 0
}

fn load(root: &Path) -> Directory {
    Directory::load(&worktree::read(root).unwrap()).unwrap()
}

/// The questions about a large project.
fn lines_of(folder: &Path) -> Vec<Line> {
    let directory = load(&folder.canonicalize().unwrap());
    let last = directory.master.numbers.keys().last().unwrap().to_string();
    let mut names = directory.workspaces.values().flat_map(|files| &files.numbers.numbers);
    let name = names.find_map(|entry| entry.nickname.as_deref()).unwrap().to_owned();
    questions(folder, &last, &["search", &name])
}

fn questions(root: &Path, number: &str, search: &[&str]) -> Vec<Line> {
    let goal = Goal::TimesTheParse(1.5);
    vec![
        Line::new("show", run(root, &["show", number]), goal),
        Line::new("list", run(root, &["list"]), goal),
        Line::new("search", run(root, search), goal),
    ]
}

fn lines(many: &Project, few: &Project) -> Vec<Line> {
    let last = format!("+1{}", 4_155_550_000_u64 + MANY as u64 - 1);
    let quick = Goal::Within(Duration::from_millis(15));
    let within = |milliseconds| Goal::Within(Duration::from_millis(milliseconds));
    let (many, few) = (many.root(), few.root());
    let mut complete = run(many, &["--", "phone-dir", "show", "+141555599"]);
    complete.env("PHONE_DIR_COMPLETE", "fish");
    let mut lines = questions(many, &last, &["search", "line", "77"]);
    lines.extend([
        Line::new("show, 50 numbers", run(few, &["show", "+14155550001"]), quick),
        Line::new("list, 50 numbers", run(few, &["list"]), quick),
        Line::new("search, 50 numbers", run(few, &["search", "line"]), quick),
        Line::new("completion of a number", complete, within(50)),
        Line::new("HTML report", run(many, &["report", "--format", "html"]), within(1000)),
    ]);
    lines
}

fn project_of(count: usize) -> Project {
    let mut builder = Builder::new();
    builder.agent("sales-agent", "Sales Agent", &[("staging", "agent_staging"), ("production", "agent_production")]);
    for position in 0..count {
        let number = format!("+1{}", 4_155_550_000_u64 + position as u64);
        builder.number(&number, &format!("Line {position}"), &["sales"], "");
        for workspace in ["staging", "production"] {
            let agent = (position % 10 != 3).then_some(("sales-agent", AssignmentType::InboundOutbound));
            builder.import(Import { nickname: Some("Line"), agent, ..Import::new(workspace, &number) });
        }
    }
    builder.write()
}

fn run(root: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_phone-dir"));
    command.args(words).current_dir(root).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn timed(work: impl FnOnce()) -> Duration {
    let begin = Instant::now();
    work();
    begin.elapsed()
}
