//! Tests of the keyed merge: its rules as properties, and conflicts as they are written and resolved.

#[path = "../strategies/mod.rs"]
mod strategies;

mod files;
mod properties;
