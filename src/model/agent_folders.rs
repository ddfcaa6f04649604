//! The agents' folders, `agents/<name>/`: an agent's name, and its id in each workspace.
//!
//! These files belong to another tool; whatever else they hold is left alone.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::agent::{AgentId, AgentPath};
use super::object::object_type;
use super::workspace::WorkspaceName;

/// `agents/<name>/agent.json`, as far as phone-dir reads it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct AgentFile {
    #[serde(default)]
    pub agent_name: Option<String>,
}

object_type!(AgentFile);

/// One agent of `agents/<name>/<workspace>.json`, as far as phone-dir reads it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct AgentWorkspaceFile {
    /// The agent's id in the workspace; null before it was pushed there.
    #[serde(default)]
    pub agent_id: Option<AgentId>,
    /// What the other tool calls the workspace, where the name of the file stands for several.
    #[serde(default, skip_serializing)]
    workspace_id: Value,
    /// The same in newer versions of it; else the name of the file.
    #[serde(default, skip_serializing)]
    workspace: Value,
}

object_type!(AgentWorkspaceFile);

impl AgentWorkspaceFile {
    pub fn of(agent_id: Option<AgentId>) -> Self {
        Self { agent_id, ..Self::default() }
    }

    /// The workspace that it is about besides the one that names its file.
    pub fn other_workspace(&self, file: &WorkspaceName) -> Option<WorkspaceName> {
        let texts = [&self.workspace_id, &self.workspace].into_iter().filter_map(Value::as_str);
        let mut names = texts.filter_map(|text| WorkspaceName::parse(text).ok());
        names.find(|name| name != file && !WorkspaceName::default_pair().contains(name))
    }
}

/// The whole file: one agent, or a list of the agents that its tool made of the folder in several workspaces of Retell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentWorkspaceFiles(pub Vec<AgentWorkspaceFile>);

impl<'de> Deserialize<'de> for AgentWorkspaceFiles {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrSeveral;

        impl<'de> serde::de::Visitor<'de> for OneOrSeveral {
            type Value = Vec<AgentWorkspaceFile>;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("an object or a list of objects")
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(self, access: A) -> Result<Self::Value, A::Error> {
                let one: AgentWorkspaceFile =
                    Deserialize::deserialize(serde::de::value::MapAccessDeserializer::new(access))?;
                Ok(vec![one])
            }

            fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
                let mut all = Vec::new();
                while let Some(one) = access.next_element()? {
                    all.push(one);
                }
                Ok(all)
            }
        }

        deserializer.deserialize_any(OneOrSeveral).map(Self)
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AgentFolder {
    /// The name from `agent.json`.
    pub name: Option<String>,
    /// The id in each workspace that has a file.
    pub ids: BTreeMap<WorkspaceName, Option<AgentId>>,
}

/// A folder whose id in a workspace is another one: the folder's name stays, and another agent is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentIdChange {
    pub path: AgentPath,
    pub workspace: WorkspaceName,
    pub from: AgentId,
    /// The id after; none where the file has none any more.
    pub to: Option<AgentId>,
}

/// All agents' folders, and the way back from an id to its folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AgentFolders {
    folders: BTreeMap<AgentPath, AgentFolder>,
    by_id: BTreeMap<WorkspaceName, BTreeMap<AgentId, AgentPath>>,
    elsewhere: BTreeSet<AgentPath>,
}

impl AgentFolders {
    /// Notes that a folder is there.
    pub fn folder(&mut self, path: AgentPath) -> &mut AgentFolder {
        self.folders.entry(path).or_default()
    }

    /// Notes the agent's id in a workspace. The first folder, by path, keeps an id that two folders claim.
    pub fn add_id(&mut self, path: &AgentPath, workspace: &WorkspaceName, id: Option<AgentId>) {
        if let Some(id) = &id {
            let owner =
                self.by_id.entry(workspace.clone()).or_default().entry(id.clone()).or_insert_with(|| path.clone());
            if path < owner {
                *owner = path.clone();
            }
        }
        self.folder(path.clone()).ids.insert(workspace.clone(), id);
    }

