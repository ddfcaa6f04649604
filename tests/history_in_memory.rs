//! Holds the history and the blame of generated commits to a naive replay, without a repository: eventful pasts, many seeds.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use phone_dir::diff::Changes;
use phone_dir::error::Result;
use phone_dir::history::blame::Blame;
use phone_dir::history::{CommitChanges, Contents, Graph, History, Listing, Stored};
use phone_dir::model::paths::FileKind;
use phone_dir::snapshot::Content;
use serde_json::{Value, json};

use crate::generator::past::{Commit, eventful};
use crate::generator::replay::{Origins, replay};

/// The commits as a graph, the last one first, and the contents of their files.
struct InMemory {
    graph: Graph<usize>,
    contents: Vec<Rc<Vec<u8>>>,
    kept: HashMap<[usize; 2], Vec<u8>>,
}

impl InMemory {
    fn of(past: &[Commit]) -> Self {
        let kinds: BTreeMap<&String, FileKind> = past
            .iter()
            .flat_map(|commit| commit.files.keys())
            .map(|path| (path, FileKind::of(path).unwrap()))
            .collect();
        let (mut ids, mut contents) = (HashMap::new(), Vec::new());
        let mut id = |bytes: &Rc<Vec<u8>>| {
            *ids.entry(Rc::clone(bytes)).or_insert_with(|| {
                contents.push(Rc::clone(bytes));
                contents.len() - 1
            })
        };
        let mut listing = |commit: &Commit| -> Listing<usize> {
            let places = kinds.keys().enumerate();
            places.filter_map(|(at, path)| Some((at, Stored::File(id(commit.files.get(*path)?))))).collect()
        };
        let listings: Vec<Listing<usize>> = past.iter().rev().map(&mut listing).collect();
        let last = past.len() - 1;
        let commit = |(at, commit): (usize, &Commit)| phone_dir::history::Commit {
            parents: commit.parents.iter().map(|parent| last - parent).collect(),
            is_cut_off: false,
            listing: Ok(at),
        };
        let commits = past.iter().rev().enumerate().map(commit).collect();
        Self {
            graph: Graph { commits, kinds: kinds.into_values().collect(), listings },
            contents,
            kept: HashMap::new(),
        }
    }
}

/// What of it the history asks for.
struct Shelf<'a> {
    contents: &'a [Rc<Vec<u8>>],
    kept: &'a mut HashMap<[usize; 2], Vec<u8>>,
}

impl Contents<usize> for Shelf<'_> {
    fn read(&mut self, id: usize) -> Result<Content> {
        Ok(Content::Bytes(self.contents[id].to_vec().into()))
    }

    fn recall(&mut self, of: [usize; 2]) -> Option<Vec<u8>> {
        self.kept.get(&of).cloned()
    }

    fn keep(&mut self, of: [usize; 2], seen: &[u8]) {
        self.kept.insert(of, seen.to_vec());
    }
}

/// The rows in which something changed or could not be read, told as the replay tells them.
fn told(past: &mut InMemory) -> BTreeMap<String, Value> {
    let last = past.graph.commits.len() - 1;
    let mut history = History::new(&past.graph, Shelf { contents: &past.contents, kept: &mut past.kept });
    let mut rows = BTreeMap::new();
    for commit in 0..=last {
        let Some(row) = history.row(commit).unwrap() else { continue };
        let pieces = match row.changes {
            CommitChanges::Whole(changes) => vec![changes],
            entries @ CommitChanges::Entries(_) => entries.pieces().collect(),
        };
        let lines = |changes: &Changes| serde_json::to_value(&changes.list).unwrap().as_array().unwrap().clone();
        let changes: Vec<Value> = pieces.iter().flat_map(lines).collect();
        if !changes.is_empty() || row.gap.is_some() {
            rows.insert(format!("Commit {}", last - commit), json!({"changes": changes, "gap": row.gap.is_some()}));
        }
    }
    rows
}

fn agrees(seed: u64, numbers: usize, commits: usize) {
    let past = eventful(seed, numbers, commits);
    let mut in_memory = InMemory::of(&past);
    let expected = replay(&past);
    assert!(expected.len() > commits / 4, "the generator makes histories in which something happens");
    for (run, found) in [told(&mut in_memory), told(&mut in_memory)].into_iter().enumerate() {
        let commits: Vec<_> = expected.keys().chain(found.keys()).collect();
        for commit in commits {
            assert_eq!(found.get(commit), expected.get(commit), "seed {seed}, {commit}, run {run}");
        }
    }
}

#[test]
fn history_is_what_a_replay_of_whole_commits_tells() {
    for seed in 0..5 {
        agrees(seed, 8, 60);
    }
    agrees(99, 40, 40);
}

#[test]
fn blame_follows_each_field_to_the_commit_that_no_parent_had_it_before() {
    for seed in 1..4 {
        let past = eventful(seed, 4, 60);
        let (mut in_memory, last) = (InMemory::of(&past), past.len() - 1);
        let mut origins = Origins::of(&past);
        let directory = origins.directory();
        for number in origins.numbers() {
            let mut blame = Blame::of(number, &directory);
            let shelf = Shelf { contents: &in_memory.contents, kept: &mut in_memory.kept };
            blame.trace(&mut History::new(&in_memory.graph, shelf), &mut |_| {}).unwrap();
            assert!(blame.is_done());
            for field in &blame.fields {
                let workspace = field.workspace.as_ref().map(ToString::to_string);
                let Some(origin) = origins.set_by(number, workspace.as_deref(), field.field.as_str()) else { continue };
                let found = last - field.commit.unwrap();
                assert_eq!(found, origin, "seed {seed}, {number}, {workspace:?}, {}", field.field);
            }
        }
    }
}
