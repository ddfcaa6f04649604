//! Merges of small files written by hand: what both sides mean is kept whole, and indexes name everybody.

use phone_dir::merge::stored::{self, Versions};
use phone_dir::merge::text::{self, Labels};
use phone_dir::merge::{self, Three};
use phone_dir::model::directory::Reading;
use phone_dir::model::paths::FileKind;
use phone_dir::model::{AgentFolders, AgentWeight, AssignmentsFile, Directory, Weight, canonical};
use serde_json::{Value, json};

use crate::derived;
use crate::validate::project::*;

fn healthy() -> Directory {
    Reading::of(&Project::healthy().files).directory
}

fn share(id: &str, weight: f64) -> AgentWeight {
    AgentWeight { agent_id: agent_id(id), weight: Weight::new(weight).unwrap(), agent_version: None }
}

fn both(first: f64, second: f64) -> Vec<AgentWeight> {
    vec![share("agent_staging_customer_service", first), share("agent_staging_sales", second)]
}

/// The assignments of staging after a change, with everything that follows from it.
fn staging(change: impl FnOnce(&mut Directory)) -> AssignmentsFile {
    let mut project = Project::healthy();
    project.change(change);
    Reading::of(&project.files).directory.workspaces[&name("staging")].assignments.clone()
}

fn merged(base: &AssignmentsFile, ours: &AssignmentsFile, theirs: &AssignmentsFile) -> merge::Merged<AssignmentsFile> {
    // The folders are not asked: a merge driver may run where they are not checked out.
    merge::file(&Three { base: Some(base), ours, theirs }, &AgentFolders::default()).unwrap()
}

/// What is wrong with the indexes of a merged file, in the directory that it belongs to.
fn mistakes(file: &AssignmentsFile) -> Vec<String> {
    let mut directory = healthy();
    directory.workspaces.get_mut(&name("staging")).unwrap().assignments = file.clone();
    derived::mistakes(&directory).into_iter().filter(|what| what.starts_with("staging: by_agent")).collect()
}

#[test]
fn the_second_agents_of_lists_stay_in_the_index() {
    let base = staging(|_| {});
    let ours = staging(|directory| assigned(directory, "staging", FIRST).inbound_agents = Some(both(0.8, 0.2)));
    let theirs = staging(|directory| {
        let sales = vec![share("agent_staging_sales", 0.7), share("agent_staging_customer_service", 0.3)];
        assigned(directory, "staging", SECOND).outbound_agents = Some(sales);
    });
    let merged = merged(&base, &ours, &theirs);
    assert_eq!(merged.conflicts, []);
    assert_eq!(merged.ours.assignments[0], ours.assignments[0]);
    assert_eq!(merged.ours.assignments[1], theirs.assignments[1]);
    assert_eq!(mistakes(&merged.ours), [] as [String; 0]);
    let numbers = vec![number(FIRST), number(SECOND)];
    assert_eq!(merged.ours.by_agent.values().collect::<Vec<_>>(), [&numbers, &numbers]);
}

#[test]
fn a_list_and_its_single_agent_are_never_of_two_sides() {
    for is_outbound in [false, true] {
        let with = |list: Vec<AgentWeight>, single: &'static str| {
            staging(move |directory| {
                let assignment = assigned(directory, "staging", FIRST);
                let id = Some(agent_id(single));
                if is_outbound {
                    (assignment.outbound_agents, assignment.outbound_agent_id) = (Some(list), id);
                } else {
                    (assignment.inbound_agents, assignment.inbound_agent_id) = (Some(list), id.clone());
                    (assignment.agent_id, assignment.agent_path) = (id, None);
                }
            })
        };
        let base = with(both(0.5, 0.5), "agent_staging_customer_service");
        // One side makes the second agent lead; the other drops it.
        let ours = with(both(0.2, 0.8), "agent_staging_sales");
        let theirs = with(vec![share("agent_staging_customer_service", 1.0)], "agent_staging_customer_service");
        let merged = merged(&base, &ours, &theirs);
        assert!(!merged.conflicts.is_empty(), "outbound: {is_outbound}");
        assert_eq!(merged.ours.assignments[0], ours.assignments[0]);
        assert_eq!(merged.theirs.assignments[0], theirs.assignments[0]);
    }
}

