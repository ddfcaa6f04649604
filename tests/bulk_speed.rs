//! How long a thousand changes take; a test program of its own, so that no other test runs beside it.

#![allow(clippy::unwrap_used)]

#[allow(dead_code)] // the other tests use the rest
#[path = "phone/fixture.rs"]
mod fixture;

use std::time::{Duration, Instant};

use phone_dir::sandbox::SandboxOptions;

use fixture::Project;

#[test]
fn a_thousand_numbers_take_little_longer_than_their_requests() {
    let latency = Duration::from_millis(100);
    let project = Project::with(SandboxOptions { numbers: 1250, latency, ..SandboxOptions::default() });
    let (list, rows) = project.everything();
    project.write("list.csv", &list);
    let start = Instant::now();
    project.done(&["bulk-assign", "list.csv", "-w", "production", "--yes", "--quiet"]);
    let took = start.elapsed();
    assert_eq!(project.changes_sent(), rows);
    assert_eq!(project.sandbox.max_concurrency(), 8);
    if is_busy() {
        eprintln!("not judged: this machine is busy with other work, and it took {took:?}");
        return;
    }
    let least = latency * u32::try_from(project.requests().len()).unwrap() / 8;
    assert!(took < least.mul_f64(1.3), "{rows} rows: {took:?}, and their requests {least:?}");
}

/// Whether more runs here than there are processors for; then time says nothing about the program.
fn is_busy() -> bool {
    let load = std::fs::read_to_string("/proc/loadavg").ok();
    let load: Option<f64> = load.and_then(|text| text.split(' ').next()?.parse().ok());
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    load.is_some_and(|load| load > f64::from(u32::try_from(processors).unwrap()))
}
