//! `phone-dir usage call`: who answered that call, and who had decided it.

use super::forget::call_id;
use crate::activity::call::CallDirection;
use crate::activity::time::Millis;
use crate::commands::desk::calls::{self, CallContext, WorkspaceChoice};
use crate::commands::desk::history::WalkedHistory;
use crate::commands::options::OutputFormat;
use crate::commands::{Exit, Session};
use crate::error::{Error, ErrorKind, Result};
use crate::history::blame::Blame;
use crate::model::directory::Reading;
use crate::model::{AgentWeight, Assignment, Directory, PhoneNumber};
use crate::render::usage::call::{self as render, BindingThen};
use crate::store::calls::{CallStore, StoredCall};

/// Tell who answered a call: the agent that Retell used, and the commit and the person that had bound it
///
/// The directory is asked as of the moment at which the call began. Where git then said something else than what Retell
/// used, both are named.
#[derive(clap::Args, Clone, Debug)]
pub struct Arguments {
    /// The call's id
    #[arg(value_name = "ID")]
    id: String,
    #[command(flatten)]
    workspaces: WorkspaceChoice,
    #[command(flatten)]
    pub output: OutputFormat,
}

pub fn run(options: &Arguments, session: &Session) -> Result<Exit> {
    let context = CallContext::of(&options.workspaces, session)?;
    let id = call_id(&options.id)?;
    let Some(store) = CallStore::open_to_ask(&context.place)? else { return Err(calls::no_store()) };
    let mut calls = store.calls_of(&id)?;
    calls.retain(|call| context.workspaces.contains(&call.workspace));
    let Some(call) = calls.first() else {
        return Err(Error::cannot_tell(format!("the store has no call `{}`", id.as_str()))
            .hint("run `phone-dir usage pull`; calls that are older than they are kept have no row any more"));
    };
    let then = then(call, &context)?;
    session.answer(options.output, || render::json(call, &then), || render::text(call, &then))?;
    Ok(match &then.gap {
        None => Exit::Done,
        Some(gap) => {
            session.complain(&format!("incomplete: {gap}"));
            Exit::CannotTell
        }
    })
}

/// What git said when the call began; where it cannot tell, why.
fn then(call: &StoredCall, context: &CallContext<'_>) -> Result<BindingThen> {
    match ask_git(call, context) {
        Err(error) if error.kind() == ErrorKind::CannotTell => {
            let agent = call.facts.agent_id.as_ref();
            let path = agent.and_then(|id| context.directory.agents.path_of(&call.workspace, id));
            let gap = Some(error.message().to_owned());
            Ok(BindingThen { agent_path: path.map(ToString::to_string), gap, ..BindingThen::default() })
        }
        then => then,
    }
}

fn ask_git(call: &StoredCall, context: &CallContext<'_>) -> Result<BindingThen> {
    let facts = &call.facts;
    let start = facts.start.or(facts.end).and_then(Millis::to_datetime);
    let start = start.ok_or_else(|| Error::cannot_tell("it is not known when the call began"))?;
    let number = facts.number.ok_or_else(|| Error::cannot_tell("it is not known which of our numbers it was"))?;
    let repository = context.desk.repository()?;
    let commit = repository.commits().commit_at(start)?;
    let mut directory = Reading::of(&repository.objects().read_commit_id(&commit)?).directory;
    directory.sort();
    let bound = bound(call, &directory, number);
    let path = |id: &crate::model::AgentId| {
        let of = |directory: &Directory| directory.agents.path_of(&call.workspace, id).map(ToString::to_string);
        of(&directory).or_else(|| of(&context.directory))
    };
    let then = BindingThen {
        agent_path: facts.agent_id.as_ref().and_then(path),
        bound: bound.iter().map(|agent| agent.agent_id.to_string()).collect(),
        bound_paths: bound.iter().map(|agent| path(&agent.agent_id)).collect(),
        agrees: facts.agent_id.as_ref().map(|used| bound.iter().any(|agent| agent.agent_id == *used)),
        ..BindingThen::default()
    };
    let past = WalkedHistory::behind(&context.desk, &commit)?;
    with_commit(then, call, number, &directory, &past)
}

/// The agents that the directory binds in the call's direction.
fn bound(call: &StoredCall, directory: &Directory, number: PhoneNumber) -> Vec<AgentWeight> {
    let files = directory.workspaces.get(&call.workspace);
    let Some(assignment) = files.and_then(|files| files.assignment(number)) else { return Vec::new() };
    match call.facts.direction {
        Some(CallDirection::Outbound) => Assignment::outbound(assignment),
        _ => Assignment::inbound(assignment),
    }
}

/// Adds the newest commit that set the binding in the call's direction.
fn with_commit(
    then: BindingThen,
    call: &StoredCall,
    number: PhoneNumber,
    directory: &Directory,
    past: &WalkedHistory,
) -> Result<BindingThen> {
    let names: [&str; 2] = match call.facts.direction {
        Some(CallDirection::Outbound) => ["outbound_agents", "outbound_agent_id"],
        _ => ["inbound_agents", "inbound_agent_id"],
    };
    let mut blame = Blame::of(number, directory);
    blame
        .fields
        .retain(|field| field.workspace.as_ref() == Some(&call.workspace) && names.contains(&field.field.as_str()));
    if blame.fields.is_empty() {
        return Ok(then);
    }
    let stopped = past.blame(&mut blame);
    let Some(at) = blame.fields.iter().filter_map(|field| field.commit).min() else {
        return Ok(BindingThen { gap: stopped, ..then });
    };
    let header = past.header(at)?;
    let committed = header.committed.map(|date| Millis::of(date).to_string());
    Ok(BindingThen {
        commit: Some(past.id(at)),
        author: header.author,
        committed,
        summary: Some(header.summary),
        gap: stopped,
        ..then
    })
}
