//! The workspaces whose lines answer real callers: what silences one of them needs a flag of its own.

use std::collections::BTreeSet;

use super::WorkspaceName;

/// The names of the protected workspaces; a project that names none has its default pair's second.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProtectedWorkspaces(BTreeSet<WorkspaceName>);

impl Default for ProtectedWorkspaces {
    fn default() -> Self {
        let [_, production] = WorkspaceName::default_pair();
        Self(BTreeSet::from([production]))
    }
}

impl ProtectedWorkspaces {
    pub fn contains(&self, workspace: &WorkspaceName) -> bool {
        self.0.contains(workspace)
    }

    /// The names, in the order of files.
    pub fn names(&self) -> impl Iterator<Item = &WorkspaceName> {
        self.0.iter()
    }
}

impl FromIterator<WorkspaceName> for ProtectedWorkspaces {
    fn from_iter<T: IntoIterator<Item = WorkspaceName>>(names: T) -> Self {
        Self(names.into_iter().collect())
    }
}
