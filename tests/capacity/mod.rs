//! Capacity from outside: what is free and for how long, over git's history; calls at a time, over the sandbox and the
//! store of calls.

mod concurrency;
mod finding;
mod numbers;
mod races;
mod settings;

use phone_dir::sandbox::SandboxOptions;
use serde_json::Value;

use crate::cli::fixture::Project;

/// Numbers of staging that nothing answers.
pub const FREE: [&str; 2] = ["+14155550110", "+16505550114"];
/// Numbers of staging with an agent.
pub const BUSY: [&str; 6] =
    ["+14155550101", "+14155550102", "+14155550103", "+14155550104", "+12125550105", "+17025550115"];

/// A synced project, with a pool of numbers of staging.
pub fn with_pool(numbers: &[&str]) -> Project {
    with_pool_over(SandboxOptions::default(), numbers)
}

/// The same, over another sandbox.
pub fn with_pool_over(options: SandboxOptions, numbers: &[&str]) -> Project {
    let project = Project::synced_with(options);
    project.succeed(&["pools", "create", "sales", "--purpose", "campaigns", "-w", "staging", "--quiet"]);
    project.succeed(&[&["pools", "add", "sales", "--quiet"], numbers].concat());
    project
}

/// Lets the time of commands and of their commits be `weeks` after the project's beginning.
pub fn at_week(project: &mut Project, weeks: i64) {
    let start: chrono::DateTime<chrono::Utc> = crate::cli::fixture::LATER.parse().unwrap();
    let moment = (start + chrono::TimeDelta::weeks(weeks)).format("%Y-%m-%dT%H:%M:%SZ").to_string();
    for name in ["PHONE_DIR_NOW", "GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"] {
        project.place.set(name, moment.clone());
    }
}

/// The answer's only group of a pool.
pub fn pool<'a>(answer: &'a Value, name: &str) -> &'a Value {
    answer["groups"].as_array().unwrap().iter().find(|group| group["match"]["pool"] == name).unwrap()
}
