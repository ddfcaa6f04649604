//! The commands that change Retell, end to end: the real program, real git, and the sandbox over HTTP.

#![allow(clippy::unwrap_used)]

mod bulk;
mod fixture;
mod import;
mod live;
mod refusals;
mod update;
