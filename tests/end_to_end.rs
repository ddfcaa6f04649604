//! The built programs, the store and the providers from outside: real git, real HTTP on loopback, real terminals.

#![allow(clippy::unwrap_used)] // a failing test should stop where it fails

#[cfg(unix)]
mod calls_store;
mod capacity;
mod cli;
mod comparisons;
mod contract;
mod cost;
mod generator;
mod history_agreement;
mod hook;
mod merge;
mod phone;
mod providers;
mod queries;
mod readme;
mod sandbox;
mod setup;
mod shells;
mod store;
mod strategies;
#[cfg(unix)]
mod terminal;
mod usage;
mod webhook;
