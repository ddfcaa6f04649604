//! The validator: pure functions from the files of a project to a report.
//!
//! [`rules::RULES`] is the one table of rules; each rule reads a [`Context`] and pushes [`Finding`]s. What is
//! wrong with a single file's text or shape comes out of [`intake`]. Nothing here reads a file, asks the time,
//! prints, or knows of git: a command loads a [`Snapshot`], calls [`validate`], and renders the [`Report`].

pub mod bound;
pub mod context;
pub mod finding;
pub mod fix;
pub mod intake;
pub mod live;
pub mod report;
pub mod resolve;
pub mod rule;
pub mod rules;
mod run;
pub mod settings;
mod waive;

use std::collections::BTreeMap;

use crate::error::{Error, Result};
use crate::model::paths;
use crate::snapshot::Snapshot;
use intake::Intake;
use report::Check;

pub use context::Context;
pub use finding::{Finding, Part, Place, Pointer, Related};
pub use report::{Diagnostic, Occasion, Report, Source, Status, Strictness};
pub use rule::{Rule, Severity};
pub use rules::RULES;
pub use settings::{Level, Settings};

/// Checks the files of a project against every rule.
///
/// `settings` are those in force, which need not be the snapshot's own. The same input gives the same report.
///
/// # Errors
/// Cannot tell (exit 3) where there is nothing to check; fails for a directory of a newer format.
pub fn validate(snapshot: &Snapshot, settings: &Settings, occasion: &Occasion) -> Result<Report> {
    if !occasion.has_project(snapshot) {
        return Err(Error::cannot_tell("no phone number directory to validate")
            .hint("run `phone-dir init` to create one, or name another folder with `-C DIR`"));
    }
    let mut intake = Intake::of(snapshot)?;
    let context = Context::new(snapshot, (&intake.reading, &intake.partial), settings, occasion);
    let skipped = skipped(&context, settings);
    let mut found = run::check(&context, |rule| !skipped.contains_key(rule.code));
    for finding in &mut found {
        intake.place_in_files(finding);
    }
    found.append(&mut intake.findings);
    found.extend(waive::problems(settings, snapshot));
    found.extend(waive::unknown_workspaces(settings, &context));
    let waived = waive::apply(settings, occasion.now, &mut found);
    found.retain(|finding| !skipped.contains_key(finding.rule.code));
    let diagnostics = diagnostics(found, &context, settings);
    let checks = checks(settings, &skipped, &context, &diagnostics);
    Ok(Report { source: occasion.source.clone(), checks, diagnostics, waived })
}

/// The rules that are not checked, with the reason.
fn skipped(context: &Context<'_>, settings: &Settings) -> BTreeMap<&'static str, String> {
    let reason = |rule: &Rule| match settings.level(rule) {
        Level::Off => Some(format!("switched off in `{}`", paths::SETTINGS)),
        Level::On(_) => rule.needs.iter().find_map(|need| context.unmet(*need)),
    };
    RULES.iter().filter_map(|rule| Some((rule.code, reason(rule)?))).collect()
}

fn diagnostics(found: Vec<Finding>, context: &Context<'_>, settings: &Settings) -> Vec<Diagnostic> {
    let commit = match &context.occasion.source {
        Source::Commit(id) => Some(id.as_str()),
        Source::Worktree | Source::Index | Source::Range(_) => None,
    };
    let mut resolver = resolve::Resolver::new(context, &settings.text);
    let severity = |rule: &Rule| match settings.level(rule) {
        Level::On(severity) => severity,
        Level::Off => rule.severity,
    };
    let resolve = |finding: Finding| {
        let severity = severity(finding.rule).mildest(finding.at_most);
        resolver.diagnostic(finding, severity, commit)
    };
    let mut diagnostics: Vec<Diagnostic> = found.into_iter().map(resolve).collect();
    diagnostics.sort_by(|left, right| order(left).cmp(&order(right)));
    diagnostics
}

fn order(diagnostic: &Diagnostic) -> (&str, usize, &str, &str) {
    let location = &diagnostic.location;
    (&location.file, location.offset, diagnostic.rule.code, &diagnostic.message)
}

fn checks(
    settings: &Settings,
    skipped: &BTreeMap<&'static str, String>,
    context: &Context<'_>,
    diagnostics: &[Diagnostic],
) -> Vec<Check> {
    let mut by_rule: BTreeMap<&str, Vec<&Diagnostic>> = BTreeMap::new();
    for diagnostic in diagnostics {
        by_rule.entry(diagnostic.rule.code).or_default().push(diagnostic);
    }
    let check = |rule: &&'static Rule| {
        let found = by_rule.get(rule.code);
        let severity = found.and_then(|found| report::worst(found)).unwrap_or(match settings.level(rule) {
            Level::On(severity) => severity,
            Level::Off => rule.severity,
        });
        let unjudged = || if found.is_none() { context.unread(rule) } else { None };
        let (status, summary) = match (skipped.get(rule.code).cloned().or_else(unjudged), found) {
            (Some(reason), _) => {
                let summary = format!("skipped: {reason}");
                (Status::Skipped(reason), summary)
            }
            (None, Some(found)) => (Status::Failed, rule.heading_of(found)),
            (None, None) => (Status::Passed, rule.passed.to_owned()),
        };
        Check { rule, severity, status, summary }
    };
    RULES.iter().map(check).collect()
}
