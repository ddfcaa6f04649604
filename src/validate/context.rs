//! What the rules look at: the directory as far as it could be read, lined up number by number.

use std::collections::{BTreeMap, BTreeSet};

use super::finding::{Place, Pointer};
use super::intake::Cut;
use super::known_files::KnownFiles;
use super::occasion::Occasion;
use super::rule::{Check, Need, Reads, Rule};
use super::settings::Settings;
use crate::model::directory::{FailureReason, Reading};
use crate::model::paths::{self, FileKind};
use crate::model::{
    Assignment, AssignmentsFile, Directory, NumberEntry, NumbersFile, PhoneNumber, PoolName, RegistryEntry,
    WorkspaceEntry, WorkspaceName,
};
use crate::secrets::{self, Secret};
use crate::snapshot::Snapshot;

/// An element of a file's list, with its index.
pub type At<'a, T> = (usize, &'a T);

/// What all files say about one number in one workspace.
pub struct NumberInWorkspace<'a> {
    pub number: PhoneNumber,
    /// Its entry in `directory.json`.
    pub entry: Option<&'a NumberEntry>,
    /// That entry's part of the workspace.
    pub binding: Option<&'a WorkspaceEntry>,
    /// Its element in the workspace's `numbers.json`.
    pub registered: Option<At<'a, RegistryEntry>>,
    /// Its element in the workspace's `assignments.json`.
    pub assignment: Option<At<'a, Assignment>>,
}

/// One workspace, and which of its files could be read.
pub struct Workspace<'a> {
    pub name: &'a WorkspaceName,
    /// Its registry; none where the file is missing or broken.
    pub numbers: Option<&'a NumbersFile>,
    /// Its assignments; none where the file is missing or broken.
    pub assignments: Option<&'a AssignmentsFile>,
    /// Every number that any file has for it, sorted.
    pub rows: Vec<NumberInWorkspace<'a>>,
    numbers_path: String,
    assignments_path: String,
}

/// Everything that a rule may look at. It is the same for every rule, and holds no I/O.
pub struct Context<'a> {
    pub snapshot: &'a Snapshot,
    /// The files as far as they could be read.
    pub directory: &'a Directory,
    pub settings: &'a Settings,
    /// Where they are from, and the time.
    pub occasion: &'a Occasion,
    pub workspaces: Vec<Workspace<'a>>,
    pub known: KnownFiles<'a>,
    reading: &'a Reading,
    partial: &'a BTreeMap<String, Cut>,
}

impl<'a> Context<'a> {
    /// Lines the files up. `partial` has the files that were read without their broken parts.
    pub fn new(
        snapshot: &'a Snapshot,
        (reading, partial): (&'a Reading, &'a BTreeMap<String, Cut>),
        settings: &'a Settings,
        occasion: &'a Occasion,
    ) -> Self {
        let directory = &reading.directory;
        let (known, workspaces) = (KnownFiles::of(snapshot), Vec::new());
        let mut context = Self { snapshot, directory, settings, occasion, workspaces, known, reading, partial };
        // The names are the directory's own where it holds them, so that nothing here needs to own one.
        let by_workspace = directory.master.metadata.by_workspace.keys();
        let configured = directory.settings.iter().flat_map(|file| file.workspaces.keys());
        let names: BTreeSet<&WorkspaceName> =
            by_workspace.chain(directory.workspaces.keys()).chain(configured).collect();
        context.workspaces = names.into_iter().map(|name| context.workspace(name)).collect();
        context
    }

    /// Whether the file could be read, at least without its broken parts.
    pub fn reads(&self, path: &str) -> bool {
        self.reading.holds(path)
    }

    /// Whether the file could be read whole, so that counts over it mean something.
    pub fn is_whole(&self, path: &str) -> bool {
        self.reads(path) && !self.partial.contains_key(path)
    }

    /// Whether `directory.json` could be read.
    pub fn has_master(&self) -> bool {
        self.reads(paths::MASTER)
    }

    /// Whether something is, readable or not, at a path.
    pub fn is_there(&self, path: &str) -> bool {
        self.snapshot.files.contains_key(path)
    }

    /// The secrets in a file, in order; none overlap. They are looked for once, when they are first asked for.
    pub fn secrets(&self, path: &str) -> &[Secret] {
        let Some(bytes) = self.snapshot.bytes(path) else { return &[] };
        // A file of ours that was read whole has no property that its schema does not know.
        let has_known_keys = FileKind::of(path).is_some_and(|kind| kind.is_owned()) && self.is_whole(path);
        self.known.secrets(path, || if has_known_keys { secrets::patterns(bytes) } else { secrets::all(bytes) })
    }

