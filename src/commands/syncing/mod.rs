//! The course of the three sync commands: check, read, reconcile, rails, write, report.

pub(super) mod access;
mod options;
mod push;
pub(in crate::commands) mod reads;
mod recent;
mod replay;
mod report;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

pub(super) use access::environment;
pub use options::Options;
use push::Push;
use report::{Report, Status};

use super::publish::{self, Mode};
use super::{Exit, Session, new_findings};
use crate::change::secrets::Guard;
use crate::error::{Error, Result};
use crate::model::count::Count;
use crate::model::sync_log::{SyncLog, SyncRun, SyncStatus, SyncType};
use crate::model::{Directory, WorkspaceName, canonical, paths};
use crate::providers::progress::{Progress, ProgressMode};
use crate::providers::{self, Reads};
use crate::reconcile::live::Outcome;
use crate::reconcile::organisation;
use crate::reconcile::rails::{self, Hit, RecentLosses};
use crate::reconcile::workspace::needs_name;
use crate::reconcile::{Complete, TwilioScope, reconcile};
use crate::render::changes::commit_message::{self, Occasion};
use crate::snapshot::Snapshot;
use crate::store::project::Project;
use crate::store::transaction::{FileChange, Transaction};
use crate::validate::Settings;

/// Which providers a sync asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sources {
    /// Twilio only.
    Twilio,
    /// Retell only.
    Retell,
    /// Both, as one change.
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

/// One run of a sync command.
struct Run<'a> {
    project: &'a Project,
    sources: Sources,
    options: &'a Options,
    session: &'a Session,
    started: Instant,
    snapshot: Snapshot,
    settings: Settings,
    before: Directory,
    workspaces: Vec<WorkspaceName>,
}

/// Runs a sync command.
pub fn run(sources: Sources, options: &Options, session: &Session) -> Result<Exit> {
    let project = Project::find(&session.start)?;
    let mut transaction = Transaction::begin(&project)?;
    session.note_recovery(&transaction);
    let push = options
        .push
        .is_asked_for()
        .then(|| Push::begin(options.push.remote.as_deref(), &project, session, &mut transaction))
        .transpose()?;
    let snapshot = transaction.read()?;
    let settings = Settings::of(snapshot.bytes(paths::SETTINGS));
    let before = Directory::load(&snapshot)?;
    let workspaces = options.workspaces(&before)?;
    let plan = access::plan(sources, &workspaces, &before, &project, session)?;
    let run = Run {
        project: &project,
        sources,
        options,
        session,
        started: Instant::now(),
        snapshot,
        settings,
        before,
        workspaces,
    };
    let mode = publish::prepare(&project, &options.commit)?;
    if let (Some(_), Mode::WriteOnly(why)) = (&push, &mode) {
        return Err(Error::failed("there would be no commit to push").hint(why.to_owned()));
    }
    let watched = if session.is_watched() && !session.quiet { ProgressMode::Lines } else { ProgressMode::Silent };
    let names = |workspace: &WorkspaceName, id: &_| needs_name(&run.before, workspace, id);
    let reads = providers::read(&plan, &names, &Progress::new(watched))?;
    let seen = workspaces_seen(&reads);
    let exit = run.apply(reads, &mode, &mut transaction)?;
    if exit != Exit::Failed && !options.dry_run {
        transaction.outstanding().settle(|workspace, _| seen.contains(workspace))?;
    }
    Ok(push.map_or(exit, |push| push.finish(exit, &mut transaction)))
}

