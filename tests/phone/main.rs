//! The commands that change Retell, end to end: the real program, real git, and the sandbox over HTTP.

#![allow(clippy::unwrap_used)]

mod bulk;
mod drift;
mod fixture;
mod import;
mod live;
mod promote;
mod refusals;
mod rollback;
mod terminal;
mod update;
