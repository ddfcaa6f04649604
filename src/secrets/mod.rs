//! Finds passwords, tokens and keys in texts, and masks them: for the rule about them, and for all that is printed.

mod encoded;
mod prose;
mod scan;

pub use scan::{Secret, all, masked, patterns};
