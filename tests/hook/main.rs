//! The git hook with real git: installing it beside whatever is there, and what it judges in every way to commit.

#![cfg(unix)]

mod committing;
mod fixture;
mod installing;
mod merging;
mod places;
