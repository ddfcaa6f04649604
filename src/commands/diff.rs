//! `phone-dir diff`

use clap::{Args, ValueEnum};

use super::desk::comparison::{Against, DiffOperands, DirectoryState};
use super::desk::states::{self, StateFiles};
use super::desk::{AsOf, Desk, names};
use super::{Exit, Session, completing};
use crate::activity::rent_change::{RentChange, rent_change};
use crate::commands::options::FormatOf;
use crate::diff::limits::Limits;
use crate::diff::{Change, ChangeKind, Changes, intent, revisions, snapshots};
use crate::error::{Error, Result};
use crate::model::{Directory, ProtectedWorkspaces};
use crate::render::changes;
use crate::render::changes::workspace_answers::WorkspaceAnswers;

/// Show what differs, number by number, between two workspaces or two states of the directory
///
/// Two workspaces (`diff staging production`) are compared by intent: agents by their folders; ids, dates, counters and
/// nicknames are never a difference. A state is a revision, `@index`, `@worktree` or `@live` (what the providers have
/// now). One revision is compared with the working tree, as in git; nothing at all compares the index with it.
/// `A..B` compares two revisions, `A...B` starts where they parted. A workspace's name wins over a branch's:
/// `refs/heads/staging` is the branch.
#[derive(Args, Debug)]
#[allow(clippy::struct_excessive_bools)] // one per flag, as clap has them
pub struct Arguments {
    /// A workspace; or a revision, `@index`, `@worktree`, `@live`, `A..B`, `A...B`
    #[arg(value_name = "FROM", add = completing::workspaces())]
    from: Option<String>,
    /// A second workspace, or a second state
    #[arg(value_name = "TO", requires = "from", add = completing::workspaces())]
    to: Option<String>,
    /// Compare with what is staged; from HEAD, if no revision is given
    #[arg(long, visible_alias = "cached", conflicts_with_all = ["to", "at"])]
    staged: bool,
    /// Only changes in this workspace
    #[arg(short, long, value_name = "NAME", add = completing::workspaces())]
    workspace: Option<String>,
    /// Only changes that name this agent, before or after
    #[arg(long, value_name = "AGENT", add = completing::agents())]
    agent: Option<String>,
    /// Only changes of this number
    #[arg(long, value_name = "NUMBER", add = completing::numbers())]
    number: Option<String>,
    /// Exit with 1 if there are differences
    #[arg(long)]
    exit_code: bool,
    /// Print counts only
    #[arg(long, conflicts_with_all = ["name_only", "json", "format"])]
    stat: bool,
    /// Print the numbers only
    #[arg(long, conflicts_with_all = ["json", "format"])]
    name_only: bool,
    #[command(flatten)]
    as_of: AsOf,
    #[command(flatten)]
    format: FormatOf<DiffFormat>,
}

/// A format of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum DiffFormat {
    /// For people
    Human,
    /// For programs
    Json,
    /// For a pull request's comment
    Markdown,
}

/// Differences with the names of what was compared.
struct NamedChanges {
    from: String,
    to: String,
    between_workspaces: bool,
    changes: Changes,
    /// Who answers in each of two workspaces, where the changes alone do not say it.
    answers: WorkspaceAnswers,
    /// What it does to the rents, where a price list and the change say anything about them.
    rent: Option<RentChange>,
}

pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    let desk = Desk::to_ask(session)?;
    let words: Vec<_> = arguments.from.iter().chain(&arguments.to).cloned().collect();
    let against = if arguments.staged { Against::Index } else { Against::Worktree };
    let comparison =
        DiffOperands::parse(&words, against, &states::WorkspacesAt { desk: &desk, as_of: &arguments.as_of })?;
    let mut found = compare(arguments, &desk, &comparison)?;
    limits(arguments, &desk, &found)?.apply(&mut found.changes);
    let protected = protected(arguments, &desk)?;
    session.print(&render(arguments, &found, &protected, session))?;
    Ok(if arguments.exit_code && !found.changes.is_empty() { Exit::Found } else { Exit::Done })
}

fn compare(arguments: &Arguments, desk: &Desk<'_>, comparison: &DiffOperands) -> Result<NamedChanges> {
    match comparison {
        DiffOperands::Workspaces(from, to) => between_workspaces(arguments, desk, from, to),
        _ if arguments.as_of.at.is_some() => {
            Err(Error::failed("`--at` is for two workspaces as of a commit or a date")
                .hint("two revisions are compared with `phone-dir diff A B`"))
        }
        DiffOperands::States(from, to) => between_states(desk, from, to),
        DiffOperands::FromMergeBase(from, to) => {
            let repository = desk.repository()?;
            let base = repository
                .commits()
                .merge_base(&repository.commits().resolve(from)?, &repository.commits().resolve(to)?)?;
            let base = DirectoryState::Revision(crate::store::revision::Revision::parse(&base.to_string())?);
            between_states(desk, &base, &DirectoryState::Revision(to.clone()))
        }
    }
}

