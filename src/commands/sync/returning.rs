//! What the history says of numbers that come back: the notes, tags and dates that they had when they left.

use std::collections::BTreeSet;

use crate::commands::desk::Desk;
use crate::commands::desk::history::WalkedHistory;
use crate::diff::{Change, ChangeKind};
use crate::error::Result;
use crate::model::Directory;
use crate::reconcile::former::{Entrance, Former};
use crate::store::git::CommitId;

/// Looks for numbers in the history behind `tip`; what `former` knows already is not looked for.
///
/// Where the history cannot be read to its start, that is told: a number may have had notes before.
pub fn recall(
    desk: &Desk<'_>,
    tip: Option<&CommitId>,
    mut wanted: BTreeSet<Entrance>,
    former: &mut Former,
) -> Result<()> {
    wanted.retain(|entrance| !former.knows(entrance));
    let Some(tip) = tip.filter(|_| !wanted.is_empty()) else { return Ok(()) };
    let Some(repository) = desk.git()? else { return Ok(()) };
    // Where syncs do not commit, the last commit may have what the files have lost.
    if let Ok(committed) = Directory::load(&repository.objects().read_commit_id(tip)?) {
        wanted.retain(|entrance| !former.learn(entrance, &committed));
    }
    if wanted.is_empty() {
        return Ok(());
    }
    let gap = match WalkedHistory::behind(desk, tip) {
        Ok(past) => search(&past, &mut wanted, former)?,
        Err(error) => Some(error.message().to_owned()),
    };
    if let Some(why) = gap {
        desk.session.note(&format!("Whether numbers that are new here had notes before is not known: {why}."));
    }
    Ok(())
}

/// Says why the search ended before the start of the history.
fn search(past: &WalkedHistory, wanted: &mut BTreeSet<Entrance>, former: &mut Former) -> Result<Option<String>> {
    let mut events = past.events_of(wanted.iter().map(|(number, _)| *number))?;
    while !wanted.is_empty()
        && let Some(event) = events.next().transpose()?
    {
        if event.changes.pieces().any(|changes| changes.list.iter().any(|change| is_leaving(change, wanted))) {
            for parent in past.repository.commits().parents(&CommitId::parse(&event.commit)?)?.ids {
                let directory = Directory::load(&past.repository.objects().read_commit_id(&parent)?);
                // A commit whose files cannot be read is a gap, which says nothing of a number.
                let Ok(directory) = directory else { continue };
                wanted.retain(|entrance| !former.learn(entrance, &directory));
            }
        }
    }
    Ok(events.stopped)
}

fn is_leaving(change: &Change, wanted: &BTreeSet<Entrance>) -> bool {
    let leaves = matches!(change.kind, ChangeKind::Removed | ChangeKind::Released);
    leaves && wanted.contains(&(change.phone_number, change.workspace.clone()))
}
