//! What `phone-dir.toml` says of capacity: when groups of numbers, and calls at a time, are short.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::capacity::{ConcurrencyThresholds, GroupMatch, GroupThresholds};
use crate::model::WorkspaceName;

/// The section `[capacity]`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CapacitySettings {
    /// The groups, in the order of the file.
    pub groups: Vec<ConfiguredGroup>,
    /// The thresholds of calls at a time, by workspace.
    pub concurrency: BTreeMap<WorkspaceName, ConfiguredConcurrency>,
}

/// One `[[capacity.group]]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfiguredGroup {
    pub group: GroupMatch,
    pub thresholds: GroupThresholds,
    /// Its bytes in the file.
    pub span: Range<usize>,
}

/// One `[capacity.concurrency.WORKSPACE]`.
#[derive(Clone, Debug, PartialEq)]
pub struct ConfiguredConcurrency {
    pub thresholds: ConcurrencyThresholds,
    /// Its name's bytes in the file.
    pub span: Range<usize>,
}

impl CapacitySettings {
    /// The thresholds of exactly this group.
    pub fn thresholds_of(&self, group: &GroupMatch) -> GroupThresholds {
        let own = self.groups.iter().find(|configured| configured.group == *group);
        own.map(|configured| configured.thresholds).unwrap_or_default()
    }
}
