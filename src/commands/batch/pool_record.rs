//! What a change at Retell means for `pools.json`, which is written with it.

use std::collections::{BTreeMap, BTreeSet};

use crate::change::{Edit, Objection};
use crate::model::pools::Member;
use crate::model::{Directory, PhoneNumber};
use crate::pools::obstacle;
use crate::reconcile::live::RetellNumber;
use crate::render::outcome::batch::{BatchRow, RowOutcome};

/// What Retell has to say of a number before it is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LiveState {
    Any,
    /// That nothing decides on its calls and messages: what another allocation took is not taken again.
    Free,
}

/// The numbers of pools as they are once their change is made.
#[derive(Clone, Debug)]
pub struct PoolRecord {
    /// What `pools.json` says of each number then.
    pub members: BTreeMap<PhoneNumber, Member>,
    /// What has to hold before.
    pub live: LiveState,
}

impl PoolRecord {
    /// That a number is not free any more.
    pub fn object(&self, edit: &Edit, live: Option<&RetellNumber>) -> Option<Objection> {
        if self.live == LiveState::Any {
            return None;
        }
        let taken = obstacle::of_settings(&live?.settings)?;
        let message = format!("{} is taken: Retell has it {}", edit.phone_number, taken.words());
        let hint = format!("run `phone-dir sync --workspace {}`, then allocate again", edit.workspace);
        Some(Objection::mistake(message).hint(hint))
    }

    /// Writes down what becomes of the numbers whose change is made.
    pub fn apply(&self, directory: &mut Directory, is_made: impl Fn(PhoneNumber) -> bool) {
        let Some(file) = &mut directory.pools else { return };
        for (number, after) in self.members.iter().filter(|(number, _)| is_made(**number)) {
            if let Some(member) = file.members.get_mut(number) {
                member.clone_from(after);
            }
        }
    }
}

/// The numbers whose change was made, or was made already.
pub fn made(rows: &[BatchRow]) -> BTreeSet<PhoneNumber> {
    let is_made = |row: &&BatchRow| matches!(row.outcome, RowOutcome::Changed | RowOutcome::Unchanged);
    rows.iter().filter(is_made).map(|row| row.key().1).collect()
}
