//! What a difference is called, and which of its fields are told, side by side.

#![allow(clippy::cloned_ref_to_slice_refs, clippy::needless_pass_by_value, clippy::type_complexity)] // tables of what is told

use serde_json::{Value, json};

use super::*;
use crate::diff::delta::WorkspaceDelta;
use crate::model::made_up;

fn assignment(agent: &str, list: Option<Value>) -> Assignment {
    let mut written = json!({
        "phone_number": "+14155550101", "agent_path": format!("agents/{agent}"), "agent_name": null,
        "agent_id": agent, "assignment_type": "inbound-outbound", "inbound_agent_id": agent, "outbound_agent_id": agent,
        "assigned_date": null, "last_modified": null,
    });
    if let Some(list) = list {
        written["inbound_agents"] = list;
    }
    serde_json::from_value(written).unwrap()
}

#[test]
fn the_folder_of_the_former_agent_is_known_where_a_list_follows() {
    let list = json!([{"agent_id": "new", "weight": 0.6}, {"agent_id": "former", "weight": 0.4}]);
    let pair = Pair { from: Some(assignment("former", None)), to: Some(assignment("new", Some(list))) };
    let assignments = [(pair.from.as_ref().unwrap().phone_number, pair)].into();
    let files = WorkspaceDelta { assignments, ..WorkspaceDelta::default() };
    let workspace = WorkspaceName::parse("staging").unwrap();
    let changes = of_delta(&Delta { workspaces: [(workspace, files)].into(), ..Delta::default() });
    let folders: Vec<_> = changes.names.folders.values().map(ToString::to_string).collect();
    assert_eq!(folders, ["agents/former", "agents/new"]);
}

#[test]
fn a_direction_is_kept_only_where_it_has_agents_on_both_sides_and_the_same() {
    let kept = |outbound: [Option<&str>; 2]| {
        let side = |inbound: &str, outbound: Option<&str>| {
            let mut assignment = assignment(inbound, None);
            assignment.outbound_agent_id = outbound.map(|id| id.parse().unwrap());
            assignment
        };
        let (from, to) = (side("former", outbound[0]), side("new", outbound[1]));
        let side = |assignment| Side { assignment: Some(assignment), ..Side::default() };
        keeps_a_direction(side(&from), side(&to))
    };
    assert!(kept([Some("caller"), Some("caller")]));
    assert!(!kept([None, None]) && !kept([Some("former"), Some("new")]) && !kept([None, Some("new")]));
}

/// What changed from one directory to another, the second made of the first: place, kind and the names of the fields.
fn told(change: impl FnOnce(&mut Directory)) -> Vec<(String, ChangeKind, Vec<NumberField>)> {
    let before = with_entries();
    let mut after = before.clone();
    change(&mut after);
    between(&before, &after).list.into_iter().map(in_short).collect()
}

fn in_short(change: Change) -> (String, ChangeKind, Vec<NumberField>) {
    let place = change.workspace.map_or_else(|| "directory".to_owned(), |name| name.to_string());
    (format!("{} {place}", change.phone_number), change.kind, change.fields.iter().map(|field| field.field).collect())
}

/// Two workspaces whose numbers are in `directory.json` too, each with the agent that answers.
fn with_entries() -> Directory {
    let mut directory = made_up::two_workspaces();
    for line in 1..=3 {
        let entries = ["staging", "production"].map(|name| {
            let entry = WorkspaceEntry {
                imported: true,
                import_date: None,
                agent_path: "agents/a".parse().ok(),
                agent_id: Some(made_up::agent_id(name, "a")),
                assignment_type: Some(AssignmentType::InboundOutbound),
            };
            (made_up::workspace(name), entry)
        });
        directory.master.numbers.get_mut(&made_up::number(line)).unwrap().workspaces = entries.into_iter().collect();
    }
    directory
}

fn entry(directory: &mut Directory) -> &mut WorkspaceEntry {
    directory
        .master
        .numbers
        .get_mut(&made_up::number(1))
        .unwrap()
        .workspaces
        .get_mut(&made_up::workspace("staging"))
        .unwrap()
}

fn staging(kind: ChangeKind, fields: &[NumberField]) -> Vec<(String, ChangeKind, Vec<NumberField>)> {
    vec![(format!("{} staging", made_up::number(1)), kind, fields.to_vec())]
}

use NumberField as Field;

