//! What is lost of a side's change, kind by kind and field by field; and from where a side is counted.

use super::*;
use crate::diff::FieldValue;
use crate::history::{Commit, Listing, Stored};
use crate::model::{AgentId, PhoneNumber, WorkspaceName};

fn number() -> PhoneNumber {
    PhoneNumber::parse("+14155550101").unwrap()
}

fn field(field: NumberField, from: &str, to: &str) -> FieldChange {
    FieldChange { field, from: from.into(), to: to.into() }
}

fn change(kind: ChangeKind, fields: &[NumberField]) -> Change {
    let fields = fields.iter().map(|name| field(*name, "old", "new")).collect();
    Change { phone_number: number(), workspace: None, kind, fields, keeps_a_direction: false }
}

/// The kind and the fields of what is lost.
fn lost(
    made: (ChangeKind, &[NumberField]),
    lost: (ChangeKind, &[NumberField]),
) -> Option<(ChangeKind, Vec<NumberField>)> {
    let found = what_is_lost(change(made.0, made.1), &change(lost.0, lost.1))?;
    Some((found.kind, found.fields.iter().map(|change| change.field).collect()))
}

use ChangeKind::{Assigned, Imported, Provisioned, Reassigned, Released, Removed, Rerouted, Unassigned, Updated};
use NumberField::{AgentId as BoundAgent, AgentPath, AssignedDate, LastModified, Nickname, Notes, PhoneNumberPretty};

#[test]
fn a_number_that_came_or_went_is_lost_where_it_went_or_came_again() {
    for kind in [Imported, Provisioned, Removed, Released] {
        for other in [Updated, Reassigned, Rerouted, Assigned, Unassigned] {
            assert_eq!(lost((kind, &[Notes]), (other, &[Notes])), None, "{kind} {other}");
        }
        for other in [Imported, Provisioned, Removed, Released] {
            assert_eq!(lost((kind, &[Notes]), (other, &[])), Some((kind, vec![Notes])), "{kind} {other}");
        }
    }
}

#[test]
fn what_was_changed_of_a_number_that_the_merge_has_not_is_lost_unless_it_only_follows_from_something() {
    for gone in [Imported, Provisioned, Removed, Released] {
        assert_eq!(lost((Updated, &[Notes, LastModified]), (gone, &[])), Some((Updated, vec![Notes, LastModified])));
        assert_eq!(lost((Updated, &[LastModified, PhoneNumberPretty]), (gone, &[])), None);
        assert_eq!(lost((Reassigned, &[]), (gone, &[])), None);
    }
}

#[test]
fn of_a_number_that_stays_the_fields_are_lost_that_the_merge_has_otherwise_except_dates() {
    assert_eq!(lost((Updated, &[Notes, Nickname]), (Updated, &[Nickname])), Some((Updated, vec![Nickname])));
    assert_eq!(lost((Updated, &[Notes]), (Updated, &[Nickname])), None);
    assert_eq!(lost((Updated, &[LastModified, AssignedDate]), (Updated, &[LastModified, AssignedDate])), None);
    for kind in [Assigned, Unassigned, Reassigned] {
        let fields = [BoundAgent, AgentPath, Notes];
        assert_eq!(lost((kind, &fields), (Updated, &[BoundAgent, Notes])), Some((kind, vec![BoundAgent, Notes])));
        assert_eq!(lost((kind, &fields), (Updated, &[AgentPath])), Some((Updated, vec![AgentPath])));
    }
    assert_eq!(lost((Rerouted, &[Notes]), (Updated, &[Notes])), Some((Rerouted, vec![Notes])));
}

#[test]
fn of_tags_that_is_lost_which_was_added_and_is_not_there_or_was_removed_and_is() {
    let tags = |list: &[&str]| FieldValue::List(list.iter().map(|tag| (*tag).to_owned()).collect());
    let is_lost = |before: &[&str], after: &[&str], merged: &[&str]| {
        let change = |from, to| FieldChange { field: NumberField::Tags, from: tags(from), to: tags(to) };
        is_undone(&change(before, after), &change(after, merged))
    };
    assert!(!is_lost(&["a"], &["a", "b"], &["a", "b", "c"]));
    assert!(!is_lost(&["a"], &["a", "b"], &["b"]));
    assert!(is_lost(&["a"], &["a", "b"], &["a", "c"]));
    assert!(is_lost(&["a"], &["a", "b", "c"], &["a", "b"]));
    assert!(is_lost(&["a", "b"], &["b"], &["a", "b"]));
    assert!(!is_lost(&["a", "b"], &["b"], &[]));
    // Any other field is a value as a whole; so are tags that were none.
    assert!(is_undone(&field(Notes, "a", "b"), &field(Notes, "b", "c")));
    let none = FieldChange { field: NumberField::Tags, from: FieldValue::Absent, to: tags(&["b"]) };
    assert!(is_undone(&none, &FieldChange { field: NumberField::Tags, from: tags(&["b"]), to: tags(&["b", "c"]) }));
    let words = |field| FieldChange { field, from: tags(&["a"]), to: tags(&["a", "b"]) };
    assert!(is_undone(&words(NumberField::Codecs), &words(NumberField::Codecs)));
}

