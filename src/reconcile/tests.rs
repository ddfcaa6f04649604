//! What a sync changes, leaves alone and lets go, on directories of two numbers.

#![allow(clippy::unnecessary_wraps)] // what was read may be missing, and tables say what arrived

use super::*;
use crate::model::made_up::{noted, number, registry_entry, workspace};
use crate::model::{NumberType, Provider, TwilioData};
use crate::reconcile::live::RetellNumber;

const NOW: &str = "2026-05-01T00:00:00Z";
const THEN: &str = "2026-01-01T00:00:00Z";

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn account(lines: &[u32], left_out: &[&str]) -> Option<TwilioAccount> {
    let owned = |line: &u32| TwilioNumber {
        sid: format!("PN{}{line:04}", "0".repeat(28)).parse().unwrap(),
        phone_number: number(*line),
        friendly_name: None,
        number_type: Some(NumberType::Local),
        capabilities: None,
        trunk_sid: None,
        date_created: None,
    };
    let left_out = left_out.iter().map(|text| (*text).to_owned()).collect();
    Some(TwilioAccount { numbers: lines.iter().map(owned).collect(), left_out, ..TwilioAccount::default() })
}

fn retell(name: &str, lines: &[u32]) -> (WorkspaceName, RetellWorkspace) {
    let numbers = lines.iter().map(|line| RetellNumber::bare(number(*line))).collect();
    (workspace(name), RetellWorkspace { numbers, ..RetellWorkspace::default() })
}

/// A directory of numbers, those in Twilio and those registered in workspaces.
fn directory(lines: &[u32], in_twilio: &[u32], registered: &[(&str, &[u32])]) -> Directory {
    let mut directory = Directory::empty();
    for line in lines {
        let mut entry = noted(*line, "note");
        entry.twilio = in_twilio.contains(line).then(|| TwilioData {
            phone_number_sid: format!("PN{}{line:04}", "0".repeat(28)).parse().unwrap(),
            trunk_sid: None,
            friendly_name: None,
            date_created: None,
        });
        directory.master.numbers.insert(number(*line), entry);
    }
    for (name, lines) in registered {
        directory.workspace_mut(&workspace(name)).numbers.numbers =
            lines.iter().map(|line| registry_entry(*line)).collect();
    }
    directory
}

/// The numbers that are left, and those of them that are in Twilio.
fn left(before: &Directory, complete: &Complete, scope: &TwilioScope) -> (Vec<PhoneNumber>, Vec<PhoneNumber>) {
    let after = reconcile(before, complete, scope, time(NOW)).directory;
    let owned = after.master.numbers.values().filter(|entry| entry.twilio.is_some()).map(|entry| entry.phone_number);
    (after.master.numbers.keys().copied().collect(), owned.collect())
}

fn lines(all: &[u32]) -> Vec<PhoneNumber> {
    all.iter().map(|line| number(*line)).collect()
}

