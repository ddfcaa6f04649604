//! `phone-dir hook install`

use clap::Args;

use super::place::{self, shown};
use crate::clone::hook::{FoundHook, HookStanding, HooksReach, SCRIPT, Tool};
use crate::commands::{Exit, Session};
use crate::error::{Error, Result};
use crate::store::git::GitRepository;
use crate::store::hooks_folder::{HooksFolder, Replacing};
use crate::store::transaction::Transaction;

/// How to install.
#[derive(Args, Debug, Default)]
pub struct Arguments {
    /// Install also where another tool manages the hooks, in front of its own
    #[arg(long)]
    pub(super) chain: bool,
    /// Install also into a folder that `core.hooksPath` names for all repositories of this user or machine
    #[arg(long)]
    pub(super) everywhere: bool,
}

/// Runs the command: everything is checked before the first file changes.
pub fn run(
    options: &Arguments,
    session: &Session,
    repository: &GitRepository,
    transaction: &mut Transaction,
) -> Result<Exit> {
    let folder = HooksFolder::of(repository)?;
    let state = place::state(repository, &folder)?;
    if let Some(tool) = state.tool.filter(|_| !options.chain && !state.is_complete()) {
        if state.is_called {
            session.note(&format!("Nothing to do: {} manages the hooks, and calls phone-dir.", tool.name()));
            return Ok(Exit::Done);
        }
        return Err(managed(&folder, tool));
    }
    for hook in &state.hooks {
        check(&folder, hook)?;
    }
    if state.reach == HooksReach::Everywhere && !options.everywhere && !state.is_complete() {
        return Err(everywhere(&folder));
    }
    let put_all = || state.hooks.iter().map(|hook| put(&folder, hook)).collect::<Result<Vec<_>>>();
    let changed = if state.is_complete() {
        Vec::new()
    } else {
        transaction.change_hooks(&folder, names(&state.hooks), put_all)?.concat()
    };
    session.print(&changed.iter().map(|line| format!("{line}\n")).collect::<String>())?;
    report(session, &folder, changed.is_empty());
    Ok(Exit::Done)
}

/// The hooks that will be ours, and are not yet.
fn names(found: &[FoundHook]) -> Vec<String> {
    found.iter().filter(|hook| !hook.checks()).map(|hook| hook.name.to_owned()).collect()
}

fn managed(folder: &HooksFolder, tool: Tool) -> Error {
    let place = folder.place().display();
    Error::refused(format!("{} manages the hooks in `{place}`, and writes them anew", tool.name()), "--chain")
        .hint(tool.advice())
}

fn everywhere(folder: &HooksFolder) -> Error {
    let place = folder.place().display();
    let message =
        format!("`core.hooksPath` names `{place}` for every repository, and the hook would run in all of them");
    Error::refused(message, "--everywhere").hint(
        "for this repository alone, name a folder of its own: `git config core.hooksPath .githooks`; the hooks of the other folder \
         then do not run here",
    )
}

fn check(folder: &HooksFolder, hook: &FoundHook) -> Result<()> {
    match hook.standing {
        HookStanding::Calls if !hook.runs => {
            let place = folder.place().join(hook.name);
            let message =
                format!("`{}` calls phone-dir, and git does not run it: it is not executable", place.display());
            Err(Error::failed(message).hint(format!("`chmod +x {}`", place.display())))
        }
        HookStanding::Edited => Err(place::edited(folder, hook.name)),
        HookStanding::Foreign | HookStanding::Managed(_) if hook.has_before => {
            let (one, other) = (folder.place().join(hook.name), folder.place().join(hook.before()));
            Err(Error::failed(format!("there are two hooks to keep: `{}` and `{}`", one.display(), other.display()))
                .hint("phone-dir's hook was replaced; join the two, remove the second, and run this again"))
        }
        _ => Ok(()),
    }
}

/// Puts one hook in place; gives the lines that say what was done.
fn put(folder: &HooksFolder, hook: &FoundHook) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    let replacing = match hook.standing {
        HookStanding::Installed if hook.runs => return Ok(lines),
        HookStanding::Calls => return Ok(lines),
        HookStanding::Installed => Replacing::Ours,
        HookStanding::Absent | HookStanding::Edited => Replacing::Nothing,
        HookStanding::Foreign | HookStanding::Managed(_) => {
            folder.rename(hook.name, &hook.before())?;
            lines.push(format!("kept    {}", shown(folder, &hook.before())));
            Replacing::Nothing
        }
    };
    if let Err(error) = folder.put(hook.name, SCRIPT.as_bytes(), replacing) {
        if !lines.is_empty() {
            folder.rename(&hook.before(), hook.name)?;
        }
        return Err(error);
    }
    lines.push(format!("wrote   {}", shown(folder, hook.name)));
    Ok(lines)
}

fn report(session: &Session, folder: &HooksFolder, is_unchanged: bool) {
    if is_unchanged {
        session.note("Nothing to do: the hook is installed.");
        return;
    }
    session.note("Installed. What is staged is checked at every commit; `git commit --no-verify` goes past it.");
    match folder.reach() {
        HooksReach::Repository => {}
        HooksReach::Team => {
            session.note("The folder is in the working tree: commit the hook, and your team has it too.");
        }
        HooksReach::Shared | HooksReach::Everywhere => {
            session.note("`core.hooksPath` points to a folder that other repositories may share: it runs there too.");
        }
    }
}
