//! `phone-dir pools release`: a number is taken from its agents, and rests.

use std::collections::BTreeMap;

use super::membership::{not_in, written_number};
use super::reserve::reason;
use super::workspace_of;
use crate::change::bulk::Annotations;
use crate::change::notice::answering;
use crate::change::{Action, Allowed, Edit, Rail, Setting, Settings};
use crate::commands::batch::{AskingOptions, Batch, LiveState, PlanRole, PoolRecord};
use crate::commands::desk::{WritingDesk, names};
use crate::commands::{Exit, Session, completing};
use crate::error::{Error, Result};
use crate::model::pools::{Member, MemberState, PoolsFile};
use crate::model::{AgentId, Day, WorkspaceName};

/// Take numbers of pools from whatever answers them, and let them rest
///
/// Every agent and webhook of calls and texts is taken away in Retell, the number rests as long as its pool says, and
/// both are one commit. It is not allocated before that.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// The numbers, in E.164 or as people write them
    #[arg(value_name = "NUMBER", required = true, add = completing::numbers())]
    numbers: Vec<String>,
    /// The workspace; the pool's only one without it
    #[arg(short, long, value_name = "NAME", add = completing::workspaces())]
    workspace: Option<String>,
    /// Why, where it is more than who answered it
    #[arg(long = "for", value_name = "REASON", value_parser = reason)]
    reason: Option<String>,
    #[command(flatten)]
    options: AskingOptions,
}

/// What decides on a number's calls and messages.
pub const DECIDING: [Setting; 6] = [
    Setting::InboundAgents,
    Setting::OutboundAgents,
    Setting::InboundSmsAgents,
    Setting::OutboundSmsAgents,
    Setting::InboundWebhookUrl,
    Setting::InboundSmsWebhookUrl,
];

pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    let locked = WritingDesk::open(session, arguments.options.shared.purpose())?;
    let file = locked.before.pools.clone().unwrap_or_default();
    let mut edits = Vec::new();
    let mut members = BTreeMap::new();
    for written in &arguments.numbers {
        let (edit, member) = released(arguments, &locked, &file, written)?;
        if members.insert(edit.phone_number, member).is_none() {
            edits.push(edit);
        }
    }
    let batch = Batch {
        annotations: Annotations::default(),
        action: "release",
        source: "pools release".to_owned(),
        edits,
        impossible: Vec::new(),
        notices: Vec::new(),
        // Taking the agents away is what the command is for.
        allowed: Allowed::from_iter([Rail::Unbinding]),
        confirmation: arguments.options.confirmation(),
        plan: PlanRole::None,
    };
    locked.carry_out_in_pools(&batch, &arguments.options.shared, &PoolRecord { members, live: LiveState::Any })
}

fn released(
    arguments: &Arguments,
    locked: &WritingDesk<'_>,
    file: &PoolsFile,
    written: &str,
) -> Result<(Edit, Member)> {
    let directory = &locked.before;
    let number = written_number(directory, written)?;
    let member = file.members.get(&number).ok_or_else(|| not_in(file, number, None))?;
    let pool = names::pool(Some(file), member.pool.as_str())?;
    let workspace = workspace_of(directory, pool, arguments.workspace.as_ref())?;
    let Some(settings) = Settings::of_directory(directory, &workspace, number) else {
        return Err(Error::failed(format!("{number} is not imported in `{workspace}`"))
            .hint("nothing answers it there; `phone-dir pools reserve` keeps it from being used"));
    };
    let mut edit = Edit::new(Action::Update, workspace.clone(), number);
    for setting in DECIDING {
        edit.ask(setting, &Settings::default());
    }
    let rest = pool.1.quarantine.days();
    let why = why(arguments, locked, &workspace, &settings);
    Ok((edit, resting(member, Day::of(locked.desk.session.now), rest, &why)))
}

/// Why the number rests: what was said, else who answered it.
fn why(arguments: &Arguments, locked: &WritingDesk<'_>, workspace: &WorkspaceName, settings: &Settings) -> String {
    // The reason is committed: no name that somebody typed at Retell stands in it.
    let name = |id: &AgentId| locked.before.agents.path_or_id(workspace, id).to_owned();
    let answering = || answering(settings, &name);
    let said = arguments.reason.clone();
    said.unwrap_or_else(|| answering().map_or_else(|| "released".to_owned(), |who| format!("released from {who}")))
}

/// The member after its release. One that is retired stays so, and one of a pool without rest is free at once.
fn resting(member: &Member, today: Day, days: u32, why: &str) -> Member {
    let mut member = Member { allocated_for: None, ..member.clone() };
    if member.state == Some(MemberState::Retired) {
        return member;
    }
    if days == 0 {
        return member.without_state();
    }
    member = member.with_state(MemberState::Quarantine, Some(today.after(days)), why);
    member
}
