//! Compares two snapshots whose files are whole and in canonical form, parsing one side and of the other what differs.
//!
//! A snapshot that is anything else is not judged here: the caller loads both directories, and reports what is wrong.

use std::collections::{BTreeMap, BTreeSet};

use super::delta::{self, Delta, Pairs, WorkspaceDelta};
use super::pools;
use super::text::{self, Listed};
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
