//! Numbers, agents and workspaces as they are named on the command line: found in the directory, or refused with the
//! nearest.

use super::Desk;
use crate::diff::limits::AgentLimit;
use crate::error::{Error, Result};
use crate::model::agent_hint;
use crate::model::directory::Reading;
use crate::model::pools::{Pool, PoolName, PoolsFile};
use crate::model::{AgentFolders, AgentPath, Directory, NumberEntry, PhoneNumber, WorkspaceName};
use crate::query::agent::{self, Agent};
use crate::query::number::{self as query, Match};

/// Finds the entry of a number given in E.164 or as people write it.
pub fn entry<'a>(directory: &'a Directory, written: &str) -> Result<&'a NumberEntry> {
    match query::find(directory, written) {
        Match::One(number) => directory.number(number).ok_or_else(|| unknown_number(written)),
        Match::Several(numbers) => Err(Error::failed(format!("`{written}` may be one of several numbers"))
            .hint(format!("give one of {}", quoted(&numbers)))),
        Match::None(nearest) if nearest.is_empty() => {
            Err(unknown_number(written).hint("`phone-dir list` shows every number"))
        }
        Match::None(nearest) => Err(unknown_number(written).hint(format!("the nearest are {}", quoted(&nearest)))),
    }
}

/// Reads a number in E.164 form, which the directory need not have, or finds the one of the directory that a person means.
pub fn number(directory: &Directory, written: &str) -> Result<PhoneNumber> {
    PhoneNumber::parse(written).or_else(|_| entry(directory, written).map(|entry| entry.phone_number))
}

fn unknown_number(written: &str) -> Error {
    Error::failed(format!("number `{written}` is not in the directory"))
}

/// Finds the agent given by path, folder, name or id.
pub fn agent(directory: &Directory, written: &str) -> Result<Agent> {
    match agent::find(directory, written) {
        agent::Match::One(found) => Ok(found),
        agent::Match::Several(paths) => Err(Error::failed(format!("`{written}` is the name of several agents"))
            .hint(format!("give one of {}", quoted(&paths)))),
        agent::Match::None => {
            let known = agent::known_paths(directory);
            let offer = agent_hint::offer("the directory", &known, written);
            Err(Error::failed(format!("no agent `{written}`"))
                .hint(offer.unwrap_or_else(|| "agents are the folders below `agents/`".to_owned())))
        }
    }
}

/// Checks that a workspace is in force.
pub fn workspace(directory: &Directory, name: &str) -> Result<WorkspaceName> {
    let known = directory.workspace_names();
    let found = WorkspaceName::parse(name).ok().filter(|name| known.contains(name));
    found.ok_or_else(|| unknown_workspace(name, &listed(directory)))
}

fn unknown_workspace(name: &str, listed: &str) -> Error {
    Error::failed(format!("unknown workspace `{}`", name.escape_debug()))
        .hint(format!("the workspaces here are {listed}"))
}

pub fn pool<'a>(file: Option<&'a PoolsFile>, written: &str) -> Result<(&'a PoolName, &'a Pool)> {
    let pools = file.map(|file| &file.pools);
    let found = pools.and_then(|pools| pools.get_key_value(&PoolName::parse(written).ok()?));
    found.ok_or_else(|| {
        let error = Error::failed(format!("there is no pool `{}`", written.escape_debug()));
        let names: Vec<_> = pools.into_iter().flatten().map(|(name, _)| name).collect();
        if names.is_empty() {
            return error.hint("make one with `phone-dir pools create NAME --purpose TEXT`");
        }
        error.hint(format!("the pools here are {}", quoted(&names)))
    })
}

/// The workspaces in force, as a hint lists them.
pub fn listed(directory: &Directory) -> String {
    quoted(&directory.workspace_names().iter().collect::<Vec<_>>())
}

/// The workspace that an option names, if it is given.
pub fn optional_workspace(directory: &Directory, name: Option<&String>) -> Result<Option<WorkspaceName>> {
    name.map(|name| workspace(directory, name)).transpose()
}

/// The workspaces that an option leaves: the one that it names, else all that are in force.
pub fn chosen_workspaces(directory: &Directory, only: Option<&WorkspaceName>) -> Vec<WorkspaceName> {
    match only {
        Some(name) => vec![name.clone()],
        None => directory.workspace_names().into_iter().collect(),
    }
}

fn quoted(words: &[impl std::fmt::Display]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

/// The options by which `diff` and `history` are limited to one workspace, agent or number.
impl Desk<'_> {
    /// The agent at a path, of a folder's name, of an id or of a name; its folder may be gone, so any path is taken, and one
    /// that is not there now is said to be so: it may be a typing error.
    pub fn agent_limit(&self, written: &str) -> Result<AgentLimit> {
        let agents = AgentFolders::in_files(self.files()?);
        let directory = Directory { agents, ..Directory::empty() };
        if let agent::Match::One(Agent::Folder(path)) = agent::find(&directory, written) {
            return Ok(AgentLimit::new(path, &directory.agents));
        }
        let known = agent_hint::by_likeness(directory.agents.iter().map(|(path, _)| path), written);
        let near = agent_hint::near(&known, written);
        let path = AgentPath::parse(written.trim_end_matches('/')).or_else(|_| AgentPath::of_folder(written));
        let path = path.map_err(|_| {
            let near = near.map(|near| format!("the nearest is `{near}`"));
            Error::failed(format!("`{}` is not an agent's folder", written.escape_debug()))
                .hint(near.unwrap_or_else(|| "give a path such as `agents/customer-service`".to_owned()))
        })?;
        let nearest = near.map(|near| format!("; the nearest is `{near}`"));
        let nearest = nearest.unwrap_or_default();
        self.session.note(&format!("warning: there is no `{path}` here now{nearest}"));
        Ok(AgentLimit::new(path, &directory.agents))
    }

    /// A number in E.164, or as people write one that is in the directory now.
    pub fn number_limit(&self, written: &str) -> Result<PhoneNumber> {
        match PhoneNumber::parse(written) {
            Ok(number) => Ok(number),
            Err(_) => number(&Reading::of(self.files()?).directory, written),
        }
    }

    /// A workspace's name; one that is not in force now may have been, where `known` says so.
    pub fn workspace_limit(&self, written: &str, known: impl Fn(&WorkspaceName) -> bool) -> Result<WorkspaceName> {
        match WorkspaceName::parse(written) {
            Ok(name) if known(&name) || self.is_workspace(written)? => Ok(name),
            _ => Err(unknown_workspace(written, &self.workspaces_listed()?)),
        }
    }

    /// The workspaces in force now, as a hint lists them.
    pub fn workspaces_listed(&self) -> Result<String> {
        Ok(listed(&Reading::of(self.files()?).directory))
    }
}
