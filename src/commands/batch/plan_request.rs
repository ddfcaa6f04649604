//! What is asked of `apply`.

use super::Confirmation;
use crate::commands::desk::publishing::CommitOptions;
use crate::commands::options::OutputFormat;
use crate::error::{Error, Result};
use crate::plan::Plan;
use crate::plan::risks::PlanFlags;

/// What is applied: a plan that was made before, or what git decides now.
#[derive(Debug)]
pub enum PlanSource {
    File(Box<Plan>),
    /// What git decides and Retell does not have.
    Git,
}

/// Whether some items may be skipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Skipping {
    /// What is stale is skipped, and the rest is applied.
    Allowed,
    /// Nothing is applied where anything is stale.
    Never,
}

/// Where a decision has to be before it is applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MergeRequirement {
    Required,
    NotRequired,
}

#[derive(Debug)]
pub struct ApplyRequest {
    pub source: PlanSource,
    pub expected_id: Option<String>,
    /// Only these numbers; empty for all.
    pub only: Vec<String>,
    /// The numbers for which git's value counts, whatever Retell has.
    pub take_git: Vec<String>,
    pub skipping: Skipping,
    pub flags: PlanFlags,
    /// Where HEAD has to be.
    pub merged: MergeRequirement,
    /// Whether the branch is brought up first and pushed afterwards.
    pub pushes: bool,
    /// Whether to show what would be done alone.
    pub dry_run: bool,
    pub confirmation: Confirmation,
    pub commit: CommitOptions,
    pub output: OutputFormat,
}

impl ApplyRequest {
    /// Checks that a plan is the one that is meant, where that was said.
    pub fn expect(&self, plan: &Plan) -> Result<()> {
        let Some(expected) = self.expected_id.as_ref().filter(|expected| **expected != plan.id()) else {
            return Ok(());
        };
        let message = format!("the plan is {}, and `{}` was expected", plan.id(), expected.escape_debug());
        Err(Error::failed(message).hint("look at what changed with `phone-dir plan`"))
    }
}
