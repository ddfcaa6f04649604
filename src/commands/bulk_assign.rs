//! `phone-dir bulk-assign`

use super::batch::{AskingOptions, Batch, PlanOutput, read_list};
use super::desk::{WritingDesk, names};
use super::{Exit, Session, completing};
use crate::change::binding::AgentName;
use crate::change::bulk::{self, Asked};
use crate::change::replace::{self, Replacement};
use crate::change::{Action, Allowed, Binding, Edit};
use crate::error::Result;
use crate::model::{AgentId, Directory};
use crate::query::agent::Agent;

/// Assign many numbers at once, from a list or from one agent to another, as one commit
///
/// A list is CSV with a header, or a JSON array of objects, with the columns phone_number, workspace, agent (both
/// directions) or inbound_agent and outbound_agent, nickname, webhook, tags and notes. A list that `phone-dir list` or `report` printed is taken
/// back: only cells that were edited ask for anything, agent_path for the directions of assignment_type. Agents are written as in `phone update`; an
/// empty cell, or a key that is not there, keeps what is there; `none`, or JSON's `null`, takes it away. Every row is
/// checked before the first request. Run again, it does only what is left.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// The list, or `-` for standard input
    #[arg(value_name = "FILE", required_unless_present = "from_agent", conflicts_with_all = ["from_agent", "to_agent"])]
    file: Option<String>,
    /// Take every number of this agent …
    #[arg(long, value_name = "AGENT", requires = "to_agent", add = completing::agents())]
    from_agent: Option<String>,
    /// … and give it to this one
    #[arg(long, value_name = "AGENT", requires = "from_agent", value_parser = Binding::parse, add = completing::agents())]
    to_agent: Option<Binding>,
    /// The workspace: of rows that name none, or the only one in which agents are replaced
    #[arg(short, long, value_name = "NAME", add = completing::workspaces())]
    workspace: Option<String>,
    #[command(flatten)]
    plan: PlanOutput,
    #[command(flatten)]
    options: AskingOptions,
}

pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    let rows = match &arguments.file {
        Some(file) => Some(read_list(session, file, &bulk::ASSIGN_COLUMNS)?),
        None => None,
    };
    let locked = WritingDesk::open(session, arguments.options.shared.purpose())?;
    let Asked { edits, annotations } = match &rows {
        Some(rows) => {
            let defaults = (arguments.workspace.as_ref(), &arguments.options.shared);
            locked.edits(rows, Action::Update, defaults, |_, _| Ok(()))?
        }
        None => Asked { edits: replaced(arguments, &locked)?, ..Asked::default() },
    };
    let batch = Batch {
        action: "assign",
        source: "bulk-assign".to_owned(),
        edits,
        annotations,
        impossible: Vec::new(),
        notices: Vec::new(),
        allowed: Allowed::default(),
        confirmation: arguments.options.confirmation(),
        plan: arguments.plan.role(),
    };
    locked.carry_out(&batch, &arguments.options.shared)
}

fn replaced(arguments: &Arguments, locked: &WritingDesk<'_>) -> Result<Vec<Edit>> {
    let (Some(from), Some(to)) = (&arguments.from_agent, &arguments.to_agent) else { return Ok(Vec::new()) };
    let from = &leaving(&locked.before, from)?;
    let workspace = names::optional_workspace(&locked.before, arguments.workspace.as_ref())?;
    let workspaces = names::chosen_workspaces(&locked.before, workspace.as_ref());
    let edits = Replacement { from, to }.edits(&locked.before, &workspaces, &arguments.options.shared.allowed());
    let edits = edits.map_err(crate::change::Objection::into_error)?;
    if let (true, Some(id)) = (edits.is_empty(), to.single_id()) {
        // Where numbers are bound to it, an agent that no folder has is warned of; here it can only be a typing error.
        names::agent(&locked.before, id.as_str())?;
    }
    Ok(edits)
}

/// Finds the agent that goes. An id stays an id: it is of one workspace, while its folder is of all.
fn leaving(directory: &Directory, written: &str) -> Result<AgentName> {
    let by_id = AgentId::parse(written).ok().filter(|id| replace::is_known(directory, id));
    match by_id {
        Some(id) => Ok(AgentName::Id(id)),
        None => Ok(match names::agent(directory, written)? {
            Agent::Folder(path) => AgentName::Path(path),
            Agent::Unmanaged(id) => AgentName::Id(id),
        }),
    }
}
