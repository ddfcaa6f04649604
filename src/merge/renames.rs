//! Folders of agents that a side gave another name: what the other side bound under the old name is bound under the new.
//!
//! Which folder an agent lies in is one thing in a file, however many numbers name it. Merged number by number, a folder
//! that one side renamed and the other bound to one more number would leave that number with a folder that is gone.
//! So the rename is done in all three versions first, and no number differs by it.

use std::collections::{BTreeMap, BTreeSet};

use super::{Keyed, Three};
use crate::model::{AgentId, AgentPath, WorkspaceName};

/// Where a file names an agent's folder; no id where it is a mere list of numbers.
#[derive(Clone, Copy, Debug)]
pub struct NamedFolder<'a> {
    pub workspace: &'a WorkspaceName,
    pub path: &'a AgentPath,
    pub id: Option<&'a AgentId>,
}

/// A folder's new name in a workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FolderRename {
    pub workspace: WorkspaceName,
    pub from: AgentPath,
    pub to: AgentPath,
}

impl FolderRename {
    pub(super) fn follow(&self, path: &mut Option<AgentPath>) {
        if path.as_ref() == Some(&self.from) {
            *path = Some(self.to.clone());
        }
    }
}

/// Three versions of a file in which renamed folders have their new names.
#[derive(Debug)]
pub(super) struct Followed<T> {
    base: T,
    ours: T,
    theirs: T,
}

impl<T: Keyed> Followed<T> {
    /// Follows each side's renames; none where there is none.
    pub(super) fn of(three: &Three<'_, T>) -> Option<Self> {
        let base = three.base?;
        let [before, ours, theirs] = [base, three.ours, three.theirs].map(FolderNames::of);
        let (ours, theirs) = (renames(&before, &ours, &theirs), renames(&before, &theirs, &ours));
        if ours.is_empty() && theirs.is_empty() {
            return None;
        }
        let renamed = |file: &T, renames: &[&[FolderRename]]| {
            let mut file = file.clone();
            renames.iter().copied().flatten().for_each(|rename| file.rename_folder(rename));
            file
        };
        Some(Self {
            base: renamed(base, &[&ours, &theirs]),
            ours: renamed(three.ours, &[&theirs]),
            theirs: renamed(three.theirs, &[&ours]),
        })
    }

    pub(super) fn three(&self) -> Three<'_, T> {
        Three { base: Some(&self.base), ours: &self.ours, theirs: &self.theirs }
    }
}

/// The folders that one side renamed and that the `other` still names, meaning the same agents.
fn renames(before: &FolderNames<'_>, after: &FolderNames<'_>, other: &FolderNames<'_>) -> Vec<FolderRename> {
    let kept = before.ids.iter().filter(|(place, ids)| {
        !after.ids.contains_key(*place) && other.ids.get(*place).is_some_and(|meant| meant.is_subset(ids))
    });
    kept.filter_map(|(&(workspace, from), ids)| {
        let mut paths = ids.iter().filter_map(|id| after.paths.get(&(workspace, *id))).flatten();
        let to = *paths.next()?;
        // A folder that had another agent before is no new name.
        let is_new = paths.all(|path| *path == to) && !before.ids.contains_key(&(workspace, to));
        is_new.then(|| FolderRename { workspace: workspace.clone(), from: from.clone(), to: to.clone() })
    })
    .collect()
}

/// The agents of each folder that a version names, and the folders of each agent, by workspace.
struct FolderNames<'a> {
    ids: BTreeMap<(&'a WorkspaceName, &'a AgentPath), BTreeSet<&'a AgentId>>,
    paths: BTreeMap<(&'a WorkspaceName, &'a AgentId), BTreeSet<&'a AgentPath>>,
}

impl<'a> FolderNames<'a> {
    fn of<T: Keyed>(file: &'a T) -> Self {
        let mut names = Self { ids: BTreeMap::new(), paths: BTreeMap::new() };
        for NamedFolder { workspace, path, id } in file.named_folders() {
            let ids = names.ids.entry((workspace, path)).or_default();
            if let Some(id) = id {
                ids.insert(id);
                names.paths.entry((workspace, id)).or_default().insert(path);
            }
        }
        names
    }
}
