//! How quick the answers are, as ratios from one run: each command against a typed parse of the same files.
//!
//! `cargo bench --bench queries`. It prints a table and ends with 1 where a goal is missed by more than the noise of a
//! shared machine. The best of several runs counts, because only that one was not disturbed.

#![allow(clippy::unwrap_used)] // a failing test should stop where it fails

#[allow(dead_code)] // a bench needs less of it than the tests
#[path = "../tests/queries/project.rs"]
mod project;

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
    let mut lines = lines(&many, &few);
    let root = many.root().canonicalize().unwrap();
    let mut parse = Duration::MAX;
    // Side by side in every round, so that what else the machine does meets all of them alike.
    for _ in 0..ROUNDS {
        parse = parse.min(timed(|| {
            let snapshot = worktree::read(&root).unwrap();
            assert_eq!(Directory::load(&snapshot).unwrap().master.numbers.len(), MANY);
        }));
        lines.iter_mut().for_each(Line::measure);
    }
    println!("typed parse of {MANY} numbers: {:.1} ms", parse.as_secs_f64() * 1e3);
    let missed = lines.iter().filter(|line| !line.report(parse)).count();
    if missed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn lines(many: &Project, few: &Project) -> Vec<Line> {
    let last = format!("+1{}", 4_155_550_000_u64 + MANY as u64 - 1);
    let (twice, quick) = (Goal::TimesTheParse(2.0), Goal::Within(Duration::from_millis(15)));
    let within = |milliseconds| Goal::Within(Duration::from_millis(milliseconds));
    let mut complete = run(many, &["--", "phone-dir", "show", "+141555599"]);
    complete.env("PHONE_DIR_COMPLETE", "fish");
    vec![
        Line::new("show, 10,000 numbers", run(many, &["show", &last]), twice),
        Line::new("list, 10,000 numbers", run(many, &["list"]), twice),
        Line::new("search, 10,000 numbers", run(many, &["search", "line", "77"]), twice),
        Line::new("show, 50 numbers", run(few, &["show", "+14155550001"]), quick),
        Line::new("list, 50 numbers", run(few, &["list"]), quick),
        Line::new("search, 50 numbers", run(few, &["search", "line"]), quick),
        Line::new("completion of a number, 10,000 numbers", complete, within(50)),
        Line::new("HTML report, 10,000 numbers", run(many, &["report", "--format", "html"]), within(1000)),
    ]
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

fn run(project: &Project, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_phone-dir"));
    command.args(words).current_dir(project.root()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn timed(work: impl FnOnce()) -> Duration {
    let begin = Instant::now();
    work();
    begin.elapsed()
}
