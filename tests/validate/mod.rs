//! The validator from outside: each rule with a project that breaks it and one that just does not, the texts
//! that are no JSON, the settings, and every output format.

// A test that cannot go on ends; clones into place would hide what a case is about.
#![allow(clippy::unwrap_used, clippy::assigning_clones)]

mod branches;
mod cases;
mod formats;
mod hostile;
mod large;
pub mod project;
mod ranges;
mod repairs;
mod rules;
mod settings;
mod texts;
