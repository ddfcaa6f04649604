//! `workspaces.json`: where each workspace's API key comes from. It belongs to the existing tool and is never committed.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::object::object_type;
use super::presence::{present, unique_map};
use super::workspace::WorkspaceName;

/// A secret; it is never printed, not even by `Debug`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ApiKey(String);

impl ApiKey {
    /// Wraps a secret.
    pub fn new(secret: impl Into<String>) -> Self {
        Self(secret.into())
    }

    /// The secret itself, for the one header that carries it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ApiKey(…)")
    }
}

/// How to reach one workspace. Properties that the existing tool adds are left alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct WorkspaceSettings {
    /// The name for people.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The environment variable that holds the key; it starts with `RETELL_`.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub api_key_env: Option<String>,
    /// The key itself.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub api_key: Option<ApiKey>,
    /// The API's base address; Retell's or loopback.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
}

object_type!(WorkspaceSettings);

/// The whole file: the workspaces by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkspacesFile {
    /// The settings of each workspace.
    pub workspaces: BTreeMap<WorkspaceName, WorkspaceSettings>,
}

impl<'de> Deserialize<'de> for WorkspacesFile {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let entries: BTreeMap<Key, Value> = unique_map(deserializer)?;
        let workspaces = entries.into_iter().filter_map(|(key, value)| match (key, value) {
            (Key::Workspace(name), Value::Settings(settings)) => Some(Ok((name, settings))),
            (Key::Schema, Value::Text(_)) => None,
            _ => Some(Err(serde::de::Error::custom("expected settings by workspace name"))),
        });
        Ok(Self { workspaces: workspaces.collect::<Result<_, _>>()? })
    }
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Schema,
    Workspace(WorkspaceName),
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text == "$schema" {
            return Ok(Self::Schema);
        }
        WorkspaceName::parse(&text).map(Self::Workspace).map_err(serde::de::Error::custom)
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Value {
    Text(#[allow(dead_code)] String),
    Settings(WorkspaceSettings),
}
