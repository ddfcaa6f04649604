//! Turns results into what people and programs read. Nothing here decides; nothing here does I/O.

pub mod changes;
pub mod conflicts;
pub mod cost;
pub mod csv;
pub mod decisions;
pub mod doctor;
pub mod drift;
pub mod escape;
pub mod facts;
pub mod failure;
pub mod history;
pub mod hook_status;
pub mod live_number;
pub mod markdown;
pub mod numbers;
pub mod outstanding;
pub mod plan;
pub mod pools;
pub mod report;
pub mod show;
pub mod status;
pub mod table;
pub mod trunks;
pub mod usage;
pub mod validate;
pub mod workspaces;
