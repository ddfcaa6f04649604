//! `phone-dir drift`

pub(in crate::commands) mod bases;
mod report;

use clap::{Args, ValueEnum};
use report::Report;

use super::syncing::{self, Sources, access, baselines};
use super::{Exit, PrintsJson, Session, completing, queries, report as report_command};
use crate::decision::{self, GivenUp};
use crate::drift;
use crate::error::Result;
use crate::model::agent_folders::AgentIdChange;
use crate::model::{Directory, PhoneNumber, WorkspaceName};
use crate::providers::progress::{Progress, ProgressMode};
use crate::providers::{self, Reads};
use crate::reconcile::rails::Hit;
use crate::reconcile::workspace::needs_name;
use crate::reconcile::{TwilioScope, organisation, reconcile};
use crate::store::git::GitRepository;
use crate::store::project::Project;
use crate::store::worktree;
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
    /// Print JSON; the same as `--format json`
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// How to print
    #[arg(long, value_name = "FORMAT", value_enum, default_value = "human")]
    format: DriftFormat,
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

impl PrintsJson for Arguments {
    fn prints_json(&self) -> bool {
        self.format() == DriftFormat::Json
    }
}

impl Arguments {
    fn format(&self) -> DriftFormat {
        if self.json { DriftFormat::Json } else { self.format }
    }

    fn sources(&self) -> Sources {
        match self.provider {
            None => Sources::Both,
            Some(OnlyProvider::Twilio) => Sources::Twilio,
            Some(OnlyProvider::Retell) => Sources::Retell,
        }
    }
}

pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    let project = queries::find_project(session)?;
    let (snapshot, mut directory) = queries::read(&project, &queries::AsOf::default(), session)?;
    syncing::agents::refuse_absent(&project, &snapshot)?;
    let edited = syncing::agents::edited_ids(&directory.agents, &project)?;
    if !edited.is_empty() {
        syncing::agents::go_by_head(&mut directory, &snapshot, &project)?;
    }
    syncing::agents::note_kept_elsewhere(&mut directory, &project)?;
    let only = queries::optional_workspace(&directory, arguments.workspace.as_ref())?;
    let reads = read(arguments, only.as_ref(), &directory, &project, session)?;
    let mut report = Report::of(&reads);
    if !report.is_failed() {
        let scope = only.clone().map_or(TwilioScope::WholeAccount, TwilioScope::RegisteredIn);
        let complete = syncing::complete(&reads);
        report.foreign_keys = organisation::check(&directory, &complete, &[]).iter().map(Hit::message).collect();
        let live = reconcile(&directory, &complete, &scope, session.now).directory;
        let changes = drift::between(&directory, &live);
        let undated = decision::undated(&directory, decision::numbers_read(&complete));
        let tip = GitRepository::discover(project.root())?.map(|git| git.commits().head()).transpose()?;
        let tip = tip.and_then(|head| head.commit());
        let found = baselines::find(&project, session, tip.as_ref(), undated)?;
        let (settled, held) = decision::hold(&directory, complete, &found.baselines, &GivenUp::new());
        let settled = reconcile(&directory, &settled, &scope, session.now).directory;
        report.drifts = drift::attribute(&changes, &held);
        report.commit = tip.map(|tip| tip.to_string());
        report.notes = found.note.into_iter().collect();
        let of_asked = |change: &&AgentIdChange| only.as_ref().is_none_or(|name| *name == change.workspace);
        let words = |change| format!("{}; this goes by HEAD", syncing::agents::edited_id(change));
        report.notes.extend(edited.iter().filter(of_asked).map(words));
        report.lines = dead_lines(&project, (&directory, &settled), only.as_ref(), session)?;
    }
    report.print(arguments.format(), session)
}

/// What is wrong with the lines as they are at the providers, by the rules of `validate`.
fn dead_lines(
    project: &Project,
    (directory, live): (&Directory, &Directory),
    only: Option<&WorkspaceName>,
    session: &Session,
) -> Result<Vec<Diagnostic>> {
    let mut snapshot = worktree::read(project.root())?;
    for (path, text) in live.files_changed_since(directory) {
        snapshot.insert(path, text);
    }
    let mut found = report_command::findings(&snapshot, project, session)?;
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

fn read(
    arguments: &Arguments,
    only: Option<&WorkspaceName>,
    directory: &Directory,
    project: &Project,
    session: &Session,
) -> Result<Reads> {
    let workspaces: Vec<_> = match only {
        Some(name) => vec![name.clone()],
        None => directory.workspace_names().into_iter().collect(),
    };
    let plan = access::plan(arguments.sources(), &workspaces, directory, project, session)?;
    let is_shown = session.is_watched() && !session.quiet;
    let progress = Progress::new(if is_shown { ProgressMode::Lines } else { ProgressMode::Silent });
    let names = |workspace: &WorkspaceName, id: &_| needs_name(directory, workspace, id);
    providers::read(&plan, &names, &progress)
}
