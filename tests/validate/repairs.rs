//! `--fix`: one right answer, and a second run that finds nothing.

use phone_dir::model::Day;
use phone_dir::validate::fix;

use super::project::*;

fn fixed(project: &Project) -> (Project, Vec<String>) {
    let mut fixed = project.clone();
    let mut paths = Vec::new();
    for repair in fix::repairs(&project.files, None, Day::of(project.occasion.now)).unwrap() {
        fixed.put(&repair.path, &repair.after);
        paths.push(repair.path);
    }
    (fixed, paths)
}

#[test]
fn derived_values_pretty_forms_and_canonical_form_are_repaired_at_once() {
    let mut project = Project::healthy();
    project.replace(MASTER, "\"total_numbers\": 2", "\"total_numbers\": 3");
    project.replace(MASTER, "\"area_code\": \"415\"", "\"area_code\": null");
    project.replace(STAGING_NUMBERS, "(415) 555-0123", "415");
    project.replace(STAGING_NUMBERS, "\"assigned\": true", "\"assigned\": false");
    project.tamper(|directory| {
        let files = directory.workspace_mut(&name("production"));
        files.assignments.assignments.reverse();
        files.assignments.by_agent.clear();
    });
    let text = format!("\u{feff}{}", project.text(STAGING));
    project.put(STAGING, &text);
    assert!(project.broken().len() >= 4, "{:?}", project.broken());
    let (fixed_once, paths) = fixed(&project);
    assert_eq!(paths, [MASTER, PRODUCTION, STAGING, STAGING_NUMBERS]);
    assert_eq!(fixed_once.lines(), [] as [String; 0]);
    assert_eq!(fixed(&fixed_once).1, [] as [String; 0]);
    assert_eq!(fixed_once.files, Project::healthy().files);
}

#[test]
fn an_assignment_is_as_new_as_its_number() {
    let times = |project: &mut Project, registered: &str, assigned_at: &str| {
        project.tamper(|directory| {
            registry(directory, "staging", FIRST).last_modified = Some(time(registered));
            assigned(directory, "staging", FIRST).last_modified = Some(time(assigned_at));
        });
    };
    let (early, later) = ("2025-11-18T15:30:00Z", "2025-11-18T15:40:00Z");
    // As after a merge of two branches of which one assigned the number and the other changed it later.
    let mut behind = Project::healthy();
    times(&mut behind, later, early);
    assert_eq!(behind.lines(), [] as [String; 0]);
    let mut ahead = Project::healthy();
    times(&mut ahead, early, later);
    assert_eq!(ahead.broken(), ["assignment-mismatch"]);
    for project in [behind, ahead] {
        let (fixed, paths) = fixed(&project);
        assert_eq!(paths, [STAGING]);
        assert_eq!(fixed.lines(), [] as [String; 0]);
    }
}

#[test]
fn what_has_no_one_right_answer_is_left_as_it_is() {
    let mut project = Project::healthy();
    project.change(|directory| leave(directory, "production", FIRST));
    project.change(|directory| binding(directory, "staging", SECOND).agent_id = Some(agent_id("agent_other")));
    assert_eq!(fixed(&project).1, [] as [String; 0]);
}

#[test]
fn nothing_is_derived_from_files_that_are_broken() {
    let mut project = Project::healthy();
    project.put(STAGING, "{");
    project.replace(STAGING_NUMBERS, "\"assigned\": true", "\"assigned\": false");
    project.replace(MASTER, "  \"version\"", "    \"version\"");
    project.replace(MASTER, "\"total_numbers\": 2", "\"total_numbers\": 3");
    let (fixed, paths) = fixed(&project);
    assert_eq!(paths, [MASTER]);
    assert_eq!(fixed.text(MASTER), Project::healthy().text(MASTER));
    assert_eq!(fixed.text(STAGING), "{");
}

#[test]
fn the_diff_shows_the_lines_that_change() {
    let mut project = Project::healthy();
    project.replace(MASTER, "\"total_numbers\": 2", "\"total_numbers\": 3");
    let repairs = fix::repairs(&project.files, None, Day::of(project.occasion.now)).unwrap();
    let diff = repairs[0].diff();
    assert!(diff.contains("-    \"total_numbers\": 3,\n+    \"total_numbers\": 2,\n"), "{diff}");
    assert!(diff.starts_with("--- a/phone-numbers/directory.json\n+++ b/phone-numbers/directory.json\n"), "{diff}");
}

#[test]
fn a_reservation_that_is_over_is_taken_out_and_one_that_is_not_stays() {
    let mut project = Project::healthy();
    let state = |until: &str| serde_json::json!({"state": "reserved", "until": until, "reason": "campaign 12"});
    pools(&mut project, &[(FIRST, member(&state("2025-11-18"))), (SECOND, member(&state("2025-11-19")))]);
    assert_eq!(project.broken(), ["pool-expired-state"]);
    let (fixed, paths) = fixed(&project);
    assert_eq!((paths, fixed.lines()), (vec![POOLS.to_owned()], Vec::<String>::new()));
    assert_eq!(fixed.text(POOLS).matches("campaign 12").count(), 1);
}
