//! How many numbers of a group there are of each category, now and at another time.

use std::collections::BTreeSet;

use super::group::{GroupMatch, GroupThresholds};
use crate::model::{PhoneNumber, WorkspaceName};
use crate::pools::{Category, Inventory, Obstacle, Tally};

/// A group with its numbers, counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupStock {
    pub group: GroupMatch,
    /// When it is short of them.
    pub thresholds: GroupThresholds,
    /// The numbers that it counts, each with the workspaces in which it is judged.
    pub numbers: Vec<(PhoneNumber, Vec<WorkspaceName>)>,
    pub tally: Tally,
}

impl GroupStock {
    pub fn of(inventory: &Inventory<'_>, group: GroupMatch, thresholds: GroupThresholds) -> Self {
        Self::counted(inventory, group, thresholds, &mut BTreeSet::new())
    }

    /// Counts groups in their order: the first that matches a number in a workspace counts it there.
    pub fn in_order(inventory: &Inventory<'_>, groups: &[(GroupMatch, GroupThresholds)]) -> Vec<Self> {
        let mut counted = BTreeSet::new();
        let count = |(group, thresholds): &(GroupMatch, GroupThresholds)| {
            Self::counted(inventory, group.clone(), *thresholds, &mut counted)
        };
        groups.iter().map(count).collect()
    }

    fn counted(
        inventory: &Inventory<'_>,
        group: GroupMatch,
        thresholds: GroupThresholds,
        counted: &mut BTreeSet<(PhoneNumber, WorkspaceName)>,
    ) -> Self {
        let directory = inventory.directory();
        let workspaces = group.workspaces(directory);
        let members = inventory.pools().into_iter().flat_map(|file| file.members.keys());
        let numbers: BTreeSet<PhoneNumber> = directory.master.numbers.keys().chain(members).copied().collect();
        let mut stock = Self { group, thresholds, numbers: Vec::new(), tally: Tally::default() };
        for number in numbers.into_iter().filter(|number| stock.group.admits(directory, *number)) {
            let is_new = |name: &&WorkspaceName| counted.insert((number, (*name).clone()));
            let own: Vec<_> = workspaces.iter().filter(is_new).cloned().collect();
            if !own.is_empty() {
                stock.tally.add(inventory.weightiest(number, &own));
                stock.numbers.push((number, own));
            }
        }
        stock
    }

    pub fn free(&self) -> usize {
        self.tally.of(Category::Free)
    }

    /// How many of its numbers were in service in a directory of another time.
    pub fn in_service_in(&self, inventory: &Inventory<'_>) -> usize {
        let is_in_service = |(number, workspaces): &&(PhoneNumber, Vec<WorkspaceName>)| {
            let obstacle = inventory.weightiest(*number, workspaces);
            obstacle.is_some_and(|obstacle: Obstacle| obstacle.category() == Category::InService)
        };
        self.numbers.iter().filter(is_in_service).count()
    }
}
