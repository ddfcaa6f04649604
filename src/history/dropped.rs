//! What a merge dropped: changes that a side had made and the merge does not have.
//!
//! As in a three-way merge, a side changed what differs between the merge base and the side's last commit. Where the
//! merge differs from the side in just that, the change is lost, however that was chosen: `-s ours`, a conflict that was resolved
//! to one side, an edit in the merge itself.

use std::collections::BTreeMap;

use super::{FileId, Graph};
use crate::diff::{Change, ChangeKind, Changes, FieldChange, NumberField};

/// Which of the two histories a commit belongs to: the side's own, and those of the other parents.
#[derive(Clone, Copy, Default)]
struct Reached {
    side: bool,
    others: bool,
}

impl<K: FileId> Graph<K> {
    /// The commit that a parent of a merge and its other parents grew from; none where their histories do not meet here.
    pub(super) fn merge_base(&self, merge: usize, side: usize) -> Option<usize> {
        let mut waiting: BTreeMap<usize, Reached> = BTreeMap::new();
        for parent in &self.commits[merge].parents {
            let reached = waiting.entry(*parent).or_default();
            reached.side |= *parent == side;
            reached.others |= *parent != side;
        }
        // Parents come after their children, so that all that reaches a commit has reached it before its turn.
        while let Some((commit, reached)) = waiting.pop_first() {
            if reached.side && reached.others {
                return Some(commit);
            }
            for parent in &self.commits[commit].parents {
                let next = waiting.entry(*parent).or_default();
                next.side |= reached.side;
                next.others |= reached.others;
            }
        }
        None
    }

    /// The parents of a merge whose changes it may have dropped, each with its merge base: they have other files than both.
    pub(super) fn sides_at_risk(&self, merge: usize) -> Vec<(usize, usize)> {
        let at = &self.commits[merge];
        if at.parents.len() < 2 || at.is_cut_off || at.listing.is_err() {
            return Vec::new();
        }
        let differs = at.parents.iter().filter(|side| !self.has_same_files(merge, **side));
        let with_base = differs.filter_map(|side| Some((*side, self.merge_base(merge, *side)?)));
        with_base.filter(|(side, base)| !self.has_same_files(*side, *base)).collect()
    }
}

/// What a side changed (`made`, since the merge base) and the merge does not have (`lost`: how it differs from the side).
///
/// `own` is what the merge changed itself, which its row tells already.
pub(super) fn of_side(made: Changes, lost: &Changes, own: &Changes) -> Changes {
    let names = made.names.clone();
    let untold = made.list.into_iter().filter(|change| own.about(change).is_none());
    let dropped = untold.filter_map(|change| {
        let differs = lost.about(&change)?;
        what_is_lost(change, differs)
    });
    Changes { names, ..Changes::new(dropped.collect()) }
}

fn what_is_lost(mut change: Change, lost: &Change) -> Option<Change> {
    match (came_or_went(change.kind), came_or_went(lost.kind)) {
        // The number is there, or not there, as the side has it.
        (true, false) => return None,
        (true, true) => return Some(change),
        // The merge has no such number: what the side changed about it is lost as a whole.
        (false, true) => return is_of_interest(&change).then_some(change),
        (false, false) => {}
    }
    // Of two dates, or of two values that follow from the number, a merge keeps one.
    change
        .fields
        .retain(|made| lost.field(made.field).is_some_and(|lost| is_undone(made, lost)) && !made.field.is_derived());
    let names_agents = change.fields.iter().any(|field| field.field.is_binding());
    if !names_agents && matches!(change.kind, ChangeKind::Assigned | ChangeKind::Unassigned | ChangeKind::Reassigned) {
        change.kind = ChangeKind::Updated;
    }
    (!change.fields.is_empty()).then_some(change)
}

fn came_or_went(kind: ChangeKind) -> bool {
    matches!(kind, ChangeKind::Imported | ChangeKind::Provisioned | ChangeKind::Removed | ChangeKind::Released)
}

fn is_of_interest(change: &Change) -> bool {
    change.fields.iter().any(|field| !field.field.is_derived())
}

/// Whether the merge has not what the side made of a field. Of a set of tags, what the other side added is no loss.
fn is_undone(made: &FieldChange, lost: &FieldChange) -> bool {
    let (NumberField::Tags, Some(before), Some(after), Some(merged)) =
        (made.field, made.from.as_list(), made.to.as_list(), lost.to.as_list())
    else {
        return true;
    };
    let added = after.iter().filter(|tag| !before.contains(tag));
    let removed = before.iter().filter(|tag| !after.contains(tag));
    added.into_iter().any(|tag| !merged.contains(tag)) || removed.into_iter().any(|tag| merged.contains(tag))
}

#[cfg(test)]
mod tests;
