//! The answering commands as people and scripts run them: the program itself, on projects in a temporary folder.

#![allow(clippy::unwrap_used)] // a failing test should stop where it fails

mod choosing;
mod edit;
mod formats;
mod golden;
mod project;
mod report;
mod status;
