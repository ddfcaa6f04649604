//! Merges of small files written by hand: what both sides mean is kept whole, and indexes name everybody.

use phone_dir::merge::stored::{self, Versions};
use phone_dir::merge::text::Labels;
use phone_dir::merge::{self, Three};
use phone_dir::model::directory::Reading;
use phone_dir::model::paths::FileKind;
use phone_dir::model::{AgentFolders, AgentWeight, AssignmentsFile, Directory, Weight};

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
