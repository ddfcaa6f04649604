//! What holds for every merge, whatever the files say.

use std::collections::BTreeSet;

use phone_dir::merge::resolution::{self, Selection};
use phone_dir::merge::text::{self, Labels};
use phone_dir::merge::{self, Keyed, Merged, Shape, Side, Three};
use phone_dir::model::paths::FileKind;
use phone_dir::model::{AgentFolders, AssignmentsFile, Directory, MasterFile, NumbersFile, WorkspaceName, canonical};
use proptest::prelude::*;
use serde_json::{Map, Value};

/// How an entry is edited: kept, deleted, replaced by another, or given some fields of another.
type Edits = Vec<(u8, u32)>;

fn edits() -> impl Strategy<Value = Edits> {
    prop::collection::vec((0..6_u8, any::<u32>()), 16)
}

/// The entries of a file by number.
fn entries<T: Keyed>(file: &T) -> Map<String, Value> {
    match &serde_json::to_value(file).unwrap()[T::NUMBERS] {
        Value::Object(entries) => entries.clone(),
        Value::Array(list) => {
            list.iter().map(|entry| (entry["phone_number"].as_str().unwrap().to_owned(), entry.clone())).collect()
        }
        other => panic!("{other}"),
    }
}

fn with_entries<T: Keyed>(file: &T, entries: Map<String, Value>) -> T {
    let mut value = serde_json::to_value(file).unwrap();
    let mut sorted: Vec<_> = entries.into_iter().collect();
    sorted.sort_by(|one, other| one.0.cmp(&other.0));
    value[T::NUMBERS] = match T::SHAPE {
        Shape::Object => Value::Object(sorted.into_iter().collect()),
        Shape::List => sorted.into_iter().map(|(_, entry)| entry).collect(),
    };
    serde_json::from_value(value).unwrap()
}

/// A version of `base` after edits that take their values from `other`.
fn edited<T: Keyed>(base: &T, other: &T, edits: &Edits) -> T {
    let donors: Vec<Value> = entries(other).into_iter().map(|(_, entry)| entry).collect();
    let mut result = Map::new();
    for (at, (number, entry)) in entries(base).into_iter().enumerate() {
        let (kind, mask) = edits[at % edits.len()];
        let donor = donors.get(mask as usize % donors.len().max(1));
        match (kind, donor) {
            (0, _) => {}
            (1, Some(donor)) => {
                let mut entry = donor.clone();
                entry["phone_number"] = Value::from(number.as_str());
                result.insert(number, entry);
            }
            (2 | 3, Some(donor)) => {
                let mut entry = entry;
                for (bit, (field, value)) in donor.as_object().unwrap().iter().enumerate() {
                    if mask >> (bit % 32) & 1 == 1 && field != "phone_number" {
                        entry[field.as_str()] = value.clone();
                    }
                }
                result.insert(number, entry);
            }
            _ => {
                result.insert(number, entry);
            }
        }
    }
    for (at, (number, entry)) in entries(other).into_iter().enumerate() {
        if edits[(at + 3) % edits.len()].0 < 2 {
            result.entry(number).or_insert(entry);
        }
    }
    with_entries(base, result)
}

/// A file without what follows from the rest.
fn essence<T: Keyed>(file: &T) -> Value {
    let mut value = serde_json::to_value(file).unwrap();
    for (name, _) in T::DERIVED {
        value.as_object_mut().unwrap().shift_remove(*name);
    }
    value
}

struct Case<T> {
    base: T,
    ours: T,
    theirs: T,
}

impl<T: Keyed> Case<T> {
    fn merge(&self) -> Merged<T> {
        let three = Three { base: Some(&self.base), ours: &self.ours, theirs: &self.theirs };
        merge::file(&three, &AgentFolders::default()).unwrap()
    }

    fn check(&self, kind: &FileKind) {
        let merged = self.merge();
        self.is_symmetric(&merged);
        self.keeps_numbers(&merged);
        self.keeps_edits(&merged);
        is_written_and_read_back(&merged);
        is_resolved(kind, &merged);
        let one_sided = Three { base: Some(&self.base), ours: &self.ours, theirs: &self.base };
        assert_eq!(merge::file(&one_sided, &AgentFolders::default()).unwrap().ours, self.ours);
    }

    fn is_symmetric(&self, merged: &Merged<T>) {
        let three = Three { base: Some(&self.base), ours: &self.theirs, theirs: &self.ours };
        let mirrored = merge::file(&three, &AgentFolders::default()).unwrap();
        assert_eq!(essence(&merged.ours), essence(&mirrored.theirs));
        assert_eq!(essence(&merged.theirs), essence(&mirrored.ours));
        if merged.conflicts.is_empty() {
            assert_eq!(merged.ours, mirrored.ours);
        }
    }

