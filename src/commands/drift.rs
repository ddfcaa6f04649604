//! `phone-dir drift`

use std::borrow::Cow;
use std::collections::BTreeSet;

use clap::{Args, ValueEnum};

use super::desk::providers::Sources;
use super::desk::{AsOf, Desk, agents, baselines, findings, names};
use super::{Exit, Session, completing};
use crate::commands::options::FormatOf;
use crate::decision::GivenUp;
use crate::drift;
use crate::error::Result;
use crate::model::agent_folders::AgentIdChange;
use crate::model::{Directory, PhoneNumber, WorkspaceName};
use crate::reconcile::{TwilioScope, reconcile};
use crate::render::failure;
use crate::render::outcome::drift::DriftOutcome;
use crate::validate::Diagnostic;

/// Compare the directory with what Twilio and Retell have right now; nothing is ever written
///
/// For every field that differs: what the directory says, what is live, and which side moved, as a sync would settle it:
/// a decision that waits for Retell moved in git, one that Retell contradicts on both sides. Lines that are dead at the providers are told too. Exits with 0 in step, 1 with drift or a
/// dead line of a protected workspace, 2 if nothing could be read, 3 if not everything.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Only this workspace
    #[arg(short, long, value_name = "NAME", add = completing::workspaces())]
    workspace: Option<String>,
    /// Only this provider
    #[arg(long, value_name = "NAME", value_enum)]
    provider: Option<OnlyProvider>,
    #[command(flatten)]
    format: FormatOf<DriftFormat>,
}

/// A provider to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum OnlyProvider {
    /// Numbers, trunks
    Twilio,
    /// Imported numbers, agents
    Retell,
}

/// How drift is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum DriftFormat {
    /// For people
    Human,
    /// For programs
    Json,
    /// For an issue or a job's summary
    Markdown,
}

impl Arguments {
    fn sources(&self) -> Sources {
        match self.provider {
            None => Sources::Both,
            Some(OnlyProvider::Twilio) => Sources::Twilio,
            Some(OnlyProvider::Retell) => Sources::Retell,
        }
    }
}

pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    let desk = Desk::to_ask(session)?;
    let (snapshot, mut directory) = desk.read(&AsOf::default())?;
    let edited = agents::edited_ids(&desk, &directory.agents)?;
    if !edited.is_empty() {
        agents::go_by_head(&desk, &mut directory, &snapshot)?;
    }
    agents::note_kept_elsewhere(&desk, &mut directory, &BTreeSet::new())?;
    let only = names::optional_workspace(&directory, arguments.workspace.as_ref())?;
    let workspaces = names::chosen_workspaces(&directory, only.as_ref());
    let reads = desk.read_live(&directory, arguments.sources(), &workspaces)?;
    let mut report = DriftOutcome::of(&reads);
    if !report.is_failed() {
        let scope = only.clone().map_or(TwilioScope::WholeAccount, TwilioScope::RegisteredIn);
        let live = desk.live(&directory, reads, &scope);
        let changes = drift::between(&directory, &live.directory);
        let tip = desk.head()?;
        let read = Cow::Borrowed(&live.complete);
        let settled = baselines::settle(&desk, tip.as_ref(), &directory, read, &GivenUp::new())?;
        report.drifts = drift::attribute(&changes, &settled.held, &live.directory);
        report.changes = changes;
        report.changes.name_agents(&directory.agents);
        report.held = settled.held;
        report.foreign_keys = live.foreign_keys;
        report.notes = settled.note.into_iter().collect();
        let settled = reconcile(&directory, &settled.complete, &scope, session.now).directory;
        report.names = live.complete.agent_names(&directory);
        report.changes.name_by(&report.names);
        report.commit = tip.map(|tip| tip.to_string());
        let of_asked = |change: &&AgentIdChange| only.as_ref().is_none_or(|name| *name == change.workspace);
        let words = |change| format!("{}; this goes by HEAD", agents::edited_id(change));
        report.notes.extend(edited.iter().filter(of_asked).map(words));
        report.lines = dead_lines(&desk, (&directory, &settled), only.as_ref())?;
    }
    print(&report, arguments.format.chosen(), session)
}

fn print(outcome: &DriftOutcome, format: DriftFormat, session: &Session) -> Result<Exit> {
    session.print(&match format {
        DriftFormat::Json => outcome.json(),
        DriftFormat::Human => session.fitted(&outcome.human()),
        DriftFormat::Markdown => outcome.markdown(),
    })?;
    for error in outcome.errors() {
        session.complain(&failure::human(error));
    }
    for note in &outcome.notes {
        session.note(&format!("note: {note}"));
    }
    Ok(match outcome.status() {
        "failed" => Exit::Failed,
        "incomplete" => Exit::CannotTell,
        "in-sync" if !outcome.has_dead_lines() => Exit::Done,
        _ => Exit::Found,
    })
}

/// What is wrong with the lines as they are at the providers, by the rules of `validate`.
fn dead_lines(
    desk: &Desk<'_>,
    (directory, live): (&Directory, &Directory),
    only: Option<&WorkspaceName>,
) -> Result<Vec<Diagnostic>> {
    let mut snapshot = desk.files()?.clone();
    for (path, text) in live.files_changed_since(directory) {
        snapshot.insert(path, text);
    }
    let mut found = findings::in_project(desk, &snapshot)?;
    // What is about no workspace, such as a number that the account does not list, is about all that have it.
    let is_asked_for = |found: &Diagnostic| {
        let has = |number: &PhoneNumber| {
            only.and_then(|name| live.workspaces.get(name)).is_some_and(|files| files.registered(*number).is_some())
        };
        match (&found.workspace, &found.phone_number) {
            _ if only.is_none() => true,
            (Some(workspace), _) => Some(workspace) == only,
            (None, number) => number.as_ref().is_none_or(has),
        }
    };
    found.retain(|found| found.rule.is_live() && is_asked_for(found));
    Ok(found)
}
