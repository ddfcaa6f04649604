//! What earlier states give back to a number that enters again, and to an assignment that is new.

use super::*;
use crate::diff::Changes;
use crate::model::made_up::{assignment, noted, number, registry_entry, workspace};
use crate::model::sid::TrunkSid;
use crate::model::{RegistryEntry, TwilioData, WorkspaceEntry};

const NOW: &str = "2026-05-01T00:00:00Z";
const FIRST: &str = "2026-01-01T00:00:00Z";
const SECOND: &str = "2026-02-01T00:00:00Z";

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn trunk() -> TrunkSid {
    format!("TK{}", "a".repeat(32)).parse().unwrap()
}

/// A directory that has a number, with a note, in staging since a day and answered by an agent since that day.
fn directory(note: &str, agent: &str, day: &str) -> Directory {
    let mut directory = Directory::empty();
    let mut entry = noted(1, note);
    entry.tags = vec![note.to_owned()];
    let binding = WorkspaceEntry {
        imported: true,
        import_date: Some(time(day)),
        agent_path: None,
        agent_id: None,
        assignment_type: None,
    };
    entry.workspaces = [(workspace("staging"), binding)].into_iter().collect();
    directory.master.numbers.insert(number(1), entry);
    let files = directory.workspace_mut(&workspace("staging"));
    files.numbers.numbers = vec![RegistryEntry { import_date: Some(time(day)), ..registry_entry(1) }];
    files.assignments.assignments = vec![Assignment { assigned_date: Some(time(day)), ..assignment(1, agent) }];
    directory
}

fn in_twilio(mut directory: Directory) -> Directory {
    let phone_number_sid = format!("PN{}", "1".repeat(32)).parse().unwrap();
    let data = TwilioData { phone_number_sid, trunk_sid: Some(trunk()), friendly_name: None, date_created: None };
    directory.master.numbers.get_mut(&number(1)).unwrap().twilio = Some(data);
    directory
}

fn left(date: &str) -> LeftTwilio {
    LeftTwilio { from: LeftBehind::Account, trunk_sid: Some(trunk()), date: Some(time(date)) }
}

fn entrances() -> [Entrance; 2] {
    [(number(1), None), (number(1), Some(workspace("staging")))]
}

/// The directory after a sync from `before`, with what is remembered.
fn restored(before: &Directory, after: &Directory, former: &Former) -> Directory {
    let outcome = Reconciled { directory: after.clone(), changes: Changes::default() };
    let outcome = outcome.with_former(former, before, time(NOW));
    assert_eq!(
        outcome.changes,
        if former.is_empty() { Changes::default() } else { diff::revisions::between(before, &outcome.directory) }
    );
    outcome.directory
}

#[test]
fn what_is_learnt_first_is_remembered() {
    let (one, other) = (directory("one", "a", FIRST), directory("other", "b", SECOND));
    let mut former = Former::default();
    assert!(former.is_empty());
    for entrance in entrances() {
        assert!(!former.knows(&entrance) && !former.learn(&entrance, &Directory::empty()));
        assert!(former.learn(&entrance, &one) && former.knows(&entrance) && !former.is_empty());
        assert!(former.learn(&entrance, &other));
    }
    let strange =
        [(number(2), None), (number(2), Some(workspace("staging"))), (number(1), Some(workspace("production")))];
    for entrance in strange {
        assert!(!former.learn(&entrance, &one) && !former.knows(&entrance));
    }
    assert_eq!(former.entries[&number(1)].notes, "one");
    assert_eq!(former.imports.values().collect::<Vec<_>>(), [&Some(time(FIRST))]);
    assert_eq!(former.assignments.values().map(|known| known.assigned_date).collect::<Vec<_>>(), [Some(time(FIRST))]);
    let whole = Former::of(&one);
    assert_eq!((whole.entries, whole.imports, whole.assignments), (former.entries, former.imports, former.assignments));
    let mut import = Former::default();
    import.learn(&(number(1), Some(workspace("staging"))), &one);
    assert!(!import.is_empty() && import.entries.is_empty());
}

