//! Where a repository's projects are, as far as the paths in its index tell, and which of them a commit touches.
//!
//! A root is given from the top of git's tree: empty for the top itself, otherwise ending in `/`. A directory inside
//! another project (a test's, a copy) is not a project of its own.

use std::collections::BTreeSet;

use crate::model::paths::{FOLDER, is_never_committed};
use crate::store::scope::{self, Interest};

/// The outermost projects that the paths belong to.
pub fn all_roots<'a>(paths: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    let found: BTreeSet<&str> = paths.into_iter().filter_map(root_of).collect();
    let is_inner = |root: &str| found.iter().any(|other| *other != root && root.starts_with(other));
    found.iter().filter(|root| !is_inner(root)).map(|root| (*root).to_owned()).collect()
}

/// The projects among `roots` of which a staged path is a part.
pub fn touched_roots(roots: &BTreeSet<String>, staged: &[String]) -> Vec<String> {
    let concerns = |root: &str, path: &str| path.strip_prefix(root).is_some_and(is_ours);
    roots.iter().filter(|root| staged.iter().any(|path| concerns(root, path))).cloned().collect()
}

/// The folder above the first `phone-numbers` in a path.
fn root_of(path: &str) -> Option<&str> {
    let mut start = 0;
    for part in path.split('/') {
        if part == FOLDER {
            return Some(&path[..start]);
        }
        start += part.len() + 1;
    }
    None
}

fn is_ours(path: &str) -> bool {
    scope::interest(path) != Interest::None || is_never_committed(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn touched(indexed: &[&str], staged: &[&str]) -> Vec<String> {
        let staged: Vec<String> = staged.iter().map(|path| (*path).to_owned()).collect();
        touched_roots(&all_roots(indexed.iter().copied().chain(staged.iter().map(String::as_str))), &staged)
    }

    #[test]
    fn each_of_our_files_touches_its_project() {
        let project = ["a/phone-numbers/directory.json", "a/agents/sales/staging.json", "README.md"];
        for staged in ["phone-numbers/x", "agents/sales/agent.json", "agents/sales", "phone-dir.toml", ".env"] {
            assert_eq!(touched(&project, &[&format!("a/{staged}")]), ["a/"], "{staged}");
        }
        for staged in ["README.md", "agents/sales/staging.json", "a/agents/sales/notes.md", "b/.env", "a/src/.env"] {
            assert!(touched(&project, &[staged]).is_empty(), "{staged}");
        }
    }

    #[test]
    fn a_deleted_directory_is_known_by_what_is_staged_alone() {
        assert_eq!(touched(&[], &["phone-numbers/directory.json"]), [""]);
    }

    #[test]
    fn a_directory_inside_another_project_is_not_a_project() {
        let indexed = ["phone-numbers/directory.json", "tests/phone-numbers/directory.json"];
        assert!(touched(&indexed, &["tests/phone-numbers/directory.json"]).is_empty());
        assert_eq!(touched(&indexed, &["phone-numbers/phone-numbers/directory.json"]), [""]);
    }

    #[test]
    fn projects_side_by_side_are_each_their_own() {
        let indexed = ["eu/phone-numbers/directory.json", "europe/phone-numbers/directory.json"];
        assert_eq!(all_roots(indexed).into_iter().collect::<Vec<_>>(), ["eu/", "europe/"]);
    }
}
