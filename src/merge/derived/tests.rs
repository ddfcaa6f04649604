//! Indexes and counts of merged files: what both sides list, put together number by number.

#![allow(clippy::needless_pass_by_value, clippy::similar_names, clippy::type_complexity)] // tables of what is listed

use super::*;
use crate::model::made_up::{assignment, number, number_entry, registry_entry, workspace};
use crate::model::{NumberType, Provider, WorkspaceEntry};

fn path(name: &str) -> AgentPath {
    AgentPath::of_folder(name).unwrap()
}

fn lines(all: &[u32]) -> Vec<PhoneNumber> {
    all.iter().map(|line| number(*line)).collect()
}

/// A file of assignments, with its index and the numbers that nobody answers.
fn file(assignments: Vec<Assignment>, by_agent: &[(&str, &[u32])], unassigned: &[u32]) -> AssignmentsFile {
    let by_agent = by_agent.iter().map(|(name, of)| (path(name), lines(of))).collect();
    AssignmentsFile {
        assignments,
        by_agent,
        unassigned: lines(unassigned),
        ..AssignmentsFile::empty(workspace("staging"))
    }
}

/// An assignment of an agent with a folder of its name.
fn bound(line: u32, agent: &str) -> Assignment {
    Assignment { agent_path: Some(path(agent)), ..assignment(line, agent) }
}

/// An assignment of two agents, the first with a folder of its name.
fn pair(line: u32, agent: &str, caller: &str) -> Assignment {
    Assignment { outbound_agent_id: caller.parse().ok(), ..bound(line, agent) }
}

/// The index and the unassigned numbers of a merged file, whichever side is ours.
fn derived(
    merged: Vec<Assignment>,
    base: Option<&AssignmentsFile>,
    ours: &AssignmentsFile,
    theirs: &AssignmentsFile,
    folders: &AgentFolders,
) -> (Vec<(String, Vec<PhoneNumber>)>, Vec<PhoneNumber>) {
    let [one, other] = [(ours, theirs), (theirs, ours)].map(|(ours, theirs)| {
        let mut merged = file(merged.clone(), &[("stale", &[9])], &[8]);
        assignments(&mut merged, &Three { base, ours, theirs }, folders);
        (merged.by_agent.into_iter().map(|(path, of)| (path.to_string(), of)).collect::<Vec<_>>(), merged.unassigned)
    });
    assert_eq!(one, other);
    one
}

fn index(all: &[(&str, &[u32])]) -> Vec<(String, Vec<PhoneNumber>)> {
    all.iter().map(|(name, of)| (format!("agents/{name}"), lines(of))).collect()
}

#[test]
fn a_binding_is_listed_as_the_sides_that_have_it_list_it() {
    let none = AgentFolders::default();
    let base = file(vec![pair(1, "a", "b"), pair(2, "a", "b")], &[("a", &[1, 2]), ("b", &[1, 2])], &[]);
    let of = |merged: Vec<Assignment>, ours: &AssignmentsFile, theirs: &AssignmentsFile| {
        derived(merged, Some(&base), ours, theirs, &none).0
    };
    assert_eq!(of(base.assignments.clone(), &base, &base), index(&[("a", &[1, 2]), ("b", &[1, 2])]));
    // One side found the folder of the caller, the other lost one: each change counts.
    let found = file(vec![pair(1, "a", "b"), pair(2, "a", "c")], &[("a", &[1, 2]), ("b", &[1]), ("c", &[2])], &[]);
    assert_eq!(of(found.assignments.clone(), &found, &base), index(&[("a", &[1, 2]), ("b", &[1]), ("c", &[2])]));
    let lost = file(base.assignments.clone(), &[("a", &[1, 2]), ("b", &[1])], &[]);
    let more = file(base.assignments.clone(), &[("a", &[1, 2]), ("b", &[1, 2]), ("d", &[1])], &[]);
    assert_eq!(of(base.assignments.clone(), &lost, &more), index(&[("a", &[1, 2]), ("b", &[1]), ("d", &[1])]));
    // What both sides newly list is listed; without a base, so is what either does.
    assert_eq!(of(base.assignments.clone(), &more, &more), index(&[("a", &[1, 2]), ("b", &[1, 2]), ("d", &[1])]));
    assert_eq!(
        derived(base.assignments.clone(), None, &lost, &base, &none).0,
        index(&[("a", &[1, 2]), ("b", &[1, 2])])
    );
    // The agent's own folder is listed wherever it is known.
    let bare = file(base.assignments.clone(), &[], &[]);
    assert_eq!(of(base.assignments.clone(), &bare, &bare), index(&[("a", &[1, 2])]));
}

