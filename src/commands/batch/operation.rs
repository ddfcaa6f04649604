//! One run of a batch: what is checked before anything is asked, what Retell's answers mean, and what is sent and written.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Batch, ChangeOptions, Confirmation, LiveNumbers, Placed, PlanRole, PoolRecord, RetellAccess, refuse, settled,
};
use crate::change::secret_guard::Guard;
use crate::change::{self, Allowed, Edit, Objection, Safeguards, Settings, Verdict};
use crate::commands::desk::publishing::CommitMode;
use crate::commands::desk::{Desk, agents, known_calls};
use crate::decision;
use crate::diff;
use crate::error::{Error, Result};
use crate::model::agent_folders::AgentIdChange;
use crate::model::{Directory, PhoneNumber, WorkspaceName};
use crate::reconcile::Reconciled;
use crate::reconcile::answers::Answers;
use crate::render::escape::terminal;
use crate::render::outcome::batch::{BatchOutcome, BatchRow};
use crate::snapshot::Snapshot;
use crate::store::outstanding::{NumbersByWorkspace, OutstandingRequests};
use crate::store::transaction::Transaction;
use crate::validate;

/// How far a run came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    Preview,
    Done,
}

/// What decides whether an edit may be asked for at all.
pub(super) struct Checks<'a> {
    pub(super) before: &'a Directory,
    pub(super) guard: Guard,
    pub(super) safeguards: Safeguards<'a>,
}

impl Checks<'_> {
    /// What the directory alone can tell of an edit.
    pub(super) fn object(&self, edit: &Edit) -> Option<Objection> {
        let known = Settings::of_directory(self.before, &edit.workspace, edit.phone_number);
        edit.check(known.as_ref(), &self.safeguards).err().or_else(|| self.guard.object(edit))
    }
}

pub(super) struct Operation<'a> {
    pub(super) desk: &'a Desk<'a>,
    pub(super) batch: &'a Batch,
    pub(super) options: &'a ChangeOptions,
    pub(super) before: &'a Directory,
    pub(super) snapshot: &'a Snapshot,
    pub(super) settings: &'a validate::Settings,
    /// What the batch means for the numbers' pools.
    pub(super) pools: Option<&'a PoolRecord>,
}

