//! A plan: which settings of which numbers are to be what at Retell, and what each was when that was planned.
//!
//! [`Plan::of`] makes one from what Retell has and what is wanted; [`file`] is its form as JSON, whose id is a digest of
//! everything that decides; [`binding`] says what becomes of an item when Retell is read again, and [`risks`] what a plan
//! as a whole must not do without its flag. Nothing here asks a provider, git or the clock.

pub mod binding;
pub mod file;
pub mod risks;

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;

use crate::change::{Edit, Impossible};
use crate::decision::Registration;
use crate::error::{Error, Result};
use crate::model::{PhoneNumber, Setting, Settings, Timestamp, WorkspaceName};
use crate::words::word_enum;

/// How long a plan may be applied, in hours.
pub const LIFETIME: i64 = 24;
/// How far the clocks of two machines may be apart, in minutes.
const SKEW: i64 = 10;

word_enum! {
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub enum PlannedAction {
        /// Settings of a number of the workspace change.
        Update = "update",
    }
}

/// One number in one workspace, with the settings that are to change.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanItem {
    /// Its place in the plan, from 1.
    pub id: u64,
    pub action: PlannedAction,
    pub workspace: WorkspaceName,
    pub phone_number: PhoneNumber,
    /// The settings that change; the others of `set` and `was` have no meaning.
    pub asked: BTreeSet<Setting>,
    /// What they are to be.
    pub set: Settings,
    /// What Retell had when this was planned.
    pub was: Settings,
    /// What happens, for people; no part of the id.
    pub words: String,
}

impl PlanItem {
    /// The number in its workspace.
    pub fn registration(&self) -> Registration {
        (self.workspace.clone(), self.phone_number)
    }

    /// What is asked of Retell.
    pub fn edit(&self) -> Edit {
        let mut edit = Edit::new(crate::change::Action::Update, self.workspace.clone(), self.phone_number);
        self.asked.iter().for_each(|setting| edit.ask(*setting, &self.set));
        edit
    }
}

/// Where a plan was made, and until when it holds.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanOrigin {
    pub created: Timestamp,
    /// After this it is not applied any more.
    pub expires: Timestamp,
    /// The commit that says what is wanted; none outside of git.
    pub base: Option<String>,
    /// The command.
    pub source: String,
}

impl PlanOrigin {
    /// The time of a plan that is made now.
    pub fn of(now: Timestamp, base: Option<String>, source: &str) -> Self {
        Self { created: now, expires: last_moment(now), base, source: source.to_owned() }
    }

    /// Checks that the plan still holds; no part of its id tells the time, so that it is no promise of the file alone.
    ///
    /// # Errors
    /// Fails after its time, and for one that says that it holds longer than a plan does, or is from a time to come.
    pub fn check(&self, now: Timestamp) -> Result<()> {
        let again = "make it again with `phone-dir plan`";
        if self.expires > last_moment(self.created) {
            return Err(
                Error::failed(format!("the plan says that it holds for more than {LIFETIME} hours")).hint(again)
            );
        }
        if now > self.expires {
            return Err(Error::failed(format!("the plan expired at {}", self.expires)).hint(again));
        }
        let skewed = Timestamp::from_datetime(now.to_datetime() + TimeDelta::minutes(SKEW));
        if self.created > skewed {
            return Err(Error::failed(format!("the plan is from a time to come, {}", self.created))
                .hint("look at the clock of this machine, or make the plan again"));
        }
        Ok(())
    }
}

fn last_moment(created: Timestamp) -> Timestamp {
    Timestamp::from_datetime(created.to_datetime() + TimeDelta::hours(LIFETIME))
}

/// What a flag of the planner allows: workspaces or numbers, by the flag.
pub type PlanAllowance = BTreeMap<String, BTreeSet<String>>;