fn between_workspaces(arguments: &Arguments, desk: &Desk<'_>, from: &str, to: &str) -> Result<NamedChanges> {
    if arguments.workspace.is_some() {
        return Err(Error::failed("two workspaces are compared as a whole")
            .hint("leave out `--workspace`, or compare two revisions with it"));
    }
    let directory = desk.directory(&arguments.as_of)?;
    let (from, to) = (names::workspace(&directory, from)?, names::workspace(&directory, to)?);
    let changes = intent::between(&directory, &from, &to);
    let answers = WorkspaceAnswers::of(&directory, &from, &to);
    Ok(NamedChanges {
        from: from.to_string(),
        to: to.to_string(),
        between_workspaces: true,
        changes,
        answers,
        rent: None,
    })
}

fn between_states(desk: &Desk<'_>, from: &DirectoryState, to: &DirectoryState) -> Result<NamedChanges> {
    let (changes, rent) = changes(desk, from, to)?;
    Ok(NamedChanges {
        from: from.name().to_owned(),
        to: to.name().to_owned(),
        between_workspaces: false,
        changes,
        answers: WorkspaceAnswers::default(),
        rent,
    })
}

fn changes(desk: &Desk<'_>, from: &DirectoryState, to: &DirectoryState) -> Result<(Changes, Option<RentChange>)> {
    if *from == DirectoryState::Live || *to == DirectoryState::Live {
        let (before, after) = (states::load(desk, from)?, states::load(desk, to)?);
        let changes = revisions::between(&before, &after);
        let rent = rent(desk, (from, to), &changes, || Ok([before, after]))?;
        return Ok((changes, rent));
    }
    let [before, after] = StateFiles::both(desk, from, to)?;
    let mut changes = match snapshots::between(&before.compared, &after.compared) {
        Some(changes) => changes,
        None => {
            revisions::between(&states::directory(from, &before.compared)?, &states::directory(to, &after.compared)?)
        }
    };
    for state in [&after, &before] {
        changes.name_agents(&state.agents);
    }
    changes.agent_ids = before.agents.changed_ids(&after.agents);
    let directories = || Ok([states::directory(from, &before.compared)?, states::directory(to, &after.compared)?]);
    let rent = rent(desk, (from, to), &changes, directories)?;
    Ok((changes, rent))
}

/// What numbers that come and go do to the rents, by the price list of the later state that has one.
fn rent(
    desk: &Desk<'_>,
    (from, to): (&DirectoryState, &DirectoryState),
    changes: &Changes,
    directories: impl FnOnce() -> Result<[Directory; 2]>,
) -> Result<Option<RentChange>> {
    let comes_or_goes = |change: &Change| matches!(change.kind, ChangeKind::Provisioned | ChangeKind::Released);
    if !changes.list.iter().any(comes_or_goes) {
        return Ok(None);
    }
    let Some(prices) = states::prices(desk, to)?.map_or_else(|| states::prices(desk, from), |it| Ok(Some(it)))? else {
        return Ok(None);
    };
    let [before, after] = directories()?;
    Ok(rent_change(&before, &after, Some(&prices), &desk.settings()?.cost.retell_numbers))
}

fn limits(arguments: &Arguments, desk: &Desk<'_>, found: &NamedChanges) -> Result<Limits> {
    let changed = |name: &_| found.changes.list.iter().any(|change| change.workspace.as_ref() == Some(name));
    let workspace = arguments.workspace.as_deref();
    Ok(Limits {
        workspace: workspace.map(|written| desk.workspace_limit(written, changed)).transpose()?,
        agent: arguments.agent.as_deref().map(|written| desk.agent_limit(written)).transpose()?,
        number: arguments.number.as_deref().map(|written| desk.number_limit(written)).transpose()?,
    })
}

/// The workspaces that come first in a pull request's comment.
fn protected(arguments: &Arguments, desk: &Desk<'_>) -> Result<ProtectedWorkspaces> {
    if arguments.format.asked() != Some(DiffFormat::Markdown) {
        return Ok(ProtectedWorkspaces::default());
    }
    Ok(desk.settings()?.protected)
}

fn render(arguments: &Arguments, found: &NamedChanges, protected: &ProtectedWorkspaces, session: &Session) -> String {
    let NamedChanges { from, to, between_workspaces, changes, answers, rent } = found;
    let rent = rent.as_ref();
    match arguments.format.chosen() {
        DiffFormat::Json => changes::json::diff(from, to, changes, rent),
        DiffFormat::Markdown => {
            changes::markdown::diff((from, to), changes, protected, answers) + &changes::rent::markdown(rent)
        }
        DiffFormat::Human if arguments.stat => changes::text::stat(from, to, changes),
        DiffFormat::Human if arguments.name_only => changes::text::names(changes),
        DiffFormat::Human if *between_workspaces => {
            session.fitted(&changes::text::workspaces(from, to, changes, answers))
        }
        DiffFormat::Human => {
            session.fitted(&(changes::text::revisions(from, to, changes) + &changes::rent::text(rent)))
        }
    }
}