    /// Notes the agents of a file. All of them are the folder's; the first stands for it where one id is asked for, and each for it in
    /// the workspace that it names besides, unless the folder has a file of its own for that.
    pub fn add_entries(&mut self, path: &AgentPath, workspace: &WorkspaceName, entries: Vec<AgentWorkspaceFile>) {
        self.add_id(path, workspace, None);
        for entry in entries.into_iter().rev() {
            let other = entry.other_workspace(workspace);
            let Some(id) = entry.agent_id else { continue };
            self.add_id(path, workspace, Some(id.clone()));
            if let Some(other) = other.filter(|other| self.id_in(path, other).is_none()) {
                self.add_id(path, &other, Some(id));
            }
        }
    }

    /// The ids that are others in `after`. A file that only one of them has changes no id: it may be merely not here.
    pub fn changed_ids(&self, after: &Self) -> Vec<AgentIdChange> {
        let mut changed = Vec::new();
        for (path, folder) in &self.folders {
            let Some(next) = after.folders.get(path) else { continue };
            for (workspace, from) in &folder.ids {
                let (Some(from), Some(to)) = (from, next.ids.get(workspace)) else { continue };
                if to.as_ref() != Some(from) {
                    let (path, workspace, from, to) = (path.clone(), workspace.clone(), from.clone(), to.clone());
                    changed.push(AgentIdChange { path, workspace, from, to });
                }
            }
        }
        changed
    }

    /// Notes folders that are merely not here: their absence says nothing.
    pub fn keep_elsewhere(&mut self, paths: BTreeSet<AgentPath>) {
        self.elsewhere = paths;
    }

    /// Whether a folder is merely not here.
    pub fn is_elsewhere(&self, path: &AgentPath) -> bool {
        self.elsewhere.contains(path)
    }

    /// The only folder whose file of that workspace holds the id; none where two do.
    pub fn only_path_of(&self, workspace: &WorkspaceName, id: &AgentId) -> Option<&AgentPath> {
        let has_id = |folder: &AgentFolder| folder.ids.get(workspace).is_some_and(|known| known.as_ref() == Some(id));
        let mut paths = self.folders.iter().filter(|(_, folder)| has_id(folder)).map(|(path, _)| path);
        paths.next().filter(|_| paths.next().is_none())
    }

    /// The folders as they are when a workspace, and with it their files, has another name.
    #[must_use]
    pub fn with_workspace_renamed(&self, from: &WorkspaceName, to: &WorkspaceName) -> Self {
        let renamed = |name: &WorkspaceName| if name == from { to.clone() } else { name.clone() };
        let mut folders = self.folders.clone();
        for folder in folders.values_mut() {
            folder.ids = std::mem::take(&mut folder.ids).into_iter().map(|(name, id)| (renamed(&name), id)).collect();
        }
        let by_id = self.by_id.iter().map(|(name, ids)| (renamed(name), ids.clone())).collect();
        Self { folders, by_id, elsewhere: self.elsewhere.clone() }
    }

    pub fn iter(&self) -> impl Iterator<Item = (&AgentPath, &AgentFolder)> {
        self.folders.iter()
    }

    pub fn get(&self, path: &AgentPath) -> Option<&AgentFolder> {
        self.folders.get(path)
    }

    /// The folder whose file of that workspace holds the id.
    pub fn path_of(&self, workspace: &WorkspaceName, id: &AgentId) -> Option<&AgentPath> {
        self.by_id.get(workspace)?.get(id)
    }

    /// Every id that a folder has, with its workspace.
    pub fn ids(&self) -> impl Iterator<Item = (&WorkspaceName, &AgentId, &AgentPath)> {
        self.by_id.iter().flat_map(|(workspace, ids)| ids.iter().map(move |(id, path)| (workspace, id, path)))
    }

