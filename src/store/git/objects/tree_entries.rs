//! The entries of a tree, read by our own readers where it is as git writes it: a walk looks at tens of thousands of trees,
//! and keeps none of them.

use git2::Oid;

use super::{FOLDER_MODE, GitObjects, ObjectKind};
use crate::error::Result;

/// The bytes of an object's id (SHA-1).
const ID: usize = 20;

/// What a tree has under a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store::git) struct Entry<'a> {
    pub(in crate::store::git) name: &'a [u8],
    /// As libgit2 has it: of a file, only whether it can be run.
    pub(in crate::store::git) mode: i32,
    pub(in crate::store::git) id: Oid,
}

impl Entry<'_> {
    pub(in crate::store::git) fn is_folder(&self) -> bool {
        self.mode == FOLDER_MODE
    }
}

impl GitObjects<'_> {
    /// Shows the entries of a tree, in its order.
    pub(in crate::store::git) fn entries(self, tree: Oid, mut show: impl FnMut(Entry<'_>)) -> Result<()> {
        let data = self.data(tree, ObjectKind::Tree);
        if let Some(entries) = data.as_deref().and_then(entries_of) {
            entries.into_iter().for_each(show);
            return Ok(());
        }
        for entry in &self.tree(tree)? {
            show(Entry { name: entry.name_bytes(), mode: entry.filemode(), id: entry.id() });
        }
        Ok(())
    }
}

/// The entries in the text of a tree; none where it is malformed, which is for libgit2 to say.
fn entries_of(mut data: &[u8]) -> Option<Vec<Entry<'_>>> {
    let mut entries = Vec::new();
    while !data.is_empty() {
        let (mode, rest) = split(data, b' ')?;
        let (name, rest) = split(rest, 0)?;
        let (id, rest) = rest.split_at_checked(ID)?;
        let mode = std::str::from_utf8(mode).ok().and_then(|mode| i32::from_str_radix(mode, 8).ok())?;
        if name.is_empty() || !(0..=0o177_777).contains(&mode) {
            return None;
        }
        entries.push(Entry { name, mode: usual_mode(mode), id: Oid::from_bytes(id).ok()? });
        data = rest;
    }
    Some(entries)
}

fn split(data: &[u8], at: u8) -> Option<(&[u8], &[u8])> {
    let at = memchr::memchr(at, data)?;
    Some((&data[..at], &data[at + 1..]))
}

/// The mode that libgit2 makes of one (`normalize_filemode`): early gits wrote others.
fn usual_mode(mode: i32) -> i32 {
    match mode & 0o170_000 {
        FOLDER_MODE => FOLDER_MODE,
        _ if mode & 0o111 != 0 => 0o100_755,
        special @ (0o160_000 | 0o120_000) => special,
        _ => 0o100_644,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(lines: &[(&str, &str)]) -> Vec<u8> {
        lines.iter().flat_map(|(mode, name)| [format!("{mode} {name}\0").as_bytes(), &[7; ID]].concat()).collect()
    }

    #[test]
    fn entries_have_the_modes_that_libgit2_makes_of_them() {
        let text = text(&[("40000", "a folder"), ("100664", "b"), ("100755", "c"), ("120000", "d"), ("160000", "e")]);
        let entries = entries_of(&text).unwrap();
        let modes: Vec<_> = entries.iter().map(|entry| entry.mode).collect();
        assert_eq!(modes, [FOLDER_MODE, 0o100_644, 0o100_755, 0o120_000, 0o160_000]);
        assert_eq!((entries[0].name, entries[0].id), (&b"a folder"[..], Oid::from_bytes(&[7; ID]).unwrap()));
    }

    #[test]
    fn a_tree_that_is_not_whole_or_not_one_has_no_entries_here() {
        let whole = text(&[("100644", "a")]);
        assert!((1..whole.len()).all(|end| entries_of(&whole[..end]).is_none()));
        for broken in [("", "a"), ("100644", ""), ("10064x", "a"), ("-100644", "a"), ("7777777", "a")] {
            assert_eq!(entries_of(&text(&[broken])), None, "{broken:?}");
        }
        assert_eq!(entries_of(b""), Some(Vec::new()));
    }
}
