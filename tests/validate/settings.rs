//! Severities and waivers.

use phone_dir::validate::{Settings, Severity, validate};

use super::project::*;

#[test]
fn a_project_chooses_its_severities() {
    let mut project = Project::healthy();
    project.replace(MASTER, "  \"version\"", "    \"version\"");
    let severity = |project: &Project| project.report().diagnostics.first().map(|found| found.severity);
    assert_eq!(severity(&project), Some(Severity::Warning));
    project.put(SETTINGS, "[rules]\nnot-canonical = \"error\"\n");
    assert_eq!(severity(&project), Some(Severity::Error));
    project.put(SETTINGS, "[rules]\nnot-canonical = \"off\"\n");
    assert_eq!(severity(&project), None);
}

#[test]
fn a_waiver_takes_out_the_findings_of_its_number_only() {
    let mut project = Project::healthy();
    project.change(|directory| {
        leave(directory, "production", FIRST);
        leave(directory, "production", SECOND);
    });
    project.put(
        SETTINGS,
        &format!(
            "[[waivers]]\nrule = \"missing-in-workspace\"\nphone_number = \"{FIRST}\"\nreason = \"a trial\"\nexpires = 2026-01-31\n"
        ),
    );
    let report = project.report();
    assert_eq!(report.waived, 1);
    let numbers: Vec<_> = report.diagnostics.iter().map(|found| found.phone_number.unwrap().to_string()).collect();
    assert_eq!(numbers, [SECOND]);
}

#[test]
fn a_change_cannot_weaken_the_check_that_it_goes_through() {
    let mut project = Project::healthy();
    project.replace(MASTER, "\"total_numbers\": 2", "\"total_numbers\": 3");
    project.put(SETTINGS, "[rules]\nderived-count = \"off\"\nsecrets = \"off\"\n");
    assert_eq!(project.broken(), ["settings"]);
    let report = validate(&project.files, &Settings::of(None), &project.occasion).unwrap();
    let codes: Vec<_> = report.diagnostics.iter().map(|found| found.rule.code).collect();
    assert_eq!(codes, ["settings", "derived-count"]);
}

#[test]
fn the_rule_that_watches_the_settings_cannot_be_switched_off_by_them() {
    let mut project = Project::healthy();
    project.put(SETTINGS, "[rules]\nsettings = \"off\"\nsecrets = \"error\"\n");
    assert_eq!(project.broken(), ["settings"]);
    assert_eq!(project.lines().len(), 2, "{:#?}", project.lines());
}

#[test]
fn a_protected_workspace_that_is_not_there_is_a_finding_of_the_projects_own_settings() {
    let mut project = Project::healthy();
    project.put(SETTINGS, "[workspaces]\nprotected = [\"production\", \"prod\"]\n");
    let lines = project.lines();
    assert_eq!(project.broken(), ["settings"]);
    assert!(lines[0].contains("phone-dir.toml:2:13 error") && lines[0].contains("no workspace `prod`"), "{lines:#?}");
    let others = Settings::of(Some(b"[workspaces]\nprotected = [\"gone\"]\n"));
    let found = validate(&project.files, &others, &project.occasion).unwrap().diagnostics;
    let messages: Vec<_> = found.iter().map(|found| found.message.as_str()).collect();
    assert_eq!(
        messages,
        ["`phone-dir.toml`: there is no workspace `prod` to protect"],
        "the base's names are not judged"
    );
    project.put(SETTINGS, "[workspaces]\nprotected = [\"staging\"]\n");
    assert_eq!(project.lines(), [] as [String; 0]);
}
