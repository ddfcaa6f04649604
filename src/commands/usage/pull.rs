//! `phone-dir usage pull`

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::activity::call::CallReport;
use crate::activity::pull::{CallPage, PullQuestion, PullWindow, ReadCalls, due_sweep, is_daily_reread, next_window};
use crate::activity::time::Millis;
use crate::commands::core_dumps;
use crate::commands::desk::calls::{self, CallContext, WorkspaceChoice};
use crate::commands::options::OutputFormat;
use crate::commands::{Exit, Session};
use crate::error::{Error, Result};
use crate::model::WorkspaceName;
use crate::providers;
use crate::providers::retell::CallDesk;
use crate::providers::retry::RetryLimits;
use crate::reconcile::live::{Outcome, Read};
use crate::render::failure;
use crate::render::outcome::pull::{PullEnd, PullOutcome};
use crate::store::calls::{CallStore, PageStored};

/// Read calls from Retell into the store, from where the last reading stopped
///
/// It reads up to a minute ago, and the last six hours again (once a day, three days), because costs come late. Once a day
/// it looks for calls that have no start, and so are in no list by time, among those that came to nothing. A reading that
/// is interrupted goes on where it stopped. It is complete, or ends with exit code 3; what arrived stays.
#[derive(clap::Args, Clone, Debug)]
pub struct Arguments {
    #[command(flatten)]
    workspaces: WorkspaceChoice,
    /// Read back to so long ago (`90d`), this day or this time; 90 days the first time unless it is said
    #[arg(long, value_name = "WHEN")]
    since: Option<String>,
    /// Read so much again (`3d`), for costs that came late
    #[arg(long, value_name = "LENGTH", value_parser = calls::span)]
    reread: Option<i64>,
    #[command(flatten)]
    pub output: OutputFormat,
}

/// The store, as a reading sees it.
struct StoreDesk {
    store: RefCell<CallStore>,
    question: PullQuestion,
    new: RefCell<BTreeMap<WorkspaceName, usize>>,
}

impl StoreDesk {
    fn count(&self, workspace: &WorkspaceName, new: usize) {
        *self.new.borrow_mut().entry(workspace.clone()).or_default() += new;
    }
}

impl CallDesk for StoreDesk {
    fn next_window(&self, workspace: &WorkspaceName, fresh: bool) -> Result<Option<PullWindow>> {
        let state = self.store.borrow().pull_state(workspace)?;
        Ok(next_window(&self.question, &state, fresh))
    }

    fn keep(&self, workspace: &WorkspaceName, window: &PullWindow, page: CallPage) -> Result<()> {
        let mut store = self.store.borrow_mut();
        let is_daily_reread = is_daily_reread(&self.question, &store.pull_state(workspace)?);
        let stored = PageStored { window, now: self.question.now, is_daily_reread };
        let new = store.keep_page(workspace, page, stored)?;
        self.count(workspace, new);
        Ok(())
    }

    fn begin_again(&self, workspace: &WorkspaceName) -> Result<()> {
        self.store.borrow_mut().forget_unfinished(workspace)
    }

    fn due_sweep(&self, workspace: &WorkspaceName) -> Result<Option<Millis>> {
        Ok(due_sweep(&self.question, &self.store.borrow().pull_state(workspace)?))
    }

    fn keep_undated(&self, workspace: &WorkspaceName, reports: Vec<CallReport>) -> Result<usize> {
        if reports.is_empty() {
            return Ok(0);
        }
        let new = self.store.borrow_mut().keep_undated(workspace, reports)?;
        self.count(workspace, new);
        Ok(new)
    }

    fn end_sweep(&self, workspace: &WorkspaceName) -> Result<()> {
        self.store.borrow_mut().note_sweep(workspace, self.question.now)
    }
}

pub fn run(options: &Arguments, session: &Session) -> Result<Exit> {
    core_dumps::forbid()?;
    let context = CallContext::of(&options.workspaces, session)?;
    let since = options.since.as_deref().map(|text| calls::since(text, session)).transpose()?;
    let (reads, new) = read(&context, since, options.reread, session)?;
    let store = CallStore::open_to_ask(&context.place)?;
    let coverage = context.coverage(store.as_ref())?;
    print(&PullOutcome::of(&reads, new, coverage), options.output, session)
}

fn print(outcome: &PullOutcome, output: OutputFormat, session: &Session) -> Result<Exit> {
    session.answer(output, || outcome.json(), || outcome.human())?;
    outcome.errors().for_each(|error| session.complain(&failure::human(error)));
    Ok(match outcome.end() {
        PullEnd::Complete => Exit::Done,
        PullEnd::Incomplete => Exit::CannotTell,
        PullEnd::Failed => Exit::Failed,
    })
}

/// How many calls of each workspace are new.
type NewCalls = BTreeMap<WorkspaceName, usize>;

/// Reads what is new into the store, and erases what is old enough.
fn read(
    context: &CallContext<'_>,
    since: Option<Millis>,
    reread: Option<i64>,
    session: &Session,
) -> Result<(Vec<Read<ReadCalls>>, NewCalls)> {
    let sources = crate::commands::desk::providers::Sources::Retell;
    let plan = context.desk.read_plan(sources, &context.workspaces, &context.directory)?;
    let plan = providers::ReadPlan { limits: RetryLimits::of_calls(), ..plan };
    refuse_shared_keys(&plan)?;
    let keep = context.settings.usage.keep_calls;
    let now = calls::now(session);
    let question = PullQuestion { since, usual: keep, reread, now };
    let desk = StoreDesk { store: RefCell::new(CallStore::open(&context.place)?), question, new: RefCell::default() };
    let reads = providers::read_calls(&plan, &desk, &session.progress())?;
    let StoreDesk { store, new, .. } = desk;
    if reads.iter().all(|read| matches!(read.outcome, Outcome::Complete(_))) {
        erase_due(&mut store.into_inner(), keep, now)?;
    }
    Ok((reads, new.into_inner()))
}

/// Erases what is older than it is kept.
pub(super) fn erase_due(store: &mut CallStore, keep: i64, now: Millis) -> Result<()> {
    store.erase_before(now.minus(keep), now)?;
    store.forget_old_events(now)
}

/// Reads what is new; what could not be read is the error.
pub(super) fn read_whole(context: &CallContext<'_>, session: &Session) -> Result<()> {
    let (reads, _) = read(context, None, None, session)?;
    let failed = reads.into_iter().find_map(|read| match read.outcome {
        Outcome::Complete(_) => None,
        Outcome::Partial(error) | Outcome::Failed(error) => Some(error),
    });
    failed.map_or(Ok(()), Err)
}

/// Two workspaces that are read with one key would each have all calls of the other.
fn refuse_shared_keys(plan: &providers::ReadPlan) -> Result<()> {
    let shared = providers::credentials::shared_keys(&plan.retell);
    let Some(group) = shared.first() else { return Ok(()) };
    let names: Vec<_> = group.iter().map(|name| format!("`{name}`")).collect();
    Err(Error::failed(format!(
        "the workspaces {} use the same key, so their calls cannot be told apart",
        names.join(" and ")
    ))
    .hint("give each workspace its own key, or read one of them with `-w`"))
}
