//! The files at the project's root that phone-dir writes into, and what of them no commit has yet.

use super::ignore_rules::{self, committed, existing_text};
use crate::clone::checks::ATTRIBUTES;
use crate::clone::{block, prettier};
use crate::error::Result;
use crate::store::git::GitRepository;
use crate::store::path::ProjectPath;
use crate::store::project::Project;

/// The root's files of which no commit has what `init` or `setup` wrote.
pub fn left_behind(project: &Project, repository: &GitRepository) -> Result<Vec<ProjectPath>> {
    let mut files: Vec<_> = ignore_rules::uncommitted(project, repository)?.into_iter().collect();
    for name in [ATTRIBUTES, prettier::IGNORED] {
        let path = ProjectPath::parse(name)?;
        let now = Some(existing_text(project, name)?);
        if !block::is_alike(committed(repository, name)?.as_deref(), now.as_deref())
            && !repository.configuration().ignored(&path)?
        {
            files.push(path);
        }
    }
    Ok(files)
}
