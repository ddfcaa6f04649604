//! Random histories of a directory, for tests and benchmarks: the same seed makes the same commits.
//!
//! [`world`] holds a consistent directory and changes it as people and syncs do; [`past`] makes commits of such
//! states and of what goes wrong with them (hand edits, other tools' formatting, broken JSON, moved folders, merges);
//! [`wide`] makes a directory of any size, and [`varied`] one with all that a real one has; [`repository`] turns them into a real git repository through `git fast-import`.

#![allow(dead_code)] // each test takes the parts that it needs

pub mod past;
pub mod random;
pub mod replay;
pub mod repository;
pub mod varied;
pub mod wide;
pub mod world;