#[test]
fn a_binding_that_no_side_has_is_looked_up_in_the_folders_and_in_what_the_files_say() {
    let base = file(vec![bound(1, "a"), bound(2, "b")], &[("a", &[1]), ("b", &[2])], &[]);
    let ours = file(vec![pair(1, "c", "a"), bound(2, "b")], &[("a", &[1]), ("b", &[2]), ("c", &[1])], &[]);
    let merged = vec![pair(1, "c", "b"), pair(2, "b", "unknown")];
    let none = AgentFolders::default();
    assert_eq!(derived(merged.clone(), Some(&base), &ours, &base, &none).0, index(&[("b", &[1, 2]), ("c", &[1])]));
    let mut folders = AgentFolders::default();
    folders.add_id(&path("found"), &workspace("staging"), "unknown".parse().ok());
    folders.add_id(&path("elsewhere"), &workspace("production"), "b".parse().ok());
    let expected = index(&[("b", &[1, 2]), ("c", &[1]), ("found", &[2])]);
    assert_eq!(derived(merged.clone(), Some(&base), &ours, &base, &folders).0, expected);
    // The folders of the workspace are asked before the files; of two that the files say, the lesser is taken.
    folders.add_id(&path("z"), &workspace("staging"), "b".parse().ok());
    let expected = index(&[("b", &[2]), ("c", &[1]), ("found", &[2]), ("z", &[1])]);
    assert_eq!(derived(merged.clone(), Some(&base), &ours, &base, &folders).0, expected);
    let moved = |name: &str| Assignment { agent_path: Some(path(name)), ..bound(2, "b") };
    let [x, y] = ["x", "y"].map(|name| file(vec![moved(name)], &[(name, &[2])], &[]));
    assert_eq!(derived(vec![pair(1, "c", "b")], None, &x, &y, &none).0, index(&[("c", &[1]), ("x", &[1])]));
    assert_eq!(derived(vec![pair(1, "c", "b")], Some(&x), &base, &base, &none).0, index(&[("b", &[1]), ("c", &[1])]));
}

#[test]
fn each_part_of_a_binding_makes_it_another_one() {
    let one = pair(1, "a", "b");
    let others = [
        Assignment { agent_path: None, ..one.clone() },
        Assignment { agent_id: "x".parse().ok(), ..one.clone() },
        Assignment { inbound_agent_id: "x".parse().ok(), ..one.clone() },
        Assignment { outbound_agent_id: "x".parse().ok(), ..one.clone() },
    ];
    for other in &others {
        assert!(!is_same_binding(&one, other), "{other:?}");
    }
    let same = Assignment { agent_name: Some("A".to_owned()), inbound_agents: Some(one.inbound()), ..one.clone() };
    assert!(is_same_binding(&one, &same));
}