#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    pub origin: PlanOrigin,
    /// The organisation behind each workspace's key; none where Retell did not tell.
    pub workspaces: BTreeMap<WorkspaceName, Option<String>>,
    pub allow: PlanAllowance,
    /// What is to be done, by workspace and number.
    pub items: Vec<PlanItem>,
    /// What is wanted and cannot be done.
    pub impossible: Vec<Impossible>,
}

impl Plan {
    /// Plans what differs between Retell and what is wanted; what Retell has already is no item, and a number that it
    /// does not have is impossible.
    pub fn of(
        origin: PlanOrigin,
        workspaces: BTreeMap<WorkspaceName, Option<String>>,
        live: &BTreeMap<Registration, Settings>,
        wanted: &[Edit],
        words: &dyn Fn(&Edit, &Settings) -> String,
    ) -> Self {
        let mut plan =
            Self { origin, workspaces, allow: PlanAllowance::new(), items: Vec::new(), impossible: Vec::new() };
        let mut wanted: Vec<&Edit> = wanted.iter().collect();
        wanted.sort_by_key(|edit| (edit.workspace.clone(), edit.phone_number));
        for edit in wanted {
            plan.want(edit, live.get(&(edit.workspace.clone(), edit.phone_number)), words);
        }
        plan
    }

    fn want(&mut self, edit: &Edit, live: Option<&Settings>, words: &dyn Fn(&Edit, &Settings) -> String) {
        let Some(was) = live else {
            return self.impossible.push(Impossible {
                phone_number: edit.phone_number,
                workspace: edit.workspace.clone(),
                message: "Retell does not have it in this workspace".to_owned(),
            });
        };
        let asked: BTreeSet<Setting> =
            edit.asked.iter().copied().filter(|setting| !edit.target.agrees(was, *setting)).collect();
        if asked.is_empty() {
            return;
        }
        if let Err(objection) = (Edit { asked: asked.clone(), ..edit.clone() }).check_alone() {
            return self.impossible.push(Impossible {
                phone_number: edit.phone_number,
                workspace: edit.workspace.clone(),
                message: objection.message,
            });
        }
        let mut item = PlanItem {
            id: self.items.len() as u64 + 1,
            action: PlannedAction::Update,
            workspace: edit.workspace.clone(),
            phone_number: edit.phone_number,
            set: Settings::default(),
            was: Settings::default(),
            words: words(edit, was),
            asked,
        };
        for setting in item.asked.iter().copied().collect::<Vec<_>>() {
            item.set.take(&edit.target, setting);
            item.was.take(was, setting);
        }
        self.items.push(item);
    }

    /// The workspaces of which it has items.
    pub fn names(&self) -> BTreeSet<WorkspaceName> {
        self.items.iter().map(|item| item.workspace.clone()).collect()
    }

    /// Keeps the items of these numbers alone.
    pub fn only(&mut self, numbers: &BTreeSet<PhoneNumber>) {
        self.items.retain(|item| numbers.contains(&item.phone_number));
        self.impossible.retain(|it| numbers.contains(&it.phone_number));
    }
}

#[cfg(test)]
pub(super) mod fixture {
    use super::*;
    use crate::change::Action;

    pub fn named(name: &str) -> Settings {
        Settings { nickname: Some(name.to_owned()), ..Settings::default() }
    }

    pub fn registration(number: &str) -> Registration {
        (WorkspaceName::parse("production").unwrap(), PhoneNumber::parse(number).unwrap())
    }

    pub fn wish(number: &str, name: &str) -> Edit {
        let (workspace, phone_number) = registration(number);
        let mut edit = Edit::new(Action::Update, workspace, phone_number);
        edit.ask(Setting::Nickname, &named(name));
        edit
    }

