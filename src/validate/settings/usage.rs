//! What `phone-dir.toml` says of calls: how long they are kept, and from which age on an answer is too old.

use crate::activity::coverage::STALE_AFTER;
use crate::activity::time::DAY;

/// The section `[usage]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UsageSettings {
    /// For how long a call is kept, in milliseconds; its day's counts stay.
    pub keep_calls: i64,
    /// From which age on what is known is too old to answer for the present, in milliseconds.
    pub stale_after: i64,
}

impl UsageSettings {
    /// Calls are read again for three days; erased sooner, they would be counted twice.
    pub const LEAST_KEPT: i64 = 7 * DAY;
}

impl Default for UsageSettings {
    fn default() -> Self {
        Self { keep_calls: 90 * DAY, stale_after: STALE_AFTER }
    }
}
