//! Which free numbers of a pool are taken: the same ones on every machine for the same commit.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::inventory::{Inventory, Tally};
use super::obstacle::Obstacle;
use crate::model::pools::{PoolName, TakingOrder};
use crate::model::{PhoneNumber, Timestamp, WorkspaceName};

/// When each number was last in use in a workspace, as far as the history tells; one that is not here never was.
pub type LastUses = BTreeMap<PhoneNumber, Timestamp>;

/// A free number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub phone_number: PhoneNumber,
    /// When its last use ended; none where it was never used.
    pub free_since: Option<Timestamp>,
}

/// The free numbers of a pool in the order in which they are taken, and why the others are not free.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The free numbers, the first to be taken first.
    pub ranking: Vec<Candidate>,
    /// All numbers of the pool, counted.
    pub tally: Tally,
}

impl Choice {
    /// Ranks the numbers of a pool in a workspace that `admits` lets through.
    pub fn of(
        inventory: &Inventory<'_>,
        (name, workspace): (&PoolName, &WorkspaceName),
        last_uses: &LastUses,
        admits: impl Fn(PhoneNumber) -> bool,
    ) -> Self {
        let order = inventory.pools().and_then(|file| file.pools.get(name)).map(|pool| pool.order());
        let order = order.unwrap_or(TakingOrder::OldestFreeFirst);
        let (mut ranking, mut tally) = (Vec::new(), Tally::default());
        for (number, _) in inventory.members_of(name) {
            let left_out = || (!admits(number)).then_some(Obstacle::LeftOut);
            let obstacle = inventory.obstacle(number, workspace).or_else(left_out);
            tally.add(obstacle);
            if obstacle.is_none() {
                ranking.push(Candidate { phone_number: number, free_since: last_uses.get(&number).copied() });
            }
        }
        ranking.sort_by(|one, other| compare(order, one, other));
        Self { ranking, tally }
    }

    /// The first numbers of the ranking.
    pub fn first(&self, count: usize) -> &[Candidate] {
        &self.ranking[..count.min(self.ranking.len())]
    }
}

fn compare(order: TakingOrder, one: &Candidate, other: &Candidate) -> Ordering {
    let by_use = match order {
        // `None` comes before every moment.
        TakingOrder::OldestFreeFirst => one.free_since.cmp(&other.free_since),
        TakingOrder::ByNumber => Ordering::Equal,
    };
    by_use.then(one.phone_number.cmp(&other.phone_number))
}