#[test]
fn a_number_comes_and_goes_in_the_directory_and_in_a_workspace() {
    let leave = |directory: &mut Directory, is_whole: bool| {
        let files = directory.workspace_mut(&made_up::workspace("staging"));
        files.numbers.numbers.remove(0);
        if is_whole {
            files.assignments.assignments.remove(0);
            directory
                .master
                .numbers
                .get_mut(&made_up::number(1))
                .unwrap()
                .workspaces
                .remove(&made_up::workspace("staging"));
        }
    };
    let places = |list: Vec<(String, ChangeKind, Vec<NumberField>)>| {
        list.into_iter().map(|(place, kind, _)| (place, kind)).collect::<Vec<_>>()
    };
    let one = |place: &str, kind| vec![(format!("{} {place}", made_up::number(1)), kind)];
    assert_eq!(places(told(|it| leave(it, true))), one("staging", ChangeKind::Removed));
    assert_eq!(places(told(|it| leave(it, false))), one("staging", ChangeKind::Removed));
    let released = told(|it| drop(it.master.numbers.remove(&made_up::number(1))));
    let expected = [
        one("directory", ChangeKind::Released),
        one("staging", ChangeKind::Unassigned),
        one("production", ChangeKind::Unassigned),
    ];
    assert_eq!(places(released), expected.concat());
    let (before, mut after) = (with_entries(), with_entries());
    leave(&mut after, true);
    let imported = between(&after, &before).list.into_iter().map(in_short).collect();
    assert_eq!(places(imported), one("staging", ChangeKind::Imported));
    after.master.numbers.remove(&made_up::number(1));
    let provisioned: Vec<_> = between(&after, &before).list.into_iter().map(in_short).collect();
    assert_eq!(places(provisioned)[..1], one("directory", ChangeKind::Provisioned));
}

#[test]
fn what_directory_json_alone_says_is_told_as_what_it_means() {
    assert_eq!(told(|_| {}), []);
    assert_eq!(told(|it| entry(it).agent_id = "x".parse().ok()), staging(ChangeKind::Reassigned, &[Field::AgentId]));
    assert_eq!(told(|it| entry(it).agent_id = None), staging(ChangeKind::Unassigned, &[Field::AgentId]));
    assert_eq!(told(|it| entry(it).agent_path = None), staging(ChangeKind::Updated, &[Field::AgentPath]));
    let kind = Some(AssignmentType::InboundOnly);
    assert_eq!(told(|it| entry(it).assignment_type = kind), staging(ChangeKind::Rerouted, &[Field::AssignmentType]));
    // `imported: false` is as good as no entry, with whatever it says.
    let none = told(|it| entry(it).imported = false);
    assert_eq!(none, staging(ChangeKind::Unassigned, &[Field::AgentPath, Field::AgentId, Field::AssignmentType]));
    let noted = told(|it| it.master.numbers.get_mut(&made_up::number(1)).unwrap().notes = "x".to_owned());
    assert_eq!(noted, [(format!("{} directory", made_up::number(1)), ChangeKind::Updated, vec![Field::Notes])]);
}

#[test]
fn a_field_that_two_files_say_is_told_once_and_by_the_file_that_says_most() {
    let rebound = told(|it| {
        let bound = made_up::assigned(it, "staging", 1);
        (bound.agent_id, bound.inbound_agent_id) = ("x".parse().ok(), "x".parse().ok());
        entry(it).agent_id = "y".parse().ok();
        made_up::registered(it, "staging", 1).nickname = Some("A".to_owned());
    });
    assert_eq!(rebound, staging(ChangeKind::Reassigned, &[Field::AgentId, Field::InboundAgentId, Field::Nickname]));
    let before = with_entries();
    let mut after = before.clone();
    made_up::assigned(&mut after, "staging", 1).agent_id = "x".parse().ok();
    entry(&mut after).agent_id = "y".parse().ok();
    let changes = between(&before, &after);
    assert_eq!(changes.list[0].fields[0].to, FieldValue::AgentId("x".parse().unwrap()));
    // A registered number without an assignment is unassigned, on whichever side.
    let mut silent = before.clone();
    silent.workspace_mut(&made_up::workspace("staging")).assignments.assignments.remove(0);
    // The registries differ too, or the delta would not know of the number's registration.
    made_up::registered(&mut silent, "staging", 1).assigned = true;
    let kind = |from: &Directory, to: &Directory| {
        let change = &between(from, to).list[0];
        let field = change.field(Field::AssignmentType).unwrap();
        (change.kind, field.from.clone(), field.to.clone())
    };
    let (bound, unassigned): (FieldValue, FieldValue) = ("inbound-outbound".into(), "unassigned".into());
    assert_eq!(kind(&before, &silent), (ChangeKind::Unassigned, bound.clone(), unassigned.clone()));
    assert_eq!(kind(&silent, &before), (ChangeKind::Assigned, unassigned, bound));
}

