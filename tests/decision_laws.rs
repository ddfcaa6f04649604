//! Laws of decisions over random histories: of edits by hand and by command, syncs, changes at Retell, and reverts.

use std::collections::BTreeMap;

use phone_dir::change::{Action, Edit};
use phone_dir::decision::decide::decide;
use phone_dir::decision::{self, Baselines, DecisionStanding, GivenUp};
use phone_dir::model::{Directory, PhoneNumber, Setting, Settings, Timestamp, WorkspaceName};
use phone_dir::reconcile::live::{RetellNumber, RetellWorkspace};
use phone_dir::reconcile::{Complete, TwilioScope, reconcile};
use proptest::prelude::*;

/// What happens next.
#[derive(Clone, Debug)]
enum Event {
    /// A person edits a file, and commits it without a record.
    Hand(Setting, u8),
    /// `edit`.
    Decide(Setting, u8),
    /// Somebody changes Retell in the dashboard.
    Live(Setting, u8),
    /// A complete sync.
    Sync,
    /// A sync that takes Retell's side.
    TakeLive,
    /// A sync in which Retell could not be read.
    Unread,
    /// Every pending decision is applied.
    Apply,
    /// The number leaves the workspace, and comes back later.
    Leave,
    /// `git revert` of the last commit.
    Revert,
    /// A commit that is about something else.
    Other,
}

fn event() -> impl Strategy<Value = Event> {
    let field = prop_oneof![Just(Setting::Nickname), Just(Setting::InboundWebhookUrl)];
    let change = (field, 0..4_u8);
    prop_oneof![
        2 => change.clone().prop_map(|(setting, value)| Event::Hand(setting, value)),
        2 => change.clone().prop_map(|(setting, value)| Event::Decide(setting, value)),
        3 => change.prop_map(|(setting, value)| Event::Live(setting, value)),
        4 => Just(Event::Sync),
        1 => Just(Event::TakeLive),
        1 => Just(Event::Unread),
        1 => Just(Event::Leave),
        1 => Just(Event::Apply),
        1 => Just(Event::Revert),
        1 => Just(Event::Other),
    ]
}

fn number() -> PhoneNumber {
    PhoneNumber::parse("+14155550101").unwrap()
}

fn workspace() -> WorkspaceName {
    WorkspaceName::parse("production").unwrap()
}

fn settings(setting: Setting, value: u8) -> Settings {
    let mut settings = Settings::default();
    let text = serde_json::json!(format!("https://{value}.example.com"));
    assert!(settings.read_value(setting, if value == 0 { &serde_json::Value::Null } else { &text }));
    settings
}

/// A repository of one branch, and Retell.
struct World {
    commits: Vec<Directory>,
    live: RetellNumber,
    /// What callers heard at the last complete read.
    heard: Settings,
    clock: i64,
}

impl World {
    fn new() -> Self {
        let live = RetellNumber::bare(number());
        let mut world = Self { commits: vec![Directory::empty()], live, heard: Settings::default(), clock: 0 };
        world.enter();
        world
    }

    /// The number is imported, and read for the first time.
    fn enter(&mut self) {
        self.live.last_modified = Some(self.tick());
        self.commits.push(self.synced(&GivenUp::new()).0);
        self.heard = self.live.settings.clone();
    }

    fn tick(&mut self) -> Timestamp {
        self.clock += 1;
        Timestamp::from_unix_millis(1_700_000_000_000 + self.clock * 60_000).unwrap()
    }

    fn head(&self) -> &Directory {
        self.commits.last().unwrap()
    }

    fn git(&self) -> Settings {
        Settings::of_directory(self.head(), &workspace(), number()).unwrap()
    }

    fn complete(&self) -> Complete {
        Self::read(vec![self.live.clone()])
    }

    fn read(numbers: Vec<RetellNumber>) -> Complete {
        let read = RetellWorkspace { numbers, ..RetellWorkspace::default() };
        Complete { retell: [(workspace(), read)].into(), ..Complete::default() }
    }

    /// What both sides had when the stamp of HEAD was written down first, as the commits tell it.
    fn baselines(&self) -> Baselines {
        let stamp = |directory: &Directory| directory.workspaces.get(&workspace())?.registered(number())?.last_modified;
        let live = |directory: &Directory| {
            let git = Settings::of_directory(directory, &workspace(), number())?;
            let record = directory.workspaces[&workspace()].registered(number())?.live.as_deref();
            Some(record.map_or_else(|| git.clone(), |record| record.live(&git)))
        };
        let wanted = stamp(self.head());
        for at in (1..self.commits.len()).rev() {
            let (before, after) = (stamp(&self.commits[at - 1]), stamp(&self.commits[at]));
            if after == wanted && before != wanted {
                let went_back = before > after;
                let both = live(&self.commits[if went_back { at - 1 } else { at }]);
                return both.map(|both| ((workspace(), number()), both)).into_iter().collect();
            }
        }
        Baselines::new()
    }

    /// What a sync makes of HEAD, and how each decision stands.
    fn synced(&self, given_up: &GivenUp) -> (Directory, BTreeMap<Setting, DecisionStanding>) {
        self.synced_with(&self.complete(), given_up)
    }

