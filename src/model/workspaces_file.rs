//! `workspaces.json`: where each workspace's API key comes from. It belongs to the existing tool and is never committed.

use std::collections::{BTreeMap, BTreeSet};
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct WorkspaceSettings {
    /// The name for people.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The environment variable that holds the key; it starts with `RETELL_`.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub api_key_env: Option<String>,
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
    /// The names that stand for several workspaces of Retell each, which only the other tool knows how to use.
    pub several: BTreeSet<WorkspaceName>,
    /// The names that hold a text, a number or a boolean: settings of another tool, and no workspaces.
    pub settings: BTreeSet<WorkspaceName>,
    holds_a_key_as_text: bool,
}

impl WorkspacesFile {
    /// Whether a key stands in the file itself.
    pub fn holds_a_key(&self) -> bool {
        self.holds_a_key_as_text || self.workspaces.values().any(|settings| settings.api_key.is_some())
    }
}

/// The workspaces that are there unless a project says otherwise: these names are never settings of another tool.
const USUAL: [&str; 2] = ["staging", "production"];

/// What the other tool writes as `mode` where a name may stand for several workspaces.
const SEVERAL: &str = "multi-production";

impl<'de> Deserialize<'de> for WorkspacesFile {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let entries: BTreeMap<Key, Value> = unique_map(deserializer)?;
        let is_several = entries
            .iter()
            .any(|(key, value)| key.is("mode") && matches!(value, Value::Setting(Some(mode)) if mode == SEVERAL));
        let mut file = Self::default();
        for (key, value) in entries {
            match (key, value) {
                (Key::Workspace(name), Value::Setting(_)) if USUAL.contains(&name.as_str()) => {
                    let message = format!("expected an object with the settings of the workspace `{name}`");
                    return Err(serde::de::Error::custom(message));
                }
                (Key::Workspace(name), Value::Setting(text)) => {
                    file.holds_a_key_as_text |= text.is_some_and(|text| text.starts_with("key_"));
                    file.settings.insert(name);
                }
                (Key::Schema, Value::Setting(text)) if text.is_some() => {}
                (Key::Schema, _) => return Err(serde::de::Error::custom("expected a text as `$schema`")),
                (Key::Workspace(name), Value::Several) => {
                    file.several.insert(name.clone());
                    file.workspaces.insert(name, WorkspaceSettings::default());
                }
                (Key::Workspace(name), Value::Settings(settings)) => {
                    if is_several && settings.api_key.is_none() && settings.api_key_env.is_none() {
                        file.several.insert(name.clone());
                    }
                    file.workspaces.insert(name, settings);
                }
            }
        }
        Ok(file)
    }
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Schema,
    Workspace(WorkspaceName),
}

impl Key {
    fn is(&self, word: &str) -> bool {
        matches!(self, Self::Workspace(name) if name.as_str() == word)
    }
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

enum Value {
    /// A setting of another tool; its text, if it is one.
    Setting(Option<String>),
    Settings(WorkspaceSettings),
    Several,
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Member;

        // By hand, so that an error keeps its place in the file.
        impl<'de> serde::de::Visitor<'de> for Member {
            type Value = Value;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("settings by workspace name")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Value, E> {
                Ok(Value::Setting(Some(text.to_owned())))
            }

            fn visit_bool<E: serde::de::Error>(self, _: bool) -> Result<Value, E> {
                Ok(Value::Setting(None))
            }

            fn visit_u64<E: serde::de::Error>(self, _: u64) -> Result<Value, E> {
                Ok(Value::Setting(None))
            }

            fn visit_i64<E: serde::de::Error>(self, _: i64) -> Result<Value, E> {
                Ok(Value::Setting(None))
            }

            fn visit_f64<E: serde::de::Error>(self, _: f64) -> Result<Value, E> {
                Ok(Value::Setting(None))
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(self, access: A) -> Result<Value, A::Error> {
                WorkspaceSettings::deserialize(serde::de::value::MapAccessDeserializer::new(access))
                    .map(Value::Settings)
            }

            fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
                while access.next_element::<OneOfSeveral>()?.is_some() {}
                Ok(Value::Several)
            }
        }

        deserializer.deserialize_any(Member)
    }
}

/// One of the workspaces behind a name: an object, of which nothing is read.
struct OneOfSeveral;

impl<'de> Deserialize<'de> for OneOfSeveral {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        BTreeMap::<String, serde::de::IgnoredAny>::deserialize(deserializer).map(|_| Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> serde_json::Result<WorkspacesFile> {
        serde_json::from_str(text)
    }

    #[test]
    fn texts_beside_the_workspaces_belong_to_another_tool() {
        let file =
            read("{\"mode\": \"single-production\", \"cli_version\": \"^1.4.0\", \"staging\": {\"name\": \"S\"}}")
                .unwrap();
        let names: Vec<_> = file.workspaces.keys().map(WorkspaceName::as_str).collect();
        assert_eq!((names, file.several.len(), file.settings.len()), (vec!["staging"], 0, 2));
        assert!(!file.holds_a_key() && read("{\"eu\": \"key_0000\"}").unwrap().holds_a_key());
    }

    #[test]
    fn a_text_is_no_settings_of_a_usual_workspace() {
        for text in ["{\"staging\": \"x\"}", "{\"production\": 5}", "{\"mode\": \"x\", \"staging\": true}"] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_name_for_several_workspaces_is_known_as_such() {
        let list = "{\"staging\": {\"api_key_env\": \"X\"}, \"production\": [{\"id\": \"a\"}, {\"id\": \"b\"}]}";
        let named =
            "{\"mode\": \"multi-production\", \"staging\": {\"api_key_env\": \"X\"}, \"production\": {\"east\": {}}}";
        for text in [list, named] {
            let file = read(text).unwrap();
            assert_eq!(file.several.iter().map(WorkspaceName::as_str).collect::<Vec<_>>(), ["production"], "{text}");
            assert_eq!(file.workspaces.len(), 2);
        }
    }

    #[test]
    fn a_wrong_value_is_found_where_it_stands() {
        let error = read("{\n  \"staging\": {\n    \"name\": 5\n  }\n}").unwrap_err();
        assert_eq!(error.line(), 3);
        assert!(read("{\"staging\": null}").is_err() && read("{\"staging\": [5]}").is_err());
    }
}
