//! What `phone-dir.toml` says of costs: what no API tells, and how much they may be.

use std::collections::BTreeMap;

use crate::activity::budget::CostBudget;
use crate::activity::money::MicroDollars;
use crate::model::{NumberType, WorkspaceName};

/// The section `[cost]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CostSettings {
    /// What Retell takes a month for a number that it sold, by kind.
    pub retell_numbers: BTreeMap<NumberType, MicroDollars>,
    /// In whose row a number's rent stands, the first that has it.
    pub rent_to: Vec<WorkspaceName>,
    /// Whether the price list is committed, rather than kept beside the store of calls.
    pub commit_prices: bool,
    /// What is paid a month whichever numbers there are, by name; no API says so.
    pub fees: BTreeMap<String, MicroDollars>,
    /// What a month may cost.
    pub budget: CostBudget,
}

impl Default for CostSettings {
    fn default() -> Self {
        let [_, production] = WorkspaceName::default_pair();
        Self {
            retell_numbers: BTreeMap::new(),
            rent_to: vec![production],
            commit_prices: true,
            fees: BTreeMap::new(),
            budget: CostBudget::default(),
        }
    }
}
