//! The course of the three sync commands: check and read; `apply` reconciles, writes and pushes; `report` prints.

pub(super) mod access;
pub(super) mod agents;
mod apply;
pub(in crate::commands) mod baselines;
mod decisions;
mod options;
mod provenance;
pub(in crate::commands) mod push;
pub(in crate::commands) mod reads;
mod recent;
mod report;
mod returning;
mod take;

use std::collections::BTreeMap;
use std::time::Instant;

pub(super) use access::environment;
pub use options::Options;
use push::Push;
use report::Report;
pub use take::TakeOptions;

use super::publish::{self, Mode};
use super::{Exit, Session};
use crate::error::{Error, Result};
use crate::model::{Directory, WorkspaceName};
use crate::providers::progress::{Progress, ProgressMode};
use crate::providers::{self, Reads, credentials};
use crate::reconcile::workspace::needs_name;
use crate::reconcile::{Complete, live};
use crate::render::escape::terminal;
use crate::render::failure;
use crate::snapshot::Snapshot;
use crate::store::git::{CommitId, GitRepository, Head};
use crate::store::losses::LossRecord;
use crate::store::project::Project;
use crate::store::transaction::Purpose;
use crate::validate::Settings;
use crate::validate::rules::nested_copy;

/// Which providers a sync asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sources {
    Twilio,
    Retell,
    Both,
}

impl Sources {
    fn command(self) -> &'static str {
        match self {
            Self::Twilio => "sync-twilio",
            Self::Retell => "sync-retell",
            Self::Both => "sync",
        }
    }
}

/// The directory that a sync starts from: the working tree's, or that of the remote branch.
struct Baseline {
    snapshot: Snapshot,
    settings: Settings,
    directory: Directory,
    /// The commit that it was made from.
    tip: Option<CommitId>,
    /// The agents' files of the working tree, where others than these count.
    agents_on_disk: Snapshot,
}

impl Baseline {
    fn of(snapshot: Snapshot, tip: Option<CommitId>, project: &Project) -> Result<Self> {
        let settings = Settings::in_snapshot(&snapshot);
        let mut directory = Directory::load(&snapshot)?;
        agents::note_kept_elsewhere(&mut directory, project)?;
        Ok(Self { snapshot, settings, directory, tip, agents_on_disk: Snapshot::default() })
    }
}

impl Baseline {
    /// Goes by the agents' folders that the commit will stand beside, whatever was edited in the working tree.
    fn go_by_committed_agents(&mut self, repository: &GitRepository, base: &Head, project: &Project) -> Result<()> {
        let committed = agents::as_committed(&self.snapshot, repository, base)?;
        let is_agents = |path: &str| path.starts_with(agents::FOLDER);
        let here = self.snapshot.files.iter().filter(|(path, _)| is_agents(path));
        if here.eq(committed.files.iter()) {
            return Ok(());
        }
        self.directory.go_by_agents(&committed);
        agents::note_kept_elsewhere(&mut self.directory, project)?;
        let (here, others) =
            std::mem::take(&mut self.snapshot.files).into_iter().partition(|(path, _)| is_agents(path));
        (self.agents_on_disk, self.snapshot) = (Snapshot { files: here }, Snapshot { files: others });
        self.snapshot.files.extend(committed.files);
        Ok(())
    }
}

/// How a sync writes down what changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Writing {
    Commits,
    /// In files alone; a commit is left to the user.
    FilesOnly,
}

/// One run of a sync command.
struct Run<'a> {
    sources: Sources,
    options: &'a Options,
    take: &'a TakeOptions,
    session: &'a Session,
    project: &'a Project,
    started: Instant,
    workspaces: Vec<WorkspaceName>,
    /// The workspaces that are read with one key.
    shared_keys: Vec<Vec<WorkspaceName>>,
    writing: Writing,
    /// What is remembered of earlier syncs in this working tree.
    record: Option<LossRecord>,
    reads: Reads,
    /// What of it arrived completely.
    complete: Complete,
}

/// What a sync makes of a directory.
struct Outcome {
    report: Report,
    /// The flags of the rails that it hits, and that were given.
    allowed: Vec<String>,
    /// The directory afterwards with the files to write; none where nothing may be applied.
    after: Option<(Directory, BTreeMap<String, String>)>,
}

