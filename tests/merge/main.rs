//! Tests of the keyed merge: its rules as properties, and conflicts as they are written and resolved.

#![allow(clippy::unwrap_used)] // a test that cannot go on has failed

#[path = "../strategies/mod.rs"]
mod strategies;

mod files;
mod git;
mod in_or_out;
mod project;
mod properties;
mod push;
