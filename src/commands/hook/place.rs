//! Where the hooks of this repository are, and what stands there under each name.

use crate::clone::hook::tool::CONFIGURATIONS;
use crate::clone::hook::{BEFORE, FoundHook, HookStanding, HookState, NAMES, Tool, calls};
use crate::commands::Session;
use crate::error::{Error, Result};
use crate::render::escape::terminal;
use crate::store::git::GitRepository;
use crate::store::hooks_folder::HooksFolder;
use crate::store::regular_file::{self, Links, MOST_TEXT};

/// The repository around the place where the command was started.
pub fn repository(session: &Session) -> Result<GitRepository> {
    GitRepository::discover(&session.start)?.ok_or_else(|| {
        Error::failed(format!("`{}` is not in a git repository", session.start.display()))
            .hint("run `git init` first: a hook belongs to a repository")
    })
}

/// How the hooks in a folder stand.
pub fn state(repository: &GitRepository, folder: &HooksFolder) -> Result<HookState> {
    let hooks = NAMES.iter().map(|name| found(folder, name)).collect::<Result<Vec<_>>>()?;
    let of_hook = hooks.iter().find_map(|hook| match hook.standing {
        HookStanding::Managed(tool) => Some(tool),
        _ => None,
    });
    let tool = Tool::of_folder(folder.place()).or(of_hook);
    let mut state = HookState { reach: folder.reach(), hooks, tool, is_called: false };
    state.is_called = tool.is_some() && !state.is_complete() && is_called(repository);
    Ok(state)
}

/// Whether the configuration of a tool that owns the hooks calls the check. A file that is not there, or is not text, does not.
fn is_called(repository: &GitRepository) -> bool {
    let read = |name: &str| regular_file::read_text(&repository.workdir().join(name), Links::Follow, MOST_TEXT);
    CONFIGURATIONS.iter().any(|name| read(name).is_ok_and(|text| calls::in_text(&text)))
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