#[test]
fn the_same_in_another_order_is_no_change_unless_directory_json_says_something_else() {
    let halves = |order: [&str; 2]| {
        let mut directory = with_entries();
        let shares = order.map(|name| made_up::share(&made_up::agent_id("staging", name), 0.5, None));
        let bound = made_up::assigned(&mut directory, "staging", 1);
        let first = Some(shares[0].agent_id.clone());
        (bound.agent_id, bound.inbound_agent_id) = (first.clone(), first.clone());
        (bound.inbound_agents, bound.outbound_agent_id) = (Some(shares.to_vec()), None);
        entry(&mut directory).agent_id = first;
        directory
    };
    let (one, mut other) = (halves(["a", "b"]), halves(["b", "a"]));
    assert_eq!(between(&one, &other).list, []);
    entry(&mut other).agent_id = "x".parse().ok();
    let (_, kind, fields) = in_short(between(&one, &other).list.remove(0));
    assert_eq!((kind, fields), (ChangeKind::Rerouted, vec![Field::AgentId, Field::InboundAgentId]));
    let (_, kind, fields) = in_short(between(&other, &one).list.remove(0));
    assert_eq!((kind, fields), (ChangeKind::Rerouted, vec![Field::AgentId, Field::InboundAgentId]));
}

#[test]
fn agents_are_the_same_where_each_direction_that_both_serve_has_the_same() {
    let ids = |names: &[&str]| names.iter().map(|name| name.parse().unwrap()).collect::<Vec<AgentId>>();
    let same = |one: [&[&str]; 2], other: [&[&str]; 2]| {
        let [[a, b], [c, d]] = [one, other].map(|of| of.map(ids));
        let agents = |inbound, outbound| Agents {
            inbound: BTreeSet::from_iter(inbound),
            outbound: BTreeSet::from_iter(outbound),
        };
        agents(&a, &b).same_as(&agents(&c, &d))
    };
    assert!(
        same([&["a"], &["b"]], [&["a"], &["b"]])
            && same([&["a"], &["a"]], [&["a"], &[]])
            && same([&[], &[]], [&[], &[]])
    );
    assert!(
        !same([&["a"], &["b"]], [&["b"], &["a"]])
            && !same([&["a"], &["b"]], [&["a"], &[]])
            && !same([&["a"], &[]], [&["b"], &[]])
    );
    assert!(!same([&["a", "b"], &["a"]], [&["a"], &["a", "b"]]) && same([&["a"], &[]], [&[], &["a"]]));
    for (before, after, same, kind) in [
        (true, true, true, None),
        (true, false, false, Some(ChangeKind::Assigned)),
        (false, true, false, Some(ChangeKind::Unassigned)),
        (false, false, true, None),
        (false, false, false, Some(ChangeKind::Reassigned)),
    ] {
        assert_eq!(agents_kind(before, after, same), kind);
    }
    let (list, single): (Vec<AgentWeight>, AgentId) =
        (vec![AgentWeight::only("a".parse().unwrap())], "b".parse().unwrap());
    assert_eq!(direction(Some(&list), Some(&single)).into_iter().map(AgentId::as_str).collect::<Vec<_>>(), ["a", "b"]);
}

#[test]
fn folders_are_learnt_of_the_agents_that_their_own_change_does_not_tell() {
    let names = |change: &dyn Fn(&mut Assignment)| {
        let (before, mut after) = (with_entries(), with_entries());
        change(made_up::assigned(&mut after, "staging", 1));
        let delta = Delta::between(&before, &after);
        of_delta(&delta)
            .names
            .folders
            .into_iter()
            .map(|((name, id), path)| format!("{name} {id} {path}"))
            .collect::<Vec<_>>()
    };
    let (a, b) = ("staging staging-a agents/a".to_owned(), "staging staging-b agents/b".to_owned());
    let to_b = |bound: &mut Assignment| {
        let id = Some(made_up::agent_id("staging", "b"));
        (bound.agent_id, bound.inbound_agent_id, bound.outbound_agent_id) = (id.clone(), id.clone(), id);
        bound.agent_path = "agents/b".parse().ok();
    };
    assert_eq!(names(&to_b), [] as [String; 0]);
    assert_eq!(names(&|bound| bound.outbound_agent_id = None), [a.clone()]);
    assert_eq!(
        names(&|bound| {
            to_b(bound);
            bound.outbound_agent_id = "x".parse().ok();
        }),
        [a.clone(), b.clone()]
    );
    for is_inbound in [true, false] {
        assert_eq!(
            names(&|bound| {
                to_b(bound);
                let list = Some(bound.inbound());
                if is_inbound { bound.inbound_agents = list } else { bound.outbound_agents = list }
            }),
            [a.clone(), b.clone()]
        );
    }
    // The folder stays, and another agent is meant.
    let moved = names(&|bound| {
        to_b(bound);
        bound.agent_path = "agents/a".parse().ok();
    });
    assert_eq!(moved, [a, "staging staging-b agents/a".to_owned()]);
}
