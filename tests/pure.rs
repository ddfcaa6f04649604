//! The parts that compute: laws over generated directories, the validator's rules, the schemas, and the borders of the
//! house. Nothing here starts a program of ours.

#![allow(clippy::unwrap_used)] // a failing test should stop where it fails

mod architecture;
mod change_laws;
#[allow(dead_code)] // the end-to-end tests need more of it
mod generator;
mod reconcile;
mod schema_agreement;
#[allow(dead_code)] // the end-to-end tests need more of it
mod strategies;
mod validate;