impl Operation<'_> {
    pub(super) fn guard(&self) -> Guard {
        self.desk.guard(self.settings)
    }

    pub(super) fn allowed(&self) -> Allowed {
        &self.options.allowed() | &self.batch.allowed
    }

    fn safeguards<'b>(&'b self, allowed: &'b Allowed) -> Safeguards<'b> {
        Safeguards { protected: &self.settings.protected, allowed, directory: self.before }
    }

    /// What Retell had as far as the directory tells: a decision that waits for Retell is no change there.
    fn known(&self, edit: &Edit, live: &LiveNumbers) -> Option<Settings> {
        decision::known_live(self.before, (&edit.workspace, edit.phone_number), live.of(edit))
    }

    /// Checks what the directory alone can tell.
    pub(super) fn check(&self) -> Result<()> {
        let allowed = self.allowed();
        let checks = Checks { before: self.before, guard: self.guard(), safeguards: self.safeguards(&allowed) };
        let edits = self.batch.edits.iter();
        let objections: Vec<_> = edits.filter_map(|edit| Some(self.place(edit, checks.object(edit)?))).collect();
        refuse(&objections, self.batch.edits.len())?;
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
        let unmanaged: BTreeSet<_> = self.batch.edits.iter().flat_map(of).collect();
        for (id, workspace) in unmanaged {
            self.desk.session.note(&format!(
                "warning: no folder below `agents/` has the agent `{}` in `{workspace}`",
                terminal(id.as_str())
            ));
        }
    }

    /// Tells the agents that are asked for by a folder whose id is not the committed one.
    pub(super) fn tell_edited_agents(&self) -> Result<()> {
        let asked: BTreeSet<_> = self.batch.edits.iter().flat_map(Edit::asked_agents).collect();
        let is_asked =
            |change: &AgentIdChange| change.to.as_ref().is_some_and(|id| asked.contains(&(&change.workspace, id)));
        for change in agents::edited_ids(self.desk, &self.before.agents)?.iter().filter(|change| is_asked(change)) {
            self.desk.session.complain(&format!("warning: {}", terminal(&agents::edited_id(change))));
        }
        Ok(())
    }

    /// Shows, asks, sends and writes what was judged.
    pub(super) fn go_on(
        &self,
        (live, to_send): (&LiveNumbers, &[&Edit]),
        access: &RetellAccess<'_>,
        mode: &CommitMode,
        transaction: &mut Transaction,
    ) -> Result<(BatchOutcome, Stage)> {
        let mut report = self.preview(live, to_send)?;
        // A secret of others would be written down along with what was asked.
        self.guard().check(&report.changes)?;
        if self.options.dry_run || self.batch.edits.is_empty() && self.batch.annotations.is_empty() {
            return Ok((report, Stage::Preview));
        }
        if self.batch.confirmation != Confirmation::AtOnce && !(report.is_empty() && self.pools.is_none()) {
            self.show(&report)?;
            if let Err(error) = self.ask(to_send) {
                report.error = Some(error);
                return Ok((report, Stage::Done));
            }
        }
        Ok((self.make(to_send, live, access, mode, transaction)?, Stage::Done))
    }

    /// Says which edits have to be sent; any objection ends the run.
    pub(super) fn judge(&self, live: &LiveNumbers) -> Result<Vec<&Edit>> {
        let allowed = self.allowed();
        let safeguards = self.safeguards(&allowed);
        let mut to_send = Vec::new();
        let mut objections = Vec::new();
        for edit in &self.batch.edits {
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
        refuse(&objections, self.batch.edits.len())?;
        Ok(to_send)
    }

    fn place(&self, edit: &Edit, objection: Objection) -> Placed {
        if self.batch.confirmation == Confirmation::AtOnce {
            Placed::alone(objection)
        } else {
            Placed::at(edit, objection)
        }
    }

    /// The directory after the answers, with what people write on numbers.
    fn reconciled(&self, answers: &BTreeMap<WorkspaceName, Answers>) -> Reconciled {
        let mut reconciled = crate::reconcile::answers::apply(self.before, answers, self.desk.session.now);
        let after = &mut reconciled.directory;
        for (number, annotation) in &self.batch.annotations {
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
    fn preview(&self, live: &LiveNumbers, to_send: &[&Edit]) -> Result<BatchOutcome> {
        let mut answers = settled::answers(&self.batch.edits, live, |edit| edit.expected(live.of(edit)));
        let replaced = self.hold(live, &mut answers)?;
        let mut reconciled = self.reconciled(&answers);
        self.record_in_pools(&mut reconciled, |_| true);
        let changes = reconciled.changes;
        let unrecorded = to_send.iter().flat_map(|edit| edit.unrecorded(live.of(edit))).collect();
        let (impossible, mut notices) = (self.batch.impossible.clone(), self.batch.notices.clone());
        if self.options.dry_run || self.batch.confirmation != Confirmation::AtOnce {
            let traffic = known_calls::traffic(&self.desk.project, self.before, self.desk.session);
            notices.extend(traffic.and_then(|traffic| change::notice::of_traffic(to_send, &traffic)));
        }
        Ok(BatchOutcome { changes, unrecorded, impossible, notices, replaced, ..BatchOutcome::default() })
    }

    /// Prints the changes before they are made: with the data for people, beside it for programs.
    fn show(&self, report: &BatchOutcome) -> Result<()> {
        let text = match &self.batch.plan {
            PlanRole::Apply { words, .. } => words.clone(),
            _ => report.preview(),
        };
        if self.options.is_json() {
            self.desk.session.note(&text);
            return Ok(());
        }
        self.desk.session.print(&self.desk.session.fitted(&text))
    }

    fn make(
        &self,
        to_send: &[&Edit],
        live: &LiveNumbers,
        access: &RetellAccess<'_>,
        mode: &CommitMode,
        transaction: &mut Transaction,
    ) -> Result<BatchOutcome> {
        if !to_send.is_empty() {
            transaction.outstanding().record(self.outstanding(to_send))?;
        }
        let (answers, stopped) = access.send(to_send);
        let sent_any = answers.iter().any(Option::is_some);
        let read_back = sent_any.then(|| access.read(&self.batch.edits.iter().collect::<Vec<_>>())).transpose();
        let mut settled = settled::Settled::of(self.batch, to_send, answers, live, read_back);
        settled.note_stop(stopped);
        let mut open = settled.unknown();
        let mut report = BatchOutcome { impossible: self.batch.impossible.clone(), ..settled.report };
        report.answers.clone_from(&settled.answers);
        report.replaced = self.hold(live, &mut settled.answers)?;
        let mut reconciled = self.reconciled(&settled.answers);
        let changed = super::pool_record::made(&report.rows);
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
        OutstandingRequests { source: self.batch.source.clone(), asked_at: self.desk.session.now, numbers }
    }

    /// Every number of the batch was looked at by now, but for those that are `open`.
    fn settle(&self, open: &BTreeSet<(WorkspaceName, PhoneNumber)>, transaction: &Transaction) -> Result<()> {
        let asked: BTreeSet<_> = self.batch.edits.iter().map(|edit| (&edit.workspace, edit.phone_number)).collect();
        transaction.outstanding().settle(|workspace, number| {
            asked.contains(&(workspace, number)) && !open.contains(&(workspace.clone(), number))
        })
    }

    fn not_written(&self, error: &Error) -> Error {
        let names = self.batch.edits.iter().map(|edit| &edit.workspace).collect::<BTreeSet<_>>();
        let sync = match names.first() {
            Some(only) if names.len() == 1 => format!("phone-dir sync --workspace {only}"),
            _ => "phone-dir sync --all".to_owned(),
        };
        Error::failed("Retell was changed, but the directory was not")
            .caused_by(error.clone())
            .hint(format!("remove the cause, then run `{sync}`: it brings the directory in step with Retell"))
    }
}
