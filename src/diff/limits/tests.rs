//! Questions about one workspace, one agent or one number, put to changes by hand.

#![allow(clippy::type_complexity)] // tables of what is told

use super::*;
use crate::diff::{AgentIdChange, AgentNames, ChangeKind, ChangeSide, FieldChange, NumberField};
use crate::model::Setting;
use crate::model::made_up::{agent_id, number, two_workspaces, workspace};

fn path(name: &str) -> AgentPath {
    AgentPath::of_folder(name).unwrap()
}

fn change(line: u32, name: Option<&str>, fields: Vec<FieldChange>) -> Change {
    let workspace = name.map(workspace);
    Change { phone_number: number(line), workspace, kind: ChangeKind::Updated, fields, keeps_a_direction: false }
}

fn field(field: NumberField, from: FieldValue, to: FieldValue) -> FieldChange {
    FieldChange { field, from, to }
}

fn changes() -> Changes {
    let id = |name: &str, folder: &str| FieldValue::AgentId(agent_id(name, folder));
    let mut changes = Changes::new(vec![
        change(1, None, vec![field(NumberField::Notes, "a".into(), "b".into())]),
        change(1, Some("staging"), vec![field(NumberField::AgentId, id("staging", "a"), id("staging", "b"))]),
        change(
            2,
            Some("production"),
            vec![field(NumberField::AgentPath, FieldValue::Absent, FieldValue::AgentPath(path("b")))],
        ),
        change(3, Some("staging"), vec![field(NumberField::Nickname, "a".into(), "b".into())]),
    ]);
    changes.agent_ids = [("a", "staging"), ("b", "production")]
        .map(|(folder, name)| AgentIdChange {
            path: path(folder),
            workspace: workspace(name),
            from: agent_id(name, folder),
            to: None,
        })
        .to_vec();
    let pool = serde_json::json!({"purpose": "", "owner": null, "workspaces": [], "quarantine": "30d"});
    let pair = crate::diff::delta::Pair { from: None, to: Some(serde_json::from_value(pool).unwrap()) };
    changes.pools = vec![crate::diff::PoolDefinitionChange { pool: "sales".parse().unwrap(), pair }];
    changes
}

/// The lines that are left, the folders whose ids changed, and how many pools.
fn left(limits: &Limits) -> (Vec<(PhoneNumber, Option<WorkspaceName>)>, Vec<String>, usize) {
    let mut changes = changes();
    limits.apply(&mut changes);
    let places = changes.list.iter().map(|change| (change.phone_number, change.workspace.clone())).collect();
    (places, changes.agent_ids.iter().map(|change| change.path.to_string()).collect(), changes.pools.len())
}

#[test]
fn each_limit_keeps_what_it_is_about() {
    let places = |lines: &[(u32, Option<&str>)]| {
        lines.iter().map(|(line, name)| (number(*line), name.map(workspace))).collect::<Vec<_>>()
    };
    let all = [(1, None), (1, Some("staging")), (2, Some("production")), (3, Some("staging"))];
    let folders = |names: &[&str]| names.iter().map(|name| format!("agents/{name}")).collect::<Vec<_>>();
    assert_eq!(left(&Limits::default()), (places(&all), folders(&["a", "b"]), 1));
    let one = Limits { number: Some(number(1)), ..Limits::default() };
    assert_eq!(left(&one), (places(&all[..2]), folders(&[]), 0));
    let staging = Limits { workspace: Some(workspace("staging")), ..Limits::default() };
    assert_eq!(left(&staging), (places(&[all[1], all[3]]), folders(&["a"]), 0));
    let agents = two_workspaces().agents;
    let agent = |name: &str| Some(AgentLimit::new(path(name), &agents));
    let a = Limits { agent: agent("a"), ..Limits::default() };
    assert_eq!(left(&a), (places(&[all[1]]), folders(&["a"]), 0));
    let b = Limits { agent: agent("b"), ..Limits::default() };
    assert_eq!(left(&b), (places(&[all[1], all[2]]), folders(&["b"]), 0));
    let both = Limits { agent: agent("b"), workspace: Some(workspace("production")), number: None };
    assert_eq!(left(&both), (places(&[all[2]]), folders(&["b"]), 0));
    let every = Limits { number: Some(number(2)), ..both };
    assert_eq!(left(&every), (places(&[all[2]]), folders(&[]), 0));
    assert_eq!(left(&Limits { agent: agent("c"), ..Limits::default() }), (vec![], vec![], 0));
    // A folder that is gone is known by its path alone.
    let gone = AgentLimit::new(path("b"), &AgentFolders::default());
    assert_eq!(left(&Limits { agent: Some(gone), ..Limits::default() }), (places(&[all[2]]), folders(&["b"]), 0));
}

