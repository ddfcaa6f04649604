//! Where a repository's projects are, as far as the paths in its index tell, and which of them a commit touches.
//!
//! A root is given from the top of git's tree: empty for the top itself, otherwise ending in `/`. A project inside of
//! another one is one of its own; a copy inside of a `phone-numbers/` is part of that.

use std::collections::BTreeSet;

use crate::model::names::are_one;
use crate::model::paths::{FOLDER, MASTER_FILE, is_never_committed};
use crate::model::scope::{self, Interest};

/// The projects that the paths belong to: every folder with a `phone-numbers/directory.json`, and outside of those the
/// outermost ones with anything else below a `phone-numbers/`. Both names count in whatever letters.
pub fn all_roots<'a>(paths: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    let (mut projects, mut begun) = (BTreeSet::new(), BTreeSet::new());
    for path in paths {
        projects.extend(root_of_master(path));
        begun.extend(root_of(path));
    }
    let is_copy = |root: &str| projects.iter().any(|other| below(root, other).is_some_and(is_inside_directory));
    let is_inner = |root: &str| projects.iter().chain(&begun).any(|other| *other != root && root.starts_with(other));
    let whole = projects.iter().filter(|root| !is_copy(root));
    let others = begun.iter().filter(|root| !is_inner(root));
    whole.chain(others).map(|root| (*root).to_owned()).collect()
}

fn below<'a>(root: &'a str, other: &str) -> Option<&'a str> {
    root.strip_prefix(other).filter(|rest| !rest.is_empty())
}

fn is_inside_directory(path: &str) -> bool {
    path.split_once('/').is_some_and(|(folder, _)| are_one(folder, FOLDER))
}

/// The folder above a `phone-numbers/directory.json`, in whatever letters.
fn root_of_master(path: &str) -> Option<&str> {
    let (folder, file) = path.rsplit_once('/')?;
    let start = folder.rfind('/').map_or(0, |at| at + 1);
    (are_one(file, MASTER_FILE) && are_one(&folder[start..], FOLDER)).then(|| &path[..start])
}

/// The projects among `roots` of which a staged path is a part.
pub fn touched_roots(roots: &BTreeSet<String>, staged: &[String]) -> Vec<String> {
    let concerns =
        |root: &str, path: &str| path.strip_prefix(root).is_some_and(is_ours) || scope::lookalike(root, path).is_some();
    roots.iter().filter(|root| staged.iter().any(|path| concerns(root, path))).cloned().collect()
}

/// The folder above the first `phone-numbers` in a path.
fn root_of(path: &str) -> Option<&str> {
    let mut start = 0;
    for part in path.split('/') {
        if are_one(part, FOLDER) {
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
        for staged in
            ["phone-numbers/x", "agents/sales/agent.json", "agents/sales", "phone-dir.toml", ".env", "src/.env.local"]
        {
            assert_eq!(touched(&project, &[&format!("a/{staged}")]), ["a/"], "{staged}");
        }
        for staged in ["README.md", "agents/sales/staging.json", "a/agents/sales/notes.md", "b/.env", "a/src/env.rs"] {
            assert!(touched(&project, &[staged]).is_empty(), "{staged}");
        }
    }

    #[test]
    fn a_deleted_directory_is_known_by_what_is_staged_alone() {
        assert_eq!(touched(&[], &["phone-numbers/directory.json"]), [""]);
    }

    #[test]
    fn a_project_inside_another_one_is_a_project_and_a_copy_is_not() {
        let indexed = ["phone-numbers/directory.json", "eu/phone-numbers/directory.json"];
        assert_eq!(touched(&indexed, &["eu/phone-numbers/directory.json"]), ["eu/"]);
        assert_eq!(touched(&indexed, &["eu/agents/sales/agent.json"]), ["eu/"]);
        assert_eq!(touched(&indexed, &["phone-numbers/phone-numbers/directory.json"]), [""]);
        let begun = ["phone-numbers/notes.txt", "eu/phone-numbers/directory.json"];
        assert_eq!(all_roots(begun).into_iter().collect::<Vec<_>>(), ["", "eu/"]);
        assert_eq!(touched(&indexed, &["Agents/sales/agent.json"]), [""], "a name of ours in other letters");
    }

    #[test]
    fn a_name_in_other_letters_touches_the_project_whose_name_it_takes() {
        let indexed = ["eu/phone-numbers/directory.json"];
        assert_eq!(touched(&indexed, &["EU/agents/sales/agent.json"]), ["eu/"]);
        assert_eq!(touched(&indexed, &["EU/phone-numbers/directory.json"]), ["EU/", "eu/"]);
        assert_eq!(touched(&[], &["eu/Phone-Numbers/directory.json"]), ["eu/"]);
        assert_eq!(touched(&[], &["eu/phone-numbers/Directory.json"]), ["eu/"]);
        assert!(touched(&indexed, &["EU/docs/agents.md"]).is_empty());
    }

    #[test]
    fn projects_side_by_side_are_each_their_own() {
        let indexed = ["eu/phone-numbers/directory.json", "europe/phone-numbers/directory.json"];
        assert_eq!(all_roots(indexed).into_iter().collect::<Vec<_>>(), ["eu/", "europe/"]);
    }
}
