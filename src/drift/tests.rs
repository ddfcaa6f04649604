//! Who moved, on changes and settings by hand; and what is no difference from the providers.

use super::*;
use crate::diff::FieldValue;
use crate::model::made_up::{assignment, noted, number, registry_entry, workspace};
use crate::model::{AgentPath, Settings};
use Moved::{Both, Folders, Git, Live};
use NumberField as Field;

fn held(line: u32, name: &str, setting: Setting, standing: DecisionStanding) -> DecisionOutcome {
    DecisionOutcome {
        phone_number: number(line),
        workspace: workspace(name),
        setting,
        standing,
        git: Settings::default(),
        live: Settings::default(),
        was: None,
    }
}

fn change(line: u32, name: Option<&str>, fields: &[Field]) -> Change {
    let field = |field: &Field| FieldChange { field: *field, from: "a".into(), to: "b".into() };
    Change {
        phone_number: number(line),
        workspace: name.map(workspace),
        kind: ChangeKind::Updated,
        fields: fields.iter().map(field).collect(),
        keeps_a_direction: false,
    }
}

/// Who moved each field, and who moved all in all.
fn told(fields: &[Field], settings: &[(Setting, DecisionStanding)]) -> (Vec<Option<Moved>>, Option<Moved>) {
    let change = change(1, Some("staging"), fields);
    let held: Vec<DecisionOutcome> =
        settings.iter().map(|(setting, standing)| held(1, "staging", *setting, *standing)).collect();
    let drifts = attribute(&Changes::new(vec![change.clone()]), &held, &Directory::empty());
    let [drift] = &drifts[..] else { panic!("{drifts:?}") };
    assert_eq!(
        (drift.phone_number, drift.workspace.as_ref(), drift.kind),
        (number(1), change.workspace.as_ref(), change.kind)
    );
    assert_eq!(drift.fields.iter().map(|field| field.change.clone()).collect::<Vec<_>>(), change.fields);
    (drift.fields.iter().map(|field| field.moved).collect(), drift.moved)
}

#[test]
fn words_of_sides() {
    assert_eq!([Git, Folders, Live, Both].map(Moved::as_str), ["git", "git", "live", "both"]);
    let all = [(false, false), (false, true), (true, false), (true, true)].map(|(git, live)| Moved::of(git, live));
    assert_eq!(all, [None, Some(Live), Some(Git), Some(Both)]);
}

#[test]
fn the_side_that_moved_follows_from_how_the_decision_stands_and_of_a_fact_it_is_the_provider() {
    for (standing, moved) in [
        (DecisionStanding::Pending, Some(Git)),
        (DecisionStanding::Applied, Some(Git)),
        (DecisionStanding::Conflict, Some(Both)),
        (DecisionStanding::Followed, Some(Live)),
        (DecisionStanding::GivenUp, Some(Live)),
        (DecisionStanding::FollowedUntold, None),
    ] {
        let one = [(Setting::Nickname, standing)];
        assert_eq!(told(&[Field::Nickname], &one), (vec![moved], moved), "{standing:?}");
        let with_fact = match moved {
            Some(Git | Both) => Some(Both),
            _ => Some(Live),
        };
        assert_eq!(told(&[Field::Nickname, Field::Codecs], &one), (vec![moved, Some(Live)], with_fact), "{standing:?}");
    }
    // A number that came or went as a whole.
    assert_eq!(told(&[], &[]), (vec![], Some(Live)));
}

#[test]
fn what_says_who_answers_follows_the_agents_of_both_directions() {
    let (pending, followed) = (DecisionStanding::Pending, DecisionStanding::Followed);
    for field in [Field::AgentId, Field::AssignmentType] {
        assert_eq!(told(&[field], &[(Setting::InboundAgents, pending)]).1, Some(Git), "{field}");
        assert_eq!(told(&[field], &[(Setting::OutboundAgents, pending)]).1, Some(Git), "{field}");
        let both = [(Setting::InboundAgents, followed), (Setting::OutboundAgents, pending)];
        assert_eq!(told(&[field], &both).1, Some(Both), "{field}");
        assert_eq!(told(&[field], &[(Setting::InboundSmsAgents, pending)]).1, Some(Live), "{field}");
        assert_eq!(told(&[field], &[(Setting::Nickname, pending)]).1, Some(Live), "{field}");
    }
    let inbound = [(Setting::InboundAgents, pending)];
    assert_eq!(told(&[Field::InboundAgents, Field::InboundAgentId], &inbound).0, [Some(Git); 2]);
    assert_eq!(told(&[Field::OutboundAgents, Field::OutboundAgentId], &inbound).0, [Some(Live); 2]);
    assert_eq!(told(&[Field::AgentId, Field::AgentPath, Field::AgentName], &inbound).0, [Some(Git); 3]);
    let untold = [(Setting::InboundAgents, DecisionStanding::FollowedUntold), (Setting::OutboundAgents, followed)];
    assert_eq!(told(&[Field::AgentId], &untold).1, Some(Live));
    assert_eq!(told(&[Field::AgentId], &[(Setting::InboundAgents, DecisionStanding::FollowedUntold)]).1, None);
}

