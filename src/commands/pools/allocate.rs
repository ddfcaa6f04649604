//! `phone-dir pools allocate`: free numbers of a pool are chosen, bound in Retell and written down.

use std::collections::{BTreeMap, BTreeSet};

use super::past_uses::last_uses;
use super::release::DECIDING;
use super::reserve::reason;
use super::workspace_of;
use crate::change::bulk::Annotations;
use crate::change::{Action, Allowed, Binding, Edit, Notice, Settings};
use crate::commands::batch::{AskingOptions, Batch, LiveState, PlanOutput, PlanRole, PoolRecord};
use crate::commands::desk::{WritingDesk, names};
use crate::commands::rows::RowFilters as Filters;
use crate::commands::{Exit, Session, completing};
use crate::error::{Error, Result};
use crate::model::pools::{Member, PoolName};
use crate::model::{AgentWeight, Day, PhoneNumber, WorkspaceName};
use crate::pools::{Candidate, Choice, Inventory};
use crate::query;
use crate::render::pools::choice as render;

/// Take free numbers of a pool: choose them, bind them in Retell, and commit it
///
/// The same commit gives the same choice on every machine: numbers that the pool accepts, the one that is free for
/// longest first as the history tells it, one that was never used before all, then by number. A number that Retell says
/// is taken is refused, and nothing is changed. Where there are too few, the command says why and ends with 1.
#[derive(clap::Args, Debug)]
#[command(group(clap::ArgGroup::new("who").required(true).args(["agent", "inbound_agent"])))]
pub struct Arguments {
    /// The pool
    #[arg(value_name = "NAME", add = completing::pools())]
    name: String,
    /// Who answers and makes calls: `agents/NAME` or an id
    #[arg(long, value_name = "AGENT", value_parser = Binding::parse, add = completing::agents())]
    agent: Option<Binding>,
    /// Who answers calls; nobody makes any
    #[arg(long, value_name = "AGENT", value_parser = Binding::parse, add = completing::agents())]
    inbound_agent: Option<Binding>,
    /// The workspace; the pool's only one without it
    #[arg(short, long, value_name = "NAME", add = completing::workspaces())]
    workspace: Option<String>,
    /// How many
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    count: u32,
    /// Only numbers of this area code
    #[arg(long, value_name = "CODE")]
    area_code: Vec<String>,
    /// Only numbers of this kind
    #[arg(long = "type", value_name = "TYPE")]
    kind: Vec<String>,
    /// Only numbers with this tag
    #[arg(long, value_name = "TAG", add = completing::tags())]
    tag: Vec<String>,
    /// What for
    #[arg(long = "for", value_name = "REASON", value_parser = reason)]
    reason: Option<String>,
    /// Show the ranking of all free numbers
    #[arg(long)]
    explain: bool,
    /// Take what there is, where there are too few
    #[arg(long)]
    partial: bool,
    #[command(flatten)]
    plan: PlanOutput,
    #[command(flatten)]
    options: AskingOptions,
}

pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    if [&arguments.agent, &arguments.inbound_agent].into_iter().flatten().any(|it| *it == Binding::Unbind) {
        return Err(Error::failed("an allocation needs an agent")
            .hint("`phone-dir pools release NUMBER` takes a number from its agents"));
    }
    let locked = WritingDesk::open(session, arguments.options.shared.purpose())?;
    let directory = &locked.before;
    let pool = names::pool(directory.pools.as_ref(), &arguments.name)?;
    let workspace = workspace_of(directory, pool, arguments.workspace.as_ref())?;
    let target = arguments.target(&locked, &workspace)?;
    let choice = choose(arguments, &locked, (pool.0, &workspace))?;
    let count = usize::try_from(arguments.count).unwrap_or(usize::MAX);
    let taken = choice.first(count).to_vec();
    if taken.is_empty() || taken.len() < count && !arguments.partial {
        let shortage = render::Shortage { pool: pool.0, workspace: &workspace, asked: count, choice: &choice };
        session.print(&render::shortage(&shortage, arguments.options.shared.is_json()))?;
        return Ok(Exit::Found);
    }
    if taken.len() < count {
        session.note(&format!("{} of {count} numbers are free: {}", taken.len(), choice.tally.why_not()));
    }
    if arguments.reason.is_some() && arguments.plan.role() != PlanRole::None {
        session.note(
            "What the numbers are for stands in no plan: say it with `pools reserve` or when you allocate at once.",
        );
    }
    let members = members(arguments, &locked, &taken);
    let batch = batch(arguments, (pool.0, &workspace), &target, &taken, &choice);
    locked.carry_out_in_pools(&batch, &arguments.options.shared, &PoolRecord { members, live: LiveState::Free })
}