#[test]
fn numbers_without_an_agent_are_those_of_both_sides_but_for_those_that_have_one_now() {
    let none = AgentFolders::default();
    let base = file(vec![], &[], &[1, 2, 3]);
    let [ours, theirs] = [file(vec![], &[], &[2, 3, 4]), file(vec![], &[], &[1, 3, 5])];
    assert_eq!(derived(vec![], Some(&base), &ours, &theirs, &none).1, lines(&[3, 4, 5]));
    assert_eq!(derived(vec![], None, &ours, &theirs, &none).1, lines(&[1, 2, 3, 4, 5]));
    assert_eq!(derived(vec![bound(4, "a")], Some(&base), &ours, &theirs, &none).1, lines(&[3, 5]));
    let texts = Assignment {
        assignment_type: crate::model::AssignmentType::Unassigned,
        inbound_agent_id: None,
        outbound_agent_id: None,
        inbound_sms_agents: Some(bound(4, "a").inbound()),
        ..bound(4, "a")
    };
    assert_eq!(derived(vec![texts], Some(&base), &ours, &theirs, &none).1, lines(&[3, 4, 5]));
}

#[test]
fn an_entry_that_binds_nobody_is_dropped() {
    let nobody = Assignment { inbound_agent_id: None, outbound_agent_id: None, ..bound(1, "a") };
    let texts = Assignment { outbound_sms_agents: Some(bound(1, "a").inbound()), ..nobody.clone() };
    let mut merged =
        file(vec![nobody.clone(), bound(2, "a"), Assignment { phone_number: number(3), ..texts }], &[], &[]);
    drop_unbound(&mut merged);
    assert_eq!(merged.assignments.iter().map(|known| known.phone_number).collect::<Vec<_>>(), lines(&[2, 3]));
    let side = file(vec![], &[], &[]);
    assert_eq!(derived(vec![nobody], None, &side, &side, &AgentFolders::default()), (vec![], vec![]));
}

#[test]
fn counts_are_those_of_the_merged_numbers_and_workspaces_stay_added_or_dropped() {
    let counted = |names: &[&str]| {
        let mut file = MasterFile::empty();
        file.metadata.by_workspace = names.iter().map(|name| (workspace(name), Count(7))).collect();
        file
    };
    let mut merged = counted(&["stale"]);
    for (line, kind, imported) in [(1, NumberType::Local, true), (2, NumberType::Mobile, false)] {
        let mut entry = number_entry(line);
        (entry.phone_number_type, entry.provider) = (kind, Provider::Telnyx);
        let binding =
            WorkspaceEntry { imported, import_date: None, agent_path: None, agent_id: None, assignment_type: None };
        entry.workspaces = [(workspace("staging"), binding)].into_iter().collect();
        merged.numbers.insert(number(line), entry);
    }
    let (base, ours, theirs) =
        (counted(&["staging", "dropped"]), counted(&["staging", "added"]), counted(&["staging", "dropped", "new"]));
    master(&mut merged, &Three { base: Some(&base), ours: &ours, theirs: &theirs });
    let by_workspace: Vec<_> =
        merged.metadata.by_workspace.iter().map(|(name, count)| (name.to_string(), count.0)).collect();
    assert_eq!(by_workspace, [("staging".to_owned(), 1), ("added".to_owned(), 0), ("new".to_owned(), 0)]);
    assert_eq!(
        (merged.metadata.total_numbers, merged.metadata.assigned, merged.metadata.unassigned),
        (Count(2), Count(0), Count(2))
    );
    assert_eq!(merged.metadata.by_type, [(NumberType::Local, Count(1)), (NumberType::Mobile, Count(1))].into());
    assert_eq!(merged.metadata.by_provider, [(Provider::Telnyx, Count(2))].into());
    let entry = &merged.numbers[&number(1)];
    assert_eq!(entry.phone_number_pretty, "(415) 555-0001");
    assert_eq!((entry.area_code.as_deref(), entry.country_code.as_deref()), (Some("415"), Some("US")));
}

#[test]
fn the_forms_of_a_registry_follow_from_the_numbers() {
    let mut file =
        NumbersFile { numbers: vec![registry_entry(1), registry_entry(2)], ..NumbersFile::empty(workspace("staging")) };
    describe_registry(&mut file);
    let forms: Vec<_> = file.numbers.iter().map(|entry| entry.phone_number_pretty.as_str()).collect();
    assert_eq!(forms, ["(415) 555-0001", "(415) 555-0002"]);
}
