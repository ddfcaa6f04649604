//! Changes as JSON, in a shape of its own that does not follow the internals.

use serde::ser::{SerializeMap, SerializeStruct};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use super::rent::RentChangeJson;
use crate::activity::rent_change::RentChange;
use crate::diff::{Change, Changes, FieldChange, FieldValue, FolderShare, PoolDefinitionChange};
use crate::model::agent_folders::AgentIdChange;
use crate::model::{AgentPath, AgentVersion, Weight};
use crate::render::escape;
use crate::render::failure::FORMAT_VERSION;

/// One change of a `changes` array.
impl Serialize for Change {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Change", 4)?;
        object.serialize_field("phone_number", &self.phone_number)?;
        object.serialize_field("workspace", &self.workspace)?;
        object.serialize_field("kind", self.kind.as_str())?;
        object.serialize_field("fields", &self.fields)?;
        object.end()
    }
}

impl Serialize for FieldChange {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("FieldChange", 3)?;
        object.serialize_field("field", self.field.as_str())?;
        object.serialize_field("from", &self.from)?;
        object.serialize_field("to", &self.to)?;
        object.end()
    }
}

/// An agent's part in a list between workspaces.
#[derive(Serialize)]
struct FolderShareJson<'a> {
    agent_path: Option<&'a AgentPath>,
    weight: Weight,
    agent_version: Option<&'a AgentVersion>,
}

impl<'a> FolderShareJson<'a> {
    fn of(share: &'a FolderShare) -> Self {
        let (agent_path, agent_version) = (share.agent_path.as_ref(), share.agent_version.as_ref());
        Self { agent_path, weight: share.weight, agent_version }
    }
}

/// As the files have it; null where there is no value.
impl Serialize for FieldValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Absent => serializer.serialize_none(),
            Self::Flag(flag) => flag.serialize(serializer),
            Self::Text(text) => text.serialize(serializer),
            Self::List(list) => list.serialize(serializer),
            Self::AgentId(id) => id.serialize(serializer),
            Self::AgentPath(path) => path.serialize(serializer),
            Self::Agents(list) => list.serialize(serializer),
            Self::Folders(list) => serializer.collect_seq(list.iter().map(FolderShareJson::of)),
            Self::Record(record) => {
                let mut map = serializer.serialize_map(Some(2))?;
                map.serialize_entry("was", &record.was)?;
                map.serialize_entry("is", &record.is)?;
                map.end()
            }
        }
    }
}

/// A value for one cell of a table: a text as it is, anything else as JSON; none where there is no value.
pub fn cell(value: &FieldValue) -> Option<String> {
    let json = || serde_json::to_string(value).expect("texts, numbers and lists always serialize");
    (!value.is_absent()).then(|| value.as_text().map_or_else(json, str::to_owned))
}

/// The `summary` object: how many changes of each kind.
pub fn summary(changes: &Changes) -> Map<String, Value> {
    changes.summary().into_iter().map(|(kind, count)| (kind.as_str().to_owned(), count.into())).collect()
}

#[derive(Serialize)]
struct Diff<'a> {
    format_version: u32,
    from: &'a str,
    to: &'a str,
    summary: Map<String, Value>,
    changes: &'a [Change],
    /// Left out where every folder stands for the agent that it stood for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    agent_ids: Vec<AgentIdJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rent: Option<RentChangeJson>,
    /// Left out where no pool was made, changed or deleted.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pools: &'a [PoolDefinitionChange],
}

/// A pool that was made, changed or deleted.
impl Serialize for PoolDefinitionChange {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("PoolDefinitionChange", 4)?;
        object.serialize_field("pool", &self.pool)?;
        object.serialize_field("kind", self.kind())?;
        object.serialize_field("from", &self.pair.from)?;
        object.serialize_field("to", &self.pair.to)?;
        object.end()
    }
}

/// A folder that stands for another agent.
#[derive(Serialize)]
struct AgentIdJson<'a> {
    agent_path: &'a str,
    workspace: &'a str,
    from: &'a str,
    to: Option<&'a str>,
}

impl<'a> AgentIdJson<'a> {
    fn of(change: &'a AgentIdChange) -> Self {
        Self {
            agent_path: change.path.as_str(),
            workspace: change.workspace.as_str(),
            from: change.from.as_str(),
            to: change.to.as_ref().map(|id| id.as_str()),
        }
    }
}

/// The whole output of `diff --json`.
pub fn diff(from: &str, to: &str, changes: &Changes, rent: Option<&RentChange>) -> String {
    let agent_ids = changes.agent_ids.iter().map(AgentIdJson::of).collect();
    let rent = rent.map(RentChangeJson::of);
    let (summary, pools, changes) = (summary(changes), &changes.pools, &changes.list);
    let diff = Diff { format_version: FORMAT_VERSION, from, to, summary, changes, agent_ids, rent, pools };
    escape::json_of(&diff)
}
