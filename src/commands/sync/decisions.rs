//! What becomes of git's decisions in a sync: they are laid over what was read, and those that Retell does not have are told.

use std::borrow::Cow;

use super::{Baseline, BaselineAge, Run};
use crate::commands::desk::baselines::{self, SettledRead};
use crate::commands::desk::decided_in;
use crate::decision::{self, later};
use crate::error::Result;
use crate::reconcile::Complete;
use crate::render::outcome::decisions::Decisions;
use crate::render::outcome::sync::SyncOutcome;

impl Run<'_> {
    /// What was read, with git's decisions laid over it; the report tells which Retell does not have.
    pub(super) fn hold(&self, baseline: &Baseline, report: &mut SyncOutcome) -> Result<Cow<'_, Complete>> {
        let before = &baseline.directory;
        let given_up = self.take.given_up(before, &self.workspaces)?;
        let read = match baseline.age {
            BaselineAge::BeforeTheRead => Cow::Borrowed(&self.complete),
            BaselineAge::MaybeLater => later::read_before(before, &self.complete),
        };
        let SettledRead { complete, held, note } =
            baselines::settle(self.desk, baseline.tip.as_ref(), before, read, &given_up)?;
        if let Some(note) = note {
            self.desk.session.note(&format!("note: {note}; Retell is followed"));
        }
        for number in self.take.in_vain(&given_up, &held) {
            self.desk.session.note(&format!("note: git and Retell agree on {number}; there was nothing to give up"));
        }
        report.decisions =
            Decisions::of(held, decision::gone(before, &complete), (before, complete.agent_names(before)));
        report.decisions.deciders = decided_in::find(self.desk, baseline.tip.as_ref(), report.decisions.open())?;
        Ok(complete)
    }
}
