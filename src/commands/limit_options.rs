//! The options by which `diff` and `history` are limited to one workspace, agent or number.

use super::{Session, states};
use crate::diff::limits::AgentLimit;
use crate::error::{Error, Result};
use crate::model::directory::Reading;
use crate::model::{AgentPath, PhoneNumber, WorkspaceName};
use crate::query;
use crate::query::agent::{Agent, Match};
use crate::snapshot::Snapshot;
use crate::store::project::Project;
use crate::store::worktree;

/// The agent at a path, of a folder's name, of an id or of a name; its folder may be gone, so any path is taken, and one
/// that is not there now is said to be so: it may be a typing error.
pub fn agent(session: &Session, project: &Project, written: &str) -> Result<AgentLimit> {
    let mut snapshot = worktree::read(project.root())?;
    snapshot.files.retain(|path, _| path.starts_with("agents/"));
    let directory = Reading::of(&Snapshot { files: snapshot.files }).directory;
    let nearest = match query::agent::find(&directory, written) {
        Match::One(Agent::Folder(path)) => return Ok(AgentLimit::new(path, &directory.agents)),
        Match::None(nearest) => nearest,
        Match::One(Agent::Unmanaged(_)) | Match::Several(_) => Vec::new(),
    };
    let path = AgentPath::parse(written.trim_end_matches('/')).or_else(|_| AgentPath::of_folder(written));
    let path = path.map_err(|_| {
        Error::failed(format!("`{}` is not an agent's folder", written.escape_debug()))
            .hint("give a path such as `agents/customer-service`")
    })?;
    let nearest = nearest.first().map(|path| format!("; the nearest is `{path}`")).unwrap_or_default();
    session.note(&format!("warning: there is no `{path}` here now{nearest}"));
    Ok(AgentLimit::new(path, &directory.agents))
}

/// A number in E.164, or as people write one that is in the directory now.
pub fn number(project: &Project, written: &str) -> Result<PhoneNumber> {
    if let Ok(number) = PhoneNumber::parse(written) {
        return Ok(number);
    }
    let snapshot = worktree::read(project.root())?;
    let directory = Reading::of(&snapshot).directory;
    super::number_argument::entry(&directory, written).map(|entry| entry.phone_number)
}

/// A workspace's name; one that is not in force now may have been, where `known` says so.
pub fn workspace(project: &Project, written: &str, known: impl Fn(&WorkspaceName) -> bool) -> Result<WorkspaceName> {
    let unknown = || {
        Error::failed(format!("unknown workspace `{}`", written.escape_debug()))
            .hint("`phone-dir report` lists the workspaces")
    };
    let name = WorkspaceName::parse(written).map_err(|_| unknown())?;
    if known(&name) || states::is_workspace(project, written)? { Ok(name) } else { Err(unknown()) }
}
