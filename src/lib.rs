//! phone-dir keeps a team's phone numbers, and the agents that answer them, as JSON files in its git repository.
//!
//! The arrows of the code run one way (CONTRIBUTING.md has the map):
//! `document ← model ← {validate, diff, reconcile, merge} ← {store, providers, render} ← commands ← main`.

pub mod activity;
pub mod capacity;
pub mod change;
pub mod clone;
pub mod commands;
pub mod decision;
pub mod diff;
pub mod document;
pub mod drift;
pub mod error;
pub mod history;
pub mod inert;
pub mod merge;
pub mod model;
pub mod plan;
mod plural;
pub mod pools;
pub mod providers;
pub mod query;
pub mod reconcile;
pub mod render;
pub mod reporting;
pub mod sandbox;
pub mod schema;
pub mod secrets;
mod side_by_side;
pub mod snapshot;
pub mod store;
pub mod validate;
pub mod webhook;
mod words;

/// The allocator of both programs and of the benchmarks; `Cargo.toml` has the reason.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
