//! Pools: which of their numbers are free in a workspace, why the others are not, and which are taken first.
//!
//! Pure: the directory, the day and the history are inputs. [`obstacle`] says what keeps one number from being taken,
//! [`inventory`] counts a pool by it, and [`choice`] ranks what is free.

pub mod choice;
pub mod inventory;
pub mod obstacle;

pub use choice::{Candidate, Choice};
pub use inventory::{Inventory, Tally};
pub use obstacle::{Category, Obstacle};
