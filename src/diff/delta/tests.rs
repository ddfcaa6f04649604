//! Entries that differ: paired by number, kept of one number alone, and told piece by piece.

use serde_json::json;

use super::*;
use crate::diff::differing::listed_pairs;
use crate::model::made_up::{assignment, member, noted, number, registry_entry, two_workspaces, workspace};
use crate::model::pools::Pool;

fn pair<T>(from: Option<T>, to: Option<T>) -> Pair<T> {
    Pair { from, to }
}

#[test]
fn entries_are_paired_by_number_and_left_out_where_they_are_equal() {
    let map = |entries: &[(u32, &str)]| -> BTreeMap<PhoneNumber, String> {
        entries.iter().map(|(line, text)| (number(*line), (*text).to_owned())).collect()
    };
    let paired = |from: &[(u32, &str)], to: &[(u32, &str)]| -> Vec<(PhoneNumber, Option<String>, Option<String>)> {
        let found = pairs(map(from).iter(), map(to).iter());
        let turned = pairs(map(to).iter(), map(from).iter());
        assert_eq!(
            found.clone().into_iter().map(|(number, pair)| (number, pair.reversed())).collect::<Pairs<_>>(),
            turned
        );
        found.into_iter().map(|(number, pair)| (number, pair.from, pair.to)).collect()
    };
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(paired(&[], &[]), []);
    assert_eq!(paired(&[(1, "a")], &[(1, "a")]), []);
    assert_eq!(paired(&[(1, "a")], &[]), [(number(1), text("a"), None)]);
    assert_eq!(
        paired(&[(1, "a"), (2, "b"), (4, "d"), (5, "e")], &[(2, "b"), (3, "c"), (4, "x"), (6, "f")]),
        [
            (number(1), text("a"), None),
            (number(3), None, text("c")),
            (number(4), text("d"), text("x")),
            (number(5), text("e"), None),
            (number(6), None, text("f")),
        ]
    );
    let one = pair(Some(1), None);
    assert_eq!(Pair::sides(Some(&one)), (Some(&1), None));
    assert_eq!(Pair::sides(Some(&one.clone().reversed())), (None, Some(&1)));
    assert_eq!(Pair::<u8>::sides(None), (None, None));
}

#[test]
fn lists_are_paired_in_whatever_order_and_of_a_number_that_stands_twice_the_first_counts() {
    let list = |entries: &[(u32, u8)]| entries.iter().map(|(line, value)| (number(*line), *value)).collect::<Vec<_>>();
    let paired = |from: &[(u32, u8)], to: &[(u32, u8)]| -> Vec<(PhoneNumber, Option<u8>, Option<u8>)> {
        let (from, to) = (list(from), list(to));
        let found = listed_pairs(&from, &to, |entry| entry.0);
        found.into_iter().map(|(number, pair)| (number, pair.from.map(|it| it.1), pair.to.map(|it| it.1))).collect()
    };
    assert_eq!(paired(&[(2, 0), (1, 0)], &[(1, 0), (2, 0)]), []);
    assert_eq!(paired(&[(1, 5), (1, 6)], &[(1, 6), (1, 5)]), [(number(1), Some(5), Some(6))]);
    assert_eq!(paired(&[(3, 1), (1, 1)], &[(1, 2)]), [(number(1), Some(1), Some(2)), (number(3), Some(1), None)]);
}

fn pool() -> PoolDefinitionChange {
    let pool: Pool =
        serde_json::from_value(json!({"purpose": "", "owner": null, "workspaces": [], "quarantine": "30d"})).unwrap();
    PoolDefinitionChange { pool: "sales".parse().unwrap(), pair: pair(None, Some(pool)) }
}

/// Numbers 1 to 6, each in another file or in several.
fn delta() -> Delta {
    let [one, other] = [workspace("production"), workspace("staging")];
    let registry =
        |lines: &[u32]| lines.iter().map(|line| (number(*line), pair(None, Some(registry_entry(*line))))).collect();
    let assigned =
        |lines: &[u32]| lines.iter().map(|line| (number(*line), pair(Some(assignment(*line, "a")), None))).collect();
    Delta {
        numbers: [1, 4].map(|line| (number(line), pair(Some(noted(line, "a")), Some(noted(line, "b"))))).into(),
        workspaces: [
            (one, WorkspaceDelta { registry: registry(&[1, 3]), assignments: assigned(&[6]) }),
            (other, WorkspaceDelta { registry: registry(&[5]), assignments: assigned(&[3, 5]) }),
        ]
        .into(),
        members: [(number(2), pair(None, Some(member("sales"))))].into(),
        pools: vec![pool()],
    }
}

/// What of a delta is about these numbers, without the pools.
fn part(lines: &[u32]) -> Delta {
    let wanted: BTreeSet<PhoneNumber> = lines.iter().map(|line| number(*line)).collect();
    let whole = delta();
    let workspaces = whole.workspaces.into_iter().map(|(name, files)| {
        let registry = files.registry.into_iter().filter(|(number, _)| wanted.contains(number)).collect();
        let assignments = files.assignments.into_iter().filter(|(number, _)| wanted.contains(number)).collect();
        (name, WorkspaceDelta { registry, assignments })
    });
    Delta {
        workspaces: workspaces.collect(),
        numbers: whole.numbers.into_iter().filter(|(number, _)| wanted.contains(number)).collect(),
        members: whole.members.into_iter().filter(|(number, _)| wanted.contains(number)).collect(),
        pools: Vec::new(),
    }
}

#[test]
fn one_number_alone_is_kept_in_every_file_and_no_pool() {
    for line in 0..8 {
        let mut one = delta();
        one.retain(number(line));
        assert_eq!(one, part(&[line]), "{line}");
    }
}

#[test]
fn pieces_have_so_many_numbers_each_in_order_and_the_pools_come_first() {
    let lines: Vec<u32> = (1..=6).collect();
    assert_eq!(
        delta().touched().into_iter().collect::<Vec<_>>(),
        lines.iter().map(|line| number(*line)).collect::<Vec<_>>()
    );
    for size in 0..8 {
        let mut expected: Vec<Delta> = lines.chunks(size.max(1)).map(part).collect();
        expected[0].pools = vec![pool()];
        assert_eq!(delta().pieces(size).collect::<Vec<_>>(), expected, "{size}");
    }
    assert_eq!(Delta::default().pieces(3).count(), 0);
}

#[test]
fn what_differs_is_the_same_copied_range_by_range_or_as_a_whole() {
    let (before, after) = (Directory::empty(), two_workspaces());
    let differing = Differing::between(&before, &after);
    for size in 1..5 {
        let ranges: Vec<Delta> = differing.ranges(size).into_iter().map(|range| differing.copied(range)).collect();
        assert_eq!(ranges, Delta::between(&before, &after).pieces(size).collect::<Vec<_>>(), "{size}");
    }
    assert!(Differing::between(&after, &after).ranges(3).is_empty());
}
