//! The built programs from outside: what they print, how they end, and what they leave on disk and in git.
//!
//! Each test has a project of its own in a temporary folder, a sealed environment, a fixed clock and, where it asks a
//! provider, a sandbox of its own.

#![cfg(unix)]
#![allow(clippy::unwrap_used)] // a failing test should stop where it fails

mod agent_folders;
mod applying;
mod asking;
mod bad_input;
mod coming_back;
mod committing;
mod dead_lines;
mod deciding;
mod demo;
mod disk;
mod editing;
#[allow(dead_code)] // the promises take parts that these tests do not
pub mod fixture;
mod foreign_files;
mod hourly;
mod incomplete;
mod initialising;
mod kept_comparisons;
mod meeting;
mod migration;
mod narrow;
mod opening;
mod proxies;
mod rails;
mod reading_once;
mod retell;
mod subaccounts;
mod syncing;
mod workspaces;
