//! The settings of git's configuration that phone-dir reads and writes for its drivers.

use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

use git2::{AttrCheckFlags, AttrValue};

use super::program::{Git, refused};
use super::{GitRepository, unexpected};
use crate::error::{Error, Result};
use crate::store::disk::{self, Standing};
use crate::store::fault;
use crate::store::path::ProjectPath;

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

    /// Writes a setting of this repository.
    pub fn set_local_config(&self, key: &str, value: &str) -> Result<()> {
        Git::new(self, "config").args(["--local", key, value]).run(&format!("write git's setting `{key}`"))?;
        fault::reached("set", key);
        Ok(())
    }

    /// Removes a setting of this repository, and its section when nothing else is in it.
    pub fn unset_local_config(&self, key: &str) -> Result<()> {
        Git::new(self, "config").args(["--local", "--unset-all", key]).run(&format!("remove git's setting `{key}`"))?;
        fault::reached("unset", key);
        Ok(())
    }

    /// Whether the configuration file ends without a line feed: git adds one before the next section, and never takes
    /// it away again.
    pub fn config_ends_bare(&self) -> Result<bool> {
        let place = self.config_file();
        match fs::read(&place) {
            Ok(bytes) => Ok(bytes.last().is_some_and(|byte| *byte != b'\n')),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            Err(error) => Err(Error::io("read", &place, error)),
        }
    }

    /// Takes the line feed at the end of the configuration file away, under git's own lock.
    pub fn bare_config_end(&self) -> Result<()> {
        let (place, lock) = (self.config_file(), self.shared_folder().join("config.lock"));
        let failed = |error| Error::io("write", &place, error);
        let bytes = fs::read(&place).map_err(|error| Error::io("read", &place, error))?;
        let permissions = fs::metadata(&place).map_err(failed)?.permissions();
        let bare = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
        disk::write(&lock, bare, Standing::Nothing, Some(permissions)).map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => super::preflight::held(&lock),
            _ => failed(error),
        })?;
        disk::rename(&lock, &place).map_err(|error| {
            // The lock is ours, and the error that matters is the first.
            let _ = disk::remove_if_there(&lock);
            failed(error)
        })
    }

    fn config_file(&self) -> PathBuf {
        self.shared_folder().join("config")
    }

    /// What `git --version` prints.
    pub fn program_version(&self) -> Result<String> {
        let printed = self.question("version")?.run("ask git for its version")?;
        Ok(String::from_utf8_lossy(&printed).into_owned())
    }
}