/// Merges three stored texts of a kind, either side as ours, where that has no conflict.
fn merged_text(kind: &FileKind, base: &str, one: &str, other: &str) -> Option<String> {
    let merge = |ours: &str, theirs: &str| {
        let versions = Versions { base: base.as_bytes(), ours: ours.as_bytes(), theirs: theirs.as_bytes() };
        let merged = stored::merge(kind, versions, &AgentFolders::default(), &Labels::default()).unwrap();
        merged.conflicts.is_empty().then_some(merged.text)
    };
    let merged = merge(one, other);
    assert_eq!(merged.is_some(), merge(other, one).is_some());
    merged
}

#[test]
fn a_folder_that_one_side_renamed_has_its_new_name_on_the_other() {
    let base = Project::healthy();
    let mut bound = Project::healthy();
    let id = "agent_staging_customer_service";
    bound.change(|directory| rebind(directory, "staging", SECOND, Some("agents/customer-service"), id));
    // Another agent lies in the folder now: it is not the one that moved.
    let mut reused = Project::healthy();
    reused.change(|directory| rebind(directory, "staging", SECOND, Some("agents/customer-service"), "agent_other"));
    let renamed = |text: &str| text.replace("agents/customer-service", "agents/customer-care");
    // The entry, and in assignments the index too.
    let kinds = [(MASTER, FileKind::Master, 1), (STAGING, FileKind::Assignments(name("staging")), 2)];
    for (path, kind, places) in kinds {
        let [before, bound, reused] = [&base, &bound, &reused].map(|project| project.text(path));
        assert_ne!(before, bound, "{path}");
        let following = merged_text(&kind, &before, &renamed(&before), &bound).unwrap();
        assert_eq!(following, renamed(&bound), "{path}");
        let kept = merged_text(&kind, &before, &renamed(&before), &reused).unwrap();
        assert_eq!(kept.matches("agents/customer-service").count(), places, "{path}:\n{kept}");
        // Both gave it a name of their own: nothing says which.
        let other = before.replace("agents/customer-service", "agents/helpers");
        assert_eq!(merged_text(&kind, &before, &renamed(&before), &other), None, "{path}");
    }
}

#[test]
fn a_file_of_a_newer_major_version_is_not_merged() {
    let project = Project::healthy();
    let known = project.text(MASTER);
    let newer = known.replace("\"version\": \"1.0.0\"", "\"version\": \"2.0.0\"");
    assert_ne!(known, newer);
    let labels = Labels::default();
    let merge = |base: &str, ours: &str, theirs: &str| {
        let versions = Versions { base: base.as_bytes(), ours: ours.as_bytes(), theirs: theirs.as_bytes() };
        stored::merge(&FileKind::Master, versions, &AgentFolders::default(), &labels)
    };
    assert_eq!(merge(&known, &known, &known).unwrap().text, known);
    for [base, ours, theirs] in [[&known, &newer, &known], [&known, &known, &newer], [&newer, &known, &known]] {
        assert!(merge(base, ours, theirs).is_err());
    }
}

