//! What the settings do to the findings: waivers take some out, and settings have findings of their own.

use super::context::Context;
use super::finding::{Finding, Place};
use super::rules::{expired_waiver, settings as settings_rule, unused_waiver};
use super::settings::{Problem, Settings, Waiver};
use crate::model::{Timestamp, WorkspaceName, paths};
use crate::snapshot::Snapshot;

/// What is wrong with the snapshot's settings, whether they are in force or not: a change that mends those in force is
/// not refused for what it mends.
pub fn problems(settings: &Settings, snapshot: &Snapshot) -> Vec<Finding> {
    let theirs = snapshot.bytes(paths::SETTINGS).unwrap_or_default();
    if settings.text == theirs {
        return settings.problems.iter().map(problem).collect();
    }
    // The change's own settings do not count yet; they must be sound once they do. Their places are in another text
    // than the one in force, so the file stands for them.
    let changed = |problem: Problem| {
        let message = format!("`{}`, as changed here: {}", paths::SETTINGS, problem.message);
        Finding::new(&settings_rule::RULE, Place::file(paths::SETTINGS), message)
    };
    Settings::of(Some(theirs)).problems.into_iter().map(changed).collect()
}

fn problem(problem: &Problem) -> Finding {
    let place = Place::bytes(paths::SETTINGS, problem.span.clone());
    let message = format!("`{}`: {}", paths::SETTINGS, problem.message);
    let mut finding = Finding::new(&settings_rule::RULE, place, message);
    finding.help.clone_from(&problem.help);
    finding
}

/// The protected workspaces that the project's own settings name and that are not in force there.
///
/// Settings of another revision are not judged: a change may rename a workspace and its setting together.
pub fn unknown_workspaces(settings: &Settings, context: &Context<'_>) -> Vec<Finding> {
    let own = context.snapshot.bytes(paths::SETTINGS).unwrap_or_default();
    let is_in_force = |name: &WorkspaceName| context.workspaces.iter().any(|workspace| workspace.name == name);
    let theirs = (settings.text != own).then(|| Settings::of(Some(own)));
    let is_theirs = theirs.is_some();
    let Some(written) = theirs.as_ref().unwrap_or(settings).protected_written.clone() else { return Vec::new() };
    if !context.has_master() {
        return Vec::new();
    }
    let place = || {
        if is_theirs { Place::file(paths::SETTINGS) } else { Place::bytes(paths::SETTINGS, written.span.clone()) }
    };
    let finding = |name: &WorkspaceName| {
        let message = format!("`{}`: there is no workspace `{name}` to protect", paths::SETTINGS);
        let known: Vec<_> = context.workspaces.iter().map(|workspace| format!("`{}`", workspace.name)).collect();
        Finding::new(&settings_rule::RULE, place(), message).help(format!("there are {}", known.join(", ")))
    };
    written.names.iter().filter(|name| !is_in_force(name)).map(finding).collect()
}

/// The first waiver that takes a finding out, by its place in the settings.
pub fn waiver_of(settings: &Settings, now: Timestamp, finding: &Finding) -> Option<usize> {
    let number = finding.phone_number?;
    let takes = |waiver: &Waiver| waiver.rule == finding.rule.code && waiver.phone_number == number;
    settings.waivers.iter().position(|waiver| takes(waiver) && !waiver.is_expired(now))
}

/// What is to say of the waivers, of which each took so many findings out.
pub fn remarks(settings: &Settings, now: Timestamp, taken_out: &[usize]) -> Vec<Finding> {
    let mut remarks = Vec::new();
    for (waiver, count) in settings.waivers.iter().zip(taken_out) {
        if waiver.is_expired(now) {
            let message =
                format!("the waiver of `{}` for {} expired on {}", waiver.rule, waiver.phone_number, waiver.expires);
            remarks.push(remark(&expired_waiver::RULE, waiver, message));
            continue;
        }
        if *count == 0 {
            let message = format!("the waiver of `{}` for {} waives nothing", waiver.rule, waiver.phone_number);
            remarks.push(remark(&unused_waiver::RULE, waiver, message));
        }
    }
    remarks
}

fn remark(rule: &'static super::Rule, waiver: &Waiver, message: String) -> Finding {
    // The number is the waiver's, not a number that something is wrong with: a waiver must not waive this.
    Finding::new(rule, Place::bytes(paths::SETTINGS, waiver.span.clone()), message)
        .help("take the waiver out of `phone-dir.toml`, or renew it with a new date and reason")
}
