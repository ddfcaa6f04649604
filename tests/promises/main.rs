//! What docs/promises.md promises about reliability and security, shown on the built program: one file a promise.
//!
//! Each has a sample that takes seconds, and a long version that `tests/promises/run` starts; its tests are ignored in an
//! ordinary run.

#![cfg(unix)]
#![allow(clippy::unwrap_used)] // a failing test should stop where it fails

mod applies;
mod calls;
mod certificates;
mod concurrency;
mod crash;
mod crash_courses;
mod crash_git;
mod disk;
#[path = "../cli/fixture.rs"]
#[allow(dead_code)] // other tests need more of it
mod fixture;
mod hostile_files;
mod programs;
mod provider_faults;
mod pulls;
#[path = "../generator/random.rs"]
#[allow(dead_code)]
mod random;
#[path = "../webhook/receiver.rs"]
#[allow(dead_code)]
mod receiver;
mod repositories;
mod secrets;
mod supply_chain;

/// Where what is shared with the other tests finds the fixture.
mod cli {
    pub(crate) use crate::fixture;
}

use std::time::{SystemTime, UNIX_EPOCH};

use random::Random;

/// What decides all random choices of a run; without it, every run makes its own.
const SEED: &str = "PHONE_DIR_SEED";

/// Random choices, which the seed that is printed repeats.
fn dice() -> Random {
    let now = || u64::from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().subsec_nanos());
    let seed = std::env::var(SEED).map_or_else(|_| now(), |seed| seed.parse().unwrap());
    eprintln!("{SEED}={seed} repeats this");
    Random::new(seed)
}