impl Run<'_> {
    /// Applies what was read completely, unless nothing was or a rail is in the way.
    fn apply(&self, reads: Reads, mode: &Mode, transaction: &mut Transaction) -> Result<Exit> {
        let mut report = Report::of(&reads);
        let complete = complete(reads);
        if complete.twilio.is_none() && complete.retell.is_empty() {
            report.fail(Status::Failed, report.first_error());
            return self.end(&report, BTreeMap::new(), transaction);
        }
        let mut reconciled = reconcile(&self.before, &complete, &self.scope(), self.session.now);
        if let Some(committed) = mode.edited_since()? {
            reconciled = reconciled.against(&committed, self.session.now);
        }
        // What somebody typed at a provider is not written down: once committed, it could not be taken back.
        let files = reconciled.directory.files_changed_since(&self.before);
        let guard = Guard { settings: &self.settings, now: self.session.now, keys: self.session.keys() };
        if let Err(refusal) = guard.check(&reconciled.changes).and_then(|()| guard.check_files(&files)) {
            report.fail(Status::Refused, refusal);
            return self.end(&report, BTreeMap::new(), transaction);
        }
        report.changes = reconciled.changes.clone();
        let (allowed, refused) = self.hits(&complete, &reconciled.directory)?;
        if !refused.is_empty() {
            report.fail(Status::Refused, refusal(&refused));
            return self.end(&report, BTreeMap::new(), transaction);
        }
        if self.options.dry_run {
            return report.print(self.session, self.options);
        }
        self.write(report, (files, &flags(&allowed)), mode, transaction)
    }

    fn write(
        &self,
        mut report: Report,
        (mut files, allowed): (BTreeMap<String, String>, &[String]),
        mode: &Mode,
        transaction: &mut Transaction,
    ) -> Result<Exit> {
        let along = mode.along();
        let nothing_to_commit = files.keys().all(|path| paths::is_never_committed(path)) && along.is_empty();
        if nothing_to_commit {
            if report.status == Status::Success {
                report.status = Status::Unchanged;
            }
            return self.end(&report, files, transaction);
        }
        report.findings = new_findings::find(self.session, &self.snapshot, &self.settings, &files)?;
        files.insert(paths::SYNC.to_owned(), self.log(&report));
        let occasion = Occasion {
            action: self.sources.command(),
            workspaces: self.workspaces.iter().filter(|_| self.names_workspaces()).collect(),
            source: self.options.source(self.sources.command()),
            status: report.status.as_str(),
            allowed,
            along: &along,
            unrecorded: &[],
        };
        let message = commit_message::write(&occasion, &report.changes);
        report.commit = mode.write(self.session, transaction, &files, &message)?;
        if report.changes.is_empty() && report.commit.is_none() && report.status == Status::Success {
            report.status = Status::Unchanged;
        }
        report.print(self.session, self.options)
    }

    /// Ends a run that commits nothing: only the log, and data that is never committed, are written.
    fn end(&self, report: &Report, mut files: BTreeMap<String, String>, transaction: &mut Transaction) -> Result<Exit> {
        if !self.options.dry_run {
            files.insert(paths::SYNC.to_owned(), self.log(report));
            let changes = files.iter().map(|(path, text)| FileChange::write(path, text.as_bytes()));
            transaction.write(&changes.collect::<Result<Vec<_>>>()?)?;
        }
        report.print(self.session, self.options)
    }

    fn log(&self, report: &Report) -> String {
        let mut log = self.before.sync_log.clone().unwrap_or_else(SyncLog::empty);
        let full = self.sources != Sources::Retell && self.options.is_whole();
        log.record(SyncRun {
            timestamp: self.session.now,
            kind: if full { SyncType::Full } else { SyncType::Incremental },
            numbers_synced: Count::of(report.numbers),
            trunks_synced: Count::of(report.trunks),
            duration_ms: Count(u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)),
            status: match report.status {
                Status::Success | Status::Unchanged => SyncStatus::Success,
                Status::Incomplete => SyncStatus::Incomplete,
                Status::Failed => SyncStatus::Failed,
                Status::Refused => SyncStatus::Refused,
            },
        });
        canonical::to_text(&log)
    }

    fn scope(&self) -> TwilioScope {
        match self.workspaces.as_slice() {
            [only] if !self.options.is_whole() => TwilioScope::RegisteredIn(only.clone()),
            _ => TwilioScope::WholeAccount,
        }
    }

    /// Twilio's account as a whole belongs to no workspace.
    fn names_workspaces(&self) -> bool {
        self.sources != Sources::Twilio || !self.options.is_whole()
    }

    /// The rails that this sync hits: those that a flag allows, and the others.
    fn hits(&self, complete: &Complete, after: &Directory) -> Result<(Vec<Hit>, Vec<Hit>)> {
        // Most syncs take nothing, and need not look back.
        let takes_nothing = rails::lost_by(&self.before, after).is_empty();
        let recent =
            if takes_nothing { RecentLosses::default() } else { recent::losses(self.project, self.session.now)? };
        let mut hits = organisation::check(&self.before, complete);
        hits.extend(rails::check(&self.before, after, &self.settings.rails, &recent));
        Ok(hits.into_iter().partition(|hit| self.options.allows(&hit.rail)))
    }
}

/// The error of the first read that did not arrive completely.
pub(super) fn first_failure(reads: &Reads) -> Option<Error> {
    fn failure<T>(outcome: &Outcome<T>) -> Option<&Error> {
        match outcome {
            Outcome::Complete(_) => None,
            Outcome::Partial(error) | Outcome::Failed(error) => Some(error),
        }
    }
    let twilio = reads.twilio.iter().filter_map(|read| failure(&read.outcome));
    twilio.chain(reads.retell.iter().filter_map(|read| failure(&read.outcome))).next().cloned()
}

/// The workspaces whose numbers were all seen: what was asked of them before is no longer open.
fn workspaces_seen(reads: &Reads) -> BTreeSet<WorkspaceName> {
    let complete = reads.retell.iter().filter(|read| matches!(read.outcome, Outcome::Complete(_)));
    complete.filter_map(|read| read.workspace.clone()).collect()
}

/// What arrived completely.
pub(super) fn complete(reads: Reads) -> Complete {
    let twilio = reads.twilio.and_then(|read| match read.outcome {
        Outcome::Complete(account) => Some(account),
        _ => None,
    });
    let retell = reads.retell.into_iter().filter_map(|read| match (read.workspace, read.outcome) {
        (Some(name), Outcome::Complete(workspace)) => Some((name, workspace)),
        _ => None,
    });
    Complete { twilio, retell: retell.collect() }
}

fn flags(hits: &[Hit]) -> Vec<String> {
    hits.iter().map(|hit| hit.rail.flag()).collect()
}

/// The most numbers that a refusal lists.
const LISTED: usize = 20;

fn refusal(hits: &[Hit]) -> Error {
    let describe = |hit: &Hit| {
        let mut lines = vec![hit.message()];
        lines.extend(hit.numbers.iter().take(LISTED).map(|number| format!("  {number}")));
        if hit.numbers.len() > LISTED {
            lines.push(format!("  … and {} more", hit.numbers.len() - LISTED));
        }
        lines.join("\n")
    };
    Error::refused(hits.iter().map(describe).collect::<Vec<_>>().join("\n"), flags(hits).join(" "))
        .hint("look at the changes with `--dry-run`; if they are meant, run the same command with the flag")
}
