//! Where things stand: one screen for people, one object for programs.

use std::collections::BTreeMap;

use serde::Serialize;

use super::decisions::{DecisionJson, sentence};
use super::escape;
use super::failure::FORMAT_VERSION;
use super::table::{Cell, Room, fitted};
use crate::decision::{DecisionOutcome, DecisionStanding};
use crate::model::AgentNames;
use crate::model::sync_log::SyncStatus;
use crate::plural::counted;
use crate::reporting::status::{OpenRequests, Status, Step, UnfinishedOperation, in_words};
use crate::validate::Severity;

pub fn text(status: &Status<'_>, room: Room) -> String {
    let report = &status.report;
    let mut lines = vec![line(
        "Numbers",
        Cell::plain(format!(
            "{}, {} assigned, {} unassigned",
            report.total,
            report.assigned,
            report.total - report.assigned
        )),
    )];
    for workspace in &report.workspaces {
        let unassigned = workspace.numbers - workspace.assigned;
        let said = format!("{}, {} unassigned", counted(workspace.numbers, "number"), unassigned);
        lines.push(line(&workspace.name.title(), if unassigned > 0 { Cell::warning(said) } else { Cell::plain(said) }));
    }
    for pair in &report.comparisons {
        let name = format!("{} → {}", pair.from, pair.to);
        let count = pair.changes.list.len();
        let said = if count == 0 {
            Cell::plain("no differences")
        } else {
            Cell::warning(super::changes::words::counts_named(&pair.changes, pair.from.as_str(), pair.to.as_str()))
        };
        lines.push(line(&name, said));
    }
    let names = AgentNames::of(report.directory);
    lines.extend(report.pending.iter().take(NAMED).map(|held| pending(held, &names)));
    if report.pending.len() > NAMED {
        lines.push(line("", Cell::warning(format!("and {} more not live", report.pending.len() - NAMED))));
    }
    lines.push(line("Last sync", last_sync(status)));
    lines.push(line("Findings", findings(status)));
    lines.extend(status.open_requests.iter().map(open_requests));
    lines.extend(of_clone(status));
    let mut text: String = fitted(&lines, room).iter().map(|line| format!("{line}\n")).collect();
    text.push_str(&next(&status.next(), room));
    text
}

fn line(name: &str, said: Cell) -> Vec<Cell> {
    vec![Cell::heading(name), said]
}

/// A decision that is not live: one that Retell contradicts is told apart.
fn pending(held: &DecisionOutcome, names: &AgentNames) -> Vec<Cell> {
    let said = sentence(held, names, None);
    match held.standing {
        DecisionStanding::Conflict => line("In conflict", Cell::error(said)),
        _ => line("Pending", Cell::warning(said)),
    }
}

fn operation(operation: &UnfinishedOperation) -> Vec<Cell> {
    line("Git", Cell::warning(format!("{} is in progress", operation.name)))
}

/// The page where the files cannot be read because an operation of git is unfinished.
pub fn unfinished(unfinished: UnfinishedOperation, room: Room) -> String {
    let lines: String = fitted(&[operation(&unfinished)], room).iter().map(|line| format!("{line}\n")).collect();
    lines + &next(&unfinished.steps(true), room)
}

/// The most numbers that are named; the JSON has them all.
const NAMED: usize = 5;

fn open_requests(open: &OpenRequests) -> Vec<Cell> {
    let OpenRequests { source, asked_at, workspace, phone_numbers } = open;
    let named: Vec<_> = phone_numbers.iter().take(NAMED).map(ToString::to_string).collect();
    let more = phone_numbers.len().saturating_sub(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let source = escape::terminal(source);
    let said = format!("unknown since `{source}` of {asked_at}, in {workspace}: {}{more}", named.join(", "));
    line("Open at Retell", Cell::warning(said))
}

fn last_sync(status: &Status<'_>) -> Cell {
    match (status.last_sync, status.age()) {
        (Some(run), Some(age)) => {
            let due = if status.sync_is_due { ", the next one is due" } else { "" };
            let said = format!("{} ago ({}, {}){due}", in_words(age), run.timestamp, run.status);
            match run.status {
                SyncStatus::Success if !status.sync_is_due => Cell::plain(said),
                SyncStatus::Success | SyncStatus::Incomplete => Cell::warning(said),
                SyncStatus::Failed | SyncStatus::Refused => Cell::error(said),
            }
        }
        _ if status.is_before_the_first_sync() => Cell::warning("never"),
        _ => Cell::faint("not recorded in this clone"),
    }
}

fn findings(status: &Status<'_>) -> Cell {
    let found = status.report.findings.as_deref().unwrap_or_default();
    let [errors, warnings] = [Severity::Error, Severity::Warning].map(|severity| status.report.failed_checks(severity));
    let counts = format!("{}, {}", counted(errors, "error"), counted(warnings, "warning"));
    let said = format!("{counts} ({})", counted(found.len(), "finding"));
    match (errors, warnings) {
        (0, 0) => Cell::plain("none"),
        (0, _) => Cell::warning(said),
        _ => Cell::error(said),
    }
}

fn of_clone(status: &Status<'_>) -> Vec<Vec<Cell>> {
    let Some(clone) = &status.clone else { return vec![line("Git", Cell::faint("not a git repository"))] };
    let files = |files: &[String], none: &str| match files {
        [] => Cell::plain(none),
        files => Cell::warning(escape::terminal(&files.join(", ")).into_owned()),
    };
    let is_there = |is_there: bool, yes: &str, no: &str| if is_there { Cell::plain(yes) } else { Cell::faint(no) };
    let mut lines: Vec<_> = clone.operation.iter().map(operation).collect();
    lines.push(line("Uncommitted edits", files(&clone.uncommitted, "none")));
    if !clone.untracked.is_empty() {
        lines.push(line("Not tracked", files(&clone.untracked, "none")));
    }
    let no_hook =
        if clone.hooks_off.is_some() { "not installed: git's hooks are switched off" } else { "not installed" };
    if !clone.ignored.is_empty() {
        lines.push(line("Ignored by git", files(&clone.ignored, "none")));
    }
    lines.push(line("Hook", is_there(clone.has_hook, "installed", no_hook)));
    lines.push(line("Git drivers", is_there(clone.has_drivers, "set up", "not set up")));
    lines
}

fn next(steps: &[Step], room: Room) -> String {
    if steps.is_empty() {
        return "\nNothing to do.\n".to_owned();
    }
    let rows: Vec<_> = steps
        .iter()
        .map(|step| vec![Cell::whole(format!("  {}", step.command)), Cell::faint(step.why.as_str())])
        .collect();
    format!("\nNext:\n{}", fitted(&rows, room).iter().map(|line| format!("{line}\n")).collect::<String>())
}

#[derive(Serialize)]
struct StatusJson<'a> {
    format_version: u32,
    generated: &'a str,
    summary: BTreeMap<&'static str, usize>,
    workspaces: Vec<WorkspaceJson<'a>>,
    differences: Vec<DifferencesJson<'a>>,
    last_sync: Option<SyncJson<'a>>,
    sync_is_due: bool,
    pending: Vec<DecisionJson<'a>>,
    open_requests: Vec<OpenRequestsJson<'a>>,
    findings: BTreeMap<&'static str, usize>,
    git: Option<GitJson<'a>>,
    next: Vec<StepJson<'a>>,
}

