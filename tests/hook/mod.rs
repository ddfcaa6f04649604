//! The git hook with real git: installing it beside whatever is there, and what it judges in every way to commit.

#![cfg(unix)]
// A test says what went wrong by where it stops.
#![allow(clippy::unwrap_used)]

mod committing;
mod fixing;
mod fixture;
mod installing;
mod merging;
mod places;
mod projects;
mod ranges;
mod rules;
