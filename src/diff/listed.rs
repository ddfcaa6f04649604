//! Files that are, in the main, entries by number, and how their canonical form lays those out.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::model::pools::Member;
use crate::model::{
    Assignment, AssignmentsFile, MasterFile, NumberEntry, NumbersFile, PhoneNumber, PoolsFile, RegistryEntry,
};

/// A file that is, in the main, a list of entries by number.
pub trait Listed: Serialize + DeserializeOwned {
    type Entry: Clone + PartialEq + Serialize + DeserializeOwned;
    /// What stands before the first entry.
    const OPEN: &'static str;
    /// What stands after the last entry.
    const CLOSE: &'static str;
    /// What an entry begins with, up to its number.
    const BEFORE_NUMBER: &'static str;
    /// What stands between the start of an entry and its JSON object, the number included.
    fn before_object(number: PhoneNumber) -> String;
    /// The entries by number; of a number that stands twice, the first.
    fn into_entries(self) -> BTreeMap<PhoneNumber, Self::Entry>;
    /// Whether the numbers stand in order, each once.
    fn is_ordered(&self) -> bool;
    /// Whether this program may read the file's version.
    fn is_known(&self) -> bool {
        true
    }
}

impl Listed for MasterFile {
    type Entry = NumberEntry;
    const OPEN: &'static str = "\n  \"numbers\": {\n";
    const CLOSE: &'static str = "\n  },\n  \"metadata\": {";
    const BEFORE_NUMBER: &'static str = "    \"";

    fn before_object(number: PhoneNumber) -> String {
        format!("    \"{number}\": ")
    }

    fn into_entries(self) -> BTreeMap<PhoneNumber, NumberEntry> {
        self.numbers
    }

    fn is_ordered(&self) -> bool {
        true
    }

    fn is_known(&self) -> bool {
        self.version.is_known()
    }
}

impl Listed for PoolsFile {
    type Entry = Member;
    const OPEN: &'static str = "\n  \"members\": {\n";
    const CLOSE: &'static str = "\n  }\n}";
    const BEFORE_NUMBER: &'static str = "    \"";

    fn before_object(number: PhoneNumber) -> String {
        format!("    \"{number}\": ")
    }

    fn into_entries(self) -> BTreeMap<PhoneNumber, Member> {
        self.members
    }

    fn is_ordered(&self) -> bool {
        true
    }
}

/// A file whose entries stand in an array, which says the number inside of each; `$behind` is the field after it.
macro_rules! in_an_array {
    ($file:ident, $entry:ident, $list:ident, $behind:literal) => {
        impl Listed for $file {
            type Entry = $entry;
            const OPEN: &'static str = concat!("\n  \"", stringify!($list), "\": [\n");
            const CLOSE: &'static str = concat!("\n  ],\n  \"", $behind, "\": {");
            const BEFORE_NUMBER: &'static str = "    {\n      \"phone_number\": \"";

            fn before_object(_: PhoneNumber) -> String {
                "    ".to_owned()
            }

            fn into_entries(self) -> BTreeMap<PhoneNumber, $entry> {
                self.$list.into_iter().rev().map(|entry| (entry.phone_number, entry)).collect()
            }

            fn is_ordered(&self) -> bool {
                self.$list.is_sorted_by(|one, next| one.phone_number < next.phone_number)
            }
        }
    };
}

in_an_array!(NumbersFile, RegistryEntry, numbers, "summary");
in_an_array!(AssignmentsFile, Assignment, assignments, "by_agent");
