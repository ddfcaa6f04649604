//! `phone-dir hook uninstall`

use super::place::{self, shown};
use crate::clone::hook::{FoundHook, HookStanding};
use crate::commands::{Exit, Session};
use crate::error::Result;
use crate::store::git::GitRepository;
use crate::store::hooks_folder::HooksFolder;
use crate::store::transaction::Transaction;

/// Runs the command. What is not ours is left alone.
pub fn run(session: &Session, repository: &GitRepository, transaction: &mut Transaction) -> Result<Exit> {
    let folder = HooksFolder::of(repository)?;
    let found = place::state(repository, &folder)?.hooks;
    if let Some(hook) = found.iter().find(|hook| hook.standing == HookStanding::Edited) {
        return Err(place::edited(&folder, hook.name));
    }
    let names: Vec<String> = found.iter().filter(|hook| changes(hook)).map(|hook| hook.name.to_owned()).collect();
    let mut lines = Vec::new();
    if !names.is_empty() {
        let take_all_out = || found.iter().map(|hook| take_out(&folder, hook)).collect::<Result<Vec<_>>>();
        lines = transaction.change_hooks(&folder, names, take_all_out)?.into_iter().flatten().collect();
    }
    if lines.is_empty() {
        session.note("Nothing to do: the hook is not installed.");
    }
    session.print(&lines.iter().map(|line| format!("{line}\n")).collect::<String>())?;
    Ok(Exit::Done)
}

fn is_ours(hook: &FoundHook) -> bool {
    hook.standing == HookStanding::Installed
}

/// Where our hook was removed by hand, the earlier one is left under its other name.
fn changes(hook: &FoundHook) -> bool {
    is_ours(hook) || (hook.standing == HookStanding::Absent && hook.has_before)
}

fn take_out(folder: &HooksFolder, hook: &FoundHook) -> Result<Option<String>> {
    if !changes(hook) {
        return Ok(None);
    }
    if is_ours(hook) {
        folder.remove(hook.name)?;
    }
    if hook.has_before {
        folder.rename(&hook.before(), hook.name)?;
        return Ok(Some(format!("restored {}", shown(folder, hook.name))));
    }
    Ok(Some(format!("removed  {}", shown(folder, hook.name))))
}
