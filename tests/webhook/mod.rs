//! The receiver of Retell's events from outside: real HTTP, real signatures, real signals.

#![cfg(unix)]

mod core_files;
mod events;
mod page;
pub mod receiver;
mod receiving;
mod refusing;
mod verifying;