    fn keeps_numbers(&self, merged: &Merged<T>) {
        let [base, ours, theirs] = [&self.base, &self.ours, &self.theirs].map(|file| entries(file));
        let views = [entries(&merged.ours), entries(&merged.theirs)];
        let in_conflict: BTreeSet<String> = merged
            .conflicts
            .iter()
            .filter_map(|conflict| conflict.phone_number)
            .map(|number| number.to_string())
            .collect();
        for number in base.keys().chain(ours.keys()).chain(theirs.keys()) {
            let deleted = [&ours, &theirs].iter().filter(|side| !side.contains_key(number)).count();
            let edited = [&ours, &theirs]
                .iter()
                .any(|side| side.get(number).is_some_and(|entry| base.get(number) != Some(entry)));
            let held = views.iter().filter(|view| view.contains_key(number)).count();
            match (base.contains_key(number), deleted, edited) {
                (_, 0, _) | (false, 1, _) => assert_eq!(held, 2, "{number}"),
                (true, 1, true) => assert!(held == 1 && in_conflict.contains(number), "{number}"),
                (true, 1, false) | (_, 2, _) => assert_eq!(held, 0, "{number}"),
                other => panic!("{other:?}"),
            }
        }
    }

    /// What one side alone changed is in both views, unless the field goes with others that are in conflict, or follows
    /// from the agents.
    fn keeps_edits(&self, merged: &Merged<T>) {
        let [base, ours, theirs] = [&self.base, &self.ours, &self.theirs].map(|file| entries(file));
        for (number, before) in &base {
            let (Some(ours), Some(theirs)) = (ours.get(number), theirs.get(number)) else { continue };
            let conflict = |field: &str| {
                let of_number = merged
                    .conflicts
                    .iter()
                    .filter(|conflict| conflict.phone_number.is_some_and(|known| known.to_string() == *number));
                of_number.into_iter().any(|conflict| conflict.field == "binding" || conflict.field.starts_with(field))
            };
            for field in before.as_object().unwrap().keys() {
                let derived = ["phone_number_pretty", "area_code", "country_code", "workspaces"];
                let followers = ["agent_path", "agent_name", "assigned_date"];
                if derived.contains(&field.as_str()) || followers.contains(&field.as_str()) || conflict(field) {
                    continue;
                }
                let expected = match (ours.get(field) == before.get(field), theirs.get(field) == before.get(field)) {
                    (false, true) => ours.get(field),
                    (true, false) => theirs.get(field),
                    _ => continue,
                };
                for view in [&merged.ours, &merged.theirs] {
                    assert_eq!(entries(view)[number].get(field), expected, "{number} {field}");
                }
            }
        }
    }
}

fn is_written_and_read_back<T: Keyed>(merged: &Merged<T>) {
    let views = [&merged.ours, &merged.theirs].map(|view| serde_json::to_value(view).unwrap());
    let labels = Labels::new("HEAD", "a branch", 9);
    let written = text::write(&views[0], &views[1], &labels);
    let (ours, theirs) = text::read(&written, 9).unwrap();
    assert_eq!(ours, canonical::to_text(&views[0]));
    assert_eq!(theirs, canonical::to_text(&views[1]));
    assert_eq!(merged.conflicts.is_empty(), !written.contains("<<<<<<<<< HEAD\n"));
}

fn is_resolved<T: Keyed>(kind: &FileKind, merged: &Merged<T>) {
    let views = [&merged.ours, &merged.theirs].map(|view| serde_json::to_value(view).unwrap());
    let mut written = text::write(&views[0], &views[1], &Labels::default());
    let numbers: BTreeSet<_> = merged.conflicts.iter().filter_map(|conflict| conflict.phone_number).collect();
    for number in &numbers {
        let folders = AgentFolders::default();
        let resolved = resolution::resolve(kind, &written, Selection::Number(*number), Side::Theirs, &folders).unwrap();
        assert!(resolved.changed && !resolved.remaining.contains(number));
        written = resolved.text;
    }
    if !numbers.is_empty() {
        let resolved: T = serde_json::from_str(&written).unwrap();
        assert_eq!(essence(&resolved), essence(&merged.theirs));
    }
}

fn staging() -> WorkspaceName {
    WorkspaceName::parse("staging").unwrap()
}

fn three_directories() -> impl Strategy<Value = [Directory; 3]> {
    (
        crate::strategies::directory::directory(),
        crate::strategies::directory::directory(),
        crate::strategies::directory::directory(),
    )
        .prop_map(|(one, two, three)| [one, two, three])
}

fn case<T: Keyed>(files: [&T; 3], edits: &[Edits; 2]) -> Case<T> {
    let base = files[0].clone();
    let (ours, theirs) = (edited(&base, files[1], &edits[0]), edited(&base, files[2], &edits[1]));
    Case { base, ours, theirs }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn registries_merge_by_number_and_field(mut three in three_directories(), one in edits(), other in edits()) {
        let files = three.each_mut().map(|directory| &directory.workspace_mut(&staging()).numbers);
        let files: [&NumbersFile; 3] = files;
        case(files, &[one, other]).check(&FileKind::Numbers(staging()));
    }

    #[test]
    fn assignments_merge_by_number_and_field(mut three in three_directories(), one in edits(), other in edits()) {
        let files = three.each_mut().map(|directory| &directory.workspace_mut(&staging()).assignments);
        let files: [&AssignmentsFile; 3] = files;
        case(files, &[one, other]).check(&FileKind::Assignments(staging()));
    }

    #[test]
    fn the_master_directory_merges_by_number_and_field(three in three_directories(), one in edits(), other in edits()) {
        let files: [&MasterFile; 3] = three.each_ref().map(|directory| &directory.master);
        case(files, &[one, other]).check(&FileKind::Master);
    }
}
