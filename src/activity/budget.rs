//! What costs may be: over all, and for a pool's numbers.

use std::collections::BTreeMap;

use super::cost::{CostRow, Costs};
use super::money::MicroDollars;
use crate::model::pools::PoolName;

/// The amounts that `phone-dir.toml` sets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CostBudget {
    pub total: Option<MicroDollars>,
    pub pools: BTreeMap<PoolName, MicroDollars>,
}

/// One amount, and what is known to have been spent of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BudgetLine {
    /// `total`, or `pool:` and the pool's name.
    pub name: String,
    pub limit: MicroDollars,
    /// What is known of it.
    pub spent: MicroDollars,
    /// Whether more may have been spent.
    pub is_whole: bool,
}

impl BudgetLine {
    /// Whether it is more than it may be.
    pub fn is_over(&self) -> bool {
        self.spent > self.limit
    }
}

impl CostBudget {
    pub fn is_empty(&self) -> bool {
        self.total.is_none() && self.pools.is_empty()
    }

    /// Each amount beside what is spent of it.
    pub fn lines(&self, costs: &Costs) -> Vec<BudgetLine> {
        let line = |name: String, limit: MicroDollars, of: &dyn Fn(&&CostRow) -> bool, beside: MicroDollars| {
            let rows = || costs.rows.iter().filter(of);
            let spent = rows().map(CostRow::known).sum::<MicroDollars>() + beside;
            BudgetLine { name, limit, spent, is_whole: rows().all(|row| row.total().is_some()) }
        };
        let total = self.total.map(|limit| line("total".to_owned(), limit, &|_| true, costs.beside_rows()));
        let pools = self.pools.iter().map(|(pool, limit)| {
            let is_of = |row: &&CostRow| row.pool.as_ref() == Some(pool);
            line(format!("pool:{pool}"), *limit, &is_of, MicroDollars::default())
        });
        total.into_iter().chain(pools).collect()
    }
}
