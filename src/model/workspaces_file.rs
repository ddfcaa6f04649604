//! `workspaces.json`: where each workspace's API key comes from. It belongs to the existing tool and is never committed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::object::object_type;
use super::presence::unique_map;
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

/// How to reach one workspace. Properties that the existing tool adds are left alone, and null is as good as absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct WorkspaceSettings {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The environment variable that holds the key; it starts with `RETELL_`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api_key_env: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api_key: Option<ApiKey>,
    /// The API's base address; Retell's or loopback.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
    /// What else the object holds, which is the other tool's.
    #[serde(flatten)]
    others: BTreeMap<String, Value>,
}

object_type!(WorkspaceSettings);

impl WorkspaceSettings {
    /// The key in the file, where it is one: the other tool takes a blank text for none.
    pub fn key(&self) -> Option<ApiKey> {
        let key = self.api_key.as_ref()?.reveal().trim();
        (!key.is_empty()).then(|| ApiKey::new(key))
    }

    /// Where the key comes from, if it is said.
    pub fn key_place(&self) -> Option<KeyPlace> {
        let variable = || self.api_key_env.clone().map(KeyPlace::Variable);
        self.key().map(KeyPlace::File).or_else(variable)
    }

    /// Whether nothing in the object is said of a workspace, and something else is.
    fn is_of_another_tool(&self) -> bool {
        let said = self.name.is_some() || self.base_url.is_some() || self.key_place().is_some();
        let named = ["id", "workspace_id"].iter().any(|key| self.others.contains_key(*key));
        !said && !named && !self.others.is_empty()
    }

    /// What the object has beside the settings, each with the name that the other tool gives it.
    fn nested(&self) -> Vec<Nested> {
        let objects = self.others.iter().filter(|(_, value)| value.is_object());
        objects.map(|(name, value)| Nested { name: Some(name.clone()), key: key_place_in(value) }).collect()
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyPlace {
    File(ApiKey),
    Variable(String),
}

/// One of the workspaces behind a name.
struct Nested {
    name: Option<String>,
    key: Option<KeyPlace>,
}

impl Nested {
    fn of_item(value: &Value) -> Self {
        let named = ["id", "workspace_id"].iter().find_map(|key| value.get(key)?.as_str());
        Self { name: named.map(str::to_owned), key: key_place_in(value) }
    }
}

fn key_place_in(value: &Value) -> Option<KeyPlace> {
    let text = |key: &str| value.get(key)?.as_str().map(str::to_owned);
    WorkspaceSettings {
        api_key: text("api_key").map(ApiKey::new),
        api_key_env: text("api_key_env"),
        ..WorkspaceSettings::default()
    }
    .key_place()
}

/// The whole file: the workspaces by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkspacesFile {
    pub workspaces: BTreeMap<WorkspaceName, WorkspaceSettings>,
    /// The names that stand for several workspaces of Retell each, with what the other tool calls these. Such a name is among the
    /// workspaces as long as one of them has no name of its own beside it.
    pub several: BTreeMap<WorkspaceName, Vec<String>>,
    /// The names that hold something else: settings of another tool, and no workspaces.
    pub settings: BTreeSet<WorkspaceName>,
    holds_a_key_as_text: bool,
}

impl WorkspacesFile {
    /// Whether a key stands in the file itself.
    pub fn holds_a_key(&self) -> bool {
        self.holds_a_key_as_text || self.workspaces.values().any(|settings| settings.key().is_some())
    }

