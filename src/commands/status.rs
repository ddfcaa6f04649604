//! `phone-dir status`

use clap::Args;

use super::desk::{Desk, findings, root_files};
use super::{Exit, Session, doctor, hook};
use crate::clone::hook::HookPresence;
use crate::commands::options::OutputFormat;
use crate::error::Result;
use crate::model::Directory;
use crate::render;
use crate::reporting::report;
use crate::reporting::status::{CloneState, OpenRequests, Status, Step, UnfinishedOperation};
use crate::store::git::{GitRepository, IgnoringRule};
use crate::store::outstanding::{self, OutstandingRequests};
use crate::store::path::ProjectPath;

/// Say on one screen where things stand, and what to do next
///
/// The last sync and its age, uncommitted edits, findings, differences between the workspaces, unassigned numbers, and
/// whether this clone has the hook and the drivers.
#[derive(Args, Debug)]
pub struct Arguments {
    #[command(flatten)]
    output: OutputFormat,
}

pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    let desk = Desk::to_ask(session)?;
    let snapshot = desk.files()?;
    let directory = Directory::load(snapshot);
    if let (Err(error), false, Some(operation)) = (&directory, arguments.output.is_json(), operation(&desk)?) {
        // What to do stands at the end, after what cannot be read.
        session.complain(&render::failure::human(error));
        session.print(&render::status::unfinished(operation, session.room()))?;
        return Ok(Exit::Failed);
    }
    let directory = directory?;
    session.note_unread(&directory);
    let mut report = report::of(&directory, session.now);
    report.findings = Some(findings::on_disk(&desk)?);
    let mut status = Status::new(&directory, report, of_clone(&desk)?);
    status.open_requests = open_requests(outstanding::of_project(&desk.project)?);
    session.answer(
        arguments.output,
        || render::status::json(&status),
        || render::status::text(&status, session.room()),
    )?;
    Ok(Exit::Done)
}

fn open_requests(open: Vec<OutstandingRequests>) -> Vec<OpenRequests> {
    let of_command = |OutstandingRequests { source, asked_at, numbers }: OutstandingRequests| {
        numbers.into_iter().map(move |(workspace, numbers)| OpenRequests {
            source: source.clone(),
            asked_at,
            workspace,
            phone_numbers: numbers.into_iter().collect(),
        })
    };
    open.into_iter().flat_map(of_command).collect()
}

fn operation(desk: &Desk<'_>) -> Result<Option<UnfinishedOperation>> {
    Ok(desk.git()?.as_deref().and_then(unfinished))
}

fn unfinished(repository: &GitRepository) -> Option<UnfinishedOperation> {
    repository.operation_in_progress().map(|(name, ends_with)| UnfinishedOperation { name, ends_with })
}

fn of_clone(desk: &Desk<'_>) -> Result<Option<CloneState>> {
    let session = desk.session;
    let Some(repository) = desk.git()? else { return Ok(None) };
    let names = |paths: Vec<ProjectPath>| paths.iter().map(ToString::to_string).collect();
    let (mut uncommitted, mut untracked) = (repository.index().uncommitted()?, repository.index().untracked()?);
    for path in root_files::left_behind(&desk.project, &repository)? {
        let files = if repository.index().tracked(&path)? { &mut uncommitted } else { &mut untracked };
        files.push(path);
    }
    let rules = repository.index().ignoring_rules()?;
    let presence = hook::presence(&repository)?;
    Ok(Some(CloneState {
        uncommitted: names(uncommitted),
        untracked: names(untracked),
        ignored: rules.iter().flat_map(|rule| &rule.paths).map(ToString::to_string).collect(),
        ignoring: rules.iter().map(unignoring).collect(),
        has_hook: matches!(presence, HookPresence::Installed | HookPresence::Called),
        hooks_off: match presence {
            HookPresence::SwitchedOff(off) => Some(Step { command: off.command(), why: off.to_string() }),
            _ => None,
        },
        has_drivers: doctor::registered(&repository, session)?.is_empty(),
        operation: unfinished(&repository),
    }))
}

fn unignoring(rule: &IgnoringRule) -> Step {
    let first = rule.paths.first().map(ToString::to_string).unwrap_or_default();
    Step { command: format!("git check-ignore -v {first}"), why: format!("{rule}; {}", rule.way_out()) }
}
