//! Turns results into what people and programs read. Nothing here decides; nothing here does I/O.

pub mod changes;
pub mod escape;
pub mod failure;
pub mod history;
pub mod inert;
pub mod numbers;
pub mod show;
pub mod table;
pub mod validate;