#[test]
fn a_number_goes_where_nobody_has_it_and_this_run_may_say_so() {
    let whole = TwilioScope::WholeAccount;
    let staging = TwilioScope::RegisteredIn(workspace("staging"));
    // 1 is in Twilio and staging, 2 in Twilio alone, 3 in staging alone, 4 in production alone, 5 nowhere.
    let before = directory(&[1, 2, 3, 4, 5], &[1, 2], &[("staging", &[1, 3]), ("production", &[4])]);
    let twilio =
        |lines: &[u32], left_out: &[&str]| Complete { twilio: account(lines, left_out), ..Complete::default() };
    let read = |name: &str, lines: &[u32]| Complete { retell: [retell(name, lines)].into(), ..Complete::default() };
    assert_eq!(left(&before, &Complete::default(), &whole), (lines(&[1, 2, 3, 4, 5]), lines(&[1, 2])));
    assert_eq!(left(&before, &twilio(&[1, 2], &[]), &whole), (lines(&[1, 2, 3, 4]), lines(&[1, 2])));
    assert_eq!(left(&before, &twilio(&[], &[]), &whole), (lines(&[1, 3, 4]), lines(&[])));
    assert_eq!(left(&before, &twilio(&[1, 6], &[]), &whole), (lines(&[1, 3, 4, 6]), lines(&[1, 6])));
    // Only what is registered in the workspace is in the scope.
    assert_eq!(left(&before, &twilio(&[3, 6], &[]), &staging), (lines(&[1, 2, 3, 4, 5]), lines(&[2, 3])));
    // A workspace lets go of what it had, unless another one or Twilio has it.
    assert_eq!(left(&before, &read("staging", &[]), &whole), (lines(&[1, 2, 4, 5]), lines(&[1, 2])));
    assert_eq!(left(&before, &read("staging", &[1, 7]), &whole), (lines(&[1, 2, 4, 5, 7]), lines(&[1, 2])));
    assert_eq!(left(&before, &read("production", &[]), &whole), (lines(&[1, 2, 3, 5]), lines(&[1, 2])));
    let everything =
        Complete { twilio: account(&[2], &[]), retell: [retell("staging", &[]), retell("production", &[4])].into() };
    assert_eq!(left(&before, &everything, &whole), (lines(&[2, 4]), lines(&[2])));
    // In a spelling that says nothing for certain, a number is neither there nor gone.
    let spelled = [format!("{}x", number(2)), format!("{}x", number(5))];
    let spelled = [spelled[0].as_str(), spelled[1].as_str()];
    assert_eq!(left(&before, &twilio(&[1], &spelled), &whole), (lines(&[1, 2, 3, 4, 5]), lines(&[1, 2])));
    assert!(Complete::default().is_nothing() && !twilio(&[], &[]).is_nothing() && !read("staging", &[]).is_nothing());
}

#[test]
fn type_and_carrier_are_decided_once_and_written_into_every_registry() {
    let mut directory = directory(&[1, 2], &[], &[("staging", &[1, 2, 3]), ("production", &[2])]);
    assert_eq!(share_number_facts(&mut directory), []);
    let entry = directory.master.numbers.get_mut(&number(1)).unwrap();
    entry.phone_number_type = NumberType::Mobile;
    assert_eq!(share_number_facts(&mut directory), [workspace("staging")]);
    let entry = directory.master.numbers.get_mut(&number(2)).unwrap();
    entry.provider = Provider::Telnyx;
    assert_eq!(share_number_facts(&mut directory), [workspace("staging"), workspace("production")]);
    let facts = |name: &str| {
        let files = &directory.workspaces[&workspace(name)].numbers.numbers;
        files.iter().map(|entry| (entry.phone_number_type, entry.provider)).collect::<Vec<_>>()
    };
    let (local, twilio, telnyx) = (NumberType::Local, Provider::Twilio, Provider::Telnyx);
    assert_eq!(facts("staging"), [(NumberType::Mobile, twilio), (local, telnyx), (local, twilio)]);
    assert_eq!(facts("production"), [(local, telnyx)]);
}

/// The times of a directory's files: of the directory, the trunks, and each workspace's two.
fn times(directory: &Directory) -> Vec<Option<Timestamp>> {
    let mut times = vec![directory.master.last_updated, directory.trunks.as_ref().and_then(|file| file.last_sync)];
    for files in directory.workspaces.values() {
        times.extend([files.numbers.last_sync, files.assignments.last_updated]);
    }
    times
}

#[test]
fn a_files_time_moves_where_its_content_does() {
    let mut before = directory(&[1], &[], &[("staging", &[1]), ("production", &[1])]);
    before.trunks = Some(TrunksFile::default());
    let moved = |change: &dyn Fn(&mut Directory)| {
        let mut after = before.clone();
        change(&mut after);
        stamp(&before, &mut after, time(NOW));
        times(&after).into_iter().map(|time| time.is_some()).collect::<Vec<_>>()
    };
    let at = |places: &[usize]| (0..6).map(|at| places.contains(&at)).collect::<Vec<_>>();
    assert_eq!(moved(&|_| {}), at(&[]));
    assert_eq!(moved(&|it| it.master.numbers.get_mut(&number(1)).unwrap().notes.clear()), at(&[0]));
    assert_eq!(moved(&|it| it.trunks.as_mut().unwrap().schema = Some("x".to_owned())), at(&[1]));
    assert_eq!(moved(&|it| it.workspace_mut(&workspace("staging")).numbers.org_id = Some("x".to_owned())), at(&[2]));
    assert_eq!(moved(&|it| it.workspace_mut(&workspace("staging")).assignments.unassigned = lines(&[1])), at(&[3]));
    assert_eq!(moved(&|it| it.workspace_mut(&workspace("production")).numbers.numbers.clear()), at(&[4]));
    let mut after = before.clone();
    after.workspace_mut(&workspace("new"));
    stamp(&before, &mut after, time(NOW));
    assert_eq!(times(&after)[6..], [Some(time(NOW)); 2]);
    let mut first = before.clone();
    first.trunks = None;
    let mut after = before.clone();
    stamp(&first, &mut after, time(NOW));
    assert_eq!(times(&after)[..2], [None, Some(time(NOW))]);
}

