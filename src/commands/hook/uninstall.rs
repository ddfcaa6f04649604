//! `phone-dir hook uninstall`

use super::place::{self, Found, shown};
use crate::commands::{Exit, Session};
use crate::error::Result;
use crate::hook::Standing;
use crate::store::hooks_folder::HooksFolder;

/// Runs the command. What is not ours is left alone.
pub fn run(session: &Session) -> Result<Exit> {
    let repository = place::repository(session)?;
    let folder = HooksFolder::of(&repository)?;
    let found = place::look(&folder)?;
    if let Some(hook) = found.iter().find(|hook| hook.standing == Standing::Edited) {
        return Err(place::edited(&folder, hook.name));
    }
    let mut lines = Vec::new();
    for hook in &found {
        lines.extend(take_out(&folder, hook)?);
    }
    if lines.is_empty() {
        session.note("Nothing to do: the hook is not installed.");
    }
    session.print(&lines.iter().map(|line| format!("{line}\n")).collect::<String>())?;
    Ok(Exit::Done)
}

fn take_out(folder: &HooksFolder, hook: &Found) -> Result<Option<String>> {
    let is_ours = matches!(hook.standing, Standing::Installed | Standing::Outdated);
    // An install that was killed between its two steps leaves the earlier hook under its other name.
    let is_half_done = hook.standing == Standing::Absent && hook.has_before;
    if !is_ours && !is_half_done {
        return Ok(None);
    }
    if is_ours {
        folder.remove(hook.name)?;
    }
    if hook.has_before {
        folder.rename(&hook.before(), hook.name)?;
        return Ok(Some(format!("restored {}", shown(folder, hook.name))));
    }
    Ok(Some(format!("removed  {}", shown(folder, hook.name))))
}
