//! Every branch of every rule: a project for each way to break it, with everything that users are told, and projects
//! that come as close as they may and have no finding of any rule.

mod counts;
mod files;
mod numbers;
mod routing;

use std::collections::BTreeSet;

use phone_dir::validate::diagnostic::Location;
use phone_dir::validate::{Diagnostic, RULES};

use super::project::*;

/// One way to break a rule, or to come close to it, as a change to the healthy project.
pub struct Branch {
    pub rule: &'static str,
    /// What is special about it, in a few words.
    pub what: &'static str,
    pub change: fn(&mut Project),
}

/// What is told of every branch of some rules, whole.
fn told(branches: &[Branch]) -> String {
    let mut told = String::new();
    for branch in branches {
        let mut project = Project::healthy();
        (branch.change)(&mut project);
        assert!(project.broken().contains(&branch.rule), "{}: {}: {:#?}", branch.rule, branch.what, project.lines());
        told.push_str(&format!("# {}: {}\n", branch.rule, branch.what));
        project.report().diagnostics.iter().for_each(|found| told.push_str(&whole(found)));
    }
    told
}

/// A diagnostic with all its parts; waivers hang on the number, editors on the places.
pub fn whole(diagnostic: &Diagnostic) -> String {
    let place = |location: &Location| {
        let (start, end) = (location.start, location.end);
        let pointer = location.pointer.as_deref().map(|pointer| format!(" {pointer}")).unwrap_or_default();
        format!("{}:{}:{}-{}:{}{pointer}", location.file, start.line, start.column, end.line, end.column)
    };
    let related =
        diagnostic.related.iter().map(|related| ("also", format!("{} {}", place(&related.location), related.message)));
    let parts = [
        ("number", diagnostic.phone_number.map(|number| number.to_string())),
        ("workspace", diagnostic.workspace.as_ref().map(ToString::to_string)),
        ("item", diagnostic.item.clone()),
        ("help", diagnostic.help.clone()),
    ];
    let parts = parts.into_iter().filter_map(|(name, part)| Some((name, part?)));
    let parts = std::iter::once(("at", place(&diagnostic.location))).chain(related).chain(parts);
    let parts: String = parts.map(|(name, part)| format!("  {name}: {part}\n")).collect();
    format!("{} {}: {}\n{parts}", diagnostic.severity, diagnostic.rule.code, diagnostic.message)
}

#[test]
fn every_branch_of_the_rules_about_files_is_told_whole() {
    insta::assert_snapshot!(told(files::BROKEN));
}

#[test]
fn every_branch_of_the_rules_about_numbers_is_told_whole() {
    insta::assert_snapshot!(told(numbers::BROKEN));
}

#[test]
fn every_branch_of_the_rules_about_routing_is_told_whole() {
    insta::assert_snapshot!(told(routing::BROKEN));
}

#[test]
fn every_branch_of_the_rules_about_what_is_derived_is_told_whole() {
    insta::assert_snapshot!(told(counts::BROKEN));
}

#[test]
fn what_comes_close_to_a_rule_breaks_none() {
    for branch in [files::SOUND, numbers::SOUND, routing::SOUND, counts::SOUND].into_iter().flatten() {
        let (healthy, mut project) = (Project::healthy(), Project::healthy());
        (branch.change)(&mut project);
        let what = format!("{}: {}", branch.rule, branch.what);
        let moved = project.occasion.now != healthy.occasion.now || project.occasion.source != healthy.occasion.source;
        assert!(moved || project.files != healthy.files, "{what}: nothing is changed");
        assert_eq!(project.lines(), [] as [String; 0], "{what}");
    }
}

#[test]
fn every_branch_names_a_rule_and_is_named_once() {
    let known: BTreeSet<_> = RULES.iter().map(|rule| rule.code).collect();
    let mut seen = BTreeSet::new();
    let tables = [files::BROKEN, numbers::BROKEN, routing::BROKEN, counts::BROKEN];
    for branch in tables.into_iter().flatten() {
        assert!(known.contains(branch.rule), "{}", branch.rule);
        assert!(seen.insert((branch.rule, branch.what)), "{}: {}", branch.rule, branch.what);
    }
}
