//! The receiver of Retell's events from outside: real HTTP, real signatures, real signals.

#![cfg(unix)]

mod events;
mod page;
mod receiver;
mod receiving;
mod refusing;
mod verifying;
