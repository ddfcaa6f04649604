//! Small graphs by hand: which commits have rows, which contents are read for them, and in what order.

use super::*;
use crate::model::made_up::{noted, number, workspace};
use crate::model::paths::FileKind;
use crate::model::{MasterFile, PhoneNumber, canonical};

type Files<'a> = &'a [(usize, Stored<usize>)];

/// Commits, the tip first: parents, and files by the place of their kind; none for a commit that cannot be read.
fn graph(commits: &[(&[usize], Option<Files<'_>>)]) -> Graph<usize> {
    let name = workspace("staging");
    let kinds = vec![FileKind::Master, FileKind::Numbers(name.clone()), FileKind::Assignments(name)];
    let mut listings: Vec<Listing<usize>> = Vec::new();
    let mut commit = |(parents, files): &(&[usize], Option<Files<'_>>)| {
        let listing = files.map(|files| {
            listings.push(files.into());
            listings.len() - 1
        });
        let listing = listing.ok_or_else(|| "the commit cannot be read".to_owned());
        Commit { parents: parents.to_vec(), is_cut_off: false, listing }
    };
    let commits = commits.iter().map(&mut commit).collect();
    Graph { commits, kinds, listings }
}

fn files(ids: [usize; 3]) -> [(usize, Stored<usize>); 3] {
    [0, 1, 2].map(|kind| (kind, Stored::File(ids[kind])))
}

#[test]
fn files_are_the_same_by_what_they_are_and_not_by_where_they_are_listed() {
    let (one, other) = (files([1, 2, 3]), files([1, 2, 4]));
    let graph =
        graph(&[(&[], Some(&one)), (&[], Some(&one)), (&[], Some(&other)), (&[], None), (&[], None), (&[], Some(&[]))]);
    let same: Vec<(usize, usize)> = (0..6)
        .flat_map(|at| (at..6).map(move |to| (at, to)))
        .filter(|(at, to)| graph.has_same_files(*at, *to))
        .collect();
    assert_eq!(same, [(0, 0), (0, 1), (1, 1), (2, 2), (3, 3), (3, 4), (4, 4), (5, 5)]);
    assert_eq!([0, 1, 2].map(|kind| graph.stored(2, kind)), [1, 2, 4].map(|id| Some(Stored::File(id))));
    assert_eq!([graph.stored(3, 0), graph.stored(5, 0)], [None, None]);
    assert_eq!(graph.kinds_of([Some(5), None]), BTreeSet::new());
    assert_eq!(graph.kinds_of([Some(5), Some(0)]), BTreeSet::from([0, 1, 2]));
}

#[test]
fn a_commit_may_have_a_row_where_its_files_are_unlike_every_parents_or_may_have_lost_a_sides() {
    let [a, b, c] = [1, 2, 3].map(|id| files([id, 0, 0]));
    let may = |commits: &[(&[usize], Option<Files<'_>>)]| graph(commits).may_have_row(0);
    assert!(may(&[(&[], Some(&a))]));
    assert!(may(&[(&[1], Some(&a)), (&[], Some(&b))]));
    assert!(!may(&[(&[1], Some(&a)), (&[], Some(&a))]));
    assert!(may(&[(&[1], None), (&[], Some(&a))]));
    // A merge that has the files of one side, while the other changed nothing, or changed something.
    assert!(!may(&[(&[1, 2], Some(&a)), (&[3], Some(&a)), (&[3], Some(&b)), (&[], Some(&b))]));
    assert!(may(&[(&[1, 2], Some(&a)), (&[3], Some(&a)), (&[3], Some(&b)), (&[], Some(&c))]));
    let mut cut_off = graph(&[(&[], Some(&a))]);
    cut_off.commits[0].is_cut_off = true;
    assert!(!cut_off.may_have_row(0));
    let mut unreadable = graph(&[(&[], None)]);
    unreadable.commits[0].is_cut_off = true;
    assert!(unreadable.may_have_row(0));
}

#[test]
fn contents_are_asked_for_once_each_newest_first_and_not_where_the_comparison_is_known() {
    let irregular = Stored::Irregular("a symbolic link");
    let graph = graph(&[
        (&[1, 2], Some(&[(0, Stored::File(10)), (1, Stored::File(20))])),
        (&[3], Some(&[(0, Stored::File(11)), (1, Stored::File(20)), (2, irregular)])),
        (&[3], Some(&[(0, Stored::File(10)), (2, Stored::File(30))])),
        (&[], Some(&[(0, Stored::File(12)), (1, Stored::File(21))])),
    ]);
    assert_eq!(graph.reading_order([0], |_| false), [10, 11, 20, 30]);
    assert_eq!(graph.reading_order([1], |_| false), [11, 12, 20, 21]);
    assert_eq!(graph.reading_order([3], |_| false), [12, 21]);
    assert_eq!(graph.reading_order([0, 1, 2, 3], |_| false), [10, 11, 20, 30, 12, 21]);
    assert_eq!(graph.reading_order([0, 1], |of| of == [11, 10]), [20, 30, 11, 12, 21]);
    assert_eq!(graph.reading_order([0, 1], |of| of == [10, 11]), [10, 11, 20, 30, 12, 21]);
    assert_eq!(graph.reading_order([], |_| false), [] as [usize; 0]);
}

struct Texts(Vec<Content>);

impl Contents<usize> for Texts {
    fn read(&mut self, id: usize) -> Result<Content> {
        Ok(self.0[id].clone())
    }
}

/// Master files, each with these numbers and their notes; an empty list is a file that cannot be read.
fn texts(files: &[&[(u32, &str)]]) -> Texts {
    let entry = |(line, note): &(u32, &str)| (number(*line), noted(*line, note));
    let text = |notes: &&[(u32, &str)]| {
        let file = MasterFile { numbers: notes.iter().map(entry).collect(), ..MasterFile::empty() };
        let text = if notes.is_empty() { "{".to_owned() } else { canonical::to_text(&file) };
        Content::Bytes(text.into_bytes().into())
    };
    Texts(files.iter().map(text).collect())
}

/// A row in words: its gap, each number that changed, the commits that cannot be read, and the numbers that were dropped.
type RowInWords = (bool, Vec<String>, Vec<usize>, Vec<String>);

fn told(history: &mut History<'_, usize, Texts>, commit: usize) -> Option<RowInWords> {
    let row = history.row(commit).unwrap()?;
    let line = |change: &crate::diff::Change| format!("{} {}", change.phone_number, change.kind);
    let changes = row.changes.pieces().flat_map(|changes| changes.list.iter().map(line).collect::<Vec<_>>()).collect();
    Some((row.gap.is_some(), changes, row.unread, row.dropped.list.iter().map(line).collect()))
}

fn said(kind: &str, lines: &[u32]) -> Vec<String> {
    lines.iter().map(|line| format!("{} {kind}", number(*line))).collect()
}

const IDS: [usize; 6] = [0, 1, 2, 3, 4, 5];

#[test]
fn a_file_that_cannot_be_read_is_a_gap_and_counts_as_it_last_could() {
    let listed = IDS.map(|id| [(0, Stored::File(id))]);
    let contents = || texts(&[&[(1, "a")], &[], &[(1, "b"), (2, "a")], &[(1, "b")]]);
    // The tip adds a number; before it a broken file, twice; then the first file.
    let past =
        graph(&[(&[1], Some(&listed[2])), (&[2], Some(&listed[1])), (&[3], Some(&listed[1])), (&[], Some(&listed[0]))]);
    let mut history = History::new(&past, contents());
    assert_eq!(
        told(&mut history, 0),
        Some((false, [said("updated", &[1]), said("provisioned", &[2])].concat(), vec![1, 2], vec![]))
    );
    assert_eq!(told(&mut history, 1), None);
    assert_eq!(told(&mut history, 2), Some((true, vec![], vec![], vec![])));
    assert_eq!(told(&mut history, 3), Some((false, said("provisioned", &[1]), vec![], vec![])));
    // Of one number alone.
    let mut history = History::new(&past, contents()).about(Some(number(2)));
    assert_eq!(told(&mut history, 0), Some((false, said("provisioned", &[2]), vec![1, 2], vec![])));
    // With nothing before it, a broken file is as good as none; a commit that cannot be read says so.
    let past = graph(&[(&[1], Some(&listed[0])), (&[2], None), (&[], Some(&listed[1]))]);
    let mut history = History::new(&past, contents());
    assert_eq!(told(&mut history, 0), Some((false, said("provisioned", &[1]), vec![1, 2], vec![])));
    assert_eq!(told(&mut history, 1), Some((true, vec![], vec![], vec![])));
    assert_eq!(told(&mut history, 2), Some((true, vec![], vec![], vec![])));
}

#[test]
fn what_is_no_file_is_a_gap_where_it_came_and_no_file_is_none() {
    let link = [(0, Stored::Irregular("a symbolic link"))];
    let file = [(0, Stored::File(0))];
    let graph = graph(&[(&[1], Some(&[])), (&[2], Some(&link)), (&[3], Some(&link)), (&[], Some(&file))]);
    let mut history = History::new(&graph, texts(&[&[(1, "a")]]));
    assert_eq!(told(&mut history, 0), Some((false, said("released", &[1]), vec![], vec![])));
    assert_eq!(told(&mut history, 1), None);
    assert_eq!(told(&mut history, 2), Some((true, vec![], vec![], vec![])));
    let why = history.row(2).unwrap().unwrap().gap;
    assert_eq!(why.as_deref(), Some("`phone-numbers/directory.json` is a symbolic link"));
}

#[test]
fn a_merge_tells_what_is_unlike_both_sides_and_what_it_dropped_of_them() {
    let listed = IDS.map(|id| [(0, Stored::File(id))]);
    let sides = |merge: usize| {
        graph(&[
            (&[1, 2], Some(&listed[merge])),
            (&[3], Some(&listed[1])),
            (&[3], Some(&listed[2])),
            (&[], Some(&listed[0])),
        ])
    };
    let contents = || {
        texts(&[
            &[(1, "a"), (2, "a"), (3, "a")],
            &[(1, "b"), (2, "a"), (3, "a")],
            &[(1, "a"), (2, "b"), (3, "a")],
            &[(1, "b"), (2, "b"), (3, "a")],
            &[(1, "b"), (2, "b"), (3, "c")],
            &[(1, "b"), (2, "a"), (3, "c")],
        ])
    };
    let row = |merge: usize| {
        let graph = sides(merge);
        told(&mut History::new(&graph, contents()), 0)
    };
    let nothing = Some((false, vec![], vec![], vec![]));
    assert_eq!(row(3), nothing); // both edits
    assert_eq!(row(4), Some((false, said("updated", &[3]), vec![], vec![])));
    assert_eq!(row(1), Some((false, vec![], vec![], said("updated", &[2]))));
    assert_eq!(row(2), Some((false, vec![], vec![], said("updated", &[1]))));
    assert_eq!(row(0), Some((false, vec![], vec![], said("updated", &[1, 2]))));
    assert_eq!(row(5), Some((false, said("updated", &[3]), vec![], said("updated", &[2]))));
}

#[test]
fn many_numbers_are_told_piece_by_piece_and_none_is_left_out() {
    let notes: Vec<(u32, &str)> = (0..1500).map(|line| (line, "a")).collect();
    let graph = graph(&[(&[], Some(&[(0, Stored::File(0))]))]);
    let mut history = History::new(&graph, texts(&[&notes]));
    let row = history.row(0).unwrap().unwrap();
    let pieces: Vec<Vec<PhoneNumber>> =
        row.changes.pieces().map(|changes| changes.list.iter().map(|change| change.phone_number).collect()).collect();
    assert_eq!(pieces.iter().map(Vec::len).collect::<Vec<_>>(), [512, 512, 476]);
    assert_eq!(pieces.concat(), (0..1500).map(number).collect::<Vec<_>>());
}
