//! Which commit set each field of a number as it stands now.
//!
//! As in git's own blame, dates have no say: a field is followed from the tip to the first parent that has the same value, and
//! the commit where no parent has it set it. A value that a side branch set and a merge left behind is never met. Where
//! two files say the same field of a number, it is followed in the one that says it best: `assignments.json`, then
//! `numbers.json`, then `directory.json`.

use std::collections::BTreeMap;

use super::{Contents, FileId, History};
use crate::diff::delta::{Delta, Pair};
use crate::diff::fields::{Compared, compare};
use crate::diff::{Changes, FieldChange, FieldValue, NumberField, revisions};
use crate::error::Result;
use crate::model::{Directory, PhoneNumber, WorkspaceName};

/// One field of a number as it stands now.
#[derive(Clone, Debug, PartialEq)]
pub struct BlamedField {
    /// The workspace; none for the directory as a whole.
    pub workspace: Option<WorkspaceName>,
    pub field: NumberField,
    pub value: FieldValue,
    /// The place in the graph of the commit that set it; none while that is not known.
    pub commit: Option<usize>,
    source: BlameFile,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum BlameFile {
    Assignments,
    Registry,
    Master,
    Pools,
}

/// The fields of a number, waiting for the commits that set them.
#[derive(Clone, Debug)]
pub struct Blame {
    pub number: PhoneNumber,
    /// The fields in the order of the files.
    pub fields: Vec<BlamedField>,
    /// The merges on the way that dropped changes of the number, and what they dropped.
    pub dropped: Vec<(usize, Changes)>,
    /// Commits that cannot be read, each with the later one that sets fields which may be theirs.
    pub unread: Vec<(usize, usize)>,
}

impl Blame {
    /// Starts from a directory, in which it finds the number's present state.
    pub fn of(number: PhoneNumber, directory: &Directory) -> Self {
        let since_nothing = revisions::between(&Directory::empty(), directory).list.into_iter();
        let mut fields = Vec::new();
        for change in since_nothing.filter(|change| change.phone_number == number) {
            let files = change.workspace.as_ref().and_then(|name| directory.workspaces.get(name));
            let assigned = compare(None, files.and_then(|files| files.assignment(number)));
            let registered = compare(None, files.and_then(|files| files.registered(number)));
            fields.extend(change.fields.into_iter().map(|field| BlamedField {
                workspace: change.workspace.clone(),
                source: match field.field {
                    name if name.is_of_pools() => BlameFile::Pools,
                    name if names(&assigned, name) => BlameFile::Assignments,
                    name if names(&registered, name) => BlameFile::Registry,
                    _ => BlameFile::Master,
                },
                field: field.field,
                value: field.to,
                commit: None,
            }));
        }
        Self { number, fields, dropped: Vec::new(), unread: Vec::new() }
    }

    /// Follows every field from the tip, the first commit of the graph, to the commit that set it.
    ///
    /// `progress` is called with each commit on the way. Beyond the edge of a shallow clone nothing is known.
    pub fn trace<K: FileId, C: Contents<K>>(
        &mut self,
        history: &mut History<'_, K, C>,
        progress: &mut dyn FnMut(usize),
    ) -> Result<()> {
        // Parents come after their children, so that all that reaches a commit has reached it before its turn.
        let mut waiting = BTreeMap::from([(0, (0..self.fields.len()).collect::<Vec<_>>())]);
        while let Some((commit, mut fields)) = waiting.pop_first() {
            progress(commit);
            if history.graph.commits[commit].is_cut_off {
                continue;
            }
            let dropped = history.dropped(commit, &Changes::default())?;
            if !dropped.is_empty() {
                self.dropped.push((commit, dropped));
            }
            for parent in history.graph.commits[commit].parents.clone() {
                if fields.is_empty() {
                    break;
                }
                let differences = history.differences(parent, commit)?;
                let (own, inherited): (Vec<_>, _) =
                    fields.into_iter().partition(|field| self.fields[*field].is_in(&differences, self.number));
                if !inherited.is_empty() {
                    waiting.entry(parent).or_default().extend(inherited);
                }
                fields = own;
            }
            if !fields.is_empty() {
                self.unread.extend(history.unread(commit)?.into_iter().map(|unread| (unread, commit)));
            }
            for field in fields {
                self.fields[field].commit = Some(commit);
            }
        }
        Ok(())
    }

    /// Whether every field has found its event.
    pub fn is_done(&self) -> bool {
        self.fields.iter().all(|field| field.commit.is_some())
    }
}

impl BlamedField {
    /// Whether two states differ in the field.
    fn is_in(&self, delta: &Delta, number: PhoneNumber) -> bool {
        if self.source == BlameFile::Pools {
            let (from, to) = Pair::sides(delta.members.get(&number));
            return self.differs(from, to);
        }
        let Some(workspace) = &self.workspace else {
            return delta.numbers.get(&number).is_some_and(|pair| self.differs(pair.from.as_ref(), pair.to.as_ref()));
        };
        let files = delta.workspaces.get(workspace);
        match self.source {
            BlameFile::Assignments => {
                let (from, to) = Pair::sides(files.and_then(|files| files.assignments.get(&number)));
                self.differs(from, to)
            }
            BlameFile::Registry => {
                let (from, to) = Pair::sides(files.and_then(|files| files.registry.get(&number)));
                self.differs(from, to)
            }
            BlameFile::Master | BlameFile::Pools => {
                let (from, to) = Pair::sides(delta.numbers.get(&number));
                let [from, to] = [from, to].map(|entry| entry.and_then(|entry| entry.workspaces.get(workspace)));
                self.differs(from, to)
            }
        }
    }

    fn differs<T: Compared>(&self, from: Option<&T>, to: Option<&T>) -> bool {
        names(&compare(from, to), self.field)
    }
}

fn names(fields: &[FieldChange], name: NumberField) -> bool {
    fields.iter().any(|field| field.field == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::PoolsFile;
    use crate::model::made_up::{member, number, two_workspaces};
    use crate::model::pools::MemberState;

    #[test]
    fn what_pools_say_of_a_number_is_followed_in_their_file() {
        let mut directory = two_workspaces();
        let resting = member("sales").with_state(MemberState::Reserved, None, "for the fair");
        directory.pools = Some(PoolsFile { members: [(number(1), resting)].into(), ..PoolsFile::default() });
        let blame = Blame::of(number(1), &directory);
        let followed =
            |source| blame.fields.iter().filter(move |field| field.source == source).map(|field| field.field);
        let of_pools = [NumberField::Pool, NumberField::PoolState, NumberField::PoolReason];
        assert_eq!(followed(BlameFile::Pools).collect::<Vec<_>>(), of_pools);
        assert_eq!(followed(BlameFile::Master).filter(|field| field.is_of_pools()).count(), 0);
    }
}
