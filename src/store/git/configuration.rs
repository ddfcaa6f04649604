//! The settings of git's configuration that phone-dir reads and writes for its drivers.

use super::GitRepository;
use super::program::{Git, refused};
use crate::error::Result;
use crate::store::fault;

impl GitRepository {
    /// A setting, wherever it is set.
    pub fn config_text(&self, key: &str) -> Result<Option<String>> {
        self.config_value(&["--get", key], key)
    }

    /// A setting of this repository alone.
    pub fn local_config(&self, key: &str) -> Result<Option<String>> {
        self.config_value(&["--local", "--get", key], key)
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

    /// What `git --version` prints.
    pub fn program_version(&self) -> Result<String> {
        let printed = self.question("version")?.run("ask git for its version")?;
        Ok(String::from_utf8_lossy(&printed).into_owned())
    }
}