    fn synced_with(&self, complete: &Complete, given_up: &GivenUp) -> (Directory, BTreeMap<Setting, DecisionStanding>) {
        let (complete, held) = decision::hold(self.head(), complete, &self.baselines(), given_up);
        let now = Timestamp::from_unix_millis(1_700_000_000_000 + self.clock * 60_000 + 1_000).unwrap();
        let after = reconcile(self.head(), &complete, &TwilioScope::WholeAccount, now).directory;
        (after, held.into_iter().map(|held| (held.setting, held.standing)).collect())
    }

    fn change_live(&mut self, setting: Setting, from: &Settings) {
        let mut settings = self.live.settings.clone();
        settings.take(from, setting);
        self.live.settings = settings;
        self.live.last_modified = Some(self.tick());
    }
}

fn edit(setting: Setting, value: u8) -> Edit {
    let mut edit = Edit::new(Action::Update, workspace(), number());
    edit.ask(setting, &settings(setting, value));
    edit
}

/// Syncs, and checks what every sync promises.
fn sync(world: &mut World) {
    let before = world.git();
    let (after, standings) = world.synced(&GivenUp::new());
    world.commits.push(after);
    let (git, live) = (world.git(), world.live.settings.clone());
    let heard = std::mem::replace(&mut world.heard, live.clone());
    let record = world.head().workspaces[&workspace()].registered(number()).unwrap().live.clone();
    let callers = record.as_deref().map_or_else(|| git.clone(), |record| record.live(&git));
    for setting in [Setting::Nickname, Setting::InboundWebhookUrl] {
        assert!(callers.agrees(&live, setting), "the tree says what callers hear");
        let follows = standings.get(&setting) == Some(&DecisionStanding::Followed);
        assert!(git.agrees(&before, setting) || follows, "git changes where Retell is followed alone");
        let is_decided = !before.agrees(&heard, setting);
        assert!(!is_decided || git.agrees(&before, setting), "what git says otherwise than callers heard is kept");
        let is_open = record.as_deref().is_some_and(|record| record.has(setting));
        assert_eq!(is_open, !git.agrees(&live, setting), "what differs has a record, and what agrees has none");
    }
    assert!(!standings.values().any(|standing| *standing == DecisionStanding::FollowedUntold));
    let again = world.synced(&GivenUp::new()).0;
    assert_eq!(again.to_files(), world.head().to_files(), "a second sync changes nothing");
}

/// A number that leaves takes its decisions along, and each that is recorded is told.
fn leave(world: &mut World) {
    let empty = World::read(Vec::new());
    let told: Vec<_> = decision::gone(world.head(), &empty).into_iter().map(|held| held.setting).collect();
    let open: Vec<_> = decision::all_recorded(world.head()).into_iter().map(|held| held.setting).collect();
    assert_eq!(told, open, "each decision that is lost is told");
    let after = world.synced_with(&empty, &GivenUp::new()).0;
    assert!(Settings::of_directory(&after, &workspace(), number()).is_none());
    world.commits.push(after);
    world.enter();
    let (git, live) = (world.git(), world.live.settings.clone());
    assert!(
        Setting::decisions().all(|setting| git.agrees(&live, setting)),
        "nothing is left of what was decided before"
    );
}

fn happen(world: &mut World, event: &Event) {
    match event {
        Event::Hand(setting, value) => {
            let mut after = world.head().clone();
            let decided = decide(&after, &after, &[edit(*setting, *value)]);
            // By hand: the same values, and the record as it was.
            let record = after.workspaces[&workspace()].registered(number()).unwrap().live.clone();
            after = decided;
            after.workspaces.get_mut(&workspace()).unwrap().registered_mut(number()).unwrap().live = record;
            world.commits.push(after);
        }
        Event::Decide(setting, value) => {
            let decided = decide(world.head(), world.head(), &[edit(*setting, *value)]);
            world.commits.push(decided);
        }
        Event::Live(setting, value) => world.change_live(*setting, &settings(*setting, *value)),
        Event::Sync => sync(world),
        Event::TakeLive => {
            let given_up = [((workspace(), number()), Setting::decisions().collect())].into();
            let (after, _) = world.synced(&given_up);
            world.commits.push(after);
            let (git, live) = (world.git(), world.live.settings.clone());
            assert!(Setting::decisions().all(|setting| git.agrees(&live, setting)));
            world.heard = live;
        }
        Event::Unread => {
            let (after, standings) = world.synced_with(&Complete::default(), &GivenUp::new());
            assert_eq!(after.to_files(), world.head().to_files(), "what was not read settles nothing");
            assert!(standings.is_empty());
        }
        Event::Leave => leave(world),
        Event::Apply => {
            sync(world);
            let git = world.git();
            for setting in Setting::decisions()
                .filter(|setting| !git.agrees(&world.live.settings.clone(), *setting))
                .collect::<Vec<_>>()
            {
                world.change_live(setting, &git);
            }
            sync(world);
            assert!(decision::all_recorded(world.head()).is_empty(), "applying everything leaves nothing pending");
            assert!(Setting::decisions().all(|setting| world.git().agrees(&git, setting)));
        }
        Event::Revert => {
            if let [.., before, _] = world.commits.as_slice()
                && Settings::of_directory(before, &workspace(), number()).is_some()
            {
                let before = before.clone();
                world.commits.push(before);
            }
        }
        Event::Other => world.commits.push(world.head().clone()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn no_decision_is_lost_and_the_tree_says_what_callers_hear(events in prop::collection::vec(event(), 1..24)) {
        let mut world = World::new();
        for event in &events {
            happen(&mut world, event);
        }
        happen(&mut world, &Event::Apply);
    }
}
