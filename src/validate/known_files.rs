//! What was found out about each file once, for everyone who asks later.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::secrets::Secret;
use crate::snapshot::Snapshot;

/// The files of a snapshot, by path.
pub struct KnownFiles<'a>(BTreeMap<&'a str, KnownFile>);

#[derive(Default)]
struct KnownFile {
    secrets: OnceLock<Vec<Secret>>,
    canonical: OnceLock<()>,
}

impl<'a> KnownFiles<'a> {
    /// The files of a snapshot, of which nothing is known yet.
    pub fn of(snapshot: &'a Snapshot) -> Self {
        Self(snapshot.files.keys().map(|path| (path.as_str(), KnownFile::default())).collect())
    }

    /// The secrets of a file, looked for when they are first asked for.
    pub fn secrets(&self, path: &str, find: impl FnOnce() -> Vec<Secret>) -> &[Secret] {
        self.0.get(path).map(|file| file.secrets.get_or_init(find).as_slice()).unwrap_or_default()
    }

    /// Notes that a file is in canonical form, in which places are found sooner.
    pub fn note_canonical(&self, path: &str) {
        if let Some(file) = self.0.get(path) {
            file.canonical.get_or_init(|| ());
        }
    }

    /// Whether a file was found to be in canonical form.
    pub fn is_canonical(&self, path: &str) -> bool {
        self.0.get(path).is_some_and(|file| file.canonical.get().is_some())
    }
}
