//! Where the hooks of this repository are, and what stands there under each name.

use crate::clone::hook::tool::CONFIGURATIONS;
use crate::clone::hook::{BEFORE, HookStanding, NAMES, Tool, calls};
use crate::commands::Session;
use crate::error::{Error, Result};
use crate::render::escape::terminal;
use crate::store::git::GitRepository;
use crate::store::hooks_folder::HooksFolder;
use crate::store::regular_file::{self, Links, MOST_TEXT};

pub struct FoundHook {
    /// Its name, such as `pre-commit`.
    pub name: &'static str,
    pub standing: HookStanding,
    /// Whether git would run it.
    pub runs: bool,
    /// Whether an earlier hook is kept beside it.
    pub has_before: bool,
}

impl FoundHook {
    /// The name under which an earlier hook is kept.
    pub fn before(&self) -> String {
        format!("{}{BEFORE}", self.name)
    }
}

/// The repository around the place where the command was started.
pub fn repository(session: &Session) -> Result<GitRepository> {
    GitRepository::discover(&session.start)?.ok_or_else(|| {
        Error::failed(format!("`{}` is not in a git repository", session.start.display()))
            .hint("run `git init` first: a hook belongs to a repository")
    })
}

/// Looks at every hook that is ours to put there.
pub fn look(folder: &HooksFolder) -> Result<Vec<FoundHook>> {
    NAMES.iter().map(|name| found(folder, name)).collect()
}

/// Whether every hook is ours, or one that calls the check, and runs.
pub fn is_complete(found: &[FoundHook]) -> bool {
    found.iter().all(|hook| matches!(hook.standing, HookStanding::Installed | HookStanding::Calls) && hook.runs)
}

/// Whether the configuration of a tool that owns the hooks calls the check. A file that is not there, or is not text, does not.
pub fn is_called(repository: &GitRepository) -> bool {
    let read = |name: &str| regular_file::read_text(&repository.workdir().join(name), Links::Follow, MOST_TEXT);
    CONFIGURATIONS.iter().any(|name| read(name).is_ok_and(|text| calls::in_text(&text)))
}

/// The tool that owns the folder or one of the hooks in it.
pub fn tool(folder: &HooksFolder, found: &[FoundHook]) -> Option<Tool> {
    let of_hook = found.iter().find_map(|hook| match hook.standing {
        HookStanding::Managed(tool) => Some(tool),
        _ => None,
    });
    Tool::of_folder(folder.place()).or(of_hook)
}

/// The path of a file in the folder, for a line of output.
pub fn shown(folder: &HooksFolder, name: &str) -> String {
    terminal(&folder.place().join(name).display().to_string()).into_owned()
}

/// The error about a script of ours that was changed.
pub fn edited(folder: &HooksFolder, name: &str) -> Error {
    let place = folder.place().join(name);
    Error::failed(format!("`{}` is phone-dir's hook, with changes of its own", place.display())).hint(format!(
        "move the changes to a hook of their own and remove the file, then run `phone-dir hook install`; \
         the hook that was there before is `{name}{BEFORE}`"
    ))
}

fn found(folder: &HooksFolder, name: &'static str) -> Result<FoundHook> {
    let file = folder.read(name)?;
    let standing = HookStanding::of(file.as_ref().map(|file| file.content.as_slice()));
    let has_before = folder.read(&format!("{name}{BEFORE}"))?.is_some();
    Ok(FoundHook { name, standing, runs: file.is_some_and(|file| file.runs), has_before })
}
