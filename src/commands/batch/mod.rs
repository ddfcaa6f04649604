//! What every command that changes Retell does: check, read, judge, preview, ask, send, read back, write.
//!
//! A command hands over a [`Batch`]: what it asks of which numbers. Everything that can be checked here is checked
//! before the first request, and everything that Retell says is judged before the first change. What Retell has
//! afterwards, as it says itself, is what the files say.

mod decisions;
mod lists;
mod merged;
mod objections;
mod on_top;
mod operation;
mod options;
mod plan_file;
pub mod plan_items;
pub mod plan_request;
pub mod plan_run;
mod pool_record;
mod question;
mod retell;
mod settled;

use std::collections::BTreeSet;

pub use lists::read_list;
pub(in crate::commands) use objections::{Placed, refuse};
use operation::{Checks, Operation, Stage};
pub use options::{AskingOptions, ChangeOptions, Confirmation};
pub use plan_file::{PlanOutput, PlanRole};
pub use pool_record::{LiveState, PoolRecord};
pub use retell::live_directory;
use retell::{LiveNumbers, RetellAccess};

use super::desk::WritingDesk;
use super::{Exit, Session};
use crate::change::bulk::Annotations;
use crate::change::{Allowed, Edit, Impossible, Notice};
use crate::error::{Error, ErrorKind, Result};
use crate::model::WorkspaceName;
use crate::render::failure;
use crate::render::outcome::batch::{self, BatchOutcome};

/// What a command asks to be changed.
#[derive(Debug)]
pub struct Batch {
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
    pub confirmation: Confirmation,
    /// What a plan has to do with it.
    pub plan: PlanRole,
}

impl WritingDesk<'_> {
    pub fn carry_out(self, batch: &Batch, options: &ChangeOptions) -> Result<Exit> {
        self.carry_out_with(batch, options, None)
    }

    /// Carries out a batch, and writes down in `pools.json` what it means for the numbers' pools.
    pub fn carry_out_in_pools(self, batch: &Batch, options: &ChangeOptions, pools: &PoolRecord) -> Result<Exit> {
        self.carry_out_with(batch, options, Some(pools))
    }

    fn carry_out_with(self, batch: &Batch, options: &ChangeOptions, pools: Option<&PoolRecord>) -> Result<Exit> {
        let settings = self.settings();
        let Self { desk, mut before, snapshot, mut transaction } = self;
        let (desk, snapshot, settings) = (&desk, &snapshot, &settings);
        let checks = Operation { desk, batch, options, before: &before, snapshot, settings, pools };
        if let Err(refusal) = checks.check() {
            // What it would do is part of the reason, also for who only wants to know.
            batch.notices.iter().for_each(|notice| desk.session.note(batch::notice(notice).trim_end()));
            return Err(refusal);
        }
        checks.tell_edited_agents()?;
        let names: BTreeSet<WorkspaceName> = batch.edits.iter().map(|edit| edit.workspace.clone()).collect();
        let mode = desk.prepare(&options.commit)?;
        mode.go_by_committed_agents(snapshot, &mut before, batch.edits.iter().flat_map(Edit::asked_agents))?;
        let access = RetellAccess::open(desk, &names, &before)?;
        let operation = Operation { desk, batch, options, before: &before, snapshot, settings, pools };
        if let PlanRole::Write(file) = &batch.plan {
            return operation.write_plan(file, &access);
        }
        let edits: Vec<&Edit> = batch.edits.iter().collect();
        let live = access.read(&edits)?;
        if !edits.is_empty() {
            access.refuse_foreign_keys(&live)?;
        }
        let to_send = operation.judge(&live)?;
        let (report, stage) = operation.go_on((&live, &to_send), &access, &mode, &mut transaction)?;
        print(&report, stage, options, desk.session)
    }
}

/// Prints what would change, or what was done, and says how the command ends.
fn print(outcome: &BatchOutcome, stage: Stage, options: &ChangeOptions, session: &Session) -> Result<Exit> {
    let human = || if stage == Stage::Preview { outcome.preview() } else { outcome.human() };
    session.print(&if options.is_json() { outcome.json() } else { session.fitted(&human()) })?;
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