    /// Whether a number's absence from a file says nothing, because its entry there is, or may be, broken.
    pub fn is_unreadable_in(&self, path: &str, number: PhoneNumber) -> bool {
        self.partial.get(path).is_some_and(|cut| cut.unknown || cut.numbers.contains(&number))
    }

    /// Whether every agent's file of a workspace could be read, so that an id's absence means something.
    pub fn knows_agents_of(&self, workspace: &WorkspaceName) -> bool {
        let is_of =
            |path: &str| matches!(FileKind::of(path), Some(FileKind::AgentWorkspace(_, name)) if name == *workspace);
        let agents = self.snapshot.files.range("agents/".to_owned()..).map(|(path, _)| path);
        agents.take_while(|path| path.starts_with("agents/")).all(|path| !is_of(path) || self.is_whole(path))
    }

    /// Why a need is not met; none where it is.
    pub fn unmet(&self, need: Need) -> Option<String> {
        let (met, path) = match need {
            Need::Master => (self.has_master(), paths::MASTER),
            Need::Trunks => (self.directory.trunks.is_some(), paths::TRUNKS),
            Need::SyncLog => (self.directory.sync_log.is_some(), paths::SYNC),
            Need::WorkspacesFile => (self.directory.settings.is_some(), paths::WORKSPACES),
        };
        let what = if self.is_there(path) { "cannot be read" } else { "is not here" };
        let name = path.strip_prefix("phone-numbers/").unwrap_or(path);
        (!met).then(|| format!("`{name}` {what}"))
    }

    /// Why a rule that found nothing cannot say that all is well: a file that it reads could not be read whole.
    pub fn unread(&self, rule: &Rule) -> Option<String> {
        let is_read = |path: &str| FileKind::of(path).is_some_and(|kind| rule.reads.contains(&Reads::of(&kind)));
        let looks_at_texts = matches!(rule.check, Check::Reading);
        let failed = self.reading.failures.iter().find_map(|failure| {
            let what = match failure.reason {
                FailureReason::Missing if looks_at_texts => return None,
                FailureReason::Missing => "is missing",
                _ => "cannot be read",
            };
            is_read(&failure.path).then(|| format!("`{}` {what}", failure.path))
        });
        let cut = || {
            let path = self.partial.keys().find(|path| !looks_at_texts && is_read(path))?;
            Some(format!("parts of `{path}` cannot be read"))
        };
        failed.or_else(cut)
    }

    pub fn rows(&self) -> impl Iterator<Item = (&Workspace<'a>, &NumberInWorkspace<'a>)> {
        self.workspaces.iter().flat_map(|workspace| workspace.rows.iter().map(move |row| (workspace, row)))
    }

    /// The rows that have an assignment, with it.
    pub fn assigned_rows(&self) -> impl Iterator<Item = (&Workspace<'a>, &NumberInWorkspace<'a>, At<'a, Assignment>)> {
        self.rows().filter_map(|(workspace, row)| Some((workspace, row, row.assignment?)))
    }

    /// The rows that are in the registry, with their entry there.
    pub fn registered_rows(
        &self,
    ) -> impl Iterator<Item = (&Workspace<'a>, &NumberInWorkspace<'a>, At<'a, RegistryEntry>)> {
        self.rows().filter_map(|(workspace, row)| Some((workspace, row, row.registered?)))
    }

