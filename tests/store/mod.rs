//! The store against real repositories, made by the real `git`, in a sealed environment.

// A test says what went wrong by where it stops.
#![allow(clippy::unwrap_used)]

mod committing;
mod driver;
mod fixture;
mod hooks;
mod packs;
mod reading;
// The faults that it needs exist in debug builds only.
#[cfg(debug_assertions)]
mod recovery;
mod refusals;
mod sent_along;
mod transactions;
mod worktree;
