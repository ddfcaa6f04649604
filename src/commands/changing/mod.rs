//! What every command that changes Retell does: check, read, judge, preview, ask, send, read back, write.
//!
//! A command hands over an [`Order`]: what it asks of which numbers. Everything that can be checked here is checked
//! before the first request, and everything that Retell says is judged before the first change. What Retell has
//! afterwards, as it says itself, is what the files say.

mod access;
pub mod applied;
pub mod apply_request;
pub mod applying;
mod holding;
mod lists;
mod objections;
mod options;
mod planned;
mod pool_record;
mod question;
mod written;

use std::collections::{BTreeMap, BTreeSet};

pub use access::live_directory;
use access::{Access, Live};
pub use lists::read_list;
pub(in crate::commands) use objections::{Placed, refuse};
pub use options::{AskingOptions, Manner, Options};
pub use planned::{PlanOutput, PlanRole};
pub use pool_record::{LiveState, PoolRecord};

use super::desk::publishing::Mode;
use super::desk::{Desk, WritingDesk};
use super::syncing::agents;
use super::{Exit, Session, usage};
use crate::change::bulk::Annotations;
use crate::change::secrets::Guard;
use crate::change::{self, Allowed, Edit, Impossible, Notice, Objection, Safeguards, Settings, Verdict};
use crate::decision;
use crate::diff;
use crate::error::{Error, ErrorKind, Result};
use crate::model::agent_folders::AgentIdChange;
use crate::model::{Directory, PhoneNumber, WorkspaceName};
use crate::reconcile::Reconciled;
use crate::reconcile::answers::Answers;
use crate::render::escape::terminal;
use crate::render::failure;
use crate::render::outcome::batch::{BatchOutcome, BatchRow};
use crate::snapshot::Snapshot;
use crate::store::outstanding::{NumbersByWorkspace, OutstandingRequests};
use crate::store::transaction::Transaction;
use crate::validate;

/// What a command asks to be changed.
#[derive(Debug)]
pub struct Order {
    /// What is written on numbers beside that; no provider is asked about it.
    pub annotations: Annotations,
    /// The verb of the commit's subject: `update`, `import`, `assign`.
    pub action: &'static str,
    /// The command, for the commit's trailer.
    pub source: String,
    /// What is asked, each number of a workspace once.
    pub edits: Vec<Edit>,
    pub impossible: Vec<Impossible>,
    /// What a person should read first.
    pub notices: Vec<Notice>,
    /// The rails that the command's own flags take away.
    pub allowed: Allowed,
    /// Whether to show the changes and ask first.
    pub manner: Manner,
    /// What a plan has to do with it.
    pub plan: PlanRole,
}

impl WritingDesk<'_> {
    pub fn carry_out(self, order: &Order, options: &Options) -> Result<Exit> {
        self.carry_out_with(order, options, None)
    }

    /// Carries out an order, and writes down in `pools.json` what it means for the numbers' pools.
    pub fn carry_out_in_pools(self, order: &Order, options: &Options, pools: &PoolRecord) -> Result<Exit> {
        self.carry_out_with(order, options, Some(pools))
    }

    fn carry_out_with(self, order: &Order, options: &Options, pools: Option<&PoolRecord>) -> Result<Exit> {
        let settings = self.settings();
        let Self { desk, mut before, snapshot, mut transaction } = self;
        let (desk, snapshot, settings) = (&desk, &snapshot, &settings);
        let checks = Course { desk, order, options, before: &before, snapshot, settings, pools };
        checks.check()?;
        checks.tell_edited_agents()?;
        let names: BTreeSet<WorkspaceName> = order.edits.iter().map(|edit| edit.workspace.clone()).collect();
        let mode = desk.prepare(&options.commit)?;
        mode.go_by_committed_agents(snapshot, &mut before, order.edits.iter().flat_map(Edit::asked_agents))?;
        let access = Access::open(desk, &names, &before)?;
        let course = Course { desk, order, options, before: &before, snapshot, settings, pools };
        if let PlanRole::Write(file) = &order.plan {
            return course.write_plan(file, &access);
        }
        let edits: Vec<&Edit> = order.edits.iter().collect();
        let live = access.read(&edits)?;
        if !edits.is_empty() {
            access.refuse_foreign_keys(&live)?;
        }
        let to_send = course.judge(&live)?;
        let (report, stage) = course.go_on((&live, &to_send), &access, &mode, &mut transaction)?;
        print(&report, stage, options, desk.session)
    }
}

