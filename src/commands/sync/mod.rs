//! `phone-dir sync`, `sync-twilio` and `sync-retell`: check and read; `apply` reconciles, writes and pushes.

mod apply;
mod decisions;
mod log;
mod options;
mod recent;
mod returning;
mod take;

use std::collections::BTreeSet;
use std::time::Instant;

use options::SyncOptions;
use take::TakeOptions;

use super::desk::providers::Sources;
use super::desk::publishing::CommitMode;
use super::desk::push::Push;
use super::desk::{Desk, agents};
use super::{Exit, Session};
use crate::error::{Error, Result};
use crate::model::{Directory, WorkspaceName};
use crate::providers::credentials;
use crate::reconcile::Complete;
use crate::render::escape::terminal;
use crate::render::failure;
use crate::render::outcome::sync::{SyncEnd, SyncOutcome};
use crate::snapshot::Snapshot;
use crate::store::git::{CommitId, GitRepository, Head};
use crate::store::losses::LossRecord;
use crate::store::transaction::{FileChange, Purpose};
use crate::validate::Settings;
use crate::validate::rules::nested_copy;

/// Bring the directory in step with Twilio and Retell, and commit what changed
///
/// Only what was read completely is applied: an incomplete read removes and clears nothing, and ends with exit
/// code 3. A sync that would remove, unassign or rebind suspiciously much is refused, with the flag that allows it.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    #[command(flatten)]
    options: SyncOptions,
    #[command(flatten)]
    take: TakeOptions,
}

pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    sync(Sources::Both, &arguments.options, &arguments.take, session)
}

/// `phone-dir sync-twilio`
pub mod twilio {
    use super::{Exit, Result, Session, Sources, SyncOptions, TakeOptions, sync};

    /// Refresh numbers, trunks and SIP settings from Twilio, and commit what changed
    ///
    /// With `--workspace`, only the entries of numbers registered there; else the whole account, so that a number that
    /// no workspace has imported is in the directory, too. The rules of `sync` apply.
    #[derive(clap::Args, Debug)]
    pub struct Arguments {
        #[command(flatten)]
        options: SyncOptions,
    }

    pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
        sync(Sources::Twilio, &arguments.options, &TakeOptions::default(), session)
    }
}

/// `phone-dir sync-retell`
pub mod retell {
    use super::{Exit, Result, Session, Sources, SyncOptions, TakeOptions, sync};

    /// Refresh registered numbers and their agents from Retell, and commit what changed
    ///
    /// With `--workspace`, of that workspace; else of all. The rules of `sync` apply.
    #[derive(clap::Args, Debug)]
    pub struct Arguments {
        #[command(flatten)]
        options: SyncOptions,
        #[command(flatten)]
        take: TakeOptions,
    }

    pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
        sync(Sources::Retell, &arguments.options, &arguments.take, session)
    }
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
    age: BaselineAge,
}

/// Whether a directory can be newer than what was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum BaselineAge {
    /// It was there before the read began.
    BeforeTheRead,
    /// Others pushed it meanwhile, and may have read later.
    MaybeLater,
}

impl Baseline {
    fn of(desk: &Desk<'_>, snapshot: Snapshot, tip: Option<CommitId>) -> Result<Self> {
        let settings = Settings::in_snapshot(&snapshot);
        let mut directory = Directory::load(&snapshot)?;
        agents::note_kept_elsewhere(desk, &mut directory, &BTreeSet::new())?;
        let age = BaselineAge::BeforeTheRead;
        Ok(Self { snapshot, settings, directory, tip, agents_on_disk: Snapshot::default(), age })
    }
}

