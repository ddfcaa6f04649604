//! Which commits wrote down what a provider had: by their trailer, which is only a hint, and by their content.

use std::collections::BTreeSet;

use super::Place;
use crate::diff::{Change, Changes, revisions};
use crate::model::Directory;
use crate::model::commit_trailers::{CommitTrailers, SyncExtent};

/// What a commit's trailers claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// Everything that was read is as the provider had it.
    Sync(SyncExtent),
    /// What the commit changed was read back from the provider.
    Change,
}

/// The commands that read back what they changed.
const CHANGING: [&str; 5] = ["phone", "bulk-assign", "bulk-import", "promote", "rollback"];

impl Claim {
    /// What the trailers of a commit's message claim.
    pub fn of(message: &str) -> Option<Self> {
        let trailers = CommitTrailers::of(message)?;
        let command = trailers.source.split_whitespace().next()?;
        if CHANGING.contains(&command) {
            return Some(Self::Change);
        }
        // What an incomplete sync read is not known from its message.
        trailers.sync_extent().filter(|_| trailers.status == "success").map(Self::Sync)
    }
}

/// A commit, as far as it matters to what it vouches for.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'a> {
    /// Its message.
    pub message: &'a str,
    /// The directory of its only parent.
    pub parent: &'a Directory,
    /// Its directory.
    pub directory: &'a Directory,
}

impl Candidate<'_> {
    /// Which of `wanted` the commit vouches for.
    ///
    /// Where the content is not what this tool writes, it vouches for nothing: its message was copied, or its files
    /// were edited.
    pub fn vouches(&self, claim: &Claim, wanted: &BTreeSet<Place>) -> BTreeSet<Place> {
        let changes = revisions::between(self.parent, self.directory);
        if changes.is_empty() || !(self.has_new_times() || self.names_every_change(&changes)) {
            return BTreeSet::new();
        }
        wanted.iter().filter(|place| covers(claim, &changes, place)).cloned().collect()
    }

    /// Whether every changed file's own time moved, as each run of this tool moves it.
    fn has_new_times(&self) -> bool {
        let (old, new) = (self.parent, self.directory);
        let master = new.master == old.master || new.master.last_updated != old.master.last_updated;
        master
            && new.workspaces.iter().all(|(name, files)| {
                let Some(old) = old.workspaces.get(name) else { return true };
                let numbers = files.numbers == old.numbers || files.numbers.last_sync != old.numbers.last_sync;
                let assignments = files.assignments == old.assignments
                    || files.assignments.last_updated != old.assignments.last_updated;
                numbers && assignments
            })
    }

    /// Whether the message tells what the content does: two runs within a second leave the times alike.
    fn names_every_change(&self, changes: &Changes) -> bool {
        let told = |change: &Change| {
            let line = format!("\n{} {}", change.phone_number, change.kind);
            self.message.contains(&line)
        };
        changes.list.iter().all(told)
    }
}

fn covers(claim: &Claim, changes: &Changes, place: &Place) -> bool {
    match (claim, &place.1) {
        (Claim::Sync(extent), Some(workspace)) => {
            extent.retell && extent.workspace.as_ref().is_none_or(|only| only == workspace)
        }
        (Claim::Sync(extent), None) => extent.twilio && extent.workspace.is_none(),
        (Claim::Change, _) => changes.list.iter().any(|change| super::place(change) == *place),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::WorkspaceName;

    fn claim(source: &str, status: &str) -> Option<Claim> {
        Claim::of(&format!("phone-dir: x\n\n+1 y\n\nPhone-Dir-Source: {source}\nPhone-Dir-Status: {status}\n"))
    }

    #[test]
    fn a_complete_sync_claims_what_it_read() {
        let reach = |twilio, retell, workspace: Option<&str>| {
            let workspace = workspace.map(|name| WorkspaceName::parse(name).unwrap());
            Some(Claim::Sync(SyncExtent { twilio, retell, workspace }))
        };
        assert_eq!(claim("sync --all", "success"), reach(true, true, None));
        assert_eq!(claim("sync-retell --workspace production", "success"), reach(false, true, Some("production")));
        assert_eq!(claim("sync-twilio --all", "success"), reach(true, false, None));
        assert_eq!(claim("sync --all", "incomplete"), None);
    }

    #[test]
    fn a_change_claims_itself_and_anything_else_nothing() {
        assert_eq!(claim("phone update --workspace staging", "success"), Some(Claim::Change));
        assert_eq!(claim("bulk-assign", "incomplete"), Some(Claim::Change));
        for source in ["edit", "sync", "sync --al", "sync --workspace a/b", "", "fmt"] {
            assert_eq!(claim(source, "success"), None, "{source}");
        }
        assert_eq!(Claim::of("Phone-Dir-Source: sync --all\nPhone-Dir-Status: success\n\nquoted above"), None);
    }

    #[test]
    fn a_sync_vouches_for_what_it_read_and_for_nothing_else() {
        let number = crate::model::PhoneNumber::parse("+14155550101").unwrap();
        let place = |workspace: Option<&str>| (number, workspace.map(|name| WorkspaceName::parse(name).unwrap()));
        let places = [place(None), place(Some("production")), place(Some("staging"))];
        let covered = |source: &str| {
            let claim = claim(source, "success").unwrap();
            places.clone().map(|place| covers(&claim, &Changes::default(), &place))
        };
        assert_eq!(covered("sync --all"), [true, true, true]);
        assert_eq!(covered("sync --workspace staging"), [false, false, true]);
        assert_eq!(covered("sync-retell --all"), [false, true, true]);
        assert_eq!(covered("sync-retell --workspace staging"), [false, false, true]);
        assert_eq!(covered("sync-twilio --all"), [true, false, false]);
        assert_eq!(covered("sync-twilio --workspace staging"), [false, false, false]);
        assert_eq!(covered("phone update --workspace staging"), [false, false, false]);
    }
}
