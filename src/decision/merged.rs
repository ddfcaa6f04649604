//! The records after a merge that a person decided: each side knows what it decided, and one of them read Retell last.

use crate::model::{Directory, LiveRecord, PhoneNumber, RegistryEntry, Setting, Settings, Timestamp, WorkspaceName};

/// Writes every record so that it tells what the side that read last has seen; `sides` are the merged commits, HEAD first.
pub fn settle_records(merged: &mut Directory, sides: [&Directory; 2]) {
    let names: Vec<WorkspaceName> = merged.workspaces.keys().cloned().collect();
    for name in names {
        let numbers: Vec<PhoneNumber> =
            merged.workspaces[&name].numbers.numbers.iter().map(|entry| entry.phone_number).collect();
        for number in numbers {
            let known: Vec<Known<'_>> = sides.iter().filter_map(|side| Known::of(side, &name, number)).collect();
            let Some(git) = Settings::of_directory(merged, &name, number) else { continue };
            let Some(record) = record(&git, &known) else { continue };
            if let Some(entry) = merged.workspaces.get_mut(&name).and_then(|files| files.registered_mut(number)) {
                entry.live = Some(record).filter(|record| !record.is_empty()).map(Box::new);
            }
        }
    }
}

/// What one side says of a number.
struct Known<'a> {
    git: Settings,
    entry: &'a RegistryEntry,
}

impl<'a> Known<'a> {
    fn of(side: &'a Directory, workspace: &WorkspaceName, number: PhoneNumber) -> Option<Self> {
        let entry = side.workspaces.get(workspace)?.registered(number)?;
        Some(Self { git: Settings::of_directory(side, workspace, number)?, entry })
    }

    fn stamp(&self) -> Option<Timestamp> {
        self.entry.last_modified
    }

    fn live(&self) -> Settings {
        self.entry.live.as_deref().map_or_else(|| self.git.clone(), |record| record.live(&self.git))
    }

    /// What Retell had when this side decided a setting, where it did.
    fn was(&self, setting: Setting) -> Option<&Settings> {
        self.entry.live.as_deref().filter(|record| record.has(setting)).map(LiveRecord::was)
    }
}

/// The record beside merged settings; none where no side knows the number.
fn record(git: &Settings, known: &[Known<'_>]) -> Option<LiveRecord> {
    let newest = known.iter().reduce(|one, other| if other.stamp() > one.stamp() { other } else { one })?;
    let live = newest.live();
    let mut record = LiveRecord::default();
    for setting in Setting::decisions().filter(|setting| !git.agrees(&live, *setting)) {
        // HEAD's value, or its `was`; who keeps HEAD's old value in the merge decides over what is live.
        let head = known.first().filter(|head| head.was(setting).is_some() || !head.git.agrees(git, setting));
        let was = head.map(|head| head.was(setting).unwrap_or(&head.git));
        record.set(setting, was.unwrap_or(&live), &live);
    }
    Some(record)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str, stamp: &str, record: Option<(&str, &str)>) -> RegistryEntry {
        let live = record.map(|(was, is)| serde_json::json!({"nickname": {"was": was, "is": is}}));
        let mut entry = serde_json::json!({
            "phone_number": "+14155550101", "phone_number_pretty": "(415) 555-0101", "phone_number_type": "local",
            "provider": "custom", "import_method": "sip-trunk", "import_date": null, "termination_uri": null,
            "nickname": name, "assigned": false, "last_modified": stamp,
        });
        if let Some(live) = live {
            entry["live"] = live;
        }
        serde_json::from_value(entry).unwrap()
    }

    fn merged(git: &str, sides: [&RegistryEntry; 2]) -> Option<[Option<String>; 2]> {
        let known = sides.map(|entry| Known { git: Settings::of_entries(entry, None), entry });
        let git = Settings { nickname: Some(git.into()), ..Settings::default() };
        let record = record(&git, &known).unwrap();
        record.has(Setting::Nickname).then(|| [record.was(), record.is()].map(|side| side.nickname.clone()))
    }

    #[test]
    fn the_side_that_read_last_says_what_is_live_and_head_what_was() {
        let decided = entry("b", "2025-11-19T12:00:00Z", Some(("a", "a")));
        let synced = entry("c", "2025-11-20T12:00:00Z", None);
        let pair = |was: &str, is: &str| Some([Some(was.to_owned()), Some(is.to_owned())]);
        assert_eq!(merged("b", [&decided, &synced]), pair("a", "c"));
        assert_eq!(merged("b", [&synced, &decided]), pair("c", "c"));
        assert_eq!(merged("c", [&decided, &synced]), None);
        // An old value that a person takes again was decided in this merge.
        let old = entry("a", "2025-11-19T12:00:00Z", None);
        assert_eq!(merged("a", [&old, &synced]), pair("c", "c"));
    }
}
