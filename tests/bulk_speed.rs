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
    let least = latency * u32::try_from(project.requests().len()).unwrap() / 8;
    assert!(took < least.mul_f64(1.3), "{rows} rows: {took:?}, and their requests {least:?}");
}
