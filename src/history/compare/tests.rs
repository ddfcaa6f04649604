//! A comparer and small contents: what it says, what it reads for that, and what it leaves for the next run.

use std::cell::RefCell;
use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::*;
use crate::model::made_up::{self, assignment, number, registry_entry, workspace};
use crate::model::{NumberEntry, RegistryEntry, canonical};

/// Contents by their places, which write down what is asked of them.
#[derive(Default)]
struct Shelf {
    contents: Vec<Content>,
    read: RefCell<Vec<usize>>,
    kept: BTreeMap<[usize; 2], Vec<u8>>,
}

impl Contents<usize> for Shelf {
    fn read(&mut self, id: usize) -> Result<Content> {
        self.read.borrow_mut().push(id);
        Ok(self.contents[id].clone())
    }

    fn recall(&mut self, of: [usize; 2]) -> Option<Vec<u8>> {
        self.kept.get(&of).cloned()
    }

    fn keep(&mut self, of: [usize; 2], seen: &[u8]) {
        self.kept.insert(of, seen.to_vec());
    }
}

fn comparer(texts: &[&str]) -> Comparer<usize, Shelf> {
    let contents = texts.iter().map(|text| Content::Bytes(text.as_bytes().to_vec().into())).collect();
    Comparer::new(Shelf { contents, ..Shelf::default() })
}

impl Comparer<usize, Shelf> {
    /// What was read since this was last asked.
    fn reads(&self) -> Vec<usize> {
        self.contents.read.take()
    }

    /// What differs between two versions, by number: the notes before and after.
    fn notes(&mut self, from: Option<usize>, to: Option<usize>) -> Vec<(String, Option<String>, Option<String>)> {
        let mut delta = Delta::default();
        self.add(&FileKind::Master, from, to, &mut delta).unwrap();
        let note = |entry: Option<NumberEntry>| entry.map(|entry| entry.notes);
        delta.numbers.into_iter().map(|(number, pair)| (number.to_string(), note(pair.from), note(pair.to))).collect()
    }

    /// Whether the two contents of a comparison were written down as canonical, and how many pairs.
    fn seen(&self, of: [usize; 2]) -> Option<(Value, usize)> {
        let seen: Value = serde_json::from_slice(self.contents.kept.get(&of)?).unwrap();
        Some((seen["canonical"].clone(), seen["pairs"].as_array().unwrap().len()))
    }
}

/// A master file with a note on each number.
fn file(version: &str, notes: &[(u32, &str)]) -> String {
    let numbers = notes.iter().map(|(line, note)| (number(*line), made_up::noted(*line, note))).collect();
    let text = canonical::to_text(&MasterFile { numbers, ..MasterFile::empty() });
    text.replace("\"version\": \"1.0.0\"", &format!("\"version\": \"{version}\""))
}

fn noted(line: u32, from: Option<&str>, to: Option<&str>) -> (String, Option<String>, Option<String>) {
    (number(line).to_string(), from.map(str::to_owned), to.map(str::to_owned))
}

#[test]
fn two_versions_differ_the_same_whichever_is_known_to_be_canonical_and_whatever_their_layout() {
    let (one, other) = (file("1.0.0", &[(1, "a"), (2, "b"), (4, "d")]), file("1.0.0", &[(1, "a"), (2, "c"), (3, "e")]));
    let compact = |text: &str| serde_json::from_str::<Value>(text).unwrap().to_string();
    let expected = vec![noted(2, Some("b"), Some("c")), noted(3, None, Some("e")), noted(4, Some("d"), None)];
    for (from, to) in [
        (one.clone(), other.clone()),
        (compact(&one), other.clone()),
        (one.clone(), compact(&other)),
        (compact(&one), compact(&other)),
    ] {
        let canonical = json!([from == one, to == other]);
        for known in [&[][..], &[0], &[1], &[0, 1]] {
            let mut comparer = comparer(&[&from, &to]);
            for id in known {
                assert_eq!(comparer.problem(&FileKind::Master, *id).unwrap(), None);
            }
            assert_eq!(comparer.notes(Some(0), Some(1)), expected, "{known:?}");
            assert_eq!(comparer.seen([0, 1]), Some((canonical.clone(), 3)), "{known:?}");
            let mut read = comparer.reads();
            read.sort_unstable();
            assert_eq!(read, [0, 1], "each is read once: {known:?}");
        }
    }
}

