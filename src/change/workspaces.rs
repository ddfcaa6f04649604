//! What adding, renaming and removing a workspace make of a directory, and of the file that names its key. Pure: nothing
//! changes at Retell, which knows its workspaces by their keys alone.

use crate::document::Document;
use crate::model::names::are_one;
use crate::model::{Directory, Timestamp, WorkspaceName, derive};

/// The directory with further workspaces, each without numbers.
pub fn added(before: &Directory, names: &[WorkspaceName], now: Timestamp) -> Directory {
    let mut after = before.clone();
    for name in names {
        after.workspace_mut(name);
    }
    touched(after, before, now)
}

/// The directory with a workspace under another name; everything else of it stays.
pub fn renamed(before: &Directory, from: &WorkspaceName, to: &WorkspaceName, now: Timestamp) -> Directory {
    let mut after = before.clone();
    if let Some(mut files) = after.workspaces.remove(from) {
        files.numbers.workspace = to.clone();
        files.assignments.workspace = to.clone();
        after.workspaces.insert(to.clone(), files);
    }
    for entry in after.master.numbers.values_mut() {
        if let Some(registered) = entry.workspaces.remove(from) {
            entry.workspaces.insert(to.clone(), registered);
        }
    }
    after.master.metadata.by_workspace.remove(from);
    after.agents = before.agents.with_workspace_renamed(from, to);
    touched(after, before, now)
}

/// The directory without a workspace; its numbers stay, as far as they are elsewhere too.
pub fn removed(before: &Directory, name: &WorkspaceName, now: Timestamp) -> Directory {
    let mut after = before.clone();
    after.workspaces.remove(name);
    for entry in after.master.numbers.values_mut() {
        entry.workspaces.remove(name);
    }
    after.master.metadata.by_workspace.remove(name);
    touched(after, before, now)
}

/// The known workspace whose name is not `new`, and the same on a disk that folds names: their folders would be one.
pub fn alike<'a>(known: impl IntoIterator<Item = &'a WorkspaceName>, new: &WorkspaceName) -> Option<&'a WorkspaceName> {
    known.into_iter().find(|name| *name != new && are_one(name.as_str(), new.as_str()))
}

fn touched(mut after: Directory, before: &Directory, now: Timestamp) -> Directory {
    derive::recompute(&mut after);
    if after.master != before.master {
        after.master.last_updated = Some(now);
    }
    after
}

/// The text of `workspaces.json` with a workspace under another name; none where it has no such workspace.
pub fn settings_renamed(text: &str, from: &WorkspaceName, to: &WorkspaceName) -> Option<String> {
    let key = Document::new(text).find(&format!("/{from}"))?.key?;
    Some(format!("{}\"{to}\"{}", &text[..key.start], &text[key.end..]))
}

/// The text of `workspaces.json` without a workspace; none where it has no such workspace.
pub fn settings_without(text: &str, name: &WorkspaceName) -> Option<String> {
    let spans = Document::new(text).find(&format!("/{name}"))?;
    let (mut start, mut end) = (spans.key?.start, spans.value.end);
    let behind = &text[end..];
    let before = text[..start].trim_end();
    if let Some(rest) = behind.trim_start().strip_prefix(',') {
        // What follows takes its place.
        end = text.len() - rest.trim_start().len();
    } else {
        start = before.strip_suffix(',').unwrap_or(before).len();
    }
    Some(format!("{}{}", &text[..start], &text[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> WorkspaceName {
        WorkspaceName::parse(text).unwrap()
    }

    const TEXT: &str = "{\n  \"mode\": \"x\",\n  \"staging\": {\n    \"name\": \"staging\"\n  },\n  \"eu\": {}\n}\n";

    #[test]
    fn names_that_differ_in_case_alone_are_alike_on_some_disks() {
        let known = [name("eu"), name("us")];
        assert_eq!(alike(&known, &name("EU")), Some(&known[0]));
        assert_eq!([alike(&known, &name("eu")), alike(&known, &name("eu2"))], [None; 2]);
    }

    #[test]
    fn only_the_name_of_the_workspace_changes_in_the_file_of_keys() {
        let renamed = settings_renamed(TEXT, &name("staging"), &name("test")).unwrap();
        assert_eq!(renamed, TEXT.replacen("\"staging\": {", "\"test\": {", 1));
        assert_eq!(settings_renamed(TEXT, &name("live"), &name("test")), None);
    }

    #[test]
    fn a_workspace_is_taken_out_of_the_file_of_keys_first_and_last() {
        let without = |name_: &str| settings_without(TEXT, &name(name_)).unwrap();
        assert_eq!(without("staging"), "{\n  \"mode\": \"x\",\n  \"eu\": {}\n}\n");
        assert_eq!(without("eu"), "{\n  \"mode\": \"x\",\n  \"staging\": {\n    \"name\": \"staging\"\n  }\n}\n");
        for text in [without("staging"), without("eu"), settings_without("{\"eu\": {}}", &name("eu")).unwrap()] {
            assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok(), "{text}");
        }
    }

    #[test]
    fn a_workspace_is_added_renamed_and_removed_everywhere_and_the_directory_is_dated_where_it_changes() {
        use crate::model::made_up::{agent_id, number, two_workspaces};
        use crate::model::{AgentPath, WorkspaceEntry};
        let now: Timestamp = "2026-05-01T00:00:00Z".parse().unwrap();
        let mut before = two_workspaces();
        for entry in before.master.numbers.values_mut() {
            let binding = WorkspaceEntry {
                imported: true,
                import_date: None,
                agent_path: None,
                agent_id: None,
                assignment_type: None,
            };
            entry.workspaces = [(name("staging"), binding)].into_iter().collect();
        }
        derive::recompute(&mut before);
        let names = |directory: &Directory| {
            let counted = directory.master.metadata.by_workspace.keys().map(ToString::to_string).collect::<Vec<_>>();
            let files = directory.workspaces.keys().map(ToString::to_string).collect::<Vec<_>>();
            let bound =
                directory.master.numbers[&number(1)].workspaces.keys().map(ToString::to_string).collect::<Vec<_>>();
            (counted, files, bound)
        };
        let texts = |all: &[&str]| all.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let more = added(&before, &[name("eu")], now);
        let all = texts(&["staging", "production", "eu"]);
        assert_eq!((names(&more), more.master.last_updated), ((all.clone(), all, texts(&["staging"])), Some(now)));
        assert_eq!(added(&before, &[], now), before);
        let moved = renamed(&before, &name("staging"), &name("eu"), now);
        let both = texts(&["production", "eu"]);
        assert_eq!((names(&moved), moved.master.last_updated), ((both.clone(), both, texts(&["eu"])), Some(now)));
        let files = &moved.workspaces[&name("eu")];
        assert_eq!((&files.numbers.workspace, &files.assignments.workspace), (&name("eu"), &name("eu")));
        let path: AgentPath = "agents/a".parse().unwrap();
        assert_eq!(moved.agents.id_in(&path, &name("eu")), Some(&agent_id("staging", "a")));
        let fewer = removed(&before, &name("staging"), now);
        let one = texts(&["production"]);
        assert_eq!((names(&fewer), fewer.master.last_updated), ((one.clone(), one, vec![]), Some(now)));
        assert_eq!(fewer.master.numbers.len(), 3);
    }
}