impl Baseline {
    /// Goes by the agents' folders that the commit will stand beside, whatever was edited in the working tree.
    fn go_by_committed_agents(&mut self, desk: &Desk<'_>, repository: &GitRepository, base: &Head) -> Result<()> {
        let committed = agents::as_committed(&self.snapshot, repository, base)?;
        let is_agents = |path: &str| path.starts_with(agents::FOLDER);
        let here = self.snapshot.files.iter().filter(|(path, _)| is_agents(path));
        if here.eq(committed.files.iter()) {
            return Ok(());
        }
        self.directory.go_by_agents(&committed);
        agents::note_kept_elsewhere(desk, &mut self.directory, &BTreeSet::new())?;
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
    options: &'a SyncOptions,
    take: &'a TakeOptions,
    desk: &'a Desk<'a>,
    started: Instant,
    workspaces: Vec<WorkspaceName>,
    /// The workspaces that are read with one key.
    shared_keys: Vec<Vec<WorkspaceName>>,
    writing: Writing,
    /// What is remembered of earlier syncs in this working tree.
    record: Option<LossRecord>,
    /// How far each read came; what the sync makes of it is added for each directory that it is applied to.
    read: SyncOutcome,
    complete: Complete,
}

/// What a sync makes of a directory.
struct SyncDecision {
    report: SyncOutcome,
    /// The flags of the rails that it hits, and that were given.
    allowed: Vec<String>,
    /// The directory afterwards with the files to write; none where nothing may be applied.
    after: Option<(Directory, Vec<FileChange>)>,
}

fn sync(sources: Sources, options: &SyncOptions, take: &TakeOptions, session: &Session) -> Result<Exit> {
    let started = Instant::now();
    take.check()?;
    let desk = &Desk::to_change(session)?;
    let mut transaction = desk.begin(Purpose::of(options.dry_run))?;
    let push = options
        .push
        .is_asked_for()
        .then(|| Push::begin(desk, options.push.remote.as_deref(), &mut transaction))
        .transpose()?;
    let snapshot = transaction.read()?;
    agents::refuse_absent(desk, &snapshot)?;
    for folder in nested_copy::folders(&snapshot) {
        let (shown, way_back) = (terminal(folder.trim_end_matches('/')), nested_copy::way_back(&folder));
        session.complain(&format!(
            "warning: `{shown}` is a copy inside of the directory, so nothing was restored; to put it in place: {}",
            terminal(&way_back)
        ));
    }
    let mut baseline = Baseline::of(desk, snapshot, desk.head()?)?;
    session.note_unread(&baseline.directory);
    session.note_settings(&baseline.snapshot);
    let workspaces = options.workspaces(&baseline.directory)?;
    let edited = agents::edited_ids(desk, &baseline.directory.agents)?;
    let plan = desk.read_plan(sources, &workspaces, &baseline.directory)?;
    let mode = desk.prepare(&options.commit)?;
    match (&push, &mode) {
        (_, CommitMode::Commit(repository, ready)) => {
            baseline.go_by_committed_agents(desk, repository, ready.base())?;
        }
        (Some(_), CommitMode::WriteOnly(why)) => {
            return Err(Error::failed("there would be no commit to push").hint(why.clone().into_owned()));
        }
        (None, CommitMode::WriteOnly(_)) => {}
    }
    let goes_by = if matches!(mode, CommitMode::Commit(..)) { "goes by HEAD" } else { "goes by the file" };
    for change in edited.iter().filter(|change| workspaces.contains(&change.workspace)) {
        session.complain(&format!("warning: {}. The sync {goes_by}", agents::edited_id(change)));
    }
    let reads = desk.read_providers(&plan, &baseline.directory)?;
    let read = SyncOutcome::of(&reads);
    let complete = reads.into_complete();
    let shared_keys = credentials::shared_keys(&plan.retell);
    let writing = if matches!(mode, CommitMode::Commit(..)) { Writing::Commits } else { Writing::FilesOnly };
    let record = transaction.losses().read()?;
    let read_whole: BTreeSet<WorkspaceName> = complete.retell.keys().cloned().collect();
    let mut run =
        Run { sources, options, take, desk, started, workspaces, shared_keys, writing, record, read, complete };
    let (report, failure) = match push {
        Some(push) => run.and_push(push, &baseline, &mode, &mut transaction)?,
        None => (run.in_place(&baseline, &mode, &mut transaction)?, None),
    };
    let exit = print(&report, options, session)?;
    if exit != Exit::Failed && !options.dry_run {
        // The numbers of these workspaces were all seen: what was asked of them before is no longer open.
        transaction.outstanding().settle(|workspace, _| read_whole.contains(workspace))?;
    }
    Ok(failure.map_or(exit, |error| {
        session.complain(&failure::human(&error));
        if error.kind().exit_code() == 3 || exit == Exit::CannotTell { Exit::CannotTell } else { Exit::Failed }
    }))
}

/// Prints the outcome and says how the command ends.
fn print(outcome: &SyncOutcome, options: &SyncOptions, session: &Session) -> Result<Exit> {
    let end = outcome.status;
    if options.is_json() {
        session.print(&outcome.json())?;
    } else if !session.quiet || end != SyncEnd::Unchanged {
        session.print(&session.fitted(&outcome.human(options.dry_run)))?;
        if !matches!(end, SyncEnd::Failed | SyncEnd::Refused) {
            session.print(&session.fitted(&outcome.decisions.human(session.quiet)))?;
        }
    } else if outcome.decisions.has_news() {
        session.print(&session.fitted(&outcome.decisions.human(true)))?;
    }
    for why in outcome.without_organisation.iter().filter(|_| session.verbosity > 0) {
        session.note(&format!("note: the organisation of the key is not known: {}", terminal(why)));
    }
    let refusal = outcome.error.iter().filter(|_| end == SyncEnd::Refused);
    for error in outcome.reads.iter().filter_map(|read| read.error.as_ref()).chain(refusal) {
        session.complain(&failure::human(error));
    }
    Ok(match end {
        SyncEnd::Success | SyncEnd::Unchanged if outcome.decisions.needs_a_person() => Exit::Found,
        SyncEnd::Success | SyncEnd::Unchanged => Exit::Done,
        SyncEnd::Incomplete => Exit::CannotTell,
        SyncEnd::Failed | SyncEnd::Refused => Exit::Failed,
    })
}
