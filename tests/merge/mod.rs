//! Tests of the keyed merge: its rules as properties, and conflicts as they are written and resolved.

#![allow(clippy::unwrap_used)] // a test that cannot go on has failed

mod files;
mod git;
mod in_memory;
mod in_or_out;
pub mod project;
mod projects;
mod properties;
mod push;
mod reviewed;
