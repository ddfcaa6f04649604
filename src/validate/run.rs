//! Running the rules: side by side where the directory is large, with the same findings either way.

use super::bounded::{BoundedFindings, Sorting};
use super::context::Context;
use super::intake::Intake;
use super::rule::{Check, Rule};
use super::rules::{self, RULES};
use crate::side_by_side;

/// How many numbers make a second thread worth its start.
const WORTH_A_THREAD: usize = 1_000;

/// Runs the wanted rules. The findings of one rule are in its order, and sorted before the next rule's: there may be a
/// million of each.
pub fn check(context: &Context<'_>, intake: &Intake, sorting: &Sorting<'_>) -> BoundedFindings {
    let jobs = jobs(|rule| !sorting.skipped.contains_key(rule.code));
    let work = |job: &Vec<&Rule>| run(context, job, intake, sorting);
    let parts = if context.directory.master.numbers.len() < WORTH_A_THREAD {
        jobs.iter().map(work).collect()
    } else {
        side_by_side::each(&jobs, work)
    };
    let mut found = BoundedFindings::default();
    for part in parts {
        found.join(part);
    }
    found
}

/// The rules in groups that run one after the other; the long ones first.
fn jobs(wanted: impl Fn(&Rule) -> bool) -> Vec<Vec<&'static Rule>> {
    // Both ask libphonenumber, which remembers per thread what it said.
    let numbering = [&rules::pretty_form::RULE, &rules::numbering_plan::RULE];
    let long = [&rules::not_canonical::RULE, &rules::secret::RULE];
    let is_listed = |rule: &Rule| numbering.iter().chain(&long).any(|listed| listed.code == rule.code);
    let others = RULES.iter().copied().filter(|rule| !is_listed(rule));
    let singles = long.into_iter().chain(others).map(|rule| vec![rule]);
    let groups = std::iter::once(numbering.to_vec()).chain(singles);
    groups.map(|group| group.into_iter().filter(|rule| wanted(rule)).collect()).collect()
}

fn run(context: &Context<'_>, job: &[&Rule], intake: &Intake, sorting: &Sorting<'_>) -> BoundedFindings {
    let mut found = BoundedFindings::default();
    for rule in job {
        let mut findings = Vec::new();
        if let Check::Rule(check) | Check::Live(check) = rule.check {
            check(context, &mut findings);
        }
        for finding in &mut findings {
            intake.place_in_files(finding);
        }
        found.join(BoundedFindings::of(findings, sorting));
    }
    found
}
