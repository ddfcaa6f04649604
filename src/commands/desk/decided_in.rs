//! Which commit decided what Retell does not have, and who made it.

use std::collections::BTreeMap;

use super::Desk;
use super::history::WalkedHistory;
use crate::decision::{self, DecisionOutcome};
use crate::error::Result;
use crate::model::{Directory, Setting, Timestamp};
use crate::render::decisions::{Decider, Deciders};
use crate::store::git::CommitId;
use crate::validate::DecisionDates;

/// Finds for each decision the newest commit behind `tip` that gave the field git's value. One that no commit made, or
/// none that is here, is left out.
pub fn find<'a>(
    desk: &Desk<'_>,
    tip: Option<&CommitId>,
    held: impl IntoIterator<Item = &'a DecisionOutcome>,
) -> Result<Deciders> {
    let mut wanted: BTreeMap<_, _> =
        held.into_iter().map(|held| ((held.registration(), held.setting), &held.git)).collect();
    let mut found = Deciders::new();
    let Some(tip) = tip.filter(|_| !wanted.is_empty()) else { return Ok(found) };
    // What cannot be found out is not named; the decisions themselves are told either way.
    let Ok(past) = WalkedHistory::behind(desk, tip) else { return Ok(found) };
    let mut events = past.events_of(wanted.keys().map(|((_, number), _)| *number))?;
    while !wanted.is_empty()
        && let Some(event) = events.next().transpose()?
    {
        for change in event.changes.pieces().flat_map(|changes| changes.list) {
            let Some(workspace) = &change.workspace else { continue };
            for setting in Setting::decisions() {
                let key = ((workspace.clone(), change.phone_number), setting);
                let Some(is_gits) = wanted.get(&key).and_then(|git| decision::gives(&change, setting, git)) else {
                    continue;
                };
                wanted.remove(&key);
                if is_gits {
                    let (author, at) = (event.header.author.clone(), event.header.committed);
                    found.insert(key, Decider { commit: event.commit.clone(), author, at });
                }
            }
        }
    }
    Ok(found)
}

/// When the decisions that Retell does not have were committed, as far as the history here tells.
pub fn dates(desk: &Desk<'_>, directory: &Directory) -> Result<DecisionDates> {
    let held = decision::all_recorded(&directory.sorted());
    let found = find(desk, desk.head()?.as_ref(), &held)?;
    Ok(found.into_iter().filter_map(|(key, decider)| Some((key, Timestamp::from_datetime(decider.at?)))).collect())
}
