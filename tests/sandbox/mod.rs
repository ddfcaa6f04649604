//! The sandbox over real HTTP: paging, authentication, errors, changes and faults of both providers' APIs.
//!
//! `tests/contract/official_clients.py` judges the same server with the providers' own clients.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

mod control;
mod documents;
mod faults;
pub mod http;
mod retell;
mod twilio;