    pub fn plan(wishes: &[(&str, &str)]) -> Plan {
        let origin = PlanOrigin {
            created: Timestamp::parse("2026-11-28T10:00:00Z").unwrap(),
            expires: Timestamp::parse("2026-11-29T10:00:00Z").unwrap(),
            base: Some("0123456789abcdef0123456789abcdef01234567".to_owned()),
            source: "plan".to_owned(),
        };
        let live = wishes.iter().map(|(number, _)| (registration(number), named("before"))).collect();
        let wanted: Vec<Edit> = wishes.iter().map(|(number, name)| wish(number, name)).collect();
        let workspaces = [(registration("+14155550101").0, Some("org_one".to_owned()))].into();
        Plan::of(origin, workspaces, &live, &wanted, &|_, _| "renamed".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::fixture::{named, plan, registration, wish};
    use super::*;
    use crate::model::{AgentId, AgentVersion, AgentWeight};

    #[test]
    fn a_plan_holds_for_a_day_whatever_its_file_says() {
        let time = |text: &str| Timestamp::parse(text).unwrap();
        let made = PlanOrigin::of(time("2026-11-28T10:00:00Z"), None, "plan");
        let said =
            |origin: &PlanOrigin, now: &str| origin.check(time(now)).err().map(|error| error.message().to_owned());
        assert_eq!(said(&made, "2026-11-29T10:00:00Z"), None);
        assert_eq!(said(&made, "2026-11-28T09:55:00Z"), None, "clocks differ a little");
        assert_eq!(said(&made, "2026-11-29T10:00:01Z"), Some("the plan expired at 2026-11-29T10:00:00Z".into()));
        let early = said(&made, "2026-11-28T09:49:00Z");
        assert_eq!(early, Some("the plan is from a time to come, 2026-11-28T10:00:00Z".into()));
        let longer = PlanOrigin { expires: time("2099-01-01T00:00:00Z"), ..made };
        let said = said(&longer, "2026-11-28T10:00:00Z");
        assert_eq!(said, Some("the plan says that it holds for more than 24 hours".into()));
    }

    #[test]
    fn what_retell_has_already_is_no_item_and_a_number_that_it_has_not_is_impossible() {
        let made = plan(&[("+14155550102", "new"), ("+14155550101", "before")]);
        let numbers: Vec<_> = made.items.iter().map(|item| (item.id, item.phone_number.to_string())).collect();
        assert_eq!(numbers, [(1, "+14155550102".to_owned())]);
        assert_eq!((&made.items[0].set, &made.items[0].was), (&named("new"), &named("before")));
        let live = [(registration("+14155550101"), named("x"))].into();
        let origin = made.origin.clone();
        let none = Plan::of(origin, BTreeMap::new(), &live, &[wish("+14155550103", "y")], &|_, _| String::new());
        assert_eq!((none.items.len(), none.impossible.len()), (0, 1));
    }

    #[test]
    fn what_retell_does_not_take_is_impossible_and_in_no_plan_file() {
        let agent = |version: &str| AgentWeight {
            agent_version: Some(AgentVersion::Tag(version.into())),
            ..AgentWeight::only(AgentId::parse("agent_a").unwrap())
        };
        let bound = |version: &str| Settings { inbound_agents: vec![agent(version)], ..Settings::default() };
        let of = |version: &str| {
            let mut edit = Edit::new(
                crate::change::Action::Update,
                registration("+14155550101").0,
                registration("+14155550101").1,
            );
            edit.ask(Setting::InboundAgents, &bound(version));
            let live = [(registration("+14155550101"), Settings::default())].into();
            Plan::of(plan(&[]).origin, BTreeMap::new(), &live, &[edit], &|_, _| String::new())
        };
        let (good, bad) = (of("latest_published"), of("V2"));
        assert_eq!((good.items.len(), good.impossible.len()), (1, 0));
        assert_eq!((bad.items.len(), bad.impossible.len()), (0, 1));
        assert!(bad.impossible[0].message.starts_with("Retell does not take the version `V2`"), "{bad:?}");
        let text = good.to_text();
        assert_eq!(Plan::read(&text).unwrap(), good);
        let error = Plan::read(&text.replace("latest_published", "V2")).unwrap_err();
        assert_eq!(error.message(), "item 1 of the plan asks for what Retell does not take");
    }
}
