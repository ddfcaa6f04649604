//! Which losses of the last day count against the next sync: those that no person made, and no flag allowed.
//!
//! It is measured by what the files had at each commit, not by who says so in a message: a commit that was amended,
//! squashed or made by hand counts as the sync's whose times it carries.

use std::collections::BTreeSet;

use super::{LostNumbers, Rail};
use crate::model::commit_trailers::CommitTrailers;
use crate::model::{Directory, PhoneNumber, Timestamp, WorkspaceFiles};

/// What of a step's losses does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Excuse {
    Nothing,
    /// What these flags of rails allowed, with everything that was lost before: the refusal listed that too.
    Allowed(Vec<String>),
    /// What these rails count: a person edited the files.
    ByHand(Vec<String>),
    /// All of it: a person asked for it, number by number.
    Everything,
}

impl Excuse {
    /// Judges a commit by its message and by the times in its files, which syncs and commands move, and a hand does not.
    pub fn of_commit(message: &str, before: &Directory, after: &Directory) -> Self {
        match CommitTrailers::of(message) {
            Some(trailers) if trailers.sync_extent().is_some() => Self::Allowed(trailers.allowed),
            Some(_) => Self::Everything,
            None => Self::ByHand(by_hand(before, after)),
        }
    }

    fn covers(&self, flag: &str) -> bool {
        match self {
            Self::Nothing => false,
            Self::Allowed(flags) | Self::ByHand(flags) => flags.iter().any(|given| given == flag),
            Self::Everything => true,
        }
    }

    /// Whether it holds whatever another account says. That a time did not move is a guess: two syncs of one second have
    /// the same.
    fn is_certain(&self) -> bool {
        !matches!(self, Self::ByHand(_))
    }
}

/// The flags of the rails around files whose times did not move.
fn by_hand(before: &Directory, after: &Directory) -> Vec<String> {
    let mut flags = Vec::new();
    for (name, old) in &before.workspaces {
        let new = after.workspaces.get(name);
        let time = |of: fn(&WorkspaceFiles) -> Option<Timestamp>| (of(old), new.and_then(of));
        let times = [time(|files| files.numbers.last_sync), time(|files| files.assignments.last_updated)];
        if !times.into_iter().any(has_moved) {
            let rails = [Rail::Removals, Rail::UnknownAgents, Rail::WebhookLoss];
            flags.extend(rails.map(|rail| rail(name.clone()).flag()));
        }
    }
    if !has_moved((before.master.last_updated, after.master.last_updated)) {
        flags.push(Rail::TwilioLoss.flag());
    }
    flags
}

/// Whether a time is later than before; one that went back was brought back by a person.
fn has_moved((before, after): (Option<Timestamp>, Option<Timestamp>)) -> bool {
    after > before
}

/// What steps took, added up from the newest to the oldest: of each number the newest step that took it decides.
#[derive(Clone, Debug, Default)]
pub struct LossTally {
    counted: LostNumbers,
    excused: LostNumbers,
    /// What was taken by hand, as far as this account tells.
    by_hand: LostNumbers,
    /// The flags that allowed everything up to then.
    allowed: BTreeSet<String>,
}

impl LossTally {
    /// Adds a step that came before those that were added already.
    pub fn add_earlier(&mut self, lost: LostNumbers, excuse: &Excuse) {
        for (flag, numbers) in lost.into_flags() {
            let decided = [&self.counted, &self.excused, &self.by_hand];
            let is_open = |number: &PhoneNumber| !decided.iter().any(|side| side.has(&flag, *number));
            let open: BTreeSet<PhoneNumber> = numbers.into_iter().filter(is_open).collect();
            let side = match excuse.covers(&flag) {
                _ if self.allowed.contains(&flag) => &mut self.excused,
                true if excuse.is_certain() => &mut self.excused,
                true => &mut self.by_hand,
                false => &mut self.counted,
            };
            side.add(flag, open);
        }
        if let Excuse::Allowed(flags) = excuse {
            self.allowed.extend(flags.iter().cloned());
        }
    }

    /// What counts, of two accounts of the same steps: what either of them excuses for certain does not.
    pub fn counted_with(self, other: Self) -> LostNumbers {
        let mut counted = LostNumbers::default();
        for (flag, mut numbers) in self.counted.into_flags().chain(other.counted.into_flags()) {
            numbers.retain(|number| !self.excused.has(&flag, *number) && !other.excused.has(&flag, *number));
            counted.add(flag, numbers);
        }
        counted
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::WorkspaceName;

    const FLAG: &str = "--allow-removals=production";

    fn number(at: usize) -> PhoneNumber {
        PhoneNumber::parse(&format!("+1415555{at:04}")).unwrap()
    }

    fn lost(places: &[usize]) -> LostNumbers {
        let mut lost = LostNumbers::default();
        lost.add(FLAG.to_owned(), places.iter().map(|at| number(*at)).collect());
        lost
    }

    fn allowed() -> Excuse {
        Excuse::Allowed(vec![FLAG.to_owned()])
    }

    #[test]
    fn the_newest_step_that_took_a_number_decides_whether_it_counts() {
        let mut tally = LossTally::default();
        tally.add_earlier(lost(&[1, 2]), &Excuse::Everything);
        tally.add_earlier(lost(&[2, 3]), &Excuse::Nothing);
        tally.add_earlier(lost(&[3, 4]), &allowed());
        tally.add_earlier(lost(&[5]), &Excuse::Nothing);
        assert_eq!(tally.counted_with(LossTally::default()), lost(&[3]), "a flag allows what came before, too");
    }

    #[test]
    fn what_one_of_two_accounts_excuses_does_not_count() {
        let (mut committed, mut remembered) = (LossTally::default(), LossTally::default());
        committed.add_earlier(lost(&[3, 4]), &Excuse::ByHand(vec![FLAG.to_owned()]));
        committed.add_earlier(lost(&[1, 2, 4]), &Excuse::Nothing);
        remembered.add_earlier(lost(&[3]), &Excuse::Nothing);
        remembered.add_earlier(lost(&[2]), &allowed());
        assert_eq!(committed.counted_with(remembered), lost(&[1, 3]));
    }

    #[test]
    fn a_commit_is_a_persons_by_its_command_or_by_times_that_did_not_move() {
        let name = WorkspaceName::parse("production").unwrap();
        let at = |text: &str| Timestamp::parse(text).ok();
        let directory = |time: Option<Timestamp>| {
            let mut files = WorkspaceFiles::empty(&name);
            files.numbers.last_sync = time;
            let mut directory = Directory::empty();
            directory.workspaces.insert(name.clone(), files);
            directory
        };
        let (early, late) = (directory(at("2025-11-19T12:00:00Z")), directory(at("2025-11-19T13:00:00Z")));
        let excuse = |message: &str, before, after| Excuse::of_commit(message, before, after).covers(FLAG);
        assert!(excuse("clean up", &early, &early), "edited by hand");
        assert!(excuse("Revert", &late, &early), "taken back by hand");
        assert!(!excuse("clean up", &early, &late), "a sync's, whose message is gone");
        let trailers = |source: &str| format!("x\n\nPhone-Dir-Source: {source}\nPhone-Dir-Status: success\n");
        assert!(excuse(&trailers("phone delete"), &early, &late));
        assert!(!excuse(&trailers("sync --all"), &early, &early));
        assert!(excuse(&format!("{}Phone-Dir-Allowed: {FLAG}\n", trailers("sync --all")), &early, &late));
    }
}
