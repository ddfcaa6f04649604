//! What judges a change is not the change's own: rules, waivers and ignored projects are those of the commit before it.

use std::collections::BTreeSet;

use crate::error::Result;
use crate::snapshot::Snapshot;
use crate::store::git::{CommitId, GitRepository, KnownTrees};
use crate::validate::Settings;

/// The settings that judge `snapshot`: those of the commit before it, and its own where that has no project at all.
pub fn settings(git: &GitRepository, before: Option<&CommitId>, snapshot: &Snapshot) -> Result<Settings> {
    let before = before.map(|commit| settings_before(git, commit)).transpose()?.flatten();
    Ok(before.unwrap_or_else(|| Settings::in_snapshot(snapshot)))
}

/// The settings of a commit; none where it has no settings of the project, and no project at all. A project that comes to
/// one that is there already begins under the defaults: it does not choose by what it is judged.
pub fn settings_before(git: &GitRepository, commit: &CommitId) -> Result<Option<Settings>> {
    let text = git.objects().settings_in(commit, git.prefix())?;
    let counts = text.is_some()
        || git.objects().has_directory_in(commit)?
        || !git.objects().projects_in(commit, &mut KnownTrees::default())?.is_empty();
    Ok(counts.then(|| Settings::of(text.as_deref())))
}

/// The projects, by their folders from the top, that no settings further out ignore in the commit before the change.
/// In a repository without a commit, what is staged says so.
pub fn judged(
    git: &GitRepository,
    before: Option<&CommitId>,
    roots: impl IntoIterator<Item = String>,
) -> Result<BTreeSet<String>> {
    let mut judged = BTreeSet::new();
    for root in roots {
        if !is_ignored(git, before, &root)? {
            judged.insert(root);
        }
    }
    Ok(judged)
}

fn is_ignored(git: &GitRepository, before: Option<&CommitId>, root: &str) -> Result<bool> {
    for outer in outer_folders(root) {
        let text = match before {
            Some(commit) => git.objects().settings_in(commit, outer)?,
            None => git.index().staged_settings(outer)?,
        };
        if Settings::of(text.as_deref()).ignores_project(&root[outer.len()..]) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The folders around a root, from the top: `""` and `"a/"` for `"a/b/"`.
fn outer_folders(root: &str) -> impl Iterator<Item = &str> {
    let ends = root.match_indices('/').map(|(at, _)| at + 1).filter(|end| *end < root.len());
    std::iter::once(0).filter(|_| !root.is_empty()).chain(ends).map(|end| &root[..end])
}

#[cfg(test)]
mod tests {
    use super::outer_folders;

    #[test]
    fn the_folders_around_a_project_are_all_above_it() {
        assert_eq!(outer_folders("").count(), 0);
        assert_eq!(outer_folders("a/").collect::<Vec<_>>(), [""]);
        assert_eq!(outer_folders("a/b/").collect::<Vec<_>>(), ["", "a/"]);
    }
}
