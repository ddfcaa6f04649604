//! The options that the three sync commands share.

use std::collections::BTreeSet;

use clap::Args;

use crate::commands::completing;
use crate::commands::desk::names;
use crate::commands::desk::publishing::CommitOptions;
use crate::commands::options::OutputFormat;
use crate::error::Result;
use crate::model::{Directory, WorkspaceName};
use crate::reconcile::rails::Rail;

/// Whether, and where, to push.
#[derive(Args, Clone, Debug)]
pub struct PushOptions {
    /// Bring the branch up to its remote first, and push the commits of syncs afterwards
    ///
    /// Where others pushed meanwhile, what was read is written down anew on top of their commits. Nothing is forced, and
    /// a commit that is not a sync's, as the sync made it, is neither pushed nor left aside.
    #[arg(long, conflicts_with_all = ["dry_run", "no_commit"])]
    push: bool,
    /// Push to this remote instead of the branch's own
    #[arg(long, value_name = "NAME", requires = "push")]
    pub(super) remote: Option<String>,
}

impl PushOptions {
    /// Whether the commits are to be pushed.
    pub(super) fn is_asked_for(&self) -> bool {
        self.push
    }
}

/// The options that the three sync commands share.
#[derive(Args, Clone, Debug)]
pub struct SyncOptions {
    /// Only this workspace
    #[arg(short, long, value_name = "NAME", conflicts_with = "all", add = completing::workspaces())]
    workspace: Option<String>,
    /// Every workspace; the default
    #[arg(long)]
    all: bool,
    /// Print what would change, and change nothing
    #[arg(short = 'n', long)]
    pub(super) dry_run: bool,
    #[command(flatten)]
    pub(super) commit: CommitOptions,
    /// Allow to remove or unassign any part of this workspace
    #[arg(long, value_name = "NAME")]
    allow_removals: Vec<WorkspaceName>,
    /// Allow to take Twilio's data from any part of the directory
    #[arg(long)]
    allow_twilio_loss: bool,
    /// Allow to leave any part of this workspace with agents that no folder has
    #[arg(long, value_name = "NAME")]
    allow_unknown_agents: Vec<WorkspaceName>,
    /// Allow to give every bound line of this workspace the same agent
    #[arg(long, value_name = "NAME")]
    allow_one_agent: Vec<WorkspaceName>,
    /// Allow to take every webhook of this workspace
    #[arg(long, value_name = "NAME")]
    allow_webhook_loss: Vec<WorkspaceName>,
    /// Allow this workspace's key to belong to another organisation than its files say, or than one other workspace's
    #[arg(long, value_name = "NAME")]
    allow_org_change: Vec<WorkspaceName>,
    #[command(flatten)]
    pub(super) push: PushOptions,
    #[command(flatten)]
    output: OutputFormat,
}

impl SyncOptions {
    pub(crate) fn is_json(&self) -> bool {
        self.output.is_json()
    }

    /// The workspaces that are synced: the one that was named, or all that are in force.
    pub(super) fn workspaces(&self, directory: &Directory) -> Result<Vec<WorkspaceName>> {
        match &self.workspace {
            Some(name) => Ok(vec![names::workspace(directory, name)?]),
            None => Ok(directory.workspace_names().into_iter().collect()),
        }
    }

    /// Whether the run covers every workspace.
    pub(super) fn is_whole(&self) -> bool {
        self.workspace.is_none()
    }

    /// Whether a flag allows what a rail would refuse.
    pub(super) fn allows(&self, rail: &Rail) -> bool {
        self.allowed_flags().contains(&rail.flag())
    }

    /// The flags that are given, as a rail names them.
    pub(super) fn allowed_flags(&self) -> BTreeSet<String> {
        let of = |workspaces: &[WorkspaceName], rail: fn(WorkspaceName) -> Rail| {
            workspaces.iter().map(move |name| rail(name.clone()).flag()).collect::<Vec<_>>()
        };
        let mut flags = BTreeSet::new();
        flags.extend(of(&self.allow_removals, Rail::Removals));
        flags.extend(of(&self.allow_unknown_agents, Rail::UnknownAgents));
        flags.extend(of(&self.allow_one_agent, Rail::OneAgent));
        flags.extend(of(&self.allow_webhook_loss, Rail::WebhookLoss));
        flags.extend(of(&self.allow_org_change, |name| Rail::OrgChange(name, String::new())));
        flags.extend(self.allow_twilio_loss.then(|| Rail::TwilioLoss.flag()));
        flags
    }

    /// The command as the commit's trailer names it.
    pub(super) fn source(&self, command: &str) -> String {
        match &self.workspace {
            Some(name) => format!("{command} --workspace {name}"),
            None => format!("{command} --all"),
        }
    }
}