    /// Takes a member of the file as what it stands for.
    fn add(&mut self, name: WorkspaceName, member: Member, mode: Mode) {
        match member {
            Member::Setting(text) => {
                self.holds_a_key_as_text |= text.is_some_and(|text| text.starts_with("key_"));
                self.settings.insert(name);
            }
            Member::List(items) if items.iter().all(Value::is_object) => {
                self.add_several(name, items.iter().map(Nested::of_item).collect());
            }
            Member::List(_) => _ = self.settings.insert(name),
            Member::Settings(settings) => {
                let nested = settings.nested();
                let is_several = mode == Mode::Several || nested.iter().any(|one| one.key.is_some());
                if is_several && !nested.is_empty() && settings.key_place().is_none() {
                    self.add_several(name, nested);
                } else if settings.is_of_another_tool() && !USUAL.contains(&name.as_str()) {
                    self.settings.insert(name);
                } else {
                    // What is not ours, perhaps a key, is not kept.
                    self.workspaces.insert(name, WorkspaceSettings { others: BTreeMap::new(), ..settings });
                }
            }
        }
    }

    fn add_several(&mut self, name: WorkspaceName, all: Vec<Nested>) {
        self.holds_a_key_as_text |= all.iter().any(|one| matches!(one.key, Some(KeyPlace::File(_))));
        let own: Vec<_> = self.workspaces.values().filter_map(WorkspaceSettings::key_place).collect();
        let is_named = |one: &Nested| one.key.as_ref().is_some_and(|key| own.contains(key));
        if all.is_empty() || !all.iter().all(is_named) {
            self.workspaces.insert(name.clone(), WorkspaceSettings::default());
        }
        self.several.insert(name, all.into_iter().filter_map(|one| one.name).collect());
    }
}

/// The workspaces that are there unless a project says otherwise: these names are never settings of another tool.
const USUAL: [&str; 2] = ["staging", "production"];

/// What the other tool writes as `mode` where a name may stand for several workspaces.
const SEVERAL: &str = "multi-production";

/// Whether the other tool's `mode` says that a name may stand for several workspaces.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Unsaid,
    Several,
}

impl<'de> Deserialize<'de> for WorkspacesFile {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let entries: BTreeMap<Key, Member> = unique_map(deserializer)?;
        let is_several = |(key, member): (&Key, &Member)| {
            matches!(key, Key::Workspace(name) if name.as_str() == "mode")
                && matches!(member, Member::Setting(Some(mode)) if mode == SEVERAL)
        };
        let mode = if entries.iter().any(is_several) { Mode::Several } else { Mode::Unsaid };
        // Which of several workspaces has a name of its own is known when the others are there.
        let (last, first): (Vec<_>, Vec<_>) = entries.into_iter().partition(|(_, member)| member.may_be_several());
        let mut file = Self::default();
        for (key, member) in first.into_iter().chain(last) {
            match key {
                Key::Schema if matches!(member, Member::Setting(Some(_))) => {}
                Key::Schema => return Err(serde::de::Error::custom("expected a text as `$schema`")),
                Key::Workspace(name) if USUAL.contains(&name.as_str()) && !member.is_of_a_workspace() => {
                    let message = format!("expected an object with the settings of the workspace `{name}`");
                    return Err(serde::de::Error::custom(message));
                }
                Key::Workspace(name) => file.add(name, member, mode),
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

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text == "$schema" {
            return Ok(Self::Schema);
        }
        WorkspaceName::parse(&text).map(Self::Workspace).map_err(serde::de::Error::custom)
    }
}

enum Member {
    /// A setting of another tool; its text, if it is one.
    Setting(Option<String>),
    Settings(WorkspaceSettings),
    List(Vec<Value>),
}

impl Member {
    fn may_be_several(&self) -> bool {
        matches!(self, Self::List(_)) || matches!(self, Self::Settings(settings) if settings.key_place().is_none())
    }

    fn is_of_a_workspace(&self) -> bool {
        match self {
            Self::Setting(_) => false,
            Self::Settings(_) => true,
            Self::List(items) => items.iter().all(Value::is_object),
        }
    }
}

impl<'de> Deserialize<'de> for Member {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;

        // By hand, so that an error keeps its place in the file.
        impl<'de> serde::de::Visitor<'de> for Any {
            type Value = Member;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("settings by workspace name")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Member, E> {
                Ok(Member::Setting(Some(text.to_owned())))
            }

            fn visit_unit<E: serde::de::Error>(self) -> Result<Member, E> {
                Ok(Member::Setting(None))
            }

