//! Which of the directory's files are not as a commit has them, in the index or on disk, without reading the contents.

use std::collections::BTreeSet;

use git2::{Diff, DiffOptions, Index};

use super::GitIndex;
use crate::error::{Error, Result};
use crate::model::scope;
use crate::store::git::{CommitId, unexpected};

impl GitIndex<'_> {
    /// The files below `phone-numbers/` that the index does not have as a commit has them; paths from the project's root.
    pub fn unlike(self, commit: &CommitId) -> Result<BTreeSet<String>> {
        self.unlike_in(&self.open_index()?, commit)
    }

    /// The same of the files on disk, known as git knows them: by the size and the time that the index has of each.
    ///
    /// Nothing that the repository's configuration names is started for it: what one of its filters writes counts as unlike.
    pub fn unlike_on_disk(self, commit: &CommitId) -> Result<BTreeSet<String>> {
        let index = self.open_index()?;
        let diff = self.git.repository.diff_index_to_workdir(Some(&index), Some(&mut self.below_directory()));
        let mut unlike = self.paths_of(&diff.map_err(failed)?);
        unlike.append(&mut self.unlike_in(&index, commit)?);
        Ok(unlike)
    }

    fn unlike_in(self, index: &Index, commit: &CommitId) -> Result<BTreeSet<String>> {
        let repository = &self.git.repository;
        let tree = repository.find_commit(commit.0).and_then(|commit| commit.tree()).map_err(failed)?;
        let diff = repository.diff_tree_to_index(Some(&tree), Some(index), Some(&mut self.below_directory()));
        Ok(self.paths_of(&diff.map_err(failed)?))
    }

    fn below_directory(self) -> DiffOptions {
        let mut options = DiffOptions::new();
        options.pathspec(format!("{}{}", self.git.prefix, scope::DIRECTORY));
        options.disable_pathspec_match(true).ignore_submodules(true).skip_binary_check(true).include_typechange(true);
        options
    }

    fn paths_of(self, diff: &Diff<'_>) -> BTreeSet<String> {
        let files = diff.deltas().flat_map(|delta| [delta.old_file().path_bytes(), delta.new_file().path_bytes()]);
        files.flatten().filter_map(|path| self.inside(path)).collect()
    }
}

fn failed(error: git2::Error) -> Error {
    unexpected("compare the directory's files with a commit", error)
}
