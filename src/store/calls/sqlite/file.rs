//! Where the file of a store lies: in the state folder, one for each project of a repository and all its working trees.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::store::disk;
use crate::store::project::Project;
use crate::store::regular_file;
use crate::store::state::State;

/// The name of the database.
const FILE: &str = "usage.sqlite3";

#[derive(Clone, Debug)]
pub enum StoreFile {
    OfProject {
        state: State,
        file: PathBuf,
    },
    /// A file that the environment names.
    Named(PathBuf),
}

impl StoreFile {
    pub(in super::super) fn of(project: &Project) -> Result<Self> {
        let state = State::of(project.root())?;
        let folder = state.shared.canonicalize().unwrap_or_else(|_| state.shared.clone());
        let file = folder.join(file_name(&state.prefix(project.root())?));
        Ok(Self::OfProject { state, file })
    }

    /// The file that `PHONE_DIR_STORE` names.
    pub(in super::super) fn named(named: &str) -> Result<Self> {
        let path = PathBuf::from(named);
        let folder = path.parent().filter(|_| path.is_absolute()).and_then(|folder| folder.canonicalize().ok());
        match (folder, path.file_name()) {
            (Some(folder), Some(name)) => Ok(Self::Named(folder.join(name))),
            _ => Err(Error::failed(format!(
                "`PHONE_DIR_STORE` is `{named}`, which is no file in a folder that is there"
            ))
            .hint("give the absolute path of a file; its folder has to be there")),
        }
    }

    fn file(&self) -> &Path {
        match self {
            Self::OfProject { file, .. } | Self::Named(file) => file,
        }
    }

    /// The file, if it is there: a regular one, whatever link stands in its place.
    pub(super) fn existing(&self) -> Result<Option<PathBuf>> {
        let file = self.file();
        match fs::symlink_metadata(file) {
            Ok(found) => {
                regular_file::refuse_irregular(&found).map_err(|error| Error::io("open", file, error))?;
                Ok(Some(file.to_owned()))
            }
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
            Err(error) => Err(Error::io("look at", file, error)),
        }
    }

    /// Makes the folder and the file, which only this user may read.
    pub(super) fn prepare(&self) -> Result<PathBuf> {
        if let Self::OfProject { state, .. } = self {
            state.make_folders()?;
        }
        let file = match self {
            // The folder may be there only now, and its path have links in it.
            Self::OfProject { file, .. } => canonical(file)?,
            Self::Named(file) => file.clone(),
        };
        if self.existing()?.is_none() {
            match disk::create_private_file(&file) {
                // Another process was quicker.
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                made => made.map_err(|error| Error::io("make", &file, error))?,
            }
        }
        disk::keep_private_file(&file).map_err(|error| Error::io("open", &file, error))?;
        Ok(file)
    }
}

fn canonical(file: &Path) -> Result<PathBuf> {
    let (Some(folder), Some(name)) = (file.parent(), file.file_name()) else { return Ok(file.to_owned()) };
    Ok(folder.canonicalize().map_err(|error| Error::io("find", folder, error))?.join(name))
}

/// A project further in has a store of its own: its workspaces are others, though they may have the same names.
fn file_name(prefix: &str) -> String {
    if prefix.is_empty() {
        return FILE.to_owned();
    }
    let hash = Sha256::digest(prefix.as_bytes());
    let short: String = hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("usage-{short}.sqlite3")
}