pub fn run(sources: Sources, options: &Options, take: &TakeOptions, session: &Session) -> Result<Exit> {
    let started = Instant::now();
    take.check()?;
    let project = Project::find(&session.start)?;
    let mut transaction = session.begin(Purpose::of(options.dry_run), &project)?;
    let push = options
        .push
        .is_asked_for()
        .then(|| Push::begin(options.push.remote.as_deref(), &project, session, &mut transaction))
        .transpose()?;
    let snapshot = transaction.read()?;
    agents::refuse_absent(&project, &snapshot)?;
    for folder in nested_copy::folders(&snapshot) {
        let (shown, way_back) = (terminal(folder.trim_end_matches('/')), nested_copy::way_back(&folder));
        session.complain(&format!(
            "warning: `{shown}` is a copy inside of the directory, so nothing was restored; to put it in place: {}",
            terminal(&way_back)
        ));
    }
    let tip = GitRepository::discover(project.root())?.map(|repository| repository.commits().head()).transpose()?;
    let mut baseline = Baseline::of(snapshot, tip.and_then(|head| head.commit()), &project)?;
    session.note_unread(&baseline.directory);
    let workspaces = options.workspaces(&baseline.directory)?;
    let edited = agents::edited_ids(&baseline.directory.agents, &project)?;
    let plan = access::plan(sources, &workspaces, &baseline.directory, &project, session)?;
    let mode = publish::prepare(&project, &options.commit)?;
    match (&push, &mode) {
        (_, Mode::Commit(repository, ready)) => baseline.go_by_committed_agents(repository, ready.base(), &project)?,
        (Some(_), Mode::WriteOnly(why)) => {
            return Err(Error::failed("there would be no commit to push").hint(why.to_owned()));
        }
        (None, Mode::WriteOnly(_)) => {}
    }
    let goes_by = if matches!(mode, Mode::Commit(..)) { "goes by HEAD" } else { "goes by the file" };
    for change in edited.iter().filter(|change| workspaces.contains(&change.workspace)) {
        session.complain(&format!("warning: {}. The sync {goes_by}", agents::edited_id(change)));
    }
    let watched = if session.is_watched() && !session.quiet { ProgressMode::Lines } else { ProgressMode::Silent };
    let names = |workspace: &WorkspaceName, id: &_| needs_name(&baseline.directory, workspace, id);
    let reads = providers::read(&plan, &names, &Progress::new(watched))?;
    let complete = complete(&reads);
    let shared_keys = credentials::shared_keys(&plan.retell);
    let writing = if matches!(mode, Mode::Commit(..)) { Writing::Commits } else { Writing::FilesOnly };
    let record = transaction.losses().read()?;
    let project = &project;
    let run = Run {
        sources,
        options,
        take,
        session,
        project,
        started,
        workspaces,
        shared_keys,
        writing,
        record,
        reads,
        complete,
    };
    let (report, failure) = match push {
        Some(push) => run.and_push(push, &baseline, &mode, &mut transaction)?,
        None => (run.in_place(&baseline, &mode, &mut transaction)?, None),
    };
    let exit = report.print(session, options)?;
    if exit != Exit::Failed && !options.dry_run {
        // The numbers of these workspaces were all seen: what was asked of them before is no longer open.
        transaction.outstanding().settle(|workspace, _| run.complete.retell.contains_key(workspace))?;
    }
    Ok(failure.map_or(exit, |error| {
        session.complain(&failure::human(&error));
        if error.kind().exit_code() == 3 || exit == Exit::CannotTell { Exit::CannotTell } else { Exit::Failed }
    }))
}

/// The error of the first read that did not arrive completely.
pub(super) fn first_failure(reads: &Reads) -> Option<Error> {
    fn failure<T>(outcome: &live::Outcome<T>) -> Option<&Error> {
        match outcome {
            live::Outcome::Complete(_) => None,
            live::Outcome::Partial(error) | live::Outcome::Failed(error) => Some(error),
        }
    }
    let twilio = reads.twilio.iter().filter_map(|read| failure(&read.outcome));
    twilio.chain(reads.retell.iter().filter_map(|read| failure(&read.outcome))).next().cloned()
}

pub(super) fn complete(reads: &Reads) -> Complete {
    fn whole<T: Clone>(read: &live::Read<T>) -> Option<T> {
        match &read.outcome {
            live::Outcome::Complete(value) => Some(value.clone()),
            _ => None,
        }
    }
    let retell = reads.retell.iter().filter_map(|read| Some((read.workspace.clone()?, whole(read)?)));
    Complete { twilio: reads.twilio.as_ref().and_then(whole), retell: retell.collect() }
}
