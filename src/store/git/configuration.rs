//! The settings of git's configuration that phone-dir reads and writes for its drivers.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use git2::{AttrCheckFlags, AttrValue};

use super::program::{Git, refused};
use super::replacing::Replacement;
use super::{GitRepository, unexpected};
use crate::error::{Error, Result};
use crate::store::disk::{self, Standing};
use crate::store::fault;
use crate::store::path::ProjectPath;
use crate::store::regular_file::{self, Links, MOST_TEXT};

/// A change of this repository's own configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConfigChange {
    /// Writes a setting.
    Set {
        /// The full key.
        key: String,
        /// Its value.
        value: String,
    },
    /// Removes a setting, and its section when nothing else is in it.
    Unset {
        /// The full key.
        key: String,
    },
    /// Takes the line feed at the end of the file away.
    BareEnd,
}

/// A setting of the user's or the system's own configuration of git: what a repository says of it is not asked.
pub fn user_setting(key: &str) -> Option<String> {
    git2::Config::open_default().and_then(|config| config.get_string(key)).ok()
}

impl GitRepository {
    /// A setting, wherever it is set.
    pub fn config_text(&self, key: &str) -> Result<Option<String>> {
        self.config_value(&["--get", key], key)
    }

    /// A setting of this repository alone.
    pub fn local_config(&self, key: &str) -> Result<Option<String>> {
        self.config_value(&["--local", "--get", key], key)
    }

    /// A git attribute of a file of the project, wherever it is given; none where no file gives it a value.
    pub fn attribute(&self, path: &ProjectPath, name: &str) -> Result<Option<String>> {
        let full = format!("{}{path}", self.prefix);
        let value = self.repository.get_attr_bytes(full.as_ref(), name, AttrCheckFlags::FILE_THEN_INDEX);
        let value = value.map_err(|error| unexpected(&format!("read the git attributes of `{full}`"), error))?;
        Ok(match AttrValue::from_bytes(value) {
            AttrValue::String(text) => Some(text.to_owned()),
            AttrValue::Bytes(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
            AttrValue::True | AttrValue::False | AttrValue::Unspecified => None,
        })
    }

    fn config_value(&self, arguments: &[&str], key: &str) -> Result<Option<String>> {
        let output = self.question("config")?.args(arguments).output()?;
        match output.status.code() {
            Some(0) => Ok(Some(String::from_utf8_lossy(&output.stdout).trim_end_matches('\n').to_owned())),
            Some(1) => Ok(None),
            _ => Err(refused(&format!("read git's setting `{key}`"), &output)),
        }
    }

    /// Locks the repository's configuration and prepares one with `changes`, in their order.
    pub(in crate::store) fn prepare_config(&self, changes: &[ConfigChange], token: &str) -> Result<Replacement> {
        let config = self.replace_config(token)?;
        for change in changes {
            self.enter_setting(change, config.next())?;
        }
        Ok(config)
    }

    fn enter_setting(&self, change: &ConfigChange, file: &Path) -> Result<()> {
        let git = Git::new(self, "config").args(["--file"]).args([file]);
        match change {
            ConfigChange::Set { key, value } => {
                git.args([key, value]).run(&format!("write git's setting `{key}`"))?;
                fault::reached("set", key);
            }
            ConfigChange::Unset { key } => {
                git.args(["--unset-all", key]).run(&format!("remove git's setting `{key}`"))?;
                fault::reached("unset", key);
            }
            ConfigChange::BareEnd => bare_end(file)?,
        }
        Ok(())
    }

    /// Whether the configuration file ends without a line feed: git adds one before the next section, and never takes
    /// it away again.
    pub fn config_ends_bare(&self) -> Result<bool> {
        let place = self.config_file();
        match regular_file::read(&place, Links::Follow, MOST_TEXT) {
            Ok(bytes) => Ok(bytes.last().is_some_and(|byte| *byte != b'\n')),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            Err(error) => Err(Error::io("read", &place, error)),
        }
    }

    /// The file itself, where a link stands for it, as git takes it.
    pub(super) fn config_file(&self) -> PathBuf {
        let place = self.shared_folder().join("config");
        place.canonicalize().unwrap_or(place)
    }

    /// What `git --version` prints.
    pub fn program_version(&self) -> Result<String> {
        let printed = self.question("version")?.run("ask git for its version")?;
        Ok(String::from_utf8_lossy(&printed).into_owned())
    }
}

fn bare_end(file: &Path) -> Result<()> {
    let bytes = regular_file::read(file, Links::Refuse, MOST_TEXT).map_err(|error| Error::io("read", file, error))?;
    let bare = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
    let mode = file.metadata().map_err(|error| Error::io("read", file, error))?.permissions();
    disk::write(file, bare, Standing::Leftover, Some(mode)).map_err(|error| Error::io("write", file, error))
}
