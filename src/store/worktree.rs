//! Reads a project's files from disk. It never follows a link and never opens anything but a regular file, so that
//! a pipe cannot make it wait and a link cannot lead it out of the project.

use std::collections::BTreeSet;
use std::fs::{self, Metadata};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::regular_file::{self, Links};
use super::state;
use crate::error::{Error, Result};
use crate::model::names::Lookalike;
use crate::model::paths::{self, FileKind};
use crate::model::scope::{self, reason};
use crate::side_by_side;
use crate::snapshot::{Content, MAX_FILE_BYTES, Snapshot};

/// Reads everything below `phone-numbers/`, `agents/*/*.json`, `workspaces.json` and `phone-dir.toml`.
///
/// `root` is a project's root. What is not a regular file is named with the reason, not read; and so is what the system
/// refuses to read, where it is another tool's. A file or folder of this tool that it refuses to read is an error that names it.
pub fn read(root: &Path) -> Result<Snapshot> {
    let mut reader = WorktreeReader { root, snapshot: Snapshot::default(), found: Vec::new() };
    reader.directory()?;
    reader.agents()?;
    for name in scope::ROOT_FILES {
        reader.file_if_there(name)?;
    }
    reader.contents()?;
    Ok(reader.snapshot)
}

/// Reads `phone-dir.toml` alone.
pub fn settings(root: &Path) -> Result<Snapshot> {
    let mut reader = WorktreeReader { root, snapshot: Snapshot::default(), found: Vec::new() };
    reader.file_if_there(paths::SETTINGS)?;
    reader.contents()?;
    Ok(reader.snapshot)
}

/// The names at a project's root on disk that only look like ours; `prefix` is the root from the top of the repository.
pub fn lookalikes(root: &Path, prefix: &str) -> Result<BTreeSet<Lookalike>> {
    let failed = |error| Error::io("read", root, error);
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(root).map_err(failed)? {
        // A name that is not UTF-8 is none of ours on any disk.
        let Ok(name) = entry.map_err(failed)?.file_name().into_string() else { continue };
        found.extend(scope::lookalike(prefix, &format!("{prefix}{name}")));
    }
    Ok(found)
}

/// How many bytes make a second thread worth its start.
const WORTH_A_THREAD: u64 = 1 << 20;

struct WorktreeReader<'a> {
    root: &'a Path,
    snapshot: Snapshot,
    /// The regular files, with their sizes.
    found: Vec<(String, u64)>,
}

