//! What a directory is told as a whole: the counts of a report, and the state of a project with its next step.
//!
//! Pure. It stands above what answers for a number ([`crate::query`]), for a decision and for a rule.

pub mod clone;
pub mod report;
pub mod status;
