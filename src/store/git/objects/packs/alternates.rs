//! Finds the folders of objects that a repository borrows from (`git clone --shared`, `--reference`; `gitrepository-layout`,
//! "objects/info/alternates").

use std::path::{Path, PathBuf};

use crate::store::regular_file::{self, Links, MOST_TEXT};

/// How far a borrowed folder may borrow in turn: as far as git follows.
const DEEPEST: usize = 5;

/// A folder of objects, and those that it borrows from, each once. One that is not there has no objects.
pub(super) fn with_borrowed(objects: &Path) -> Vec<PathBuf> {
    let mut folders = vec![objects.to_owned()];
    let mut next = 0;
    for _ in 0..DEEPEST {
        let level = folders[next..].to_vec();
        next = folders.len();
        for borrowed in level.iter().flat_map(|folder| borrowed(folder)) {
            if !folders.contains(&borrowed) {
                folders.push(borrowed);
            }
        }
    }
    folders
}

fn borrowed(objects: &Path) -> Vec<PathBuf> {
    let list = regular_file::read_text(&objects.join("info/alternates"), Links::Follow, MOST_TEXT).unwrap_or_default();
    let paths = list.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    // One from the root stands for itself.
    paths.map(|path| objects.join(path)).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn folders_that_borrow_from_each_other_are_named_once() {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, list) in [("a", "../b\n"), ("b", "# whose?\n\n../c\n../a/../a\n"), ("c", "../b\n")] {
            fs::create_dir_all(folder.path().join(name).join("info")).expect("a folder");
            fs::write(folder.path().join(name).join("info/alternates"), list).expect("a file");
        }
        let found = with_borrowed(&folder.path().join("a"));
        let names: Vec<_> = found.iter().filter_map(|path| path.canonicalize().ok()).collect();
        assert!(["a", "b", "c"].iter().all(|name| names.iter().any(|path| path.ends_with(name))), "{found:?}");
        assert!(found.len() < 20, "{found:?}");
    }
}