#[derive(Serialize)]
struct WorkspaceJson<'a> {
    workspace: &'a str,
    numbers: usize,
    assigned: usize,
    unassigned: usize,
}

#[derive(Serialize)]
struct DifferencesJson<'a> {
    from: &'a str,
    to: &'a str,
    count: usize,
}

#[derive(Serialize)]
struct SyncJson<'a> {
    timestamp: &'a str,
    status: &'a str,
    age_minutes: i64,
}

#[derive(Serialize)]
struct GitJson<'a> {
    uncommitted: &'a [String],
    untracked: &'a [String],
    ignored: &'a [String],
    hook_installed: bool,
    drivers_set_up: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    in_progress: Option<&'static str>,
}

#[derive(Serialize)]
struct OpenRequestsJson<'a> {
    source: &'a str,
    asked_at: &'a str,
    workspace: &'a str,
    phone_numbers: Vec<&'a str>,
}

#[derive(Serialize)]
struct StepJson<'a> {
    command: &'a str,
    why: &'a str,
}

pub fn json(status: &Status<'_>) -> String {
    let report = &status.report;
    let steps = status.next();
    let unassigned = report.total - report.assigned;
    let summary = [("total_numbers", report.total), ("assigned", report.assigned), ("unassigned", unassigned)];
    let json = StatusJson {
        format_version: FORMAT_VERSION,
        generated: report.generated.as_str(),
        summary: summary.into_iter().collect(),
        workspaces: report
            .workspaces
            .iter()
            .map(|workspace| WorkspaceJson {
                workspace: workspace.name.as_str(),
                numbers: workspace.numbers,
                assigned: workspace.assigned,
                unassigned: workspace.numbers - workspace.assigned,
            })
            .collect(),
        differences: report
            .comparisons
            .iter()
            .map(|pair| DifferencesJson {
                from: pair.from.as_str(),
                to: pair.to.as_str(),
                count: pair.changes.list.len(),
            })
            .collect(),
        last_sync: status.last_sync.map(|run| SyncJson {
            timestamp: run.timestamp.as_str(),
            status: run.status.as_str(),
            age_minutes: status.age().map_or(0, |age| age.num_minutes()),
        }),
        sync_is_due: status.sync_is_due,
        pending: report.pending.iter().map(DecisionJson::of).collect(),
        open_requests: status.open_requests.iter().map(open_requests_json).collect(),
        findings: [Severity::Error, Severity::Warning]
            .map(|severity| (severity.as_str(), status.findings(severity)))
            .into(),
        git: status.clone.as_ref().map(|clone| GitJson {
            uncommitted: &clone.uncommitted,
            untracked: &clone.untracked,
            ignored: &clone.ignored,
            hook_installed: clone.has_hook,
            drivers_set_up: clone.has_drivers,
            in_progress: clone.operation.map(|operation| operation.name),
        }),
        next: steps.iter().map(|step| StepJson { command: &step.command, why: &step.why }).collect(),
    };
    escape::json_of(&json)
}

fn open_requests_json(open: &OpenRequests) -> OpenRequestsJson<'_> {
    OpenRequestsJson {
        source: &open.source,
        asked_at: open.asked_at.as_str(),
        workspace: open.workspace.as_str(),
        phone_numbers: open.phone_numbers.iter().map(|number| number.as_str()).collect(),
    }
}
