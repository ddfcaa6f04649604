//! `phone-dir diff`

use clap::{Args, ValueEnum};

use super::comparison::{Against, Comparison, State};
use super::queries::{self, AsOf};
use super::{Exit, PrintsJson, Session, completing, limit_options, states};
use crate::diff::limits::Limits;
use crate::diff::{Changes, intent, revisions, snapshots};
use crate::error::{Error, Result};
use crate::model::ProtectedWorkspaces;
use crate::render::changes;
use crate::store::project::Project;
use crate::store::worktree;
use crate::validate::Settings;

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
    /// Print JSON; the same as `--format json`
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// How to print
    #[arg(long, value_name = "FORMAT", value_enum)]
    format: Option<Format>,
}

/// A format of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Human,
    /// For programs
    Json,
    /// For a pull request's comment
    Markdown,
}

impl PrintsJson for Arguments {
    fn prints_json(&self) -> bool {
        self.json || self.format == Some(Format::Json)
    }
}

/// Differences with the names of what was compared.
struct Found {
    from: String,
    to: String,
    between_workspaces: bool,
    changes: Changes,
}

pub fn run(arguments: &Arguments, session: &Session) -> Result<Exit> {
    let project = queries::find_project(session)?;
    let words: Vec<_> = arguments.from.iter().chain(&arguments.to).cloned().collect();
    let against = if arguments.staged { Against::Index } else { Against::Worktree };
    let comparison = Comparison::parse(&words, against, &|word| is_workspace(arguments, session, &project, word))?;
    let mut found = compare(arguments, session, &project, &comparison)?;
    limits(arguments, session, &project, &found)?.apply(&mut found.changes);
    let protected = protected(arguments, &project)?;
    session.print(&render(arguments, &found, &protected))?;
    Ok(if arguments.exit_code && !found.changes.is_empty() { Exit::Found } else { Exit::Done })
}

fn is_workspace(arguments: &Arguments, session: &Session, project: &Project, word: &str) -> Result<bool> {
    if arguments.as_of.at.is_some() {
        let directory = queries::load(session, &arguments.as_of)?;
        return Ok(directory.workspace_names().iter().any(|name| name.as_str() == word));
    }
    states::is_workspace(project, word)
}

fn compare(arguments: &Arguments, session: &Session, project: &Project, comparison: &Comparison) -> Result<Found> {
    match comparison {
        Comparison::Workspaces(from, to) => between_workspaces(arguments, session, from, to),
        _ if arguments.as_of.at.is_some() => {
            Err(Error::failed("`--at` is for two workspaces as of a commit or a date")
                .hint("two revisions are compared with `phone-dir diff A B`"))
        }
        Comparison::States(from, to) => between_states(session, project, from, to),
        Comparison::FromMergeBase(from, to) => {
            let repository = queries::repository(project)?;
            let base = repository
                .commits()
                .merge_base(&repository.commits().resolve(from)?, &repository.commits().resolve(to)?)?;
            let base = State::Revision(crate::store::revision::Revision::parse(&base.to_string())?);
            between_states(session, project, &base, &State::Revision(to.clone()))
        }
    }
}

fn between_workspaces(arguments: &Arguments, session: &Session, from: &str, to: &str) -> Result<Found> {
    if arguments.workspace.is_some() {
        return Err(Error::failed("two workspaces are compared as a whole")
            .hint("leave out `--workspace`, or compare two revisions with it"));
    }
    let directory = queries::load(session, &arguments.as_of)?;
    let (from, to) = (queries::workspace(&directory, from)?, queries::workspace(&directory, to)?);
    let changes = intent::between(&directory, &from, &to);
    Ok(Found { from: from.to_string(), to: to.to_string(), between_workspaces: true, changes })
}

fn between_states(session: &Session, project: &Project, from: &State, to: &State) -> Result<Found> {
    let changes = changes(session, project, from, to)?;
    Ok(Found { from: from.name().to_owned(), to: to.name().to_owned(), between_workspaces: false, changes })
}

fn changes(session: &Session, project: &Project, from: &State, to: &State) -> Result<Changes> {
    if *from == State::Live || *to == State::Live {
        return Ok(revisions::between(&states::load(session, project, from)?, &states::load(session, project, to)?));
    }
    let [before, after] = states::snapshots(project, from, to)?;
    let agents = [states::agents(project, from)?, states::agents(project, to)?];
    let mut changes = match snapshots::between(&before, &after) {
        Some(changes) => changes,
        None => revisions::between(&states::directory(from, &before)?, &states::directory(to, &after)?),
    };
    for folders in agents.iter().rev() {
        changes.name_agents(folders);
    }
    changes.agent_ids = agents[0].changed_ids(&agents[1]);
    Ok(changes)
}

fn limits(arguments: &Arguments, session: &Session, project: &Project, found: &Found) -> Result<Limits> {
    let changed = |name: &_| found.changes.list.iter().any(|change| change.workspace.as_ref() == Some(name));
    let workspace = arguments.workspace.as_deref();
    Ok(Limits {
        workspace: workspace.map(|written| limit_options::workspace(project, written, changed)).transpose()?,
        agent: arguments.agent.as_deref().map(|written| limit_options::agent(session, project, written)).transpose()?,
        number: arguments.number.as_deref().map(|written| limit_options::number(project, written)).transpose()?,
    })
}

/// The workspaces that come first in a pull request's comment.
fn protected(arguments: &Arguments, project: &Project) -> Result<ProtectedWorkspaces> {
    if arguments.format != Some(Format::Markdown) {
        return Ok(ProtectedWorkspaces::default());
    }
    Ok(Settings::in_snapshot(&worktree::settings(project.root())?).protected)
}

fn render(arguments: &Arguments, found: &Found, protected: &ProtectedWorkspaces) -> String {
    let Found { from, to, between_workspaces, changes } = found;
    match arguments.format {
        _ if arguments.prints_json() => changes::json::diff(from, to, changes),
        Some(Format::Markdown) => changes::markdown::diff(from, to, changes, protected),
        _ if arguments.stat => changes::text::stat(from, to, changes),
        _ if arguments.name_only => changes::text::names(changes),
        _ if *between_workspaces => changes::text::workspaces(from, to, changes),
        _ => changes::text::revisions(from, to, changes),
    }
}
