//! `phone-dir apply [FILE]`

use clap::{Args, ValueEnum};

use super::batch::Confirmation;
use super::batch::plan_request::{ApplyRequest, MergeRequirement, PlanSource, Skipping};
use super::batch::plan_run;
use super::desk::publishing::CommitOptions;
use super::plan::text_of;
use super::{Exit, Session, completing};
use crate::commands::options::OutputFormat;
use crate::error::{Error, Result};
use crate::model::{PhoneNumber, WorkspaceName};
use crate::plan::Plan;
use crate::plan::risks::PlanFlags;
use crate::render::failure;
use crate::render::outcome::apply::{Applied, ItemOutcome};

/// Bring Retell what git decided, or what a plan says: item by item, each sent once and read back, as one commit
///
/// Without FILE, everything that is decided in git and not live. Each workspace is read once; an item that Retell was changed
/// under since it was planned is stale: it is skipped and named, and the others go through. Where a run was killed, the
/// next one goes on. What cannot be prevented: a change at Retell between the read and the request of an item, and two
/// machines that send the same value; and what was sent is not taken back when a later item fails.
#[derive(Args, Debug)]
pub struct Arguments {
    /// A plan, or `-` for standard input
    #[arg(value_name = "FILE")]
    file: Option<String>,
    /// Apply only the plan that has this id
    #[arg(long, value_name = "ID")]
    expect_id: Option<String>,
    /// Only this number; may be given several times
    #[arg(long, value_name = "NUMBER", add = completing::numbers())]
    only: Vec<String>,
    /// Take git's value for these numbers, also where Retell was changed since it was decided: `--take git NUMBER…`
    #[arg(long, value_names = ["SIDE", "NUMBER"], num_args = 2.., add = completing::numbers())]
    take: Vec<String>,
    /// Apply nothing where anything is stale
    #[arg(long)]
    all_or_nothing: bool,
    /// Apply what is not in the branch's upstream yet
    #[arg(long)]
    allow_unmerged: bool,
    /// Allow to change who answers any part of this workspace's lines
    #[arg(long, value_name = "NAME")]
    allow_rebind: Vec<WorkspaceName>,
    /// Allow to leave these lines of a protected workspace unanswered
    #[arg(long, value_name = "NUMBER", num_args = 1..)]
    allow_unbind: Vec<PhoneNumber>,
    /// Bring the branch up to its remote first, and push the commit afterwards
    #[arg(long, conflicts_with_all = ["dry_run", "no_commit"])]
    push: bool,
    /// Print what would be done, and change nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
    /// Do it without asking; needed where no terminal is there to ask on
    #[arg(short, long)]
    yes: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    commit: CommitOptions,
}

/// The side that `--take` names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum SideToApply {
    /// What git decided
    Git,
}

impl Arguments {
    fn source(&self, session: &Session) -> Result<PlanSource> {
        let Some(file) = &self.file else { return Ok(PlanSource::Git) };
        let plan = Plan::read(&text_of(session, file)?)?;
        plan.origin.check(session.now)?;
        Ok(PlanSource::File(Box::new(plan)))
    }

    fn take_git(&self) -> Result<Vec<String>> {
        let Some((side, numbers)) = self.take.split_first() else { return Ok(Vec::new()) };
        SideToApply::from_str(side, true).map(|_| numbers.to_vec()).map_err(|_| {
            Error::failed(format!("`--take {}` is not possible", side.escape_debug()))
                .hint("write `--take git NUMBER…`")
        })
    }
}

pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    let request = ApplyRequest {
        source: arguments.source(session)?,
        expected_id: arguments.expect_id.clone(),
        only: arguments.only.clone(),
        take_git: arguments.take_git()?,
        skipping: if arguments.all_or_nothing { Skipping::Never } else { Skipping::Allowed },
        flags: PlanFlags {
            rebind: arguments.allow_rebind.iter().cloned().collect(),
            unbind: arguments.allow_unbind.iter().copied().collect(),
        },
        merged: if arguments.allow_unmerged { MergeRequirement::NotRequired } else { MergeRequirement::Required },
        pushes: arguments.push,
        dry_run: arguments.dry_run,
        confirmation: if arguments.yes { Confirmation::PreviewThenAct } else { Confirmation::PreviewThenAsk },
        commit: arguments.commit.clone(),
        output: OutputFormat::of_flag(arguments.json),
    };
    let applied = plan_run::apply(&request, session)?;
    print(&applied, arguments.json, session)
}

/// Prints what became of the items, and says how the command ends.
fn print(applied: &Applied, json: bool, session: &Session) -> Result<Exit> {
    session.print(&if json { applied.json() } else { session.fitted(&applied.human()) })?;
    if let Some(error) = &applied.error {
        session.complain(&failure::human(error));
    }
    Ok(exit(applied))
}

fn exit(applied: &Applied) -> Exit {
    let any = |outcome| applied.items.iter().any(|item| item.outcome == outcome);
    match &applied.error {
        Some(error) if error.kind().exit_code() == 3 => Exit::CannotTell,
        _ if any(ItemOutcome::Unknown) => Exit::CannotTell,
        Some(_) => Exit::Failed,
        // A conflict of git with Retell is kept, as a sync keeps it; an item of a plan that is stale was not done.
        None if applied.items.iter().any(|item| item.outcome == ItemOutcome::Stale && item.id.is_some()) => {
            Exit::Failed
        }
        None if any(ItemOutcome::Stale) || any(ItemOutcome::Refused) => Exit::Found,
        None => Exit::Done,
    }
}
