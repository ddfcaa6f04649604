//! What a directory has in its pools on a day.

use std::collections::{BTreeMap, BTreeSet};

use super::obstacle::{self, Category, Obstacle};
use crate::model::pools::{Member, Pool, PoolName, PoolsFile};
use crate::model::{Day, Directory, PhoneNumber, Settings, WorkspaceName};

/// A directory, a day, and the hosts beside Retell's that trunks may send calls to.
#[derive(Clone, Copy, Debug)]
pub struct Inventory<'a> {
    directory: &'a Directory,
    today: Day,
    hosts: &'a BTreeSet<String>,
    account_is_known: bool,
}

/// How many numbers there are of each category, and why those that are not free are not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub total: usize,
    /// By category; one without numbers is left out.
    pub by_category: BTreeMap<Category, usize>,
    /// By obstacle; one without numbers is left out.
    pub obstacles: BTreeMap<Obstacle, usize>,
}

impl Tally {
    pub fn add(&mut self, obstacle: Option<Obstacle>) {
        self.total += 1;
        let category = obstacle.map_or(Category::Free, Obstacle::category);
        *self.by_category.entry(category).or_default() += 1;
        if let Some(obstacle) = obstacle {
            *self.obstacles.entry(obstacle).or_default() += 1;
        }
    }

    pub fn of(&self, category: Category) -> usize {
        self.by_category.get(&category).copied().unwrap_or_default()
    }

    /// Why those that are not free are not, in words: `2 reserved, 1 with a webhook`. Empty where all are.
    pub fn why_not(&self) -> String {
        let counted = self.obstacles.iter().map(|(obstacle, count)| format!("{count} {}", obstacle.words()));
        counted.collect::<Vec<_>>().join(", ")
    }
}

impl<'a> Inventory<'a> {
    pub fn new(directory: &'a Directory, today: Day, hosts: &'a BTreeSet<String>) -> Self {
        let account_is_known = directory.master.numbers.values().any(|entry| entry.twilio.is_some());
        Self { directory, today, hosts, account_is_known }
    }

    pub fn directory(&self) -> &'a Directory {
        self.directory
    }

    pub fn today(&self) -> Day {
        self.today
    }

    pub fn pools(&self) -> Option<&'a PoolsFile> {
        self.directory.pools.as_ref()
    }

    pub fn workspaces_of(&self, pool: &Pool) -> Vec<WorkspaceName> {
        workspaces_of(self.directory, pool)
    }

    /// What keeps a number, in a pool or in none, from being taken in a workspace.
    pub fn obstacle(&self, number: PhoneNumber, workspace: &WorkspaceName) -> Option<Obstacle> {
        let member = self.pools().and_then(|file| file.members.get(&number));
        let pool = member.and_then(|member| self.pools()?.pools.get(&member.pool));
        self.judge(number, member, pool, workspace)
    }

    fn judge(
        &self,
        number: PhoneNumber,
        member: Option<&Member>,
        pool: Option<&Pool>,
        workspace: &WorkspaceName,
    ) -> Option<Obstacle> {
        let Some(entry) = self.directory.number(number) else { return Some(Obstacle::UnknownNumber) };
        let registered = self.directory.workspaces.get(workspace).and_then(|files| files.registered(number));
        let Some(registered) = registered else { return Some(Obstacle::NotImported) };
        let settings = Settings::of_directory(self.directory, workspace, number);
        let in_retell = || registered.live.as_ref().and_then(|live| obstacle::of_settings(live.is()));
        let deciding = settings.as_ref().and_then(obstacle::of_settings).or_else(in_retell);
        let state = || member.and_then(|member| member.state_on(self.today)).map(obstacle::of_state);
        let line = || obstacle::of_line(entry, registered, self.account_is_known, self.hosts);
        let accepted = || pool.and_then(|pool| obstacle::of_pool(pool, entry));
        deciding.or_else(state).or_else(line).or_else(accepted)
    }

    /// Counts the numbers of a pool in a workspace.
    pub fn tally(&self, name: &PoolName, workspace: &WorkspaceName) -> Tally {
        let mut tally = Tally::default();
        for (number, _) in self.members_of(name) {
            tally.add(self.obstacle(number, workspace));
        }
        tally
    }

    /// Counts the numbers of a pool, each once: by what says most of it in any of the pool's workspaces.
    pub fn overall(&self, name: &PoolName) -> Tally {
        let mut tally = Tally::default();
        let Some(pool) = self.pools().and_then(|file| file.pools.get(name)) else { return tally };
        let workspaces = self.workspaces_of(pool);
        for (number, _) in self.members_of(name) {
            tally.add(self.weightiest(number, &workspaces));
        }
        tally
    }

    /// What says most of a number in several workspaces: that it is in service in one, else that it is free in one.
    pub fn weightiest(&self, number: PhoneNumber, workspaces: &[WorkspaceName]) -> Option<Obstacle> {
        let obstacles = workspaces.iter().map(|workspace| self.obstacle(number, workspace));
        let rank = |obstacle: &Option<Obstacle>| obstacle.map_or(Category::Free, Obstacle::category).rank();
        obstacles.min_by_key(rank).unwrap_or(Some(Obstacle::NotImported))
    }

    pub fn members_of(&self, name: &PoolName) -> impl Iterator<Item = (PhoneNumber, &'a Member)> {
        self.pools().into_iter().flat_map(move |file| file.members_of(name))
    }
}

/// The workspaces of a pool: those that it names, else those in force.
pub fn workspaces_of(directory: &Directory, pool: &Pool) -> Vec<WorkspaceName> {
    if pool.workspaces.is_empty() {
        return directory.workspace_names().into_iter().collect();
    }
    pool.workspaces.iter().cloned().collect::<BTreeSet<_>>().into_iter().collect()
}
