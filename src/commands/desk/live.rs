//! What the providers have beside a directory, read for `drift` and `diff @live`, and written nowhere.

use super::Desk;
use super::agents;
use super::providers::Sources;
use crate::error::Result;
use crate::model::{Directory, WorkspaceName};
use crate::providers::Reads;
use crate::reconcile::rails::Hit;
use crate::reconcile::{Complete, TwilioScope, organisation, reconcile};

/// What was read, brought onto a directory as a sync would.
pub struct LiveDirectory {
    pub complete: Complete,
    pub directory: Directory,
    /// Which keys read another organisation than they should, in words.
    pub foreign_keys: Vec<String>,
}

impl Desk<'_> {
    /// Reads the providers for a directory of the disk.
    pub fn read_live(&self, before: &Directory, sources: Sources, workspaces: &[WorkspaceName]) -> Result<Reads> {
        agents::refuse_absent(self, self.files()?)?;
        let plan = self.read_plan(sources, workspaces, before)?;
        self.read_providers(&plan, before)
    }

    /// Brings what arrived whole onto the directory.
    pub fn live(&self, before: &Directory, reads: Reads, scope: &TwilioScope) -> LiveDirectory {
        let complete = reads.into_complete();
        let foreign_keys = organisation::check(before, &complete, &[]).iter().map(Hit::message).collect();
        let directory = reconcile(before, &complete, scope, self.session.now).directory;
        LiveDirectory { complete, directory, foreign_keys }
    }
}
