//! What a command found in the files when it read them, so that it writes over no edit that was made since.

use std::path::Path;

use crate::error::{Error, Result};
use crate::model::scope::{self, Interest};
use crate::snapshot::{Content, Snapshot};
use crate::store::path::ProjectPath;
use crate::store::project_file::{self, FileChange};

/// The files that were read; their bytes are shared with the snapshot of the command, so that they are in memory once.
#[derive(Debug)]
pub(super) struct SeenContents(Snapshot);

impl SeenContents {
    pub(super) fn of(snapshot: &Snapshot) -> Self {
        Self(snapshot.clone())
    }

    /// Takes what was just written for what was seen, so that it can be written again.
    pub(super) fn remember(&mut self, changes: &[FileChange]) {
        for change in changes {
            match &change.content {
                Some(bytes) => self.0.files.insert(change.path.to_string(), Content::Bytes(bytes.clone())),
                None => self.0.files.remove(change.path.as_str()),
            };
        }
    }

    /// Refuses to write over an edit that was made since.
    pub(super) fn refuse_edited(&self, root: &Path, path: &ProjectPath) -> Result<()> {
        if scope::interest(path.as_str()) != Interest::Content {
            return Ok(());
        }
        let now = project_file::current(root, path)?;
        if now.as_deref() == self.0.bytes(path.as_str()) {
            return Ok(());
        }
        Err(Error::failed(format!("`{path}` was edited while this command ran"))
            .hint("nothing was written; run this again"))
    }
}
