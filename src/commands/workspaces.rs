//! `phone-dir workspaces`

mod listing;
mod write;

pub(super) use write::refuse_alike;

use clap::{Args, Subcommand};

use super::desk::publishing::WritingOptions;
use super::{Exit, Session, completing};
use crate::commands::options::OutputFormat;
use crate::error::Result;
use crate::model::WorkspaceName;

/// List the workspaces and where their keys come from; add, rename or remove one
///
/// Nothing changes at Retell, which knows a workspace by its key alone. What changes is written as one commit, as every
/// change of the directory; `workspaces.json`, which is never committed, is changed along.
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Arguments {
    #[command(subcommand)]
    action: Option<WorkspacesAction>,
    #[command(flatten)]
    output: OutputFormat,
}

/// What to do about the workspaces.
#[derive(Debug, Subcommand)]
enum WorkspacesAction {
    /// Add workspaces without numbers; the next sync of each brings them
    Add {
        /// Their names
        #[arg(value_name = "NAME", required = true)]
        names: Vec<WorkspaceName>,
        #[command(flatten)]
        writing: WritingOptions,
    },
    /// Give a workspace another name, everywhere that it stands
    ///
    /// That is its folder below `phone-numbers/`, directory.json, `agents/*/NAME.json` as far as git tracks them, and
    /// `workspaces.json`.
    Rename {
        /// The workspace
        #[arg(value_name = "OLD", add = completing::workspaces())]
        from: String,
        /// Its new name
        #[arg(value_name = "NEW")]
        to: WorkspaceName,
        #[command(flatten)]
        writing: WritingOptions,
    },
    /// Take a workspace out of the directory
    ///
    /// Its numbers stay in directory.json as long as the Twilio account or another workspace has them. A workspace that has numbers goes with `--yes` only. The agents' files are the other
    /// tool's, and stay.
    Remove {
        /// The workspace
        #[arg(value_name = "NAME", add = completing::workspaces())]
        name: String,
        /// Remove it although numbers are registered there
        #[arg(long)]
        yes: bool,
        #[command(flatten)]
        writing: WritingOptions,
    },
}

pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    match &arguments.action {
        None => listing::run(arguments.output, session),
        Some(WorkspacesAction::Add { names, writing }) => write::add(names, writing, session),
        Some(WorkspacesAction::Rename { from, to, writing }) => write::rename(from, to, writing, session),
        Some(WorkspacesAction::Remove { name, yes, writing }) => write::remove(name, *yes, writing, session),
    }
}

/// Adds workspaces to a directory that is there, for `init`.
pub(super) fn add(names: &[WorkspaceName], session: &Session) -> Result<Exit> {
    write::add(names, &WritingOptions::default(), session)
}