#[test]
fn a_setting_of_another_number_or_workspace_says_nothing() {
    let pending = |line, name| held(line, name, Setting::Nickname, DecisionStanding::Pending);
    let changes =
        Changes::new(vec![change(1, None, &[Field::Nickname]), change(1, Some("staging"), &[Field::Nickname])]);
    let moved = |held: &[DecisionOutcome]| {
        attribute(&changes, held, &Directory::empty()).iter().map(|it| it.moved).collect::<Vec<_>>()
    };
    assert_eq!(moved(&[pending(1, "staging")]), [Some(Live), Some(Git)]);
    assert_eq!(moved(&[pending(2, "staging"), pending(1, "production")]), [Some(Live); 2]);
}

#[test]
fn the_folder_of_the_same_agent_and_the_name_that_it_has_there_are_of_its_files() {
    assert_eq!(told(&[Field::AgentPath], &[]), (vec![Some(Folders)], Some(Folders)));
    assert_eq!(told(&[Field::AgentPath, Field::AgentName], &[]).0, [Some(Folders); 2]);
    let beside = [(Setting::Nickname, DecisionStanding::Pending)];
    assert_eq!(told(&[Field::AgentPath, Field::Nickname], &beside), (vec![Some(Folders), Some(Git)], Some(Git)));
    assert_eq!(told(&[Field::AgentPath, Field::Nickname], &[]).1, Some(Both));
    assert_eq!(told(&[Field::AgentPath, Field::AgentName, Field::AgentId], &[]).0, [Some(Live); 3]);
    // A name alone is the folder's where that has one.
    let path: AgentPath = "agents/a".parse().unwrap();
    let mut live = Directory::empty();
    live.agents.folder(path.clone());
    let files = live.workspace_mut(&workspace("staging"));
    files.assignments.assignments =
        vec![crate::model::Assignment { agent_path: Some(path.clone()), ..assignment(1, "a") }];
    let name = |live: &Directory, line, place| {
        attribute(&Changes::new(vec![change(line, place, &[Field::AgentName])]), &[], live)[0].moved
    };
    assert_eq!(name(&live, 1, Some("staging")), Some(Live));
    live.agents.folder(path).name = Some("A".to_owned());
    assert_eq!(name(&live, 1, Some("staging")), Some(Folders));
    assert_eq!(name(&live, 2, Some("staging")), Some(Live));
    assert_eq!(name(&live, 1, Some("production")), Some(Live));
    assert_eq!(name(&live, 1, None), Some(Live));
}

fn first(directory: &mut Directory) -> &mut crate::model::RegistryEntry {
    &mut directory.workspace_mut(&workspace("staging")).numbers.numbers[0]
}

#[test]
fn dates_and_records_are_no_difference_and_a_number_that_came_or_went_is() {
    let directory = |change: fn(&mut Directory)| {
        let mut directory = Directory::empty();
        directory.master.numbers = [(number(1), noted(1, "")), (number(2), noted(2, ""))].into();
        directory.workspace_mut(&workspace("staging")).numbers.numbers = vec![registry_entry(1), registry_entry(2)];
        change(&mut directory);
        directory
    };
    let lines = |to: &Directory| {
        let changes = between(&directory(|_| {}), to);
        let line = |change: &Change| {
            let fields: Vec<&str> = change.fields.iter().map(|field| field.field.as_str()).collect();
            format!("{} {} {}", change.phone_number, change.kind, fields.join(" ")).trim_end().to_owned()
        };
        changes.list.iter().map(line).collect::<Vec<_>>()
    };
    let time = || Some("2026-01-01T00:00:00Z".parse().unwrap());
    let mut dated = directory(|_| {});
    (first(&mut dated).last_modified, first(&mut dated).import_date) = (time(), time());
    assert_eq!(lines(&dated), Vec::<String>::new());
    first(&mut dated).nickname = Some("A".to_owned());
    assert_eq!(lines(&dated), [format!("{} updated nickname", number(1))]);
    let recorded = directory(|directory| {
        let live = serde_json::json!({"nickname": {"was": "A", "is": "A"}});
        first(directory).live = Some(serde_json::from_value(live).unwrap());
    });
    assert_eq!(lines(&recorded), Vec::<String>::new());
    let gone = directory(|directory| {
        directory.master.numbers.remove(&number(2));
        directory.workspace_mut(&workspace("staging")).numbers.numbers.remove(1);
    });
    let removed = ["phone_number_type", "provider", "import_method"].join(" ");
    let expected = lines(&gone);
    assert_eq!(expected.len(), 2);
    assert!(expected[0].starts_with(&format!("{} released ", number(2))), "{expected:?}");
    assert_eq!(expected[1], format!("{} removed {removed}", number(2)));
    assert_eq!(place(&change(3, Some("staging"), &[])), (number(3), Some(workspace("staging"))));
    assert_eq!(FieldValue::default(), FieldValue::Absent);
}
