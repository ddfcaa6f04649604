//! How quick the answers are, as ratios from one run: each command against a typed parse of the same files.
//!
//! `cargo bench --bench queries`. It prints a table and ends with 1 where a goal is missed by more than the noise of a
//! shared machine. The best of several runs counts, because only that one was not disturbed.

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
const RUNS: usize = 7;

/// A measurement and its goal.
struct Line {
    name: &'static str,
    took: Duration,
    /// The goal: so many times the parse, or so much time.
    goal: Goal,
}

enum Goal {
    TimesTheParse(f64),
    Within(Duration),
}

fn main() -> ExitCode {
    let (many, few) = (project_of(MANY), project_of(FEW));
    let parse = best(|| {
        let snapshot = worktree::read(&many.root().canonicalize().unwrap()).unwrap();
        assert_eq!(Directory::load(&snapshot).unwrap().master.numbers.len(), MANY);
    });
    let last = format!("+1{}", 4_155_550_000_u64 + MANY as u64 - 1);
    let twice = || Goal::TimesTheParse(2.0);
    let quick = || Goal::Within(Duration::from_millis(15));
    let lines = [
        Line { name: "show, 10,000 numbers", took: run(&many, &["show", &last]), goal: twice() },
        Line { name: "list, 10,000 numbers", took: run(&many, &["list"]), goal: twice() },
        Line { name: "search, 10,000 numbers", took: run(&many, &["search", "line", "77"]), goal: twice() },
        Line { name: "show, 50 numbers", took: run(&few, &["show", "+14155550001"]), goal: quick() },
        Line { name: "list, 50 numbers", took: run(&few, &["list"]), goal: quick() },
        Line { name: "search, 50 numbers", took: run(&few, &["search", "line"]), goal: quick() },
        Line {
            name: "completion of a number, 10,000 numbers",
            took: complete(&many),
            goal: Goal::Within(Duration::from_millis(50)),
        },
        Line {
            name: "HTML report, 10,000 numbers",
            took: run(&many, &["report", "--format", "html"]),
            goal: Goal::Within(Duration::from_secs(1)),
        },
    ];
    println!("typed parse of {MANY} numbers: {} ms", parse.as_millis());
    let missed = lines.iter().filter(|line| !report(line, parse)).count();
    if missed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Prints a measurement, and says whether it met its goal.
fn report(line: &Line, parse: Duration) -> bool {
    let ratio = line.took.as_secs_f64() / parse.as_secs_f64();
    let (goal, met) = match line.goal {
        Goal::TimesTheParse(times) => (format!("{times} times"), ratio <= times),
        Goal::Within(time) => (format!("{} ms", time.as_millis()), line.took <= time),
    };
    let verdict = if met { "met" } else { "MISSED" };
    println!(
        "{:40} {:7.1} ms {ratio:6.2} times the parse   goal {goal}: {verdict}",
        line.name,
        line.took.as_secs_f64() * 1e3
    );
    met
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

fn run(project: &Project, words: &[&str]) -> Duration {
    let mut command = program(project);
    command.args(words);
    timed(command)
}

fn complete(project: &Project) -> Duration {
    let mut command = program(project);
    command.env("PHONE_DIR_COMPLETE", "fish").args(["--", "phone-dir", "show", "+141555599"]);
    timed(command)
}

fn program(project: &Project) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_phone-dir"));
    command.current_dir(project.root()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn timed(mut command: Command) -> Duration {
    best(|| assert!(command.status().unwrap().success()))
}

fn best(mut work: impl FnMut()) -> Duration {
    let once = |_| {
        let begin = Instant::now();
        work();
        begin.elapsed()
    };
    (0..RUNS).map(once).min().unwrap_or_default()
}
