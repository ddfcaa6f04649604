//! How long many changes take, against what their requests alone take: each is answered after 100 ms, eight at a time.
//!
//! `cargo bench --bench changes` prints a row per run, and ends with 1 when a thousand assignments, or an apply of a thousand
//! decisions, take more than 1.3 times (requests / concurrency) × 100 ms, or when a plan of ten thousand numbers takes more
//! than 1.2 times as long as `drift`. Each is of the same run; the whole program is measured: loading, reading, sending,
//! reading back, validating, writing and committing.

#![allow(clippy::unwrap_used)] // a benchmark stops where it fails

#[allow(dead_code)] // a benchmark needs less of it than the tests
#[path = "../tests/phone/fixture.rs"]
mod fixture;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use fixture::Project;
use phone_dir::sandbox::SandboxOptions;

const LATENCY: Duration = Duration::from_millis(100);
/// How many changes the client has under way at a time.
const CONCURRENCY: u32 = 8;
/// The most that a run may take, as a multiple of its requests.
const LIMIT: f64 = 1.3;
/// Of so many numbers, production has a thousand.
const NUMBERS: usize = 1250;

/// Of so many numbers, the workspaces have ten thousand.
const PLANNED: usize = 12_500;
/// The most that a plan may take, as a multiple of `drift`, which reads and compares the same.
const PLAN_LIMIT: f64 = 1.2;

fn main() -> ExitCode {
    let project = Project::with(SandboxOptions { numbers: NUMBERS, latency: LATENCY, ..SandboxOptions::default() });
    let (list, rows) = project.everything();
    project.write("list.csv", &list);
    println!("run                 rows  requests  at a time  their time      took  ratio");
    let assign = ["bulk-assign", "list.csv", "-w", "production", "--yes", "--quiet"];
    let first = measure("assign", &project, rows, &assign);
    let again = measure("nothing left to do", &project, rows, &assign);
    let number = |row: &str| row.split(',').next().unwrap_or_default().to_owned();
    let names: String = list.lines().skip(1).map(|row| format!("{},Decided\n", number(row))).collect();
    project.write("names.csv", &format!("phone_number,nickname\n{names}"));
    project.done(&["edit", "--list", "names.csv", "-w", "production", "--quiet"]);
    let applied = measure("apply", &project, rows, &["apply", "--yes", "--quiet"]);
    // A run without changes has few requests, and none to wait for side by side: it is shown, and not judged.
    println!("the second run took {:.2} of the first", again.took.as_secs_f64() / first.took.as_secs_f64());
    let is_quick = first.ratio() <= LIMIT && applied.ratio() <= LIMIT;
    println!("limit {LIMIT}: {}", if is_quick { "met" } else { "MISSED" });
    let is_planned = plan_beside_drift() <= PLAN_LIMIT;
    println!("limit {PLAN_LIMIT}: {}", if is_planned { "met" } else { "MISSED" });
    if is_quick && is_planned || cfg!(debug_assertions) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

struct Run {
    requests: u32,
    took: Duration,
}

impl Run {
    /// What the requests alone take, as many at a time as the client allows itself.
    fn least(&self) -> Duration {
        LATENCY * self.requests / CONCURRENCY
    }

    fn ratio(&self) -> f64 {
        self.took.as_secs_f64() / self.least().as_secs_f64()
    }
}

/// How much longer a plan takes than `drift`; the quicker of two runs counts.
fn plan_beside_drift() -> f64 {
    let project = Project::with(SandboxOptions { numbers: PLANNED, ..SandboxOptions::default() });
    let time = |words: &[&str]| {
        let once = || {
            let started = Instant::now();
            project.done(words);
            started.elapsed()
        };
        once().min(once())
    };
    let (drift, plan) = (time(&["drift", "--provider", "retell"]), time(&["plan"]));
    let ratio = plan.as_secs_f64() / drift.as_secs_f64();
    println!("drift {:.2} s, plan {:.2} s, ratio {ratio:.2}", drift.as_secs_f64(), plan.as_secs_f64());
    ratio
}

fn measure(name: &str, project: &Project, rows: usize, words: &[&str]) -> Run {
    project.sandbox.clear_requests();
    let started = Instant::now();
    project.done(words);
    let took = started.elapsed();
    let run = Run { requests: u32::try_from(project.requests().len()).unwrap(), took };
    println!(
        "{name:18}  {rows:>4}  {:>8}  {:>9}  {:>8.2} s  {:>6.2} s  {:>5.2}",
        run.requests,
        project.sandbox.max_concurrency(),
        run.least().as_secs_f64(),
        took.as_secs_f64(),
        run.ratio()
    );
    run
}
