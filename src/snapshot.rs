//! The seam between storage and the model: the bytes of a project's files, wherever they were read from.
//!
//! A snapshot holds every file that phone-dir cares about, under its path from the project's root with `/`
//! between the parts: everything below `phone-numbers/`, the JSON files of `agents/*/`, `workspaces.json` and
//! `phone-dir.toml`. It knows nothing of git, and the model knows nothing of where it came from.

use std::collections::BTreeMap;

use bytes::Bytes;

/// The largest file that is read, in bytes; a directory of a million numbers stays well below it.
pub const MAX_FILE_BYTES: u64 = 2 << 30;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// A regular file's bytes.
    Bytes(Bytes),
    /// Something that phone-dir does not read: the reason, such as `a symbolic link` or `a submodule`.
    Irregular(&'static str),
}

/// The files of a project at one moment, by path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// Every path with what stands there, sorted.
    pub files: BTreeMap<String, Content>,
}

impl Snapshot {
    /// The bytes of the regular file at `path`.
    pub fn bytes(&self, path: &str) -> Option<&[u8]> {
        match self.files.get(path) {
            Some(Content::Bytes(bytes)) => Some(bytes),
            _ => None,
        }
    }

    /// Puts a regular file into the snapshot.
    pub fn insert(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.files.insert(path.into(), Content::Bytes(Bytes::from(bytes.into())));
    }

    /// Whether a directory is here at all: any file below `phone-numbers/`.
    pub fn has_directory(&self) -> bool {
        self.files
            .range("phone-numbers/".to_owned()..)
            .next()
            .is_some_and(|(path, _)| path.starts_with("phone-numbers/"))
    }
}