#[test]
fn a_version_beside_nothing_comes_or_goes_as_a_whole() {
    let text = file("1.0.0", &[(1, "a"), (2, "b")]);
    let mut comparer = comparer(&[&text]);
    let both = |one: Option<&str>, other: Option<&str>, second: [Option<&str>; 2]| {
        vec![noted(1, one, other), noted(2, second[0], second[1])]
    };
    assert_eq!(comparer.notes(None, Some(0)), both(None, Some("a"), [None, Some("b")]));
    assert_eq!(comparer.notes(Some(0), None), both(Some("a"), None, [Some("b"), None]));
    assert!(comparer.notes(None, None).is_empty());
    assert_eq!(comparer.contents.kept.len(), 0);
}

#[test]
fn what_cannot_be_read_differs_in_nothing_and_says_why() {
    let whole = file("1.0.0", &[(1, "a")]);
    let (broken, newer) = ("{".to_owned(), file("2.0.0", &[(1, "b")]));
    let mut comparer = comparer(&[&whole, &broken, &newer]);
    comparer.contents.contents.push(Content::Irregular("a symbolic link"));
    let mut why = |id| comparer.problem(&FileKind::Master, id).unwrap();
    let reasons = [0, 1, 2, 3].map(&mut why);
    assert_eq!([0, 1, 2, 3].map(why), reasons);
    assert_eq!(reasons[0], None);
    let at = ReadFailure { path: paths::MASTER.to_owned(), reason: FailureReason::Irregular("a symbolic link") };
    assert_eq!(reasons[3].as_deref(), Some(at.into_error().message()));
    let newer =
        ReadFailure { path: paths::MASTER.to_owned(), reason: FailureReason::Newer("a newer major".to_owned()) };
    assert_eq!(reasons[2].as_deref(), Some(newer.into_error().message()));
    assert!(reasons[1].as_ref().unwrap().contains("`phone-numbers/directory.json`"), "{reasons:?}");
    assert_eq!(comparer.reads(), [0, 1, 2, 3]);
    for id in [1, 2, 3] {
        assert!(comparer.notes(Some(0), Some(id)).is_empty());
        assert!(comparer.notes(Some(id), Some(0)).is_empty());
        assert!(comparer.notes(None, Some(id)).is_empty());
        assert_eq!((comparer.seen([0, id]), comparer.seen([id, 0])), (None, None));
    }
}

#[test]
fn each_kind_of_file_is_named_where_it_cannot_be_read() {
    let name = workspace("staging");
    let kinds = [
        (FileKind::Master, "phone-numbers/directory.json"),
        (FileKind::Numbers(name.clone()), "phone-numbers/staging/numbers.json"),
        (FileKind::Assignments(name), "phone-numbers/staging/assignments.json"),
    ];
    for (kind, place) in kinds {
        assert_eq!(path(&kind), place);
        let reason = FailureReason::Irregular("a submodule");
        let expected = ReadFailure { path: place.to_owned(), reason }.into_error().message().to_owned();
        assert_eq!(irregular(&kind, "a submodule"), expected);
        let why = comparer(&["{"]).problem(&kind, 0).unwrap().unwrap();
        assert!(why.contains(&format!("`{place}`")), "{why}");
    }
    assert_eq!(path(&FileKind::Pools), paths::POOLS);
}

#[test]
fn what_was_met_is_asked_for_once_and_only_for_the_same_two() {
    let texts = [file("1.0.0", &[(1, "a")]), file("1.0.0", &[(1, "b")]), file("1.0.0", &[(1, "c")])];
    let mut comparer = comparer(&[&texts[0], &texts[1], &texts[2]]);
    comparer.meet(&FileKind::Master, Some(0), Some(1)).unwrap();
    assert_eq!(comparer.last.as_ref().map(|(one, other, _)| (*one, *other)), Some((0, 1)));
    assert_eq!(comparer.notes(Some(0), Some(1)), [noted(1, Some("a"), Some("b"))]);
    assert!(comparer.last.is_none());
    comparer.meet(&FileKind::Master, Some(0), Some(1)).unwrap();
    assert_eq!(comparer.notes(Some(1), Some(0)), [noted(1, Some("b"), Some("a"))]);
    comparer.meet(&FileKind::Master, Some(0), Some(1)).unwrap();
    assert_eq!(comparer.notes(Some(0), Some(2)), [noted(1, Some("a"), Some("c"))]);
    comparer.meet(&FileKind::Master, None, Some(1)).unwrap();
    comparer.meet(&FileKind::Master, Some(1), None).unwrap();
    assert!(comparer.last.is_none());
}

