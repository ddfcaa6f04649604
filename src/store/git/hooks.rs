//! What a hook asks git: where hooks are, and what a commit under way would change.

use std::path::PathBuf;

use super::GitRepository;
use crate::error::{Error, Result};
use crate::store::path::ProjectPath;

impl GitRepository {
    /// The same repository, seen from another project in it: a folder from the top of the working tree, ending in
    /// `/`, or empty. The folder need not exist on disk.
    pub fn of_project(self, root: &str) -> Result<Self> {
        if !root.is_empty() {
            ProjectPath::parse(root.strip_suffix('/').unwrap_or(root))?;
        }
        let project = Self { prefix: root.to_owned(), ..self };
        project.refuse_special_files()?;
        Ok(project)
    }

    /// The absolute path of the folder from which git runs hooks, whatever `core.hooksPath` says.
    pub(in crate::store) fn hooks_path(&self) -> Result<PathBuf> {
        let output = self.question("rev-parse")?.args(["--git-path", "hooks"]).run("find git's hooks folder")?;
        let text = String::from_utf8(output)
            .map_err(|error| Error::failed("the path of git's hooks folder is not UTF-8").caused_by(error))?;
        let path = text.strip_suffix('\n').unwrap_or(&text);
        let place = self.workdir().join(path);
        // `/dev/null`, or an empty setting, is how hooks are switched off.
        if path.is_empty() || path == "./" || (place.exists() && !place.is_dir()) {
            return Err(Error::failed(format!("git's hooks are switched off here: `core.hooksPath` is `{path}`"))
                .hint("see where that is set with `git config --show-origin core.hooksPath`"));
        }
        Ok(place)
    }

    /// Whether `core.hooksPath` is set for every repository of the user or the machine, and not for this one.
    pub(in crate::store) fn hooks_path_is_global(&self) -> Result<bool> {
        let words = ["--show-scope", "--get", "core.hooksPath"];
        let output = self.question("config")?.args(words).output()?;
        // Without a setting git ends with 1.
        let text = String::from_utf8_lossy(&output.stdout);
        let scope = text.split_whitespace().next().unwrap_or_default();
        Ok(!matches!(scope, "" | "local" | "worktree"))
    }

    /// The paths, from the top of the working tree, at which the index differs from HEAD: what a commit would change.
    pub fn staged_paths(&self) -> Result<Vec<String>> {
        let options = ["--cached", "--name-only", "-z", "--no-renames", "--no-ext-diff", "--no-relative"];
        let listing = self.question("diff")?.args(options).index(&self.index_path).run("ask git what is staged")?;
        let names = listing.split(|byte| *byte == 0).filter(|name| !name.is_empty());
        Ok(names.map(|name| String::from_utf8_lossy(name).into_owned()).collect())
    }

    /// Every path of the index, from the top of the working tree.
    pub fn indexed_paths(&self) -> Result<Vec<String>> {
        let index = self.open_index()?;
        Ok(index.iter().map(|entry| String::from_utf8_lossy(&entry.path).into_owned()).collect())
    }

    /// Whether HEAD has anything at a folder of the project.
    pub fn head_has_folder(&self, folder: &str) -> Result<bool> {
        let Some(commit) = self.head()?.commit() else { return Ok(false) };
        let Some(tree) = self.project_tree(&commit)? else { return Ok(false) };
        Ok(tree.get_name(folder).is_some())
    }
}