            fn visit_bool<E: serde::de::Error>(self, _: bool) -> Result<Member, E> {
                Ok(Member::Setting(None))
            }

            fn visit_u64<E: serde::de::Error>(self, _: u64) -> Result<Member, E> {
                Ok(Member::Setting(None))
            }

            fn visit_i64<E: serde::de::Error>(self, _: i64) -> Result<Member, E> {
                Ok(Member::Setting(None))
            }

            fn visit_f64<E: serde::de::Error>(self, _: f64) -> Result<Member, E> {
                Ok(Member::Setting(None))
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(self, access: A) -> Result<Member, A::Error> {
                WorkspaceSettings::deserialize(serde::de::value::MapAccessDeserializer::new(access))
                    .map(Member::Settings)
            }

            fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut access: A) -> Result<Member, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = access.next_element()? {
                    items.push(item);
                }
                Ok(Member::List(items))
            }
        }

        deserializer.deserialize_any(Any)
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
            assert_eq!(file.several.keys().map(WorkspaceName::as_str).collect::<Vec<_>>(), ["production"], "{text}");
            assert_eq!(file.workspaces.len(), 2);
        }
    }

    #[test]
    fn workspaces_in_a_workspace_are_several_without_a_mode_too_and_keep_the_other_tools_names() {
        for text in [
            "{\"production\": {\"east\": {\"api_key_env\": \"E\"}, \"west\": {\"api_key\": \"key_w\"}}}",
            "{\"production\": [{\"id\": \"east\", \"api_key_env\": \"E\"}, {\"workspace_id\": \"west\", \"api_key\": \"key_w\"}]}",
        ] {
            let file = read(text).unwrap();
            assert_eq!(file.several.values().next().unwrap(), &["east", "west"], "{text}");
            assert!(file.holds_a_key() && file.workspaces.len() == 1, "{text}");
        }
        let one = read("{\"production\": {\"api_key_env\": \"E\", \"limits\": {\"calls\": 5}}, \"eu\": {\"x\": {}}}")
            .unwrap();
        assert!(one.several.is_empty() && one.workspaces.len() == 1 && one.settings.len() == 1);
        assert_eq!(read("{\"eu\": {}, \"us\": {\"name\": \"US\"}}").unwrap().workspaces.len(), 2);
    }

    #[test]
    fn several_workspaces_that_all_have_a_name_of_their_own_beside_it_are_no_workspace() {
        let both = "\"east\": {\"api_key_env\": \"E\"}, \"west\": {\"api_key_env\": \"W\"}";
        let list = "\"production\": [{\"api_key_env\": \"E\"}, {\"api_key_env\": \"W\"}]";
        let names = |text: &str| read(text).unwrap().workspaces.keys().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(names(&format!("{{{list}, {both}}}")), ["east", "west"]);
        assert_eq!(read(&format!("{{{list}, {both}}}")).unwrap().several.len(), 1);
        assert_eq!(names(&format!("{{{list}, \"east\": {{\"api_key_env\": \"E\"}}}}")), ["production", "east"]);
    }

    #[test]
    fn null_and_a_blank_key_say_nothing() {
        let text = "{\"mode\": null, \"tags\": [\"a\"], \"staging\": {\"name\": null, \"api_key\": \" \", \"api_key_env\": \"X\", \"base_url\": null}}";
        let file = read(text).unwrap();
        let settings = file.workspaces.values().next().unwrap();
        assert_eq!(settings.key_place(), Some(KeyPlace::Variable("X".to_owned())));
        assert!(!file.holds_a_key() && file.settings.len() == 2);
    }

    #[test]
    fn a_wrong_value_is_found_where_it_stands() {
        let error = read("{\n  \"staging\": {\n    \"name\": 5\n  }\n}").unwrap_err();
        assert_eq!(error.line(), 3);
        assert!(read("{\"staging\": null}").is_err() && read("{\"staging\": [5]}").is_err());
    }
}
