//! What changed between two directories: the one meaning of "change" that every output renders.
//!
//! [`Changes`] is what `diff`, dry runs, commit messages, `history` and pull-request comments show. It is
//! keyed by number and workspace, so order, formatting and derived counts are never a change, and an edit
//! that touches three files is one change.

pub mod delta;
pub mod fields;
pub mod intent;
pub mod limits;
pub mod revisions;
pub mod snapshots;
pub mod text;

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

use crate::model::{PhoneNumber, WorkspaceName};

/// What happened to a number, in a workspace or in the directory as a whole.
///
/// The order is the order in which a reviewer should read them: what silences a line comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangeKind {
    /// The number left the directory.
    Released,
    /// The number left the workspace's registry.
    Removed,
    /// The number lost its last voice agent.
    Unassigned,
    /// The bound agents changed.
    Reassigned,
    /// The same agents, but the way to them changed.
    Rerouted,
    /// The number got its first voice agent.
    Assigned,
    /// The number entered the workspace's registry.
    Imported,
    /// The number entered the directory.
    Provisioned,
    /// Something else changed.
    Updated,
    /// Between workspaces: only the first has the number.
    OnlyInFrom,
    /// Between workspaces: only the second has the number.
    OnlyInTo,
    /// Between workspaces: both have it, and differ in intent.
    Different,
}

impl ChangeKind {
    /// Every kind, in reading order.
    pub const ALL: [Self; 12] = [
        Self::Released,
        Self::Removed,
        Self::Unassigned,
        Self::Reassigned,
        Self::Rerouted,
        Self::Assigned,
        Self::Imported,
        Self::Provisioned,
        Self::Updated,
        Self::OnlyInFrom,
        Self::OnlyInTo,
        Self::Different,
    ];

    /// The word in every output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Released => "released",
            Self::Removed => "removed",
            Self::Unassigned => "unassigned",
            Self::Reassigned => "reassigned",
            Self::Rerouted => "rerouted",
            Self::Assigned => "assigned",
            Self::Imported => "imported",
            Self::Provisioned => "provisioned",
            Self::Updated => "updated",
            Self::OnlyInFrom => "only-in-from",
            Self::OnlyInTo => "only-in-to",
            Self::Different => "different",
        }
    }
}

impl fmt::Display for ChangeKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

/// A field that differs; null stands for a field that is not there.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldChange {
    /// The field's name, with dots into nested objects.
    pub field: String,
    /// The value before, or in the first workspace.
    pub from: Value,
    /// The value after, or in the second workspace.
    pub to: Value,
}

/// What changed about one number in one place.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The number.
    pub phone_number: PhoneNumber,
    /// The workspace; none for the directory as a whole, and between workspaces.
    pub workspace: Option<WorkspaceName>,
    /// What happened.
    pub kind: ChangeKind,
    /// Every field that differs, in the order of the files.
    pub fields: Vec<FieldChange>,
}

impl Change {
    /// The change of a field, if it differs.
    pub fn field(&self, name: &str) -> Option<&FieldChange> {
        self.fields.iter().find(|field| field.field == name)
    }
}

/// Everything that changed, by number, then workspace.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes {
    /// The changes in canonical order: by number; the directory as a whole first, then the workspaces.
    pub list: Vec<Change>,
}

impl Changes {
    /// Puts changes into canonical order.
    pub fn new(mut list: Vec<Change>) -> Self {
        list.sort_by(|left, right| {
            let key = |change: &Change| (change.phone_number, change.workspace.clone());
            key(left).cmp(&key(right))
        });
        Self { list }
    }

    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// How many changes there are of each kind that occurs.
    pub fn summary(&self) -> BTreeMap<ChangeKind, usize> {
        let mut counts = BTreeMap::new();
        for change in &self.list {
            *counts.entry(change.kind).or_default() += 1;
        }
        counts
    }

    /// How many numbers are touched.
    pub fn numbers(&self) -> usize {
        let mut numbers: Vec<_> = self.list.iter().map(|change| change.phone_number).collect();
        numbers.dedup();
        numbers.len()
    }

    /// Keeps what a predicate admits.
    pub fn retain(&mut self, admits: impl FnMut(&Change) -> bool) {
        self.list.retain(admits);
    }
}
