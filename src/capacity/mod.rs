//! Capacity: how many numbers of a group are free, at which rate they are taken, and how near a limit calls come.
//!
//! Pure: the directory, its past states, the day, and what Retell and the store of calls say are inputs. What "free" means
//! is decided in [`crate::pools`] alone. [`group`] says which numbers count together, [`stock`] counts them, [`forecast`]
//! tells when they run out, [`concurrency`] and [`now`] measure calls against their limit, [`verdict`] holds it against the
//! thresholds, and [`report`] is the whole answer.

pub mod concurrency;
pub mod forecast;
pub mod group;
pub mod now;
pub mod offer;
pub mod report;
pub mod stock;
pub mod trend;
pub mod verdict;

pub use concurrency::{ConcurrencyThresholds, WorkspaceConcurrency};
pub use forecast::{Forecast, Outlook, WeeklyRate};
pub use group::{GroupMatch, GroupThresholds, GroupedBy, TraitMatch};
pub use report::{CapacityReport, JudgedConcurrency, JudgedGroup};
pub use stock::GroupStock;
pub use verdict::{CapacityVerdict, CrossedThreshold, Judgement};