/// Prints what would change, or what was done, and says how the command ends.
fn print(outcome: &BatchOutcome, stage: Stage, options: &Options, session: &Session) -> Result<Exit> {
    let human = || if stage == Stage::Preview { outcome.preview() } else { outcome.human() };
    session.print(&if options.is_json() { outcome.json() } else { human() })?;
    if let Some(error) = outcome.error.as_ref().filter(|_| stage == Stage::Done) {
        session.complain(&failure::human(error));
    }
    Ok(match outcome.error.as_ref().map(Error::kind) {
        Some(ErrorKind::CannotTell) => Exit::CannotTell,
        Some(_) => Exit::Failed,
        None if outcome.impossible.is_empty() => Exit::Done,
        None => Exit::Found,
    })
}

/// How far a run came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// It showed what would change.
    Preview,
    /// It did what it could.
    Done,
}

/// What decides whether an edit may be asked for at all.
struct Checks<'a> {
    before: &'a Directory,
    guard: Guard<'a>,
    safeguards: Safeguards<'a>,
}

impl Checks<'_> {
    /// What the directory alone can tell of an edit.
    fn object(&self, edit: &Edit) -> Option<Objection> {
        let known = Settings::of_directory(self.before, &edit.workspace, edit.phone_number);
        edit.check(known.as_ref(), &self.safeguards).err().or_else(|| self.guard.object(edit))
    }
}

/// One run of a changing command.
struct Course<'a> {
    desk: &'a Desk<'a>,
    order: &'a Order,
    options: &'a Options,
    before: &'a Directory,
    snapshot: &'a Snapshot,
    settings: &'a validate::Settings,
    /// What the order means for the numbers' pools.
    pools: Option<&'a PoolRecord>,
}