impl WorktreeReader<'_> {
    fn directory(&mut self) -> Result<()> {
        match self.metadata(scope::DIRECTORY)? {
            Some(found) => self.folder_or_irregular(scope::DIRECTORY, &found, 0),
            None => Ok(()),
        }
    }

    fn folder_or_irregular(&mut self, path: &str, found: &Metadata, depth: usize) -> Result<()> {
        if !found.is_dir() {
            self.irregular(path, if found.is_file() { reason::FILE } else { kind_of(found) });
            return Ok(());
        }
        if depth > scope::MAX_DEPTH {
            self.irregular(path, reason::DEEP);
            return Ok(());
        }
        self.below(path, depth)
    }

    fn below(&mut self, folder: &str, depth: usize) -> Result<()> {
        let names = self.names(folder)?;
        if names.iter().any(|name| name == ".git") {
            self.irregular(folder, reason::SUBMODULE);
            return Ok(());
        }
        for name in names {
            let path = format!("{folder}/{name}");
            let Some(found) = self.metadata(&path)? else { continue };
            if is_own(&name, depth, &found) {
                continue;
            }
            if found.is_dir() {
                self.folder_or_irregular(&path, &found, depth + 1)?;
            } else {
                self.file(&path, &found);
            }
        }
        Ok(())
    }

    fn agents(&mut self) -> Result<()> {
        let Some(found) = self.metadata(scope::AGENTS)? else { return Ok(()) };
        if !found.is_dir() {
            self.irregular(scope::AGENTS, if found.is_file() { reason::FILE } else { kind_of(&found) });
            return Ok(());
        }
        for name in self.names_unless_closed(scope::AGENTS)? {
            self.agent(&format!("{}/{name}", scope::AGENTS))?;
        }
        Ok(())
    }

    fn agent(&mut self, folder: &str) -> Result<()> {
        match self.metadata(folder)? {
            Some(found) if found.is_dir() => {}
            Some(found) if !found.is_file() => {
                self.irregular(folder, kind_of(&found));
                return Ok(());
            }
            _ => return Ok(()),
        }
        let names = self.names_unless_closed(folder)?;
        if names.iter().any(|name| name == ".git") {
            self.irregular(folder, reason::SUBMODULE);
            return Ok(());
        }
        for name in names.iter().filter(|name| scope::is_json(name)) {
            self.file_if_there(&format!("{folder}/{name}"))?;
        }
        Ok(())
    }

    fn file_if_there(&mut self, path: &str) -> Result<()> {
        if let Some(found) = self.metadata(path)? {
            self.file(path, &found);
        }
        Ok(())
    }

    fn file(&mut self, path: &str, found: &Metadata) {
        if !found.is_file() {
            self.irregular(path, kind_of(found));
        } else if found.len() > MAX_FILE_BYTES {
            self.irregular(path, reason::HUGE);
        } else {
            self.found.push((path.to_owned(), found.len()));
        }
    }

    /// Reads what was found, on two threads where that is much.
    fn contents(&mut self) -> Result<()> {
        let (root, found) = (self.root, std::mem::take(&mut self.found));
        let total: u64 = found.iter().map(|(_, size)| size).sum();
        let read = |(path, _): &(String, u64)| read_file(&root.join(path));
        let contents: Vec<Result<Vec<u8>>> =
            if total < WORTH_A_THREAD { found.iter().map(read).collect() } else { side_by_side::each(&found, read) };
        for ((path, _), bytes) in found.into_iter().zip(contents) {
            if bytes.as_ref().is_err_and(|error| is_foreign(&path) && is_closed(error)) {
                self.irregular(&path, reason::CLOSED);
            } else {
                self.snapshot.insert(path, bytes?);
            }
        }
        Ok(())
    }

    /// The names in a folder of another tool; none, and an irregular entry, where the system refuses to read it.
    fn names_unless_closed(&mut self, folder: &str) -> Result<Vec<String>> {
        match self.names(folder) {
            Err(error) if is_closed(&error) => {
                self.irregular(folder, reason::CLOSED);
                Ok(Vec::new())
            }
            names => names,
        }
    }

    /// The names in a folder; one that is not UTF-8 becomes an irregular entry at once.
    fn names(&mut self, folder: &str) -> Result<Vec<String>> {
        let place = self.place(folder);
        let mut names = Vec::new();
        for entry in fs::read_dir(&place).map_err(|error| Error::io("read", &place, error))? {
            let name = entry.map_err(|error| Error::io("read", &place, error))?.file_name();
            match name.into_string() {
                Ok(name) => names.push(name),
                Err(name) => self.irregular(&format!("{folder}/{}", name.to_string_lossy()), reason::NAME),
            }
        }
        names.sort();
        Ok(names)
    }

    /// What stands at a path, without following a link; `None` when nothing does.
    fn metadata(&self, path: &str) -> Result<Option<Metadata>> {
        let place = self.place(path);
        match fs::symlink_metadata(&place) {
            Ok(found) => Ok(Some(found)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::io("read", &place, error)),
        }
    }

    fn irregular(&mut self, path: &str, reason: &'static str) {
        self.snapshot.files.insert(path.to_owned(), Content::Irregular(reason));
    }

    fn place(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }
}

/// Whether a file belongs to another tool.
fn is_foreign(path: &str) -> bool {
    FileKind::of(path).is_none_or(|kind| !kind.is_owned())
        && !path.starts_with(scope::DIRECTORY)
        && path != paths::SETTINGS
}

/// Whether the system refused to open something.
fn is_closed(error: &Error) -> bool {
    error.system_error() == Some(ErrorKind::PermissionDenied)
}

/// Whether this is a half-written file of the tool itself, or state that an earlier version kept here.
fn is_own(name: &str, depth: usize, found: &Metadata) -> bool {
    (found.is_file() && state::is_temporary_name(name)) || (depth == 0 && state::is_former_name(name))
}

/// The reason for something that is not a regular file.
fn kind_of(found: &Metadata) -> &'static str {
    match found {
        found if found.is_symlink() => reason::LINK,
        found if found.is_dir() => reason::FOLDER,
        _ => reason::SPECIAL,
    }
}

/// Reads a regular file; one that grows past the limit meanwhile is an error.
fn read_file(place: &Path) -> Result<Vec<u8>> {
    regular_file::read(place, Links::Refuse, MAX_FILE_BYTES).map_err(|error| Error::io("read", place, error))
}
