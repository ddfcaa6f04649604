//! The parts that compute: laws over generated directories, the validator's rules, the schemas, and the borders of the
//! house. Nothing here starts a program of ours.

#![allow(clippy::unwrap_used)] // a failing test should stop where it fails

mod architecture;
mod change_kinds;
mod change_laws;
mod change_lists;
mod change_plans;
mod decision_laws;
mod derived;
mod forecasts;
mod generator;
mod history_in_memory;
mod merge_cases;
mod merge_decisions;
mod pools;
mod reconcile;
mod schema_agreement;
mod strategies;
mod text_layout;
mod validate;
mod variety;