impl Course<'_> {
    fn guard(&self) -> Guard<'_> {
        Guard { settings: self.settings, now: self.desk.session.now, keys: self.desk.session.keys() }
    }

    fn allowed(&self) -> Allowed {
        &self.options.allowed() | &self.order.allowed
    }

    fn safeguards<'b>(&'b self, allowed: &'b Allowed) -> Safeguards<'b> {
        Safeguards { protected: &self.settings.protected, allowed, folders: &self.before.agents }
    }

    /// What Retell had as far as the directory tells: a decision that waits for Retell is no change there.
    fn known(&self, edit: &Edit, live: &Live) -> Option<Settings> {
        decision::known_live(self.before, (&edit.workspace, edit.phone_number), live.of(edit))
    }

    /// Checks what the directory alone can tell.
    fn check(&self) -> Result<()> {
        let allowed = self.allowed();
        let checks = Checks { before: self.before, guard: self.guard(), safeguards: self.safeguards(&allowed) };
        let edits = self.order.edits.iter();
        let objections: Vec<_> = edits.filter_map(|edit| Some(self.place(edit, checks.object(edit)?))).collect();
        refuse(&objections, self.order.edits.len())?;
        self.warn_of_unmanaged_agents();
        Ok(())
    }

    /// Retell takes any agent of the workspace; one that no folder has is not wrong, and may be a typing error.
    fn warn_of_unmanaged_agents(&self) {
        let folders = &self.before.agents;
        if folders.iter().next().is_none() {
            return;
        }
        let of =
            |edit: &'_ Edit| edit.unmanaged(folders).map(|id| (id.clone(), edit.workspace.clone())).collect::<Vec<_>>();
        let unmanaged: BTreeSet<_> = self.order.edits.iter().flat_map(of).collect();
        for (id, workspace) in unmanaged {
            self.desk.session.note(&format!(
                "warning: no folder below `agents/` has the agent `{}` in `{workspace}`",
                terminal(id.as_str())
            ));
        }
    }

    /// Tells the agents that are asked for by a folder whose id is not the committed one.
    fn tell_edited_agents(&self) -> Result<()> {
        let asked: BTreeSet<_> = self.order.edits.iter().flat_map(Edit::asked_agents).collect();
        let is_asked =
            |change: &AgentIdChange| change.to.as_ref().is_some_and(|id| asked.contains(&(&change.workspace, id)));
        for change in agents::edited_ids(self.desk, &self.before.agents)?.iter().filter(|change| is_asked(change)) {
            self.desk.session.complain(&format!("warning: {}", terminal(&agents::edited_id(change))));
        }
        Ok(())
    }

    /// Shows, asks, sends and writes what was judged.
    fn go_on(
        &self,
        (live, to_send): (&Live, &[&Edit]),
        access: &Access<'_>,
        mode: &Mode,
        transaction: &mut Transaction,
    ) -> Result<(BatchOutcome, Stage)> {
        let mut report = self.preview(live, to_send)?;
        // A secret of others would be written down along with what was asked.
        self.guard().check(&report.changes)?;
        if self.options.dry_run || self.order.edits.is_empty() && self.order.annotations.is_empty() {
            return Ok((report, Stage::Preview));
        }
        if self.order.manner != Manner::AtOnce && !(report.is_empty() && self.pools.is_none()) {
            self.show(&report)?;
            if let Err(error) = self.ask(to_send) {
                report.error = Some(error);
                return Ok((report, Stage::Done));
            }
        }
        Ok((self.make(to_send, live, access, mode, transaction)?, Stage::Done))
    }

    /// Says which edits have to be sent; any objection ends the run.
    fn judge(&self, live: &Live) -> Result<Vec<&Edit>> {
        let allowed = self.allowed();
        let safeguards = self.safeguards(&allowed);
        let mut to_send = Vec::new();
        let mut objections = Vec::new();
        for edit in &self.order.edits {
            if let Some(objection) = self.pools.and_then(|pools| pools.object(edit, live.of(edit))) {
                objections.push(self.place(edit, objection));
                continue;
            }
            match edit.judge(self.known(edit, live).as_ref(), live.of(edit), &safeguards) {
                Verdict::Send => to_send.push(edit),
                Verdict::Nothing => {}
                Verdict::Refuse(objection) => objections.push(self.place(edit, objection)),
            }
        }
        refuse(&objections, self.order.edits.len())?;
        Ok(to_send)
    }

    fn place(&self, edit: &Edit, objection: Objection) -> Placed {
        if self.order.manner == Manner::AtOnce { Placed::alone(objection) } else { Placed::at(edit, objection) }
    }

    /// The directory after the answers, with what people write on numbers.
    fn reconciled(&self, answers: &BTreeMap<WorkspaceName, Answers>) -> Reconciled {
        let mut reconciled = crate::reconcile::answers::apply(self.before, answers, self.desk.session.now);
        let after = &mut reconciled.directory;
        for (number, annotation) in &self.order.annotations {
            after.master.numbers.entry(*number).and_modify(|entry| annotation.apply(entry));
        }
        if after.master.numbers != self.before.master.numbers {
            after.master.last_updated = Some(self.desk.session.now);
        }
        reconciled.changes = diff::revisions::between(self.before, after);
        reconciled
    }

    /// Writes down in the pools what becomes of the numbers whose change is made.
    fn record_in_pools(&self, reconciled: &mut Reconciled, is_made: impl Fn(PhoneNumber) -> bool) {
        if let Some(pools) = self.pools {
            pools.apply(&mut reconciled.directory, is_made);
            reconciled.changes = diff::revisions::between(self.before, &reconciled.directory);
        }
    }

    /// What the changes will be, if Retell does what it is asked.
    fn preview(&self, live: &Live, to_send: &[&Edit]) -> Result<BatchOutcome> {
        let mut answers = written::answers(&self.order.edits, live, |edit| edit.expected(live.of(edit)));
        let replaced = self.hold(live, &mut answers)?;
        let mut reconciled = self.reconciled(&answers);
        self.record_in_pools(&mut reconciled, |_| true);
        let changes = reconciled.changes;
        let unrecorded = to_send.iter().flat_map(|edit| edit.unrecorded(live.of(edit))).collect();
        let (impossible, mut notices) = (self.order.impossible.clone(), self.order.notices.clone());
        if self.options.dry_run || self.order.manner != Manner::AtOnce {
            let traffic = usage::traffic(&self.desk.project, self.before, self.desk.session);
            notices.extend(traffic.and_then(|traffic| change::notice::of_traffic(to_send, &traffic)));
        }
        Ok(BatchOutcome { changes, unrecorded, impossible, notices, replaced, ..BatchOutcome::default() })
    }

    /// Prints the changes before they are made: with the data for people, beside it for programs.
    fn show(&self, report: &BatchOutcome) -> Result<()> {
        let text = match &self.order.plan {
            PlanRole::Apply { words, .. } => words.clone(),
            _ => report.preview(),
        };
        if self.options.is_json() {
            self.desk.session.note(&text);
            return Ok(());
        }
        self.desk.session.print(&text)
    }

    fn make(
        &self,
        to_send: &[&Edit],
        live: &Live,
        access: &Access<'_>,
        mode: &Mode,
        transaction: &mut Transaction,
    ) -> Result<BatchOutcome> {
        if !to_send.is_empty() {
            transaction.outstanding().record(self.outstanding(to_send))?;
        }
        let (answers, stopped) = access.send(to_send);
        let sent_any = answers.iter().any(Option::is_some);
        let read_back = sent_any.then(|| access.read(&self.order.edits.iter().collect::<Vec<_>>())).transpose();
        let mut settled = written::Settled::of(self.order, to_send, answers, live, read_back);
        settled.note_stop(stopped);
        let mut open = settled.unknown();
        let mut report = BatchOutcome { impossible: self.order.impossible.clone(), ..settled.report };
        report.answers.clone_from(&settled.answers);
        report.replaced = self.hold(live, &mut settled.answers)?;
        let mut reconciled = self.reconciled(&settled.answers);
        let changed = pool_record::made(&report.rows);
        self.record_in_pools(&mut reconciled, |number| changed.contains(&number));
        report.changes = reconciled.changes.clone();
        match self.write(&reconciled, &mut report, mode, transaction) {
            Ok(()) => {}
            Err(error) if sent_any => {
                open.extend(report.rows.iter().filter(|row| row.was_sent()).map(BatchRow::key));
                report.error = Some(self.not_written(&error));
            }
            Err(error) => {
                self.settle(&BTreeSet::new(), transaction)?;
                return Err(error);
            }
        }
        self.settle(&open, transaction)?;
        Ok(report)
    }

    /// What is about to be asked.
    fn outstanding(&self, to_send: &[&Edit]) -> OutstandingRequests {
        let mut numbers = NumbersByWorkspace::new();
        for edit in to_send {
            numbers.entry(edit.workspace.clone()).or_default().insert(edit.phone_number);
        }
        OutstandingRequests { source: self.order.source.clone(), asked_at: self.desk.session.now, numbers }
    }

    /// Every number of the order was looked at by now, but for those that are `open`.
    fn settle(&self, open: &BTreeSet<(WorkspaceName, PhoneNumber)>, transaction: &Transaction) -> Result<()> {
        let asked: BTreeSet<_> = self.order.edits.iter().map(|edit| (&edit.workspace, edit.phone_number)).collect();
        transaction.outstanding().settle(|workspace, number| {
            asked.contains(&(workspace, number)) && !open.contains(&(workspace.clone(), number))
        })
    }

    fn not_written(&self, error: &Error) -> Error {
        let names = self.order.edits.iter().map(|edit| &edit.workspace).collect::<BTreeSet<_>>();
        let sync = match names.first() {
            Some(only) if names.len() == 1 => format!("phone-dir sync --workspace {only}"),
            _ => "phone-dir sync --all".to_owned(),
        };
        Error::failed("Retell was changed, but the directory was not")
            .caused_by(error.clone())
            .hint(format!("remove the cause, then run `{sync}`: it brings the directory in step with Retell"))
    }
}
