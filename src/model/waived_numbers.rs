//! The numbers about which a rule says nothing.

use std::collections::BTreeSet;

use super::PhoneNumber;

/// For which numbers a project waives a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WaivedNumbers {
    /// For every number: the rule is switched off.
    All,
    Only(BTreeSet<PhoneNumber>),
}

impl WaivedNumbers {
    pub fn contains(&self, number: PhoneNumber) -> bool {
        match self {
            Self::All => true,
            Self::Only(numbers) => numbers.contains(&number),
        }
    }
}