/// Both versions of a file, and the lines that show them.
#[allow(clippy::too_many_lines)] // a table
fn shown_conflicts() -> Vec<(Value, Value, &'static [&'static str])> {
    let one = json!({"phone_number": "+1", "n": 1});
    vec![
        (json!({"a": 1}), json!({"a": 1}), &["{", "  \"a\": 1", "}"]),
        (
            json!({"a": 1, "b": {"x": 1, "y": 2}}),
            json!({"a": 1, "b": {"x": 1, "y": 3}}),
            &[
                "{",
                "  \"a\": 1,",
                "  \"b\": {",
                "    \"x\": 1,",
                "<",
                "    \"y\": 2",
                "=",
                "    \"y\": 3",
                ">",
                "  }",
                "}",
            ],
        ),
        // A comma is a side's own.
        (
            json!({"a": 1}),
            json!({"a": 1, "b": 2}),
            &["{", "<", "  \"a\": 1", "=", "  \"a\": 1,", "  \"b\": 2", ">", "}"],
        ),
        (
            json!({"a": 1, "b": 2}),
            json!({"a": 1}),
            &["{", "<", "  \"a\": 1,", "  \"b\": 2", "=", "  \"a\": 1", ">", "}"],
        ),
        // What only one side has stands where that side has it.
        (
            json!({"a": 1, "c": 3}),
            json!({"a": 1, "b": 2, "c": 3}),
            &["{", "  \"a\": 1,", "<", "=", "  \"b\": 2,", ">", "  \"c\": 3", "}"],
        ),
        (
            json!({"a": 1, "x": 1, "c": 3}),
            json!({"a": 1, "y": 2, "c": 3}),
            &["{", "  \"a\": 1,", "<", "  \"x\": 1,", "=", "  \"y\": 2,", ">", "  \"c\": 3", "}"],
        ),
        // An empty object, and a list that is empty or has no numbers, is taken whole.
        (
            json!({"a": {}}),
            json!({"a": {"x": 1}}),
            &["{", "<", "  \"a\": {}", "=", "  \"a\": {", "    \"x\": 1", "  }", ">", "}"],
        ),
        (
            json!({"a": {"x": 1}}),
            json!({"a": {}}),
            &["{", "<", "  \"a\": {", "    \"x\": 1", "  }", "=", "  \"a\": {}", ">", "}"],
        ),
        (
            json!({"l": []}),
            json!({"l": [{"phone_number": "+1"}]}),
            &[
                "{",
                "<",
                "  \"l\": []",
                "=",
                "  \"l\": [",
                "    {",
                "      \"phone_number\": \"+1\"",
                "    }",
                "  ]",
                ">",
                "}",
            ],
        ),
        (
            json!({"l": ["a", "b"]}),
            json!({"l": ["a"]}),
            &["{", "  \"l\": [", "<", "    \"a\",", "    \"b\"", "  ]", "=", "    \"a\"", "  ]", ">", "}"],
        ),
        // Entries of numbers are told apart by their number.
        (
            json!({"l": [one]}),
            json!({"l": [{"phone_number": "+1", "n": 2}, {"phone_number": "+2"}]}),
            &[
                "{",
                "  \"l\": [",
                "    {",
                "      \"phone_number\": \"+1\",",
                "<",
                "      \"n\": 1",
                "    }",
                "=",
                "      \"n\": 2",
                "    },",
                "    {",
                "      \"phone_number\": \"+2\"",
                "    }",
                ">",
                "  ]",
                "}",
            ],
        ),
        // A binding is taken from one side, with what both say in the middle of it.
        (
            json!({"agent_path": "agents/a", "agent_name": "A", "agent_id": "a", "z": 1}),
            json!({"agent_path": "agents/b", "agent_name": "A", "agent_id": "b", "z": 1}),
            &[
                "{",
                "<",
                "  \"agent_path\": \"agents/a\",",
                "  \"agent_name\": \"A\",",
                "  \"agent_id\": \"a\",",
                "=",
                "  \"agent_path\": \"agents/b\",",
                "  \"agent_name\": \"A\",",
                "  \"agent_id\": \"b\",",
                ">",
                "  \"z\": 1",
                "}",
            ],
        ),
    ]
}

#[test]
fn a_conflict_is_shown_field_by_field_and_either_side_is_a_canonical_file() {
    let marker = |line: &&str| match *line {
        "<" => "<<<<<<< ours\n".to_owned(),
        "=" => "=======\n".to_owned(),
        ">" => ">>>>>>> theirs\n".to_owned(),
        line => format!("{line}\n"),
    };
    for (ours, theirs, lines) in shown_conflicts() {
        let written = text::write(&ours, &theirs, &Labels::default());
        assert_eq!(written, lines.iter().map(marker).collect::<String>());
        assert_eq!(text::read(&written, 7), Some((canonical::to_text(&ours), canonical::to_text(&theirs))));
    }
}

