//! The directory as it stood at the end of each of the last weeks, by the first-parent history.

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::capacity::forecast::{self, Forecast, Outlook, week_bounds};
use crate::capacity::trend::PoolTrend;
use crate::capacity::{GroupMatch, GroupStock, GroupThresholds, TraitMatch};
use crate::commands::desk::Desk;
use crate::error::{ErrorKind, Result};
use crate::model::{Day, Directory, PoolName, Timestamp};
use crate::pools::{Category, Inventory};
use crate::store::git::{CommitId, GitRepository, LinePosition};

/// The moments between the last weeks, the oldest first; the last one is the present.
pub struct PastWeeks {
    /// Each moment with the directory of then.
    pub bounds: Vec<WeekBound>,
    has_history: bool,
    /// Why the history is not all here.
    pub cut_off: Option<String>,
}

/// A moment between two weeks.
pub struct WeekBound {
    pub day: Day,
    /// The directory then; none where there was none, or none that can be read.
    pub directory: Option<Rc<Directory>>,
}

impl PastWeeks {
    /// Reads the directory at each moment; the present one is given.
    pub fn read(desk: &Desk<'_>, present: &Directory) -> Result<Self> {
        let now = desk.session.now;
        let mut weeks = Self { bounds: Vec::new(), has_history: false, cut_off: None };
        weeks.bounds.push(WeekBound { day: Day::of(now), directory: Some(Rc::new(present.clone())) });
        let Some(repository) = desk.git()? else { return Ok(weeks) };
        weeks.has_history = desk.head()?.is_some();
        let mut moments = week_bounds(now.to_datetime());
        moments.pop();
        moments.reverse();
        let mut last: Option<(CommitId, Option<Rc<Directory>>)> = None;
        for (moment, position) in moments.iter().zip(repository.commits().line_at(&moments)?) {
            let directory = match (position, &last) {
                (LinePosition::At(commit), Some((known, directory))) if commit == *known => directory.clone(),
                (LinePosition::At(commit), _) => {
                    let directory = weeks.directory(&repository, &commit)?.map(Rc::new);
                    last = Some((commit, directory.clone()));
                    directory
                }
                (LinePosition::NotBegun, _) => None,
                (LinePosition::NotHere, _) => {
                    weeks.cut_off =
                        Some("this clone is shallow, and lacks the history of the last 12 weeks".to_owned());
                    None
                }
            };
            weeks.bounds.push(WeekBound { day: Day::of(Timestamp::from_datetime(*moment)), directory });
        }
        weeks.bounds.reverse();
        Ok(weeks)
    }

    /// The directory of a commit; none where it has none, or one that cannot be read.
    fn directory(&mut self, repository: &GitRepository, commit: &CommitId) -> Result<Option<Directory>> {
        let snapshot = match repository.objects().read_commit_id(commit) {
            Err(error) if error.kind() == ErrorKind::CannotTell => {
                self.cut_off = Some(error.message().to_owned());
                return Ok(None);
            }
            snapshot => snapshot?,
        };
        Ok(if snapshot.has_directory() { Directory::load(&snapshot).ok() } else { None })
    }

    /// What can be foretold of a group.
    pub fn outlook(&self, stock: &GroupStock, hosts: &BTreeSet<String>, today: Day) -> Outlook {
        if let Some(why) = &self.cut_off {
            return Outlook::CutOff(why.clone());
        }
        if !self.has_history {
            return Outlook::NoHistory;
        }
        let in_service = |bound: &WeekBound| {
            let directory = bound.directory.as_ref()?;
            Some(stock.in_service_in(&Inventory::new(directory, bound.day, hosts)))
        };
        let takings = forecast::takings(&self.bounds.iter().map(in_service).collect::<Vec<_>>());
        let forecast = Forecast::of(stock.free(), &takings, today);
        forecast.map_or(Outlook::TooShort(takings.len()), Outlook::Known)
    }

    /// A pool with its past; without one where that was not read.
    pub fn course(
        weeks: Option<&Self>,
        inventory: &Inventory<'_>,
        name: &PoolName,
        hosts: &BTreeSet<String>,
    ) -> PoolTrend {
        let group = GroupMatch { pool: TraitMatch::Is(name.clone()), ..GroupMatch::default() };
        let stock = GroupStock::of(inventory, group, GroupThresholds::default());
        let free = |bound: &WeekBound| {
            let directory = bound.directory.as_ref()?;
            let is_there = directory.pools.as_ref().is_some_and(|file| file.pools.contains_key(name));
            let inventory = Inventory::new(directory, bound.day, hosts);
            is_there.then(|| inventory.overall(name).of(Category::Free))
        };
        let bounds = weeks.iter().flat_map(|weeks| &weeks.bounds);
        let outlook = weeks.map_or(Outlook::NoHistory, |weeks| weeks.outlook(&stock, hosts, inventory.today()));
        PoolTrend {
            name: name.clone(),
            tally: inventory.overall(name),
            free: bounds.map(|bound| (bound.day, free(bound))).collect(),
            outlook,
        }
    }
}
