//! Turns results into what people and programs read. Nothing here decides; nothing here does I/O.

pub mod changes;
pub mod drift;
pub mod escape;
pub mod failure;
pub mod inert;
pub mod live_number;
pub mod numbers;
pub mod show;
pub mod table;
pub mod validate;