#[test]
fn lines_that_differ_stand_between_markers_and_markers_that_do_not_pair_up_are_none() {
    let lines = |text: &str| text.split_inclusive('\n').map(str::to_owned).collect::<Vec<_>>();
    let written = text::write_lines(&lines("a\nb\nc\n"), &lines("a\nx\nc\n"), &Labels::default());
    assert_eq!(written, "a\n<<<<<<< ours\nb\n=======\nx\n>>>>>>> theirs\nc\n");
    let sides = |ours: &str, theirs: &str| Some((ours.to_owned(), theirs.to_owned()));
    assert_eq!(text::read(&written, 7), sides("a\nb\nc\n", "a\nx\nc\n"));
    let with_base = "a\n<<<<<<< o\n1\n||||||| b\n0\n=======\n2\n>>>>>>> t\nz\n";
    assert_eq!(text::read(with_base, 7), sides("a\n1\nz\n", "a\n2\nz\n"));
    assert_eq!(text::read("a\n", 7), sides("a\n", "a\n"));
    for broken in [
        "<<<<<<< o\n1\n",
        "<<<<<<< o\n1\n=======\n2\n",
        "=======\n",
        ">>>>>>> t\n",
        "<<<<<<< o\n>>>>>>> t\n",
        "<<<<<<< o\n<<<<<<< o\n=======\n>>>>>>> t\n",
        "||||||| b\n",
    ] {
        assert_eq!(text::read(broken, 7), None, "{broken}");
    }
}

#[test]
fn a_line_is_a_marker_by_its_length_and_by_what_stands_behind_it() {
    let text = |open: &str, middle: &str, close: &str| format!("{open}\n1\n{middle}\n2\n{close}\n");
    let sides = Some(("1\n".to_owned(), "2\n".to_owned()));
    for (open, middle, close) in [
        ("<<<<<<<", "=======", ">>>>>>>"),
        ("<<<<<<< a", "======= ", ">>>>>>> b"),
        ("<<<<<<<\t", "=======", ">>>>>>>  "),
    ] {
        assert_eq!(text::read(&text(open, middle, close), 7), sides, "{open}");
    }
    assert_eq!(text::read(&text("<<<<", "====", ">>>>"), 4), sides);
    for word in ["<<<<<<", "<<<<<<<<", "<<<<<<<a", " <<<<<<<", "=======x", ">>>>>>>x y"] {
        let whole = format!("{word}\n");
        assert_eq!(text::read(&whole, 7), Some((whole.clone(), whole.clone())), "{word}");
    }
    let labels = |text: &str| {
        let Labels { ours, theirs, marker_size } = text::labels_of(text);
        (ours, theirs, marker_size)
    };
    let of = |ours: &str, theirs: &str, size| (ours.to_owned(), theirs.to_owned(), size);
    assert_eq!(labels("{}\n"), of("ours", "theirs", 7));
    assert_eq!(labels("<<<<<< a\n"), of("ours", "theirs", 7));
    assert_eq!(
        labels("{\n<<<<<<<<< main\n=========\n>>>>>>> no\n>>>>>>>>> topic \n<<<<<<<<< x\n"),
        of("main", "topic", 9)
    );
    assert_eq!(labels("<<<<<<< main\n"), of("main", "", 7));
    let Labels { ours, theirs, marker_size } = Labels::new("", &"x".repeat(90), 0);
    assert_eq!((ours.as_str(), theirs.len(), marker_size), ("ours", 80, 1));
    assert_eq!(Labels::new("a\u{7}", "", 7).ours, "a\\u{7}");
}

#[test]
fn the_side_that_alone_has_changes_stays_as_it_is_written() {
    let base = staging(|_| {});
    let mut odd = base.clone();
    odd.assignments.reverse();
    odd.unassigned = vec![number(FIRST)];
    for (ours, theirs, is_odd) in [(&odd, &base, true), (&base, &odd, true), (&odd, &odd, true), (&base, &base, false)]
    {
        let merged = merged(&base, ours, theirs);
        let expected = if is_odd { &odd } else { &base };
        assert_eq!((&merged.ours, &merged.theirs, merged.conflicts.len()), (expected, expected, 0));
    }
}