#[test]
fn changes_are_in_order_counted_and_none_of_them_is_lost() {
    let mut list = changes().list;
    list.reverse();
    let mut sorted = Changes::new(list.clone());
    assert_eq!(sorted.list, changes().list);
    assert_eq!((sorted.numbers(), sorted.summary()), (3, [(ChangeKind::Updated, 4)].into()));
    list[0].kind = ChangeKind::Released;
    assert_eq!(Changes::new(list).summary(), [(ChangeKind::Released, 1), (ChangeKind::Updated, 3)].into());
    assert!(!sorted.is_empty() && Changes::default().is_empty() && Changes::default().numbers() == 0);
    let (ids, pools) = (changes().agent_ids, changes().pools);
    assert!(!Changes { agent_ids: ids.clone(), ..Changes::default() }.is_empty());
    assert!(!Changes { pools: pools.clone(), ..Changes::default() }.is_empty());
    assert_ne!(Changes { agent_ids: ids, ..Changes::default() }, Changes::default());
    assert_ne!(Changes { pools, ..Changes::default() }, Changes::default());
    let folders = [((workspace("staging"), agent_id("staging", "a")), path("a"))].into();
    let named = Changes { names: AgentNames { folders, ..AgentNames::default() }, ..Changes::default() };
    assert_eq!(named, Changes::default());
    sorted.retain(|change| change.workspace.is_none());
    assert_eq!(sorted.list, changes().list[..1]);
}

#[test]
fn a_change_gives_its_fields_on_either_side() {
    let id = |folder: &str| FieldValue::AgentId(agent_id("staging", folder));
    let live = FieldValue::Record(Box::new(crate::model::field_value::RecordedValue {
        was: FieldValue::Agents(vec![].into()),
        is: FieldValue::Agents(vec![crate::model::AgentWeight::only(agent_id("staging", "d"))].into()),
    }));
    let change = change(
        1,
        Some("staging"),
        vec![
            field(NumberField::AgentPath, FieldValue::AgentPath(path("a")), FieldValue::Absent),
            field(NumberField::AgentId, id("a"), id("b")),
            field(NumberField::InboundAgentId, id("a"), id("c")),
            field(
                NumberField::InboundSmsAgents,
                FieldValue::Absent,
                FieldValue::Agents(vec![crate::model::AgentWeight::only(agent_id("staging", "sms"))].into()),
            ),
            field(NumberField::Live(Setting::InboundAgents), FieldValue::Absent, live),
        ],
    );
    let told: Vec<_> = change.agent_ids().map(AgentId::as_str).collect();
    assert_eq!(told, ["staging-a", "staging-b", "staging-a", "staging-c", "staging-d"]);
    assert_eq!(change.value(NumberField::AgentId, ChangeSide::From), Some(&id("a")));
    assert_eq!(change.value(NumberField::AgentId, ChangeSide::To), Some(&id("b")));
    assert_eq!(change.value(NumberField::AgentPath, ChangeSide::To), None);
    assert_eq!(change.value(NumberField::Notes, ChangeSide::To), None);
    assert_eq!(
        change.records().map(|field| field.field).collect::<Vec<_>>(),
        [NumberField::Live(Setting::InboundAgents)]
    );
    let principal = |side, folder: &str| change.principal_path(side, &agent_id("staging", folder)).cloned();
    assert_eq!(principal(ChangeSide::From, "a"), Some(path("a")));
    assert_eq!(
        [principal(ChangeSide::From, "b"), principal(ChangeSide::To, "b"), principal(ChangeSide::To, "a")],
        [None, None, None]
    );
    // Folders are learnt for the agents whose folder the change does not tell.
    let mut changes = Changes::new(vec![change]);
    assert!(changes.has_unnamed_agents());
    let folders = two_workspaces().agents;
    changes.name_agents(&folders);
    let names: Vec<_> = changes.names.folders.iter().map(|((name, id), path)| format!("{name} {id} {path}")).collect();
    assert_eq!(names, ["b", "c", "d"].map(|folder| format!("staging staging-{folder} agents/{folder}")));
    assert!(!changes.has_unnamed_agents());
    // An agent of another workspace is named by whose it is, and then still not by a folder of this one.
    let foreign = self::change(
        1,
        Some("staging"),
        vec![field(NumberField::AgentId, FieldValue::Absent, FieldValue::AgentId(agent_id("production", "a")))],
    );
    let mut changes = Changes::new(vec![foreign]);
    changes.name_agents(&folders);
    let names: Vec<_> = changes.names.folders.keys().map(|(name, id)| format!("{name} {id}")).collect();
    assert_eq!(names, ["production production-a"]);
    assert!(changes.has_unnamed_agents());
}