    /// What a person types to mean an agent of a workspace: its folder's path, else its id.
    pub fn path_or_id<'a>(&'a self, workspace: &WorkspaceName, id: &'a AgentId) -> &'a str {
        self.path_of(workspace, id).map_or_else(|| id.as_str(), AgentPath::as_str)
    }

    /// The workspace and folder of an id in any workspace, in the order of workspaces.
    pub fn anywhere(&self, id: &AgentId) -> impl Iterator<Item = (&WorkspaceName, &AgentPath)> {
        self.by_id.iter().filter_map(move |(workspace, ids)| ids.get(id).map(|path| (workspace, path)))
    }

    pub fn id_in(&self, path: &AgentPath, workspace: &WorkspaceName) -> Option<&AgentId> {
        self.folders.get(path)?.ids.get(workspace)?.as_ref()
    }

    pub fn has(&self, path: &AgentPath) -> bool {
        self.folders.contains_key(path)
    }

    pub fn name_of(&self, path: &AgentPath) -> Option<&str> {
        self.folders.get(path)?.name.as_deref()
    }

    /// The folders whose agent has that name; without regard to case where none has exactly it.
    pub fn called(&self, name: &str) -> Vec<&AgentPath> {
        let named = |is: &dyn Fn(&str) -> bool| -> Vec<&AgentPath> {
            let folders = self.folders.iter().filter(|(_, folder)| folder.name.as_deref().is_some_and(is));
            folders.map(|(path, _)| path).collect()
        };
        let exact = named(&|known| known == name);
        let name = name.to_lowercase();
        if exact.is_empty() { named(&|known| known.to_lowercase() == name) } else { exact }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(name: &str) -> AgentPath {
        AgentPath::of_folder(name).unwrap()
    }

    fn id(text: &str) -> AgentId {
        text.parse().unwrap()
    }

    fn workspace(name: &str) -> WorkspaceName {
        name.parse().unwrap()
    }

    /// A folder by name, with its ids by workspace.
    type Listed<'a> = (&'a str, &'a [(&'a str, Option<&'a str>)]);

    fn folders(all: &[Listed<'_>]) -> AgentFolders {
        let mut folders = AgentFolders::default();
        for (name, ids) in all {
            folders.folder(path(name));
            for (workspace, id) in *ids {
                folders.add_id(&path(name), &self::workspace(workspace), id.map(self::id));
            }
        }
        folders
    }

    #[test]
    fn an_id_is_a_folders_in_its_workspace_alone() {
        let folders =
            folders(&[("a", &[("one", Some("x")), ("two", Some("y")), ("three", None)]), ("b", &[("two", Some("x"))])]);
        let (one, two, three) = (workspace("one"), workspace("two"), workspace("three"));
        assert_eq!(folders.path_of(&one, &id("x")), Some(&path("a")));
        assert_eq!(folders.path_of(&two, &id("x")), Some(&path("b")));
        assert_eq!([folders.path_of(&one, &id("y")), folders.path_of(&three, &id("x"))], [None, None]);
        assert_eq!(folders.path_or_id(&one, &id("x")), "agents/a");
        assert_eq!(folders.path_or_id(&one, &id("y")), "y");
        let anywhere: Vec<_> = folders.anywhere(&id("x")).map(|(name, path)| format!("{name} {path}")).collect();
        assert_eq!(anywhere, ["one agents/a", "two agents/b"]);
        assert_eq!(folders.id_in(&path("a"), &two), Some(&id("y")));
        assert_eq!(
            [folders.id_in(&path("a"), &three), folders.id_in(&path("b"), &one), folders.id_in(&path("c"), &one)],
            [None; 3]
        );
        assert_eq!(
            folders.iter().map(|(path, folder)| (path.clone(), folder.ids.len())).collect::<Vec<_>>(),
            [(path("a"), 3), (path("b"), 1)]
        );
        assert_eq!((folders.get(&path("b")).map(|it| it.ids.len()), folders.get(&path("c"))), (Some(1), None));
    }

    #[test]
    fn each_of_several_agents_is_the_folders_in_the_workspace_that_it_names_too() {
        let entries = |text: &str| serde_json::from_str::<AgentWorkspaceFiles>(text).unwrap().0;
        let mut folders = AgentFolders::default();
        folders.add_id(&path("a"), &workspace("west"), Some(id("own")));
        let text = r#"[{"workspace": "production", "workspace_id": "east", "agent_id": "x"}, {"workspace": "west", "agent_id": "y"},
            {"workspace": "staging", "agent_id": "z"}, {"workspace_id": 5, "workspace": "a b", "agent_id": "v"}]"#;
        folders.add_entries(&path("a"), &workspace("production"), entries(text));
        let of = |name: &str| folders.id_in(&path("a"), &workspace(name)).map(AgentId::as_str);
        assert_eq!(
            [of("production"), of("east"), of("west"), of("staging")],
            [Some("x"), Some("x"), Some("own"), None]
        );
        assert_eq!(folders.path_of(&workspace("production"), &id("v")), Some(&path("a")));
    }

    #[test]
    fn of_two_folders_with_one_id_the_first_by_path_has_it_in_whatever_order_they_come() {
        for names in [["a", "b"], ["b", "a"]] {
            let folders = folders(&names.map(|name| (name, &[("one", Some("x"))][..])));
            assert_eq!(folders.path_of(&workspace("one"), &id("x")), Some(&path("a")), "{names:?}");
            assert_eq!(folders.only_path_of(&workspace("one"), &id("x")), None);
        }
        let one =
            folders(&[("a", &[("one", Some("x")), ("two", Some("y"))]), ("b", &[("two", Some("x")), ("one", None)])]);
        assert_eq!(one.only_path_of(&workspace("one"), &id("x")), Some(&path("a")));
        assert_eq!(one.only_path_of(&workspace("two"), &id("x")), Some(&path("b")));
        assert_eq!(
            [one.only_path_of(&workspace("one"), &id("y")), one.only_path_of(&workspace("three"), &id("x"))],
            [None; 2]
        );
    }

    #[test]
    fn an_id_changed_where_both_sides_have_the_file_and_it_held_one() {
        let before = folders(&[
            ("a", &[("one", Some("x")), ("two", Some("y")), ("three", None), ("four", Some("z")), ("five", Some("v"))]),
            ("gone", &[("one", Some("g"))]),
        ]);
        let after = folders(&[
            (
                "a",
                &[("one", Some("x")), ("two", Some("new")), ("three", Some("w")), ("four", None), ("six", Some("u"))],
            ),
            ("new", &[("one", Some("n"))]),
        ]);
        let change = |name: &str, from: &str, to: Option<&str>| AgentIdChange {
            path: path("a"),
            workspace: workspace(name),
            from: id(from),
            to: to.map(id),
        };
        let mut changed = before.changed_ids(&after);
        changed.sort_by_key(|it| it.from.to_string());
        assert_eq!(changed, [change("two", "y", Some("new")), change("four", "z", None)]);
        assert_eq!(before.changed_ids(&before), Vec::new());
    }

    #[test]
    fn a_workspace_may_have_another_name_and_folders_may_be_elsewhere() {
        let mut before = folders(&[("a", &[("one", Some("x")), ("two", Some("y"))])]);
        before.folder(path("a")).name = Some("Agent A".to_owned());
        assert_eq!((before.name_of(&path("a")), before.name_of(&path("b"))), (Some("Agent A"), None));
        before.keep_elsewhere([path("b")].into());
        assert!(before.is_elsewhere(&path("b")) && !before.is_elsewhere(&path("a")));
        let after = before.with_workspace_renamed(&workspace("one"), &workspace("uno"));
        let mut expected = folders(&[("a", &[("uno", Some("x")), ("two", Some("y"))])]);
        expected.folder(path("a")).name = Some("Agent A".to_owned());
        expected.keep_elsewhere([path("b")].into());
        assert_eq!(after, expected);
    }
}
