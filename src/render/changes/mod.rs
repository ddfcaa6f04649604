//! One rendering per file of the one [`Changes`](crate::diff::Changes) value.

pub mod agents;
pub mod commit_message;
pub mod json;
pub mod markdown;
pub mod pending;
pub mod pools;
pub mod rent;
pub mod text;
pub mod values;
pub mod words;
pub mod workspace_answers;