#[test]
fn the_trunks_are_the_accounts_and_the_file_keeps_its_schema_and_time() {
    let mut before = Directory::empty();
    let account = account(&[], &[]).unwrap();
    assert_eq!(trunks_file(&before, &account), TrunksFile::default());
    before.trunks =
        Some(TrunksFile { schema: Some("x".to_owned()), last_sync: Some(time(THEN)), ..TrunksFile::default() });
    assert_eq!(Some(trunks_file(&before, &account)), before.trunks);
    let after = reconcile(
        &before,
        &Complete { twilio: Some(account), ..Complete::default() },
        &TwilioScope::WholeAccount,
        time(NOW),
    );
    assert_eq!((after.directory.trunks, after.changes.is_empty()), (before.trunks, true));
}

#[test]
fn told_against_what_is_committed_an_edit_that_was_taken_back_is_no_change() {
    let mut committed = directory(&[1], &[], &[("staging", &[1])]);
    committed.master.last_updated = Some(time(THEN));
    let files = committed.workspace_mut(&workspace("staging"));
    (files.numbers.last_sync, files.assignments.last_updated) = (Some(time(THEN)), Some(time(THEN)));
    let mut after = committed.clone();
    after.master.last_updated = Some(time(NOW));
    let files = after.workspace_mut(&workspace("staging"));
    (files.numbers.last_sync, files.assignments.last_updated) = (Some(time(NOW)), Some(time(NOW)));
    let outcome = |directory: &Directory| Reconciled { directory: directory.clone(), changes: Changes::default() };
    let told = outcome(&after).against(&committed, time(NOW));
    assert_eq!((told.directory, told.changes.is_empty()), (committed.clone(), true));
    // A change moves the time of its file, and of no other.
    after.master.numbers.get_mut(&number(1)).unwrap().notes = "new".to_owned();
    let told = outcome(&after).against(&committed, time("2026-06-01T00:00:00Z"));
    assert_eq!((told.changes.list.len(), told.directory.master.last_updated), (1, Some(time("2026-06-01T00:00:00Z"))));
    assert_eq!(told.directory.workspaces, committed.workspaces);
    // A workspace that is new has no time but this.
    after.workspace_mut(&workspace("production")).numbers.last_sync = Some(time(THEN));
    let told = outcome(&after).against(&committed, time(NOW));
    assert_eq!(told.directory.workspaces[&workspace("production")].numbers.last_sync, Some(time(NOW)));
    // Where nothing is committed yet, every file keeps its time.
    let told = outcome(&after).against(&Directory::empty(), time("2026-06-01T00:00:00Z"));
    assert_eq!(told.directory, after);
}

#[test]
fn a_number_that_only_a_new_workspace_has_stays_in_the_directory() {
    let before = directory(&[1], &[1], &[("staging", &[1])]);
    let both = Complete { twilio: account(&[], &[]), retell: [retell("eu", &[8]), retell("staging", &[])].into() };
    assert_eq!(left(&before, &both, &TwilioScope::WholeAccount), (lines(&[8]), lines(&[])));
    let moved = Complete { twilio: None, retell: [retell("eu", &[1]), retell("staging", &[])].into() };
    assert_eq!(left(&before, &moved, &TwilioScope::WholeAccount), (lines(&[1]), lines(&[1])));
    let scope = TwilioScope::RegisteredIn(workspace("eu"));
    let new = Complete { twilio: account(&[8], &[]), retell: [retell("eu", &[8])].into() };
    assert_eq!(left(&before, &new, &scope), (lines(&[1, 8]), lines(&[1, 8])));
}
