//! What happens on a pool's numbers, and what they cost, as far as it is known.

use super::counts::CallCounts;
use super::money::MicroDollars;
use super::rent::{NumberSeller, RentList};
use super::traffic::Traffic;
use crate::model::{Directory, ImportMethod, PhoneNumber, WorkspaceName};

/// What the calls and the costs of pools follow from.
#[derive(Clone, Copy, Debug)]
pub struct PoolActivity<'a> {
    /// The calls of each line.
    pub traffic: &'a Traffic,
    /// What numbers cost a month.
    pub rents: RentList<'a>,
}

/// The sums of a pool; none for what is not known of one of its numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoolSums {
    /// Calls of the last 30 days, in the workspaces whose calls are known.
    pub calls: Option<u64>,
    /// What those cost whose cost is known.
    pub cost: Option<MicroDollars>,
    /// The rent of a month.
    pub rent: Option<MicroDollars>,
}

impl PoolActivity<'_> {
    /// The sums over numbers in workspaces.
    pub fn sums(&self, directory: &Directory, numbers: &[PhoneNumber], workspaces: &[WorkspaceName]) -> PoolSums {
        let mut counts = Some(CallCounts::default());
        for workspace in workspaces {
            for number in numbers {
                let line = self.traffic.of_line(workspace, *number);
                counts = counts.zip(line).map(|(mut sum, line)| {
                    sum.add(&line.counts);
                    sum
                });
            }
        }
        let rent = |number: &PhoneNumber| {
            let entry = directory.number(*number)?;
            let mut methods =
                directory.workspaces.values().filter_map(|files| Some(files.registered(*number)?.import_method));
            let bought = methods.find(|method| *method == ImportMethod::DirectPurchase);
            self.rents.monthly(entry, NumberSeller::of(bought)).ok()
        };
        PoolSums {
            calls: counts.as_ref().map(|counts| counts.calls),
            cost: counts.as_ref().and_then(CallCounts::known_cost),
            rent: numbers.iter().map(rent).sum(),
        }
    }
}