impl Arguments {
    /// What the numbers have in the end: the agents, and nothing else that decides.
    fn target(&self, locked: &WritingDesk<'_>, workspace: &WorkspaceName) -> Result<Settings> {
        let allowed = self.options.shared.allowed();
        let resolve = |binding: &Option<Binding>| -> Result<Vec<AgentWeight>> {
            let Some(binding) = binding else { return Ok(Vec::new()) };
            binding.resolve(&locked.before.agents, workspace, &allowed).map_err(crate::change::Objection::into_error)
        };
        let both = resolve(&self.agent)?;
        let inbound_agents = if self.agent.is_some() { both.clone() } else { resolve(&self.inbound_agent)? };
        Ok(Settings { inbound_agents, outbound_agents: both, ..Settings::default() })
    }
}

fn choose(
    arguments: &Arguments,
    locked: &WritingDesk<'_>,
    (name, workspace): (&PoolName, &WorkspaceName),
) -> Result<Choice> {
    let directory = &locked.before;
    let filters = Filters::of_traits(&arguments.area_code, &arguments.kind, &arguments.tag).filter(directory)?;
    let rows = query::rows(directory);
    let admitted: BTreeSet<PhoneNumber> =
        rows.iter().filter(|row| filters.admits(directory, row)).map(|row| row.phone_number).collect();
    let settings = locked.settings();
    let inventory = Inventory::new(directory, Day::of(locked.desk.session.now), &settings.sip_hosts);
    let uses = last_uses(&locked.desk, workspace)?;
    Ok(Choice::of(&inventory, (name, workspace), &uses, |number| admitted.contains(&number)))
}

/// What `pools.json` says of the numbers from now on: what they were taken for.
fn members(arguments: &Arguments, locked: &WritingDesk<'_>, taken: &[Candidate]) -> BTreeMap<PhoneNumber, Member> {
    let known = locked.before.pools.iter().flat_map(|file| &file.members);
    let is_taken = |number: PhoneNumber| taken.iter().any(|candidate| candidate.phone_number == number);
    // A state that is over goes with the allocation.
    let after = |member: &Member| Member { allocated_for: arguments.reason.clone(), ..member.clone().without_state() };
    known.filter(|(number, _)| is_taken(**number)).map(|(number, member)| (*number, after(member))).collect()
}

fn batch(
    arguments: &Arguments,
    (name, workspace): (&PoolName, &WorkspaceName),
    target: &Settings,
    taken: &[Candidate],
    choice: &Choice,
) -> Batch {
    let edit = |candidate: &Candidate| {
        let mut edit = Edit::new(Action::Update, workspace.clone(), candidate.phone_number);
        // Also what stays empty is asked for: where Retell has something there, the number is not free.
        for setting in DECIDING {
            edit.ask(setting, target);
        }
        edit
    };
    let lines = render::ranking(choice, taken.len());
    let ranking = Notice { heading: format!("Ranking of `{name}` in `{workspace}`"), lines };
    Batch {
        annotations: Annotations::default(),
        action: "allocate",
        source: format!("pools allocate {name} --workspace {workspace} --count {}", taken.len()),
        edits: taken.iter().map(edit).collect(),
        impossible: Vec::new(),
        notices: if arguments.explain { vec![ranking] } else { Vec::new() },
        allowed: Allowed::default(),
        confirmation: arguments.options.confirmation(),
        plan: arguments.plan.role(),
    }
}
