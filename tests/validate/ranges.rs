//! Several commits: which one broke what.

use phone_dir::validate::{Source, ValidationReport};

use super::cases;
use super::project::*;

fn commit(id: &str, spoil: impl FnOnce(&mut Project)) -> ValidationReport {
    let mut project = Project::healthy();
    spoil(&mut project);
    cases::committed(&mut project);
    project.occasion.source = Source::Commit(id.to_owned());
    project.report()
}

fn spoil(project: &mut Project) {
    project.replace(MASTER, "\"total_numbers\": 2", "\"total_numbers\": 3");
}

fn spoil_more(project: &mut Project) {
    spoil(project);
    project.change(|directory| leave(directory, "production", FIRST));
    spoil(project);
}

#[test]
fn each_finding_is_told_of_the_commit_that_brought_it() {
    let reports = vec![commit("a1", |_| {}), commit("b2", spoil), commit("c3", spoil_more), commit("d4", spoil_more)];
    let report = ValidationReport::of_range("main..topic", None, reports);
    let told: Vec<_> =
        report.diagnostics.iter().map(|found| (found.rule.code, found.commit.clone().unwrap())).collect();
    assert_eq!(told, [("derived-count", "b2".to_owned()), ("missing-in-workspace", "c3".to_owned())]);
    assert_eq!(report.source.to_string(), "main..topic");
}

#[test]
fn what_was_wrong_before_the_range_is_nobodys_in_it() {
    let report = ValidationReport::of_range("a..b", Some(&commit("a1", spoil)), vec![commit("b2", spoil)]);
    assert!(report.diagnostics.is_empty());
    assert_eq!(report.failed_checks(phone_dir::validate::Severity::Error), 0);
    let count = report.checks.iter().find(|check| check.rule.code == "derived-count").unwrap();
    assert_eq!(count.status.as_str(), "passed");
    assert_eq!(count.summary, "Nothing new; since before: 1 count is wrong");
    let mended =
        ValidationReport::of_range("a..b", Some(&commit("a1", spoil)), vec![commit("b2", spoil), commit("c3", |_| {})]);
    let count = mended.checks.iter().find(|check| check.rule.code == "derived-count").unwrap();
    assert_eq!(count.summary, count.rule.passed, "the range mended it");
}

#[test]
fn what_could_not_be_judged_in_one_commit_has_not_passed_in_the_range() {
    let torn = |project: &mut Project| project.replace(STAGING, "\"workspace\": \"staging\",", "\"workspace\":,");
    let report = ValidationReport::of_range("a..b", None, vec![commit("a1", torn), commit("b2", |_| {})]);
    let weights = report.checks.iter().find(|check| check.rule.code == "weights").unwrap();
    assert_eq!(weights.status.as_str(), "skipped");
}