    fn workspace(&self, name: &'a WorkspaceName) -> Workspace<'a> {
        let files = self.directory.workspaces.get(name);
        let (numbers_path, assignments_path) = (paths::numbers(name), paths::assignments(name));
        let numbers = files.map(|files| &files.numbers).filter(|_| self.reads(&numbers_path));
        let assignments = files.map(|files| &files.assignments).filter(|_| self.reads(&assignments_path));
        let rows = rows(name, &self.directory.master.numbers, numbers, assignments);
        Workspace { name, numbers, assignments, rows, numbers_path, assignments_path }
    }
}

/// Joins the three sources of a workspace by number. All of them are sorted, or nearly, so this is one pass each.
fn rows<'a>(
    name: &WorkspaceName,
    master: &'a BTreeMap<PhoneNumber, NumberEntry>,
    numbers: Option<&'a NumbersFile>,
    assignments: Option<&'a AssignmentsFile>,
) -> Vec<NumberInWorkspace<'a>> {
    let registered = sorted(numbers.map_or(&[], |file| file.numbers.as_slice()), |entry| entry.phone_number);
    let assigned = sorted(assignments.map_or(&[], |file| file.assignments.as_slice()), |entry| entry.phone_number);
    let mut known: Vec<PhoneNumber> = master.keys().copied().collect();
    known.extend(registered.iter().map(|(number, _)| *number));
    known.extend(assigned.iter().map(|(number, _)| *number));
    known.sort();
    known.dedup();
    let (mut entries, mut registered, mut assigned) =
        (master.iter().peekable(), registered.into_iter().peekable(), assigned.into_iter().peekable());
    let row = |number| {
        let entry = entries.next_if(|(key, _)| **key == number).map(|(_, entry)| entry);
        NumberInWorkspace {
            number,
            entry,
            binding: entry.and_then(|entry| entry.workspaces.get(name)),
            registered: registered.next_if(|(key, _)| *key == number).map(|(_, found)| found),
            assignment: assigned.next_if(|(key, _)| *key == number).map(|(_, found)| found),
        }
    };
    known
        .into_iter()
        .map(row)
        .filter(|row| row.binding.is_some() || row.registered.is_some() || row.assignment.is_some())
        .collect()
}

/// The elements by number; of a number that stands twice, the first.
fn sorted<T>(list: &[T], key: impl Fn(&T) -> PhoneNumber) -> Vec<(PhoneNumber, At<'_, T>)> {
    let mut sorted: Vec<_> = list.iter().enumerate().map(|(index, item)| (key(item), (index, item))).collect();
    sorted.sort_by_key(|(number, _)| *number);
    sorted.dedup_by_key(|(number, _)| *number);
    sorted
}

impl Workspace<'_> {
    /// The path of its registry.
    pub fn numbers_path(&self) -> &str {
        &self.numbers_path
    }

    pub fn assignments_path(&self) -> &str {
        &self.assignments_path
    }

    /// A field of an element of its registry.
    pub fn registered_field(&self, index: usize, field: &str) -> Place {
        Place::value(self.numbers_path(), Pointer::root().at("numbers").at(index).at(field))
    }

    /// A field of an element of its assignments.
    pub fn assignment_field(&self, index: usize, field: &str) -> Place {
        Place::value(self.assignments_path(), Pointer::root().at("assignments").at(index).at(field))
    }

    /// A field of the workspace in a number's entry of `directory.json`.
    pub fn binding_field(&self, number: PhoneNumber, field: &str) -> Place {
        Place::value(paths::MASTER, entry(number).at("workspaces").at(self.name).at(field))
    }
}

impl NumberInWorkspace<'_> {
    /// The best place to speak of the number: its entry in `directory.json`, else wherever it is.
    pub fn place(&self, workspace: &Workspace<'_>) -> Place {
        match (self.entry, self.registered, self.assignment) {
            (None, Some((index, _)), _) => workspace.registered_field(index, "phone_number"),
            (None, None, Some((index, _))) => workspace.assignment_field(index, "phone_number"),
            _ => number_key(self.number),
        }
    }
}

/// The pointer of a number's entry in `directory.json`.
pub fn entry(number: PhoneNumber) -> Pointer {
    Pointer::root().at("numbers").at(number)
}

/// The key of a number's entry in `directory.json`.
pub fn number_key(number: PhoneNumber) -> Place {
    Place::key(paths::MASTER, entry(number))
}

/// A field of a number's entry in `directory.json`.
pub fn number_field(number: PhoneNumber, field: &str) -> Place {
    Place::value(paths::MASTER, entry(number).at(field))
}

/// The key of a pool in `pools.json`.
pub fn pool_key(name: &PoolName) -> Place {
    Place::key(paths::POOLS, Pointer::root().at("pools").at(name))
}

/// A field of a pool in `pools.json`, or an element of its list.
pub fn pool_field(name: &PoolName, field: &str, index: Option<usize>) -> Place {
    let pointer = Pointer::root().at("pools").at(name).at(field);
    Place::value(
        paths::POOLS,
        match index {
            Some(index) => pointer.at(index),
            None => pointer,
        },
    )
}

/// The key of a number in `pools.json`.
pub fn member_key(number: PhoneNumber) -> Place {
    Place::key(paths::POOLS, Pointer::root().at("members").at(number))
}

/// A field of a number in `pools.json`.
pub fn member_field(number: PhoneNumber, field: &str) -> Place {
    Place::value(paths::POOLS, Pointer::root().at("members").at(number).at(field))
}
