//! `phone-dir promote`

use std::collections::BTreeSet;

use super::batch::{AskingOptions, Batch, PlanOutput};
use super::desk::{WritingDesk, names};
use super::{Exit, Session, completing};
use crate::change::bulk::Annotations;
use crate::change::promote::{PlannedEdits, Promotion, Scope, Selection};
use crate::change::{Allowed, binding};
use crate::error::{Error, Result};
use crate::model::AgentVersion;

/// Copy routing from one workspace to another, as one commit; asks first
///
/// Agents are translated by their folders, and tags of versions stay; a version's number is one of the first
/// workspace's agent and needs --agent-version. What differs is what `diff FROM TO` shows. A number that the second
/// workspace has not imported, or an agent that it does not have, is named before anything is done; with --all and
/// --agent the rest is done, and the command ends with 1. What the first workspace does not have is cleared in the
/// second, and named first; with --agents-only, only agents are promoted.
#[derive(clap::Args, Debug)]
#[command(group = clap::ArgGroup::new("selection").required(true).args(["numbers", "agent", "all"]))]
pub struct Arguments {
    /// The numbers, in E.164 or as people write them
    #[arg(value_name = "NUMBER", add = completing::numbers())]
    numbers: Vec<String>,
    /// Every number of this agent in the first workspace
    #[arg(long, value_name = "AGENT", add = completing::agents())]
    agent: Option<String>,
    /// Every number of the first workspace
    #[arg(long)]
    all: bool,
    /// The workspace whose intent counts
    #[arg(long, value_name = "NAME", add = completing::workspaces())]
    from: String,
    /// The workspace that is to have it
    #[arg(long, value_name = "NAME", add = completing::workspaces())]
    to: String,
    /// Bind this version or tag where the first workspace has a version's number, which means nothing in the second
    #[arg(long, value_name = "VERSION", value_parser = binding::parse_version)]
    agent_version: Option<AgentVersion>,
    /// Promote the agents alone: webhooks, fallbacks, countries and trunks stay as the second workspace has them
    #[arg(long)]
    agents_only: bool,
    #[command(flatten)]
    plan: PlanOutput,
    #[command(flatten)]
    options: AskingOptions,
}

pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    let locked = WritingDesk::open(session, arguments.options.shared.purpose())?;
    let from = names::workspace(&locked.before, &arguments.from)?;
    let to = names::workspace(&locked.before, &arguments.to)?;
    if from == to {
        return Err(Error::failed("a workspace cannot be promoted to itself").hint("give two with `--from` and `--to`"));
    }
    let selection = selection(arguments, &locked)?;
    let version = arguments.agent_version.as_ref();
    let scope = if arguments.agents_only { Scope::AgentsOnly } else { Scope::Everything };
    let promotion = Promotion { directory: &locked.before, from: &from, to: &to, version, scope };
    let plan = promotion.plan(&selection);
    if matches!(selection, Selection::Numbers(_)) {
        refuse_impossible(&plan)?;
    }
    let batch = Batch {
        annotations: Annotations::new(),
        action: "promote",
        source: format!("promote --from {from} --to {to}"),
        notices: plan.notice().into_iter().collect(),
        edits: plan.edits,
        impossible: plan.impossible,
        allowed: Allowed::default(),
        confirmation: arguments.options.confirmation(),
        plan: arguments.plan.role(),
    };
    locked.carry_out(&batch, &arguments.options.shared)
}

fn selection(arguments: &Arguments, locked: &WritingDesk<'_>) -> Result<Selection> {
    if arguments.all {
        return Ok(Selection::All);
    }
    if let Some(agent) = &arguments.agent {
        return names::agent(&locked.before, agent).map(Selection::Agent);
    }
    let find = |written: &String| names::entry(&locked.before, written).map(|entry| entry.phone_number);
    arguments.numbers.iter().map(find).collect::<Result<BTreeSet<_>>>().map(Selection::Numbers)
}

/// A number that was named is done in full, or nothing is.
pub(super) fn refuse_impossible(plan: &PlannedEdits) -> Result<()> {
    if plan.impossible.is_empty() {
        return Ok(());
    }
    let lines: Vec<_> =
        plan.impossible.iter().map(|it| format!("{} ({}): {}", it.phone_number, it.workspace, it.message)).collect();
    Err(Error::failed(format!("this cannot be done; nothing was changed\n{}", lines.join("\n"))))
}
