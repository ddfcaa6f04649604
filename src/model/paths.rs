//! The paths of a project's files, from its root, with `/`.

use super::agent::AgentPath;
use super::key_files::may_hold_keys;
use super::names::folded;
use super::workspace::WorkspaceName;

/// The folder of everything that this tool owns.
pub const FOLDER: &str = "phone-numbers";
pub const MASTER: &str = "phone-numbers/directory.json";
/// The name of the master directory in its folder.
pub const MASTER_FILE: &str = "directory.json";
/// The carrier's price list; optional.
pub const PRICES: &str = "phone-numbers/prices.json";
/// The SIP trunks; never committed.
pub const TRUNKS: &str = "phone-numbers/twilio/trunks.json";
/// The log of syncs; never committed.
pub const SYNC: &str = "phone-numbers/twilio/sync.json";
pub const POOLS: &str = "phone-numbers/pools.json";
/// The ignore rules of the folder.
pub const FOLDER_IGNORE: &str = "phone-numbers/.gitignore";
/// The workspaces' API keys; never committed.
pub const WORKSPACES: &str = "workspaces.json";
pub const SETTINGS: &str = "phone-dir.toml";
/// The environment file; never committed.
pub const ENVIRONMENT: &str = ".env";

/// The registry of a workspace.
pub fn numbers(workspace: &WorkspaceName) -> String {
    format!("{FOLDER}/{workspace}/numbers.json")
}

pub fn assignments(workspace: &WorkspaceName) -> String {
    format!("{FOLDER}/{workspace}/assignments.json")
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileKind {
    /// `phone-numbers/directory.json`
    Master,
    /// `phone-numbers/<workspace>/numbers.json`
    Numbers(WorkspaceName),
    /// `phone-numbers/<workspace>/assignments.json`
    Assignments(WorkspaceName),
    /// `phone-numbers/pools.json`
    Pools,
    /// `phone-numbers/prices.json`
    Prices,
    /// `phone-numbers/twilio/trunks.json`
    Trunks,
    /// `phone-numbers/twilio/sync.json`
    Sync,
    /// `agents/<name>/agent.json`
    Agent(AgentPath),
    /// `agents/<name>/<workspace>.json`
    AgentWorkspace(AgentPath, WorkspaceName),
    /// `workspaces.json`
    Workspaces,
}

impl FileKind {
    /// The kind of file that a path names; none for a path that is not the project's.
    pub fn of(path: &str) -> Option<Self> {
        match path {
            MASTER => return Some(Self::Master),
            POOLS => return Some(Self::Pools),
            PRICES => return Some(Self::Prices),
            TRUNKS => return Some(Self::Trunks),
            SYNC => return Some(Self::Sync),
            WORKSPACES => return Some(Self::Workspaces),
            _ => {}
        }
        let (folder, rest) = path.split_once('/')?;
        let (middle, name) = rest.split_once('/')?;
        match folder {
            FOLDER => {
                let workspace = WorkspaceName::parse(middle).ok()?;
                match name {
                    "numbers.json" => Some(Self::Numbers(workspace)),
                    "assignments.json" => Some(Self::Assignments(workspace)),
                    _ => None,
                }
            }
            "agents" => {
                let agent = AgentPath::of_folder(middle).ok()?;
                match name.strip_suffix(".json")? {
                    "agent" => Some(Self::Agent(agent)),
                    stem => WorkspaceName::parse(stem).ok().map(|workspace| Self::AgentWorkspace(agent, workspace)),
                }
            }
            _ => None,
        }
    }

    /// The name of the schema that such a file satisfies.
    pub fn schema(&self) -> &'static str {
        match self {
            Self::Master => "directory",
            Self::Numbers(_) => "numbers",
            Self::Assignments(_) => "assignments",
            Self::Pools => "pools",
            Self::Prices => "prices",
            Self::Trunks => "trunks",
            Self::Sync => "sync",
            Self::Agent(_) => "agent",
            Self::AgentWorkspace(..) => "agent-workspace",
            Self::Workspaces => "workspaces",
        }
    }

    /// Whether this tool owns and rewrites such files.
    pub fn is_owned(&self) -> bool {
        matches!(
            self,
            Self::Master
                | Self::Numbers(_)
                | Self::Assignments(_)
                | Self::Pools
                | Self::Prices
                | Self::Trunks
                | Self::Sync
        )
    }
}

/// Whether the file at `path` must never be committed: keys, references to credentials, run-time data, backups.
///
/// A name in other letters counts: `.ENV` is `.env` where a file system folds names. So does every folder of the project:
/// whatever reads an environment file there, its keys are as public as those at the root.
pub fn is_never_committed(path: &str) -> bool {
    // The ids of a workspace that happens to have the name of the file with the keys; their contents are judged.
    let is_agents = matches!(FileKind::of(path), Some(FileKind::AgentWorkspace(..)));
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    let holds_keys = !is_agents && may_hold_keys(name);
    let is_backup = folders.split('/').any(is_backup);
    holds_keys || is_backup || is_run_record(path)
}

/// Whether a folder is a copy of the directory, as the specification's migration makes it.
pub fn is_backup(folder: &str) -> bool {
    folded(folder).starts_with("phone-numbers.backup.")
}

fn is_run_record(path: &str) -> bool {
    let path = folded(path);
    // A copy below the folder has the same references to credentials as the original.
    path.starts_with("phone-numbers/")
        && ["/twilio/trunks.json", "/twilio/sync.json"].iter().any(|name| path.ends_with(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_of_the_specification_has_its_kind() {
        let kinds = [
            ("phone-numbers/directory.json", "directory"),
            ("phone-numbers/staging/numbers.json", "numbers"),
            ("phone-numbers/eu/assignments.json", "assignments"),
            ("phone-numbers/pools.json", "pools"),
            ("phone-numbers/twilio/trunks.json", "trunks"),
            ("phone-numbers/twilio/sync.json", "sync"),
            ("agents/customer-service/agent.json", "agent"),
            ("agents/customer-service/production.json", "agent-workspace"),
            ("workspaces.json", "workspaces"),
        ];
        for (path, schema) in kinds {
            assert_eq!(FileKind::of(path).map(|kind| kind.schema()), Some(schema), "{path}");
        }
        for path in
            ["phone-numbers/twilio/numbers.json", "phone-numbers/a/b/numbers.json", "agents/x.json", "directory.json"]
        {
            assert_eq!(FileKind::of(path), None, "{path}");
        }
    }

    #[test]
    fn files_with_secrets_or_run_records_are_never_committed() {
        for path in [
            "workspaces.json",
            ".env",
            "phone-numbers/twilio/sync.json",
            "phone-numbers.backup.20251119_120000/directory.json",
            "phone-numbers/phone-numbers.backup.1/staging/numbers.json",
            "phone-numbers/old/twilio/trunks.json",
            ".ENV",
            "Workspaces.JSON",
            "Phone-Numbers/Twilio/trunks.json",
            "agents/sales/.env",
            "eu/.env.production",
            "phone-numbers/workspaces.json",
        ] {
            assert!(is_never_committed(path), "{path}");
        }
        for path in ["phone-numbers/directory.json", "agents/sales/workspaces.json", "phone-numbers.backup.md"] {
            assert!(!is_never_committed(path), "{path}");
        }
    }
}
