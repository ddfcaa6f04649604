//! A pool over the last weeks: what was free at the end of each, and what is to be expected.

use super::forecast::Outlook;
use crate::model::{Day, PoolName};
use crate::pools::Tally;

/// A pool with its past and its outlook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoolTrend {
    pub name: PoolName,
    pub tally: Tally,
    /// How many were free at the end of each of the last weeks, the oldest first; none where there was no such pool.
    pub free: Vec<(Day, Option<usize>)>,
    /// When none is left.
    pub outlook: Outlook,
}
