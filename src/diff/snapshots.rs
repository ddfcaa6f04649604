//! Compares two snapshots whose files are whole and in canonical form, parsing one side and of the other what differs.
//!
//! A snapshot that is anything else is not judged here: the caller loads both directories, and reports what is wrong.

use std::collections::{BTreeMap, BTreeSet};

use super::delta::{self, Delta, Pairs, WorkspaceDelta};
use super::listed::Listed;
use super::pools;
use super::text;
use super::{Changes, revisions};
use crate::model::paths::{self, FileKind};
use crate::model::{AssignmentsFile, MasterFile, NumbersFile, PoolsFile, WorkspaceName};
use crate::side_by_side;
use crate::snapshot::Snapshot;

/// Lists what changed; `None` where a file is missing, cannot be read, or is not in canonical form.
///
/// The one large file, `directory.json`, is compared on a thread of its own.
pub fn between(from: &Snapshot, to: &Snapshot) -> Option<Changes> {
    let numbers = || pairs::<MasterFile>(from, to, paths::MASTER);
    let (workspaces, numbers) = side_by_side::both(|| workspaces(from, to), numbers);
    let [before, after] = [pools_of(from)?, pools_of(to)?];
    let (members, pools) =
        (delta::members(before.as_ref(), after.as_ref()), pools::between(before.as_ref(), after.as_ref()));
    let delta = Delta { numbers: numbers?, workspaces: workspaces?, members, pools };
    Some(revisions::of_delta(&delta))
}

fn workspaces(from: &Snapshot, to: &Snapshot) -> Option<BTreeMap<WorkspaceName, WorkspaceDelta>> {
    let names = names(from)?;
    if names != self::names(to)? {
        return None;
    }
    let of_workspace = |name: WorkspaceName| {
        let registry = pairs::<NumbersFile>(from, to, &paths::numbers(&name))?;
        let assignments = pairs::<AssignmentsFile>(from, to, &paths::assignments(&name))?;
        Some((name, WorkspaceDelta { registry, assignments }))
    };
    names.into_iter().map(of_workspace).collect()
}

/// The pools, which most projects do without; `None` where the file cannot be read.
fn pools_of(snapshot: &Snapshot) -> Option<Option<PoolsFile>> {
    if !snapshot.files.contains_key(paths::POOLS) {
        return Some(None);
    }
    serde_json::from_slice(snapshot.bytes(paths::POOLS)?).ok().map(Some)
}

/// The workspaces that have files, or are counted and therefore ought to have them.
fn names(snapshot: &Snapshot) -> Option<BTreeSet<WorkspaceName>> {
    let master: MasterFile = text::without_entries(snapshot.bytes(paths::MASTER)?)?;
    let with_files = snapshot.files.keys().filter_map(|path| match FileKind::of(path)? {
        FileKind::Numbers(name) | FileKind::Assignments(name) => Some(name),
        _ => None,
    });
    Some(with_files.chain(master.metadata.by_workspace.into_keys()).collect())
}

fn pairs<F: Listed>(from: &Snapshot, to: &Snapshot, path: &str) -> Option<Pairs<F::Entry>> {
    let (from, to) = (from.bytes(path)?, to.bytes(path)?);
    if !text::is_whole::<F>(from) {
        return None;
    }
    if from == to { Some(Pairs::new()) } else { text::pairs::<F>(from, to) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::made_up::{assigned, member, number, registered, two_workspaces};
    use crate::model::{Directory, PoolsFile};

    fn snapshot(directory: &Directory) -> Snapshot {
        let mut snapshot = Snapshot::default();
        for (path, text) in directory.to_files() {
            snapshot.insert(path, text);
        }
        snapshot
    }

    fn with_pools() -> Directory {
        let members = [1, 2].map(|line| (number(line), member("sales"))).into();
        Directory { pools: Some(PoolsFile { members, ..PoolsFile::default() }), ..two_workspaces() }
    }

    #[test]
    fn each_file_of_two_snapshots_is_compared_as_the_directories_are() {
        let before = with_pools();
        let changes: [fn(&mut Directory); 8] = [
            |_| {},
            |it| it.master.numbers.get_mut(&number(1)).unwrap().notes.push('x'),
            |it| registered(it, "staging", 1).nickname = Some("x".to_owned()),
            |it| registered(it, "production", 3).nickname = Some("x".to_owned()),
            |it| assigned(it, "staging", 2).agent_name = Some("x".to_owned()),
            |it| drop(it.pools.as_mut().unwrap().members.remove(&number(1))),
            |it| it.pools = None,
            |it| {
                let pool = serde_json::json!({"purpose": "", "owner": null, "workspaces": [], "quarantine": "30d"});
                it.pools
                    .as_mut()
                    .unwrap()
                    .pools
                    .insert("sales".parse().unwrap(), serde_json::from_value(pool).unwrap());
            },
        ];
        for (at, change) in changes.into_iter().enumerate() {
            let mut after = before.clone();
            change(&mut after);
            for (from, to) in [(&before, &after), (&after, &before)] {
                let expected = revisions::between(from, to);
                assert_eq!(expected.is_empty(), at == 0, "{at}");
                assert_eq!(between(&snapshot(from), &snapshot(to)), Some(expected), "{at}");
            }
        }
    }

    #[test]
    fn what_is_missing_in_another_form_or_of_other_workspaces_is_not_judged() {
        let whole = snapshot(&with_pools());
        let spoiled = |path: &str, text: Option<&str>| {
            let mut snapshot = whole.clone();
            match text {
                Some(text) => snapshot.insert(path, text),
                None => drop(snapshot.files.remove(path)),
            }
            snapshot
        };
        let master = String::from_utf8(whole.bytes(paths::MASTER).unwrap().to_vec()).unwrap();
        let numbers = "phone-numbers/staging/numbers.json";
        let listed = String::from_utf8(whole.bytes(numbers).unwrap().to_vec()).unwrap();
        let counted = master.replacen("\"by_workspace\": {}", "\"by_workspace\": {\n      \"eu\": 0\n    }", 1);
        for (at, other) in [
            spoiled(paths::MASTER, None),
            spoiled(paths::MASTER, Some(&counted)),
            spoiled(numbers, None),
            spoiled(numbers, Some(&format!(" {listed}"))),
            spoiled(numbers, Some("{")),
            spoiled(paths::POOLS, Some("{")),
            spoiled("phone-numbers/eu/numbers.json", Some(&listed)),
        ]
        .into_iter()
        .enumerate()
        {
            assert_eq!(between(&whole, &other), None, "{at}");
            assert_eq!(between(&other, &whole), None, "{at}");
            assert_eq!(between(&other, &other), None, "{at}");
        }
    }
}
