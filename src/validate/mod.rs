//! The validator: pure functions from the files of a project to a report.
//!
//! [`rules::RULES`] is the one table of rules; each rule reads a [`Context`] and pushes [`Finding`]s. What is
//! wrong with a single file's text or shape comes out of [`intake`]. Nothing here reads a file, asks the time,
//! prints, or knows of git: a command loads a [`Snapshot`], calls [`validate`], and renders the [`ValidationReport`].

pub mod agent_references;
pub mod bounded;
pub mod context;
pub mod diagnostic;
pub mod finding;
pub mod fix;
pub mod intake;
pub mod known_files;
pub mod live;
pub mod occasion;
pub mod report;
pub mod resolve;
pub mod rule;
pub mod rules;
mod run;
pub mod settings;
mod thresholds;
mod waive;

use std::collections::BTreeMap;

use crate::error::{Error, Result};
use crate::model::directory::Reading;
use crate::model::paths;
use crate::snapshot::Snapshot;
use bounded::{BoundedFindings, Sorting};
use intake::Intake;
use report::Check;
use resolve::Resolver;

pub use context::Context;
pub use diagnostic::Diagnostic;
pub use finding::{Finding, Part, Place, Pointer, Related};
pub use occasion::{DecisionDates, Occasion, Source};
pub use report::{CheckOutcome, Strictness, ValidationReport};
pub use rule::{Rule, Severity};
pub use rules::RULES;
pub use settings::{Level, Settings};

/// Checks the files of a project against every rule.
///
/// `settings` are those in force, which need not be the snapshot's own. The same input gives the same report.
///
/// # Errors
/// Cannot tell (exit 3) where there is nothing to check; fails for a directory of a newer format.
pub fn validate(snapshot: &Snapshot, settings: &Settings, occasion: &Occasion) -> Result<ValidationReport> {
    validate_reading((snapshot, Reading::of(snapshot)), settings, occasion)
}

/// The same, of files that were read already.
///
/// # Errors
/// As [`validate`].
pub fn validate_reading(
    (snapshot, reading): (&Snapshot, Reading),
    settings: &Settings,
    occasion: &Occasion,
) -> Result<ValidationReport> {
    if !occasion.has_project(snapshot) {
        return Err(Error::cannot_tell("no phone number directory to validate")
            .hint("run `phone-dir init` to create one, or name another folder with `-C DIR`"));
    }
    let mut intake = Intake::of(snapshot, reading)?;
    let of_texts = std::mem::take(&mut intake.findings);
    let context = Context::new(snapshot, (&intake.reading, &intake.partial), settings, occasion);
    let skipped = skipped(&context, settings);
    let sorting = Sorting { settings, now: occasion.now, skipped: &skipped };
    let mut found = run::check(&context, &intake, &sorting);
    found.join(BoundedFindings::of(of_texts, &sorting));
    found.join(BoundedFindings::of(waive::problems(settings, snapshot), &sorting));
    found.join(BoundedFindings::of(waive::unknown_workspaces(settings, &context), &sorting));
    found.join(BoundedFindings::of(thresholds::unknown(settings, &context), &sorting));
    found.join(BoundedFindings::of(waive::remarks(settings, occasion.now, &found.waived), &sorting));
    let BoundedFindings { kept, unlisted, waived } = found;
    let mut diagnostics = Resolver::new(&context, &sorting).diagnostics(&kept);
    diagnostics.sort_by(|left, right| order(left).cmp(&order(right)));
    let mut report = ValidationReport {
        diagnostics,
        unlisted,
        waived: waived.iter().sum(),
        ..ValidationReport::of(occasion.source.clone())
    };
    report.checks = checks(&sorting, &context, &report);
    Ok(report)
}

/// The rules that are not checked, with the reason.
fn skipped(context: &Context<'_>, settings: &Settings) -> BTreeMap<&'static str, String> {
    let reason = |rule: &Rule| match settings.level(rule) {
        Level::Off => Some(format!("switched off in `{}`", paths::SETTINGS)),
        Level::On(_) => rule.needs.iter().find_map(|need| context.unmet(*need)),
    };
    RULES.iter().filter_map(|rule| Some((rule.code, reason(rule)?))).collect()
}

fn order(diagnostic: &Diagnostic) -> (&str, usize, &str, &str) {
    let location = &diagnostic.location;
    (&location.file, location.offset, diagnostic.rule.code, &diagnostic.message)
}

fn checks(sorting: &Sorting<'_>, context: &Context<'_>, report: &ValidationReport) -> Vec<Check> {
    let mut by_rule: BTreeMap<&str, Vec<&Diagnostic>> = BTreeMap::new();
    for diagnostic in &report.diagnostics {
        by_rule.entry(diagnostic.rule.code).or_default().push(diagnostic);
    }
    let check = |rule: &&'static Rule| {
        let found = by_rule.get(rule.code);
        let severity = found.and_then(|found| report::worst(found)).unwrap_or(match sorting.settings.level(rule) {
            Level::On(severity) => severity,
            Level::Off => rule.severity,
        });
        let unjudged = || if found.is_none() { context.unread(rule) } else { None };
        let (status, summary) = match (sorting.skipped.get(rule.code).cloned().or_else(unjudged), found) {
            (Some(reason), _) => {
                let summary = format!("skipped: {reason}");
                (CheckOutcome::Skipped(reason), summary)
            }
            (None, Some(found)) => (CheckOutcome::Failed, rule.heading_of(found, report.unlisted_of(rule))),
            (None, None) => (CheckOutcome::Passed, rule.passed.to_owned()),
        };
        Check { rule, severity, status, summary }
    };
    RULES.iter().map(check).collect()
}