#[test]
fn entrances_are_the_numbers_that_are_new_in_the_directory_or_in_a_workspace() {
    let outcome = Reconciled { directory: directory("", "a", FIRST), changes: Changes::default() };
    assert_eq!(outcome.entrances(&Directory::empty()), entrances().into());
    assert_eq!(outcome.entrances(&outcome.directory), BTreeSet::new());
    let mut before = outcome.directory.clone();
    before.workspaces.clear();
    assert_eq!(outcome.entrances(&before), entrances()[1..].iter().cloned().collect());
    let mut before = outcome.directory.clone();
    before.master.numbers.clear();
    assert_eq!(outcome.entrances(&before), entrances()[..1].iter().cloned().collect());
    let mut before = outcome.directory.clone();
    before.workspace_mut(&workspace("staging")).numbers.numbers.clear();
    assert_eq!(outcome.entrances(&before), entrances()[1..].iter().cloned().collect());
}

#[test]
fn a_number_that_enters_again_gets_back_its_notes_tags_and_dates_and_its_agents_date() {
    let (known, after) = (directory("known", "a", FIRST), directory("", "a", NOW));
    let mut expected = known.clone();
    expected.master.last_updated = Some(time(NOW));
    let files = expected.workspace_mut(&workspace("staging"));
    (files.numbers.last_sync, files.assignments.last_updated) = (Some(time(NOW)), Some(time(NOW)));
    assert_eq!(restored(&Directory::empty(), &after, &Former::of(&known)), expected);
    assert_eq!(restored(&Directory::empty(), &after, &Former::default()), after);
    // One that was there keeps what it has; so does one in another workspace.
    let mut moved = known.clone();
    let files = moved.workspaces.remove(&workspace("staging")).unwrap();
    moved.workspaces.insert(workspace("production"), files);
    let mut former = Former::of(&moved);
    former.entries.clear();
    let same = restored(&after, &after, &Former::of(&directory("known", "b", FIRST)));
    assert_eq!(same, after);
    let mut unlike = restored(&Directory::empty(), &after, &former);
    unlike.master.last_updated = None;
    let files = unlike.workspace_mut(&workspace("staging"));
    (files.numbers.last_sync, files.assignments.last_updated) = (None, None);
    assert_eq!(unlike, after);
}

#[test]
fn the_date_of_an_assignment_belongs_to_its_agent() {
    let date = |before: &Directory, agent: &str, known: &str| {
        let restored = restored(before, &directory("", agent, NOW), &Former::of(&directory("", known, FIRST)));
        restored.workspaces[&workspace("staging")].assignments.assignments[0].assigned_date.unwrap()
    };
    assert_eq!(date(&Directory::empty(), "a", "a"), time(FIRST));
    assert_eq!(date(&Directory::empty(), "a", "b"), time(NOW));
    // It came back to the agent of once, after another one; or it never left.
    assert_eq!(date(&directory("", "b", SECOND), "a", "a"), time(FIRST));
    assert_eq!(date(&directory("", "a", SECOND), "a", "a"), time(NOW));
    assert_eq!(date(&directory("", "a", SECOND), "b", "a"), time(NOW));
}

#[test]
fn a_number_that_left_twilio_while_it_was_away_says_so_where_a_workspace_has_it() {
    let entry = |former: &Directory, after: &Directory| {
        let restored = restored(&Directory::empty(), after, &Former::of(former));
        restored.master.numbers[&number(1)].left
    };
    let (plain, owned) = (directory("", "a", FIRST), in_twilio(directory("", "a", FIRST)));
    assert_eq!(entry(&owned, &plain), Some(left(NOW)));
    assert_eq!(entry(&owned, &owned), None);
    assert_eq!(entry(&plain, &plain), None);
    let mut gone = plain.clone();
    gone.master.numbers.get_mut(&number(1)).unwrap().left = Some(left(SECOND));
    assert_eq!(entry(&gone, &plain), Some(left(SECOND)));
    let mut apart = plain.clone();
    apart.master.numbers.get_mut(&number(1)).unwrap().workspaces = std::iter::empty().collect();
    assert_eq!(entry(&owned, &apart), None);
}
