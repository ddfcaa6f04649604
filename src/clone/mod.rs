//! What a clone needs beside the files that git brings along: the hook, attributes and drivers, and what is amiss without them.
//!
//! Pure: it says how the pieces look. `setup` and `hook` put them in place, and `doctor` looks for them.

pub mod attributes;
pub mod block;
pub mod checks;
pub mod drivers;
pub mod findings;
pub mod hook;
pub mod prettier;
pub mod setup;
pub mod strangers;