#[test]
fn what_an_earlier_run_saw_is_believed_and_says_which_are_canonical() {
    let texts = [file("1.0.0", &[(1, "a")]), file("1.0.0", &[(1, "b")]), file("1.0.0", &[(1, "c")])];
    let compact = serde_json::from_str::<Value>(&texts[2]).unwrap().to_string();
    let mut first = comparer(&[&texts[0], &texts[1], &compact]);
    let told = [first.notes(Some(0), Some(1)), first.notes(Some(1), Some(2))];
    let mut second = comparer(&[&texts[0], &texts[1], &compact]);
    second.contents.kept = first.contents.kept.clone();
    assert_eq!([second.notes(Some(0), Some(1)), second.notes(Some(1), Some(2))], told);
    for id in 0..3 {
        assert_eq!(second.problem(&FileKind::Master, id).unwrap(), None);
    }
    assert_eq!(second.reads(), [] as [usize; 0]);
    // What was recalled counts as if it had been seen here.
    assert_eq!(second.notes(Some(0), Some(2)), [noted(1, Some("a"), Some("c"))]);
    assert_eq!(second.seen([0, 2]), Some((json!([true, false]), 1)));
    // Not what is no such thing.
    second.contents.kept.insert([2, 0], b"{}".to_vec());
    assert_eq!(second.notes(Some(2), Some(0)), [noted(1, Some("c"), Some("a"))]);
}

#[test]
fn every_kind_of_file_lands_in_its_part_of_the_difference() {
    let name = workspace("staging");
    let registry = |nickname: &str| {
        let entry = RegistryEntry { nickname: Some(nickname.to_owned()), ..registry_entry(101) };
        canonical::to_text(&NumbersFile { numbers: vec![entry], ..NumbersFile::empty(name.clone()) })
    };
    let assignments = |agent: &str| {
        let assignments = vec![assignment(101, agent)];
        canonical::to_text(&AssignmentsFile { assignments, ..AssignmentsFile::empty(name.clone()) })
    };
    let pools = |owner: &str| {
        json!({
            "pools": {"sales": {"purpose": "Campaigns", "owner": owner, "workspaces": ["staging"], "quarantine": "30d"}},
            "members": {"+14155550101": {"pool": "sales", "since": "2025-11-01T09:00:00Z", "reason": owner, "state": "reserved"}},
        })
        .to_string()
    };
    let texts = [
        registry("A"),
        registry("B"),
        assignments("a"),
        assignments("b"),
        pools("one"),
        pools("other"),
        "{".to_owned(),
    ];
    let mut comparer = comparer(&texts.each_ref().map(String::as_str));
    let mut delta = Delta::default();
    comparer.meet(&FileKind::Assignments(name.clone()), Some(2), Some(3)).unwrap();
    comparer.add(&FileKind::Assignments(name.clone()), Some(2), Some(3), &mut delta).unwrap();
    comparer.add(&FileKind::Numbers(name.clone()), Some(0), Some(1), &mut delta).unwrap();
    comparer.meet(&FileKind::Pools, Some(4), Some(5)).unwrap();
    comparer.add(&FileKind::Pools, Some(4), Some(5), &mut delta).unwrap();
    let files = &delta.workspaces[&name];
    let registered: Vec<_> = files.registry.values().map(|pair| pair.to.clone().unwrap().nickname).collect();
    assert_eq!(registered, [Some("B".to_owned())]);
    let assigned: Vec<_> = files.assignments.values().map(|pair| pair.from.clone().unwrap().agent_id).collect();
    assert_eq!(assigned, ["a".parse().ok()]);
    assert_eq!((delta.numbers.len(), delta.members.len(), delta.pools.len()), (0, 1, 1));
    assert_eq!(delta.pools[0].fields(), ["owner"]);
    // Of pools that cannot be read on one side, nothing is said.
    for (from, to) in [(Some(4), Some(6)), (Some(6), Some(5)), (None, Some(6))] {
        let mut delta = Delta::default();
        comparer.add(&FileKind::Pools, from, to, &mut delta).unwrap();
        assert_eq!(delta, Delta::default());
    }
    let mut delta = Delta::default();
    comparer.add(&FileKind::Pools, None, Some(5), &mut delta).unwrap();
    assert_eq!((delta.members.len(), delta.pools[0].kind()), (1, "created"));
    let mut delta = Delta::default();
    comparer.add(&FileKind::Trunks, Some(0), Some(1), &mut delta).unwrap();
    assert_eq!(delta, Delta::default());
}