#[test]
fn what_the_merge_changed_itself_is_told_already_and_another_place_is_another_change() {
    let at = |workspace: Option<&str>, line: u32| Change {
        workspace: workspace.map(|name| WorkspaceName::parse(name).unwrap()),
        phone_number: PhoneNumber::parse(&format!("+1415555{line:04}")).unwrap(),
        ..change(Updated, &[Notes])
    };
    let places = [(None, 101), (Some("production"), 101), (Some("staging"), 101), (None, 102)];
    let all = || Changes::new(places.iter().map(|(workspace, line)| at(*workspace, *line)).collect());
    for (place, (workspace, line)) in places.iter().enumerate() {
        let one = || Changes::new(vec![at(*workspace, *line)]);
        assert_eq!(of_side(all(), &one(), &Changes::default()), one());
        let rest = places.iter().enumerate().filter(|(other, _)| *other != place);
        let rest = Changes::new(rest.map(|(_, (workspace, line))| at(*workspace, *line)).collect());
        assert_eq!(of_side(all(), &all(), &one()), rest);
    }
    let mut made = all();
    let key = (WorkspaceName::parse("staging").unwrap(), "agent_a".parse::<AgentId>().unwrap());
    made.names.folders.insert(key.clone(), "agents/a".parse().unwrap());
    assert_eq!(of_side(made, &all(), &all()).names.folders.into_keys().collect::<Vec<_>>(), [key]);
}

/// Commits by their parents and files, the tip first; no number stands for a commit whose files cannot be read.
fn graph(commits: &[(&[usize], Option<usize>)]) -> Graph<usize> {
    let commit = |(parents, listing): &(&[usize], Option<usize>)| Commit {
        parents: parents.to_vec(),
        is_cut_off: false,
        listing: listing.ok_or_else(|| "unreadable".to_owned()),
    };
    let listing = |id: usize| -> Listing<usize> { [(0, Stored::File(id))].into() };
    Graph { commits: commits.iter().map(commit).collect(), kinds: Vec::new(), listings: (0..9).map(listing).collect() }
}

#[test]
fn a_side_is_counted_from_the_newest_commit_that_another_side_has_too() {
    // 0 merges 1 and 2; both grew from 3, and that from 4.
    let plain = graph(&[(&[1, 2], Some(0)), (&[3], Some(1)), (&[3], Some(2)), (&[4], Some(3)), (&[], Some(4))]);
    assert_eq!([1, 2].map(|side| plain.merge_base(0, side)), [Some(3); 2]);
    // 2 is in the history of 1.
    let ahead = graph(&[(&[1, 2], Some(0)), (&[2], Some(1)), (&[3], Some(2)), (&[], Some(3))]);
    assert_eq!([1, 2].map(|side| ahead.merge_base(0, side)), [Some(2); 2]);
    // Two beginnings that never meet.
    let apart = graph(&[(&[1, 2], Some(0)), (&[3], Some(1)), (&[], Some(2)), (&[], Some(3))]);
    assert_eq!([1, 2].map(|side| apart.merge_base(0, side)), [None; 2]);
    // Of three sides, one has more in common with the first than the other.
    let three = graph(&[
        (&[1, 2, 3], Some(0)),
        (&[4], Some(1)),
        (&[5], Some(2)),
        (&[4], Some(3)),
        (&[5], Some(4)),
        (&[], Some(5)),
    ]);
    assert_eq!([1, 2, 3].map(|side| three.merge_base(0, side)), [Some(4), Some(5), Some(4)]);
    // The same commit twice is one side alone.
    let twice = graph(&[(&[1, 1], Some(0)), (&[2], Some(1)), (&[], Some(2))]);
    assert_eq!(twice.merge_base(0, 1), None);
}

#[test]
fn a_side_is_at_risk_that_changed_files_and_whose_files_the_merge_has_otherwise() {
    let at_risk = |files: [Option<usize>; 4]| {
        let [merge, one, other, base] = files;
        graph(&[(&[1, 2], merge), (&[3], one), (&[3], other), (&[], base)]).sides_at_risk(0)
    };
    assert_eq!(at_risk([Some(0), Some(1), Some(2), Some(3)]), [(1, 3), (2, 3)]);
    assert_eq!(at_risk([Some(1), Some(1), Some(2), Some(3)]), [(2, 3)]);
    assert_eq!(at_risk([Some(2), Some(1), Some(2), Some(3)]), [(1, 3)]);
    assert_eq!(at_risk([Some(0), Some(3), Some(2), Some(3)]), [(2, 3)]);
    assert_eq!(at_risk([Some(0), Some(3), Some(3), Some(3)]), Vec::new());
    assert_eq!(at_risk([None, Some(1), Some(2), Some(3)]), Vec::new());
    let mut cut_off = graph(&[(&[1, 2], Some(0)), (&[3], Some(1)), (&[3], Some(2)), (&[], Some(3))]);
    cut_off.commits[0].is_cut_off = true;
    assert_eq!(cut_off.sides_at_risk(0), Vec::new());
    assert_eq!(graph(&[(&[1], Some(0)), (&[], Some(1))]).sides_at_risk(0), Vec::new());
    let apart = graph(&[(&[1, 2], Some(0)), (&[], Some(1)), (&[], Some(2))]);
    assert_eq!(apart.sides_at_risk(0), Vec::new());
}
