//! What a command found in the files when it read them, so that it writes over no edit that was made since.

use std::collections::BTreeMap;
use std::path::Path;

use bytes::Bytes;

use crate::error::{Error, Result};
use crate::model::scope::{self, Interest};
use crate::snapshot::{Content, Snapshot};
use crate::store::path::ProjectPath;
use crate::store::project_file::{self, FileChange};

/// The contents that were read, by path; shared with the snapshot, so that they are in memory once.
#[derive(Debug)]
pub(super) struct SeenContents(BTreeMap<String, Bytes>);

impl SeenContents {
    pub(super) fn of(snapshot: &Snapshot) -> Self {
        let bytes = |content: &Content| match content {
            Content::Bytes(bytes) => Some(bytes.clone()),
            Content::Irregular(_) => None,
        };
        let files = snapshot.files.iter();
        Self(files.filter_map(|(path, content)| Some((path.clone(), bytes(content)?))).collect())
    }

    /// Takes what was just written for what was seen, so that it can be written again.
    pub(super) fn remember(&mut self, changes: &[FileChange]) {
        for change in changes {
            match &change.content {
                Some(bytes) => self.0.insert(change.path.to_string(), bytes.clone()),
                None => self.0.remove(change.path.as_str()),
            };
        }
    }

    /// Refuses to write over an edit that was made since.
    pub(super) fn refuse_edited(&self, root: &Path, path: &ProjectPath) -> Result<()> {
        if scope::interest(path.as_str()) != Interest::Content {
            return Ok(());
        }
        let now = project_file::current(root, path)?;
        if now.as_deref() == self.0.get(path.as_str()).map(|seen| &**seen) {
            return Ok(());
        }
        Err(Error::failed(format!("`{path}` was edited while this command ran"))
            .hint("nothing was written; run this again"))
    }
}