#[test]
fn of_each_file_the_newest_two_contents_are_kept_and_others_as_long_as_there_is_room() {
    let half = Content::Bytes(vec![b' '; KEPT_BYTES / 2].into());
    let mut recent = Recent { contents: VecDeque::new(), bytes: 0 };
    let mut keep = |kind: &FileKind, id: usize, content: &Content| {
        recent.keep(kind, id, content.clone());
        let held: usize = recent.contents.iter().map(|(_, _, content)| size(content)).sum();
        assert_eq!(recent.bytes, held);
        recent.contents.iter().map(|(_, id, _)| *id).collect::<Vec<_>>()
    };
    let irregular = Content::Irregular("a submodule");
    assert_eq!(keep(&FileKind::Master, 1, &irregular), [1]);
    assert_eq!(keep(&FileKind::Pools, 2, &half), [1, 2]);
    // Two halves and what each content costs beside its bytes are too much; no file has more than two contents.
    assert_eq!(keep(&FileKind::Master, 3, &half), [1, 2, 3]);
    assert_eq!(keep(&FileKind::Master, 4, &half), [2, 3, 4]);
    assert_eq!(keep(&FileKind::Master, 5, &half), [2, 4, 5]);
    assert_eq!(keep(&FileKind::Pools, 6, &irregular), [2, 4, 5, 6]);
    assert_eq!(keep(&FileKind::Pools, 7, &irregular), [4, 5, 6, 7]);
    // With room again, everything stays.
    assert_eq!(keep(&FileKind::Master, 8, &irregular), [5, 6, 7, 8]);
    assert_eq!(keep(&FileKind::Master, 9, &irregular), [5, 6, 7, 8, 9]);
    assert_eq!(keep(&FileKind::Master, 10, &irregular), [5, 6, 7, 8, 9, 10]);
    assert_eq!([size(&irregular), size(&half)], [64, KEPT_BYTES / 2 + 64]);
}

#[test]
fn differences_are_added_to_what_is_there() {
    let pair = |note: &str| Pair { from: None, to: Some(made_up::noted(1, note)) };
    let mut delta = Delta { numbers: [(number(1), pair("a"))].into(), ..Delta::default() };
    absorb(&mut delta, Delta { numbers: [(number(2), pair("b"))].into(), ..Delta::default() });
    assert_eq!(delta.numbers.keys().copied().collect::<Vec<_>>(), [number(1), number(2)]);
}

#[test]
fn a_comparer_begins_with_nothing_and_a_text_of_another_kind_keeps_nothing_from_it() {
    let comparer = comparer(&[]);
    assert_eq!((comparer.recent.bytes, comparer.recent.contents.len(), comparer.verdicts.len()), (0, 0, 0));
    assert!(comparer.last.is_none());
}

#[test]
fn of_one_number_alone_the_entries_of_others_that_were_kept_are_not_parsed() {
    let (one, other) = (file("1.0.0", &[(1, "a"), (2, "b")]), file("1.0.0", &[(1, "c"), (2, "d")]));
    let mut whole = comparer(&[&one, &other]);
    whole.notes(Some(0), Some(1));
    let kept: Value = serde_json::from_slice(&whole.contents.kept[&[0, 1]]).unwrap();
    let mut foreign = kept.clone();
    foreign["pairs"][1][1] = json!({"nothing": "that an entry has"});
    let recalled = |seen: &Value, only| {
        let mut comparer = comparer(&[&one, &other]);
        comparer.contents.kept.insert([0, 1], seen.to_string().into_bytes());
        comparer.only = only;
        (comparer.notes(Some(0), Some(1)), comparer.reads().len())
    };
    let (first, second) = (noted(1, Some("a"), Some("c")), noted(2, Some("b"), Some("d")));
    assert_eq!(recalled(&kept, None), (vec![first.clone(), second.clone()], 0));
    assert_eq!(recalled(&foreign, Some(number(1))), (vec![first.clone()], 0));
    assert_eq!(recalled(&foreign, None), (vec![first, second], 2), "what cannot be parsed is worked out anew");
}
