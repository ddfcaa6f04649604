//! What agents are called in sentences: the one rule of every answer that tells people who answers.
//!
//! Not here: what a person types to mean an agent, which `AgentFolders::path_or_id` writes.

use std::collections::BTreeMap;

use super::{AgentId, AgentPath, Directory, WorkspaceName};

/// What agents are called, by workspace and id: an id is a folder's in the workspace of that id alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AgentNames {
    pub folders: BTreeMap<(WorkspaceName, AgentId), AgentPath>,
    /// The names of agents that no folder has, as people typed them at Retell: no commit message may quote them.
    pub typed: BTreeMap<(WorkspaceName, AgentId), String>,
}

impl AgentNames {
    /// Everything that a directory knows: the folders that are here, those that numbers name, and the names of strangers.
    pub fn of(directory: &Directory) -> Self {
        let mut names = Self::default();
        for (workspace, files) in &directory.workspaces {
            let principal = files.assignments.assignments.iter();
            let with_folder = principal.filter_map(|known| Some((known.agent_id.clone()?, known.agent_path.clone()?)));
            names.folders.extend(with_folder.map(|(id, path)| ((workspace.clone(), id), path)));
        }
        let here = directory.agents.ids();
        names.folders.extend(here.map(|(workspace, id, path)| ((workspace.clone(), id.clone()), path.clone())));
        let typed = directory.stranger_names().into_iter();
        names.typed = typed.map(|((workspace, id), name)| ((workspace.clone(), id.clone()), name.to_owned())).collect();
        names
    }

    /// The folder of an agent in a workspace, as far as it is known.
    pub fn folder(&self, workspace: Option<&WorkspaceName>, id: &AgentId) -> Option<&AgentPath> {
        self.folders.get(&(workspace?.clone(), id.clone()))
    }

    /// An agent in words: its folder; whose it is, where only another workspace has it; else its name, or its id.
    pub fn words(&self, workspace: Option<&WorkspaceName>, id: &AgentId) -> String {
        self.folder(workspace, id).map_or_else(|| self.without_folder(workspace, id), ToString::to_string)
    }

    /// The same in a cell or beside a bar, where there is no room for more than a name.
    pub fn label(&self, workspace: &WorkspaceName, id: &AgentId) -> String {
        let folder = self.folder(Some(workspace), id).map(AgentPath::as_str);
        folder.or_else(|| self.typed(Some(workspace), id)).unwrap_or(id.as_str()).to_owned()
    }

    /// The same with a folder as a literal, as errors and notices write what can be typed.
    pub fn literal(&self, workspace: &WorkspaceName, id: &AgentId) -> String {
        let folder = self.folder(Some(workspace), id).map(|path| format!("`{path}`"));
        folder.unwrap_or_else(|| self.without_folder(Some(workspace), id))
    }

    /// The same of an agent that no folder of the workspace has.
    pub fn without_folder(&self, workspace: Option<&WorkspaceName>, id: &AgentId) -> String {
        let elsewhere = self.folders.iter().find(|((_, known), _)| known == id);
        match (elsewhere, self.typed(workspace, id)) {
            (Some(((workspace, _), path)), _) => format!("{} ({path} of {workspace})", opaque(id.as_str())),
            (None, Some(name)) => format!("\"{name}\" (no folder)"),
            (None, None) => format!("{} (no folder)", opaque(id.as_str())),
        }
    }

    fn typed(&self, workspace: Option<&WorkspaceName>, id: &AgentId) -> Option<&str> {
        self.typed.get(&(workspace?.clone(), id.clone())).map(String::as_str)
    }

    /// Learns what others know besides.
    pub fn extend(&mut self, others: Self) {
        self.folders.extend(others.folders);
        self.typed.extend(others.typed);
    }

    /// Without what people typed.
    #[must_use]
    pub fn without_typed(&self) -> Self {
        Self { folders: self.folders.clone(), typed: BTreeMap::new() }
    }
}

/// An id or a tag as it may stand in a commit message: anything but plain characters is replaced.
pub fn opaque(id: &str) -> String {
    let plain =
        |letter: char| if letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '.') { letter } else { '?' };
    id.chars().take(64).map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agent_is_called_by_its_folder_else_by_its_name_else_by_its_id() {
        let workspace = |name: &str| WorkspaceName::parse(name).unwrap();
        let (staging, production) = (workspace("staging"), workspace("production"));
        let id = |text: &str| AgentId::parse(text).unwrap();
        let names = AgentNames {
            folders: [((staging.clone(), id("a")), AgentPath::of_folder("a").unwrap())].into(),
            typed: [((staging.clone(), id("t")), "Old bot".to_owned())].into(),
        };
        assert_eq!(names.words(Some(&staging), &id("a")), "agents/a");
        assert_eq!(names.words(Some(&production), &id("a")), "a (agents/a of staging)");
        assert_eq!(names.words(Some(&staging), &id("t")), "\"Old bot\" (no folder)");
        assert_eq!(names.words(Some(&production), &id("x y")), "x?y (no folder)");
        assert_eq!(["a", "t", "x"].map(|text| names.label(&staging, &id(text))), ["agents/a", "Old bot", "x"]);
    }
}
