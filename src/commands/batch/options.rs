//! The options that every changing command shares.

use clap::Args;

use crate::change::{Allowed, Rail};
use crate::commands::desk::publishing::CommitOptions;
use crate::commands::options::OutputFormat;
use crate::store::transaction::Purpose;

/// The options that every changing command shares.
#[derive(Args, Clone, Debug)]
pub struct ChangeOptions {
    /// Print what would change, and change nothing
    #[arg(short = 'n', long)]
    pub(super) dry_run: bool,
    #[command(flatten)]
    pub(super) commit: CommitOptions,
    /// Overwrite what was changed in Retell since the directory was synced
    #[arg(long)]
    overwrite: bool,
    /// Allow to bind an agent whose id belongs to another workspace
    #[arg(long)]
    allow_foreign_agent: bool,
    /// Allow weights that do not add up to 1
    #[arg(long)]
    allow_weights: bool,
    /// Allow to take the agents of a direction from a number of a protected workspace
    #[arg(long)]
    allow_unbind: bool,
    /// Allow to import a number whose length or country code is wrong
    #[arg(long)]
    allow_impossible: bool,
    #[command(flatten)]
    output: OutputFormat,
}

impl ChangeOptions {
    /// Those of a command that has its own rails.
    pub(super) fn plain(dry_run: bool, commit: &CommitOptions, output: OutputFormat) -> Self {
        Self {
            dry_run,
            commit: commit.clone(),
            overwrite: false,
            allow_foreign_agent: false,
            allow_weights: false,
            allow_unbind: false,
            allow_impossible: false,
            output,
        }
    }

    pub(crate) fn is_json(&self) -> bool {
        self.output.is_json()
    }

    /// What the lock is taken for.
    pub(crate) fn purpose(&self) -> Purpose {
        Purpose::of(self.dry_run)
    }

    /// The rails that the flags take away.
    pub(crate) fn allowed(&self) -> Allowed {
        let flags = [
            (Rail::Overwriting, self.overwrite),
            (Rail::ForeignAgent, self.allow_foreign_agent),
            (Rail::Weights, self.allow_weights),
            (Rail::Unbinding, self.allow_unbind),
            (Rail::ImpossibleNumber, self.allow_impossible),
        ];
        flags.into_iter().filter(|(_, is_given)| *is_given).map(|(rail, _)| rail).collect()
    }
}

/// The options of a command that touches many numbers or destroys, and so asks before it acts.
#[derive(Args, Clone, Debug)]
pub struct AskingOptions {
    /// Do it without asking; needed where no terminal is there to ask on
    #[arg(short, long)]
    yes: bool,
    /// Those of every changing command.
    #[command(flatten)]
    pub shared: ChangeOptions,
}

impl AskingOptions {
    /// How the command goes about it.
    pub fn confirmation(&self) -> Confirmation {
        if self.yes { Confirmation::PreviewThenAct } else { Confirmation::PreviewThenAsk }
    }
}

/// Whether a command shows its changes and asks before it makes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirmation {
    /// One number, as scripts expect.
    AtOnce,
    /// The changes are printed, then made.
    PreviewThenAct,
    /// The changes are printed, and made after a yes.
    PreviewThenAsk,
}
