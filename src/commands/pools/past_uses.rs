//! When the numbers of a workspace were last in use, as the commits behind HEAD tell it.

use crate::commands::desk::Desk;
use crate::commands::desk::history::WalkedHistory;
use crate::diff::{Change, NumberField};
use crate::error::{Error, Result};
use crate::model::{Timestamp, WorkspaceName};
use crate::pools::choice::LastUses;

/// Reads the history for the newest commit that took an agent or a webhook from each number.
///
/// # Errors
/// Cannot tell (exit 3) in a clone that does not have the whole history: another clone would choose otherwise.
pub fn last_uses(desk: &Desk<'_>, workspace: &WorkspaceName) -> Result<LastUses> {
    let mut uses = LastUses::new();
    // Outside of git, and before the first commit, there is no history: every number was never used.
    let Some(tip) = desk.head()? else { return Ok(uses) };
    let past = WalkedHistory::behind(desk, &tip)?;
    let mut events = past.events(None)?;
    while let Some(event) = events.next().transpose()? {
        let Some(date) = event.header.committed.map(Timestamp::from_datetime) else { continue };
        for changes in event.changes.pieces() {
            for change in changes.list.iter().filter(|change| ends_a_use(change, workspace)) {
                let known = uses.entry(change.phone_number).or_insert(date);
                *known = (*known).max(date);
            }
        }
    }
    match events.stopped {
        None => Ok(uses),
        Some(why) => Err(Error::cannot_tell(format!("which numbers are free for longest cannot be told: {why}"))
            .hint("fetch the whole history (`git fetch --unshallow`), or give the pool `--order by-number`")),
    }
}

/// Whether something that decided on the number's calls or messages in the workspace changed or went.
fn ends_a_use(change: &Change, workspace: &WorkspaceName) -> bool {
    let decides = |field: NumberField| {
        field.names_agents() || matches!(field, NumberField::InboundWebhookUrl | NumberField::InboundSmsWebhookUrl)
    };
    change.workspace.as_ref() == Some(workspace)
        && change.fields.iter().any(|it| decides(it.field) && !it.from.is_absent())
}
