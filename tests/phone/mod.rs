//! The commands that change Retell, end to end: the real program, real git, and the sandbox over HTTP.

#![allow(clippy::unwrap_used)]

mod asking;
mod bulk;
mod compare_live;
mod drift;
mod fixture;
mod import;
mod live;
mod pools;
mod promote;
mod refusals;
mod rollback;
mod update;
