//! What a command found in the files when it read them, so that it writes over no edit that was made since.

use std::collections::BTreeMap;
use std::path::Path;

use git2::Oid;

use crate::error::{Error, Result};
use crate::model::scope::{self, Interest};
use crate::snapshot::{Content, Snapshot};
use crate::store::path::ProjectPath;
use crate::store::project_file::{self, FileChange};

/// The fingerprints of the contents that were read, by path.
#[derive(Debug)]
pub(super) struct SeenContents(BTreeMap<String, Oid>);

impl SeenContents {
    pub(super) fn of(snapshot: &Snapshot) -> Result<Self> {
        let mut seen = BTreeMap::new();
        for (path, content) in &snapshot.files {
            if let Content::Bytes(bytes) = content {
                seen.insert(path.clone(), project_file::fingerprint(bytes)?);
            }
        }
        Ok(Self(seen))
    }

    /// Takes what was just written for what was seen, so that it can be written again.
    pub(super) fn remember(&mut self, changes: &[FileChange]) -> Result<()> {
        for change in changes {
            match &change.content {
                Some(bytes) => self.0.insert(change.path.to_string(), project_file::fingerprint(bytes)?),
                None => self.0.remove(change.path.as_str()),
            };
        }
        Ok(())
    }

    /// Refuses to write over an edit that was made since.
    pub(super) fn refuse_edited(&self, root: &Path, path: &ProjectPath) -> Result<()> {
        if scope::interest(path.as_str()) != Interest::Content {
            return Ok(());
        }
        let now = project_file::current(root, path)?.as_deref().map(project_file::fingerprint).transpose()?;
        if now.as_ref() == self.0.get(path.as_str()) {
            return Ok(());
        }
        Err(Error::failed(format!("`{path}` was edited while this command ran"))
            .hint("nothing was written; run this again"))
    }
}
