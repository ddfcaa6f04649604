//! What git is told to do here: its settings, attributes and ignore rules, and from where it runs hooks.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use git2::{AttrCheckFlags, AttrValue, ConfigLevel, ErrorCode};

use super::locked_file::LockedFile;
use super::program::{Git, refused};
use super::{GitRepository, unexpected};
use crate::clone::hook::HooksOff;
use crate::error::{Error, Result};
use crate::store::disk::{self, Overwriting};
use crate::store::fault;
use crate::store::path::ProjectPath;
use crate::store::regular_file::{self, Links, MOST_TEXT};

/// A change of this repository's own configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConfigChange {
    Set {
        key: String,
        value: String,
    },
    /// Removes a setting, and its section when nothing else is in it.
    Unset {
        key: String,
    },
    /// Takes the line feed at the end of the file away.
    BareEnd,
}

/// A setting of the user's or the system's own configuration of git: what a repository says of it is not asked.
pub fn user_setting(key: &str) -> Option<String> {
    git2::Config::open_default().and_then(|config| config.get_string(key)).ok()
}

/// A repository's configuration, as git has it in force.
#[derive(Clone, Copy)]
pub struct GitConfiguration<'r> {
    pub(super) git: &'r GitRepository,
}

impl GitConfiguration<'_> {
    /// A setting, wherever it is set.
    pub fn config_text(self, key: &str) -> Result<Option<String>> {
        self.config_value(&["--get", key], key)
    }

    /// A setting of this repository alone.
    pub fn local_config(self, key: &str) -> Result<Option<String>> {
        self.config_value(&["--local", "--get", key], key)
    }

    /// A git attribute of a file of the project, wherever it is given; none where no file gives it a value.
    pub fn attribute(self, path: &ProjectPath, name: &str) -> Result<Option<String>> {
        let full = format!("{}{path}", self.git.prefix);
        let value = self.git.repository.get_attr_bytes(full.as_ref(), name, AttrCheckFlags::FILE_THEN_INDEX);
        let value = value.map_err(|error| unexpected(&format!("read the git attributes of `{full}`"), error))?;
        Ok(match AttrValue::from_bytes(value) {
            AttrValue::String(text) => Some(text.to_owned()),
            AttrValue::Bytes(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
            AttrValue::True | AttrValue::False | AttrValue::Unspecified => None,
        })
    }

    fn config_value(self, arguments: &[&str], key: &str) -> Result<Option<String>> {
        let output = self.git.question("config")?.args(arguments).output()?;
        match output.status.code() {
            Some(0) => Ok(Some(String::from_utf8_lossy(&output.stdout).trim_end_matches('\n').to_owned())),
            Some(1) => Ok(None),
            _ => Err(refused(&format!("read git's setting `{key}`"), &output)),
        }
    }

    /// Locks the repository's configuration and prepares one with `changes`, in their order.
    pub(in crate::store) fn prepare_config(self, changes: &[ConfigChange], token: &str) -> Result<LockedFile> {
        let config = self.replace_config(token)?;
        for change in changes {
            self.enter_setting(change, config.next())?;
        }
        Ok(config)
    }

    fn enter_setting(self, change: &ConfigChange, file: &Path) -> Result<()> {
        let git = Git::new(self.git, "config").args(["--file"]).args([file]);
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
    pub fn config_ends_bare(self) -> Result<bool> {
        let place = self.config_file();
        match regular_file::read(&place, Links::Follow, MOST_TEXT) {
            Ok(bytes) => Ok(bytes.last().is_some_and(|byte| *byte != b'\n')),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            Err(error) => Err(Error::io("read", &place, error)),
        }
    }

    /// The file itself, where a link stands for it, as git takes it.
    pub(super) fn config_file(self) -> PathBuf {
        let place = self.git.shared_folder().join("config");
        place.canonicalize().unwrap_or(place)
    }

    /// What `git --version` prints.
    pub fn program_version(self) -> Result<String> {
        let printed = self.git.question("version")?.run("ask git for its version")?;
        Ok(String::from_utf8_lossy(&printed).into_owned())
    }

    /// Whether commands are told to leave commits to the user.
    pub fn commits_are_off(self) -> Result<bool> {
        Ok(self.config_bool("phone-dir.commit")? == Some(false))
    }

    /// A yes-or-no setting of git's configuration, wherever it is set; `None` when it is not.
    ///
    /// `name` is a full key such as `phone-dir.commit`. libgit2 does not see `git -c` and `GIT_CONFIG_*`; without the
    /// `git` program its answer has to do.
    pub fn config_bool(self, name: &str) -> Result<Option<bool>> {
        let answer = self.git.question("config")?.args(["--type=bool", "--get", name]).output();
        let Ok(output) = answer else { return self.config_bool_of_files(name) };
        match (output.status.code(), output.stdout.trim_ascii()) {
            (Some(0), b"true") => Ok(Some(true)),
            (Some(0), _) => Ok(Some(false)),
            (Some(1), _) => Ok(None),
            _ => Err(refused(&format!("read git's setting `{name}`"), &output)),
        }
    }

    fn config_bool_of_files(self, name: &str) -> Result<Option<bool>> {
        let read = || self.git.repository.config()?.get_bool(name);
        match read() {
            Ok(value) => Ok(Some(value)),
            Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
            Err(error) => Err(unexpected(&format!("read git's setting `{name}`"), error)),
        }
    }

    /// The absolute path of the folder from which git runs hooks, whatever `core.hooksPath` says.
    pub(in crate::store) fn hooks_path(self) -> Result<PathBuf> {
        match self.hooks_off()? {
            Some(off) => Err(Error::failed(off.to_string()).hint(off.way_out())),
            None => self.hooks_setting().map(|(_, place)| place),
        }
    }

    /// The setting that leaves git without hooks, where there is one.
    pub fn hooks_off(self) -> Result<Option<HooksOff>> {
        let (path, place) = self.hooks_setting()?;
        if !is_off(&path, &place) {
            return Ok(None);
        }
        let words = ["-z", "--show-scope", "--show-origin", "--get", "core.hooksPath"];
        let output = self.git.question("config")?.args(words).output()?;
        let text = String::from_utf8_lossy(&output.stdout);
        let mut parts = text.split('\0').map(str::to_owned);
        let mut next = || parts.next().unwrap_or_default();
        let (scope, origin, value) = (next(), next(), next());
        let is_plain = self.git.workdir().join(".git").is_dir();
        let own_folder = if is_plain { ".git".into() } else { self.git.shared_folder().display().to_string() };
        Ok(Some(HooksOff { value, origin, scope, own_folder: format!("{own_folder}/hooks") }))
    }

    /// The folder of hooks as git writes it, and where it is.
    fn hooks_setting(self) -> Result<(String, PathBuf)> {
        let output = self.git.question("rev-parse")?.args(["--git-path", "hooks"]).run("find git's hooks folder")?;
        let text = String::from_utf8(output)
            .map_err(|error| Error::failed("the path of git's hooks folder is not UTF-8").caused_by(error))?;
        let path = text.strip_suffix('\n').unwrap_or(&text);
        Ok((path.to_owned(), self.git.workdir().join(path)))
    }

    /// Whether `core.hooksPath` is set for every repository of the user or the machine, and not for this one.
    pub(in crate::store) fn hooks_path_is_global(self) -> Result<bool> {
        let words = ["--show-scope", "--get", "core.hooksPath"];
        let output = self.git.question("config")?.args(words).output()?;
        // Without a setting git ends with 1.
        let text = String::from_utf8_lossy(&output.stdout);
        let scope = text.split_whitespace().next().unwrap_or_default();
        Ok(!matches!(scope, "" | "local" | "worktree"))
    }

    /// The filters that this repository's configuration defines.
    pub(super) fn own_filters(self) -> Result<BTreeSet<String>> {
        let read = || -> Result<BTreeSet<String>, git2::Error> {
            let config = self.git.repository.config()?;
            let mut found = BTreeSet::new();
            let mut entries = config.entries(Some(r"^filter\."))?;
            while let Some(entry) = entries.next() {
                let entry = entry?;
                let is_own = matches!(entry.level(), ConfigLevel::Local | ConfigLevel::Worktree);
                let name = entry.name()?.strip_prefix("filter.").and_then(|rest| rest.rsplit_once('.'));
                found.extend(name.filter(|_| is_own).map(|(driver, _)| driver.to_owned()));
            }
            Ok(found)
        };
        read().map_err(|error| unexpected("read git's configuration", error))
    }

    /// Whether attributes change the content on its way into git, other than by its line ends.
    pub(super) fn is_filtered(self, full: &str) -> Result<bool> {
        for name in ["filter", "ident", "working-tree-encoding"] {
            let value = self.git.repository.get_attr_bytes(full.as_ref(), name, AttrCheckFlags::FILE_THEN_INDEX);
            let value = value.map_err(|error| unexpected(&format!("read the git attributes of `{full}`"), error))?;
            if !matches!(AttrValue::from_bytes(value), AttrValue::Unspecified | AttrValue::False) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Locks the repository's configuration and copies it; `token` is written into the lock.
    pub(super) fn replace_config(self, token: &str) -> Result<LockedFile> {
        LockedFile::begin(self.config_file(), &self.git.shared_folder().join("phone-dir"), "config", token)
    }

    /// Whether the clone left files or trees on the server (`git clone --filter`).
    pub fn is_partial_clone(self) -> bool {
        let promised = |pattern: &str| -> Result<bool, git2::Error> {
            let config = self.git.repository.config()?;
            let mut entries = config.entries(Some(pattern))?;
            Ok(entries.next().is_some())
        };
        // This only chooses the wording of an error: a configuration that cannot be read gives the general one.
        promised("remote\\..*\\.promisor").unwrap_or(false)
    }

    /// Whether git ignores a path that is not tracked.
    pub fn ignored(self, path: &ProjectPath) -> Result<bool> {
        let full = self.git.path_in_git(path);
        self.git.repository.is_path_ignored(&full).map_err(|error| unexpected("ask git about ignored files", error))
    }
}

fn bare_end(file: &Path) -> Result<()> {
    let bytes = regular_file::read(file, Links::Refuse, MOST_TEXT).map_err(|error| Error::io("read", file, error))?;
    let bare = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
    let mode = file.metadata().map_err(|error| Error::io("read", file, error))?.permissions();
    disk::write(file, bare, Overwriting::Leftover, Some(mode)).map_err(|error| Error::io("write", file, error))
}

/// Whether a folder of hooks is none: `/dev/null`, or an empty setting, is how hooks are switched off.
fn is_off(path: &str, place: &Path) -> bool {
    path.is_empty() || path == "./" || (place.exists() && !place.is_dir())
}
